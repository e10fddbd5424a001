#!/usr/bin/env bash
# Purpose: read a script's values from stdin, as lines NAME=<base64 of the value>, into shell variables.
#   read_inputs NAME OTHER? ...   a trailing ? marks a value that may be missing (the variable is then empty)
# Inputs: stdin. Nothing is exported, so no child process sees a value in its environment.
# Exit codes: 64 a line is malformed, a name is unknown, or a value is missing.
# Safe to run twice: it only reads stdin.

# shellcheck source=host/lib/log.sh
source "$(dirname "${BASH_SOURCE[0]}")/log.sh"

read_inputs() {
  local declared=" $* " line name encoded given=" "
  while IFS= read -r line || [[ -n $line ]]; do
    [[ -z $line ]] && continue
    [[ $line =~ ^([A-Z][A-Z0-9_]*)=([A-Za-z0-9+/=]*)$ ]] ||
      fail 64 "the values on stdin hold a line that is not NAME=<base64>"
    name=${BASH_REMATCH[1]} encoded=${BASH_REMATCH[2]}
    [[ $declared == *" $name "* || $declared == *" $name? "* ]] ||
      fail 64 "value $name is not known here; allowed:${declared% }"
    # The sentinel keeps trailing newlines, which command substitution would drop.
    local value
    value=$(base64 -d <<<"$encoded" && printf x) || fail 64 "value $name is not base64"
    printf -v "$name" '%s' "${value%x}"
    given+="$name "
  done
  local wanted
  for wanted in "$@"; do
    if [[ $wanted == *\? ]]; then
      [[ $given == *" ${wanted%\?} "* ]] || printf -v "${wanted%\?}" '%s' ''
    else
      [[ $given == *" $wanted "* ]] || fail 64 "value $wanted is missing on stdin"
    fi
  done
}
