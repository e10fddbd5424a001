#!/usr/bin/env bash
# Purpose: `make recover`: after an `up` or `destroy` that was killed, bring state and cloud together again, so that the
#   next one goes on. Releases the lock; ends what was left running; gives what the cloud made meanwhile its place in the state; reads everything
#   from the cloud. Removes nothing in the cloud.
# Inputs: STACK; CONFIRM, the stack's name, where the lock is another machine's; BERTH_PROJECT (see stack.sh).
# Exit codes: 3 another command works on the stack; 5 a person has to decide (says what); 64 CONFIRM is needed; else
#   those of pulumi.
# Safe to run twice: where nothing is amiss it changes nothing.
set -euo pipefail
source "$(dirname "$0")/stack.sh"
use_tools
commands/recover/mend-state-file.sh "$STACK"
pulumi stack select "$STACK" --non-interactive >/dev/null </dev/null

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Importing what was exported changes nothing and needs the lock, so it tells who holds it.
lock_holder() {
  pulumi stack export --stack "$STACK" </dev/null >"$folder/same.json"
  if pulumi stack import --stack "$STACK" --file "$folder/same.json" --non-interactive >"$folder/import" 2>&1 </dev/null; then
    return 1
  fi
  grep -E -o 'created by [^ ]+ \(pid [0-9]+\) at [^ ]+' "$folder/import" | head -n 1 ||
    stop 1 "the state can't be written: $(tail -n 3 "$folder/import")"
}

if holder=$(lock_holder); then
  [[ $holder =~ ^created\ by\ [^@]*@([^\ ]+)\ \(pid\ ([0-9]+)\) ]] || stop 1 "the lock can't be read: $holder"
  if [[ ${BASH_REMATCH[1]} == "$(hostname)" ]]; then
    if kill -0 "${BASH_REMATCH[2]}" 2>/dev/null; then
      stop 3 "process ${BASH_REMATCH[2]} on this machine works on stack $STACK (lock $holder); wait for its end"
    fi
  elif [[ ${CONFIRM:-} != "$STACK" ]]; then
    stop 64 "another machine locks stack $STACK (lock $holder); if nothing runs there any more: make recover STACK=$STACK CONFIRM=$STACK"
  fi
  printf '  lock released (%s)\n' "$holder"
  pulumi cancel --stack "$STACK" --yes --non-interactive >/dev/null 2>&1 </dev/null
  commands/recover/end-left-programs.sh "$STACK" "$PWD"
fi

pulumi stack export --stack "$STACK" </dev/null >"$folder/state.json"
node --import tsx commands/recover/adopt.ts <"$folder/state.json" >"$folder/adopted.json"
pulumi stack import --stack "$STACK" --file "$folder/adopted.json" --non-interactive >/dev/null </dev/null
pulumi refresh --stack "$STACK" --yes --skip-preview --non-interactive --suppress-outputs --color never </dev/null
printf '  stack %s is recovered; go on with: make up STACK=%s\n' "$STACK" "$STACK"
