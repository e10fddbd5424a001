#!/usr/bin/env bash
# Purpose: all that differs between the systems berth runs on, in one place. Sourced, never run.
#   Debian is what the tests run; the rows of Ubuntu are from its package index and documentation.
# Inputs: /etc/os-release. Exit codes: none of its own.
# Safe to run twice: it only defines functions and tables.

# host/adopt.sh has the same list, as it runs before any other file is there; a test holds them together.
# shellcheck disable=SC2034
readonly SUPPORTED_SYSTEMS=(debian-12 debian-13 ubuntu-22.04 ubuntu-24.04)

# system_id FILE: e.g. debian-12, from a file as /etc/os-release; Debian testing has no version there.
system_id() (
  # shellcheck disable=SC1090
  source "$1"
  printf '%s' "$ID${VERSION_ID:+-$VERSION_ID}"
)

# packages_of SYSTEM: a line for each need. Alternatives after the first satisfy it where they are installed already
# (Docker's own packages); the first is what gets installed.
packages_of() {
  printf '%s\n' nginx certbot ufw unattended-upgrades docker-registry python3 jq curl ca-certificates openssl \
    'docker.io docker-ce moby-engine'
  case $1 in
    # The command line tool became a package of its own.
    debian-13) printf '%s\n' 'docker-cli docker-ce-cli moby-cli' ;;
  esac
}

# compose_package_of SYSTEM: the package of Docker Compose 2; empty where the archive has none.
compose_package_of() {
  case $1 in
    # Its docker-compose is version 1, which reads neither our files nor `docker compose`.
    debian-12) ;;
    debian-13) printf 'docker-compose' ;;
    ubuntu-*) printf 'docker-compose-v2' ;;
  esac
}

# version_at_least VERSION WANTED
version_at_least() { [[ $(printf '%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]; }

# nginx_has FEATURE VERSION
#   http2-directive    `http2 on`; before it, HTTP/2 is a word of `listen`, which counts for all sites of the port
#   reject-handshake   `ssl_reject_handshake`; before it, an unknown name is shown a certificate of no name
# Debian 13: 1.26. Ubuntu 24.04: 1.24. Debian 12: 1.22. Ubuntu 22.04: 1.18.
nginx_has() {
  case $1 in
    http2-directive) version_at_least "$2" 1.25.1 ;;
    reject-handshake) version_at_least "$2" 1.19.4 ;;
  esac
}

# nginx_unknown_names VERSION FOLDER: what a name that no application has is answered over TLS. FOLDER holds no-name.pem
# and no-name.key where nginx can't refuse the handshake. `listen` of one site sets the protocols of the port for all.
# Behind a handshake for a known name a request may still ask for an unknown one: it is closed without an answer.
nginx_unknown_names() {
  local version=$1 folder=$2 listen='ssl default_server'
  if nginx_has http2-directive "$version"; then
    printf 'http2 on;\n'
  else
    listen='ssl http2 default_server'
  fi
  printf 'server {\n  listen 443 %s;\n  listen [::]:443 %s;\n' "$listen" "$listen"
  if nginx_has reject-handshake "$version"; then
    printf '  ssl_reject_handshake on;\n'
  else
    printf '  ssl_certificate %s/no-name.pem;\n  ssl_certificate_key %s/no-name.key;\n' "$folder" "$folder"
  fi
  printf '  include %s/headers.conf;\n  return 444;\n}\n' "$folder"
}

# tls_groups OPENSSL_VERSION: groups of the key exchange, the best first. One that OpenSSL does not know would keep nginx
# from starting; the first resists a quantum computer, and came with OpenSSL 3.5 (Debian 13).
tls_groups() {
  if version_at_least "$1" 3.5.0; then printf 'X25519MLKEM768:'; fi
  printf 'X25519:prime256v1:secp384r1'
}

# docker_reads COMPRESSION VERSION: layers compressed by zstd came with Docker 23.
docker_reads() { [[ $1 != zstd ]] || version_at_least "${2%%[+~-]*}" 23.0; }

# for_docker VERSION: a Compose file (JSON, on stdin) without what that Docker refuses; start_interval came with Docker 25.
for_docker() {
  if version_at_least "${1%%[+~-]*}" 25.0; then cat; else jq 'del(.services[].healthcheck.start_interval)'; fi
}
