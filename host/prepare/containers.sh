#!/usr/bin/env bash
# Purpose: keep containers out of reach from outside, from before Docker starts one.
# Inputs: none. Exit codes: 0 done; those of firewall/containers.sh.
# Safe to run twice: the rules are replaced in one piece, Docker is not restarted.
set -euo pipefail
cd "$(dirname "$0")/.."
source lib/files.sh

if place_file files/docker-firewall.conf /etc/systemd/system/docker.service.d/berth-firewall.conf 0644; then
  systemctl daemon-reload
fi
firewall/containers.sh
