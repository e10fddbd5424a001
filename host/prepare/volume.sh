#!/usr/bin/env bash
# Purpose: the data volume on /srv/berth: formatted when it is blank, mounted at each boot before anything uses it.
# Inputs: /etc/berth/data-device, its device; empty where /srv/berth is an ordinary folder. Environment:
#   BERTH_DEVICE_SECONDS, how long the device is awaited (default 60).
# Exit codes: 0 done; 27 the device is missing; 28 it holds something that is not ours, or can't be used; 29 data lies
#   on the root disk where the volume belongs, or on a volume that is no longer declared. Nothing is overwritten.
# Safe to run twice: a volume with our label is never formatted; files are replaced only when they differ.
set -euo pipefail
cd "$(dirname "$0")/.."
source lib/volume.sh

readonly UNIT=/etc/systemd/system/berth-volume.service FORMATTING=/etc/berth/formatting
readonly USERS=(docker docker-registry nginx certbot)

# contents DEVICE: "ours", "blank", or in words what else it holds.
contents() {
  local found status=0
  found=$(blkid -p -o export "$1" 2>/dev/null) || status=$?
  if ((status == 0)); then
    if grep -qx 'TYPE=ext4' <<<"$found" && grep -qx "LABEL=$VOLUME_LABEL" <<<"$found"; then
      echo ours
    else
      sed -n -E 's/^(TYPE|LABEL|PTTYPE)=/\1 /p' <<<"$found" | paste -sd ','
    fi
  elif ((status != 2)); then
    echo "several signatures that contradict each other"
  # Formatting that was cut off is begun anew; any other bytes are somebody's.
  elif [[ $(cat "$FORMATTING" 2>/dev/null) == "$1" ]] || cmp -s -n 1048576 "$1" /dev/zero; then
    echo blank
  else
    echo "data without a file system"
  fi
}

# What is below the mount point; folders alone are nothing.
data_below() { find "$DATA_PATH" -xdev ! -type d -print -quit 2>/dev/null || true; }

refuse_data() {
  local file
  file=$(data_below)
  [[ -z $file ]] || fail 29 "$DATA_PATH holds data outside of the data volume, such as $file; nothing was moved." \
    "Stop what uses it, move it away (mv $DATA_PATH $DATA_PATH.before), run \`pulumi up\`, then copy what you need back"
}

# Services of the first boot may have made folders; what they hold open would stay on the root disk.
clear_mount_point() {
  local unit
  refuse_data
  for unit in docker.socket docker.service docker-registry.service; do
    if systemctl is-active --quiet "$unit"; then systemctl stop "$unit"; fi
  done
  refuse_data
  install -d -m 0755 "$DATA_PATH"
  find "$DATA_PATH" -xdev -mindepth 1 -depth -type d -empty -delete
}

format_if_blank() {
  local device=$1 found report
  command -v mkfs.ext4 >/dev/null || fail 28 "mkfs.ext4 is missing; run \`apt-get install e2fsprogs\` on the server"
  found=$(contents "$device")
  case $found in
    ours) ;;
    blank)
      say "formatting the blank data volume"
      printf '%s\n' "$device" >"$FORMATTING"
      report=$(mkfs.ext4 -q -L "$VOLUME_LABEL" "$device" 2>&1) || fail 28 "the data volume can't be formatted: $report"
      rm -f "$FORMATTING"
      ;;
    *)
      fail 28 "$device holds $found; allowed is a blank volume or an ext4 file system with the label $VOLUME_LABEL." \
        "Nothing was changed. Keep the data elsewhere and wipe the volume (wipefs -a), or give another volume"
      ;;
  esac
}

# declare_volume DEVICE: how it is mounted, and what needs it; with no device neither.
declare_volume() {
  local changed=false
  if declare_mount "$1"; then changed=true; fi
  if place_units "$1"; then changed=true; fi
  if $changed; then systemctl daemon-reload; fi
}

# place_units DEVICE: returns 0 when something was changed.
place_units() {
  local service changed=1
  for service in "${USERS[@]}"; do
    local folder=/etc/systemd/system/$service.service.d
    if [[ -n $1 ]]; then
      if place_file files/needs-volume.conf "$folder/berth-volume.conf" 0644; then changed=0; fi
    elif [[ -e $folder/berth-volume.conf ]]; then
      rm -f "$folder/berth-volume.conf"
      changed=0
    fi
  done
  if [[ -n $1 ]]; then
    if place_file files/berth-volume.service "$UNIT" 0644; then changed=0; fi
  elif [[ -e $UNIT ]]; then
    systemctl disable --quiet berth-volume
    rm -f "$UNIT"
    changed=0
  fi
  return "$changed"
}

device=$(data_device)
if [[ -z $device ]]; then
  [[ -e $UNIT ]] || exit 0
  # Going on without it would look like lost data.
  [[ ! -f $VOLUME_SENTINEL ]] || fail 29 "$DATA_PATH is a data volume, and none is declared any more; its data stays." \
    "Release it first (/opt/berth/host/release-volume.sh), or declare it again"
  declare_volume ""
  rm -f /etc/berth/volume-released
  exit 0
fi

await_device "$device"
if ! is_volume_mounted "$device"; then
  [[ ! -f $VOLUME_SENTINEL ]] || fail 29 "another data volume than $device is mounted on $DATA_PATH; release it first:" \
    "/opt/berth/host/release-volume.sh"
  refuse_data
  format_if_blank "$device"
  clear_mount_point
fi
declare_volume "$device"
rm -f /etc/berth/volume-released
volume/mount.sh
if [[ ! -f $VOLUME_SENTINEL ]]; then
  echo "The data volume of berth is mounted; docker.service starts only when this file is here." >"$VOLUME_SENTINEL"
fi
if ! report=$(grow_volume "$device"); then
  # A server without the right to do so in use, such as a container, does it while it boots.
  [[ $report == *'Permission denied to resize'* ]] || fail 28 "the file system on $device can't be grown: $report"
  say "the file system on $device can't be grown in use here; it is grown at the next boot"
fi
systemctl enable --quiet berth-volume
systemctl start berth-volume
