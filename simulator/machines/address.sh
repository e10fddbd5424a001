#!/usr/bin/env bash
# Purpose: a public address that leads to the machine it is assigned to, and refuses connections while it is to none.
# Inputs: stdin NETWORK (name of the rehearsal), ADDRESS, FOLDER (of this address; its file target is written),
#   TARGET? (a machine's address), REMOVE? (1: give the address up).
# Output: none. Exit codes: 69 Docker does not answer; else that of docker.
# Safe to run twice: what is right is left alone.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
machine=$here/../../machine
# shellcheck source=machine/lib/machine.sh
source "$machine/lib/machine.sh"
# shellcheck source=machine/lib/acme.sh
source "$machine/lib/acme.sh"

read_inputs NETWORK ADDRESS FOLDER 'TARGET?' 'REMOVE?'
# shellcheck disable=SC2153 # read_inputs sets it
name_parts "$NETWORK"
# shellcheck disable=SC2034 # read by run_part
STACK=$NETWORK
need_docker
# shellcheck disable=SC2153 # read_inputs sets it
container=$MACHINE-address-${ADDRESS##*.}
if [[ -n $REMOVE ]]; then
  remove_container "$container"
  rm -rf "$FOLDER"
  exit 0
fi
mkdir -p "$FOLDER"
printf '%s\n' "$TARGET" >"$FOLDER/target"
if [[ $(is_running "$container") == true ]]; then
  docker exec "$container" forward once
  exit 0
fi
image=$("$machine/build.sh" rehearsal-network)
run_part "$container" "$ADDRESS" "$image" --cap-add NET_ADMIN --sysctl net.ipv4.ip_forward=1 \
  --volume "$FOLDER:/assignment:ro" "$image" forward
