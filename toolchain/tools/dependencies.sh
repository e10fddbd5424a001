# Purpose: the project's npm packages, installed as package-lock.json says, again only when it changed. Sourced.
# shellcheck shell=bash

readonly dependencies_mark="$BERTH_ROOT/node_modules/.berth-lock-hash"

dependencies_title() {
  echo "npm packages of the project"
}

dependencies_ready() {
  [[ -f $dependencies_mark && $(cat "$dependencies_mark") == "$(dependencies_hash)" ]]
}

dependencies_hash() {
  sha256_of "$BERTH_ROOT/package-lock.json"
}

# npm empties node_modules first, so the mark goes before anything else does.
dependencies_install() {
  local hash
  hash=$(dependencies_hash)
  doing "npm ci"
  (cd "$BERTH_ROOT" && PATH="$BERTH_CACHE/bin:$PATH" npm ci --ignore-scripts --no-audit --no-fund)
  printf '%s\n' "$hash" >"$dependencies_mark"
  made_by "by package-lock.json"
}
