#!/usr/bin/env bash
# Purpose: the older installation's certificates: one that fits serves until berth's own is there, and none of them is
#   renewed in a way that needs port 80. Sourced.
# Inputs: variables APP, ENV_FILE of migrate.sh; /srv/berth/letsencrypt, where prepare/certbot.sh brought them.
# Exit codes: none of its own.
# Safe to run twice: a certificate that is in place stays.

# lend_certificate: the release starts behind it instead of behind a placeholder, which browsers refuse.
lend_certificate() {
  local folder=/srv/berth/tls/$APP one
  [[ ! -e $folder/fullchain.pem ]] || return 0
  for one in /srv/berth/letsencrypt/live/*/; do
    if fits "$one"; then
      install -d -m 0700 "$folder"
      install -m 0600 "${one}privkey.pem" "$folder/privkey.pem"
      install -m 0644 "${one}fullchain.pem" "$folder/fullchain.pem"
      # So that the certificate step still gets one of its own.
      touch "$folder/placeholder"
      notice "the certificate $(basename "$one") of before serves until the new one is there"
      return 0
    fi
  done
}

# fits FOLDER: whether its certificate is for all the domains and lasts another day.
fits() {
  local domain domains
  [[ -s ${1}fullchain.pem && -s ${1}privkey.pem ]] || return 1
  openssl x509 -in "${1}fullchain.pem" -noout -checkend 86400 >/dev/null || return 1
  domains=$(sed -nE 's/^BERTH_DOMAIN_[A-Z0-9_]+="?([^"]*)"?$/\1/p' <<<"$ENV_FILE")
  [[ -n $domains ]] || return 1
  for domain in $domains; do
    openssl x509 -in "${1}fullchain.pem" -noout -checkhost "$domain" | grep -q 'does match' || return 1
  done
}

# stop_old_renewals FOLDER: what was asked for in a way that needs port 80 for itself would fail twice a day.
stop_old_renewals() {
  local file
  for file in /srv/berth/letsencrypt/renewal/*.conf; do
    if [[ -f $file ]] && grep -qE '^authenticator = (standalone|nginx|apache)' "$file"; then
      mv "$file" "$1/renewal-$(basename "$file")"
      notice "the certificate $(basename "$file" .conf) is no longer renewed; berth's takes its place"
    fi
  done
}
