#!/usr/bin/env bash
# Purpose: dump every database of the stack's server to this machine, and read each dump to its end.
#   Leaves $BERTH_CACHE/backups/<stack>/<time>-<database>.dump (pg_restore's custom format, mode 0600), for a rehearsal
#   below BERTH_PROJECT.
# Inputs: STACK, BERTH_PROJECT. Exit codes: 5 there is no database container, or a dump can't be read; else those of ssh
#   and pg_dump.
# Safe to run twice: each run has files of its own, an unfinished one does not keep its name.
set -euo pipefail
source "$(dirname "$0")/stack.sh"
use_tools

server() { COMMAND=$1 commands/ssh.sh; }

# By the postgres image's own mark. The server's shell expands this.
# shellcheck disable=SC2016
container=$(server 'for id in $(sudo docker ps --quiet --filter label=com.docker.compose.service); do
  if sudo docker exec "$id" test -x /usr/local/lib/berth/healthy.sh 2>/dev/null; then echo "$id"; fi; done' </dev/null)
[[ $container =~ ^[0-9a-f]+$ ]] || stop 5 "the server of stack $STACK runs no database container (or several): \"$container\""
as_superuser="--host=/run/postgresql --username=postgres"
databases=$(server "sudo docker exec --user 999:999 $container psql $as_superuser --no-psqlrc --tuples-only --no-align \
  --command=\"SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY 1\"" </dev/null)

backups=${BERTH_PROJECT:-$BERTH_CACHE}/backups/$STACK
time=$(date -u +%Y%m%dT%H%M%SZ)
umask 077
mkdir -p "$backups"
while IFS= read -r database; do
  [[ -n $database ]] || continue
  [[ $database =~ ^[A-Za-z0-9_-]+$ ]] || stop 5 "database \"$database\" has a name that is no file name; dump it by hand (make ssh)"
  file=$backups/$time-$database.dump
  trap 'rm -f "$file.unfinished"' EXIT
  server "sudo docker exec --user 999:999 $container pg_dump $as_superuser --format=custom --dbname=$database" \
    </dev/null >"$file.unfinished"
  server "sudo docker exec --interactive --user 999:999 $container pg_restore --file=/dev/null" <"$file.unfinished" ||
    stop 5 "the dump of database $database can't be read to its end"
  mv "$file.unfinished" "$file"
  printf '  backup of database %s: %s (%s bytes)\n' "$database" "$file" "$(wc -c <"$file")"
done <<<"$databases"
