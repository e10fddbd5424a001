#!/usr/bin/env bash
# Purpose: bring the host to its described state: packages, folders, Docker, registry, proxy, certificates, firewall.
# Inputs: none.
# Exit codes: 0 done; else that of the part that failed, which is named.
# Safe to run twice: each part compares first and changes only what differs.
set -euo pipefail
cd "$(dirname "$0")"
source lib/log.sh

for part in packages folders sshd firewall docker registry nginx certbot; do
  "prepare/$part.sh" || fail $? "preparing the host failed at: $part"
done
echo "host prepared"
