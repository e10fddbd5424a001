# Purpose: Docker Engine: Debian's where none is installed, started where nothing else starts it. Sourced.
# shellcheck shell=bash

docker_title() {
  echo "Docker Engine"
}

docker_ready() {
  command -v docker >/dev/null && docker version --format '{{.Server.Version}}' >/dev/null 2>&1
}

docker_packages() {
  if ! command -v dockerd >/dev/null && [[ -z ${DOCKER_HOST:-} ]]; then
    echo docker.io
  fi
  if ! command -v docker >/dev/null; then
    # A package of its own from Debian 13 on.
    echo 'docker-cli?'
  fi
}

docker_by_hand() {
  if is_macos; then
    echo "Docker Engine 20.10 or newer, running: Docker Desktop, or: brew install colima docker && colima start"
  elif command -v dockerd >/dev/null && docker_denied; then
    echo "Docker Engine runs, but you may not use it: sudo usermod -aG docker $(id -un), then log in again"
  elif [[ -n ${DOCKER_HOST:-} ]]; then
    echo "Docker Engine does not answer at DOCKER_HOST=$DOCKER_HOST: start it, or unset DOCKER_HOST"
  elif command -v dockerd >/dev/null && ! has_root_rights; then
    echo "Docker Engine is installed but not running: as root, start it with systemctl start docker or $TOOLCHAIN/start-docker.sh"
  elif ! command -v dockerd >/dev/null; then
    package_by_hand "Docker Engine 20.10 or newer, running" docker.io
  fi
}

docker_needs_root() {
  [[ -z ${DOCKER_HOST:-} ]]
}

docker_denied() {
  docker version 2>&1 | grep -qi 'permission denied'
}

docker_install() {
  doing "starting it"
  if [[ $(cat /proc/1/comm) == systemd ]]; then
    run_as_root systemctl start docker
  else
    # Its log goes to our cache; sudo would drop the variable.
    run_as_root env BERTH_CACHE="$BERTH_CACHE" "$TOOLCHAIN/start-docker.sh"
  fi
  made_by "version $(docker version --format '{{.Server.Version}}')"
}
