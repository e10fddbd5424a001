# Purpose: the machine's system and processor, and the small commands that differ between systems. Sourced.
# Functions: system_name, is_macos, processor_for SCHEME, sha256_of FILE, hash_of_sources FOLDER, version_at_least.
# shellcheck shell=bash

# linux | darwin | what uname says, in small letters.
system_name() {
  uname -s | tr '[:upper:]' '[:lower:]'
}

is_macos() {
  [[ $(system_name) == darwin ]]
}

# The processor as publishers write it. $1: x64 (Pulumi, Node), amd64 (Go, plugins), x86_64 (Compose).
processor_for() {
  local machine
  machine=$(uname -m)
  case "$1:$machine" in
    x86_64:x86_64 | x86_64:amd64) echo x86_64 ;;
    *:x86_64 | *:amd64) echo "$1" ;;
    x86_64:arm64 | x86_64:aarch64) echo aarch64 ;;
    *:arm64 | *:aarch64) echo arm64 ;;
    *) echo "$machine" ;;
  esac
}

sha256_of() {
  sha256_command
  "${sha256[@]}" "$1" | cut -d ' ' -f 1
}

# One hash over names and contents of the sources in a folder: the same wherever the folder is.
hash_of_sources() {
  sha256_command
  (
    cd "$1" || return
    find . -type f ! -name '*.test.ts' ! -name '*.md' ! -path '*/node_modules/*' | LC_ALL=C sort |
      tr '\n' '\0' | xargs -0 "${sha256[@]}" | "${sha256[@]}" | cut -d ' ' -f 1
  )
}

# Sets: sha256, the command and its arguments.
sha256_command() {
  sha256=(sha256sum)
  if ! command -v sha256sum >/dev/null; then
    sha256=(shasum -a 256)
  fi
}

# True when dotted version $1 is $2 or newer.
version_at_least() {
  [[ $(printf '%s\n%s\n' "$2" "$1" | sort -t . -k 1,1n -k 2,2n -k 3,3n | head -n 1) == "$2" ]]
}
