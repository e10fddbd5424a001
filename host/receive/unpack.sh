#!/usr/bin/env bash
# Purpose: begin to unpack images that this server's registry has just got. Other steps do theirs meanwhile; the one that
#   needs an image waits for what is left of it.
# Inputs (stdin): lines "repository@digest". Exit codes: 0 begun; 64 a line is no image.
# Safe to run twice: an image that is there is passed over.
set -euo pipefail
cd "$(dirname "$0")/.."
source lib/log.sh

images=()
while read -r image; do
  [[ $image =~ ^[a-z0-9]+([._/-][a-z0-9]+)*@sha256:[0-9a-f]{64}$ ]] || fail 64 "\"$image\" is no repository with its digest"
  images+=("127.0.0.1:5000/$image")
done
((${#images[@]} > 0)) || exit 0
# One after the other: the database's image is unpacked beside them, and a small server has two processors.
# shellcheck disable=SC2016 # the shell that runs later expands it
systemd-run --quiet --collect --unit="berth-unpack-$$" --property=Type=exec \
  /bin/sh -c 'for image; do docker pull --quiet "$image"; done' unpack "${images[@]}"
