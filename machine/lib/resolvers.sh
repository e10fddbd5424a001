#!/usr/bin/env bash
# Purpose: give a machine resolvers that its own containers reach too. Sourced, never run.
# Inputs: variables of lib/machine.sh. Exit codes: those of docker. Safe to run twice: the same file is written again.

# In a network of its own a container is given 127.0.0.11, which means something else to the containers inside it.
# Docker's default network is given the resolvers as they are outside, loopback ones replaced.
give_resolvers() {
  local file image
  file=$(mktemp)
  chmod 0644 "$file"
  image=$(docker inspect --format '{{.Image}}' "$1")
  docker run --rm --label "berth.name=$MACHINE" --entrypoint cat "$image" /etc/resolv.conf >"$file"
  docker cp "$file" "$1:/etc/berth-machine/resolv.conf"
  rm -f "$file"
}
