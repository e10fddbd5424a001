#!/usr/bin/env bash
# Purpose: look at a cloud before anything is made there; tell everything that would fail later, at once.
# Inputs (stdin): SETTINGS, base64 of the JSON that preflight/settings.ts describes. Environment: the credentials
#   (DIGITALOCEAN_TOKEN; AWS_*), DIGITALOCEAN_API_URL and AWS_ENDPOINT_URL for another endpoint, BERTH_CALLER_ADDRESS
#   (default: asked from a public service), BERTH_DNS_SERVER (the one to ask for the certificate authority's name),
#   BERTH_SSH_RULE (not empty: ci/ssh-rule lets this machine in), BERTH_PREFLIGHT_SECONDS (whole, from 3, default 10: all
#   checks together may take them), PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE(_FILE), PULUMI_COMMAND_STDOUT (set by
#   Pulumi when this ran for the stack before).
# Output: `pre-flight passed: N checks`; findings on stderr, one a line, without secrets.
# Exit codes: 0 passed; 1 findings; 2 no settings, or a wrong bound.
# Safe to run twice: it only reads.
set -euo pipefail
cd "$(dirname "$0")/.."
exec node --import tsx preflight/main.ts
