#!/usr/bin/env bash
# Purpose: `make test`: every check and test, each with real parts; ends with the counts of passed and failed.
# Inputs: PARTS, names of parts to run (default: all, in the order below).
# Exit codes: 0 all passed; 1 something failed.
# Safe to run twice: each part removes what it made.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
toolchain/setup.sh --for-tests || exit
# shellcheck source=toolchain/env.sh
. toolchain/env.sh

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
passed=0 failed=0 failures=()

# one NAME COMMAND...: a check that counts as one.
one() {
  local name=$1 started=$SECONDS
  shift
  if "$@" >"$logs/one" 2>&1; then
    passed=$((passed + 1))
    printf '  ok    %s (%d s)\n' "$name" "$((SECONDS - started))"
  else
    failed=$((failed + 1)) failures+=("$name")
    printf '  FAIL  %s (%d s)\n' "$name" "$((SECONDS - started))"
    tail -n 60 "$logs/one"
  fi
}

# suite NAME FILES...: tests of node:test, counted one by one.
suite() {
  local name=$1 started=$SECONDS
  shift
  node --import tsx --test --test-concurrency="${CONCURRENCY:-1}" --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=tap --test-reporter-destination="$logs/tap" "$@" || true
  count "$name" "$(sed -n 's/^# pass //p' "$logs/tap")" "$(sed -n -E 's/^# (fail|cancelled|skipped) //p' "$logs/tap" | paste -sd+ | bc_free)" "$started"
}

# A sum without another tool; an empty one means that the runner itself did not finish.
bc_free() { read -r sum && [[ -n $sum ]] && echo "$((sum))"; }

count() {
  local name=$1 good=${2:-0} bad=${3:-1} started=$4
  if ((good == 0 && bad == 0)); then bad=1; fi
  passed=$((passed + good)) failed=$((failed + bad))
  if ((bad > 0)); then failures+=("$name"); fi
  printf -- '-- %s: %d passed, %d failed (%d s)\n\n' "$name" "$good" "$bad" "$((SECONDS - started))"
}

# counted NAME COMMAND...: a command whose last line of the form "N passed, N failed" counts.
counted() {
  local name=$1 started=$SECONDS line status=0
  shift
  "$@" 2>&1 | tee "$logs/counted"
  status=${PIPESTATUS[0]}
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$logs/counted" | tail -n 1)
  if [[ -z $line || ($status != 0 && $line == *' 0 failed'*) ]]; then line="0 passed, 1 failed"; fi
  count "$name" "${line%% passed*}" "$(sed -E 's/.*, ([0-9]+) failed.*/\1/' <<<"$line")" "$started"
}

part_static() {
  one "format (prettier)" npx prettier --check .
  one "lint (eslint)" npx eslint .
  one "types (tsc)" npx tsc -p tsconfig.check.json
  mapfile -t scripts < <(git ls-files '*.sh' .ci/run)
  one "shell scripts (shellcheck)" shellcheck "${scripts[@]}"
  one "tables of README.md" node --import tsx docs/tables.ts --check
  one "cloud-init schema" test/cloud-init-schema.sh
}
part_unit() {
  mapfile -t files < <(git ls-files -co --exclude-standard '*.test.ts' ':!test/*' ':!apps/*')
  suite unit "${files[@]}"
}
part_golden() { suite golden test/golden/*.test.ts; }
part_policy() { CONCURRENCY=2 suite policy test/policy/*.test.ts; }
part_preflight() { CONCURRENCY=2 suite preflight test/preflight/*.test.ts; }
part_toolchain() { suite toolchain test/toolchain/*.test.ts; }
part_contract() { CONCURRENCY=2 suite contract test/contract/*.test.ts; }
part_machine() { suite machine test/machine/*.test.ts test/images/*.test.ts; }
part_host() { suite host test/host/*.test.ts; }
part_database() { suite database test/database/*.test.ts; }
part_app() { counted app apps/battery-hub/test.sh; }
part_simulator() { CONCURRENCY=2 suite simulator test/simulator/*.test.ts; }
part_actions() { suite actions test/actions/*.test.ts; }
part_existing() { CONCURRENCY=2 suite existing test/existing/*.test.ts; }
part_e2e() { suite e2e test/e2e/*.test.ts; }
part_rehearsal() { CONCURRENCY=2 suite rehearsal test/rehearsal/*.test.ts; }

readonly every_part="static unit golden policy preflight toolchain contract machine host database app simulator actions existing e2e rehearsal"

for part in ${PARTS:-$every_part}; do
  printf '== %s\n' "$part"
  "part_$part"
done

if ((failed > 0)); then printf 'failed: %s\n' "${failures[*]}"; fi
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
