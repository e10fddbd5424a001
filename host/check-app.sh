#!/usr/bin/env bash
# Purpose: run the checks of an application's current release, at any time.
# Inputs: $1 application. Exit codes: 60 a check failed, or no release serves.
# Safe to run twice: it leaves nothing.
set -euo pipefail
cd "$(dirname "$0")"
source lib/log.sh
source lib/release.sh
release=$(current_release "${1:?name the application}")
[[ -n $release ]] || fail 60 "no release of $1 serves"
checks/run.sh "$1" "$release" <"/opt/$1/current/checks.json"
