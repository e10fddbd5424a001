#!/usr/bin/env bash
# Purpose: `make down`: remove the stack, its server and its data. The built images and tools stay in the cache.
# Inputs: STACK; on a terminal it asks, unless CONFIRM names the stack. Exit codes: those of pulumi.
# Safe to run twice: a stack that is gone is left alone.
set -euo pipefail
source "$(dirname "$0")/stack.sh"
use_tools
if [[ -t 0 && ${CONFIRM:-} != "$STACK" ]]; then
  printf 'This removes stack %s, its server and all its data. Type %s to go on: ' "$STACK" "$STACK"
  read -r answer
  [[ $answer == "$STACK" ]] || stop 1 "nothing was removed"
fi
select_stack
pulumi destroy --stack "$STACK" --yes --skip-preview --non-interactive --suppress-outputs
target=$(setting target)
if [[ ${target:-local} == local ]]; then
  # A server whose making failed is in no state, so Pulumi cannot know that it is there.
  machine/remove.sh "$MACHINE"
  machine/acme-remove.sh "$MACHINE"
fi
rm -f "$BERTH_CACHE/certificates/$STACK.pem"
