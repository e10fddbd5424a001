#!/usr/bin/env bash
# Purpose: put files in place only when they differ. Sourced, never run.
# Inputs: none. Exit codes: none of its own.
# Safe to run twice: it only defines functions.

# place_file SOURCE TARGET MODE: returns 0 when the target was changed, 1 when it was right already.
place_file() {
  local source=$1 target=$2 mode=$3
  if cmp -s "$source" "$target" && [[ $(stat -c %a "$target") == "${mode#0}" ]]; then return 1; fi
  install -D -m "$mode" "$source" "$target.berth-new"
  mv -f "$target.berth-new" "$target"
}

# place_text TEXT TARGET MODE: the same for a text, which never is an argument of another process.
place_text() {
  local text=$1 target=$2 mode=$3 incoming
  if [[ -f $target && $(stat -c %a "$target") == "${mode#0}" && $(<"$target") == "${text%$'\n'}" ]]; then return 1; fi
  incoming=$(mktemp "$target.XXXXXX")
  printf '%s\n' "${text%$'\n'}" >"$incoming"
  chmod "$mode" "$incoming"
  mv -f "$incoming" "$target"
}
