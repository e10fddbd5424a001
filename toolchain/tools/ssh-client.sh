# Purpose: an SSH client, for the tunnel that images travel through and for `make ssh`. Sourced.
# shellcheck shell=bash

ssh_client_title() {
  echo "OpenSSH client"
}

ssh_client_ready() {
  command -v ssh >/dev/null
}

ssh_client_packages() {
  echo openssh-client
}

ssh_client_by_hand() {
  package_by_hand "OpenSSH client" openssh-client openssh
}
