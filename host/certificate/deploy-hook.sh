#!/usr/bin/env bash
# Purpose: hand a new certificate to the proxy; certbot runs it after each renewal.
# Inputs: RENEWED_LINEAGE, certbot's folder of the certificate, named after the application.
# Exit codes: 0 done; 72 nginx refuses the new certificate (the old one stays in force).
# Safe to run twice: nginx is reloaded only when the certificate differs.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
source lib/log.sh
source lib/files.sh
source lib/nginx.sh
app=$(basename "$RENEWED_LINEAGE")
folder=/srv/berth/tls/$app
[[ -f $folder/settings.json ]] || exit 0

changed=false
if place_file "$RENEWED_LINEAGE/privkey.pem" "$folder/privkey.pem" 0600; then changed=true; fi
if place_file "$RENEWED_LINEAGE/fullchain.pem" "$folder/fullchain.pem" 0644; then changed=true; fi
rm -f "$folder/placeholder"
if $changed; then
  report=$(nginx -t 2>&1) || fail 72 "nginx refuses the new certificate of $app: $report"
  reload_nginx
fi
