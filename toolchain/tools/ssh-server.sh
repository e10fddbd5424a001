# Purpose: an SSH server, which the contract tests start on loopback with a configuration of their own. Sourced.
# shellcheck shell=bash

ssh_server_title() {
  echo "OpenSSH server"
}

ssh_server_ready() {
  [[ -x /usr/sbin/sshd || -x /usr/local/sbin/sshd ]]
}

ssh_server_packages() {
  echo openssh-server
}

ssh_server_by_hand() {
  package_by_hand "OpenSSH server" openssh-server openssh
}

# The package would otherwise open this machine to logins.
ssh_server_before_packages() {
  local unit
  for unit in ssh.service ssh.socket; do
    if [[ ! -e /etc/systemd/system/$unit ]]; then
      run_as_root mkdir -p /etc/systemd/system
      run_as_root ln -s /dev/null "/etc/systemd/system/$unit"
    fi
  done
}
