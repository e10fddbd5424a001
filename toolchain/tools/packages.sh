# Purpose: the step that installs every Debian package the other steps lack, in one go. Sourced.
# shellcheck shell=bash

packages_title() {
  printf 'Debian packages %s' "${MISSING_PACKAGES[*]%\?}"
}

packages_install() {
  local tool
  for tool in "${MISSING_TOOLS[@]}"; do
    if declare -F "${tool}_before_packages" >/dev/null; then
      "${tool}_before_packages"
    fi
  done
  install_packages "${MISSING_PACKAGES[@]}"
  made_by "apt"
}
