#!/usr/bin/env bash
# Purpose: the checks of a release, as a step of their own once the certificate is there.
# Inputs (stdin): APP; CHECKS, JSON as checks/run.sh reads it; SERVER?, what tells this server from the one before:
#   with another one the checks run again. The current release is checked.
# Exit codes: those of checks/run.sh.
# Safe to run twice: it leaves nothing.
set -euo pipefail
cd "$(dirname "$0")"
source lib/inputs.sh
source lib/release.sh
read_inputs APP CHECKS 'SERVER?'
RELEASE=$(current_release "$APP")
[[ -n $RELEASE ]] || fail 60 "no release of $APP serves"

# A server that was resized has just started, and its containers come up by themselves; what does not, the checks name.
deadline=$((SECONDS + 180))
while [[ -n $(unhealthy_containers "$APP" 2>/dev/null) ]] && ((SECONDS < deadline)); do sleep 1; done

checks/run.sh "$APP" "$RELEASE" <<<"$CHECKS"
echo "release $RELEASE passed its checks"
