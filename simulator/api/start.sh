#!/usr/bin/env bash
# Purpose: serve the simulated clouds' APIs, as far as pre-flight, the runner's SSH rule and recovery ask them.
# Inputs: BERTH_SIMULATOR, folder of the simulator's state, absolute; BERTH_API_PORT (default: a free one).
# Output: one line, the URL for DIGITALOCEAN_API_URL and AWS_ENDPOINT_URL, as soon as it answers.
# Exit codes: 1 no state or no account.json; else it serves until it is ended.
# Safe to run twice: each has a port of its own.
set -euo pipefail
cd "$(dirname "$0")/../.."
exec node --import tsx simulator/api/main.ts
