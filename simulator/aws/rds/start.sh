#!/usr/bin/env bash
# Purpose: run PostgreSQL inside a container as RDS does: made on the first start with rdsadmin as the only
#   superuser and a master user who is none. Runs in the image of images/postgres, as uid 999.
# Inputs:  $1 master user, $2 database; /rds (read-only) with postgresql.conf, pg_hba.conf, server.crt,
#   server.key, and for the first start `password`. PGDATA is the data directory.
# Exit codes: those of initdb, psql and postgres.
# Safe to run twice: a first start that was broken off is made anew, a finished one is never touched.
set -euo pipefail

readonly library=/usr/local/lib/rds settings=(-c config_file=/rds/postgresql.conf -c hba_file=/rds/pg_hba.conf)

initialise() {
  local master=$1 database=$2 work=$PGDATA/.unfinished
  find "$PGDATA" -mindepth 1 -maxdepth 1 -exec rm -rf {} +
  mkdir -m 0700 "$work"
  initdb --pgdata="$work" --username=rdsadmin --auth=reject --data-checksums --encoding=UTF8 \
    --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C.UTF-8 --no-sync --no-instructions >&2
  # Nobody else can reach the server yet, and no statement is logged: one of them holds the password.
  pg_ctl --pgdata="$work" --wait --silent start --options="${settings[*]} -c listen_addresses='' \
    -c log_statement=none -c log_min_error_statement=panic -c log_min_duration_statement=-1"
  psql --no-psqlrc --quiet --host=/run/postgresql --username=rdsadmin --dbname=postgres \
    --set=ON_ERROR_STOP=1 --set=master="$master" --set=database="$database" --file=- <<<"\\set password \`cat /rds/password\`
\\include $library/initialise.sql"
  pg_ctl --pgdata="$work" --wait --silent --mode=fast stop
  find "$work" -mindepth 1 -maxdepth 1 ! -name PG_VERSION -exec mv -t "$PGDATA" {} +
  mv "$work/PG_VERSION" "$PGDATA/PG_VERSION"
  sync "$PGDATA"
}

# A stop signal during the first start ends it at once; the next start begins anew.
trap 'exit 143' INT TERM
[[ -s $PGDATA/PG_VERSION ]] || initialise "$1" "$2"
rm -rf "$PGDATA/.unfinished"
exec postgres -D "$PGDATA" "${settings[@]}"
