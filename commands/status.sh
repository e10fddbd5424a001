#!/usr/bin/env bash
# Purpose: `make status`: one screen on the server, its containers, release, revision, certificate, disk and the last `up`.
# Inputs: STACK; FORMAT=json for a program; BERTH_PROJECT (see stack.sh).
# Exit codes: 0 all is well; 1 something is not (marked by !); 3 the stack is not up; 4 the server can't be reached.
# Safe to run twice: it only looks, with one login.
set -euo pipefail
source "$(dirname "$0")/stack.sh"
use_tools >&2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

pulumi stack history --stack "$STACK" --json --page-size 1 --page 1 >"$folder/history" 2>/dev/null </dev/null &
pulumi stack output --stack "$STACK" --json >"$folder/outputs" 2>/dev/null </dev/null &
login=0
COMMAND="sudo /opt/berth/host/status.sh" commands/ssh.sh >"$folder/server" 2>"$folder/error" </dev/null || login=$?
wait
node --import tsx commands/status.ts "$STACK" "${FORMAT:-text}" "$login" "$folder"
