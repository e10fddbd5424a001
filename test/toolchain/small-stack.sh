#!/usr/bin/env bash
# Purpose: bring a small TypeScript stack up and down with the tools of env.sh; prints its outputs, secrets hidden.
# Inputs:  $1 root of the project, $2 a folder with project/ in it; PULUMI_BACKEND_URL. Exit: that of Pulumi.
# Safe to run twice.
set -euo pipefail

# shellcheck source=../../toolchain/env.sh
. "$1/toolchain/env.sh"
ln -sfn "$1/node_modules" "$2/project/node_modules"
cd "$2/project"
pulumi stack select small --create --non-interactive >&2
pulumi up --yes --skip-preview --non-interactive >&2
pulumi stack output --json
pulumi destroy --yes --skip-preview --non-interactive >&2
