#!/usr/bin/env bash
# Purpose: the plan of a stack for a pull request, with the policy pack, as Markdown that fits a comment.
#   Leaves artifacts/plan-<stack>.md, also where the preview fails. The plan is made with the release that the stack runs;
#   before the first `up` with one that is built here.
# Inputs: STACK; BERTH_PROJECT (see commands/stack.sh). Exit codes: those of pulumi.
# Safe to run twice: it changes nothing.
set -euo pipefail
source "$(dirname "$0")/environment.sh"
use_tools
select_stack
if ! use_deployed_release; then
  RELEASE=local
  [[ -f releases/local.json ]] || commands/release.sh
fi
copy_stack_file "$scratch/Pulumi.$STACK.yaml" release "$RELEASE"
policy=$(commands/policy.sh "$scratch/Pulumi.$STACK.yaml")
mapfile -t policy <<<"$policy"

code=0
pulumi preview --stack "$STACK" --config-file "$scratch/Pulumi.$STACK.yaml" "${policy[@]}" --diff --non-interactive \
  --suppress-outputs --suppress-progress --color never >"$scratch/plan" 2>&1 </dev/null || code=$?
mkdir -p artifacts
node --import tsx ci/plan.ts "$STACK" "$code" <"$scratch/plan" >"artifacts/plan-$STACK.md"
report <"artifacts/plan-$STACK.md"
exit "$code"
