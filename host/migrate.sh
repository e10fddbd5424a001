#!/usr/bin/env bash
# Purpose: everything of a release that comes before its services start: files, images, roles, migration, schema
#   checks. The release that serves is not touched.
# Inputs (stdin): APP RELEASE; COMPOSE, the release's Compose file; ENV_FILE, its variables; SECRET_NAMES, those of them
#   that are secret, one a line; IMAGES, one a line;
#   MIGRATE_SERVICE, empty for none; REVISIONS, JSON list, the command that prints {"current", "heads"};
#   SQL_CHECKS, JSON; and with a database those of database/psql.sh and ROLES.
# Output: a line that differs with each run, by which release.sh knows that it has to follow.
# Exit codes: 27 the data volume is not mounted; 40 another release is under way; 45 an image can't be pulled; 46 the
#   migration failed; 47 the schema is not at the image's revision; 70 roles or schema checks failed; those of
#   adopt/hooks.sh.
# Safe to run twice: a migrated schema is migrated no further.
set -euo pipefail
cd "$(dirname "$0")"
source lib/inputs.sh
source lib/distribution.sh
source lib/files.sh
source lib/lease.sh
source lib/release.sh
source lib/volume-folders.sh
source database/psql.sh
source migrate/schema.sh
source adopt/hooks.sh
read_inputs APP RELEASE COMPOSE ENV_FILE IMAGES MIGRATE_SERVICE REVISIONS SQL_CHECKS \
  'SECRET_NAMES?' 'POSTGRES_IMAGE?' 'DB_HOST?' 'DB_PORT?' 'DATABASE?' 'ADMIN_ROLE?' 'ADMIN_PASSWORD?' 'DB_SSLMODE?' 'DB_CA?' 'ROLES?'

# The lease outlives this step: release.sh takes it over under the same release id.
take_lease "$APP" "$RELEASE" 1800
ended() {
  close_client
  (($1 == 0)) || drop_lease "$APP" "$RELEASE"
  adoption_failed "$1"
}
trap 'ended $?' EXIT

folder=$(release_folder "$APP" "$RELEASE")
install -d -m 0755 "/opt/$APP" "/opt/$APP/releases"
install -d -m 0700 "$folder"
version=$(docker version --format '{{.Server.Version}}')
place_text "$(for_docker "$version" <<<"$COMPOSE")" "$folder/compose.json" 0600 || true
place_text "$ENV_FILE" "$folder/.env" 0600 || true
place_text "$SECRET_NAMES" "$folder/secret-names" 0600 || true
# Read by the release's containers, which check the database's certificate with it.
if [[ -n $DB_CA ]]; then
  place_text "$DB_CA" "/opt/$APP/database-ca.pem" 0644 || true
else
  rm -f "/opt/$APP/database-ca.pem"
fi
# No data service made it where the database is a managed one.
ensure_data_network

say "pulling the images of release $RELEASE"
pull_image() { docker image inspect "$1" >/dev/null 2>&1 || docker pull --quiet "$1" >/dev/null; }
# All at once: unpacking one leaves a processor idle.
declare -A pulls=()
while read -r image; do
  pull_image "$image" &
  pulls[$image]=$!
done <<<"$IMAGES"
for image in "${!pulls[@]}"; do
  wait "${pulls[$image]}" || fail 45 "the image $image can't be pulled from the server's registry"
done
make_volume_folders "" "$COMPOSE"

if [[ -n $DB_HOST ]]; then
  adoption_take_over
  open_client
  say "settling the roles of database $DATABASE"
  settle_roles
  if [[ -n $MIGRATE_SERVICE ]]; then
    migrate_schema
    check_revisions
    settle_roles
  fi
  check_schema
fi
# release.sh follows at once and takes the lease over; should it not, nobody waits long.
take_lease "$APP" "$RELEASE" 300
echo "release $RELEASE is migrated at $(date -u +%FT%TZ)"
