#!/usr/bin/env bash
# Purpose: install the packages that cloud-init has not, for a server that was there before.
# Inputs: none. Exit codes: 0 done; 100 apt failed.
# Safe to run twice: installed packages are left alone.
set -euo pipefail
cd "$(dirname "$0")/.."
source lib/log.sh

wanted=(docker.io docker-cli docker-compose nginx certbot ufw unattended-upgrades docker-registry python3 jq curl ca-certificates openssl)
missing=()
for package in "${wanted[@]}"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
((${#missing[@]} == 0)) && exit 0

say "installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
options=(-o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confold -y -q)
apt-get "${options[@]}" update >/var/log/berth-apt.log 2>&1 || fail 100 "apt-get update failed: $(tail -n 3 /var/log/berth-apt.log)"
apt-get "${options[@]}" install --no-install-recommends "${missing[@]}" >>/var/log/berth-apt.log 2>&1 ||
  fail 100 "apt-get install failed: $(tail -n 3 /var/log/berth-apt.log)"
