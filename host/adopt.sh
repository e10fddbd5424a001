#!/usr/bin/env bash
# Purpose: the first login to a server that is there already: refuse what berth can't run on, make the login `berth`,
#   and note whether an older installation is to be taken over. The rest is done by prepare.sh, as on any server.
# Inputs: the script itself arrives on stdin, as root; after its last line, lines NAME=<base64>:
#   AUTHORIZED_KEYS, public keys of `berth`; ADOPT_FROM, folder of the older installation, or empty for none.
# Output: one line, the server's ed25519 host key; progress on stderr.
# Exit codes: 0 done; 22 another system, or no systemd; 23 not root; 24 sshd would not let `berth` in; 25 ADOPT_FROM
#   holds no Compose file; 26 something else serves this host's ports 80 or 443; 64 a value is wrong; 100 apt failed.
# Safe to run twice: it changes only what differs.
set -euo pipefail

# As in host/lib/distribution.sh, which is not there yet.
readonly supported=(debian-12 debian-13 ubuntu-22.04 ubuntu-24.04)
AUTHORIZED_KEYS='' ADOPT_FROM=''

say() { printf '%s\n' "$*" >&2; }
fail() {
  local code=$1
  shift
  printf 'error: %s\n' "$*" >&2
  exit "$code"
}

read_values() {
  local line value
  while IFS= read -r line || [[ -n $line ]]; do
    [[ -n $line ]] || continue
    [[ $line =~ ^(AUTHORIZED_KEYS|ADOPT_FROM)=([A-Za-z0-9+/=]*)$ ]] ||
      fail 64 "a line on stdin is none of AUTHORIZED_KEYS=<base64>, ADOPT_FROM=<base64>"
    value=$(base64 -d <<<"${BASH_REMATCH[2]}") || fail 64 "value ${BASH_REMATCH[1]} is not base64"
    printf -v "${BASH_REMATCH[1]}" '%s' "$value"
  done
  [[ $AUTHORIZED_KEYS == ssh-* || $AUTHORIZED_KEYS == ecdsa-* || $AUTHORIZED_KEYS == sk-* ]] ||
    fail 64 "value AUTHORIZED_KEYS holds no public SSH key"
}

check_system() {
  local system name
  # shellcheck disable=SC1091
  system=$(source /etc/os-release && printf '%s' "$ID${VERSION_ID:+-$VERSION_ID}")
  # shellcheck disable=SC1091
  name=$(source /etc/os-release && printf '%s' "$PRETTY_NAME")
  [[ " ${supported[*]} " == *" $system "* ]] ||
    fail 22 "this server runs $name; berth takes Debian 12, Debian 13, Ubuntu 22.04 and Ubuntu 24.04." \
      "Name another server in existingServer, or install one of these on it"
  [[ -d /run/systemd/system ]] || fail 22 "this server was not booted by systemd, which berth needs"
  ((EUID == 0)) || fail 23 "this is user $(id -un), not root; let existingServer.user be root or a user with sudo without a password"
}

await_first_boot() {
  command -v cloud-init >/dev/null || return 0
  say "waiting for the end of cloud-init"
  # How it ended is not ours: the server is older than we are.
  timeout 600 cloud-init status --wait >/dev/null 2>&1 </dev/null || true
}

install_missing() {
  local package missing=()
  for package in sudo python3 openssh-server ca-certificates iproute2; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  ((${#missing[@]} > 0)) || return 0
  say "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l
  local options=(-o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confold -y -q)
  { apt-get "${options[@]}" update && apt-get "${options[@]}" install --no-install-recommends "${missing[@]}"; } \
    >/var/log/berth-apt.log 2>&1 </dev/null || fail 100 "apt-get failed: $(tail -n 3 /var/log/berth-apt.log)"
}

# What of /etc berth changes, as it was before.
keep_copy() {
  local archive=/var/backups/berth/etc-before.tar.gz name found=()
  [[ ! -e $archive ]] || return 0
  install -d -m 0700 /var/backups/berth
  for name in nginx docker ssh/sshd_config ssh/sshd_config.d ufw crontab cron.d letsencrypt/renewal; do
    if [[ -e /etc/$name ]]; then found+=("$name"); fi
  done
  (umask 077 && tar -czf "$archive.new" -C /etc "${found[@]}")
  mv "$archive.new" "$archive"
}

make_login() {
  local home keys line
  if ! id berth >/dev/null 2>&1; then
    useradd --create-home --shell /bin/bash --comment berth berth
    say "made the login berth"
  fi
  if [[ ! -f /etc/sudoers.d/90-berth ]]; then
    printf 'berth ALL=(ALL) NOPASSWD:ALL\n' >/etc/sudoers.d/.90-berth
    chmod 0440 /etc/sudoers.d/.90-berth
    visudo -cqf /etc/sudoers.d/.90-berth
    mv /etc/sudoers.d/.90-berth /etc/sudoers.d/90-berth
  fi
  home=$(getent passwd berth | cut -d: -f6)
  keys=$home/.ssh/authorized_keys
  install -d -m 0700 -o berth -g berth "$home/.ssh"
  if [[ ! -e $keys ]]; then install -m 0600 -o berth -g berth /dev/null "$keys"; fi
  while IFS= read -r line; do
    [[ -z $line ]] || grep -qxF "$line" "$keys" || printf '%s\n' "$line" >>"$keys"
  done <<<"$AUTHORIZED_KEYS"
}

check_sshd() {
  local settings users groups
  settings=$(sshd -T -C user=berth,host=localhost,addr=127.0.0.1 2>/dev/null) || return 0
  users=$(sed -n 's/^allowusers //p' <<<"$settings" | tr '\n' ' ')
  groups=$(sed -n 's/^allowgroups //p' <<<"$settings" | tr '\n' ' ')
  if [[ -n $users && " $users " != *' berth '* ]] || [[ -n $groups && " $groups " != *' berth '* ]]; then
    fail 24 "sshd lets in only ${users:+the users $users}${groups:+the groups $groups}; add berth to AllowUsers or AllowGroups in /etc/ssh"
  fi
  grep -qE '^authorizedkeysfile .*\.ssh/authorized_keys( |$)' <<<"$settings" ||
    fail 24 "sshd reads keys from $(sed -n 's/^authorizedkeysfile //p' <<<"$settings"), not from .ssh/authorized_keys; let AuthorizedKeysFile name that too"
}

ensure_host_key() {
  [[ ! -s /etc/ssh/ssh_host_ed25519_key.pub ]] || return 0
  if [[ ! -s /etc/ssh/ssh_host_ed25519_key ]]; then
    ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key </dev/null
  else
    ssh-keygen -y -f /etc/ssh/ssh_host_ed25519_key >/etc/ssh/ssh_host_ed25519_key.pub
  fi
  systemctl reload-or-restart ssh
}

# The folder that was taken over may be gone since; before that it has to hold what there is to take over.
note_adoption() {
  local name
  install -d -m 0755 /etc/berth
  ADOPT_FROM=${ADOPT_FROM%/}
  if [[ -z $ADOPT_FROM ]]; then
    rm -f /etc/berth/adopt-from
    return
  fi
  [[ $ADOPT_FROM == /*/* ]] || fail 25 "existingServer.adoptFrom is \"$ADOPT_FROM\"; give a folder such as /opt/battery-hub"
  if [[ $(cat /etc/berth/adopted 2>/dev/null) != "$ADOPT_FROM" ]]; then
    for name in docker-compose.yml docker-compose.yaml compose.yml compose.yaml; do
      if [[ -f $ADOPT_FROM/$name ]]; then break; fi
      name=
    done
    [[ -n $name ]] || fail 25 "existingServer.adoptFrom is \"$ADOPT_FROM\", where there is no compose.yaml and no docker-compose.yml"
  fi
  printf '%s\n' "$ADOPT_FROM" >/etc/berth/adopt-from
}

# Before anything is installed beside it, which could not serve then.
check_ports() {
  local port container folder process
  for port in 80 443; do
    while IFS=$'\t' read -r container folder; do
      [[ -z $container || (-n $ADOPT_FROM && $folder == "$ADOPT_FROM") ]] ||
        fail 26 "container $container of ${folder:-unknown origin} serves port $port; stop it for good, or name its folder in existingServer.adoptFrom to have it taken over"
    done < <(docker ps --filter "publish=$port" --format '{{.Names}}\t{{.Label "com.docker.compose.project.working_dir"}}' 2>/dev/null)
    process=$(ss -Hltnp "sport = :$port" | sed -nE 's/.*users:\(\("([^"]+)".*/\1/p' | head -n 1)
    case $process in
      '' | nginx | docker-proxy) ;;
      *) fail 26 "$process serves port $port; berth's proxy is nginx: stop $process for good, then run \`make up\` again" ;;
    esac
  done
}

main() {
  read_values
  check_system
  await_first_boot
  install_missing
  note_adoption
  check_ports
  keep_copy
  make_login
  check_sshd
  ensure_host_key
  cut -d ' ' -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub
}

# `exit` on the same line: bash reads no further, what follows on stdin are the values.
main; exit
