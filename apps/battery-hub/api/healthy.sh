#!/usr/bin/env bash
# Purpose: the container's health check: /health answers 200 and says that all is well. Without Python, as
#   it runs every few seconds.
# Inputs: none. Exit codes: 0 healthy; anything else not.
# Safe to run twice: it only reads.
set -euo pipefail

exec 3<>/dev/tcp/127.0.0.1/8000
printf 'GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
answer=$(cat <&3)
[[ $answer == HTTP/1.?' 200 '* && $answer == *'"status":"ok"'* ]]
