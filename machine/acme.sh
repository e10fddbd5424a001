#!/usr/bin/env bash
# Purpose: start the ACME test authority (Pebble) and its DNS server beside a machine that does not exist yet.
# Inputs: stdin NAME, STACK, SKIP_DELAY? (1: validate at once, the default; 0: as slowly as a public authority),
#   REJECT_NONCES? (percent of good requests that are refused, default 0).
# Output: PEM on stdout, the authority that https://acme:14000 is signed by; for cloud-init's ca_certs.
# Exit codes: 64 a value is wrong; 69 Docker does not answer or has no free network; 75 Pebble did not start.
# Safe to run twice: what runs with the same settings is kept; with others it is made anew (it holds nothing that lasts).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=machine/lib/machine.sh
source "$here/lib/machine.sh"
# shellcheck source=machine/lib/network.sh
source "$here/lib/network.sh"
# shellcheck source=machine/lib/acme.sh
source "$here/lib/acme.sh"

read_inputs NAME STACK 'SKIP_DELAY?' 'REJECT_NONCES?'
# shellcheck disable=SC2153 # read_inputs sets it
name_parts "$NAME"
need_docker
: "${SKIP_DELAY:=1}" "${REJECT_NONCES:=0}"
[[ $SKIP_DELAY =~ ^[01]$ ]] || fail 64 "SKIP_DELAY is \"$SKIP_DELAY\"; allowed: 0 or 1"
[[ $REJECT_NONCES =~ ^[0-9]{1,2}$ ]] || fail 64 "REJECT_NONCES is \"$REJECT_NONCES\"; allowed: 0 to 99"

image=$("$here/build.sh" pebble)
settings=$image/$SKIP_DELAY/$REJECT_NONCES
ensure_network
prefix=$(network_prefix)
# Beside each other, as each start takes most of a second. Every name leads to the machine; set by flag, so that a restart
# keeps it.
run_part "$ACME_DNS" "$prefix.12" "$settings" "${PART_OPTIONS[@]}" "$image" \
  pebble-challtestsrv -defaultIPv4 "$prefix.10" -defaultIPv6 "" -dns01 :8053 -http01 "" -https01 "" -tlsalpn01 "" -doh "" &
name_server=$!
make_authority "$image"
run_pebble "$image" "$settings" "$prefix.11" "$prefix.12:8053" "$SKIP_DELAY" "$REJECT_NONCES"
wait "$name_server"

wait_until 180 "the ACME server $ACME (see \`docker logs $ACME\`)" "$here/acme-root.sh" "$MACHINE"
