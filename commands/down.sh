#!/usr/bin/env bash
# Purpose: `make down`: remove the stack, its server and its data. The built images and tools stay in the cache.
# Inputs: STACK. Exit codes: those of pulumi.
# Safe to run twice: a stack that is gone is left alone.
set -euo pipefail
source "$(dirname "$0")/stack.sh"
use_tools
select_stack
pulumi destroy --stack "$STACK" --yes --skip-preview --non-interactive --suppress-outputs
target=$(setting target)
if [[ ${target:-local} == local ]]; then
  # A server whose making failed is in no state, so Pulumi cannot know that it is there.
  machine/remove.sh "$MACHINE"
  machine/acme-remove.sh "$MACHINE"
fi
rm -f "$BERTH_CACHE/certificates/$STACK.pem"
