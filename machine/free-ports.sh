#!/usr/bin/env bash
# Purpose: choose the ports of 127.0.0.1 that a machine is published on: 80, 443, 2222 when free, else others.
# Inputs: argument 1, the machine's name: one that exists keeps its ports; arguments 2 to 4, the ports to prefer
#   (default 80 443 2222).
# Output: one JSON line on stdout: http, https, ssh.
# Exit codes: 64 a wrong name; 69 Docker does not answer, or no port is free.
# Safe to run twice: it only looks.
set -euo pipefail
# shellcheck source=machine/lib/machine.sh
source "$(cd "$(dirname "$0")" && pwd)/lib/machine.sh"
name_parts "${1-}"
need_docker

published() {
  docker container inspect --format "{{with index .HostConfig.PortBindings \"$1/tcp\"}}{{(index . 0).HostPort}}{{end}}" \
    "$MACHINE" 2>/dev/null || true
}

# Stopped machines hold no port, yet they will want theirs back. One that goes away meanwhile is passed over.
promised=" $(docker ps --all --quiet | xargs --no-run-if-empty docker inspect --format \
  '{{range .HostConfig.PortBindings}}{{range .}}{{.HostPort}} {{end}}{{end}}' 2>/dev/null | tr '\n' ' ' || true) "

is_free() { [[ $promised != *" $1 "* ]] && ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# choose FIRST SECOND   the first if it is free, else the next free one from the second on
choose() {
  local port
  for port in "$1" $(seq "$2" $(($2 + 99))); do
    if is_free "$port"; then
      printf '%s' "$port"
      return
    fi
  done
  fail 69 "no port of 127.0.0.1 is free: neither $1 nor $2 to $(($2 + 99))"
}

http=$(published 80) https=$(published 443) ssh=$(published 22)
# next PREFERRED USUAL   where to go on: ports below 1024 are the system's
next() { if (($1 >= 1024)); then printf '%d' "$(($1 + 1))"; else printf '%d' "$2"; fi; }

[[ -n $http ]] || http=$(choose "${2:-80}" "$(next "${2:-80}" 8080)")
[[ -n $https ]] || https=$(choose "${3:-443}" "$(next "${3:-443}" 8443)")
[[ -n $ssh ]] || ssh=$(choose "${4:-2222}" "$(next "${4:-2222}" 2223)")
printf '{"http":%d,"https":%d,"ssh":%d}\n' "$http" "$https" "$ssh"
