#!/usr/bin/env bash
# Purpose: `make bench`: measured figures of this machine, for README and notes.
# Inputs: BENCH_COLD=no leaves out the cold toolchain and the cold image builds; BENCH_CLOUDS=no the rehearsals;
#   BENCH_ANSIBLE=no the same end state by Ansible.
# Exit codes: 0 done; else that of what failed.
# Safe to run twice: it works in copies, and removes its stack.
set -euo pipefail
cd "$(dirname "$0")/.."
toolchain/setup.sh
# shellcheck source=toolchain/env.sh
. toolchain/env.sh
exec node --import tsx bench/run.ts
