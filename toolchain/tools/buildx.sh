# Purpose: Docker's image builder as a command of its own: the official one, else built from its Go module. Sourced.
# shellcheck shell=bash

buildx_title() {
  echo "Docker Buildx $BUILDX_VERSION"
}

buildx_ready() {
  has_tool "buildx-$BUILDX_VERSION" docker-buildx
}

buildx_place() {
  echo buildx
}

buildx_builds_with_go() {
  ! official_reached buildx
}

buildx_install() {
  start_tool "buildx-$BUILDX_VERSION"
  if official_reached buildx && buildx_from_publisher; then
    made_by "from its GitHub release"
  else
    # The same module as Compose, which contains most of it: this build has little left to do.
    go_build docker github.com/docker/buildx/cmd/buildx "$STAGING/bin/docker-buildx" \
      "-X github.com/docker/buildx/version.Version=v$BUILDX_VERSION"
    made_by "built from Go modules"
  fi
  "$STAGING/bin/docker-buildx" version
  finish_tool "buildx-$BUILDX_VERSION"
  link_commands "buildx-$BUILDX_VERSION" docker-buildx
}

buildx_from_publisher() {
  doing "downloading from its GitHub release"
  official_file buildx "buildx-v$BUILDX_VERSION.$(system_name)-$(processor_for amd64)" checksums.txt \
    "$STAGING/bin/docker-buildx" && chmod 0755 "$STAGING/bin/docker-buildx"
}
