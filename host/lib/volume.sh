#!/usr/bin/env bash
# Purpose: the data volume: which device it is, whether it is mounted, whether data may be written. Sourced, never run.
# Inputs: /etc/berth/data-device, the device's path; empty or missing where /srv/berth is an ordinary folder.
#   Environment: BERTH_DEVICE_SECONDS, how long a device is awaited (default 60).
# Exit codes: 27 the device is missing, or the volume is not mounted.
# Safe to run twice: what is as it should be is left alone.

# shellcheck source=host/lib/log.sh
source "$(dirname "${BASH_SOURCE[0]}")/log.sh"
# shellcheck source=host/lib/files.sh
source "$(dirname "${BASH_SOURCE[0]}")/files.sh"

# The label that makes a file system ours, and a file that only lies on the volume: docker.service asks for it.
# shellcheck disable=SC2034
VOLUME_LABEL=berth-data DATA_PATH=/srv/berth VOLUME_SENTINEL=/srv/berth/.berth-volume

data_device() {
  if [[ -f /etc/berth/data-device ]]; then cat /etc/berth/data-device; fi
}

# Cloud providers make the device some time after they call the volume attached.
await_device() {
  local device=$1 limit=${BERTH_DEVICE_SECONDS:-60} deadline
  deadline=$((SECONDS + limit))
  [[ -b $device ]] || say "waiting for the data volume, $device"
  until [[ -b $device ]]; do
    ((SECONDS < deadline)) ||
      fail 27 "the data volume is not there: no block device $device after $limit s; attach it to this server, then run \`pulumi up\` again"
    sleep 0.2
  done
}

# Major and minor number: the same device may have several names.
device_number() { printf '%d:%d' "$(stat -L -c '0x%t' "$1")" "$(stat -L -c '0x%T' "$1")"; }

# The uppermost mount there, if any.
mounted_number() { awk -v path="$DATA_PATH" '$5 == path { number = $3 } END { print number }' /proc/self/mountinfo; }

# is_volume_mounted DEVICE
is_volume_mounted() { [[ -b $1 && $(mounted_number) == $(device_number "$1") ]]; }

# Without it a script would begin a second life on the root disk.
require_data() {
  local device
  device=$(data_device)
  [[ -z $device ]] || { is_volume_mounted "$device" && [[ -f $VOLUME_SENTINEL ]]; } ||
    fail 27 "the data volume $device is not mounted on $DATA_PATH; nothing was done. Run /opt/berth/host/prepare.sh on the server"
}

# declare_mount DEVICE: the line for the volume in /etc/fstab, or none. Returns 0 when the file was changed.
declare_mount() {
  local table
  table=$(awk -v path="$DATA_PATH" '$1 ~ /^#/ || $2 != path' /etc/fstab 2>/dev/null || true)
  if [[ -n $1 ]]; then table+=$'\n'"$1 $DATA_PATH ext4 defaults,nofail,x-systemd.device-timeout=60s 0 2"; fi
  place_text "${table#$'\n'}" /etc/fstab 0644
}

# Whether the volume was made larger than its file system. What resize2fs can't use of a device is below a hundredth.
is_file_system_smaller() {
  local blocks block size
  read -r blocks block < <(dumpe2fs -h "$1" 2>/dev/null |
    awk -F ': *' '$1 == "Block count" { count = $2 } $1 == "Block size" { print count, $2 }')
  size=$(blockdev --getsize64 "$1")
  ((size - blocks * block > size / 100))
}

# grow_volume DEVICE: the file system fills its device, mounted or not. Prints why it does not, and returns 1.
grow_volume() {
  local report
  is_file_system_smaller "$1" || return 0
  say "the data volume was made larger: growing its file system"
  # Corrections that e2fsck made by itself are no failure.
  if ! is_volume_mounted "$1"; then report=$(e2fsck -f -p "$1" 2>&1) || (($? == 1)) || { printf '%s' "$report" && return 1; }; fi
  report=$(resize2fs "$(readlink -f "$1")" 2>&1) || { printf '%s' "$report" && return 1; }
}
