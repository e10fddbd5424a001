#!/usr/bin/env bash
# Purpose: what the server is asked and given through the tunnel's own login, besides images. Sourced, never run.
# Inputs: variables work (folder of the tunnel), store, SSH_HOST. Images are named repository@digest.
# Exit codes: 28 too little disk space; 71 the server's Docker can't read the images; 72 Docker Compose could not be brought. Safe to run twice.
# shellcheck disable=SC2154 # push.sh sets them

on_server() { ssh -F /dev/null -S "$work/control" -o BatchMode=yes berth "$@"; }

# server_needs: "docker VERSION", "free PATH BYTES", "compose"; nothing from a server without host scripts.
server_needs() { on_server sudo -n /opt/berth/host/receive/needs.sh 2>/dev/null </dev/null || true; }

# refuse_unreadable NEEDS IMAGES...: before hundreds of megabytes travel in vain.
refuse_unreadable() {
  local version image manifest
  version=$(sed -n 's/^docker //p' <<<"$1")
  shift
  [[ $version =~ ^[0-9] ]] || return 0
  for image in "$@"; do
    manifest=$store/blobs/sha256/${image#*@sha256:}
    if grep -q 'tar+zstd' "$manifest" && ! docker_reads zstd "$version"; then
      fail 71 "Docker $version on $SSH_HOST can't read $image: its layers are compressed by zstd, which Docker reads from version 23 on;" \
        "set imageCompression: gzip in the stack's file and run \`make up\` again"
    fi
  done
}

readonly least_free_bytes=5000000000

# refuse_full NEEDS: a disk that fills up meanwhile stops the database that serves, not only this release.
refuse_full() {
  local path bytes found=
  while read -r _ path bytes; do
    ((bytes >= least_free_bytes)) || found+=" $path has $((bytes / 1000000000)).$((bytes / 100000000 % 10)) GB free;"
  done < <(grep -E '^free /[^ ]+ [0-9]+$' <<<"$1")
  [[ -z $found ]] || fail 28 "too little disk space on $SSH_HOST:$found at least $((least_free_bytes / 1000000000)) GB have to be." \
    "Make room there (sudo docker system prune removes what no release uses), or give the server a larger disk or volume"
}

send_compose() {
  local program
  program=$(command -v docker-compose) ||
    fail 72 "the server has no Docker Compose 2, and neither is there one here to bring; run \`make setup\`"
  program=$(readlink -f "$program")
  say "bringing Docker Compose to $SSH_HOST, whose system has none ..."
  gzip -1 -c "$program" |
    on_server sudo -n /opt/berth/host/receive/compose.sh "$(sha256sum <"$program" | cut -d ' ' -f 1)" >&2 ||
    fail 72 "Docker Compose could not be brought to $SSH_HOST, see above"
}

# unpack_ahead IMAGES...: only saves time, as whoever needs an image pulls it; a server without host scripts has none.
unpack_ahead() { printf '%s\n' "$@" | on_server sudo -n /opt/berth/host/receive/unpack.sh >/dev/null 2>&1 || true; }
