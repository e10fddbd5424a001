#!/usr/bin/env bash
# Purpose: replace the host scripts by those that follow on stdin, then bring the host to what they describe.
# Inputs: stdin, after the line that ends this script, lines NAME=<base64>, each once:
#   AUTHORIZED_KEYS       public keys that may log in as berth, one a line
#   DATA_DEVICE           device of the data volume, empty where /srv/berth is an ordinary folder
#   TRUSTED_CERTIFICATES  PEM of authorities trusted beside the public ones, or empty
#   ARCHIVE               a tar of host/
#   The first three are kept in /etc/berth, so that prepare.sh can be run by hand as well.
# Exit codes: 0 done; 21 the values or the archive are damaged; 23 another run is under way; else that of prepare.sh.
# Safe to run twice: the scripts are switched by one rename, and prepare.sh changes only what differs.
set -euo pipefail

damaged() {
  echo "error: the host scripts did not arrive whole ($1); run \`pulumi up\` again" >&2
  exit 21
}

read_values() {
  local line name
  while IFS= read -r line; do
    name=${line%%=*}
    case $name in
      AUTHORIZED_KEYS | DATA_DEVICE | TRUSTED_CERTIFICATES | ARCHIVE) ;;
      *) damaged "line \"${name:0:40}\" is not known" ;;
    esac
    # Builtins only: a value is never an argument of another process.
    printf '%s' "${line#*=}" | base64 -d >"$incoming/$name" 2>/dev/null || damaged "$name is not base64"
  done
  for name in AUTHORIZED_KEYS DATA_DEVICE TRUSTED_CERTIFICATES ARCHIVE; do
    [[ -f $incoming/$name ]] || damaged "$name is missing"
  done
}

keep_setting() { install -m 0644 "$incoming/$1" "/etc/berth/$2.new" && mv -f "/etc/berth/$2.new" "/etc/berth/$2"; }

install_scripts() {
  local target=/opt/berth/host
  # One whose login was cut off may still be at work.
  exec {lock}>/run/berth-install.lock
  if ! flock -w 300 "$lock"; then
    echo "error: another installation of the host scripts has been under way for 300 s; end it on the server" >&2
    exit 23
  fi
  install -d -m 0755 /opt/berth /etc/berth
  rm -rf /opt/berth/incoming.??????
  incoming=$(mktemp -d /opt/berth/incoming.XXXXXX)
  trap 'rm -rf "$incoming"' EXIT
  read_values
  install -d -m 0755 "$incoming/host"
  tar -x -C "$incoming/host" -f "$incoming/ARCHIVE" 2>/dev/null || damaged "the archive can't be unpacked"
  [[ -x $incoming/host/prepare.sh ]] || damaged "the archive has no prepare.sh"

  keep_setting AUTHORIZED_KEYS authorized_keys
  keep_setting DATA_DEVICE data-device
  keep_setting TRUSTED_CERTIFICATES trusted.pem
  rm -rf "$target.old"
  if [[ -d $target ]]; then mv "$target" "$target.old"; fi
  mv "$incoming/host" "$target"
  rm -rf "$target.old"
  "$target/prepare.sh" </dev/null
}

# `exit` on the same line: bash reads no further, what follows on stdin is the values.
install_scripts; exit
