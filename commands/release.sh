#!/usr/bin/env bash
# Purpose: `make release`: build the application's images and write releases/<RELEASE>.json.
# Inputs: STACK, RELEASE (default local). Exit codes: those of images/build.ts.
# Safe to run twice: what did not change is not built again.
set -euo pipefail
source "$(dirname "$0")/stack.sh"
use_tools
app=$(setting app) compression=$(setting imageCompression)
node --import tsx images/build.ts --app "${app:-apps/battery-hub}" --output "releases/$RELEASE.json" \
  --compression "${compression:-zstd}"
id=$(sed -n -E 's/^  "id": "([0-9a-f]+)",$/\1/p' "releases/$RELEASE.json")
printf '  release %s (releases/%s.json)\n' "$id" "$RELEASE"
