#!/usr/bin/env bash
# Purpose: let exactly the declared keys log in as berth, and take away the host key of the first contact.
# Inputs: /etc/berth/authorized_keys, one public key a line.
# Exit codes: 0 done; 24 a key can't be used, or there is none; 25 sshd does not serve its ed25519 key.
# Safe to run twice: files are replaced only when they differ; a key that is gone stays gone.
set -euo pipefail
cd "$(dirname "$0")/.."
source lib/log.sh
source lib/sshd.sh

readonly DECLARED=/etc/berth/authorized_keys FIRST_CONTACT=/etc/ssh/berth_first_contact
readonly FIRST_CONTACT_CONFIG=/etc/ssh/sshd_config.d/05-berth-first-contact.conf

# Prints the declared keys. One that sshd could not read would lock its holder out without a word.
declared_keys() {
  local line count=0
  while IFS= read -r line || [[ -n $line ]]; do
    [[ -n $line ]] || continue
    count=$((count + 1))
    ssh-keygen -l -f - <<<"$line" >/dev/null 2>&1 ||
      fail 24 "key $count of those that may log in is no public SSH key: \"${line:0:40}\"; the keys in force stay"
    printf '%s\n' "$line"
  done <"$DECLARED"
  ((count > 0)) || fail 24 "no key may log in as berth; the keys in force stay. Give at least one in operatorKeys"
}

place_keys() {
  local home folder keys incoming
  keys=$(declared_keys)
  home=$(getent passwd berth | cut -d : -f 6)
  [[ -n $home ]] || fail 24 "the server has no user berth"
  folder=$home/.ssh
  install -d -m 0700 -o berth -g "$(id -g berth)" "$folder"
  # Read by sshd as well when it is there.
  rm -f "$folder/authorized_keys2"
  if [[ $(stat -c '%a %U' "$folder/authorized_keys" 2>/dev/null) == "600 berth" &&
    $(<"$folder/authorized_keys") == "$keys" ]]; then return; fi
  incoming=$(mktemp "$folder/incoming.XXXXXX")
  printf '%s\n' "$keys" >"$incoming"
  chown berth: "$incoming"
  mv -f "$incoming" "$folder/authorized_keys"
  say "$(wc -l <<<"$keys") keys may log in as berth"
}

# The private half was in the user data, so nobody may be asked to trust it for longer than the first login.
remove_first_contact() {
  local thrown_away=''
  [[ -e $FIRST_CONTACT || -e $FIRST_CONTACT_CONFIG ]] || return 0
  if [[ -e $FIRST_CONTACT ]]; then thrown_away=$(ssh-keygen -y -f "$FIRST_CONTACT" | cut -d ' ' -f 1,2); fi
  await_host_key || fail 25 "sshd does not show the key in /etc/ssh/ssh_host_ed25519_key.pub; look at sshd -T on the server"
  if [[ -e $FIRST_CONTACT_CONFIG ]]; then
    mv -f "$FIRST_CONTACT_CONFIG" "$FIRST_CONTACT_CONFIG.off"
    if ! sshd -t 2>/dev/null || ! systemctl reload-or-restart ssh || ! await_host_key "$thrown_away"; then
      mv -f "$FIRST_CONTACT_CONFIG.off" "$FIRST_CONTACT_CONFIG"
      systemctl reload-or-restart ssh
      fail 25 "without the key of the first contact sshd does not come back as it should; it is kept: $(sshd -t 2>&1 || true)"
    fi
    rm -f "$FIRST_CONTACT_CONFIG.off"
  fi
  rm -f "$FIRST_CONTACT"
  say "the host key of the first contact is gone"
}

place_keys
remove_first_contact
