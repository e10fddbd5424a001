# Purpose: Docker Compose as a command of its own: the official one, else built from its Go module. Sourced.
# shellcheck shell=bash

compose_title() {
  echo "Docker Compose $COMPOSE_VERSION"
}

compose_ready() {
  has_tool "compose-$COMPOSE_VERSION" docker-compose
}

compose_place() {
  echo compose
}

compose_builds_with_go() {
  ! official_reached compose
}

compose_install() {
  start_tool "compose-$COMPOSE_VERSION"
  if official_reached compose && compose_from_publisher; then
    made_by "from its GitHub release"
  else
    go_build docker github.com/docker/compose/v2/cmd "$STAGING/bin/docker-compose" \
      "-X github.com/docker/compose/v2/internal.Version=v$COMPOSE_VERSION"
    made_by "built from Go modules"
  fi
  "$STAGING/bin/docker-compose" version
  finish_tool "compose-$COMPOSE_VERSION"
  link_commands "compose-$COMPOSE_VERSION" docker-compose
}

compose_from_publisher() {
  doing "downloading from its GitHub release"
  official_file compose "docker-compose-$(system_name)-$(processor_for x86_64)" checksums.txt \
    "$STAGING/bin/docker-compose" && chmod 0755 "$STAGING/bin/docker-compose"
}
