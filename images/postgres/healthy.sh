#!/usr/bin/env bash
# Purpose: say whether the database answers a query over TCP. The socket would also answer while the first
#   start is still preparing the data.
# Inputs: none. Exit codes: 0 it answers; anything else it does not.
# Safe to run twice: it only reads.
set -euo pipefail

export PGCONNECT_TIMEOUT=3
answer=$(psql --no-psqlrc --no-password --tuples-only --no-align \
  --host=127.0.0.1 --port=5432 --username=berth_health --dbname=postgres \
  --command='SELECT NOT pg_is_in_recovery()')
[[ $answer == t ]]
