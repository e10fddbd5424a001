#!/usr/bin/env bash
# Purpose: what the server is asked and given through the tunnel's own login, besides images. Sourced, never run.
# Inputs: variables work (folder of the tunnel), store, SSH_HOST. Images are named repository@digest.
# Exit codes: 71 the server's Docker can't read the images; 72 Docker Compose could not be brought. Safe to run twice.
# shellcheck disable=SC2154 # push.sh sets them

on_server() { ssh -F /dev/null -S "$work/control" -o BatchMode=yes berth "$@"; }

# server_needs: "docker VERSION", "compose"; nothing from a server without host scripts.
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
