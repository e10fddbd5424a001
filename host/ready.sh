#!/usr/bin/env bash
# Purpose: wait until the server's first boot is over, refuse a server on which it went wrong, and tell its host key.
# Inputs: none; the script itself arrives on stdin, before any other host script.
# Output: one line, the public ed25519 host key as "ssh-ed25519 AAAA...", which every later step pins.
# Exit codes: 0 ready; 20 cloud-init failed (the failing module is named); 22 there is no ed25519 host key.
# Safe to run twice: it only looks.
set -euo pipefail

main() {
  if command -v cloud-init >/dev/null; then
    await_first_boot
  else
    echo "ready: a server without cloud-init" >&2
  fi
  print_host_key
}

await_first_boot() {
  echo "waiting for cloud-init" >&2
  local status=0
  cloud-init status --wait >/dev/null 2>&1 </dev/null || status=$?
  # 2 is "done, with recoverable errors": a package or firewall rule may be missing, so it counts as failed.
  if ((status != 0)); then
    echo "error: the server's first boot failed (cloud-init status $status):" >&2
    # What asks for the errors fails with the same status.
    report_errors >&2 || true
    echo "next: read /var/log/cloud-init-output.log on the server; correct cloud-init/ and make the server anew" >&2
    exit 20
  fi
  echo "ready: $(cloud-init --version 2>&1)" >&2
}

report_errors() {
  cloud-init status --format json </dev/null | python3 -c '
import json, sys
status = json.load(sys.stdin)
errors = list(status.get("errors", []))
for level, texts in status.get("recoverable_errors", {}).items():
    errors += [f"{level}: {text}" for text in texts]
for error in errors or [status.get("detail", "no detail given")]:
    print("  " + str(error))
'
}

# From the private key, as that is what sshd shows; the file beside it is only a copy.
print_host_key() {
  local type key rest
  if ! read -r type key rest < <(ssh-keygen -y -f /etc/ssh/ssh_host_ed25519_key </dev/null 2>/dev/null); then
    echo "error: the server has no ed25519 host key in /etc/ssh/ssh_host_ed25519_key" >&2
    echo "next: log in, run \`ssh-keygen -A && systemctl reload-or-restart ssh\`, then \`pulumi up\` again" >&2
    exit 22
  fi
  printf '%s %s\n' "$type" "$key"
}

main; exit
