# Purpose: where stacks without a cloud keep their state, and the passphrase that encrypts its secrets. Sourced.
# shellcheck shell=bash

local_state_title() {
  echo "Folder and passphrase of local stacks"
}

local_state_ready() {
  [[ -d $BERTH_CACHE/state && -s $BERTH_CACHE/passphrase ]]
}

# An existing passphrase is never touched: without it the stacks' secrets are lost.
local_state_install() {
  local fresh="$BERTH_CACHE/.passphrase.new"
  mkdir -p "$BERTH_CACHE/state"
  chmod 0700 "$BERTH_CACHE/state"
  if [[ ! -s $BERTH_CACHE/passphrase ]]; then
    (umask 077 && head -c 48 /dev/urandom | base64 | tr -d '\n' >"$fresh")
    mv "$fresh" "$BERTH_CACHE/passphrase"
  fi
}
