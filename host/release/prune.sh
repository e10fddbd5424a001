#!/usr/bin/env bash
# Purpose: keep the files of the last five releases and the images of the current and the previous one.
# Inputs: $1 application, $2 current release, $3 previous release (may be empty).
# Exit codes: 0 done.
# Safe to run twice: what is gone stays gone.
set -euo pipefail
app=$1 current=$2 previous=${3:-}

cd "/opt/$app/releases"
mapfile -t folders < <(find . -mindepth 1 -maxdepth 1 -type d -printf '%T@ %f\n' | sort -rn | cut -d ' ' -f 2)
for folder in "${folders[@]:5}"; do
  [[ $folder == "$current" || $folder == "$previous" ]] || rm -rf -- "$folder"
done

# Images that neither the current nor the previous release names, of this application's repositories only.
kept=$(for folder in "$current" ${previous:+"$previous"}; do
  if [[ -f $folder/compose.json ]]; then jq -r '.services[].image' "$folder/compose.json"; fi
done
if [[ -f /opt/$app/data.json ]]; then jq -r '.services[].image' "/opt/$app/data.json"; fi)
docker image ls --digests --format '{{.Repository}}@{{.Digest}}' | grep "^127.0.0.1:5000/$app/" | sort -u |
  while read -r image; do
    grep -qxF "$image" <<<"$kept" || docker image rm "$image" >/dev/null 2>&1 || true
  done || true
