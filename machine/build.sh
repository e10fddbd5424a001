#!/usr/bin/env bash
# Purpose: build the images of the container machine, of Pebble, of a rehearsal's network and of its RDS, if their sources
#   changed.
# Inputs: arguments: which of machine, pebble, rehearsal-network, rds (default the first two).
# Output: a line for each on stdout, its tag by the hash of its sources; progress on stderr when it builds.
# Exit codes: 64 an unknown image; 69 Docker does not answer; 70 a build failed.
# Safe to run twice: an image whose sources did not change is kept.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=machine/lib/machine.sh
source "$here/lib/machine.sh"

# build NAME FOLDER SOURCES...   the tag by hash tells whether the sources are those of last time
build() {
  local name=$1 folder=$2 base hash log started=$SECONDS
  shift 2
  base=$(docker image inspect --format '{{.Id}}' debian:trixie-slim 2>/dev/null) ||
    { "$here/../images/base.sh" && base=$(docker image inspect --format '{{.Id}}' debian:trixie-slim); }
  hash=$(cd "$folder" && { printf '%s\n' "$base"; find "$@" -type f | LC_ALL=C sort | xargs sha256sum; } | sha256sum | cut -c1-12)
  if ! docker image inspect "berth/$name:$hash" >/dev/null 2>&1; then
    say "building image berth/$name ..."
    log=$(mktemp)
    "${BUILDER[@]}" --tag "berth/$name:$hash" "$folder" >"$log" 2>&1 || {
      tail -n 20 "$log" >&2
      fail 70 "image berth/$name could not be built; the last lines above say why, all of it is in $log"
    }
    rm -f "$log"
    say "built berth/$name in $((SECONDS - started)) s"
  fi
  docker tag "berth/$name:$hash" "berth/$name:trixie"
  printf '%s\n' "berth/$name:$hash"
}

# The image of a database is made for BuildKit, as those of applications are.
BUILDER=(docker build)
need_docker
[[ $# -gt 0 ]] || set -- machine pebble
for image in "$@"; do
  case $image in
    machine) build machine "$here" Dockerfile boot ;;
    pebble) build pebble "$here/pebble" . ;;
    rehearsal-network) build rehearsal-network "$here/../simulator/machines/image" . ;;
    rds)
      context=$(docker context show)
      BUILDER=(docker-buildx build --builder "$context" --load --provenance=false)
      build rds "$here/../images/postgres" .
      BUILDER=(docker build)
      ;;
    *) fail 64 "no image \"$image\" is built here; allowed: machine, pebble, rehearsal-network, rds" ;;
  esac
done
