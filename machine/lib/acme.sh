#!/usr/bin/env bash
# Purpose: containers beside a machine, and the ACME test authority among them. Sourced, never run.
# Inputs: variables of lib/machine.sh and STACK. Exit codes: those of docker.
# Safe to run twice: what runs with the same settings is kept; with others it is made anew.

# run_part CONTAINER ADDRESS SETTINGS (options and command of docker run)
run_part() {
  local container=$1 address=$2 settings=$3
  shift 3
  if [[ $(label_value "$container" berth.settings) == "$settings" ]]; then
    docker start "$container" >/dev/null
    return
  fi
  remove_container "$container"
  docker run --detach --name "$container" \
    --label "berth.stack=$STACK" --label "berth.name=$MACHINE" --label "berth.settings=$settings" \
    --network "$MACHINE" --ip "$address" --restart unless-stopped "$@" >/dev/null
}

# make_authority IMAGE   prints the certificate that Pebble's own API is signed by
make_authority() {
  local labels=(--label "berth.stack=$STACK" --label "berth.name=$MACHINE")
  docker volume create "${labels[@]}" "$ACME" >/dev/null
  docker run --rm "${labels[@]}" --network none --volume "$ACME:/etc/pebble/tls" "$1" make-authority
}

# Nothing of what these containers do needs rights.
# shellcheck disable=SC2034
PART_OPTIONS=(--read-only --cap-drop ALL --security-opt no-new-privileges)

# Each name is proved for each certificate: half of the time Pebble would take an earlier proof instead.
# run_pebble IMAGE SETTINGS ADDRESS DNS_SERVER SKIP_DELAY REJECT_NONCES
run_pebble() {
  run_part "$ACME" "$3" "$2" "${PART_OPTIONS[@]}" --network-alias acme --network-alias pebble \
    --volume "$ACME:/etc/pebble/tls:ro" \
    --env "PEBBLE_VA_NOSLEEP=$5" --env "PEBBLE_WFE_NONCEREJECT=$6" --env PEBBLE_AUTHZREUSE=0 \
    "$1" pebble -config /etc/pebble/config.json -dnsserver "$4"
}
