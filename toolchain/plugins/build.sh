#!/usr/bin/env bash
# Purpose: build the stand-in plugins as executables pulumi-resource-{command,random,tls}.
# Inputs:  $1 folder to write to. Node >= 22 on PATH, npm packages installed.
# Exit:    0 done, 64 wrong use, 69 something needed is missing.
# Safe to run twice, also at the same time: each file appears whole or not at all. The folder may be moved.
set -euo pipefail

readonly oldest_node=22

main() {
  if [[ $# -ne 1 ]]; then
    printf 'usage: build.sh OUTPUT_DIR\n' >&2
    exit 64
  fi
  local output=$1 root node
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
  node=$(find_node)
  mkdir -p "$output"
  output=$(cd "$output" && pwd)
  local staging
  staging=$(mktemp -d "$output/.build.XXXXXX")
  # shellcheck disable=SC2064  # the folder's name is wanted as it is now
  trap "rm -rf '$staging'" EXIT

  local plugin
  for plugin in command random tls; do
    bundle "$root" "$plugin" "$staging/$plugin.cjs"
    write_starter "$node" "$plugin.cjs" >"$staging/pulumi-resource-$plugin"
    chmod 0755 "$staging/pulumi-resource-$plugin"
    mv -f "$staging/$plugin.cjs" "$output/$plugin.cjs"
    mv -f "$staging/pulumi-resource-$plugin" "$output/pulumi-resource-$plugin"
  done
  printf 'stand-in plugins are in %s\n' "$output" >&2
}

find_node() {
  local node version
  if ! node=$(command -v node); then
    printf 'no node on PATH; the plugins need Node %s or newer\n' "$oldest_node" >&2
    exit 69
  fi
  version=$("$node" -p 'process.versions.node.split(".")[0]')
  if ((version < oldest_node)); then
    printf '%s is Node %s; the plugins need Node %s or newer\n' "$node" "$version" "$oldest_node" >&2
    exit 69
  fi
  "$node" -p 'fs.realpathSync(process.execPath)'
}

bundle() {
  local root=$1 plugin=$2 file=$3
  if [[ ! -x $root/node_modules/.bin/esbuild ]]; then
    printf 'esbuild is missing in %s/node_modules; run npm ci\n' "$root" >&2
    exit 69
  fi
  # The native parts are optional: the SSH library works without them, with Node's own cryptography.
  "$root/node_modules/.bin/esbuild" "$root/toolchain/plugins/$plugin/main.ts" \
    --bundle --platform=node --target=node22 --format=cjs --log-level=warning \
    --external:cpu-features '--external:*.node' \
    --tsconfig="$root/tsconfig.json" --outfile="$file"
}

write_starter() {
  local node=$1 file=$2
  cat <<STARTER
#!/bin/sh
# Starts a stand-in plugin of berth; written by toolchain/plugins/build.sh.
: "\${NODE_COMPILE_CACHE:=\${BERTH_CACHE:-\${XDG_CACHE_HOME:-\$HOME/.cache}/berth}/node-compile-cache}"
export NODE_COMPILE_CACHE
node='${node//\'/\'\\\'\'}'
[ -x "\$node" ] || node=node
exec "\$node" "\${0%/*}/$file" "\$@"
STARTER
}

main "$@"
