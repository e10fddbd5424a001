#!/usr/bin/env bash
# Purpose: end what a killed `pulumi` left running on this machine: the program of the stack, which goes on asking an
#   engine that is gone, for ever and with more and more memory.
# Usage:   end-left-programs.sh STACK FOLDER   (FOLDER: where the program runs)
# Output:  a line for each program that was ended.
# Exit codes: 0.
# Needs the stack's lock to be nobody's: a program that an engine still runs would be ended too.
# Safe to run twice: then there is none.
set -euo pipefail
stack=$1 folder=$2

# follows NAME VALUE ARGUMENT...: whether VALUE stands after NAME.
follows() {
  local name=$1 value=$2 before=''
  shift 2
  for argument in "$@"; do
    if [[ $before == "$name" && $argument == "$value" ]]; then return; fi
    before=$argument
  done
  return 1
}

for process in $(pgrep -f 'pulumi/cmd/run/index.js' || true); do
  mapfile -d '' -t arguments 2>/dev/null <"/proc/$process/cmdline" || continue
  if follows --stack "$stack" "${arguments[@]}" && follows --pwd "$folder" "${arguments[@]}"; then
    kill -KILL "$process" 2>/dev/null || continue
    printf '  ended what the killed command left running (process %s)\n' "$process"
  fi
done

# Language hosts whose engine is gone, which wait for it. Those of an engine that lives serve another stack.
for host in $(pgrep pulumi-language || true); do
  engine=$(ps -o ppid= -p "$host" | tr -d ' ') || continue
  if [[ $(readlink "/proc/$host/cwd") == "$folder"* && $(ps -o comm= -p "${engine:-0}") != pulumi ]]; then
    kill "$host" 2>/dev/null || true
  fi
done
