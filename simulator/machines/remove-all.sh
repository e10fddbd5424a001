#!/usr/bin/env bash
# Purpose: remove all that a rehearsal has on this machine: containers, volumes, network, loop devices.
# Inputs: argument 1, the rehearsal's name; argument 2, the simulator's state folder, which is left to the caller.
# Exit codes: 64 a wrong name; 69 Docker does not answer; else that of docker.
# Safe to run twice: what is gone already is passed over.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=machine/lib/machine.sh
source "$here/../../machine/lib/machine.sh"
name_parts "${1-}"
state=${2:?the state folder is needed}
need_docker
label=label=berth.stack=$MACHINE
while read -r container; do remove_container "$container"; done < <(docker ps --all --quiet --filter "$label")
docker volume ls --quiet --filter "$label" | xargs --no-run-if-empty docker volume rm >/dev/null
docker network ls --quiet --filter "$label" | xargs --no-run-if-empty docker network rm >/dev/null
losetup --noheadings --output NAME,BACK-FILE | while read -r loop file _; do
  if [[ $file == "$state"/* ]]; then losetup --detach "$loop"; fi
done
