#!/usr/bin/env bash
# Purpose: test the frontend's image: what it serves, its settings and headers, and what it refuses.
# Inputs: $1 the image, e.g. battery-hub/frontend.
# Exit codes: 0 all passed, 1 a test failed, 64 wrong arguments. The last line holds the counts.
# Safe to run twice: it removes its container.
set -euo pipefail

[[ $# == 1 ]] || {
  echo "usage: frontend/test.sh IMAGE" >&2
  exit 64
}
readonly IMAGE=$1 API=https://api.example.org:8443 PANEL=https://panel.example.org
passed=0 failed=0 container=
readonly -a HARDENED=(--read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges
  --init --network none --label berth.stack=battery-hub-test)
trap '[[ -z $container ]] || docker rm --force --volumes "$container" >/dev/null' EXIT

check() {
  local name=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAIL frontend: %s\n' "$name"
  fi
}

inside() { docker exec "$container" "$@"; }
get() { inside curl --silent --show-error --max-time 60 "${@:2}" "http://127.0.0.1$1"; }
status_is() { [[ $(get "$1" --output /dev/null --write-out '%{http_code}') == "$2" ]]; }
body_is() { [[ $(get "$1") == "$2" ]]; }
body_has() { [[ $(get "$1") == *"$2"* ]]; }
header_has() { [[ $(get "$1" --include) == *"$2"* ]]; }
lacks_header() { [[ $(get "$1" --include) != *"$2"* ]]; }

becomes_healthy() {
  local said deadline=$((SECONDS + 180))
  until said=$(inside /usr/local/lib/battery-hub/healthy.sh 2>&1); do
    if ((SECONDS >= deadline)); then
      echo "$said"
      return 1
    fi
    sleep 0.1
  done
}

refuses() {
  local status=0 text
  text=$(docker run --rm "${HARDENED[@]}" "${@:2}" "$IMAGE" 2>&1) || status=$?
  [[ $status == 64 && $text == "error: $1 is "* ]]
}

# Every file that the page or another file names is served.
modules_load() {
  local path
  for path in $(inside sh -c "cd /srv/pages && find . -name '*.js' -o -name '*.css' | cut -c2-"); do
    status_is "$path" 200 || return 1
  done
  for path in $(get / | grep -oE '(src|href)="/[^"]+"' | cut -d'"' -f2); do
    status_is "$path" 200 || return 1
  done
  for path in $(inside sh -c "grep -hoE 'from \"\./[^\"]+\"' /srv/pages/js/*.js" | cut -d'"' -f2); do
    status_is "/js/${path#./}" 200 || return 1
  done
}

container=$(docker run --detach "${HARDENED[@]}" --env "API_URL=$API" --env "PANEL_URL=$PANEL" \
  --env BERTH_RELEASE=0123456789ab "$IMAGE")
check "becomes healthy" becomes_healthy
check "runs as uid 10001" test "$(inside id -u)" = 10001
check "tells its release" body_is /health '{"status":"ok","version":"0123456789ab"}'
check "gives the page its settings" body_is /settings.json \
  "{\"apiUrl\":\"$API\",\"panelUrl\":\"$PANEL\",\"release\":\"0123456789ab\"}"
check "allows calls to the API only" header_has / "connect-src 'self' $API;"
check "allows no foreign script" header_has / "script-src 'self';"
check "sends the policy with errors too" header_has /missing "default-src 'none'"
check "does not name nginx's version" lacks_header / nginx/
check "serves modules as scripts" header_has /js/main.js "javascript"
check "every file that is named is there" modules_load
check "unknown paths are 404" status_is /missing.js 404
check "an unknown path says so on a page" body_has /missing "This page does not exist"
check "the page of unknown paths is no page of its own" status_is /404.html 404
check "hidden parts stay hidden" status_is /..%2f..%2fetc/passwd 400
check "refuses a missing API_URL" refuses API_URL --env PANEL_URL=$PANEL
check "refuses a path in API_URL" refuses API_URL --env API_URL=$API/x --env PANEL_URL=$PANEL
check "refuses nginx syntax" refuses API_URL --env "API_URL=https://a; x" --env PANEL_URL=$PANEL
check "refuses JSON syntax" refuses PANEL_URL --env API_URL=$API --env 'PANEL_URL=https://a"b'
check "refuses a wrong release" refuses BERTH_RELEASE --env API_URL=$API --env PANEL_URL=$PANEL \
  --env 'BERTH_RELEASE=a"b'

printf 'frontend: %d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
