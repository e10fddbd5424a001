# Purpose: zizmor, which the tests run on the workflows, from PyPI. Sourced.
# shellcheck shell=bash

zizmor_title() {
  echo "zizmor $ZIZMOR_VERSION"
}

zizmor_ready() {
  has_tool "zizmor-$ZIZMOR_VERSION" zizmor
}

zizmor_packages() {
  pip_package
}

zizmor_by_hand() {
  if ! can_install_packages && ! has_pip; then
    echo "zizmor: there is no pip for Python 3 here to install it with"
  fi
}

zizmor_install() {
  doing "downloading from PyPI"
  start_tool "zizmor-$ZIZMOR_VERSION"
  pip_into "$STAGING/python" "$TOOLCHAIN/zizmor/requirements.txt"
  mv "$STAGING/python/bin/zizmor" "$STAGING/bin/zizmor"
  rm -rf "$STAGING/python"
  [[ $("$STAGING/bin/zizmor" --version) == "zizmor $ZIZMOR_VERSION" ]]
  finish_tool "zizmor-$ZIZMOR_VERSION"
  link_commands "zizmor-$ZIZMOR_VERSION" zizmor
  made_by "from PyPI"
}
