#!/usr/bin/env bash
# Purpose: bring the host to its described state: logins, data volume, packages, folders, Docker, registry, proxy,
#   certificates, firewall.
# Inputs: the files that install.sh keeps in /etc/berth: authorized_keys, data-device, trusted.pem.
# Exit codes: 0 done; else that of the part that failed, which is named.
# Safe to run twice: each part compares first and changes only what differs.
set -euo pipefail
cd "$(dirname "$0")"
source lib/log.sh

for part in access trust volume packages folders sshd hardening firewall containers docker registry nginx certbot; do
  "prepare/$part.sh" || fail $? "preparing the host failed at: $part"
done
echo "host prepared"
