#!/usr/bin/env bash
# Purpose: get a certificate and install it. Sourced by certificate.sh and ensure-account.sh, never run.
# Inputs: /srv/berth/tls/<app>/settings.json, which certificate.sh writes.
# Exit codes: 70 the proxy does not answer challenges; 71 the authority refused.
# Safe to run twice: certbot keeps a certificate that is not due.

# check_challenge_path DOMAINS: a wrong proxy would cost one of the few orders that an authority grants in an hour.
check_challenge_path() {
  local folder=/srv/berth/acme/.well-known/acme-challenge token domain
  token=$(openssl rand -hex 16)
  printf '%s' "$token" >"$folder/$token"
  for domain in $1; do
    if [[ $(curl -sS --max-time 5 --resolve "$domain:80:127.0.0.1" "http://$domain/.well-known/acme-challenge/$token" 2>&1) != "$token" ]]; then
      rm -f "$folder/$token"
      fail 70 "the proxy does not answer challenges for $domain; look at nginx -T on the server"
    fi
  done
  rm -f "$folder/$token"
}

# lineage_setting APP KEY: a value of certbot's renewal configuration, empty when there is none.
lineage_setting() {
  local file="/etc/letsencrypt/renewal/$1.conf"
  if [[ -f $file ]]; then awk -F ' = ' -v key="$2" '$1 == key { print $2; exit }' "$file"; fi
}

# issue APP [--force-renewal]: three tries, as authorities refuse a nonce now and then.
issue() {
  local app=$1 settings="/srv/berth/tls/$1/settings.json" server email domain arguments=() attempt
  server=$(jq -r .server "$settings") email=$(jq -r .email "$settings")
  while read -r domain; do arguments+=(-d "$domain"); done < <(jq -r '.domains | split("\n")[] | select(. != "")' "$settings")
  # The authority is part of the desired state: a certificate of another one is not kept.
  if [[ ${2:-} == --force-renewal || (-n $(lineage_setting "$app" server) && $(lineage_setting "$app" server) != "$server") ]]; then
    arguments+=(--force-renewal)
  else
    arguments+=(--keep-until-expiring)
  fi
  say "asking $server for a certificate"
  for attempt in 1 2 3; do
    if certbot certonly --non-interactive --quiet --agree-tos --no-eff-email --email "$email" --server "$server" \
      --webroot --webroot-path /srv/berth/acme --cert-name "$app" --renew-with-new-domains --key-type ecdsa \
      "${arguments[@]}" >"/var/log/berth-certificate-$app.log" 2>&1; then
      fetch_root "$app"
      RENEWED_LINEAGE=/etc/letsencrypt/live/$app certificate/deploy-hook.sh
      return
    fi
    say "try $attempt of 3 was refused: $(tail -n 2 "/var/log/berth-certificate-$app.log" | head -n 1)"
  done
  fail 71 "no certificate for ${arguments[*]} from $server: $(tail -n 12 "/var/log/berth-certificate-$app.log")"
}

# fetch_root APP: a test authority makes its root anew when it restarts, so it is read with each certificate.
fetch_root() {
  local app=$1 url
  url=$(jq -r .rootUrl "/srv/berth/tls/$app/settings.json")
  if [[ -z $url ]]; then
    rm -f "/srv/berth/tls/$app/ca.pem"
    return
  fi
  curl -fsS --max-time 10 -o "/srv/berth/tls/$app/ca.pem.new" "$url" || fail 71 "the authority's root can't be read from $url"
  # A certificate that is kept may be of the root before; then that one stays the right one to trust.
  if openssl verify -CAfile "/srv/berth/tls/$app/ca.pem.new" -untrusted "/etc/letsencrypt/live/$app/chain.pem" \
    "/etc/letsencrypt/live/$app/cert.pem" >/dev/null 2>&1; then
    chmod 0644 "/srv/berth/tls/$app/ca.pem.new"
    mv -f "/srv/berth/tls/$app/ca.pem.new" "/srv/berth/tls/$app/ca.pem"
  else
    rm -f "/srv/berth/tls/$app/ca.pem.new"
  fi
}
