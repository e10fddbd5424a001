#!/usr/bin/env bash
# Purpose: `make ssh`: log in to the server with the stack's key and pinned host key.
# Inputs: STACK; COMMAND (default: a shell). Exit codes: those of ssh.
# Safe to run twice: key and host key live in a folder of their own until ssh ends.
set -euo pipefail
source "$(dirname "$0")/stack.sh"
use_tools
login=$(output login)
read_field() { node -p "JSON.parse(require('fs').readFileSync(0, 'utf8')).$1" <<<"$login"; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
(umask 077 && read_field privateKey >"$folder/key")
host=$(read_field host) port=$(read_field port)
# ssh looks for the usual port's key under the bare name.
known=$host
if [[ $port != 22 ]]; then known="[$host]:$port"; fi
printf '%s %s\n' "$known" "$(read_field hostKey)" >"$folder/known_hosts"
# COMMAND is a command line for the server's shell.
# shellcheck disable=SC2029
ssh -i "$folder/key" -o IdentitiesOnly=yes -o UserKnownHostsFile="$folder/known_hosts" -o StrictHostKeyChecking=yes \
  -o LogLevel=ERROR -p "$port" "$(read_field user)@$host" ${COMMAND:+"$COMMAND"}
