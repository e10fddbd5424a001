#!/usr/bin/env bash
# Purpose: start what gave up waiting for the data volume, once it is mounted. Run by berth-volume.service.
# Inputs: none. Exit codes: those of systemctl.
# Safe to run twice: what runs, or is not wanted at boot, is left alone.
set -euo pipefail

for service in docker docker-registry nginx; do
  if systemctl is-enabled --quiet "$service" 2>/dev/null && ! systemctl is-active --quiet "$service"; then
    # They wait for the unit that runs this script, so it can't wait for them.
    systemctl start --no-block "$service"
  fi
done
