#!/usr/bin/env bash
# Purpose: roles, migration and checks of a release's schema. Sourced by migrate.sh, never run.
# Inputs: the shell variables that migrate.sh reads.
# Exit codes: 46 the migration failed; 47 the schema is not at the image's revision; those of database/*.sh.
# Safe to run twice: each part compares first.

for_database() { give_inputs "${DATABASE_INPUTS[@]%\?}"; }

settle_roles() {
  local changes log="/opt/$APP/roles.log"
  changes=$({ for_database && give_inputs ROLES; } | database/roles.sh)
  printf '%s\n' "$changes" >>"$log"
  if (($(wc -l <<<"$changes") > 3)); then
    changes="roles: $(wc -l <<<"$changes") changes, listed in $log on the server"
  fi
  say "$changes"
}

check_schema() {
  # The input is called CHECKS there.
  # shellcheck disable=SC2034
  local CHECKS=$SQL_CHECKS
  { for_database && give_inputs CHECKS; } | database/schema-checks.sh >&2
}

# Compose in words that another script can run, as a function cannot be.
compose_words() {
  local folder
  folder=$(release_folder "$APP" "$RELEASE")
  printf '%s\n' docker compose --project-name "$APP" --project-directory "$folder" --file "$folder/compose.json" \
    --env-file "$folder/.env" --profile '*' --progress quiet run --rm --no-deps --no-TTY "$MIGRATE_SERVICE"
}

migrate_schema() {
  local log="/opt/$APP/migrate.log" words
  mapfile -t words < <(compose_words)
  say "migrating the schema of database $DATABASE"
  install -m 0600 /dev/null "$log"
  # Its own log, as an application may print what it likes; what is shown is the end, on failure.
  if ! for_database | database/with-migration-lock.sh "${words[@]}" >"$log" 2>&1; then
    fail 46 "the migration of release $RELEASE failed, nothing was switched; its last lines:"$'\n'"$(tail -n 15 "$log" | without_secrets "$APP" "$RELEASE")"
  fi
}

check_revisions() {
  local command words answer
  mapfile -d '' -t command < <(jq -j '.[] + "\u0000"' <<<"$REVISIONS")
  ((${#command[@]} > 0)) || return 0
  mapfile -t words < <(compose_words)
  answer=$("${words[@]}" "${command[@]}" 2>>"/opt/$APP/migrate.log" </dev/null) ||
    fail 47 "the revisions of the schema can't be read: $(tail -n 5 "/opt/$APP/migrate.log" | without_secrets "$APP" "$RELEASE")"
  if [[ $(jq '.heads | length' <<<"$answer") != 1 ]]; then
    fail 47 "the image has more than one head: $(jq -r '.heads | join(", ")' <<<"$answer"); merge them into one revision"
  fi
  if [[ $(jq '.current == .heads' <<<"$answer") != true ]]; then
    fail 47 "the schema is at $(jq -r '.current | join(", ")' <<<"$answer"), the image wants $(jq -r '.heads | join(", ")' <<<"$answer")"
  fi
  # For status.sh.
  jq -r '.heads[0]' <<<"$answer" >"$(release_folder "$APP" "$RELEASE")/revision"
  say "the schema is at revision $(jq -r '.heads[0]' <<<"$answer")"
}
