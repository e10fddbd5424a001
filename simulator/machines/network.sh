#!/usr/bin/env bash
# Purpose: the network of a rehearsal: its DNS server and the ACME test authority.
# Inputs: stdin NAME (names and labels all of it), STATE (the simulator's state folder).
# Output: one JSON line on stdout: name, prefix, dns.
# Exit codes: 64 a value is wrong; 69 Docker does not answer or has no free network; 70 an image can't be built;
#   75 Pebble did not start.
# Safe to run twice: what runs is kept.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
machine=$here/../../machine
# shellcheck source=machine/lib/machine.sh
source "$machine/lib/machine.sh"
# shellcheck source=machine/lib/network.sh
source "$machine/lib/network.sh"
# shellcheck source=machine/lib/acme.sh
source "$machine/lib/acme.sh"

read_inputs NAME STATE
# shellcheck disable=SC2153 # read_inputs sets it
name_parts "$NAME"
# Read by the functions above.
# shellcheck disable=SC2034
STACK=$NAME
need_docker
image=$("$machine/build.sh" rehearsal-network)
pebble=$("$machine/build.sh" pebble)

ensure_network
prefix=$(network_prefix)
mkdir -p "$STATE/dns"
touch "$STATE/dns/hosts"
run_part "$ACME_DNS" "$prefix.12" "$image" --volume "$STATE/dns:/names:ro" "$image" serve-names
make_authority "$pebble" >"$STATE/authority.pem"
run_pebble "$pebble" "$pebble" "$prefix.11" "$prefix.12:53" 1 0
wait_until 180 "the ACME server $ACME (see \`docker logs $ACME\`)" "$machine/acme-root.sh" "$MACHINE"
printf '{"name":"%s","prefix":"%s","dns":"%s"}\n' "$MACHINE" "$prefix" "$prefix.12"
