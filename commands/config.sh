#!/usr/bin/env bash
# Purpose: `make config`: check what Pulumi.<stack>.yaml and the application's Compose file say, without the engine, which
#   looks at types alone and stops at the first; everything that is wrong is shown at once. No secret is decrypted.
# Usage:   commands/config.sh [--quiet] [--built NAME] [--rehearsed], see commands/config.ts
# Inputs:  STACK, BERTH_PROJECT (see commands/stack.sh). Of the tools only Node and Compose are set up.
# Exit codes: 2 something is wrong, or the stack has no configuration file.
# Safe to run twice: it only reads.
set -euo pipefail
source "$(dirname "$0")/stack.sh"
use_tools node dependencies compose
node --import tsx commands/config.ts --project "$PROJECT" --stack "$STACK" "$@"
