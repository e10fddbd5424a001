#!/usr/bin/env bash
# Purpose: run a migrated release: start its services, wait for their health, put the proxy before them.
# Inputs (stdin): APP RELEASE; MIGRATED, what migrate.sh said of its run; HEALTH lines
#   "service port path"; UPSTREAMS and SITE, nginx configuration; CHECKS, JSON as host/checks/run.sh reads it.
# Exit codes: 0 done; 40 another release is under way; 50 a service does not become healthy (the old release runs
#   again); 51 nginx refuses the configuration (the old one stays in force); 60 a check after the switch failed.
# Safe to run twice: Compose replaces only what differs, nginx is reloaded only when a file changed.
set -euo pipefail
cd "$(dirname "$0")"
source lib/inputs.sh
source lib/files.sh
source lib/lease.sh
source lib/nginx.sh
source lib/release.sh
source release/health.sh
source release/proxy.sh
source adopt/hooks.sh
read_inputs APP RELEASE MIGRATED HEALTH UPSTREAMS SITE CHECKS

adoption_before_release
# The names in capitals are those of read_inputs.
# shellcheck disable=SC2153
take_lease "$APP" "$RELEASE" 1800
place_text "$CHECKS" "$(release_folder "$APP" "$RELEASE")/checks.json" 0600 || true
ended() {
  drop_lease "$APP" "$RELEASE"
  adoption_failed "$1"
}
trap 'ended $?' EXIT
previous=$(current_release "$APP")

start_release() {
  compose_release "$APP" "$1" up --detach --wait --wait-timeout 180 --remove-orphans
}

revert() {
  local reason=$1
  if [[ -n $previous && $previous != "$RELEASE" ]]; then
    say "release $RELEASE failed; starting $previous again"
    quietly "/opt/$APP/revert.log" start_release "$previous" || say "release $previous does not start either"
  fi
  fail 50 "release $RELEASE of $APP: $(without_secrets "$APP" "$RELEASE" <<<"$reason")"
}

say "starting release $RELEASE"
if ! quietly "/opt/$APP/start.log" start_release "$RELEASE"; then
  revert "$(describe_unhealthy "$APP" "$RELEASE")"
fi
await_health "$HEALTH" "$RELEASE" || revert "$HEALTH_FAILURE"

place_placeholder_certificate "$APP"
switch_proxy "$APP" "$UPSTREAMS" "$SITE" || fail 51 "nginx refuses the configuration of $APP: $PROXY_FAILURE"
ln -sfn "releases/$RELEASE" "/opt/$APP/current"
adoption_finish

if has_certificate "$APP"; then
  checks/run.sh "$APP" "$RELEASE" <<<"$CHECKS" || fail 60 "release $RELEASE of $APP serves, but a check failed"
fi

jq -n --arg release "$RELEASE" --arg migrated "$MIGRATED" --arg previous "$previous" --arg at "$(date -u +%FT%TZ)" '$ARGS.named' \
  >"/srv/berth/receipts/$APP-$RELEASE.json"
release/prune.sh "$APP" "$RELEASE" "$previous"
echo "release $RELEASE serves"
