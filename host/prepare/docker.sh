#!/usr/bin/env bash
# Purpose: Docker with bounded logs, containers that outlive the daemon, and ports on loopback unless said otherwise.
# Inputs: none. Exit codes: 0 done; that of systemctl.
# Safe to run twice: Docker is restarted only when its configuration changed.
set -euo pipefail
cd "$(dirname "$0")/.."
source lib/files.sh

if place_file files/docker-daemon.json /etc/docker/daemon.json 0644; then systemctl restart docker; fi
# A database must never be initialised on the root disk because its volume was not mounted yet.
if place_file files/docker-data-volume.conf /etc/systemd/system/docker.service.d/berth.conf 0644; then
  systemctl daemon-reload
fi
systemctl is-active --quiet docker || systemctl start docker
