#!/usr/bin/env bash
# Purpose: before renewals, register again where a test authority has forgotten our account (and its own root).
# Inputs: /srv/berth/tls/*/settings.json.
# Exit codes: 0 done; 71 the authority refused.
# Safe to run twice: an account that the authority knows is left alone, and so is every public authority's.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
source lib/log.sh
source lib/files.sh
source certificate/issue.sh

for settings in /srv/berth/tls/*/settings.json; do
  [[ -f $settings ]] || continue
  server=$(jq -r .server "$settings")
  if [[ -z $(jq -r .rootUrl "$settings") ]]; then continue; fi
  if certbot show_account --non-interactive --server "$server" >/dev/null 2>&1; then continue; fi
  curl -fsS -o /dev/null --max-time 60 "$server" || fail 71 "the authority $server does not answer"
  say "the authority $server has forgotten our account; registering again"
  accounts=/etc/letsencrypt/accounts/${server#https://}
  rm -rf "$accounts"
  issue "$(jq -r .app "$settings")" --force-renewal
done
