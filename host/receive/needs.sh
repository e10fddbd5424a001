#!/usr/bin/env bash
# Purpose: tell the images step what it has to know of this server before it sends anything.
# Inputs: none. Output: lines "docker VERSION" and, where the archive of the system has no Docker Compose 2, "compose".
# Exit codes: 0 done.
# Safe to run twice: it only looks.
set -euo pipefail
printf 'docker %s\n' "$(docker version --format '{{.Server.Version}}' 2>/dev/null || echo unknown)"
if [[ -e /etc/berth/wants-compose ]]; then echo compose; fi
