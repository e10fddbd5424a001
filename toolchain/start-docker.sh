#!/usr/bin/env bash
# Purpose: start Docker Engine where no init system does it (a container, a small virtual machine), and wait until it answers.
# Inputs:  BERTH_CACHE (its log goes to log/dockerd.log there). Run as root.
# Exit:    0 it answers, 1 it did not start (says why), 69 not installed.
# Safe to run twice: does nothing when an engine answers.
set -euo pipefail

readonly start_seconds=60
# Away from the networks that homes and offices use, so that a container never hides a machine of theirs.
readonly networks=(--bip 172.29.0.1/24 --default-address-pool "base=172.30.0.0/16,size=24")

main() {
  local log="${BERTH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/berth}/log/dockerd.log" engine
  if answers; then
    return
  fi
  if ! command -v dockerd >/dev/null; then
    echo "Docker Engine is not installed: toolchain/setup.sh docker installs it" >&2
    exit 69
  fi
  mkdir -p "$(dirname "$log")"
  forget_dead_engine
  mount_cgroups
  # Containers reach the network only by forwarding.
  echo 1 >/proc/sys/net/ipv4/ip_forward
  setsid dockerd "${networks[@]}" >>"$log" 2>&1 </dev/null 9>&- &
  engine=$!
  wait_until_it_answers "$engine" "$log"
}

answers() {
  docker version --format '{{.Server.Version}}' >/dev/null 2>&1
}

# After a crash or a reboot the files may name processes that have ended, or are others now; the engine takes a dead
# containerd that nobody has reaped for a living one and waits for it in vain.
forget_dead_engine() {
  local engine=/var/run/docker.pid containerd=/var/run/docker/containerd/containerd.pid
  is_running dockerd "$engine" || rm -f "$engine"
  is_running containerd "$containerd" || rm -f "$containerd"
}

# Whether the process that file $2 names is $1 and alive.
is_running() {
  local status
  status=$(cat "/proc/$(cat "$2" 2>/dev/null)/status" 2>/dev/null) &&
    [[ $status == "Name:"$'\t'"$1"$'\n'* && $status != *$'\n'"State:"$'\t'Z* ]]
}

# Bare machines come without them, and the engine refuses to start.
mount_cgroups() {
  local controller
  if grep -q ' /sys/fs/cgroup' /proc/mounts; then
    return
  fi
  if grep -qw cgroup2 /proc/filesystems && ! awk 'NR > 1 && $2 != 0 { found = 1 } END { exit !found }' /proc/cgroups; then
    mount -t cgroup2 cgroup2 /sys/fs/cgroup
    return
  fi
  mount -t tmpfs -o mode=755 cgroup /sys/fs/cgroup
  awk 'NR > 1 && $4 == 1 { print $1 }' /proc/cgroups | while read -r controller; do
    mkdir "/sys/fs/cgroup/$controller"
    mount -t cgroup -o "$controller" cgroup "/sys/fs/cgroup/$controller"
  done
}

wait_until_it_answers() {
  local engine=$1 log=$2
  until answers; do
    if ! kill -0 "$engine" 2>/dev/null; then
      give_up "Docker Engine ended at its start" "$log"
    elif ((SECONDS >= start_seconds)); then
      give_up "Docker Engine did not answer within $start_seconds s" "$log"
    fi
    sleep 0.2
  done
}

give_up() {
  echo "$1; the end of $2:" >&2
  tail -n 15 "$2" >&2
  exit 1
}

main "$@"
