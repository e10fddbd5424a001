#!/usr/bin/env bash
# Purpose: what the commands share: the tools' environment and the chosen stack. Sourced, never run.
# Inputs: STACK (default dev), BERTH_PROJECT (folder of Pulumi.yaml and the stacks' files, for a rehearsal; default: this
#   tree). Exit codes: 2 the stack has no configuration file.
# Safe to run twice: an existing stack is only selected.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
STACK=${STACK:-dev}
RELEASE=${RELEASE:-local}
# Read by the commands.
# shellcheck disable=SC2034
MACHINE=berth-$STACK
PROJECT=${BERTH_PROJECT:-.}

# In the project's folder, which for a rehearsal lies elsewhere.
pulumi() { command pulumi --cwd "$PROJECT" "$@"; }

# engine ACTION [OPTIONS...] -- PULUMI ARGUMENTS...: runs Pulumi, shown as a list of stages (see commands/engine/main.ts).
engine() {
  local action=$1 own=()
  shift
  while [[ $1 != -- ]]; do
    own+=("$1")
    shift
  done
  shift
  node --import tsx commands/engine/main.ts --action "$action" --stack "$STACK" --target "${target:-local}" \
    "${own[@]}" -- --cwd "$PROJECT" "$@"
}

stop() {
  printf 'error: %s\n' "$2" >&2
  exit "$1"
}

# use_tools: without arguments every tool is seen to.
# shellcheck disable=SC2119,SC2120
use_tools() {
  need_stack
  toolchain/setup.sh --quiet-when-ready "$@"
  # shellcheck source=toolchain/env.sh
  . toolchain/env.sh
}

need_stack() {
  [[ -f $PROJECT/Pulumi.$STACK.yaml ]] || stop 2 "there is no Pulumi.$STACK.yaml; stacks: $(find "$PROJECT" -maxdepth 1 -name 'Pulumi.*.yaml' -printf '%f ' | sed -E 's/Pulumi\.([^ ]*)\.yaml/\1/g')"
}

select_stack() {
  pulumi stack select "$STACK" --create --non-interactive >/dev/null </dev/null
}

# output NAME: a stack output, a secret one in clear; stops where the stack is not up.
output() {
  pulumi stack output --stack "$STACK" --show-secrets "$1" 2>/dev/null </dev/null ||
    stop 3 "stack $STACK has no $1; bring it up first: make up${2:+, or name one of: $2}"
}

# setting KEY: a value of the stack's configuration file, empty when it is not there.
setting() { pulumi config get "$1" --stack "$STACK" 2>/dev/null || true; }
