#!/usr/bin/env bash
# Purpose: the proxy's own configuration: TLS, HTTP/2, headers, and a refusal for names that no application has.
# Inputs: none. Exit codes: 0 done; 32 nginx refuses the configuration; 34 something else holds its ports.
# Safe to run twice: nginx is reloaded only when a file changed. While an older installation that is to be taken over
#   holds the ports, nginx stays stopped and does not start at boot.
set -euo pipefail
cd "$(dirname "$0")/.."
source lib/log.sh
source lib/files.sh
source lib/nginx.sh
source lib/distribution.sh
source adopt/state.sh

version=$(nginx -v 2>&1 | sed -E 's#^.*nginx/([0-9.]+).*$#\1#')
folder=/etc/nginx/berth

make_nameless_certificate() {
  [[ ! -f $folder/no-name.pem ]] || return 0
  (umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN=invalid \
    -keyout "$folder/no-name.key" -out "$folder/no-name.pem" 2>/dev/null)
}

# holder PORT: who listens there and is not nginx; a container by its name.
holder() {
  local container process
  container=$(docker ps --filter "publish=$1" --format '{{.Names}}' 2>/dev/null | head -n 1)
  process=$(ss -Hltnp "sport = :$1" | sed -nE 's/.*users:\(\("([^"]+)".*/\1/p' | grep -v '^nginx$' | head -n 1)
  if [[ -n $container ]]; then printf 'container %s' "$container"; else printf '%s' "$process"; fi
}

changed=false
install -d -m 0755 "$folder"
if [[ -f /etc/nginx/nginx.conf && ! -e /etc/nginx/nginx.conf.before-berth ]]; then
  cp -p /etc/nginx/nginx.conf /etc/nginx/nginx.conf.before-berth
fi
if place_file files/nginx.conf /etc/nginx/nginx.conf 0644; then changed=true; fi
for name in headers proxy; do
  if place_file "files/nginx-$name.conf" "$folder/$name.conf" 0644; then changed=true; fi
done
nginx_has reject-handshake "$version" || make_nameless_certificate
groups="ssl_ecdh_curve $(tls_groups "$(openssl version | cut -d ' ' -f 2)");"
if place_text "$groups"$'\n'"$(nginx_unknown_names "$version" "$folder")" "$folder/unknown-names.conf" 0644; then
  changed=true
fi
if [[ -e /etc/nginx/sites-enabled/default ]]; then
  rm -f /etc/nginx/sites-enabled/default
  changed=true
fi
if $changed; then report=$(nginx -t 2>&1) || fail 32 "nginx refuses its configuration: $report"; fi

if adoption_pending; then
  systemctl disable --quiet --now nginx
  # Its package tried to start it while the ports were taken.
  systemctl reset-failed nginx 2>/dev/null || true
  exit 0
fi
if $changed || ! systemctl is-active --quiet nginx; then
  for port in 80 443; do
    other=$(holder "$port")
    [[ -z $other ]] ||
      fail 34 "port $port is held by $other; stop it for good, or name its folder in existingServer.adoptFrom to have it taken over"
  done
  systemctl is-enabled --quiet nginx || systemctl enable --quiet nginx
  reload_nginx
fi
