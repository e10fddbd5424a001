#!/usr/bin/env bash
# Purpose: install the Docker Compose that arrives on stdin, on a system whose archive has no version 2.
# Inputs: $1 SHA-256 of the program; stdin: the program, compressed by gzip.
# Exit codes: 0 done; 36 it arrived damaged, or does not run here.
# Safe to run twice: the program is replaced by one rename.
set -euo pipefail
cd "$(dirname "$0")/.."
source lib/log.sh

folder=/usr/local/lib/docker/cli-plugins
install -d -m 0755 "$folder"
incoming=$(mktemp "$folder/.docker-compose.XXXXXX")
trap 'rm -f "$incoming"' EXIT
gzip -dc >"$incoming" || fail 36 "Docker Compose arrived damaged; run \`make up\` again"
[[ $(sha256sum <"$incoming") == "$1 "* ]] || fail 36 "Docker Compose arrived damaged; run \`make up\` again"
chmod 0755 "$incoming"
"$incoming" version >/dev/null 2>&1 ||
  fail 36 "the Docker Compose of the operator's machine does not run on this server ($(uname -m)); install docker-compose-plugin from Docker's own packages there"
mv -f "$incoming" "$folder/docker-compose"
# Before the version 1 of the archive on PATH.
ln -sfn "$folder/docker-compose" /usr/local/bin/docker-compose
docker compose version >/dev/null || fail 36 "docker does not take up $folder/docker-compose"
rm -f /etc/berth/wants-compose
say "installed $(docker compose version)"
