#!/usr/bin/env bash
# Purpose: set up what berth needs on this machine and is missing, each thing with a line of progress.
# Usage:   setup.sh [--for-tests] [--quiet-when-ready] [STEP...]   all steps when none is named; --for-tests adds the
#          tests' own tools
# Inputs:  BERTH_CACHE (folder to keep tools in, default ~/.cache/berth), BERTH_OFFICIAL=no (use package registries
#          only), BERTH_OFFICIAL_<PLACE>_URL and BERTH_OFFICIAL_ANSWER_SECONDS (see lib/official.sh), PULUMI_HOME.
# Exit:    0 everything is there, 1 a step failed, 64 wrong use, 69 something must be installed by hand (says what).
# Safe to run twice, and by two at a time: a second one waits for the first.
set -euo pipefail

TOOLCHAIN=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
BERTH_ROOT=$(dirname "$TOOLCHAIN")
# shellcheck disable=SC2034  # read by tools/*.sh
readonly TOOLCHAIN BERTH_ROOT
export BERTH_CACHE="${BERTH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/berth}"

# In the order of their needs.
readonly all_steps=(local-state docker ssh-client skopeo mmdebstrap node dependencies pulumi language-host compose buildx plugins)
readonly test_steps=(shellcheck cloud-init ssh-server actionlint zizmor chromium)

# shellcheck source=versions.env
source "$TOOLCHAIN/versions.env"
for file in "$TOOLCHAIN"/lib/*.sh "$TOOLCHAIN"/tools/*.sh; do
  # shellcheck source=/dev/null
  source "$file"
done

MISSING_TOOLS=()
MISSING_PACKAGES=()
quiet_when_ready=no

main() {
  local steps=()
  choose_steps "$@"
  find_missing "${steps[@]}"
  if ((${#MISSING_TOOLS[@]} == 0)); then
    [[ $quiet_when_ready == yes ]] || echo "Toolchain: everything is there."
    return
  fi

  mkdir -p "$BERTH_CACHE"/{bin,log,tools}
  trap end_steps EXIT
  trap 'exit 130' INT TERM
  lock_cache
  # Another set-up may have done it while we waited.
  find_missing "${steps[@]}"
  if ((${#MISSING_TOOLS[@]} == 0)); then
    return
  fi
  echo "Setting up berth's tools in $BERTH_CACHE"
  sweep_unfinished
  ask_official_places
  add_go_when_needed
  gather_packages
  report_what_needs_a_person
  install_missing
}

# Sets `steps`, as the names that the functions of tools/*.sh begin with.
choose_steps() {
  local argument for_tests=no named=()
  for argument in "$@"; do
    case "$argument" in
      --for-tests) for_tests=yes ;;
      --quiet-when-ready) quiet_when_ready=yes ;;
      --help | -h) usage && exit 0 ;;
      *)
        if [[ " ${all_steps[*]} ${test_steps[*]} " != *" $argument "* ]]; then
          echo "setup.sh: there is no step \"$argument\"" >&2
          usage >&2
          exit 64
        fi
        named+=("$argument")
        ;;
    esac
  done
  if [[ $BERTH_CACHE != /* ]]; then
    echo "setup.sh: BERTH_CACHE is \"$BERTH_CACHE\"; it must be an absolute path" >&2
    exit 64
  fi
  if ((${#named[@]} == 0)); then
    named=("${all_steps[@]}")
  fi
  if [[ $for_tests == yes ]]; then
    named+=("${test_steps[@]}")
  fi
  steps=("${named[@]//-/_}")
}

usage() {
  echo "usage: setup.sh [--for-tests] [--quiet-when-ready] [STEP...]"
  echo "steps: ${all_steps[*]}; with --for-tests also: ${test_steps[*]}"
}

find_missing() {
  local tool
  MISSING_TOOLS=()
  for tool in "$@"; do
    if ! "${tool}_ready"; then
      MISSING_TOOLS+=("$tool")
    fi
  done
}

ask_official_places() {
  local tool places=()
  for tool in "${MISSING_TOOLS[@]}"; do
    if declare -F "${tool}_place" >/dev/null; then
      places+=("$("${tool}_place")")
    fi
  done
  if ((${#places[@]} > 0)); then
    reach_official "${places[@]}"
  fi
}

add_go_when_needed() {
  local tool
  for tool in "${MISSING_TOOLS[@]}"; do
    if declare -F "${tool}_builds_with_go" >/dev/null && "${tool}_builds_with_go" && ! go_ready; then
      MISSING_TOOLS=(go "${MISSING_TOOLS[@]}")
      return
    fi
  done
}

gather_packages() {
  local tool package
  MISSING_PACKAGES=()
  if ! command -v curl >/dev/null; then
    MISSING_PACKAGES+=(curl ca-certificates)
  fi
  for tool in "${MISSING_TOOLS[@]}"; do
    if declare -F "${tool}_packages" >/dev/null; then
      for package in $("${tool}_packages"); do
        if [[ " ${MISSING_PACKAGES[*]-} " != *" $package "* ]]; then
          MISSING_PACKAGES+=("$package")
        fi
      done
    fi
  done
}

# All findings in one message, before anything is changed.
report_what_needs_a_person() {
  local tool findings=""
  for tool in "${MISSING_TOOLS[@]}"; do
    if declare -F "${tool}_by_hand" >/dev/null; then
      findings+=$("${tool}_by_hand" | sed 's/^/  - /')$'\n'
    fi
  done
  if needs_root && has_root_rights && ! ask_for_rights; then
    findings+="  - sudo wants a password and there is no terminal to ask on: type \"sudo -v\" first, or run this as root"$'\n'
  fi
  findings=$(grep . <<<"$findings" || true)
  if [[ -n $findings ]]; then
    printf 'These cannot be installed from here. Install them, then run the same command again:\n%s\n' "$findings" >&2
    exit 69
  fi
}

needs_root() {
  local tool
  if ((${#MISSING_PACKAGES[@]} > 0)); then
    return 0
  fi
  for tool in "${MISSING_TOOLS[@]}"; do
    if declare -F "${tool}_needs_root" >/dev/null && "${tool}_needs_root"; then
      return 0
    fi
  done
  return 1
}

install_missing() {
  local tool
  if ((${#MISSING_PACKAGES[@]} > 0)); then
    run_step "$(packages_title)" packages_install
  fi
  for tool in "${MISSING_TOOLS[@]}"; do
    if declare -F "${tool}_install" >/dev/null && ! "${tool}_ready"; then
      run_step "$("${tool}_title")" "${tool}_install"
    fi
  done
  for tool in "${MISSING_TOOLS[@]}"; do
    if ! declare -F "${tool}_install" >/dev/null && ! "${tool}_ready"; then
      FAILED_STEPS+=("$("${tool}_title")")
    fi
  done
  if ((${#FAILED_STEPS[@]} > 0)); then
    printf 'Not set up: %s. What is done stays done: the same command goes on from here.\n' \
      "$(printf '%s, ' "${FAILED_STEPS[@]}" | sed 's/, $//')" >&2
    exit 1
  fi
  drop_go_work
  printf 'Tools are ready after %d s.\n' "$SECONDS"
}

main "$@"
exit
