#!/usr/bin/env bash
# Purpose: refuse to begin where this machine has too little disk space: for builds, images, the state, and a local server.
# Inputs: BERTH_CACHE; BERTH_MIN_FREE_GB, the least free space in GB (default 5).
# Exit codes: 28 too little (each place is named); 64 BERTH_MIN_FREE_GB is no number.
# Safe to run twice: it only looks.
set -euo pipefail

least=${BERTH_MIN_FREE_GB:-5}
[[ $least =~ ^[0-9]{1,6}$ ]] || {
  printf 'error: BERTH_MIN_FREE_GB is "%s"; give a whole number of GB\n' "$least" >&2
  exit 64
}

# Where Docker keeps its data; it is elsewhere, and not ours to look at, where Docker runs on another machine.
places=("$BERTH_CACHE" "$(docker info --format '{{.DockerRootDir}}' 2>/dev/null || true)")
found=()
for place in "${places[@]}"; do
  [[ -n $place && -d $place ]] || continue
  free=$(df --output=avail --block-size=1 "$place" 2>/dev/null | tail -n 1) || continue
  if ((free < least * 1000000000)); then
    found+=("$(printf '%s has %d.%d GB free' "$place" "$((free / 1000000000))" "$((free / 100000000 % 10))")")
  fi
done
((${#found[@]} > 0)) || exit 0
{
  printf 'error: too little disk space on this machine; at least %s GB have to be free:\n' "$least"
  printf '  - %s\n' "${found[@]}"
  printf 'Kept:  everything: nothing was begun\n'
  printf 'Next:  make room (docker system prune removes what Docker no longer uses), then run the same command again\n'
} >&2
exit 28
