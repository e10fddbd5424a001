#!/usr/bin/env bash
# Purpose: print the roles, one a line, whose password in the password file lets them log in. Runs inside the
#   client container, see psql.sh.
# Inputs: role names as arguments; PGUSER is the admin, who has to get in.
# Exit codes: 0; 69 the admin cannot log in (psql says why). A server that is restarting is awaited for 60 s.
# Safe to run twice: it only reads. A role that does not exist yet leaves one line in the server's log.
set -euo pipefail

log_in() { psql --no-psqlrc --no-password --username="$1" --command='SELECT 1' >/dev/null; }

# Asked without TLS: a certificate that is refused is no reason to wait, and the login below says why it is.
until PGSSLMODE=disable pg_isready --quiet || ((SECONDS > 60)); do
  sleep 0.5
done
log_in "$PGUSER" || exit 69
for role in "$@"; do
  if log_in "$role" 2>/dev/null; then
    printf '%s\n' "$role"
  fi
done
