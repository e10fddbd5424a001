#!/usr/bin/env bash
# Purpose: give a machine exactly these volumes as block devices; others that it had are pulled out.
# Inputs: stdin NAME (the machine's container, it may be stopped), DEVICES (a line per volume: node, image file, then
#   names in /dev/disk/by-id; may be empty).
# Output: none. Exit codes: 3 no such machine; 69 no loop device can be had (root is needed); else that of docker.
# Safe to run twice: what is right is left alone.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=machine/lib/machine.sh
source "$here/../../machine/lib/machine.sh"

read_inputs NAME 'DEVICES?'
# shellcheck disable=SC2153 # read_inputs sets it
name_parts "$NAME"
need_docker
running=$(is_running "$MACHINE")
[[ -n $running ]] || fail 3 "machine $MACHINE does not exist"

# loop_of FILE   its loop device, made when there is none. One that was freed while it was mounted stays until that
# mount is gone, and shows only errors.
loop_of() {
  local loop
  loop=$(losetup --associated "$1" --noheadings --output AUTOCLEAR,NAME | awk '$1 == 0 { print $2; exit }')
  [[ -n $loop ]] || loop=$(losetup --find --show "$1") || fail 69 "no loop device for $1; the simulator needs root"
  printf '%s' "$loop"
}

list=$(mktemp)
trap 'rm -f "$list"' EXIT
chmod 0644 "$list"
while read -r node file links; do
  [[ -n $node ]] || continue
  loop=$(loop_of "$file")
  printf '%s %d %d %s\n' "$node" "0x$(stat --format %t "$loop")" "0x$(stat --format %T "$loop")" "$links" >>"$list"
done <<<"$DEVICES"
docker cp "$list" "$MACHINE:/etc/berth-machine/devices"
if [[ $running == true ]]; then docker exec "$MACHINE" /usr/local/sbin/machine-devices; fi
