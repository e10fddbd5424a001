#!/usr/bin/env bash
# Purpose: start Chromium in the network of private-network.py.
# Inputs: BROWSER_NETWORK, the path that private-network.py printed; CHROMIUM, the program; arguments for it.
# Exit codes: those of Chromium. Safe to run twice: each run is a browser of its own.
set -euo pipefail
exec nsenter --net="$BROWSER_NETWORK" -- "$CHROMIUM" "$@"
