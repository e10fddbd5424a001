#!/usr/bin/env bash
# Purpose: install the packages that cloud-init has not, for a server that was there before.
# Inputs: none. Exit codes: 0 done; 22 the system is none of those berth runs on; 100 apt failed.
# Safe to run twice: installed packages are left alone. /etc/berth/wants-compose tells the images step that the
#   archive has no Docker Compose 2, so that it is brought along (host/receive/).
set -euo pipefail
cd "$(dirname "$0")/.."
source lib/log.sh
source lib/distribution.sh

system=$(system_id /etc/os-release)
[[ " ${SUPPORTED_SYSTEMS[*]} " == *" $system "* ]] ||
  fail 22 "this server runs $system; berth runs on ${SUPPORTED_SYSTEMS[*]}"

installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

has_compose() { docker compose version --short 2>/dev/null | grep -qE '^v?[2-9]'; }

# installed_one_of NAME...
installed_one_of() {
  local name
  for name in "$@"; do
    if installed "$name"; then return 0; fi
  done
  return 1
}

apt() {
  export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l
  apt-get -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confold -y -q "$@" >>/var/log/berth-apt.log 2>&1 ||
    fail 100 "apt-get $1 failed: $(tail -n 3 /var/log/berth-apt.log)"
}

missing=()
while read -ra names; do
  installed_one_of "${names[@]}" || missing+=("${names[0]}")
done < <(packages_of "$system")
compose=$(compose_package_of "$system")

if ((${#missing[@]} > 0)) || { [[ -n $compose ]] && ! has_compose; }; then
  : >/var/log/berth-apt.log
  apt update
  # Their packages start them at once: never, even for a moment, with what they would listen on by themselves.
  if [[ " ${missing[*]} " == *' docker-registry '* && ! -e /etc/docker/registry/config.yml ]]; then
    install -D -m 0644 files/registry.yml /etc/docker/registry/config.yml
  fi
  if [[ " ${missing[*]} " == *' docker.io '* && ! -e /etc/docker/daemon.json ]]; then
    install -D -m 0644 files/docker-daemon.json /etc/docker/daemon.json
  fi
  if [[ -n $compose ]] && ! has_compose && apt-cache show --no-all-versions "$compose" >/dev/null 2>&1; then
    missing+=("$compose")
  fi
  if ((${#missing[@]} > 0)); then
    say "installing ${missing[*]}"
    apt install --no-install-recommends "${missing[@]}"
  fi
fi

if has_compose; then
  rm -f /etc/berth/wants-compose
else
  install -D -m 0644 /dev/null /etc/berth/wants-compose
fi
