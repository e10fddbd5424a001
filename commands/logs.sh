#!/usr/bin/env bash
# Purpose: `make logs`: what the application's containers print.
# Inputs: STACK; SERVICE (default: all); LINES of each, a number or all (default 50); SINCE, e.g. 10m or
#   2026-11-21T10:00:00; FOLLOW=1, to go on until Ctrl-C.
# Exit codes: 2 there is no such service (those that exist are named); 64 a value is wrong; else those of commands/ssh.sh.
# Safe to run twice: it only reads.
set -euo pipefail
# On a terminal bash would put the window's height into LINES.
shopt -u checkwinsize
source "$(dirname "$0")/stack.sh"
follow=
if [[ ${FOLLOW:-} == 1 || ${FOLLOW:-} == yes ]]; then follow=follow; fi
command=$(printf '%q ' sudo /opt/berth/host/logs.sh "${SERVICE:-}" "${LINES:-50}" "${SINCE:-}" "$follow")
if [[ -z $follow ]]; then
  COMMAND=$command commands/ssh.sh </dev/null
  exit
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkfifo "$folder/never"
interrupted=
trap 'interrupted=yes' INT
# A stdin that never ends while this runs.
COMMAND=$command commands/ssh.sh 0<>"$folder/never" || [[ -n $interrupted ]]
