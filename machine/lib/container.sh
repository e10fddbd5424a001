#!/usr/bin/env bash
# Purpose: how a container has to be run to boot as a server, and how it is given its seed. Sourced, never run.
# Inputs: none. Exit codes: those of docker. Safe to run twice: it only defines functions and variables.

# For the scripts that source this file.
# shellcheck disable=SC2034
MACHINE_OPTIONS=(
  --restart unless-stopped --stop-timeout 60
  --cap-add ALL --cap-drop SYS_RESOURCE --cgroupns private --device-cgroup-rule 'a *:* rwm'
  --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined
  --tmpfs /run:exec --tmpfs /run/lock --tmpfs /tmp:exec
)

# give_seed CONTAINER   cloud-init's seed out of USER_DATA, META_DATA and, when it is set, VENDOR_DATA
give_seed() {
  local seed
  seed=$(mktemp -d)
  mkdir "$seed/nocloud"
  printf '%s' "$USER_DATA" >"$seed/nocloud/user-data"
  printf '%s\n' "$META_DATA" >"$seed/nocloud/meta-data"
  if [[ -n ${VENDOR_DATA-} ]]; then printf '%s\n' "$VENDOR_DATA" >"$seed/nocloud/vendor-data"; fi
  docker cp "$seed/nocloud" "$1:/var/lib/cloud/seed/"
  rm -rf "$seed"
}
