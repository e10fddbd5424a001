#!/usr/bin/env bash
# Purpose: let a CI runner in by SSH with a rule of its own for one address, and take the rule away again.
#   ci/ssh-rule.sh open [STACK [SECONDS]]   SECONDS: how long to wait until the server's firewall exists (default 0)
#   ci/ssh-rule.sh close [STACK]            in a step that runs `always()`
# Inputs: STACK (where not given as an argument); credentials of the cloud in the environment; GITHUB_RUN_ID, or
#   BERTH_RUN_ID; BERTH_CALLER_ADDRESS (default: asked from a public service); BERTH_PROJECT, folder of
#   Pulumi.<stack>.yaml (default: this tree); DIGITALOCEAN_API_URL and AWS_ENDPOINT_URL for another endpoint.
# Exit codes: 0 done, or nothing to do (no server yet, or one that is in no cloud); 1 the cloud refused; 2 wrong usage;
#   64 no stack is named.
# Safe to run twice: `open` replaces the run's own rule and removes those that dead runs left for over 6 h; `close`
#   finds nothing the second time.
set -euo pipefail
STACK=${2:-${STACK:-}}
source "$(dirname "$0")/environment.sh"
use_tools node dependencies
node --import tsx ci/ssh-rule.ts "${1:-}" "$STACK" "${3:-0}"
