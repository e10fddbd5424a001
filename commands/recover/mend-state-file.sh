#!/usr/bin/env bash
# Purpose: a state on this machine's disk whose last write was cut off: take the copy that Pulumi keeps of the one before.
#   Pulumi writes the state beside a file of attributes; killed in between, it leaves one of them empty and can't read
#   the state any more ("failed to load checkpoint"). States elsewhere are written whole or not at all.
# Inputs: argument 1, the stack; PULUMI_BACKEND_URL. Output: a line when something was mended.
# Exit codes: 1 neither the state nor its copy can be read.
# Safe to run twice: a state that can be read is left alone.
set -euo pipefail
[[ ${PULUMI_BACKEND_URL:-} == file://* ]] || exit 0
folder=${PULUMI_BACKEND_URL#file://}
folder=${folder%%\?*}
file=$folder/.pulumi/stacks/berth/$1.json
[[ -e $file || -e $file.bak ]] || exit 0

readable() { [[ -s $1 ]] && node -e 'JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"))' "$1" 2>/dev/null; }

for attributes in "$file.attrs" "$file.bak.attrs"; do
  if [[ -e $attributes ]] && ! readable "$attributes"; then
    rm -f "$attributes"
    printf '  the last write of the state was cut off: mended\n'
  fi
done
if ! readable "$file"; then
  readable "$file.bak" || {
    printf 'error: neither %s nor its copy can be read; take an older one from %s/.pulumi/backups\n' "$file" "$folder" >&2
    exit 1
  }
  cp -p "$file.bak" "$file.new" && mv -f "$file.new" "$file"
  rm -f "$file.attrs"
  printf '  the last write of the state was cut off: the one before is taken\n'
fi
