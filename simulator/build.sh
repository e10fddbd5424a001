#!/usr/bin/env bash
# Purpose: build the simulated clouds as plugins pulumi-resource-{digitalocean,aws}, if their sources changed.
# Inputs: BERTH_CACHE, Node >= 22 on PATH, npm packages installed. Argument: which (default both).
# Output: the folder that holds them, on stdout.
# Exit codes: 64 an unknown cloud; 69 npm packages are missing; else that of esbuild.
# Safe to run twice, also at the same time: what is built is kept, and appears whole or not at all.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${BERTH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/berth}/simulator
[[ $# -gt 0 ]] || set -- digitalocean aws

if [[ ! -x $root/node_modules/.bin/esbuild ]]; then
  printf 'esbuild is missing in %s/node_modules; run npm ci\n' "$root" >&2
  exit 69
fi

sources() {
  printf '%s\n' "$root" "$*"
  find "$root/simulator" "$root/toolchain/plugins/provider" "$root/package-lock.json" \
    -type f \( -name '*.ts' -o -name '*.json' \) -not -path '*/api/*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
}
hash=$(sources "$@" | sha256sum | cut -c1-16)
folder=$cache/$hash
if [[ ! -d $folder ]]; then
  mkdir -p "$cache"
  staging=$(mktemp -d "$cache/.build.XXXXXX")
  trap 'rm -rf "$staging"' EXIT
  for cloud in "$@"; do
    [[ -f $root/simulator/$cloud/main.ts ]] || {
      printf 'no cloud "%s" is simulated\n' "$cloud" >&2
      exit 64
    }
    "$root/node_modules/.bin/esbuild" "$root/simulator/$cloud/main.ts" \
      --bundle --platform=node --target=node22 --format=cjs --log-level=warning \
      --external:cpu-features '--external:*.node' \
      --tsconfig="$root/tsconfig.json" --outfile="$staging/$cloud.cjs" >&2
    cat >"$staging/pulumi-resource-$cloud" <<STARTER
#!/bin/sh
# Starts a simulated cloud of berth; written by simulator/build.sh.
export BERTH_ROOT='${root//\'/\'\\\'\'}'
exec node "\${0%/*}/$cloud.cjs" "\$@"
STARTER
    chmod 0755 "$staging/pulumi-resource-$cloud"
  done
  chmod 0755 "$staging"
  # Another build of the same sources may have been faster.
  mv -T "$staging" "$folder" 2>/dev/null || [[ -d $folder ]]
fi
printf '%s\n' "$folder"
