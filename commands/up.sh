#!/usr/bin/env bash
# Purpose: `make up`: tools, images, the stack, a summary.
# Inputs: STACK (default dev), RELEASE (default local: built here). Exit codes: those of the stage that failed.
# Safe to run twice: with nothing changed it changes nothing and logs in nowhere.
set -euo pipefail
source "$(dirname "$0")/stack.sh"
started=$SECONDS

use_tools
select_stack
commands/local-server.sh
if [[ $RELEASE == local ]]; then commands/release.sh; fi
printf '  stack %s\n' "$STACK"
color=never
if [[ -t 1 ]]; then color=always; fi
policy=()
target=$(setting target)
if [[ ${target:-local} != local ]]; then
  # A rule that is broken stops the update before the resource is made.
  options=$(commands/policy.sh)
  mapfile -t policy <<<"$options"
fi
# Through a pipe: given a terminal, Pulumi asks it for its colours and waits where it does not answer.
pulumi up --stack "$STACK" --yes --skip-preview --non-interactive --suppress-outputs --color "$color" \
  "${policy[@]}" 2>&1 </dev/null | cat
commands/summary.sh
printf '\nDone in %d s.\n' "$((SECONDS - started))"
