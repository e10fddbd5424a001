#!/usr/bin/env bash
# Purpose: put nginx before a release, with a placeholder certificate until the real one is there. Sourced, never run.
# Inputs: none. Exit codes: switch_proxy returns 1 and sets PROXY_FAILURE.
# Safe to run twice: files are placed and nginx reloaded only when they differ.

has_certificate() { [[ -f /srv/berth/tls/$1/fullchain.pem && ! -f /srv/berth/tls/$1/placeholder ]]; }

place_placeholder_certificate() {
  local folder=/srv/berth/tls/$1
  if [[ -f $folder/fullchain.pem ]]; then return; fi
  install -d -m 0700 "$folder"
  touch "$folder/placeholder"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj "/CN=placeholder" \
    -keyout "$folder/privkey.pem" -out "$folder/fullchain.pem" 2>/dev/null
  chmod 0600 "$folder/privkey.pem"
}

# switch_proxy APP UPSTREAMS SITE: on refusal the former files are put back and nothing is reloaded.
switch_proxy() {
  local app=$1 folder=/opt/$1/proxy changed=false backup
  install -d -m 0755 "$folder"
  backup=$(mktemp -d)
  cp -a "$folder/." "$backup/"
  if place_text "$2" "$folder/upstreams.conf" 0644; then changed=true; fi
  if place_text "$3" "$folder/site.conf" 0644; then changed=true; fi
  if place_text "include $folder/*.conf;" "/etc/nginx/sites-enabled/$app.conf" 0644; then changed=true; fi
  # Read by the caller.
  # shellcheck disable=SC2034
  if $changed && ! PROXY_FAILURE=$(nginx -t 2>&1); then
    rm -rf "$folder"
    mv "$backup" "$folder"
    [[ -f $folder/site.conf ]] || rm -f "/etc/nginx/sites-enabled/$app.conf"
    return 1
  fi
  rm -rf "$backup"
  if $changed; then reload_nginx; fi
}
