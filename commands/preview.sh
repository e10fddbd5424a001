#!/usr/bin/env bash
# Purpose: `make preview`: what `make up` would change.
# Inputs: STACK. Exit codes: those of pulumi.
# Safe to run twice: it changes nothing.
set -euo pipefail
source "$(dirname "$0")/stack.sh"
use_tools
commands/config.sh --quiet
select_stack
policy=$(commands/policy.sh)
mapfile -t policy <<<"$policy"
pulumi preview --stack "$STACK" --diff --non-interactive --suppress-outputs "${policy[@]}"
