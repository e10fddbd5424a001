#!/usr/bin/env bash
# Purpose: settings of the system that an attacker would have to get past, and that no service here misses
#   (docs/adr/0016-hardening.md tells what is left out, and why).
# Inputs: none. Exit codes: 0 done; that of systemctl.
# Safe to run twice: only what differs is placed and taken into force.
set -euo pipefail
cd "$(dirname "$0")/.."
source lib/files.sh

readonly FILES=files/hardening SYSCTL=/usr/lib/systemd/systemd-sysctl

# place_settings NAME: kernel settings, in force at once and at each boot.
place_settings() {
  local target=/etc/sysctl.d/60-berth-$1.conf
  if place_file "$FILES/$1.conf" "$target" 0644; then "$SYSCTL" "$target"; fi
}

# place_notice FILE: in place of what the package brought, never of somebody's own text.
place_notice() {
  local brought
  brought=$(dpkg-query -W -f '${Conffiles}\n' base-files | awk -v file="$1" '$1 == file { print $2 }')
  if [[ $(md5sum "$1" 2>/dev/null | cut -d ' ' -f 1) == "$brought" ]]; then install -m 0644 "$FILES/notice" "$1"; fi
}

place_settings network
# In a container they are those of the machine around it, which is not ours to change.
systemd-detect-virt --quiet --container || place_settings kernel
place_file "$FILES/modules.conf" /etc/modprobe.d/berth.conf 0644 || true
place_file "$FILES/coredump.conf" /etc/systemd/coredump.conf.d/berth.conf 0644 || true
place_file "$FILES/limits.conf" /etc/security/limits.d/berth.conf 0644 || true
place_file "$FILES/profile" /etc/profile.d/berth.sh 0644 || true
# What is running has it at its next start.
if place_file "$FILES/services.conf" /etc/systemd/system.conf.d/berth.conf 0644; then systemctl daemon-reexec; fi
for file in /etc/issue /etc/issue.net; do place_notice "$file"; done
