#!/usr/bin/env bash
# Purpose: check the user data of a first boot against cloud-init's own schema.
# Inputs: none; needs cloud-init and the tools of toolchain/env.sh. Exit codes: those of cloud-init schema.
# Safe to run twice: it writes to a folder of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
node --import tsx test/support/print-user-data.ts >"$folder/user-data"
cloud-init schema --config-file "$folder/user-data"
