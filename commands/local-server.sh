#!/usr/bin/env bash
# Purpose: before `up` on the local target: start the server if it is stopped; for a new one, find free ports and
#   write those that differ from the usual ones into the stack's configuration.
# Inputs: STACK. Exit codes: 3 the server was removed outside of berth; those of machine/start.sh and free-ports.sh.
# Safe to run twice: a server that runs is left alone, and keeps its ports.
set -euo pipefail
source "$(dirname "$0")/stack.sh"
# shellcheck source=toolchain/env.sh
. toolchain/env.sh

target=$(setting target)
[[ ${target:-local} == local ]] || exit 0
if docker container inspect "$MACHINE" >/dev/null 2>&1; then
  machine/start.sh "$MACHINE"
  exit 0
fi

# The engine cannot see that a container it made was removed, and would report that nothing is to be done.
state=$(pulumi stack export --stack "$STACK")
if grep -q '::server-machine"' <<<"$state"; then
  stop 3 "the server of stack $STACK is gone: container $MACHINE was removed outside of berth; run make down, which removes what is left of it with its data, then make up"
fi

http=$(setting localHttpPort) https=$(setting publicPort) ssh=$(setting localSshPort)
http=${http:-80} https=${https:-443} ssh=${ssh:-2222}
ports=$(machine/free-ports.sh "$MACHINE" "$http" "$https" "$ssh")
for pair in "http localHttpPort $http" "https publicPort $https" "ssh localSshPort $ssh"; do
  read -r name key configured <<<"$pair"
  port=$(sed -E "s/.*\"$name\":([0-9]+).*/\1/" <<<"$ports")
  if [[ $port != "$configured" ]]; then
    printf '  port %s is taken on this machine: %s is %s (written to Pulumi.%s.yaml)\n' \
      "$configured" "$key" "$port" "$STACK"
    # Given a terminal, Pulumi asks it for its colours and waits where it does not answer.
    pulumi config set "$key" "$port" --stack "$STACK" --non-interactive </dev/null >/dev/null 2>&1
  fi
done
