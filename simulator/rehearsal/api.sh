#!/usr/bin/env bash
# Purpose: start the APIs of a rehearsal's simulated clouds, or end them.
# Inputs: argument 1, start or end; argument 2, the rehearsal's folder, with simulator/account.json in it.
# Output: start: the URL, which stays the same for a rehearsal. Exit codes: 75 they did not start.
# Safe to run twice: one that runs is used again.
set -euo pipefail
cd "$(dirname "$0")/../.."
action=$1 folder=$2

# The process, while it is ours: ids are used again.
running() {
  local process
  process=$(cat "$folder/api.pid" 2>/dev/null) || return 1
  [[ $(tr '\0' ' ' <"/proc/$process/cmdline" 2>/dev/null) == *simulator/api/* ]] || return 1
  printf '%s' "$process"
}

if [[ $action == end ]]; then
  if process=$(running); then kill "$process"; fi
  exit 0
fi
if ! running >/dev/null; then
  port=$(sed -n -E 's#.*:([0-9]+)$#\1#p' "$folder/api.url" 2>/dev/null || true)
  export BERTH_SIMULATOR=$folder/simulator BERTH_API_PORT=${port:-0}
  rm -f "$folder/api.new"
  # In a session of its own, as it outlives the command that starts it.
  setsid simulator/api/start.sh >"$folder/api.new" 2>"$folder/api.log" </dev/null 9>&- &
  printf '%s\n' "$!" >"$folder/api.pid"
  for _ in {1..1800}; do
    [[ ! -s $folder/api.new ]] || break
    sleep 0.1
  done
  if [[ ! -s $folder/api.new ]]; then
    printf 'error: the APIs of the simulated clouds did not start: %s\n' "$(tail -n 3 "$folder/api.log")" >&2
    exit 75
  fi
  mv "$folder/api.new" "$folder/api.url"
fi
cat "$folder/api.url"
