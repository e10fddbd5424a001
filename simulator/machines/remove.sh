#!/usr/bin/env bash
# Purpose: remove a machine of a rehearsal with its own disk. Its volumes stay.
# Inputs: argument 1, the machine's container. Exit codes: 64 a wrong name; 69 Docker does not answer.
# Safe to run twice: what is gone already is passed over.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=machine/lib/machine.sh
source "$here/../../machine/lib/machine.sh"
name_parts "${1-}"
need_docker
remove_container "$MACHINE"
remove_container "$MACHINE-draft"
for volume in docker containerd; do remove_volume "$MACHINE-$volume"; done
