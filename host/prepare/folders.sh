#!/usr/bin/env bash
# Purpose: make the folders of the data volume with owner and mode on purpose.
# Inputs: none. Exit codes: 0 done.
# Safe to run twice: install -d leaves what is there.
set -euo pipefail

install -d -m 0755 /srv/berth /srv/berth/acme /srv/berth/acme/.well-known /srv/berth/acme/.well-known/acme-challenge
install -d -m 0700 /srv/berth/tls /srv/berth/letsencrypt /srv/berth/receipts
install -d -m 0750 -o docker-registry -g docker-registry /srv/berth/registry

# The id of a system user differs from server to server, and the volume may come from another one.
stranger=$(find /srv/berth/registry ! -user docker-registry -print -quit)
[[ -z $stranger ]] || chown -R docker-registry:docker-registry /srv/berth/registry
