#!/usr/bin/env bash
# Purpose: print the options, one a line, that make `pulumi preview` and `pulumi up` run the policy pack. For a stack
#   with protectData false they hand over what was protected before, so that a protection is not taken away by the
#   update that also replaces what it protects.
# Usage:   options=$(commands/policy.sh [STACK_FILE]); mapfile -t options <<<"$options"; pulumi preview "${options[@]}"
# Inputs:  STACK_FILE, where it is not the project's Pulumi.<stack>.yaml; STACK, which is there already, and
#   BERTH_PROJECT (see stack.sh); BERTH_CACHE, and what the backend needs.
# Exit codes: 2 there is no such file; those of pulumi where the state can't be read.
# Safe to run twice: it changes nothing; settings that it wrote more than a day ago are removed.
set -euo pipefail
given=${1:+$(realpath "$1")}
source "$(dirname "$0")/stack.sh"
file=${given:-$PROJECT/Pulumi.$STACK.yaml}
[[ -f $file ]] || need_stack

printf '%s\n' --policy-pack "$PWD/policy/start.sh"
# A stack that does not say otherwise keeps its data.
grep -qE '^  berth:protectData: "?false"?$' "$file" || exit 0

cache=${BERTH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/berth}/policy
mkdir -p "$cache"
# Another one may delete the same at this moment.
find "$cache" -name 'settings.*' -mtime +0 -delete 2>/dev/null || true
settings=$(mktemp "$cache/settings.XXXXXX.json")
pulumi stack export --stack "$STACK" </dev/null | node --import tsx policy/protected-before.ts >"$settings"
printf '%s\n' --policy-pack-config "$settings"
