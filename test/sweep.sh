#!/usr/bin/env bash
# Purpose: `make sweep`: the repeats that `make test` has no time for: both cloud stacks, rehearsed, with `pulumi up` killed
#   after every single resource.
# Inputs: none. Exit codes: 0 all passed; 1 something failed.
# Safe to run twice: each round removes what it made.
set -euo pipefail
cd "$(dirname "$0")/.."
toolchain/setup.sh --for-tests
# shellcheck source=toolchain/env.sh
. toolchain/env.sh
status=0
for stack in prod staging; do
  BERTH_KILL_STACK=$stack BERTH_KILL_EVERY=1 \
    node --import tsx --test --test-reporter=spec test/rehearsal/kill.test.ts || status=1
done
exit "$status"
