#!/usr/bin/env bash
# Purpose: remove the ACME server and DNS server of a machine; with the machine gone too, their network as well.
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
remove_container "$ACME"
remove_container "$ACME_DNS"
remove_volume "$ACME"
remove_network_if_unused
