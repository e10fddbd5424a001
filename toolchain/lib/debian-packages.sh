# Purpose: Debian packages that steps need, all in one apt-get call. Sourced.
# Functions: can_install_packages, has_root_rights, package_by_hand TITLE PACKAGE [BREW_NAME], ask_for_rights,
#   install_packages PACKAGE... (PACKAGE? is left out where the release does not have it), run_as_root COMMAND....
# shellcheck shell=bash

can_install_packages() {
  command -v apt-get >/dev/null && has_root_rights
}

has_root_rights() {
  ((EUID == 0)) || command -v sudo >/dev/null
}

# What to do about a package where we cannot install it; nothing where we can.
package_by_hand() {
  if is_macos; then
    printf '%s: brew install %s\n' "$1" "${3:-$2}"
  elif ! command -v apt-get >/dev/null; then
    printf '%s: there is no apt-get here; install it with the package manager of your system\n' "$1"
  elif ! can_install_packages; then
    printf '%s: you are not root and there is no sudo; as root: apt-get update && apt-get install -y %s\n' "$1" "$2"
  fi
}

run_as_root() {
  if ((EUID == 0)); then
    "$@"
  else
    # The password was asked for before the steps began, see ask_for_rights.
    sudo --non-interactive "$@"
  fi
}

# Once, while the terminal is ours. 1 when there is no way to get the rights.
ask_for_rights() {
  if ((EUID == 0)) || sudo --non-interactive true 2>/dev/null; then
    return 0
  fi
  if [[ -t 0 ]]; then
    printf '  Some packages need root; sudo asks for your password.\n'
    sudo --validate
  else
    return 1
  fi
}

install_packages() {
  doing "installing Debian packages"
  local package known=()
  run_as_root apt-get -o DPkg::Lock::Timeout=120 update
  for package in "$@"; do
    if [[ $package != *\? ]] || apt-cache show "${package%\?}" >/dev/null 2>&1; then
      known+=("${package%\?}")
    fi
  done
  run_as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
    install --yes --no-install-recommends "${known[@]}"
}
