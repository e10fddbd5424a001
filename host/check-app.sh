#!/usr/bin/env bash
# Purpose: run the checks of the current releases, at any time.
# Inputs: $1 application (default: every one on the server). Exit codes: 60 a check failed, or no release serves.
# Safe to run twice: it leaves nothing.
set -euo pipefail
cd "$(dirname "$0")"
source lib/log.sh
source lib/release.sh

apps=("$@")
if (($# == 0)); then
  for link in /opt/*/current; do
    if [[ -L $link ]]; then apps+=("$(basename "$(dirname "$link")")"); fi
  done
fi
((${#apps[@]} > 0)) || fail 60 "no release serves on this server"
for app in "${apps[@]}"; do
  release=$(current_release "$app")
  [[ -n $release ]] || fail 60 "no release of $app serves"
  checks/run.sh "$app" "$release" <"/opt/$app/current/checks.json"
done
