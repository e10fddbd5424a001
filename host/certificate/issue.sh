#!/usr/bin/env bash
# Purpose: get a certificate and install it. Sourced by certificate.sh and ensure-account.sh, never run.
# Inputs: /srv/berth/tls/<app>/settings.json, which certificate.sh writes.
# Exit codes: 70 the proxy does not answer challenges; 71 the authority refused.
# Safe to run twice: certbot keeps a certificate that is not due.

# check_challenge_path DOMAINS: a wrong proxy would cost one of the few orders that an authority grants in an hour.
check_challenge_path() {
  local folder=/srv/berth/acme/.well-known/acme-challenge token domain deadline=$((SECONDS + 30))
  token=$(openssl rand -hex 16)
  printf '%s' "$token" >"$folder/$token"
  for domain in $1; do
    until [[ $(curl -sS --max-time 20 --resolve "$domain:80:127.0.0.1" "http://$domain/.well-known/acme-challenge/$token" 2>&1) == "$token" ]]; do
      if ((SECONDS >= deadline)); then
        rm -f "$folder/$token"
        fail 70 "the proxy does not answer challenges for $domain; look at nginx -T on the server"
      fi
      sleep 0.5
    done
  done
  rm -f "$folder/$token"
}

# lineage_setting APP KEY: a value of certbot's renewal configuration, empty when there is none.
lineage_setting() {
  local file="/etc/letsencrypt/renewal/$1.conf"
  if [[ -f $file ]]; then awk -F ' = ' -v key="$2" '$1 == key { print $2; exit }' "$file"; fi
}

# is_kept APP SERVER DOMAINS: whether there is a certificate of that authority for exactly these names with more than a
# third of its life left. Then nobody has to be asked, also on a server that was built anew around its data.
is_kept() {
  local certificate="/etc/letsencrypt/live/$1/cert.pem" names begin end
  [[ -f $certificate && $(lineage_setting "$1" server) == "$2" ]] || return 1
  names=$(openssl x509 -in "$certificate" -noout -ext subjectAltName | grep -oE 'DNS:[^, ]+' | sed 's/^DNS://' | sort -u)
  [[ $names == "$(tr -s '[:space:]' '\n' <<<"$3" | sed '/^$/d' | sort -u)" ]] || return 1
  begin=$(date -d "$(openssl x509 -in "$certificate" -noout -startdate | cut -d = -f 2)" +%s)
  end=$(date -d "$(openssl x509 -in "$certificate" -noout -enddate | cut -d = -f 2)" +%s)
  (((end - $(date +%s)) * 3 > end - begin))
}

# install_certificate APP: what certbot has, before the proxy, with the root to trust beside it.
install_certificate() {
  fetch_root "$1"
  RENEWED_LINEAGE=/etc/letsencrypt/live/$1 certificate/deploy-hook.sh
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
  if [[ ${2:-} != --force-renewal ]] && is_kept "$app" "$server" "$(jq -r .domains "$settings")"; then
    say "the certificate of $app is kept; certbot's timer renews it"
    install_certificate "$app"
    return
  fi
  say "asking $server for a certificate"
  for attempt in 1 2 3; do
    if certbot certonly --non-interactive --quiet --agree-tos --no-eff-email --email="$email" --server "$server" \
      --webroot --webroot-path /srv/berth/acme --cert-name "$app" --renew-with-new-domains --key-type ecdsa \
      "${arguments[@]}" >"/var/log/berth-certificate-$app.log" 2>&1; then
      install_certificate "$app"
      return
    fi
    say "try $attempt of 3 was refused"
  done
  fail 71 "$server gave no certificate for $(jq -r '.domains | split("\n") | map(select(. != "")) | join(", ")' "$settings"):"$'\n'"$(refusals "$app")"
}

# refusals APP: what the authority said of each name at the last try. Certbot keeps it to its own log, a new one each time.
refusals() {
  local details
  details=$(sed -n -E 's/^ *"detail": "(.*)",?$/  \1/p' /var/log/letsencrypt/letsencrypt.log 2>/dev/null | sed 's/\\"/"/g' | sort -u)
  if [[ -n $details ]]; then printf '%s' "$details"; else tail -n 12 "/var/log/berth-certificate-$1.log"; fi
}

# is_signed_by APP FILE: whether the certificate in force leads to the root in the file, and not only to the system's.
is_signed_by() {
  openssl verify -no-CApath -no-CAstore -CAfile "$2" -untrusted "/etc/letsencrypt/live/$1/chain.pem" \
    "/etc/letsencrypt/live/$1/cert.pem" >/dev/null 2>&1
}

# fetch_root APP: a test authority makes its root anew when it restarts, so it is read with each new certificate.
fetch_root() {
  local app=$1 url root="/srv/berth/tls/$1/ca.pem"
  url=$(jq -r .rootUrl "/srv/berth/tls/$app/settings.json")
  if [[ -z $url ]]; then
    rm -f "$root"
    return
  fi
  # A certificate that is kept may be of the root before; then that one stays the right one to trust.
  if is_signed_by "$app" "$root"; then return; fi
  curl -fsS --max-time 60 -o "$root.new" "$url" || fail 71 "the authority's root can't be read from $url"
  if is_signed_by "$app" "$root.new"; then
    chmod 0644 "$root.new"
    mv -f "$root.new" "$root"
  else
    rm -f "$root.new"
  fi
}
