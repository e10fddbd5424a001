# Purpose: Chromium, which the tests look at the pages with, and the font that the pages ask for first, so that pictures
#   are alike on every machine. Sourced.
# shellcheck shell=bash

chromium_title() {
  echo "Chromium and the font Inter"
}

chromium_ready() {
  command -v chromium >/dev/null && compgen -G '/usr/share/fonts/*/inter*' >/dev/null
}

chromium_packages() {
  echo "chromium fonts-inter"
}

chromium_by_hand() {
  package_by_hand "Chromium and the font Inter" "chromium fonts-inter" "--cask chromium font-inter"
}
