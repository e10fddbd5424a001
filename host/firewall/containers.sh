#!/usr/bin/env bash
# Purpose: nothing from outside reaches a container, whatever port an application publishes and whoever routes to its
#   address. Docker lets published ports in past ufw, and before version 28 those on 127.0.0.1 by the container's address.
# Inputs: none. Exit codes: those of iptables-restore and iptables.
# Safe to run twice: the rules are replaced in one piece. docker.service runs it before each start.
set -euo pipefail
cd "$(dirname "$0")/.."
source adopt/state.sh

# An older installation that is still to be taken over lets its users in through a container.
if adoption_pending; then exit 0; fi

# insert_jump PROGRAM CHAIN: at the top, once.
insert_jump() {
  "$1" --wait --check "$2" --jump BERTH-CONTAINERS 2>/dev/null || "$1" --wait --insert "$2" --jump BERTH-CONTAINERS
}

programs=(iptables)
if [[ -e /proc/net/if_inet6 ]]; then programs+=(ip6tables); fi
for program in "${programs[@]}"; do
  # Naming the chain empties it; all of it comes into force at once, other chains stay.
  "$program-restore" --wait --noflush <<'RULES'
*filter
:BERTH-CONTAINERS - [0:0]
-A BERTH-CONTAINERS -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN
-A BERTH-CONTAINERS -i docker+ -j RETURN
-A BERTH-CONTAINERS -i br-+ -j RETURN
-A BERTH-CONTAINERS -o docker+ -j DROP
-A BERTH-CONTAINERS -o br-+ -j DROP
COMMIT
RULES
  # Docker keeps this chain before its own rules, and leaves alone what is in it.
  "$program" --wait --new-chain DOCKER-USER 2>/dev/null || true
  insert_jump "$program" DOCKER-USER
done
# Docker before version 27 leaves the chains of IPv6 to others.
if [[ -e /proc/net/if_inet6 ]]; then insert_jump ip6tables FORWARD; fi
