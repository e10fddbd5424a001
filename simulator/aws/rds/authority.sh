#!/usr/bin/env bash
# Purpose: make the certificate authority of simulated databases, and certificates signed by it.
# Inputs:  $1 folder of the authority, made if missing; $2 name for a certificate (none: only the authority).
# Output:  the path of ca.pem, or of the folder <folder>/<name>/ with server.crt and server.key.
# Exit codes: 64 wrong use; any other is that of openssl.
# Safe to run twice, also at the same time: what is there is kept, and it appears whole or not at all.
set -euo pipefail

if [[ $# -lt 1 || $# -gt 2 || ! ${2:-name} =~ ^[a-z0-9.-]{1,253}$ ]]; then
  printf 'usage: authority.sh FOLDER [NAME]; NAME is a host name\n' >&2
  exit 64
fi
readonly days=3650
umask 077
mkdir -p "$1"
folder=$(cd "$1" && pwd)
exec 9>"$folder/.lock"
flock 9

quietly() {
  local said
  said=$("$@" 2>&1) || {
    local status=$?
    printf '%s\n' "$said" >&2
    return "$status"
  }
}

make_authority() {
  quietly openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days "$days" \
    -subj '/O=berth simulator/CN=simulated RDS root' -keyout "$folder/ca.key" -out "$folder/ca.new" \
    -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign
  # Sent to servers as a setting, so everybody may read it.
  chmod 0644 "$folder/ca.new"
  mv "$folder/ca.new" "$folder/ca.pem"
}

# The name stands only in subjectAltName: the common name takes no more than 64 characters.
make_certificate() {
  local name=$1 work=$folder/.$1
  rm -rf "$work"
  mkdir "$work"
  quietly openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/O=berth simulator' \
    -keyout "$work/server.key" -out "$work/request.pem"
  quietly openssl x509 -req -in "$work/request.pem" -CA "$folder/ca.pem" -CAkey "$folder/ca.key" \
    -days "$days" -out "$work/server.crt" \
    -extfile <(printf '%s\n' "subjectAltName=DNS:$name" keyUsage=critical,digitalSignature \
      extendedKeyUsage=serverAuth basicConstraints=critical,CA:FALSE)
  rm "$work/request.pem"
  mv "$work" "$folder/$name"
}

[[ -s $folder/ca.pem ]] || make_authority
if [[ $# == 1 ]]; then
  printf '%s\n' "$folder/ca.pem"
else
  [[ -d $folder/$2 ]] || make_certificate "$2"
  printf '%s\n' "$folder/$2"
fi
