#!/usr/bin/env bash
# Purpose: names of a machine's parts, and what the scripts of this folder share. Sourced, never run.
# Inputs: none. Exit codes: 64 a name that Docker would refuse; 69 no Docker; 75 waited in vain.
# Safe to run twice: it only defines functions and variables.

# shellcheck source=host/lib/inputs.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../host/lib/inputs.sh"

# Sets the names of the machine's parts from its own, for the scripts that source this file.
# shellcheck disable=SC2034
name_parts() {
  [[ $1 =~ ^[a-z][a-z0-9-]{0,40}$ ]] ||
    fail 64 "machine name \"$1\" is not allowed: lower-case letters, digits and dashes, 41 at most, a letter first"
  MACHINE=$1
  ACME=$1-acme
  ACME_DNS=$1-dns
  VOLUMES=("$1-docker" "$1-containerd" "$1-data")
}

need_docker() {
  docker version --format '{{.Server.Version}}' >/dev/null 2>&1 ||
    fail 69 "Docker does not answer; start it (\`docker version\` tells why it does not), then run this again"
}

# Prints true or false; nothing when the container does not exist.
is_running() { docker container inspect --format '{{.State.Running}}' "$1" 2>/dev/null || true; }

# wait_until SECONDS "what is awaited" COMMAND...   polls, as Docker tells nothing when something inside is ready
wait_until() {
  local limit=$1 what=$2 deadline=$((SECONDS + $1))
  shift 2
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || fail 75 "waited $limit s in vain for $what"
    sleep 0.2
  done
}

label_value() { docker inspect --format "{{index .Config.Labels \"$2\"}}" "$1" 2>/dev/null || true; }

# Docker gives up on a container that is long to die, as one with many processes on a busy machine is; it dies all the same.
remove_container() {
  local tries=5
  while [[ -n $(is_running "$1") ]]; do
    if docker rm --force --volumes "$1" >/dev/null; then return; fi
    ((--tries > 0)) || fail 69 "Docker does not remove the container $1 (it says why above)"
    sleep 3
  done
}

remove_volume() { ! docker volume inspect "$1" >/dev/null 2>&1 || docker volume rm "$1" >/dev/null; }
