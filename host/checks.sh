#!/usr/bin/env bash
# Purpose: the checks of a release, as a step of their own once the certificate is there.
# Inputs (stdin): APP; CHECKS, JSON as checks/run.sh reads it. The current release is checked.
# Exit codes: those of checks/run.sh.
# Safe to run twice: it leaves nothing.
set -euo pipefail
cd "$(dirname "$0")"
source lib/inputs.sh
source lib/release.sh
read_inputs APP CHECKS
RELEASE=$(current_release "$APP")
[[ -n $RELEASE ]] || fail 60 "no release of $APP serves"
checks/run.sh "$APP" "$RELEASE" <<<"$CHECKS"
echo "release $RELEASE passed its checks"
