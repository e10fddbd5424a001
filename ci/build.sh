#!/usr/bin/env bash
# Purpose: build the application's images and pack them with their release file for the job that deploys.
#   Leaves artifacts/release.tar (releases/<RELEASE>.json and the image store).
# Inputs: STACK; RELEASE, a name of letters, digits, . _ - (a tag, a commit). Exit codes: 64 RELEASE can't be a file name;
#   else those of `make release`.
# Safe to run twice: what did not change is not built again.
set -euo pipefail
source "$(dirname "$0")/environment.sh"
[[ $RELEASE =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$ ]] ||
  stop 64 "RELEASE is \"$RELEASE\"; allowed are letters, digits, . _ -, at most 100, beginning with a letter or digit"
commands/release.sh
# shellcheck source=toolchain/env.sh
. toolchain/env.sh
mkdir -p artifacts
tar -cf artifacts/release.tar -C "$BERTH_CACHE" oci -C "$PWD" "releases/$RELEASE.json"
printf 'Release **%s**: %s\n' "$RELEASE" "$(sed -n -E 's/^  "id": "([0-9a-f]+)",$/\1/p' "releases/$RELEASE.json")" | report
