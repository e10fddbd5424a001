# Purpose: cloud-init, whose schema the tests check our first-boot data against. Sourced.
# shellcheck shell=bash

cloud_init_title() {
  echo "cloud-init"
}

cloud_init_ready() {
  is_macos || command -v cloud-init >/dev/null
}

cloud_init_packages() {
  echo cloud-init
}

cloud_init_by_hand() {
  package_by_hand cloud-init cloud-init
}

# The package would otherwise set this machine up at its next boot.
cloud_init_before_packages() {
  run_as_root mkdir -p /etc/cloud
  run_as_root touch /etc/cloud/cloud-init.disabled
}
