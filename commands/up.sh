#!/usr/bin/env bash
# Purpose: `make up`: tools, images, the stack, a summary; shown as a short list of stages.
# Inputs: STACK (default dev), RELEASE (default local: built here); those of commands/disk-space.sh.
# Output: on a terminal a block that is written over; else a line at the begin and the end of each stage. All that the
#   engine says goes to log/ in the cache folder, which a failure names.
# Exit codes: those of commands/config.sh; 28 too little disk space here; else those of the stage that failed.
# Safe to run twice: with nothing changed it changes nothing and logs in nowhere.
set -euo pipefail
source "$(dirname "$0")/stack.sh"

use_tools
built=()
if [[ $RELEASE == local ]]; then built=(--built local); fi
commands/config.sh --quiet "${built[@]}"
commands/disk-space.sh
select_stack
commands/local-server.sh
policy=()
target=$(setting target)
if [[ ${target:-local} != local ]]; then
  # A rule that is broken stops the update before the resource is made.
  options=$(commands/policy.sh)
  mapfile -t policy <<<"$options"
fi
build=()
if [[ $RELEASE == local ]]; then
  app=$(setting app) compression=$(setting imageCompression)
  build=(--app "${app:-apps/battery-hub}" --compression "${compression:-zstd}")
fi
engine up "${build[@]}" --root "$BERTH_CACHE/certificates/$STACK.pem" -- \
  up --stack "$STACK" --yes --skip-preview "${policy[@]}"
