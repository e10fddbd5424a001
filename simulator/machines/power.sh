#!/usr/bin/env bash
# Purpose: stop a machine as its power button does, or start it.
# Inputs: argument 1, the machine's container; argument 2, start or stop. Exit codes: those of docker.
# Safe to run twice: a machine that is as wanted is left alone.
set -euo pipefail
docker "$2" "$1" >/dev/null
