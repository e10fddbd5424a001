#!/usr/bin/env bash
# Purpose: run a command while holding the database's migration lock, so that two migrations never run at once.
#   with-migration-lock.sh command [argument ...]
# Inputs (stdin, see lib/inputs.sh): those of psql.sh, and
#   WAIT_SECONDS?   how long to wait for another holder (default 300)
# The command gets nothing on its stdin; its stdout and stderr are this script's.
# Exit codes: 64 a value is wrong; 69 the database cannot be reached; 75 another migration holds the lock for
#   longer than WAIT_SECONDS, nothing was run; 76 the session with the lock was lost, the command was stopped;
#   else those of the command.
# Safe to run twice: the lock is a session's, and ends with this script and its command, however they end.
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=host/lib/inputs.sh
source "$here/../lib/inputs.sh"
# shellcheck source=host/database/psql.sh
source "$here/psql.sh"

read_inputs "${DATABASE_INPUTS[@]}" 'WAIT_SECONDS?'
check_database_inputs
[[ ${WAIT_SECONDS:=300} =~ ^[1-9][0-9]{0,4}$ ]] ||
  fail 64 "WAIT_SECONDS is '$WAIT_SECONDS'; give a whole number from 1 to 99999"
[[ $# -gt 0 ]] || fail 64 "no command is given; call: with-migration-lock.sh command [argument ...]"

readonly KEY="hashtextextended('berth migration', 0)"

# That the session is over is for hear to tell.
ask() { { printf '%s\n' "$1" >&"$keep_session"; } 2>/dev/null || true; }

# Reads the session's next line into $answer; fails when the session is over.
hear() {
  answer=
  IFS= read -r answer <&"$from_session"
}

take_lock() {
  # It begins when it is told to: bash forgets the ends of one that is over.
  coproc LOCK {
    read -r _
    run_psql --file=- 2>"$PSQL_DIRECTORY/said"
  }
  lock_session=$LOCK_PID
  # The command inherits this end of the session's stdin, as it would not inherit that of bash's own: should this
  # script be killed, the lock lasts as long as the command.
  exec {keep_session}>&"${LOCK[1]}" {from_session}<&"${LOCK[0]}"
  ask begin
  ask "SET statement_timeout = 0; SET idle_session_timeout = 0;"
  local deadline=$((SECONDS + WAIT_SECONDS)) is_told=
  # Asked again and again: a session that waits inside the server could not be stopped by a signal.
  while ask "SELECT pg_try_advisory_lock($KEY);" && hear && [[ $answer == f ]]; do
    ((SECONDS < deadline)) ||
      fail 75 "another migration of $DATABASE still runs after $WAIT_SECONDS s; nothing was run. Try again when it is" \
        "done, or end its session (application_name berth in pg_stat_activity)"
    [[ -n $is_told ]] || say "another migration of $DATABASE is running: waiting for it, up to $WAIT_SECONDS s"
    is_told=yes
    sleep 1
  done
  [[ $answer == t ]] && return
  cat "$PSQL_DIRECTORY/said" >&2
  fail 69 "database $DATABASE at $DB_HOST:$DB_PORT does not let $ADMIN_ROLE in; psql says why above"
}

close_lock() {
  [[ -z ${heartbeat:-} ]] || kill "$heartbeat" 2>/dev/null || true
  close_psql
}

end_command() { [[ -z ${command:-} ]] || kill -TERM "$command" 2>/dev/null || true; }

# A stop signal goes on to the command; the lock is kept until the command has ended.
stop() {
  end_command
  [[ -z ${command:-} ]] || wait "$command" || true
  exit 143
}

# psql notices a lost connection only when it has something to say; silence would also let a firewall forget it.
keep_talking() {
  while kill -0 $$ 2>/dev/null && printf 'SELECT 1 \\g /dev/null\n' >&"$keep_session"; do
    sleep 1
  done
}

run_command() {
  keep_talking 2>/dev/null &
  heartbeat=$!
  # A signal that comes before the command's id is known has to wait for it.
  local is_stopped=
  trap 'is_stopped=yes' INT TERM HUP
  "$@" </dev/null &
  command=$!
  trap stop INT TERM HUP
  [[ -z $is_stopped ]] || stop
  local status=0 ended=
  wait -n -p ended "$command" "$lock_session" || status=$?
  if [[ $ended == "$lock_session" ]]; then
    end_command
    wait "$command" || true
    fail 76 "the database session with the migration lock was lost; the command was stopped, run it again"
  fi
  return "$status"
}

trap close_lock EXIT
# A session that is gone shows as a failed write; the signal would end this script without a word.
trap : PIPE
trap stop INT TERM HUP
# In a container of its own: the session lasts as long as the command, though the one that others share be removed.
unset BERTH_DATABASE_CLIENT
open_psql
take_lock
run_command "$@"
