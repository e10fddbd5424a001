#!/usr/bin/env bash
# Purpose: bring the rows of the older database into berth's: dump, full read of the dump, restore into a database of
#   its own, comparison of every table and sequence, and only then the place of the application's database. Sourced.
# Inputs: variables APP POSTGRES_IMAGE DB_HOST DATABASE ADMIN_ROLE, OLDER_DATABASE of older.sh.
# Exit codes: 80 the older database does not answer; 81 it can't be dumped; 82 it can't be restored; 83 rows differ;
#   84 too little space.
# Safe to run twice: the older database is only read; the copy takes the application's name last.

ADOPT_SCRIPTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# older_client COMMAND FOLDER ARGUMENTS...: a program of berth's PostgreSQL, at the older database as its superuser.
older_client() {
  local command=$1 folder=$2 user password
  shift 2
  user=$(environment "$OLDER_DATABASE" POSTGRES_USER) password=$(environment "$OLDER_DATABASE" POSTGRES_PASSWORD)
  user=${user:-postgres}
  (umask 077 && password_line "$user" "$password" >"$folder/passwords")
  cp "$ADOPT_SCRIPTS/rows.sql" "$folder/rows.sql"
  chown -R 999:999 "$folder"
  docker run --rm --interactive --log-driver none --no-healthcheck --label "berth.app=$APP" \
    --network "container:$OLDER_DATABASE" --user 999:999 --read-only --cap-drop ALL --security-opt no-new-privileges \
    --volume "$folder:/run/berth:ro" --env PGPASSFILE=/run/berth/passwords --env PGCONNECT_TIMEOUT=30 \
    --env PGHOST=127.0.0.1 --env "PGUSER=$user" --env "PGDATABASE=$(older_name)" --env PGAPPNAME=berth \
    --entrypoint "$command" "$POSTGRES_IMAGE" "$@"
}

older_name() {
  local name
  name=$(environment "$OLDER_DATABASE" POSTGRES_DB)
  [[ -n $name ]] || name=$(environment "$OLDER_DATABASE" POSTGRES_USER)
  printf '%s' "${name:-postgres}"
}

new_database() {
  local container
  container=$(docker ps --quiet --filter "label=com.docker.compose.project=$APP-data" --filter "label=com.docker.compose.service=$DB_HOST")
  [[ -n $container ]] || fail 80 "berth's database does not run on this server, so an older one can't be taken over into it"
  printf '%s' "$container"
}

# superuser COMMAND...: in berth's database container, over the socket that only the superuser is let in by.
superuser() {
  docker exec --interactive --user 999:999 "$(new_database)" "$1" --host=/run/postgresql --username=postgres "${@:2}"
}

superuser_sql() {
  superuser psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 \
    --set=database="$DATABASE" --set=copy="${DATABASE}_adopting" --set=replaced="${DATABASE}_replaced" \
    --set=admin="$ADMIN_ROLE" "$@"
}

check_space() {
  local size free
  size=$(older_client psql "$1" --no-psqlrc --no-password -Atc 'SELECT pg_database_size(current_database())' </dev/null) ||
    fail 80 "the older database does not let its own superuser in; psql says why above"
  free=$(df --output=avail --block-size=1 "$(adoption_folder "$APP")" | tail -n 1)
  # The dump, the copy, and the rows of the copy that was made before.
  ((free > 3 * size + 256 * 1024 * 1024)) ||
    fail 84 "the older database has $((size / 1048576)) MiB; three times that is needed below /srv/berth, where $((free / 1048576)) MiB are free"
}

dump_older() {
  local target=$2
  (umask 077 && older_client pg_dump "$1" --no-password --format=custom --compress=1 --lock-wait-timeout=30s </dev/null >"$target.new") ||
    fail 81 "the older database can't be dumped; pg_dump says why above"
  # Reading the archive's list would say nothing about its rows: everything is unpacked.
  docker run --rm --interactive --log-driver none --network none --user 999:999 --read-only --entrypoint pg_restore \
    "$POSTGRES_IMAGE" --file=/dev/null <"$target.new" || fail 81 "the dump of the older database can't be read back"
  mv -f "$target.new" "$target"
}

restore_copy() {
  superuser_sql --dbname=postgres <<'SQL'
DROP DATABASE IF EXISTS :"copy" WITH (FORCE);
CREATE DATABASE :"copy" OWNER :"admin" TEMPLATE template0;
REVOKE ALL ON DATABASE :"copy" FROM PUBLIC;
SQL
  superuser pg_restore --dbname="${DATABASE}_adopting" --no-owner --no-privileges --role="$ADMIN_ROLE" --exit-on-error \
    --single-transaction <"$1" || fail 82 "the dump of the older database can't be restored; pg_restore says why above"
}

compare_rows() {
  local folder=$1 kept
  kept=$(adoption_folder "$APP")
  older_client psql "$folder" --no-psqlrc --no-password --set=ON_ERROR_STOP=1 --file=/run/berth/rows.sql </dev/null >"$kept/old.rows" ||
    fail 80 "the rows of the older database can't be counted; psql says why above"
  superuser psql --no-psqlrc --set=ON_ERROR_STOP=1 --dbname="${DATABASE}_adopting" --file=- <"$ADOPT_SCRIPTS/rows.sql" >"$kept/new.rows"
  if ! diff "$kept/old.rows" "$kept/new.rows" >"$kept/differing.rows"; then
    fail 83 "the copy of the older database is not the same; lines with < are the older one's:"$'\n'"$(head -n 10 "$kept/differing.rows")"
  fi
  [[ -s $kept/old.rows ]] || fail 83 "the older database $(older_name) has no table"
}

# The copy becomes the application's database.
replace_database() {
  superuser_sql --dbname=postgres <<'SQL'
DROP DATABASE IF EXISTS :"replaced" WITH (FORCE);
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN (:'database', :'copy') \g /dev/null
SELECT format('ALTER DATABASE %I RENAME TO %I', datname, :'replaced') FROM pg_database WHERE datname = :'database' \gexec
ALTER DATABASE :"copy" RENAME TO :"database";
DROP DATABASE IF EXISTS :"replaced" WITH (FORCE);
SQL
}
