#!/usr/bin/env bash
# Purpose: remove a machine with its disk and data; with its ACME server gone too, their network as well.
# Inputs: argument 1, the machine's name. Output: none.
# Exit codes: 64 a wrong name; 69 Docker does not answer; else that of Docker.
# Safe to run twice: what is gone already is passed over.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=machine/lib/machine.sh
source "$here/lib/machine.sh"
# shellcheck source=machine/lib/network.sh
source "$here/lib/network.sh"
name_parts "${1-}"
need_docker
remove_container "$MACHINE"
remove_container "$MACHINE-draft"
for volume in "${VOLUMES[@]}"; do remove_volume "$volume"; done
remove_network_if_unused
