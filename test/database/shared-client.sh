#!/usr/bin/env bash
# Purpose: what migrate.sh does with the database scripts, in one client: roles, lock, roles again, checks.
# Inputs: argument 1, the folder host/; stdin, the inputs of database/psql.sh, ROLES, CHECKS, and HOLD? (seconds to wait
#   with the client open). Output: what the scripts print, and the containers of clients before and after.
# Exit codes: those of the scripts. Safe to run twice: as the scripts are.
set -euo pipefail
host=$1
# shellcheck source=host/lib/inputs.sh
source "$host/lib/inputs.sh"
# shellcheck source=host/database/psql.sh
source "$host/database/psql.sh"
read_inputs "${DATABASE_INPUTS[@]}" ROLES CHECKS 'HOLD?'

clients() { docker ps --all --quiet --filter "label=berth.app=$APP" --filter label=berth.client-of | wc -l; }
give() { give_inputs "${DATABASE_INPUTS[@]%\?}" "$@"; }

trap close_client EXIT
open_client
echo "clients: $(clients)"
sleep "${HOLD:-0}"
give ROLES | "$host/database/roles.sh"
give | "$host/database/with-migration-lock.sh" docker ps --quiet --filter "label=berth.app=$APP"
give ROLES | "$host/database/roles.sh"
give CHECKS | "$host/database/schema-checks.sh"
ls "$BERTH_DATABASE_FOLDER"
close_client
echo "clients: $(clients)"
ls -d "$BERTH_DATABASE_FOLDER" 2>/dev/null || echo "no folder"
