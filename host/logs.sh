#!/usr/bin/env bash
# Purpose: what the containers print, all or one service's, each line with the container's name.
# Inputs: $1 service, empty for all; $2 lines of each, a number or all (default 50); $3 since when, as Docker takes it
#   (10m, 2026-11-21T10:00:00), empty for the beginning; $4 follow, to go on until stdin ends.
# Exit codes: 2 there is no such service (those that exist are named); 64 a value is wrong.
# Safe to run twice: it only reads.
set -euo pipefail
cd "$(dirname "$0")"
source lib/log.sh
service=${1:-} lines=${2:-50} since=${3:-} follow=${4:-}
[[ $lines =~ ^([0-9]+|all)$ ]] || fail 64 "LINES is \"$lines\"; give a number, or all"
[[ $since =~ ^[0-9A-Za-z:.+-]*$ ]] || fail 64 "SINCE is \"$since\"; give a time such as 10m, 2h or 2026-11-21T10:00:00"

containers() {
  docker ps --all --filter label=com.docker.compose.project --filter label=com.docker.compose.oneoff=False \
    --format '{{.Label "com.docker.compose.project"}} {{.Label "com.docker.compose.service"}}' | sort -u
}

known=$(containers)
if [[ -n $service ]]; then
  chosen=$(awk -v service="$service" '$2 == service' <<<"$known")
else
  chosen=$known
fi
if [[ -z $chosen ]]; then
  names=$(awk '{ print $2 }' <<<"$known" | sort -u | paste -sd ' ')
  [[ -n $names ]] || fail 2 "no service runs on this server"
  fail 2 "there is no service \"$service\"; there are: $names"
fi

options=(--no-color --tail "$lines")
if [[ -n $since ]]; then options+=(--since "$since"); fi
if [[ -n $follow ]]; then options+=(--follow); fi
mapfile -t projects < <(cut -d ' ' -f 1 <<<"$chosen" | sort -u)

# Compose clears the line before each it prints, terminal or not.
plainly() { sed -u $'s/\033\\[2K//'; }
if [[ -z $follow ]]; then
  for project in "${projects[@]}"; do
    docker compose --ansi never --project-name "$project" logs "${options[@]}" ${service:+"$service"} </dev/null | plainly
  done
  exit 0
fi
followers=()
for project in "${projects[@]}"; do
  exec 3> >(plainly)
  docker compose --ansi never --project-name "$project" logs "${options[@]}" ${service:+"$service"} </dev/null >&3 &
  followers+=("$!")
  exec 3>&-
done
trap 'kill "${followers[@]}" 2>/dev/null || true' EXIT
# Its end is the end of the login: without a terminal nothing else tells it.
cat >/dev/null
