#!/usr/bin/env bash
# Purpose: SSH by key only and never as root, with the algorithms that are good today.
# Inputs: none. Exit codes: 0 done; 30 sshd refuses the configuration (that of before stays), or other files win over it.
# Safe to run twice: sshd is reloaded only when a file changed.
set -euo pipefail
cd "$(dirname "$0")/.."
source lib/log.sh
source lib/files.sh
source lib/sshd.sh

readonly FOLDER=/etc/ssh/sshd_config.d
declare -A files=([10-berth.conf]=sshd.conf [11-berth-hardening.conf]=sshd-hardening.conf)

# A configuration that sshd refuses would lock everyone out at the next boot.
put_back() {
  local name
  for name in "${!files[@]}"; do
    rm -f "${FOLDER:?}/$name"
    if [[ -f $before/$name ]]; then cp -p "$before/$name" "$FOLDER/$name"; fi
  done
}

# What sshd does in the end: the first file that says something wins, and the server may have had others.
check_effect() {
  local effect setting
  effect=$(sshd -T -C user=root,host=localhost,addr=127.0.0.1)
  for setting in 'permitrootlogin no' 'passwordauthentication no' 'kbdinteractiveauthentication no'; do
    grep -qx "$setting" <<<"$effect" ||
      fail 30 "sshd has \"$(grep "^${setting% *} " <<<"$effect")\", and berth allows \"$setting\" only; take it out of the" \
        "files of /etc/ssh that say so: $(grep -rilE "^[[:space:]]*${setting% *}" /etc/ssh | grep -v berth | paste -sd ' ')"
  done
}

before=$(mktemp -d)
trap 'rm -rf "$before"' EXIT
changed=false
for name in "${!files[@]}"; do
  if [[ -f $FOLDER/$name ]]; then cp -p "$FOLDER/$name" "$before/$name"; fi
  if place_file "files/${files[$name]}" "$FOLDER/$name" 0644; then changed=true; fi
done
if $changed; then
  if ! refusal=$(sshd -t 2>&1); then
    put_back
    fail 30 "sshd refuses the configuration, that of before stays: $refusal"
  fi
  systemctl reload-or-restart ssh
  await_host_key none || fail 30 "sshd does not come back with its ed25519 key; look at \`journalctl -u ssh\` on the server"
fi
check_effect
