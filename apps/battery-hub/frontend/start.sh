#!/usr/bin/env bash
# Purpose: write the settings of this deployment where nginx and the pages read them, then run nginx.
#   The same image so serves every stack.
# Inputs (environment): API_URL, PANEL_URL (origins, e.g. https://api.example.org), BERTH_RELEASE?
# Exit codes: 64 a value is wrong; else nginx's.
# Safe to run twice: it writes the same files anew, in /tmp only.
set -euo pipefail

readonly WORK=/tmp/battery-hub

# Strict, as the values go into nginx's configuration and into a header.
check_origin() {
  local name=$1 value=$2
  [[ $value =~ ^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?$ ]] || {
    printf "error: %s is '%s'; give an origin such as https://api.example.org, without a path\n" \
      "$name" "$value" >&2
    exit 64
  }
}

check_origin API_URL "${API_URL:-}"
check_origin PANEL_URL "${PANEL_URL:-}"
release=${BERTH_RELEASE:-development}
[[ $release =~ ^[A-Za-z0-9._-]{1,64}$ ]] || {
  printf "error: BERTH_RELEASE is '%s'; allowed are letters, digits and . _ -\n" "$release" >&2
  exit 64
}

mkdir -p "$WORK"
configuration=$(</etc/battery-hub/nginx.conf)
printf '%s\n' "${configuration//@@API_URL@@/$API_URL}" >"$WORK/nginx.conf"
printf '{"apiUrl":"%s","panelUrl":"%s","release":"%s"}\n' "$API_URL" "$PANEL_URL" "$release" \
  >"$WORK/settings.json"
printf '{"status":"ok","version":"%s"}\n' "$release" >"$WORK/health.json"
exec nginx -c "$WORK/nginx.conf"
