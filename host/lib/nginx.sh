#!/usr/bin/env bash
# Purpose: take a changed configuration of the proxy into force. Sourced, never run.
# Inputs: none. Exit codes: those of systemctl.
# Safe to run twice: a reload without a change loses no connection.

# nginx_workers: process ids of the proxy's workers that still accept connections. Applications may run an nginx of
# their own in a container, so only children of the proxy's master count.
nginx_workers() {
  local master file process
  master=$(cat /run/nginx.pid 2>/dev/null) || return 0
  while read -r file; do
    process=${file#/proc/} process=${process%/cmdline}
    if grep -qsx "PPid:[[:space:]]*$master" "/proc/$process/status"; then printf '%s\n' "$process"; fi
  done < <(grep -lsxz 'nginx: worker process' /proc/[0-9]*/cmdline)
}

# reload_nginx: returns when the workers of before accept no connection any more. A reload alone returns sooner, and a
# check that follows would meet the configuration of before.
reload_nginx() {
  local before deadline=$((SECONDS + 60))
  before=$(nginx_workers)
  systemctl reload-or-restart nginx
  [[ -n $before ]] || return 0
  while ((SECONDS < deadline)) && grep -qxF "$before" <<<"$(nginx_workers)"; do sleep 0.05; done
}
