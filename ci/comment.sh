#!/usr/bin/env bash
# Purpose: put the plan of a stack into the pull request's comment, the same one each time.
# Inputs: STACK, PULL_REQUEST (number), GITHUB_TOKEN (may write comments), GITHUB_REPOSITORY, GITHUB_API_URL;
#   artifacts/plan-<stack>.md. Exit codes: those of ci/comment.ts.
# Safe to run twice: the comment that is there is updated.
set -euo pipefail
source "$(dirname "$0")/environment.sh"
use_tools node dependencies
node --import tsx ci/comment.ts "artifacts/plan-$STACK.md"
