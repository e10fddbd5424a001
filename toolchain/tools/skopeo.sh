# Purpose: skopeo, which copies images to the server's registry. Sourced.
# shellcheck shell=bash

skopeo_title() {
  echo "skopeo"
}

skopeo_ready() {
  command -v skopeo >/dev/null
}

skopeo_packages() {
  echo skopeo
}

skopeo_by_hand() {
  package_by_hand skopeo skopeo
}
