#!/usr/bin/env bash
# Purpose: a registry on loopback that releases are copied into.
# Inputs: none. Exit codes: 0 done; 31 the registry does not answer.
# Safe to run twice: it is restarted only when its configuration changed or it does not run.
set -euo pipefail
cd "$(dirname "$0")/.."
source lib/log.sh
source lib/files.sh

answers() { curl -fsS -o /dev/null --max-time 2 http://127.0.0.1:5000/v2/ 2>/dev/null; }

if place_file files/registry.yml /etc/docker/registry/config.yml 0644; then systemctl restart docker-registry; fi
if ! answers; then
  systemctl enable --quiet docker-registry
  systemctl reset-failed docker-registry 2>/dev/null || true
  systemctl restart docker-registry
fi
for _ in {1..100}; do
  if answers; then exit 0; fi
  sleep 0.1
done
fail 31 "the registry does not answer on 127.0.0.1:5000: $(journalctl -u docker-registry -n 3 --no-pager -o cat)"
