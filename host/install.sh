#!/usr/bin/env bash
# Purpose: replace the host scripts by those that follow on stdin, then bring the host to what they describe.
# Inputs: stdin, after the line that ends this script: a tar of host/, base64.
# Exit codes: 0 done; 21 the archive is damaged; else that of prepare.sh.
# Safe to run twice: the scripts are switched by one rename, and prepare.sh changes only what differs.
set -euo pipefail

install_scripts() {
  local target=/opt/berth/host
  install -d -m 0755 /opt/berth
  local incoming
  incoming=$(mktemp -d /opt/berth/host.XXXXXX)
  chmod 0755 "$incoming"
  if ! base64 -d | tar -x -C "$incoming"; then
    rm -rf "$incoming"
    echo "error: the host scripts did not arrive whole; run \`pulumi up\` again" >&2
    exit 21
  fi
  rm -rf "$target.old"
  if [[ -d $target ]]; then mv "$target" "$target.old"; fi
  mv "$incoming" "$target"
  rm -rf "$target.old"
  "$target/prepare.sh" </dev/null
}

# `exit` on the same line: bash reads no further, what follows on stdin is the archive.
install_scripts; exit
