#!/usr/bin/env bash
# Purpose: print the root certificate that Pebble signs with now (it makes a new one at every start of its own).
# Inputs: argument 1, the machine's name. Output: PEM on stdout.
# Exit codes: 64 a wrong name; 69 Pebble does not answer.
# Safe to run twice: it only reads.
set -euo pipefail
# shellcheck source=machine/lib/machine.sh
source "$(cd "$(dirname "$0")" && pwd)/lib/machine.sh"
name_parts "${1-}"
docker exec "$ACME" curl --silent --show-error --fail --max-time 30 --cacert /etc/pebble/tls/authority.pem \
  https://localhost:15000/roots/0 ||
  fail 69 "the ACME server $ACME does not answer; \`machine/start.sh $MACHINE\` starts it"
