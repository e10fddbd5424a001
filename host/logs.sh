#!/usr/bin/env bash
# Purpose: the last lines of the containers' logs, all or one service's.
# Inputs: $1 service, empty for all. Exit codes: 1 there is no such service.
# Safe to run twice: it only reads.
set -euo pipefail
service=${1:-}

filters=(--filter label=com.docker.compose.project)
if [[ -n $service ]]; then filters+=(--filter "label=com.docker.compose.service=$service"); fi
mapfile -t names < <(docker ps --all "${filters[@]}" --format '{{.Names}}' | sort)
if ((${#names[@]} == 0)); then
  echo "there is no container of service \"$service\"" >&2
  exit 1
fi
for name in "${names[@]}"; do
  printf '== %s\n' "$name"
  docker logs --tail 50 "$name" 2>&1
done
