#!/usr/bin/env bash
# Purpose: tell the images step what it has to know of this server before it sends anything.
# Inputs: none. Output: lines "docker VERSION"; "free PATH BYTES" for each place that images fill; and, where the archive
#   of the system has no Docker Compose 2, "compose".
# Exit codes: 0 done.
# Safe to run twice: it only looks.
set -euo pipefail
printf 'docker %s\n' "$(docker version --format '{{.Server.Version}}' 2>/dev/null || echo unknown)"
for path in /srv/berth/registry /var/lib/docker; do
  if [[ -d $path ]]; then printf 'free %s %s\n' "$path" "$(df --output=avail --block-size=1 "$path" | tail -n 1)"; fi
done
if [[ -e /etc/berth/wants-compose ]]; then echo compose; fi
