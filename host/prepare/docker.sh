#!/usr/bin/env bash
# Purpose: Docker with bounded logs, containers that outlive the daemon, and ports on loopback unless said otherwise.
# Inputs: none. Exit codes: 0 done; that of systemctl.
# Safe to run twice: Docker is restarted only when its configuration changed.
set -euo pipefail
cd "$(dirname "$0")/.."
source lib/files.sh
source adopt/state.sh

keeps_containers() { [[ $(docker info --format '{{.LiveRestoreEnabled}}' 2>/dev/null) == true ]]; }

configuration=$(<files/docker-daemon.json)
# An older installation that is still to be taken over publishes its ports for everyone.
if adoption_pending; then configuration=$(jq 'del(.ip)' <<<"$configuration"); fi
if place_text "$configuration" /etc/docker/daemon.json 0644; then
  # Taken up by a reload already, live-restore lets running containers outlive the restart.
  if systemctl is-active --quiet docker && ! keeps_containers; then
    systemctl reload docker
    for _ in {1..50}; do
      if keeps_containers; then break; fi
      sleep 0.1
    done
  fi
  # Units that require Docker are stopped by its restart, and an older installation's takes its containers down then.
  # What only a restart takes up waits for the end of the takeover, which comes here again.
  adoption_pending || systemctl restart docker
fi
# A database must never be initialised on the root disk because its volume was not mounted yet.
if place_file files/docker-data-volume.conf /etc/systemd/system/docker.service.d/berth.conf 0644; then
  systemctl daemon-reload
fi
systemctl is-active --quiet docker || systemctl start docker

# Stopped by release-volume.sh on a server that has its volume back.
stopped=/etc/berth/stopped-containers
if [[ -s $stopped && ! -e /etc/berth/volume-released ]]; then
  mapfile -t containers < <(tac "$stopped")
  docker start "${containers[@]}" >/dev/null 2>&1 || true
  rm -f "$stopped"
fi
