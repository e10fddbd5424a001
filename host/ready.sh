#!/usr/bin/env bash
# Purpose: wait until the server's first boot is over and refuse a server on which it went wrong.
# Inputs: none; the script itself arrives on stdin, before any other host script.
# Exit codes: 0 ready; 20 cloud-init failed (the failing module is named).
# Safe to run twice: it only looks.
set -euo pipefail

main() {
  if ! command -v cloud-init >/dev/null; then
    echo "ready: a server without cloud-init"
    return
  fi
  echo "waiting for cloud-init" >&2
  local status=0
  cloud-init status --wait >/dev/null 2>&1 </dev/null || status=$?
  # 2 is "done, with recoverable errors": a package or firewall rule may be missing, so it counts as failed.
  if ((status != 0)); then
    echo "error: the server's first boot failed (cloud-init status $status):" >&2
    report_errors >&2
    echo "next: read /var/log/cloud-init-output.log on the server; correct cloud-init/ and make the server anew" >&2
    exit 20
  fi
  echo "ready: $(cloud-init --version 2>&1)"
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

main
