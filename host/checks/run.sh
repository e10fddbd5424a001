#!/usr/bin/env bash
# Purpose: check a release as its users meet it: containers healthy, answers over HTTPS, commands of the application.
# Inputs: $1 application, $2 release; stdin: JSON
#   {"http": [{"domain", "port", "path", "status"}], "run": [{"service", "command": [...]}], "runAddress": "host:port"}
# Exit codes: 0 all passed; 60 at least one failed (each is named).
# Safe to run twice: the application's commands remove what they make.
set -euo pipefail
cd "$(dirname "$0")/.."
source lib/log.sh
source lib/release.sh
app=$1 release=$2
checks=$(cat)
failed=0
# Commands in containers know the public authorities only: they are given the test authority's root, or, where the server
# trusts others beside the public ones, all that it trusts.
authority=/srv/berth/tls/$app/ca.pem
if [[ ! -f $authority && -s /etc/berth/trusted.pem ]]; then authority=/etc/ssl/certs/ca-certificates.crt; fi

report() {
  local outcome=$1 name=$2
  if [[ $outcome == ok ]]; then
    say "  ok    $name"
  else
    say "  FAIL  $name"
    failed=$((failed + 1))
  fi
}

check_containers() {
  local bad
  bad=$(unhealthy_containers "$app" | paste -sd ';')
  if [[ -z $bad ]]; then report ok "all containers are running and healthy"; else report failed "containers: $bad"; fi
}

check_http() {
  local domain port path status got url options=(-sS --globoff -o /dev/null -w '%{http_code}' --max-time 30)
  if [[ -f $authority ]]; then options+=(--cacert "$authority"); fi
  while IFS= read -r domain && IFS= read -r port && IFS= read -r path && IFS= read -r status; do
    got=$(curl "${options[@]}" --connect-to "$domain:$port:127.0.0.1:443" "https://$domain:$port$path" 2>&1) || true
    url=https://$domain$([[ $port == 443 ]] || printf ':%s' "$port")$path
    if [[ $got == "$status" ]]; then
      report ok "$url answers $status"
    else
      report failed "$url: $status was awaited, got $got"
    fi
  done < <(jq -r '.http[]? | .domain, .port, .path, .status' <<<"$checks")
}

check_commands() {
  local count index service address options=() command
  count=$(jq '.run // [] | length' <<<"$checks")
  address=$(jq -r '.runAddress' <<<"$checks")
  options=(--rm --no-deps --no-TTY -e "BERTH_CHECK_ADDRESS=$address")
  if [[ -f $authority ]]; then options+=(-e SSL_CERT_FILE=/run/berth-ca.pem -v "$authority:/run/berth-ca.pem:ro"); fi
  for ((index = 0; index < count; index++)); do
    service=$(jq -r ".run[$index].service" <<<"$checks")
    # A word may hold a line break.
    mapfile -d '' -t command < <(jq -j ".run[$index].command[] + \"\\u0000\"" <<<"$checks")
    if compose_release "$app" "$release" run "${options[@]}" "$service" "${command[@]}" </dev/null 2>&1 |
      without_secrets "$app" "$release" >&2; then
      report ok "${command[*]}"
    else
      report failed "${command[*]} in $service"
    fi
  done
}

check_containers
check_http
check_commands
((failed == 0)) || fail 60 "$failed checks of $app failed"
