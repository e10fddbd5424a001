#!/usr/bin/env bash
# Purpose: bring a stack to the tree and to a release that was built before, then see that nothing is left to change.
# Inputs: STACK; RELEASE, its name; artifacts/release.tar as ci/build.sh packs it (absent: releases/<RELEASE>.json and the
#   image store of this machine); BERTH_SSH_RULE, set where the server is reached by a rule of this run (ci/ssh-rule.sh);
#   BERTH_PROJECT (see commands/stack.sh).
# Exit codes: 65 there is no such release; else those of pulumi.
# Safe to run twice: the second changes nothing.
set -euo pipefail
source "$(dirname "$0")/environment.sh"
readonly FIREWALL_SECONDS=600
use_tools
if [[ -f artifacts/release.tar ]]; then
  mkdir -p "$BERTH_CACHE"
  tar -xf artifacts/release.tar -C "$BERTH_CACHE" oci
  tar -xf artifacts/release.tar "releases/$RELEASE.json"
fi
[[ -f releases/$RELEASE.json ]] || stop 65 "there is no releases/$RELEASE.json; build it: ci/build.sh"
select_stack
copy_stack_file "$scratch/Pulumi.$STACK.yaml" release "$RELEASE"
policy=$(commands/policy.sh "$scratch/Pulumi.$STACK.yaml")
mapfile -t policy <<<"$policy"
options=(--stack "$STACK" --config-file "$scratch/Pulumi.$STACK.yaml" --non-interactive --suppress-outputs --color never)

if [[ -n ${BERTH_SSH_RULE:-} ]]; then
  # Of a first deploy the firewall comes to be only now; a rule that is open already is made again.
  ci/ssh-rule.sh open "$STACK" "$FIREWALL_SECONDS" &
  waiting=$!
fi
pulumi up "${options[@]}" "${policy[@]}" --yes </dev/null
if [[ -n ${waiting:-} ]]; then wait "$waiting"; fi
pulumi preview "${options[@]}" --diff --expect-no-changes </dev/null
{
  printf '### Stack %s runs release %s\n\n' "$STACK" "$RELEASE"
  pulumi stack output --stack "$STACK" --json urls </dev/null |
    node -p 'Object.entries(JSON.parse(require("fs").readFileSync(0, "utf8"))).map(([name, url]) => "- " + name + ": " + url).join("\n")'
} | report
