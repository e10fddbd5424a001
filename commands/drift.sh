#!/usr/bin/env bash
# Purpose: `make drift`: what differs between the stack and what is really there: what a cloud says of each resource, what
#   the tree would change (with the release that runs), and the checks of the running release on its server.
# Inputs: STACK; CHECKS=no leaves the server's checks out; BERTH_PROJECT (see stack.sh).
# Output: a report in Markdown on stdout; progress on stderr.
# Exit codes: 0 nothing differs; 3 the stack was never up; 4 it could not be found out; 8 something differs or a check
#   failed.
# Safe to run twice: it changes nothing.
set -euo pipefail
source "$(dirname "$0")/stack.sh"
source commands/stack-copy.sh
use_tools >&2

folder=$(mktemp -d)
trap 'rm -rf "$folder"; drop_deployed_release' EXIT
use_deployed_release || stop 3 "stack $STACK was never up as a whole, so nothing can differ from it; bring it up first: make up STACK=$STACK"
copy_stack_file "$folder/Pulumi.$STACK.yaml" release "$RELEASE"
printf '  asking what is there, and what the tree would change\n' >&2
# As a stream of events: in the other form of JSON a refresh does not tell what it found.
if ! PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true pulumi preview --refresh --stack "$STACK" \
  --config-file "$folder/Pulumi.$STACK.yaml" --non-interactive --json >"$folder/preview" 2>"$folder/log" </dev/null; then
  cat "$folder/log" >&2
  sed -n -E 's/.*"diagnosticEvent":\{.*"message":"([^"]*)".*"severity":"error".*/\1/p' "$folder/preview" >&2
  stop 4 "what is there could not be found out"
fi
checks=left-out
if [[ ${CHECKS:-} != no ]]; then
  printf '  checking the running release on the server\n' >&2
  checks=passed
  commands/checks.sh >"$folder/checks" 2>&1 </dev/null || checks=failed
  [[ $checks == passed ]] || cat "$folder/checks" >&2
fi
node --import tsx commands/drift.ts "$STACK" "$checks" <"$folder/preview"
