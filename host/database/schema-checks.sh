#!/usr/bin/env bash
# Purpose: verify a schema by typed queries: each gives one row with one value, which is exactly the expected one.
# Inputs (stdin, see lib/inputs.sh): those of psql.sh, and
#   CHECKS   JSON list [{"name": text, "query": text, "equals": text | number | true | false | null}]
# Each query runs by itself, read-only, for at most 30 s. A query that fails is a failed check.
# Output: one line for each check on stdout, `ok    <name>` or `FAIL  <name>: <why>`.
# Exit codes: 64 a value is wrong; 69 the database cannot be reached; 70 at least one check failed.
# Safe to run twice: it only reads.
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=host/lib/inputs.sh
source "$here/../lib/inputs.sh"
# shellcheck source=host/database/psql.sh
source "$here/psql.sh"

read_inputs "${DATABASE_INPUTS[@]}" CHECKS
check_database_inputs
jq --exit-status 'type == "array" and all(.[]; type == "object"
    and (keys == ["equals", "name", "query"])
    and (.name | type == "string") and (.query | type == "string")
    and (.equals | type | IN("string", "number", "boolean", "null")))' <<<"$CHECKS" >/dev/null 2>&1 ||
  fail 64 "CHECKS is no JSON list of {name, query, equals} with a text, number, true, false or null as equals"

trap close_psql EXIT
trap 'exit 143' INT TERM HUP
open_psql
printf '%s' "$CHECKS" >"$PSQL_DIRECTORY/checks.json"
share_with_client

results=$(
  { printf '%s\n' "\\set checks \`cat /run/berth/checks.json\`" && cat "$here/schema-checks.sql"; } |
    run_psql --file=-
) || fail 69 "the checks of database $DATABASE could not be run; psql says why above"

[[ -z $results ]] || printf '%s\n' "$results"
if grep --quiet '^FAIL' <<<"$results"; then
  fail 70 "the schema of database $DATABASE is not as declared, see the failed checks"
fi
[[ $(grep --count '^ok ' <<<"$results" || true) == $(jq length <<<"$CHECKS") ]] ||
  fail 70 "not every check of database $DATABASE gave an answer"
