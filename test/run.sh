#!/usr/bin/env bash
# Purpose: `make test`: every check and test, each with real parts; ends with the counts of passed and failed.
# Inputs: PARTS, names of parts to run one after the other (default: all, in two lanes side by side: much of the time is
#   spent waiting for machines that boot). A part's output comes as a whole when it ends.
# Exit codes: 0 all passed; 1 something failed.
# Safe to run twice: each part removes what it made.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
toolchain/setup.sh --for-tests || exit
# shellcheck source=toolchain/env.sh
. toolchain/env.sh
# Lanes side by side make a machine so busy that a check may have to wait.
export BERTH_PREFLIGHT_SECONDS=120

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
part=''

# result GOOD BAD NAME: notes the counts of a check or suite.
result() { printf '%d %d %s\n' "$1" "$2" "$3" >>"$logs/results"; }

# failure NAME <TEXT: keeps the end of what a check or suite printed, shown again after everything else; and, for the very
# end, what failed first in it, as that is often why the rest failed.
failure() {
  local text
  text=$(cat)
  flock "$logs/results" cat >>"$logs/failures" <<<"-- what failed in $1:"$'\n'"$(tail -n 150 <<<"$text")"$'\n'
  flock "$logs/results" cat >>"$logs/first-failures" <<<"-- first in $1:"$'\n'"$(first_failure <<<"$text")"
}

# Of tests of node:test what belongs to the first that failed, else all; of a long one its first and last lines.
first_failure() {
  awk '/^test at / && ++tests > 1 { exit } { print }' |
    awk '{ lines[NR] = $0 } END { for (i = 1; i <= NR; i++) if (i <= 6 || i > NR - 14) print lines[i]; else if (i == 7) print "  ..." }'
}

# one NAME COMMAND...: a check that counts as one.
one() {
  local name=$1 started=$SECONDS
  shift
  if "$@" >"$logs/$part.one" 2>&1; then
    result 1 0 "$name"
    printf '  ok    %s (%d s)\n' "$name" "$((SECONDS - started))"
  else
    result 0 1 "$name"
    printf '  FAIL  %s (%d s)\n' "$name" "$((SECONDS - started))"
    tail -n 60 "$logs/$part.one"
    failure "$name" <"$logs/$part.one"
  fi
}

# suite NAME FILES...: tests of node:test, counted one by one. The limit is for a whole file: only one that hangs meets
# it, before the limit of CI ends everything without a word.
suite() {
  local name=$1 started=$SECONDS
  shift
  node --import tsx --test --test-concurrency="${CONCURRENCY:-1}" --experimental-test-isolation="${ISOLATION:-process}" \
    --test-timeout=3600000 \
    --test-reporter=spec --test-reporter-destination=stdout --test-reporter=tap --test-reporter-destination="$logs/$part.tap" "$@" |
    tee "$logs/$part.spec" || sed -n '/failing tests:/,$p' "$logs/$part.spec" | failure "$name"
  count "$name" "$(sed -n 's/^# pass //p' "$logs/$part.tap")" "$(sed -n -E 's/^# (fail|cancelled|skipped) //p' "$logs/$part.tap" | paste -sd+ | bc_free)" "$started"
}

# A sum without another tool; an empty one means that the runner itself did not finish.
bc_free() { read -r sum && [[ -n $sum ]] && echo "$((sum))"; }

count() {
  local name=$1 good=${2:-0} bad=${3:-1} started=$4
  if ((good == 0 && bad == 0)); then bad=1; fi
  result "$good" "$bad" "$name"
  printf -- '-- %s: %d passed, %d failed (%d s)\n\n' "$name" "$good" "$bad" "$((SECONDS - started))"
}

# counted NAME COMMAND...: a command whose last line of the form "N passed, N failed" counts.
counted() {
  local name=$1 started=$SECONDS line status=0
  shift
  "$@" 2>&1 | tee "$logs/$part.counted"
  status=${PIPESTATUS[0]}
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$logs/$part.counted" | tail -n 1)
  if [[ -z $line || ($status != 0 && $line == *' 0 failed'*) ]]; then line="0 passed, 1 failed"; fi
  if [[ $line != *', 0 failed'* ]]; then failure "$name" <"$logs/$part.counted"; fi
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
part_config() { suite config test/config/*.test.ts; }
part_e2e() { suite e2e test/e2e/*.test.ts; }
# In one process, so that all files share one stack.
part_browser() {
  mkdir -p artifacts/browser && rm -f artifacts/browser/*.png
  ISOLATION=none suite browser test/browser/*.test.ts
}
part_security() { suite security test/security/*.test.ts; }
part_rehearsal() { CONCURRENCY=2 suite rehearsal test/rehearsal/*.test.ts; }

# Whatever brings a local stack up is in one lane: two at a time would look for the same free ports. When it is through,
# that lane takes of the others, which are in the order that makes both end together.
readonly queues=(
  "e2e security browser"
  "static unit golden config policy preflight toolchain machine rehearsal existing database simulator actions app contract host"
)

for name in $(compgen -A function part_); do
  if [[ " ${queues[*]} " != *" ${name#part_} "* ]]; then
    printf 'error: part %s is in no queue of test/run.sh\n' "${name#part_}" >&2
    exit 1
  fi
done

run_part() {
  part=$1
  printf '== %s\n' "$part"
  if declare -F "part_$part" >/dev/null; then
    "part_$part"
  else
    printf 'there is no part %s; there are %s\n' "$part" "${queues[*]}"
    result 0 1 "$part"
  fi
}

# take QUEUE...: prints the next part of the first queue that has one left, and takes it out.
take() {
  local queue next
  for queue in "$@"; do
    # shellcheck disable=SC2016 # the shell below expands it
    next=$(flock "$logs/lock" sh -c 'head -n 1 "$0" && sed -i 1d "$0"' "$logs/queue.$queue")
    if [[ -n $next ]]; then
      printf '%s' "$next"
      return
    fi
  done
}

# A lane shows a part's output when the part has ended, and what it does meanwhile.
run_lane() {
  local next
  while next=$(take "$@") && [[ -n $next ]]; do
    printf '.. %s begins\n' "$next"
    run_part "$next" >"$logs/$next.output" 2>&1
    flock "$logs/results" cat "$logs/$next.output"
  done
}

: >"$logs/results"
if [[ -n ${PARTS:-} ]]; then
  for part in $PARTS; do run_part "$part"; done
else
  for queue in "${!queues[@]}"; do tr ' ' '\n' <<<"${queues[queue]}" >"$logs/queue.$queue"; done
  run_lane 0 1 &
  run_lane 1 &
  wait
fi

passed=0 failed=0 failures=()
while read -r good bad name; do
  passed=$((passed + good)) failed=$((failed + bad))
  if ((bad > 0)); then failures+=("$name"); fi
done <"$logs/results"
if [[ -f $logs/failures ]]; then cat "$logs/failures" "$logs/first-failures"; fi
if ((failed > 0)); then printf 'failed: %s\n' "${failures[*]}"; fi
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
