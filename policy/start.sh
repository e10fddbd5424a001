#!/usr/bin/env bash
# Purpose: start the policy pack; Pulumi runs this by `--policy-pack policy/start.sh` and talks to it through a local port.
# Inputs:  $1 the engine's address. Node >= 22 on PATH, npm packages installed; BERTH_CACHE.
# Exit:    69 npm packages are missing, else that of the pack.
# Safe to run twice, also at the same time: each keeps to the sources as they are when it starts.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${BERTH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/berth}
if [[ ! -x $root/node_modules/.bin/esbuild ]]; then
  printf 'esbuild is missing in %s/node_modules; run npm ci\n' "$root" >&2
  exit 69
fi

# One file starts in half the time of many that are translated one by one.
mkdir -p "$cache/policy"
# Another one may delete the same at this moment.
find "$cache/policy" -name '*.cjs' -mtime +7 -delete 2>/dev/null || true
made=$(mktemp "$cache/policy/.made.XXXXXX")
"$root/node_modules/.bin/esbuild" "$root/policy/index.ts" --bundle --platform=node --target=node22 --format=cjs \
  --packages=external --log-level=warning --tsconfig="$root/tsconfig.json" >"$made"
bundle=$cache/policy/$(cksum <"$made" | tr ' ' -).cjs
mv -f "$made" "$bundle"

export NODE_PATH=$root/node_modules NODE_COMPILE_CACHE=${NODE_COMPILE_CACHE:-$cache/node-compile-cache}
# The pack's version is that of the package.json where it starts.
cd "$root"
exec node "$bundle" "$@"
