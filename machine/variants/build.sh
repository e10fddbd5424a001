#!/usr/bin/env bash
# Purpose: build the image of an ordinary Debian server that berth did not make, for tests of the target `existing`.
# Inputs: argument 1, the suite: bookworm (Debian 12) or trixie (Debian 13).
# Output: its tag on stdout; progress on stderr when it builds.
# Exit codes: 64 an unknown suite; 69 Docker does not answer; 70 the build failed.
# Safe to run twice: an image whose sources did not change is kept.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=machine/lib/machine.sh
source "$here/../lib/machine.sh"

suite=${1-}
[[ $suite == bookworm || $suite == trixie ]] || fail 64 "there is no variant \"$suite\"; allowed: bookworm, trixie"
need_docker
base=debian:$suite-slim
BERTH_BASE_IMAGE=$base "$here/../../images/base.sh"

cd "$here/.."
mapfile -t sources < <(find boot variants -type f ! -name "*.sh" | LC_ALL=C sort)
hash=$({ docker image inspect --format '{{.Id}}' "$base"; sha256sum "${sources[@]}"; } | sha256sum | cut -c1-12)
tag=berth/machine-$suite:$hash
if ! docker image inspect "$tag" >/dev/null 2>&1; then
  say "building image $tag ..."
  log=$(mktemp)
  docker build --build-arg "SUITE=$suite" --tag "$tag" --file variants/Dockerfile . >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    fail 70 "image $tag could not be built; the last lines above say why, all of it is in $log"
  }
  rm -f "$log"
fi
printf '%s\n' "$tag"
