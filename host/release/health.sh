#!/usr/bin/env bash
# Purpose: wait for the health of a release's routed services and say what is wrong. Sourced, never run.
# Inputs: none. Exit codes: await_health returns 1 and sets HEALTH_FAILURE.
# Safe to run twice: it only looks.

# await_health LINES RELEASE: each line is "service port path"; three good answers in a row, within 60 s each. Needs APP.
await_health() {
  local lines=$1 release=$2 service port path
  while read -r service port path; do
    [[ -n $service ]] || continue
    await_service "$service" "$port" "$path" "$release" || return 1
  done <<<"$lines"
}

await_service() {
  local service=$1 url="http://127.0.0.1:$2$3" release=$4 good=0 deadline=$((SECONDS + 60)) body status
  while ((SECONDS < deadline)); do
    status=$(curl -sS -o /run/berth-health -w '%{http_code}' --max-time 5 "$url" 2>/dev/null) || status=000
    body=$(head -c 2000 /run/berth-health 2>/dev/null || true)
    rm -f /run/berth-health
    if [[ $status == 200 ]] && names_release "$body" "$release"; then
      good=$((good + 1))
      if ((good == 3)); then return 0; fi
    else
      good=0
      sleep 0.5
    fi
  done
  HEALTH_FAILURE="service $service answered $status on $3 where 200 of release $release was awaited: ${body:0:300}"
  # Read by the caller.
  # shellcheck disable=SC2034
  HEALTH_FAILURE+=$'\n'"its last lines:"$'\n'$(last_lines "$APP" "$release" "$service")
  return 1
}

# A health page that tells a release as its version must tell ours; one that tells none, or a version of the application's
# own, is taken at its status.
names_release() {
  local version
  version=$(jq -r 'if type == "object" then .version // empty else empty end' <<<"$1" 2>/dev/null) || version=
  [[ ! $version =~ ^[0-9a-f]{12}$ || $version == "$2" ]]
}

# last_health_check CONTAINER: what a health check that failed printed, which is in no log.
last_health_check() {
  docker inspect --format '{{if .State.Health}}{{json .State.Health.Log}}{{end}}' "$1" 2>/dev/null |
    jq -r 'last // empty | select(.ExitCode != 0) | "its health check ended with \(.ExitCode): \(.Output | .[0:500])"' || true
}

# last_lines APP RELEASE SERVICE: the end of a service's log.
last_lines() { compose_release "$1" "$2" logs --no-color --no-log-prefix --tail 15 "$3" 2>&1; }

# describe_unhealthy APP RELEASE: names each service that is not healthy, with the last lines of its log.
describe_unhealthy() {
  local name state
  compose_release "$1" "$2" ps --all --format json |
    jq -r 'select(.State != "running" or (.Health != "" and .Health != "healthy")) | "\(.Service) \(.State) \(.Health)"' |
    while read -r name state; do
      printf 'service %s is %s; its last lines:\n' "$name" "$state"
      last_lines "$1" "$2" "$name"
      last_health_check "$(compose_release "$1" "$2" ps --all --quiet "$name" | head -n 1)"
    done
  tail -n 3 "/opt/$1/start.log"
}
