#!/usr/bin/env bash
# Purpose: print the machine's ed25519 host key, read through Docker, so that first contact by SSH is never blind.
# Inputs: argument 1, the machine's name. Output: one line, type and key, as known_hosts wants it.
# Exit codes: 3 no such machine; 64 a wrong name; 75 no key after 300 s.
# Safe to run twice: it only reads.
set -euo pipefail
# shellcheck source=machine/lib/machine.sh
source "$(cd "$(dirname "$0")" && pwd)/lib/machine.sh"
name_parts "${1-}"
need_docker
[[ -n $(is_running "$MACHINE") ]] || fail 3 "machine $MACHINE does not exist; \`make up\` makes it"

# cloud-init deletes and makes host keys at first boot: only after that module is the key the one that stays.
keys_stay() { docker exec "$MACHINE" test -e /var/lib/cloud/instance/sem/config_ssh -a -s /etc/ssh/ssh_host_ed25519_key.pub; }
wait_until 300 "the host key of machine $MACHINE (see \`docker exec $MACHINE cloud-init status --long\`)" keys_stay
docker exec "$MACHINE" cut -d ' ' -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub
