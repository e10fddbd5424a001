#!/usr/bin/env bash
# Purpose: tell how the server is: system, releases, containers, certificates, disk, as one JSON object.
# Inputs: none. Output: {"system", "upSeconds", "restart" (whether an update wants one), "apps": [{"name", "release",
#   "revision", "lease", "certificate": {"notAfter", "seconds", "issuer"}}], "containers": [{"project", "service", "state",
#   "status"}], "disks": [{"path", "size", "free"}]}; sizes in bytes.
# Exit codes: 0 done; those of jq.
# Safe to run twice: it only looks.
set -euo pipefail
cd "$(dirname "$0")"
source lib/release.sh

certificate_of() {
  local file=/srv/berth/tls/$1/fullchain.pem end
  [[ -s $file ]] || { printf 'null' && return; }
  end=$(openssl x509 -in "$file" -noout -enddate | cut -d = -f 2)
  jq -n --arg notAfter "$(date -u -d "$end" +%FT%TZ)" --argjson seconds "$(($(date -d "$end" +%s) - $(date +%s)))" \
    --arg issuer "$(openssl x509 -in "$file" -noout -issuer -nameopt RFC2253 | sed -E 's/^issuer=//; s/.*CN=([^,]*).*/\1/')" \
    '$ARGS.named'
}

# The release that is under way; a lease that ended, as of a killed one, is none.
lease_of() {
  local holder until
  if read -r holder until 2>/dev/null <"/srv/berth/$1/lease" && ((until > $(date +%s))); then printf '%s' "$holder"; fi
}

apps() {
  local link app release folder
  for link in /opt/*/current; do
    [[ -L $link ]] || continue
    app=$(basename "$(dirname "$link")")
    release=$(current_release "$app") folder=$(readlink -f "$link")
    jq -n --arg name "$app" --arg release "$release" --arg revision "$(cat "$folder/revision" 2>/dev/null || true)" \
      --arg lease "$(lease_of "$app")" \
      --argjson certificate "$(certificate_of "$app")" '$ARGS.named'
  done | jq -s .
}

containers() {
  docker ps --all --filter label=com.docker.compose.project --filter label=com.docker.compose.oneoff=False --format \
    '{{.Label "com.docker.compose.project"}}{{"\t"}}{{.Label "com.docker.compose.service"}}{{"\t"}}{{.State}}{{"\t"}}{{.Status}}' |
    jq -R -s 'split("\n") | map(select(. != "") | split("\t") | {project: .[0], service: .[1], state: .[2], status: .[3]})'
}

# Each disk once, by its size: a container's root and volumes are one disk under several names.
disks() {
  df --output=target,size,avail --block-size=1 /srv/berth / /var/lib/docker 2>/dev/null | awk '
    NR > 1 && !seen[$2]++ { printf "%s\t%s\t%s\n", $1, $2, $3 }' |
    jq -R -s 'split("\n") | map(select(. != "") | split("\t") | {path: .[0], size: (.[1] | tonumber), free: (.[2] | tonumber)})'
}

# shellcheck disable=SC1091
system=$(source /etc/os-release && printf '%s' "$PRETTY_NAME")
restart=false
if [[ -e /run/reboot-required ]]; then restart=true; fi
jq -n --arg system "$system" --argjson upSeconds "$(ps -o etimes= -p 1 | tr -d ' ')" --argjson restart "$restart" \
  --argjson apps "$(apps)" --argjson containers "$(containers)" --argjson disks "$(disks)" '$ARGS.named'
