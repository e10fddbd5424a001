#!/usr/bin/env bash
# Purpose: where the release of an application takes over an older installation of it. Sourced by migrate.sh and
#   release.sh, never run; without a wish in /etc/berth/adopt-from each function does nothing.
#     migrate.sh   adoption_take_over: its rows are in berth's database, it is stopped
#     release.sh   adoption_before_release, adoption_finish: the new release serves, the older one stays off
#     both         adoption_failed: the older installation serves again
# Inputs: the shell variables of migrate.sh and release.sh. Exit codes: 80 to 84 as in copy.sh and older.sh; 85 a
#   release of berth's serves already, whose rows would be lost.
# Safe to run twice: until the new release serves, each try copies the rows anew.

ADOPT_HOST=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=host/adopt/state.sh
source "$ADOPT_HOST/adopt/state.sh"
# shellcheck source=host/adopt/older.sh
source "$ADOPT_HOST/adopt/older.sh"
# shellcheck source=host/adopt/copy.sh
source "$ADOPT_HOST/adopt/copy.sh"
# shellcheck source=host/adopt/certificates.sh
source "$ADOPT_HOST/adopt/certificates.sh"
# shellcheck source=host/adopt/leftovers.sh
source "$ADOPT_HOST/adopt/leftovers.sh"

adoption_take_over() {
  local folder work
  adoption_pending || return 0
  folder=$(adoption_folder "$APP")
  install -d -m 0700 "$folder"
  keep_inputs >"$folder/migrate-inputs"
  if adoption_is restored "$APP" && ! older_runs; then
    say "the rows of $(adopt_from) are here already"
    return 0
  fi
  [[ -z $(current_release "$APP") ]] ||
    fail 85 "release $(current_release "$APP") of $APP serves already; taking over $(adopt_from) would replace its rows. Take existingServer.adoptFrom out of the stack's file"
  find_older
  docker start "$OLDER_DATABASE" >/dev/null
  await_older_database
  work=$(mktemp -d /run/berth-adoption.XXXXXX)
  if older_serves; then
    say "trying the copy of $(adopt_from) while it serves"
    copy_older "$work"
    say "stopping the services of $(adopt_from)"
  fi
  adoption_mark stopped "$APP"
  stop_older_services
  copy_older "$work"
  compare_rows "$work"
  replace_database
  rm -rf "$work"
  (umask 077 && older_containers --all | xargs docker inspect >"$folder/containers.json")
  remove_older_containers
  lend_certificate
  adoption_mark restored "$APP"
  notice "$(grep -c '^table' "$folder/old.rows") tables with $(awk -F '|' '/^table/ { n += $2 } END { print n + 0 }' "$folder/old.rows") rows are taken over from $(adopt_from)"
}

copy_older() {
  check_space "$1"
  dump_older "$1" "$(adoption_folder "$APP")/old.dump"
  restore_copy "$(adoption_folder "$APP")/old.dump"
}

await_older_database() {
  local deadline=$((SECONDS + 60))
  until docker exec "$OLDER_DATABASE" pg_isready -q 2>/dev/null; do
    ((SECONDS < deadline)) || fail 80 "the older database does not answer within 60 s; see: docker logs $OLDER_DATABASE"
    sleep 0.2
  done
}

# What release.sh needs to run migrate.sh again by itself, once the older one has served in between.
keep_inputs() {
  (umask 077 && give_inputs APP RELEASE COMPOSE ENV_FILE SECRET_NAMES IMAGES MIGRATE_SERVICE REVISIONS SQL_CHECKS \
    POSTGRES_IMAGE DB_HOST DB_PORT DATABASE ADMIN_ROLE ADMIN_PASSWORD DB_SSLMODE DB_CA ROLES)
}

# The step before may have succeeded in a run whose release failed: then the older installation took rows since.
adoption_before_release() {
  adoption_pending || return 0
  if adoption_is restored "$APP" && ! older_runs; then return 0; fi
  [[ -s $(adoption_folder "$APP")/migrate-inputs ]] ||
    fail 80 "$(adopt_from) can't be taken over: $APP has no database of its own on this server to bring its rows to"
  notice "$(adopt_from) has served since its rows were copied; copying them again"
  "$ADOPT_HOST/migrate.sh" <"$(adoption_folder "$APP")/migrate-inputs" >&2
}

# adoption_failed STATUS: for an EXIT trap.
adoption_failed() {
  rm -rf /run/berth-adoption.??????
  (($1 != 0)) && adoption_pending && adoption_is stopped "$APP" || return 0
  give_back || say "the older installation in $(adopt_from) does not start; try \`docker compose up -d\` there"
}

give_back() {
  local ours
  say "starting the older installation in $(adopt_from) again"
  adoption_unmark restored "$APP"
  systemctl disable --quiet --now nginx
  ours=$(docker ps --all --quiet --filter "label=com.docker.compose.project=$APP" | sort)
  ours=$(comm -23 <(printf '%s\n' "$ours") <(older_containers --all | sort))
  [[ -z $ours ]] || xargs docker rm --force >/dev/null <<<"$ours"
  find_older
  start_older || return 1
  return_units
  adoption_unmark stopped "$APP"
}

adoption_finish() {
  adoption_pending || return 0
  systemctl enable --quiet nginx
  turn_off_leftovers "$(adoption_folder "$APP")"
  stop_old_renewals "$(adoption_folder "$APP")"
  adopt_from >/etc/berth/adopted
  # What waited for the end of the older installation.
  "$ADOPT_HOST/prepare/docker.sh"
  "$ADOPT_HOST/prepare/containers.sh"
  rm -f "$(adoption_folder "$APP")/"{migrate-inputs,stopped,restored}
  say "$(adopt_from) is taken over; its files, images and volumes are left as they were"
}
