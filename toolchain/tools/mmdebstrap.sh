# Purpose: mmdebstrap, which makes the Debian base image where none can be pulled. Sourced.
# shellcheck shell=bash

mmdebstrap_title() {
  echo "mmdebstrap"
}

# Not for macOS, where base images are pulled.
mmdebstrap_ready() {
  is_macos || command -v mmdebstrap >/dev/null
}

mmdebstrap_packages() {
  echo mmdebstrap
  if ((EUID != 0)); then
    # Maps the ids of the image's files for a user who is not root.
    echo uidmap
  fi
}

mmdebstrap_by_hand() {
  package_by_hand mmdebstrap mmdebstrap
}
