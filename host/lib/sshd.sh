#!/usr/bin/env bash
# Purpose: which host keys sshd shows. Sourced, never run.
# Inputs: BERTH_SSHD_SECONDS, how long its keys are awaited (default 60). Exit codes: those of each function.
# Safe to run twice: it only looks.

# shown_host_key TYPE: the key that sshd shows to a new connection, empty when it has none of that type.
shown_host_key() {
  local port
  port=$(sshd -T 2>/dev/null | awk '$1 == "port" { print $2; exit }')
  ssh-keyscan -T 20 -t "$1" -p "${port:-22}" 127.0.0.1 2>/dev/null | awk '!/^#/ { print $2, $3; exit }'
}

# await_host_key [OTHER]: waits until sshd shows the ed25519 key of its file, and no longer the ECDSA key OTHER. A
# reload is over some time after systemctl says so.
await_host_key() {
  local other=${1:-none} expected deadline=$((SECONDS + ${BERTH_SSHD_SECONDS:-60}))
  expected=$(cut -d ' ' -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub)
  while [[ $(shown_host_key ed25519) != "$expected" || $(shown_host_key ecdsa) == "$other" ]]; do
    ((SECONDS < deadline)) || return 1
    sleep 1
  done
}
