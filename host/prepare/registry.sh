#!/usr/bin/env bash
# Purpose: a registry on loopback that releases are copied into.
# Inputs: none. Exit codes: 0 done; 31 the registry does not answer.
# Safe to run twice: it is restarted only when its configuration or its limits changed, or it does not run.
set -euo pipefail
cd "$(dirname "$0")/.."
source lib/log.sh
source lib/files.sh

answers() { curl -fsS -o /dev/null --max-time 10 http://127.0.0.1:5000/v2/ 2>/dev/null; }

# Within 30 s, as long as it runs at all.
comes_to_answer() {
  local deadline=$((SECONDS + 30))
  until answers; do
    systemctl is-active --quiet docker-registry || return 1
    ((SECONDS < deadline)) || return 1
    sleep 0.1
  done
}

changed=false
if place_file files/registry.yml /etc/docker/registry/config.yml 0644; then changed=true; fi
if place_file files/hardening/registry.conf /etc/systemd/system/docker-registry.service.d/berth-hardening.conf 0644; then
  systemctl daemon-reload
  changed=true
fi
if $changed; then systemctl restart docker-registry || true; fi
# Where there is a script of another init system too, each enabling reads all units three times anew.
systemctl is-enabled --quiet docker-registry || systemctl enable --quiet docker-registry
if ! comes_to_answer; then
  systemctl reset-failed docker-registry 2>/dev/null || true
  systemctl restart docker-registry
  comes_to_answer ||
    fail 31 "the registry does not answer on 127.0.0.1:5000: $(journalctl -u docker-registry -n 3 --no-pager -o cat)"
fi
