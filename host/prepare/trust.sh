#!/usr/bin/env bash
# Purpose: trust the declared authorities beside the public ones, and no longer those that were declared once.
# Inputs: /etc/berth/trusted.pem, certificates in PEM form; empty or missing for none.
# Exit codes: 0 done; 26 the file holds something that is no certificate; else that of update-ca-certificates.
# Safe to run twice: the system's list is made anew only when a certificate differs.
set -euo pipefail
cd "$(dirname "$0")/.."
source lib/log.sh

readonly DECLARED=/etc/berth/trusted.pem FOLDER=/usr/local/share/ca-certificates/berth

# The system's tool takes one certificate a file. Named by content, so that order and number may change.
split_certificates() {
  local line certificate='' inside=false
  while IFS= read -r line || [[ -n $line ]]; do
    line=${line%$'\r'}
    if [[ $line == '-----BEGIN CERTIFICATE-----' ]]; then inside=true certificate=''; fi
    if $inside; then certificate+=$line$'\n'; fi
    if [[ $line == '-----END CERTIFICATE-----' ]]; then
      inside=false
      place_certificate "$certificate"
    fi
  done <"$DECLARED"
  if $inside; then fail 26 "trustedCertificates: the last certificate has no end"; fi
}

place_certificate() {
  local print
  print=$(openssl x509 -noout -fingerprint -sha256 <<<"$1" 2>/dev/null) ||
    fail 26 "trustedCertificates: something between BEGIN CERTIFICATE and END CERTIFICATE is no certificate"
  print=${print#*=}
  printf '%s' "$1" >"$incoming/berth-$(tr -d ':' <<<"${print:0:47}").crt"
}

incoming=$(mktemp -d)
trap 'rm -rf "$incoming"' EXIT
if [[ -s $DECLARED ]]; then
  split_certificates
  [[ -n $(ls "$incoming") ]] || fail 26 "trustedCertificates holds no certificate in PEM form"
fi
if [[ -n $(ls "$incoming") || -d $FOLDER ]] && ! diff -rq "$incoming" "$FOLDER" >/dev/null 2>&1; then
  rm -rf "$FOLDER"
  if [[ -n $(ls "$incoming") ]]; then
    install -d -m 0755 "$FOLDER"
    install -m 0644 "$incoming"/* "$FOLDER"
  fi
  say "trusting $(find "$incoming" -type f | wc -l) authorities of our own"
  touch /etc/berth/trust-changed
fi
# Until the package is there, its own installation will take the files up.
if [[ -e /etc/berth/trust-changed ]] && command -v update-ca-certificates >/dev/null; then
  update-ca-certificates --fresh >/dev/null 2>&1
  rm -f /etc/berth/trust-changed
fi
