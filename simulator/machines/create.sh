#!/usr/bin/env bash
# Purpose: make a machine of a rehearsal, a container that boots as a Debian 13 server, and start it.
# Inputs: stdin NETWORK (name of the rehearsal), NAME (of the machine), HOSTNAME, ADDRESS, DNS, USER_DATA, META_DATA,
#   VENDOR_DATA?, NEVER_BOOTS? (1: it stays dead), SSH_REFUSED? (seconds).
# Output: none. Exit codes: 64 a value is wrong; 69 Docker does not answer; else that of docker.
# Safe to run twice: a machine of that name is kept and started.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
machine=$here/../../machine
# shellcheck source=machine/lib/machine.sh
source "$machine/lib/machine.sh"
# shellcheck source=machine/lib/container.sh
source "$machine/lib/container.sh"

read_inputs NETWORK NAME HOSTNAME ADDRESS DNS USER_DATA META_DATA 'VENDOR_DATA?' 'NEVER_BOOTS?' 'SSH_REFUSED?'
# shellcheck disable=SC2153 # read_inputs sets it
name_parts "$NAME"
need_docker
image=$("$machine/build.sh" machine)
labels=(--label "berth.stack=$NETWORK" --label "berth.name=$MACHINE")

if [[ -z $(is_running "$MACHINE") ]]; then
  # Under another name until it is whole, so that a kill in between leaves nothing that looks finished.
  draft=$MACHINE-draft
  remove_container "$draft"
  for volume in docker containerd; do docker volume create "${labels[@]}" "$MACHINE-$volume" >/dev/null; done
  docker create --name "$draft" "${labels[@]}" --hostname "$HOSTNAME" --network "$NETWORK" --ip "$ADDRESS" \
    "${MACHINE_OPTIONS[@]}" \
    --volume "$MACHINE-docker:/var/lib/docker" --volume "$MACHINE-containerd:/var/lib/containerd" "$image" >/dev/null
  give_seed "$draft"
  files=$(mktemp -d)
  trap 'rm -rf "$files"' EXIT
  mkdir "$files/berth-machine"
  printf 'nameserver %s\n' "$DNS" >"$files/berth-machine/resolv.conf"
  if [[ -n $NEVER_BOOTS ]]; then touch "$files/berth-machine/never-boots"; fi
  chmod 0644 "$files"/berth-machine/*
  docker cp "$files/berth-machine" "$draft:/etc/"
  docker rename "$draft" "$MACHINE"
fi
docker start "$MACHINE" >/dev/null
if [[ -n $SSH_REFUSED ]]; then
  rule=(INPUT -p tcp --dport 22 -j REJECT --reject-with tcp-reset)
  docker exec "$MACHINE" iptables --wait -I "${rule[@]}"
  # shellcheck disable=SC2016 # it is expanded in the machine
  docker exec --detach "$MACHINE" bash -c 'sleep "$1"; shift; iptables --wait -D "$@"' - "$SSH_REFUSED" "${rule[@]}"
fi
