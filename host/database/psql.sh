#!/usr/bin/env bash
# Purpose: reach any PostgreSQL, in a container or a managed one, with psql of the postgres image.
#   open_psql            makes the folder $PSQL_DIRECTORY with the password file; the caller traps close_psql
#   run_psql [argument]  psql as $ADMIN_ROLE on $DATABASE; statements on stdin. Also sees $PSQL_DIRECTORY as
#                        /run/berth, read-only
#   run_in_client [...]  the same container with another command
#   close_psql           removes the folder, or empties one that is shared
#   open_client          starts one container for all that this script and those it calls run in a client, until
#                        close_client: a container for each takes longer than its work
# Inputs: the shell variables named in DATABASE_INPUTS, read by the caller with read_inputs.
# Exit codes: 64 a value is malformed. Those of psql: 2 no connection, 3 a statement failed.
# Safe to run twice: each use has a folder of its own.

# shellcheck source=host/lib/log.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/log.sh"

# For `read_inputs "${DATABASE_INPUTS[@]}" ...`. DB_SSLMODE: disable (default), require, verify-ca or
# verify-full. DB_CA: certificates in PEM form, for the last two.
# shellcheck disable=SC2034
readonly DATABASE_INPUTS=(
  APP POSTGRES_IMAGE DB_HOST DB_PORT DATABASE ADMIN_ROLE ADMIN_PASSWORD 'DB_SSLMODE?' 'DB_CA?'
)

# Prints the named shell variables as the lines that read_inputs takes, for a script that calls another.
give_inputs() {
  local name
  for name in "$@"; do
    printf '%s=%s\n' "$name" "$(printf '%s' "${!name}" | base64 --wrap=0)"
  done
}

check_name() {
  [[ $2 =~ ^[a-zA-Z_][a-zA-Z0-9_-]{0,62}$ ]] ||
    fail 64 "$1 is '$2'; allowed are letters, digits, _ and -, at most 63, not beginning with a digit"
}

check_database_inputs() {
  [[ $APP =~ ^[a-z][a-z0-9-]{0,40}$ ]] ||
    fail 64 "APP is '$APP'; allowed are lower-case letters, digits and -, beginning with a letter"
  check_name DATABASE "$DATABASE"
  check_name ADMIN_ROLE "$ADMIN_ROLE"
  [[ $DB_HOST =~ ^[A-Za-z0-9.:_-]+$ ]] || fail 64 "DB_HOST is '$DB_HOST'; give a host name or an address"
  [[ $DB_PORT =~ ^[0-9]{1,5}$ ]] || fail 64 "DB_PORT is '$DB_PORT'; give a port number such as 5432"
  DB_SSLMODE=${DB_SSLMODE:-disable}
  case $DB_SSLMODE in
    disable | require) ;;
    verify-ca | verify-full)
      [[ -n $DB_CA ]] || fail 64 "DB_SSLMODE is $DB_SSLMODE, but DB_CA holds no certificate to verify with"
      ;;
    *) fail 64 "DB_SSLMODE is '$DB_SSLMODE'; allowed: disable, require, verify-ca, verify-full" ;;
  esac
  [[ -n $ADMIN_PASSWORD && $ADMIN_PASSWORD != *[[:cntrl:]]* ]] ||
    fail 64 "ADMIN_PASSWORD is empty or holds a line break or another control character"
}

# One line of a password file; a role and a password may hold what the file uses as a mark.
password_line() {
  local role=$1 password=$2
  password=${password//\\/\\\\}
  printf '*:*:*:%s:%s\n' "$role" "${password//:/\\:}"
}

# A script that was killed could not remove its folder; the process in the folder's name is gone then.
remove_abandoned() {
  local folder process
  for folder in /run/berth-database.*; do
    process=${folder#*.}
    [[ ! -d $folder || -d /proc/${process%%.*} ]] || rm -rf "$folder"
  done
}

open_psql() {
  check_database_inputs
  if [[ -n ${BERTH_DATABASE_CLIENT:-} ]]; then
    PSQL_DIRECTORY=$BERTH_DATABASE_FOLDER
  else
    remove_abandoned
    PSQL_DIRECTORY=$(mktemp -d "/run/berth-database.$$.XXXXXXXX")
  fi
  (
    umask 077
    password_line "$ADMIN_ROLE" "$ADMIN_PASSWORD" >"$PSQL_DIRECTORY/passwords"
    printf '%s' "$DB_CA" >"$PSQL_DIRECTORY/ca.pem"
  )
  share_with_client
}

# The client runs as uid 999; nobody else may read what lies in the folder.
share_with_client() { chown -R 999:999 "$PSQL_DIRECTORY"; }

close_psql() {
  [[ -n ${PSQL_DIRECTORY:-} ]] || return 0
  if [[ -n ${BERTH_DATABASE_CLIENT:-} ]]; then
    find "$PSQL_DIRECTORY" -mindepth 1 -delete
  else
    rm -rf "$PSQL_DIRECTORY"
  fi
}

# start_client OPTION... -- ENTRYPOINT [argument ...]
start_client() {
  local options=() entrypoint authority=()
  while [[ $1 != -- ]]; do
    options+=("$1")
    shift
  done
  entrypoint=$2
  shift 2
  # With an empty file psql would trust nobody, even where it is not asked to verify.
  [[ -z $DB_CA ]] || authority=(--env PGSSLROOTCERT=/run/berth/ca.pem)
  # Without a log driver the answers leave no copy under /var/lib/docker.
  docker run --rm "${options[@]}" --log-driver none --no-healthcheck --label "berth.app=$APP" \
    --network "$APP-data" --user 999:999 --read-only --cap-drop ALL --security-opt no-new-privileges \
    --volume "$PSQL_DIRECTORY:/run/berth:ro" \
    --env PGPASSFILE=/run/berth/passwords --env PGCONNECT_TIMEOUT=30 \
    --env "PGHOST=$DB_HOST" --env "PGPORT=$DB_PORT" --env "PGDATABASE=$DATABASE" --env "PGUSER=$ADMIN_ROLE" \
    --env "PGSSLMODE=$DB_SSLMODE" "${authority[@]}" \
    --env "PGAPPNAME=berth" --entrypoint "$entrypoint" "$POSTGRES_IMAGE" "$@"
}

run_in_client() {
  if [[ -n ${BERTH_DATABASE_CLIENT:-} ]]; then
    docker exec --interactive "$BERTH_DATABASE_CLIENT" "$@"
  else
    start_client --interactive -- "$@"
  fi
}

open_client() {
  local container process
  while read -r container process; do
    [[ -d /proc/$process ]] || docker rm --force "$container" >/dev/null 2>&1 || true
  done < <(docker ps --all --filter label=berth.client-of --format '{{.ID}} {{.Label "berth.client-of"}}')
  open_psql
  # It ends by itself, should this script be killed and none follow.
  BERTH_DATABASE_CLIENT=$(start_client --detach --label "berth.client-of=$$" -- sleep 7200)
  export BERTH_DATABASE_CLIENT BERTH_DATABASE_FOLDER=$PSQL_DIRECTORY
}

close_client() {
  [[ -n ${BERTH_DATABASE_CLIENT:-} ]] || return 0
  docker rm --force "$BERTH_DATABASE_CLIENT" >/dev/null 2>&1 || true
  unset BERTH_DATABASE_CLIENT
  close_psql
}

run_psql() {
  run_in_client psql --no-psqlrc --no-password --quiet --tuples-only --no-align \
    --set=ON_ERROR_STOP=1 --set=VERBOSITY=default --set=SHOW_CONTEXT=never "$@"
}

# The shared network is outside of every Compose project, so that taking one down leaves the other running.
ensure_data_network() {
  docker network inspect "$APP-data" >/dev/null 2>&1 ||
    docker network create --label "berth.app=$APP" "$APP-data" >/dev/null
}
