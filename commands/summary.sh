#!/usr/bin/env bash
# Purpose: what runs and what to do with it, without any secret; keeps a test authority's root beside it.
# Inputs: STACK. Exit codes: those of pulumi.
# Safe to run twice: it only reads, and writes the root certificate where the summary says.
set -euo pipefail
source "$(dirname "$0")/stack.sh"
# shellcheck source=toolchain/env.sh
. toolchain/env.sh
mkdir -p "$BERTH_CACHE/certificates"
target=$(setting target)
pulumi stack output --stack "$STACK" --json |
  node --import tsx commands/summary.ts "$STACK" "${target:-local}" "$BERTH_CACHE/certificates/$STACK.pem"
