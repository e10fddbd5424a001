#!/usr/bin/env bash
# Purpose: mount the data volume. Run at each boot by berth-volume.service, which Docker, the registry and the proxy
#   require.
# Inputs: /etc/berth/data-device; the line for /srv/berth in /etc/fstab. Environment: BERTH_DEVICE_SECONDS.
# Exit codes: 0 mounted; 27 the device is missing; 28 it holds something else, or can't be mounted; 35 this server
#   has given its volume away.
# Safe to run twice: a volume that is mounted is left alone.
set -euo pipefail
cd "$(dirname "$0")/.."
source lib/volume.sh

[[ ! -e /etc/berth/volume-released ]] ||
  fail 35 "this server gave its data volume away; /opt/berth/host/prepare.sh takes it back, once no other server has it"
device=$(data_device)
[[ -n $device ]] || fail 27 "no data volume is declared in /etc/berth/data-device"
await_device "$device"
if ! is_volume_mounted "$device"; then
  label=$(blkid -p -o value -s LABEL "$device" 2>/dev/null || true)
  [[ $label == "$VOLUME_LABEL" ]] ||
    fail 28 "$device has the label \"$label\"; a data volume of berth has \"$VOLUME_LABEL\". Nothing was mounted"
  report=$(grow_volume "$device") || say "the file system could not be grown: $report"
  report=$(mount "$DATA_PATH" 2>&1) || fail 28 "the data volume can't be mounted: $report"
  is_volume_mounted "$device" || fail 28 "$DATA_PATH is not $device after mounting it; look at /etc/fstab"
  say "the data volume is mounted"
fi
