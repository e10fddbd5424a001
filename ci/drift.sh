#!/usr/bin/env bash
# Purpose: the nightly check: does the stack still stand as berth left it, and does its release pass its checks.
# Inputs: STACK; CHECKS=no leaves the server's checks out; BERTH_PROJECT. Exit codes: those of commands/drift.sh; 8 is
#   drift.
# Safe to run twice: it changes nothing.
set -euo pipefail
source "$(dirname "$0")/environment.sh"
code=0
commands/drift.sh >"$scratch/report" || code=$?
report <"$scratch/report"
exit "$code"
