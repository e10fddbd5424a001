#!/usr/bin/env bash
# Purpose: `make checks`: the checks of the running release, on the server.
# Inputs: STACK. Exit codes: those of ssh and host/check-app.sh.
# Safe to run twice: the checks leave nothing.
set -euo pipefail
source "$(dirname "$0")/stack.sh"
COMMAND="sudo /opt/berth/host/check-app.sh" commands/ssh.sh
