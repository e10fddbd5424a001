#!/usr/bin/env bash
# Purpose: `make password`: show one secret of the stack to a person; never in a log, so a terminal is needed.
# Inputs: STACK, SECRET (default adminPassword). Exit codes: 1 no terminal; else those of pulumi.
# Safe to run twice: it only reads.
set -euo pipefail
source "$(dirname "$0")/stack.sh"
[[ -t 1 ]] || stop 1 "secrets are shown on a terminal only; for a script: . toolchain/env.sh; pulumi stack output --stack $STACK --show-secrets ${SECRET:-adminPassword}"
use_tools >&2
# Through a variable: given a terminal, Pulumi writes a question for its colours before the value.
names=$(pulumi stack output --stack "$STACK" --json 2>/dev/null </dev/null | sed -nE 's/^ *"([A-Za-z0-9]+)": "\[secret\]".*/\1/p' | paste -sd ' ') || true
value=$(output "${SECRET:-adminPassword}" "$names")
printf '%s\n' "$value"
