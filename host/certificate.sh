#!/usr/bin/env bash
# Purpose: a certificate for an application's domains, by webroot behind the running proxy; renewals are certbot's timer's.
# Inputs (stdin): APP; DOMAINS, one a line; EMAIL; ACME_SERVER; ACME_ROOT_URL, where a test authority serves its
#   root, or empty; PUBLIC_ADDRESS?, the IPv4 address that the domains have to lead to, empty where nobody looks;
#   AWAIT_SECONDS?, how long they are awaited before the authority is asked (default 300).
# Output: JSON {"issuer", "notAfter", "root"}; root is the PEM to trust where the authority is a test one, else empty.
# Exit codes: 0 done; 27 the data volume is not mounted; 64 a value is wrong; 70 the proxy does not answer challenges;
#   71 the authority refused (the old certificate stays); 73 a domain does not lead here (the records to make are named).
# Safe to run twice: a certificate of the right names and authority is kept until a third of its life is left.
set -euo pipefail
cd "$(dirname "$0")"
source lib/inputs.sh
source lib/files.sh
source lib/volume.sh
source certificate/issue.sh
source certificate/names.sh
read_inputs APP DOMAINS EMAIL ACME_SERVER ACME_ROOT_URL 'PUBLIC_ADDRESS?' 'AWAIT_SECONDS?'
[[ ${AWAIT_SECONDS:=300} =~ ^[0-9]{1,4}$ ]] ||
  fail 64 "AWAIT_SECONDS is '$AWAIT_SECONDS'; give a whole number from 0 to 9999"
require_data

# An authority that finds another server behind a name counts a failure, of which it allows few in an hour.
if [[ -n $PUBLIC_ADDRESS ]]; then
  if is_kept "$APP" "$ACME_SERVER" "$DOMAINS"; then AWAIT_SECONDS=0; fi
  if ! await_names "$DOMAINS" "$PUBLIC_ADDRESS" "$AWAIT_SECONDS"; then
    is_kept "$APP" "$ACME_SERVER" "$DOMAINS" ||
      fail 73 "not all names lead to this server; make these DNS records (name, type, value), then run \`make up\` again" \
        "once they are there:"$'\n'"$WRONG_RECORDS"
    notice "not all names lead to this server; the DNS records to make (name, type, value):"$'\n'"$WRONG_RECORDS"
  fi
fi

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
