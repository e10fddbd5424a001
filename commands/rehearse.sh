#!/usr/bin/env bash
# Purpose: `make rehearse`: run a cloud's stack, unchanged, against the simulated cloud of this machine: own state, own
#   network, a test certificate authority, credentials that open nothing.
# Inputs: STACK; ACTION: up (default), preview, destroy (as `make destroy`: a last backup first, unless SKIP_BACKUP=yes),
#   prepare (all but Pulumi: project, network, authority, APIs, the empty stack), remove (whatever is left of the rehearsal on this machine); RELEASE (default local: built here).
#   BERTH_REHEARSALS: folder of rehearsals (default $BERTH_CACHE/rehearsal), outside of the tree. BERTH_REHEARSAL: name
#   of network and containers (default berth-rehearsal-STACK).
# Output: that of the action. <folder>/<stack>/environment.sh, sourced, lets every other command work on the rehearsal
#   until it is removed; <folder>/<stack>/Pulumi.<stack>.yaml may be changed there.
# Exit codes: 2 no such stack; 64 unknown ACTION; 75 the APIs of the simulated clouds did not start; else those of the
#   action.
# Safe to run twice: what is there is used again.
set -euo pipefail
source "$(dirname "$0")/stack.sh"
root=$PWD
ACTION=${ACTION:-up}
export BERTH_CACHE=${BERTH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/berth}
export BERTH_REHEARSAL=${BERTH_REHEARSAL:-berth-rehearsal-$STACK}
folder=${BERTH_REHEARSALS:-$BERTH_CACHE/rehearsal}/$STACK
simulator=$folder/simulator

write_environment() {
  local url=$1 prefix=$2
  [[ -f $folder/passphrase ]] || (umask 077 && printf 'a rehearsal keeps no secret\n' >"$folder/passphrase")
  mkdir -p "$folder/state"
  printf 'export %s=%q\n' \
    BERTH_CACHE "$BERTH_CACHE" BERTH_PROJECT "$folder" BERTH_SIMULATOR "$simulator" BERTH_REHEARSAL "$BERTH_REHEARSAL" \
    PULUMI_BACKEND_URL "file://$folder/state" PULUMI_CONFIG_PASSPHRASE_FILE "$folder/passphrase" \
    DIGITALOCEAN_TOKEN dop_v1_rehearsal DIGITALOCEAN_API_URL "$url" \
    AWS_ACCESS_KEY_ID AKIAREHEARSAL0000000 AWS_SECRET_ACCESS_KEY rehearsal AWS_ENDPOINT_URL "$url" \
    AWS_REGION "$(setting_in_tree region)" \
    BERTH_CALLER_ADDRESS "$prefix.1" BERTH_DNS_SERVER "$prefix.12" >"$folder/environment.sh"
  printf 'unset PULUMI_CONFIG_PASSPHRASE AWS_PROFILE AWS_SESSION_TOKEN DIGITALOCEAN_ACCESS_TOKEN\n. %q\n' \
    "$root/toolchain/env.sh" >>"$folder/environment.sh"
  chmod 0600 "$folder/environment.sh"
}

setting_in_tree() { sed -n -E "s/^ +berth:$1: *\"?([^\"]*)\"?$/\1/p" "Pulumi.$STACK.yaml"; }

encoded() { printf '%s' "$1" | base64 -w0; }

prepare() {
  local plugins network prefix database_authority url
  mkdir -p "$simulator"
  plugins=$(simulator/build.sh)
  network=$(printf 'NAME=%s\nSTATE=%s\n' "$(encoded "$BERTH_REHEARSAL")" "$(encoded "$simulator")" |
    simulator/machines/network.sh)
  printf '%s\n' "$network" >"$simulator/network.json"
  prefix=$(sed -E 's/.*"prefix":"([^"]*)".*/\1/' <<<"$network")
  # A key that nobody logs in with: a person's has to be named.
  [[ -f $folder/operator.pub ]] || ssh-keygen -q -t ed25519 -N '' -C rehearsal -f "$folder/operator"
  database_authority=$(simulator/aws/rds/authority.sh "$simulator/aws/authority")
  node --import tsx simulator/rehearsal/main.ts --root "$root" --stack "$STACK" --folder "$folder" \
    --state "$simulator" --plugins "$plugins" --release "$RELEASE" --caller "$prefix.1" \
    --authority "$simulator/authority.pem" --databaseAuthority "$database_authority" \
    --operatorKey "$(cat "$folder/operator.pub")"
  url=$(simulator/rehearsal/api.sh start "$folder")
  write_environment "$url" "$prefix"
  # shellcheck source=/dev/null
  . "$folder/environment.sh"
}

remove() {
  simulator/rehearsal/api.sh end "$folder"
  simulator/machines/remove-all.sh "$BERTH_REHEARSAL" "$simulator"
  rm -rf "$folder"
}

case $ACTION in
  up | preview | destroy | prepare | remove) ;;
  *) stop 64 "ACTION is \"$ACTION\"; allowed: up, preview, destroy, prepare, remove" ;;
esac
use_tools
if [[ $ACTION == remove ]]; then
  remove
  exit 0
fi
# Of a stack that is to be removed nothing is asked.
if [[ $ACTION != destroy ]]; then commands/config.sh --quiet --rehearsed; fi
prepare
case $ACTION in
  up) commands/up.sh ;;
  preview) commands/preview.sh ;;
  destroy) CONFIRM=$STACK commands/destroy.sh ;;
  prepare) (select_stack) && RELEASE=$RELEASE commands/release.sh ;;
esac
