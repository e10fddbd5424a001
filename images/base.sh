#!/usr/bin/env bash
# Purpose: make sure the image that all of berth's images build on is there: debian:trixie-slim, pulled where a
#   registry is reached, else made from Debian's packages under the same tag.
# Inputs: environment BERTH_BASE_IMAGE (default debian:trixie-slim): the tag to make; one that names bookworm, as
#   debian:bookworm-slim does, is made from Debian 12, any other from Debian 13. BERTH_CACHE? a folder for the lock.
# Output: none; progress on stderr when there is something to do.
# Exit codes: 69 neither a registry nor Debian's packages can be had, or Docker does not answer.
# Safe to run twice: an image that is there is kept.
set -euo pipefail
# shellcheck source=host/lib/log.sh
source "$(cd "$(dirname "$0")" && pwd)/../host/lib/log.sh"

readonly image=${BERTH_BASE_IMAGE:-debian:trixie-slim}
readonly answer_seconds=5 pull_seconds=300
suite=trixie
if [[ $image == *bookworm* ]]; then suite=bookworm; fi

if docker image inspect "$image" >/dev/null 2>&1; then exit 0; fi
# Two that need it at the same time would make it twice.
if [[ -d ${BERTH_CACHE:-} ]] && command -v flock >/dev/null; then
  exec 9>"$BERTH_CACHE/base-image.lock"
  flock 9
  if docker image inspect "$image" >/dev/null 2>&1; then exit 0; fi
fi
docker version >/dev/null 2>&1 || fail 69 "Docker does not answer; start it (\`docker version\` tells why), then run this again"

log=$(mktemp)
work=$(mktemp -d)
trap 'rm -rf "$log" "$work"' EXIT

# Pulls the image; gives up early only where no registry answers at all.
pull() {
  local puller
  timeout "$pull_seconds" docker pull "$image" >"$log" 2>&1 &
  puller=$!
  local deadline=$((SECONDS + answer_seconds))
  while kill -0 "$puller" 2>/dev/null; do
    if ((SECONDS >= deadline)) && ! grep -q 'Pulling from' "$log"; then
      kill "$puller" 2>/dev/null || true
      break
    fi
    sleep 0.1
  done
  wait "$puller"
}

say "pulling image $image ..."
if pull; then
  say "pulled $image in $SECONDS s"
  exit 0
fi

command -v mmdebstrap >/dev/null ||
  fail 69 "image $image can't be pulled ($(tail -n 1 "$log")), and mmdebstrap, which makes it from packages, is missing: apt-get install mmdebstrap"
say "no registry has it; making $image from Debian's packages ..."

# What the image of that name leaves out, so that ours is alike: documentation (but licences), manuals, translations.
options=()
for left_out in doc info linda lintian locale man groff; do
  options+=("--dpkgopt=path-exclude=/usr/share/$left_out/*")
done
options+=('--dpkgopt=path-include=/usr/share/doc/*/copyright' '--dpkgopt=path-include=/usr/share/locale/locale.alias')

# shellcheck disable=SC2016 # the hook is given the folder as its own argument
mmdebstrap --quiet --variant=minbase "${options[@]}" --aptopt='Acquire::Languages "none"' \
  --customize-hook='rm -rf "$1"/var/cache/apt/*.bin "$1"/var/log/* "$1"/var/cache/ldconfig/*' \
  "$suite" "$work/root.tar" 2>"$log" || {
  tail -n 5 "$log" >&2
  fail 69 "image $image can be neither pulled nor made from Debian's packages; the last lines above say why"
}
docker import --change 'CMD ["bash"]' --change 'LABEL berth.image=base' "$work/root.tar" "$image" >/dev/null
say "made $image in $SECONDS s"
