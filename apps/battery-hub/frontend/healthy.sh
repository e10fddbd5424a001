#!/usr/bin/env bash
# Purpose: the container's health check: the page and its settings are really served.
# Inputs: none. Exit codes: 0 healthy; anything else not.
# Safe to run twice: it only reads.
set -euo pipefail

[[ $(curl --silent --fail --max-time 3 http://127.0.0.1/health) == '{"status":"ok",'* ]]
[[ $(curl --silent --fail --max-time 3 http://127.0.0.1/settings.json) == '{"apiUrl":"http'* ]]
[[ $(curl --silent --fail --max-time 3 http://127.0.0.1/) == *'<title>Battery Hub</title>'* ]]
