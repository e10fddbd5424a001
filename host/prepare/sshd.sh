#!/usr/bin/env bash
# Purpose: SSH by key only and never as root.
# Inputs: none. Exit codes: 0 done; 30 sshd refuses the configuration.
# Safe to run twice: sshd is reloaded only when the file changed.
set -euo pipefail
cd "$(dirname "$0")/.."
source lib/log.sh
source lib/files.sh

if place_file files/sshd.conf /etc/ssh/sshd_config.d/10-berth.conf 0644; then
  sshd -t || fail 30 "sshd refuses /etc/ssh/sshd_config.d/10-berth.conf"
  systemctl reload-or-restart ssh
fi
