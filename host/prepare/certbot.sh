#!/usr/bin/env bash
# Purpose: certificates and the authority's account on the data volume, renewed by the packaged timer.
# Inputs: none. Exit codes: 0 done; 33 /etc/letsencrypt holds something that is not ours.
# Safe to run twice: links and timer are made only when missing.
set -euo pipefail
cd "$(dirname "$0")/.."
source lib/log.sh
source lib/files.sh

if [[ ! -L /etc/letsencrypt ]]; then
  if [[ -d /etc/letsencrypt/live ]]; then
    cp -a -n /etc/letsencrypt/. /srv/berth/letsencrypt/
    mv /etc/letsencrypt "/etc/letsencrypt.before-berth"
  else
    rm -rf /etc/letsencrypt
  fi
  ln -s /srv/berth/letsencrypt /etc/letsencrypt
fi
[[ $(readlink /etc/letsencrypt) == /srv/berth/letsencrypt ]] ||
  fail 33 "/etc/letsencrypt leads to $(readlink /etc/letsencrypt); allowed is /srv/berth/letsencrypt; move it aside"

install -d -m 0755 /srv/berth/letsencrypt/renewal-hooks/deploy
ln -sfn /opt/berth/host/certificate/deploy-hook.sh /srv/berth/letsencrypt/renewal-hooks/deploy/berth

if place_file files/certbot-timer.conf /etc/systemd/system/certbot.service.d/berth.conf 0644; then
  systemctl daemon-reload
fi
systemctl is-enabled --quiet certbot.timer || systemctl enable --quiet certbot.timer
systemctl is-active --quiet certbot.timer || systemctl start certbot.timer
