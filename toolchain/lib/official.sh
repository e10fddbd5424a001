# Purpose: download from the publishers' own places, checked against the checksums they publish. Sourced.
# Functions: reach_official PLACE..., official_reached PLACE, official_file PLACE FILE SUMS OUTPUT, official_base PLACE.
# Places: pulumi, node, compose, buildx, plugins. BERTH_OFFICIAL=no asks none of them (package registries only);
#   BERTH_OFFICIAL_<PLACE>_URL names a mirror; BERTH_OFFICIAL_ANSWER_SECONDS (default 4) is how long the places may take
#   to answer. Reads: BERTH_CACHE, the versions.
# shellcheck shell=bash

# Bounds the search for all places together, as they are asked at the same time.
readonly official_answer_seconds=${BERTH_OFFICIAL_ANSWER_SECONDS:-4}
readonly official_memory_minutes=10

official_base() {
  case "$1" in
    pulumi) echo "${BERTH_OFFICIAL_PULUMI_URL:-https://get.pulumi.com/releases/sdk}" ;;
    node) echo "${BERTH_OFFICIAL_NODE_URL:-https://nodejs.org/dist/v$NODE_VERSION}" ;;
    compose) echo "${BERTH_OFFICIAL_COMPOSE_URL:-https://github.com/docker/compose/releases/download/v$COMPOSE_VERSION}" ;;
    buildx) echo "${BERTH_OFFICIAL_BUILDX_URL:-https://github.com/docker/buildx/releases/download/v$BUILDX_VERSION}" ;;
    plugins) echo "${BERTH_OFFICIAL_PLUGINS_URL:-https://get.pulumi.com/releases/plugins}" ;;
  esac
}

# A small file that is there when the place can be used.
official_sign() {
  case "$1" in
    pulumi) echo "pulumi-$PULUMI_CLI_VERSION-checksums.txt" ;;
    node) echo "SHASUMS256.txt" ;;
    compose | buildx) echo "checksums.txt" ;;
    plugins) echo "pulumi-resource-tls-v$PULUMI_TLS_VERSION-$(system_name)-$(processor_for amd64).tar.gz" ;;
  esac
}

# Asks all places that were not asked lately, at once. Never fails; official_reached tells.
reach_official() {
  local place
  [[ ${BERTH_OFFICIAL:-} != no ]] || return 0
  for place in "$@"; do
    if ! remembered "$place"; then
      ask_place "$place" 9>&- &
    fi
  done
  wait
}

official_reached() {
  [[ ${BERTH_OFFICIAL:-} != no ]] && remembered "$1" &&
    [[ $(cat "$BERTH_CACHE/reached/$1") == "yes $(official_base "$1")" ]]
}

remembered() {
  local answer="$BERTH_CACHE/reached/$1"
  [[ -f $answer && $(cut -d ' ' -f 2- "$answer") == "$(official_base "$1")" ]] &&
    [[ -n $(find "$answer" -mmin "-$official_memory_minutes") ]]
}

ask_place() {
  local place=$1 base answer=no
  base=$(official_base "$place")
  if command -v curl >/dev/null &&
    curl --fail --silent --location --head --max-time "$official_answer_seconds" --output /dev/null \
      "$base/$(official_sign "$place")"; then
    answer=yes
  fi
  remember_answer "$place" "$answer"
}

remember_answer() {
  mkdir -p "$BERTH_CACHE/reached"
  printf '%s %s\n' "$2" "$(official_base "$1")" >"$BERTH_CACHE/reached/.$1.$$"
  mv -f "$BERTH_CACHE/reached/.$1.$$" "$BERTH_CACHE/reached/$1"
}

# Downloads FILE of PLACE to OUTPUT. 1 when it could not be had; ends the step when its checksum is wrong.
official_file() {
  local place=$1 file=$2 sums=$3 output=$4 base published actual
  base=$(official_base "$place")
  if ! fetch "$base/$sums" "$output.sums" || ! fetch "$base/$file" "$output"; then
    remember_answer "$place" no
    return 1
  fi
  published=$(awk -v file="$file" '$2 == file || $2 == "*" file { print $1; exit }' "$output.sums")
  rm -f "$output.sums"
  actual=$(sha256_of "$output")
  if [[ $published != "$actual" ]]; then
    rm -f "$output"
    refuse "refused: $base/$file
does not match the checksum its publisher lists in $sums:
  listed:     ${published:-none for this file}
  downloaded: $actual
Try again later, or take it from the package registries instead: BERTH_OFFICIAL=no toolchain/setup.sh"
  fi
}

fetch() {
  curl --fail --silent --show-error --location --connect-timeout 5 --retry 2 \
    --speed-limit 1000 --speed-time 30 --output "$2" "$1"
}
