#!/usr/bin/env bash
# Purpose: `make destroy`: remove a stack with its servers and data, after a last backup.
#   Order: backup; what protects data is cleared in the state (by an `up` of the protected resources alone, as providers
#   read such flags from the state); destroy. The stack's file is not changed: a copy says protectData: false.
# Inputs: STACK; CONFIRM, the stack's name once more; SKIP_BACKUP=yes, no last backup; BERTH_PROJECT (see stack.sh).
# Exit codes: 6 the last backup failed and nothing was removed; 7 something is left; 64 CONFIRM is not the stack's
#   name; else those of pulumi.
# Safe to run twice: of an interrupted one the rest is done; of a stack that is gone nothing is.
set -euo pipefail
source "$(dirname "$0")/stack.sh"
source commands/stack-copy.sh
need_stack
[[ ${CONFIRM:-} == "$STACK" ]] ||
  stop 64 "this removes stack $STACK with its servers and data. CONFIRM is \"${CONFIRM:-}\"; to go on: make destroy STACK=$STACK CONFIRM=$STACK"
use_tools

state() { pulumi stack export --stack "$STACK" </dev/null | node --import tsx commands/state.ts "$1"; }

# A server whose making failed is in no state, so Pulumi cannot know that it is there.
remove_local_server() {
  local target
  target=$(setting target)
  [[ ${target:-local} == local ]] || return 0
  machine/remove.sh "$MACHINE"
  machine/acme-remove.sh "$MACHINE"
}

is_there() {
  pulumi stack ls --json </dev/null | node -e '
    const stacks = JSON.parse(require("fs").readFileSync(0, "utf8"));
    process.exit(stacks.some(({ name }) => name.split("/").at(-1) === process.argv[1]) ? 0 : 1)' "$STACK"
}

if ! is_there || [[ $(state count) == 0 ]]; then
  remove_local_server
  rm -f "$BERTH_CACHE/certificates/$STACK.pem"
  printf '  stack %s: there is nothing to remove\n' "$STACK"
  exit 0
fi

if [[ ${SKIP_BACKUP:-} == yes ]]; then
  printf '  no last backup is made\n'
elif [[ $(state database) == compose ]]; then
  commands/last-backup.sh ||
    stop 6 "there is no last backup, so nothing was removed; put right what is said above, or leave the backup out: make destroy STACK=$STACK CONFIRM=$STACK SKIP_BACKUP=yes"
fi

target=$(setting target)
options=(--stack "$STACK" --yes --skip-preview)
mapfile -t protected < <(state protected)
if ((${#protected[@]} > 0)); then
  printf '  clearing the protection of %d resources\n' "${#protected[@]}"
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  copy_stack_file "$folder/Pulumi.$STACK.yaml" protectData false
  targets=()
  for urn in "${protected[@]}"; do targets+=(--target "$urn"); done
  engine destroy --quiet -- up "${options[@]}" --config-file "$folder/Pulumi.$STACK.yaml" "${targets[@]}"
fi

engine destroy --quiet -- destroy "${options[@]}" --refresh
remove_local_server
rm -f "$BERTH_CACHE/certificates/$STACK.pem"

left=$(state count)
[[ $left == 0 ]] || stop 7 "$left resources of stack $STACK are left; run the same command again"
printf '  stack %s: nothing is left\n' "$STACK"
