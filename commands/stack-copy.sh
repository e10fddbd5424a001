#!/usr/bin/env bash
# Purpose: a copy of a stack's file in which one value is another, and the release that the stack runs. Sourced after
#   stack.sh, never run.
#   copy_stack_file FILE KEY VALUE   writes the copy, for `pulumi --config-file`
#   use_deployed_release             sets RELEASE to what the last whole `up` brought, and keeps its file in releases/ until
#                                    drop_deployed_release, which the caller traps; 1 when there was no `up` yet
# Inputs: STACK, PROJECT. Exit codes: 2 the stack's file does not have the key on a line of its own.
# Safe to run twice: it writes the copy anew.

copy_stack_file() {
  local file=$1 key=$2 value=$3 source=$PROJECT/Pulumi.$STACK.yaml
  grep -q -E "^ +berth:$key: [^ ]" "$source" || stop 2 "Pulumi.$STACK.yaml does not say berth:$key on a line of its own"
  sed -E "s/^( +berth:$key:).*/\1 $value/" "$source" >"$file"
}

use_deployed_release() {
  RELEASE=deployed-$STACK
  deployed_release_file=releases/$RELEASE.json
  mkdir -p releases
  # Nothing secret is in this output.
  if ! pulumi stack output --stack "$STACK" --json deployed >"$deployed_release_file" 2>/dev/null </dev/null; then
    drop_deployed_release
    return 1
  fi
}

drop_deployed_release() { [[ -z ${deployed_release_file:-} ]] || rm -f "$deployed_release_file"; }
