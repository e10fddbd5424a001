# Purpose: build a command from Go modules, verified by the go.sum that is committed beside its go.mod. Sourced.
# Functions: go_command, go_build MODULE PACKAGE OUTPUT LINKER_FLAGS, drop_go_work.
# Reads: BERTH_CACHE, TOOLCHAIN, GO_VERSION. Downloads are shared by the builds of a run and dropped after it;
#   an interrupted build goes on from what it had.
# shellcheck shell=bash

# The `go` to use: the machine's if new enough, else the cache's. 1 when there is neither.
go_command() {
  local found
  if found=$(command -v go) && version_at_least "$(go_version "$found")" "$(go_needed)"; then
    echo "$found"
  elif [[ -x $BERTH_CACHE/tools/go-$GO_VERSION/bin/go ]]; then
    echo "$BERTH_CACHE/tools/go-$GO_VERSION/bin/go"
  else
    return 1
  fi
}

go_version() {
  GOTOOLCHAIN=local "$1" env GOVERSION | sed -e 's/^go//' -e 's/[^0-9.].*//'
}

# The newest that any of our modules asks for.
go_needed() {
  awk '$1 == "go" { print $2 }' "$TOOLCHAIN"/go/*/go.mod | sort -t . -k 1,1n -k 2,2n -k 3,3n | tail -n 1
}

go_build() {
  local module=$1 package=$2 output=$3 flags=$4 go
  go=$(go_command) || refuse "There is no Go $(go_needed) or newer to build it with. Run toolchain/setup.sh again, it installs one."
  doing "building from Go modules"
  cd "$TOOLCHAIN/go/$module" || return
  # DWARF is left out when compiling too, as nobody debugs these: a tenth less work.
  env GOFLAGS="-mod=readonly -modcacherw -buildvcs=false -trimpath" GOTOOLCHAIN=local GOWORK=off CGO_ENABLED=0 \
    GOMODCACHE="$BERTH_CACHE/build/go-modules" GOCACHE="$BERTH_CACHE/build/go-cache" \
    "$go" build -gcflags=all=-dwarf=false -ldflags "-s -w $flags" -o "$output" "$package"
}

drop_go_work() {
  rm -rf "$BERTH_CACHE/build"
}
