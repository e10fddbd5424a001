#!/usr/bin/env bash
# Purpose: remove a stack, after ci/backup.sh kept its last backup.
# Inputs: STACK; CONFIRM, the stack's name once more; BERTH_PROJECT. Exit codes: those of commands/destroy.sh; 64 is a
#   CONFIRM that is not the stack's name.
# Safe to run twice: a stack that is gone is left alone.
set -euo pipefail
source "$(dirname "$0")/environment.sh"
SKIP_BACKUP=yes commands/destroy.sh
printf '### Stack %s was removed\n' "$STACK" | report
