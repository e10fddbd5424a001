#!/usr/bin/env bash
# Purpose: keep releases of one application apart, across the SSH sessions of their steps. Sourced, never run.
#   A lease names its holder (the release id) and when it ends; the same holder may take it again.
# Inputs: none. Exit codes: 27 the data volume is not mounted; 40 another release holds the lease.
# Safe to run twice: it only defines functions.

# shellcheck source=host/lib/volume.sh
source "$(dirname "${BASH_SOURCE[0]}")/volume.sh"

# take_lease APP HOLDER SECONDS
take_lease() {
  local app=$1 holder=$2 seconds=$3 file="/srv/berth/$1/lease" now current until
  require_data
  install -d -m 0755 "/srv/berth/$app"
  # The lock is held for this decision only; a lock for the whole release would die with its SSH session.
  exec {lease_lock}>"$file.lock"
  flock -w 10 "$lease_lock" || fail 40 "the lease of $app can't be read: $file.lock is held"
  now=$(date +%s)
  if [[ -s $file ]]; then
    read -r current until <"$file"
    if [[ $current != "$holder" ]] && ((until > now)); then
      fail 40 "release $current of $app is under way for $((until - now)) s more at most; wait for its end, or remove $file if it was killed"
    fi
  fi
  printf '%s %s\n' "$holder" "$((now + seconds))" >"$file"
  exec {lease_lock}>&-
}

# drop_lease APP HOLDER
drop_lease() {
  local file="/srv/berth/$1/lease" current
  if [[ -s $file ]]; then
    read -r current _ <"$file"
    if [[ $current == "$2" ]]; then rm -f "$file"; fi
  fi
}
