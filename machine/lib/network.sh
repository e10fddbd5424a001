#!/usr/bin/env bash
# Purpose: the private network of one machine, in which each part has a fixed address. Sourced, never run.
# Inputs: variables of lib/machine.sh and STACK. Exit codes: 69 no private range is free.
# Safe to run twice: a network that exists is kept.

network_prefix() {
  docker network inspect --format '{{(index .IPAM.Config 0).Subnet}}' "$MACHINE" 2>/dev/null |
    sed -E 's#\.[0-9]+/[0-9]+$##'
}

# Docker gives fixed addresses only in a range that was asked for: let it choose a free one first, then ask for that.
ensure_network() {
  local trial prefix attempt
  [[ -z $(network_prefix) ]] || return 0
  for attempt in 1 2 3 4 5; do
    trial=$(docker network create --label "berth.stack=$STACK" --label "berth.name=$MACHINE" "$MACHINE-trial-$$-$attempt")
    prefix=$(docker network inspect --format '{{(index .IPAM.Config 0).Subnet}}' "$trial" | sed -E 's#\.[0-9]+/[0-9]+$##')
    docker network rm "$trial" >/dev/null
    [[ $prefix =~ ^(10\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.) ]] ||
      fail 69 "Docker hands out $prefix.0, which is no private range; set default-address-pools in its daemon.json"
    # Another machine may have taken the range in between.
    if docker network create --subnet "$prefix.0/24" --gateway "$prefix.1" \
      --label "berth.stack=$STACK" --label "berth.name=$MACHINE" "$MACHINE" >/dev/null; then
      return 0
    fi
  done
  fail 69 "no range for the network of $MACHINE could be had from Docker in five tries"
}

# A network goes when neither the machine nor its ACME server is left.
remove_network_if_unused() {
  # One that was being tried out when its script was killed.
  docker network ls --quiet --filter "name=^$MACHINE-trial-" | xargs --no-run-if-empty docker network rm >/dev/null
  [[ -n $(network_prefix) ]] || return 0
  [[ -z $(is_running "$MACHINE")$(is_running "$ACME")$(is_running "$ACME_DNS") ]] || return 0
  docker network rm "$MACHINE" >/dev/null
}
