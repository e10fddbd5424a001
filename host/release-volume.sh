#!/usr/bin/env bash
# Purpose: let go of the data volume, so that it can be detached and mounted by another server: applications, Docker
#   and registry are stopped, the volume is unmounted. prepare.sh takes it back.
# Inputs: none; /etc/berth/data-device. Exit codes: 0 released, or there is none; 34 something still uses it (named).
# Safe to run twice: what is stopped stays stopped.
set -euo pipefail
cd "$(dirname "$0")"
source lib/volume.sh

readonly STOPPED=/etc/berth/stopped-containers

# stop_containers FILTER...: each within its own time to stop, side by side.
stop_containers() {
  local containers
  mapfile -t containers < <(docker ps --quiet --no-trunc "$@")
  ((${#containers[@]} > 0)) || return 0
  printf '%s\n' "${containers[@]}" >>"$STOPPED"
  docker stop "${containers[@]}" >/dev/null
}

# Docker's live restore would leave containers running, with the volume in their hands.
stop_applications() {
  local names
  systemctl is-active --quiet docker || return 0
  mapfile -t names < <(docker ps --format '{{.Label "com.docker.compose.project"}}' | grep -v -e '-data$' | sort -u)
  for name in "${names[@]}"; do
    [[ -z $name ]] || stop_containers --filter "label=com.docker.compose.project=$name"
  done
  # Databases last, when nobody asks them any more.
  stop_containers
}

# Processes with the volume as working folder, or with an open file on it.
users_of_volume() {
  local process
  for process in /proc/[0-9]*; do
    if find "$process"/{cwd,fd} -maxdepth 1 -lname "$DATA_PATH*" -print -quit 2>/dev/null | grep -q .; then
      printf '%s (%s)\n' "$(tr -s '\0\n' '  ' <"$process/cmdline" 2>/dev/null | head -c 60 | sed 's/ $//')" "${process#/proc/}"
    fi
  done | paste -sd ';'
}

unmount_volume() {
  local deadline=$((SECONDS + 20)) report
  sync
  while [[ -f $VOLUME_SENTINEL ]]; do
    if report=$(umount "$DATA_PATH" 2>&1); then continue; fi
    ((SECONDS < deadline)) ||
      fail 34 "the data volume is still in use by: $(users_of_volume); end it, then run this again ($report)"
    sleep 0.5
  done
}

if [[ -z $(data_device) ]]; then
  say "this server has no data volume"
  exit 0
fi
say "stopping the applications and Docker"
stop_applications
# From here on nothing mounts it again, neither a boot nor Docker's socket.
touch /etc/berth/volume-released
if declare_mount ""; then systemctl daemon-reload; fi
for unit in docker.socket docker.service docker-registry.service certbot.timer certbot.service berth-volume.service; do
  if systemctl is-active --quiet "$unit"; then systemctl stop "$unit"; fi
done
unmount_volume
echo "the data volume is released"
