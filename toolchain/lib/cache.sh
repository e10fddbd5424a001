# Purpose: keep tools in the cache so that a half-made one never counts and two set-ups never clash. Sourced.
# Functions: lock_cache, start_tool NAME, finish_tool NAME, has_tool NAME COMMAND..., link_commands NAME COMMAND..., replace_link TARGET LINK,
#   sweep_unfinished. NAME is <tool>-<version>; its commands are in tools/NAME/bin.
# Reads: BERTH_CACHE. Sets: STAGING (the folder that start_tool made).
# shellcheck shell=bash

STAGING=

# Held until this process ends. Perl serves where there is no flock (macOS).
lock_cache() {
  exec 9>>"$BERTH_CACHE/setup.lock"
  if try_lock; then
    return
  fi
  printf '  … another set-up is using %s; waiting for it\n' "$BERTH_CACHE"
  wait_for_lock
}

try_lock() {
  if command -v flock >/dev/null; then
    flock --nonblock 9
  else
    perl -e 'use Fcntl ":flock"; open(my $f, ">>&=", 9) or die; exit(flock($f, LOCK_EX | LOCK_NB) ? 0 : 1)'
  fi
}

wait_for_lock() {
  if command -v flock >/dev/null; then
    flock 9
  else
    perl -e 'use Fcntl ":flock"; open(my $f, ">>&=", 9) or die; flock($f, LOCK_EX) or die "flock: $!"'
  fi
}

start_tool() {
  STAGING=$(mktemp -d "$BERTH_CACHE/tools/.unfinished-$1.XXXXXX")
  mkdir "$STAGING/bin"
}

# From here on the tool counts as installed.
finish_tool() {
  chmod 0755 "$STAGING"
  rm -rf "$BERTH_CACHE/tools/$1"
  mv "$STAGING" "$BERTH_CACHE/tools/$1"
}

has_tool() {
  local name=$1 command
  shift
  for command in "$@"; do
    [[ -x $BERTH_CACHE/tools/$name/bin/$command ]] || return 1
    [[ $BERTH_CACHE/bin/$command -ef $BERTH_CACHE/tools/$name/bin/$command ]] || return 1
  done
}

link_commands() {
  local name=$1 command
  shift
  for command in "$@"; do
    replace_link "../tools/$name/bin/$command" "$BERTH_CACHE/bin/$command"
  done
}

# In one step: a command that runs meanwhile finds the old target or the new one. (`mv` would move into a folder.)
replace_link() {
  ln -sfn "$1" "$2.new"
  perl -e 'rename($ARGV[0], $ARGV[1]) or die "$ARGV[1]: $!\n"' "$2.new" "$2"
}

# What an interrupted set-up left. Only with the lock held.
sweep_unfinished() {
  rm -rf "$BERTH_CACHE"/tools/.unfinished-*
}
