#!/usr/bin/env bash
# Purpose: let in SSH, HTTP and HTTPS only.
# Inputs: none. Exit codes: 0 done; that of ufw.
# Safe to run twice: only rules that are missing are added; the firewall is never reset, so it is never open in between.
set -euo pipefail

status=$(ufw status verbose)
for port in 22/tcp 80/tcp 443/tcp; do
  grep -qE "^$port +ALLOW IN" <<<"$status" || ufw allow "$port" >/dev/null
done
grep -q 'Default: deny (incoming)' <<<"$status" || ufw default deny incoming >/dev/null
grep -q '^Status: active' <<<"$status" || ufw --force enable >/dev/null
