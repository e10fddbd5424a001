# Purpose: actionlint, which the tests run on the workflows, built from its Go module. Sourced.
# shellcheck shell=bash

actionlint_title() {
  echo "actionlint $ACTIONLINT_VERSION"
}

actionlint_ready() {
  has_tool "actionlint-$ACTIONLINT_VERSION" actionlint
}

actionlint_builds_with_go() {
  true
}

actionlint_install() {
  start_tool "actionlint-$ACTIONLINT_VERSION"
  go_build actionlint github.com/rhysd/actionlint/cmd/actionlint "$STAGING/bin/actionlint" \
    "-X github.com/rhysd/actionlint.version=v$ACTIONLINT_VERSION"
  made_by "built from Go modules"
  "$STAGING/bin/actionlint" --version
  finish_tool "actionlint-$ACTIONLINT_VERSION"
  link_commands "actionlint-$ACTIONLINT_VERSION" actionlint
}
