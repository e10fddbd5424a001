#!/usr/bin/env bash
# Purpose: a certificate for an application's domains, by webroot behind the running proxy; renewals are certbot's timer's.
# Inputs (stdin): APP; DOMAINS, one a line; EMAIL; ACME_SERVER; ACME_ROOT_URL, where a test authority serves its
#   root, or empty.
# Output: JSON {"issuer", "notAfter", "root"}; root is the PEM to trust where the authority is a test one, else empty.
# Exit codes: 0 done; 70 the proxy does not answer challenges; 71 the authority refused (the old certificate stays).
# Safe to run twice: a certificate of the right names and authority is kept until a third of its life is left.
set -euo pipefail
cd "$(dirname "$0")"
source lib/inputs.sh
source lib/files.sh
source certificate/issue.sh
read_inputs APP DOMAINS EMAIL ACME_SERVER ACME_ROOT_URL

install -d -m 0700 "/srv/berth/tls/$APP"
# The names in capitals are those of read_inputs.
# shellcheck disable=SC2153
settings=$(jq -n --arg app "$APP" --arg domains "$DOMAINS" --arg email "$EMAIL" --arg server "$ACME_SERVER" \
  --arg rootUrl "$ACME_ROOT_URL" '$ARGS.named')
place_text "$settings" "/srv/berth/tls/$APP/settings.json" 0600 || true

check_challenge_path "$DOMAINS"
issue "$APP"

certificate=/srv/berth/tls/$APP/fullchain.pem
root=
if [[ -f /srv/berth/tls/$APP/ca.pem ]]; then root=$(<"/srv/berth/tls/$APP/ca.pem"); fi
jq -n --arg issuer "$(openssl x509 -in "$certificate" -noout -issuer -nameopt RFC2253)" \
  --arg notAfter "$(openssl x509 -in "$certificate" -noout -enddate)" --arg root "$root" \
  '{issuer: ($issuer | ltrimstr("issuer=")), notAfter: ($notAfter | ltrimstr("notAfter=")), root: $root}'
