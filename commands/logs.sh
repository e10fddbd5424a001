#!/usr/bin/env bash
# Purpose: `make logs`: the last lines that the application's containers printed.
# Inputs: STACK, SERVICE (default: all). Exit codes: those of ssh.
# Safe to run twice: it only reads.
set -euo pipefail
source "$(dirname "$0")/stack.sh"
COMMAND="sudo /opt/berth/host/logs.sh $(printf '%q' "${SERVICE:-}")" commands/ssh.sh
