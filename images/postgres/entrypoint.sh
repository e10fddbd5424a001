#!/usr/bin/env bash
# Purpose: make the database cluster on the first start, then run PostgreSQL in the foreground.
# Inputs (environment):
#   POSTGRES_USER           login role that owns the database; it is no superuser. Required at the first start
#   POSTGRES_PASSWORD       its password, or POSTGRES_PASSWORD_FILE, a file that holds it. With neither, the
#                           role cannot log in until somebody sets one
#   POSTGRES_DB             database to make (default: as POSTGRES_USER)
#   PGDATA                  data directory (default: /var/lib/postgresql/data)
#   POSTGRES_INITDB_ARGS    further arguments for initdb, split at spaces
# Arguments: `postgres` and its options, or any other command, which is then run instead.
# Exit codes: 64 a variable is wrong; 73 the data directory cannot be used; else those of initdb or postgres.
# Safe to run twice: a first start that was broken off is made anew, a finished one is never touched.
set -euo pipefail

readonly LIBRARY=/usr/local/lib/berth CONFIG=/etc/berth

fail() {
  local code=$1
  shift
  printf 'error: %s\n' "$*" >&2
  exit "$code"
}

check_variables() {
  [[ -n ${POSTGRES_USER:-} ]] ||
    fail 64 "POSTGRES_USER is not set; give the login role that shall own the database"
  local name=$POSTGRES_USER
  [[ $name =~ ^[a-zA-Z_][a-zA-Z0-9_-]{0,62}$ && $name != postgres && $name != berth_health && $name != pg_* ]] ||
    fail 64 "POSTGRES_USER is '$name'; allowed are letters, digits, _ and - (at most 63), but not" \
      "postgres, berth_health and pg_...: these belong to the server itself"
  name=${POSTGRES_DB:=$POSTGRES_USER}
  [[ $name =~ ^[a-zA-Z_][a-zA-Z0-9_-]{0,62}$ && $name != template[01] ]] ||
    fail 64 "POSTGRES_DB is '$name'; allowed are letters, digits, _ and - (at most 63), but no template"
  if [[ -n ${POSTGRES_PASSWORD_FILE:-} ]]; then
    [[ -z ${POSTGRES_PASSWORD:-} ]] || fail 64 "set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE, not both"
    [[ -r $POSTGRES_PASSWORD_FILE ]] ||
      fail 64 "POSTGRES_PASSWORD_FILE is '$POSTGRES_PASSWORD_FILE', which uid $(id -u) cannot read"
    POSTGRES_PASSWORD=$(<"$POSTGRES_PASSWORD_FILE")
  fi
  [[ ${POSTGRES_PASSWORD:-} != *[[:cntrl:]]* ]] ||
    fail 64 "the password of $POSTGRES_USER holds a line break or another control character; choose one without"
}

# Leaves PGDATA empty, or fails. What lies there without PG_VERSION is ours only beside the unfinished mark.
empty_data_directory() {
  mkdir -p "$PGDATA" || fail 73 "$PGDATA cannot be made by uid $(id -u); mount a folder that it owns"
  [[ -w $PGDATA ]] || fail 73 "$PGDATA cannot be written by uid $(id -u); give it the folder with chown"
  if [[ -d $PGDATA/.unfinished ]]; then
    printf 'the first start before this one was broken off: starting anew\n' >&2
    find "$PGDATA" -mindepth 1 -maxdepth 1 ! -name .unfinished ! -name lost+found -exec rm -rf {} +
    rm -rf "$PGDATA/.unfinished"
  fi
  [[ -z $(find "$PGDATA" -mindepth 1 -maxdepth 1 ! -name lost+found -print -quit) ]] ||
    fail 73 "$PGDATA holds files but no database (PG_VERSION is missing); restore it, or empty it on purpose"
}

# The server is reached only through a socket in the unfinished folder, and logs no statement: one of them
# holds the password.
run_first_statements() {
  local work=$1
  PGOPTIONS='' pg_ctl --pgdata="$work" --wait --silent start --options="-c config_file=$CONFIG/postgresql.conf \
    -c hba_file=$CONFIG/pg_hba.conf -c listen_addresses='' -c unix_socket_permissions=0700 \
    -c log_statement=none -c log_min_error_statement=panic -c log_min_duration_statement=-1"
  psql --no-psqlrc --quiet --host=/run/postgresql --username=postgres --dbname=postgres \
    --set=ON_ERROR_STOP=1 --set=admin="$POSTGRES_USER" --set=database="$POSTGRES_DB" \
    --file=- 3< <(printf '%s' "${POSTGRES_PASSWORD:-}") <<<"\\set password \`cat <&3\`
\\include $LIBRARY/initialise.sql"
  pg_ctl --pgdata="$work" --wait --silent --mode=fast stop
}

# All happens in a folder beside the final place; PG_VERSION moves last and makes the cluster count.
initialise() {
  check_variables
  empty_data_directory
  local work=$PGDATA/.unfinished arguments=()
  mkdir -m 0700 "$work"
  read -ra arguments <<<"${POSTGRES_INITDB_ARGS:-}"
  initdb --pgdata="$work" --username=postgres --auth-local=peer --auth-host=reject --data-checksums \
    --encoding=UTF8 --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C.UTF-8 \
    --no-sync --no-instructions "${arguments[@]}" >&2
  run_first_statements "$work"
  initdb --sync-only --pgdata="$work" >&2
  find "$work" -mindepth 1 -maxdepth 1 ! -name PG_VERSION -exec mv -t "$PGDATA" {} +
  sync "$PGDATA"
  mv "$work/PG_VERSION" "$PGDATA/PG_VERSION"
  sync "$PGDATA"
  rmdir "$work"
}

if [[ ${1:-} == -* ]]; then
  set -- postgres "$@"
fi
[[ ${1:-} == postgres ]] || exec "$@"
shift
[[ $(id -u) != 0 ]] || fail 64 "this image runs as uid 999, not as root; leave out 'user: root'"

# A stop signal during the first start ends it at once; the next start begins anew.
trap 'exit 143' INT TERM
[[ -s $PGDATA/PG_VERSION ]] || initialise
[[ ! -d $PGDATA/.unfinished ]] || rmdir "$PGDATA/.unfinished"
chmod 0700 "$PGDATA"
unset POSTGRES_PASSWORD
exec postgres -D "$PGDATA" -c config_file="$CONFIG/postgresql.conf" -c hba_file="$CONFIG/pg_hba.conf" "$@"
