#!/usr/bin/env bash
# Purpose: have the rehearsal's DNS server read its names again.
# Inputs: argument 1, the rehearsal's name. Exit codes: those of docker.
# Safe to run twice: a server that is stopped reads them when it starts.
set -euo pipefail
if [[ $(docker container inspect --format '{{.State.Running}}' "$1-dns" 2>/dev/null) == true ]]; then
  docker kill --signal HUP "$1-dns" >/dev/null
fi
