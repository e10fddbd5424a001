#!/usr/bin/env bash
# Purpose: `make down`: remove a local stack, its server and its data. The built images and tools stay in the cache.
# Inputs: STACK; on a terminal it asks, unless CONFIRM names the stack. Exit codes: 1 the answer was no; 64 the stack is
#   not local; else those of pulumi.
# Safe to run twice: a stack that is gone is left alone.
set -euo pipefail
source "$(dirname "$0")/stack.sh"
use_tools
target=$(setting target)
[[ ${target:-local} == local ]] ||
  stop 64 "stack $STACK is no local one (target: $target), so its removal makes a last backup and wants its name: make destroy STACK=$STACK CONFIRM=$STACK"
if [[ -t 0 && ${CONFIRM:-} != "$STACK" ]]; then
  printf 'This removes stack %s, its server and all its data. Type %s to go on: ' "$STACK" "$STACK"
  read -r answer
  [[ $answer == "$STACK" ]] || stop 1 "nothing was removed"
fi
CONFIRM=$STACK SKIP_BACKUP=yes commands/destroy.sh
