#!/usr/bin/env bash
# Purpose: the proxy's own configuration: TLS, headers, and a refusal for names that no application has.
# Inputs: none. Exit codes: 0 done; 32 nginx refuses the configuration.
# Safe to run twice: nginx is reloaded only when a file changed.
set -euo pipefail
cd "$(dirname "$0")/.."
source lib/log.sh
source lib/files.sh

changed=false
if place_file files/nginx.conf /etc/nginx/nginx.conf 0644; then changed=true; fi
for name in headers proxy; do
  if place_file "files/nginx-$name.conf" "/etc/nginx/berth/$name.conf" 0644; then changed=true; fi
done
if [[ -e /etc/nginx/sites-enabled/default ]]; then
  rm -f /etc/nginx/sites-enabled/default
  changed=true
fi
if $changed; then
  report=$(nginx -t 2>&1) || fail 32 "nginx refuses its configuration: $report"
  systemctl enable --quiet nginx
  systemctl reload-or-restart nginx
fi
