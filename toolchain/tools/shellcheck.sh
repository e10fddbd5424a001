# Purpose: shellcheck, which the tests run on every script. Sourced.
# shellcheck shell=bash

shellcheck_title() {
  echo "shellcheck"
}

shellcheck_ready() {
  command -v shellcheck >/dev/null
}

shellcheck_packages() {
  echo shellcheck
}

shellcheck_by_hand() {
  package_by_hand shellcheck shellcheck
}
