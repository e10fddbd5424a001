#!/usr/bin/env bash
# Purpose: start a machine and its ACME server when they are stopped, and wait until it can be logged in to.
# Inputs: argument 1, the machine's name; --no-wait: do not wait for sshd and systemd.
# Output: none when all runs; else progress on stderr, with the reason when the machine came up degraded.
# Exit codes: 3 no such machine; 64 a wrong name; 69 no Docker, or a port is taken; 75 it did not come up.
# Safe to run twice: what runs is left alone.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=machine/lib/machine.sh
source "$here/lib/machine.sh"
# shellcheck source=machine/lib/resolvers.sh
source "$here/lib/resolvers.sh"
name_parts "${1-}"

# sshd names itself first; a published port alone is answered by Docker even when nothing listens behind it.
sshd_answers() {
  local port
  port=$(docker port "$MACHINE" 22/tcp | head -n 1) && port=${port##*:}
  [[ $(timeout 2 bash -c "exec 3<>/dev/tcp/127.0.0.1/$port && head -c 4 <&3") == SSH- ]]
}

start() {
  local message
  message=$(docker start "$1" 2>&1) || fail 69 "Docker could not start $1: ${message%%$'\n'*}"
}

need_docker
[[ -n $(is_running "$MACHINE") ]] || fail 3 "machine $MACHINE does not exist; \`make up\` makes it"
for part in "$ACME_DNS" "$ACME"; do
  if [[ $(is_running "$part") == false ]]; then start "$part"; fi
done
if [[ $(is_running "$MACHINE") == true ]] && sshd_answers; then exit 0; fi

started=$SECONDS begun=''
if [[ $(is_running "$MACHINE") == false ]]; then
  if [[ $(docker inspect --format '{{.State.StartedAt}}' "$MACHINE") != 0001-* ]]; then give_resolvers "$MACHINE"; fi
  say "starting machine $MACHINE ..."
  start "$MACHINE"
  begun=yes
fi
[[ ${2-} != --no-wait ]] || exit 0

wait_until 300 "sshd on machine $MACHINE (see \`docker exec $MACHINE journalctl -b -u ssh\`)" sshd_answers
state=$(timeout 300 docker exec "$MACHINE" systemctl is-system-running --wait || true)
case $state in
  running) ;;
  degraded)
    say "machine $MACHINE is up, but these units failed:"
    docker exec "$MACHINE" systemctl list-units --failed --plain --no-legend >&2
    ;;
  *) fail 75 "machine $MACHINE is \"${state:-silent}\" after 300 s; see \`docker exec $MACHINE systemctl list-jobs\`" ;;
esac
[[ -z $begun ]] || say "machine $MACHINE is up after $((SECONDS - started)) s"
