#!/usr/bin/env bash
# Purpose: bring the app's database roles, their rights and the ownership of its objects to the declared state,
#   in one transaction, as an admin who need not be superuser (compose and managed databases alike). Run before
#   a migration, so that its role exists, and after it, so that what it made is settled.
# Inputs (stdin, see lib/inputs.sh): those of psql.sh, and
#   ROLES   JSON object role -> {"rights": "owner" | "write" | "read", "password": text,
#           "readOnlyTables"?: [text] (write only), "createdb"?: true}. Exactly one role is the owner.
# What the rights mean, on schema public, for objects there are and those the owner makes later:
#   owner   owns all; may create; lock_timeout 5s
#   write   select, insert, update, delete (on readOnlyTables: select), sequences, functions, temporary tables
#   read    select on tables and sequences; read-only transactions, statement_timeout 60s
# Everything else is taken from these roles and from PUBLIC: rights, memberships, settings, attributes, ownership.
# A role that was declared once and is no more cannot log in and has no rights; it is not dropped.
# Output: one line for each change on stdout, "roles: nothing to change" when there is none. No secret.
# Exit codes: 64 a value is wrong; 69 the database cannot be reached; 70 a statement failed, nothing is changed.
# Safe to run twice: the second run changes nothing. A password in force is found by logging in with it.
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=host/lib/inputs.sh
source "$here/../lib/inputs.sh"
# shellcheck source=host/database/psql.sh
source "$here/psql.sh"

read_inputs "${DATABASE_INPUTS[@]}" ROLES

check_roles() {
  local problems
  problems=$(jq --raw-output --arg admin "$ADMIN_ROLE" '
    def owners: [to_entries[] | select(.value.rights? == "owner") | .key];
    if type != "object" then "it is no JSON object" else
      (to_entries[] | .key as $role | .value as $value
        | if ($role | test("^[a-z_][a-z0-9_-]{0,62}$") | not) then
            "role \"\($role)\": allowed are lower-case letters, digits, _ and -, at most 63"
          elif ($role == $admin or $role == "postgres" or $role == "berth_health" or ($role | startswith("pg_"))) then
            "role \"\($role)\": the name belongs to the server or the admin; choose another"
          elif ($value | type) != "object" then "role \"\($role)\": give an object"
          else
            (if ([$value.rights] | inside(["owner", "write", "read"])) then empty else
              "role \"\($role)\": rights is \($value.rights | tojson); allowed: \"owner\", \"write\", \"read\"" end),
            (($value | keys) - ["rights", "password", "readOnlyTables", "createdb"] | .[]
              | "role \"\($role)\": \(.) is not known; allowed: rights, password, readOnlyTables, createdb"),
            (if $value.readOnlyTables != null and ($value.rights != "write"
                or ($value.readOnlyTables | type != "array" or any(.[]; type != "string"))) then
              "role \"\($role)\": readOnlyTables is a list of table names of a role with rights \"write\"" else empty end),
            (if ($value.createdb // false | type) != "boolean" then
              "role \"\($role)\": createdb is true or false" else empty end)
          end),
      (owners | if length == 1 then empty else
        "exactly one role has rights \"owner\"; there are \(length)" + (if length > 1 then ": " + join(", ") else "" end)
        end)
    end' <<<"$ROLES" 2>/dev/null) || fail 64 "ROLES is no JSON"
  [[ -z $problems ]] || fail 64 "ROLES cannot be used: ${problems//$'\n'/; }"
}

# Writes roles.json: the declaration with verifiers in place of passwords, null where the password is in force.
write_declaration() {
  local passwords names=() in_force role password
  passwords=$(jq 'map_values(.password)' <<<"$ROLES")
  printf '%s' "$passwords" | "$here/scram.py" >"$PSQL_DIRECTORY/verifiers.json" || exit 64
  while IFS= read -r role && IFS= read -r password; do
    names+=("$role")
    password_line "$role" "$password" >>"$PSQL_DIRECTORY/passwords"
  done < <(jq --raw-output 'to_entries[] | .key, .value' <<<"$passwords")
  share_with_client
  in_force=$(run_in_client bash -s -- "${names[@]}" <"$here/try-logins.sh") ||
    fail 69 "database $DATABASE at $DB_HOST:$DB_PORT does not let $ADMIN_ROLE in; psql says why above"
  jq --slurp --arg in_force "$in_force" '
    .[1] as $verifiers | ($in_force | split("\n")) as $kept | .[0]
    | with_entries(.key as $role | .value |= (del(.password)
        | .verifier = (if ($kept | index($role)) then null else $verifiers[$role] end)))' \
    <(printf '%s' "$ROLES") "$PSQL_DIRECTORY/verifiers.json" >"$PSQL_DIRECTORY/roles.json"
  share_with_client
}

# The statements; psql itself reads the declaration, so that it is quoted by psql and never seen by bash.
statements() {
  printf '%s\n' "\\set roles \`cat /run/berth/roles.json\`"
  cat "$here/roles.sql" "$here/rights.sql"
  printf '%s\n' 'SELECT pg_temp.settle(1) \g /dev/null'
  cat "$here/own-objects.sql"
  printf '%s\n' 'SELECT pg_temp.settle(2) \g /dev/null'
  cat "$here/settings.sql"
}

check_database_inputs
check_roles
trap close_psql EXIT
trap 'exit 143' INT TERM HUP
open_psql
write_declaration

said=$PSQL_DIRECTORY/said
if ! statements | run_psql --single-transaction --file=- >"$said" 2>&1; then
  sed -E 's/^psql:[^ ]*: //; /^NOTICE/d' "$said" >&2
  fail 70 "the roles of database $DATABASE stay as they were: a statement failed, see above"
fi
# A warning means that something was not done although no statement failed.
if grep -E 'WARNING' "$said" >&2; then
  say "the warnings above come from the database while it settled the roles"
fi
sed -nE 's/^(psql:[^ ]*: )?NOTICE:  //p' "$said" >"$said.changes"
if [[ -s $said.changes ]]; then cat "$said.changes"; else echo "roles: nothing to change"; fi
