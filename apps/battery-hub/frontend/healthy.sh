#!/usr/bin/env bash
# Purpose: the container's health check: the page and its settings are really served.
# Inputs: none. Exit codes: 0 healthy; anything else not.
# Safe to run twice: it only reads.
set -euo pipefail

# answers PATH PATTERN: the answer to PATH has to match; Docker keeps what is said of one that does not.
answers() {
  local answer
  answer=$(curl --silent --show-error --fail --max-time 3 "http://127.0.0.1$1" 2>&1) || true
  # shellcheck disable=SC2053 # a pattern
  [[ $answer == $2 ]] || {
    printf '%s answers not as %s: %s\n' "$1" "$2" "${answer:0:200}"
    exit 1
  }
}

answers /health '{"status":"ok",*'
answers /settings.json '{"apiUrl":"http*'
answers / '*<script type="module"*'
