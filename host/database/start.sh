#!/usr/bin/env bash
# Purpose: run the app's data services and, where one of them is the database, bring its admin to the declared state.
#   The admin is no superuser, as the master of a managed database; roles.sh does the rest as this admin.
# Inputs (stdin, see lib/inputs.sh):
#   APP             name of the app
#   DATA_COMPOSE    Compose file (JSON) of the data services; its bind sources under /srv/berth are made here,
#                   its external network <app>-data too
#   ENV_FILE        values for its interpolation, NAME=value lines
#   SERVICE?        the Compose service that is the database; none where it is managed elsewhere or there is none
#   DATABASE?, ADMIN_ROLE?, ADMIN_PASSWORD?, with SERVICE
#   WAIT_SECONDS?   how long services may take to be healthy (default 120)
# Environment: BERTH_ROOT, a folder put before /opt and /srv (default none; for tests).
# Output: {"postgresql": "17.12", "pgbackrest": "2.55.1"} on stdout, the same in each run of one version; without SERVICE
#   {"services": ["cache"]}.
# Exit codes: 27 the data volume is not mounted; 45 an image can't be had; 64 a value is wrong; 69 a service did not become
#   healthy in time; 70 the server refused a statement; else those of Docker.
# Safe to run twice: files, containers and roles are touched only where they differ. A new admin password
#   restarts nothing, because the container does not know it.
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=host/lib/inputs.sh
source "$here/../lib/inputs.sh"
# shellcheck source=host/lib/files.sh
source "$here/../lib/files.sh"
# shellcheck source=host/lib/distribution.sh
source "$here/../lib/distribution.sh"
# shellcheck source=host/lib/volume.sh
source "$here/../lib/volume.sh"
# shellcheck source=host/lib/volume-folders.sh
source "$here/../lib/volume-folders.sh"
# shellcheck source=host/database/psql.sh
source "$here/psql.sh"
# shellcheck source=host/database/compose.sh
source "$here/compose.sh"

read_inputs APP DATA_COMPOSE ENV_FILE 'SERVICE?' 'DATABASE?' 'ADMIN_ROLE?' 'ADMIN_PASSWORD?' 'WAIT_SECONDS?'

ROOT=${BERTH_ROOT:-}
APP_DIRECTORY=$ROOT/opt/$APP

check_inputs() {
  [[ $APP =~ ^[a-z][a-z0-9-]{0,40}$ ]] ||
    fail 64 "APP is '$APP'; allowed are lower-case letters, digits and -, beginning with a letter"
  jq --exit-status 'type == "object" and (.services | type == "object")' <<<"$DATA_COMPOSE" >/dev/null 2>&1 ||
    fail 64 "DATA_COMPOSE is no Compose file in JSON form with services"
  [[ ${WAIT_SECONDS:=120} =~ ^[1-9][0-9]{0,3}$ ]] ||
    fail 64 "WAIT_SECONDS is '$WAIT_SECONDS'; give a whole number from 1 to 9999"
  if [[ -n $SERVICE ]]; then check_database; fi
}

check_database() {
  check_name DATABASE "$DATABASE"
  check_name ADMIN_ROLE "$ADMIN_ROLE"
  [[ $ADMIN_ROLE != postgres && $ADMIN_ROLE != berth_health && $ADMIN_ROLE != pg_* ]] ||
    fail 64 "ADMIN_ROLE is '$ADMIN_ROLE', a name of the server itself; choose another"
  jq --exit-status --arg service "$SERVICE" '.services | has($service)' <<<"$DATA_COMPOSE" >/dev/null ||
    fail 64 "SERVICE is '$SERVICE', which DATA_COMPOSE does not have; it has:" \
      "$(jq --raw-output '.services | keys | join(", ")' <<<"$DATA_COMPOSE")"
  [[ -n $ADMIN_PASSWORD ]] || fail 64 "value ADMIN_PASSWORD is missing on stdin"
}

# The password is set by a verifier below; kept out of the container it shows in no `docker inspect`, and a
# new one does not make another container.
without_password() {
  jq --arg service "$SERVICE" '
    def drop: if type == "array" then map(select(startswith("POSTGRES_PASSWORD=") | not))
              else del(.POSTGRES_PASSWORD) end;
    if .services[$service].environment then .services[$service].environment |= drop else . end' <<<"$DATA_COMPOSE"
}

wait_for_database() {
  local deadline=$((SECONDS + WAIT_SECONDS)) container restarts
  container=$(data_compose ps --all --quiet "$SERVICE")
  restarts=$(docker inspect --format '{{.RestartCount}}' "$container")
  until docker exec "$container" /usr/local/lib/berth/healthy.sh >/dev/null 2>&1; do
    if ((SECONDS >= deadline)) || [[ $(docker inspect --format '{{.RestartCount}}' "$container") -gt $((restarts + 3)) ]] ||
      [[ $(docker inspect --format '{{.State.Status}}' "$container") == exited ]]; then
      docker logs --tail 20 "$container" >&2 || true
      fail 69 "service $SERVICE does not answer a query; its last lines are above. Nothing else was changed"
    fi
    sleep 0.2
  done
  DATABASE_CONTAINER=$container
}

start_services() {
  say "starting the data services of $APP"
  data_compose up --detach --remove-orphans >&2
  if [[ -n $SERVICE ]]; then wait_for_database; fi
  if [[ -z $SERVICE || $(jq '.services | length' <<<"$DATA_COMPOSE") -gt 1 ]]; then
    data_compose up --detach --no-recreate --wait --wait-timeout "$WAIT_SECONDS" >&2 ||
      fail 69 "a data service of $APP is not healthy; see: docker compose -p $APP-data logs"
  fi
}

# psql as the superuser, whom only the socket inside the container lets in.
superuser_psql() {
  docker exec --interactive --user 999:999 "$DATABASE_CONTAINER" psql --no-psqlrc --quiet --tuples-only --no-align \
    --host=/run/postgresql --username=postgres --set=ON_ERROR_STOP=1 --set=VERBOSITY=terse \
    --set=admin="$ADMIN_ROLE" --set=database="$DATABASE" "$@" \
    2> >(sed -E 's/^(psql:[^ ]*: )?NOTICE:  //; s/^psql:[^ ]*: //' >&2)
}

settle_admin() {
  local existing verifier
  existing=$(superuser_psql --dbname=postgres <<'SQL'
SELECT json_build_object(:'admin', (SELECT rolpassword FROM pg_authid WHERE rolname = :'admin'));
SQL
  )
  verifier=$(
    printf '%s' "$ADMIN_PASSWORD" | jq --raw-input --slurp --arg role "$ADMIN_ROLE" '{($role): .}' |
      "$here/scram.py" --existing <(printf '%s' "$existing") | jq --raw-output 'to_entries[0].value'
  )
  { printf "\\\\set verifier '%s'\n" "$verifier" && cat "$here/admin.sql"; } |
    superuser_psql --dbname=postgres || fail 70 "the admin $ADMIN_ROLE could not be brought to its declared state"
  cat "$here/adopt.sql" "$here/own-objects.sql" |
    superuser_psql --dbname="$DATABASE" --single-transaction --file=- ||
    fail 70 "what others own in database $DATABASE could not be given to $ADMIN_ROLE"
}

versions() {
  local server backup
  server=$(superuser_psql --dbname=postgres --command="SELECT split_part(current_setting('server_version'), ' ', 1)")
  backup=$(docker exec "$DATABASE_CONTAINER" pgbackrest version)
  jq --null-input --compact-output --arg server "$server" --arg backup "${backup#pgBackRest }" \
    '{postgresql: $server, pgbackrest: $backup}'
}

check_inputs
require_data
install -d -m 0755 "$APP_DIRECTORY"
# Not .env: an older installation that is taken over may have its own in this folder, which stays.
place_text "$ENV_FILE" "$APP_DIRECTORY/data.env" 0600 && say "wrote $APP_DIRECTORY/data.env"
version=$(docker version --format '{{.Server.Version}}')
place_text "$(without_password | for_docker "$version")" "$APP_DIRECTORY/data.json" 0600 && say "wrote $APP_DIRECTORY/data.json"
ensure_data_network
make_volume_folders "$ROOT" "$DATA_COMPOSE" "$SERVICE"
start_services
if [[ -n $SERVICE ]]; then
  settle_admin
  versions
else
  jq --compact-output '{services: (.services | keys)}' <<<"$DATA_COMPOSE"
fi
