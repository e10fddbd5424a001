#!/usr/bin/env bash
# Purpose: copy a release's images from the image store into the registry on a server, with their digests, through
#   one SSH tunnel. The registry listens on the server's 127.0.0.1:5000; layers that it has are not sent again.
# Inputs: stdin SSH_HOST, SSH_PORT, SSH_USER, PRIVATE_KEY, HOST_KEY (type and key, no name),
#   IMAGES (lines "repository sha256:digest"), STORE? (folder; default oci in BERTH_CACHE).
# Output: one line "repository@digest" for each image on stdout; progress on stderr.
# Exit codes: 28 too little disk space on the server; 64 a value is wrong; 66 an image is not in the store; 69 no tunnel
#   or no registry behind it; 70 an image could not be copied; 71 the server's Docker can't read the images; 72 Docker
#   Compose could not be brought; 76 the registry holds another digest.
# Safe to run twice: an image that is there is passed over.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=host/lib/inputs.sh
source "$here/../host/lib/inputs.sh"
# shellcheck source=images/lib/tunnel.sh
source "$here/lib/tunnel.sh"
# shellcheck source=images/lib/registry.sh
source "$here/lib/registry.sh"
# shellcheck source=host/lib/distribution.sh
source "$here/../host/lib/distribution.sh"
# shellcheck source=images/lib/server.sh
source "$here/lib/server.sh"

readonly parallel=2

# shellcheck disable=SC2153 # read_inputs sets them
read_values() {
  read_inputs SSH_HOST SSH_PORT SSH_USER PRIVATE_KEY HOST_KEY IMAGES 'STORE?'
  store=${STORE:-${BERTH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/berth}/oci}
  local repository digest
  while read -r repository digest; do
    [[ -z $repository ]] && continue
    [[ $repository =~ ^[a-z0-9]+([._/-][a-z0-9]+)*$ && $digest =~ ^sha256:[0-9a-f]{64}$ ]] ||
      fail 64 "IMAGES holds \"$repository $digest\"; wanted: a repository and sha256:<64 hexadecimal digits>"
    [[ -f $store/images/${digest/:/-}/index.json ]] ||
      fail 66 "image $repository@$digest is not in the store $store; build the release again (\`make up\` does)"
    wanted+=("$repository@$digest")
  done <<<"$IMAGES"
  [[ ${#wanted[@]} -gt 0 ]] || fail 64 "IMAGES is empty"
}

wanted=()
read_values
work=$(mktemp -d "${TMPDIR:-/tmp}/berth-push-XXXXXX")
trap 'close_tunnel; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

open_tunnel "$work"
needs=$(server_needs)
refuse_unreadable "$needs" "${wanted[@]}"
if grep -qx compose <<<"$needs"; then send_compose; fi
missing=()
for image in "${wanted[@]}"; do
  if ! has_image "$image"; then missing+=("$image"); fi
done
if ((${#missing[@]} > 0)); then refuse_full "$needs"; fi

# Each copy ends by itself, so that none speaks of a tunnel that another's failure closed.
running=() failed=0
for image in "${missing[@]}"; do
  if ((${#running[@]} >= parallel)); then
    wait "${running[0]}" || failed=$?
    running=("${running[@]:1}")
  fi
  ((failed == 0)) || break
  push_image "$image" "$work/${image//[\/:@]/-}.log" &
  running+=("$!")
done
for one in "${running[@]}"; do wait "$one" || failed=$?; done
((failed == 0)) || exit "$failed"

if ((${#missing[@]} > 0)); then unpack_ahead "${missing[@]}"; fi
for image in "${wanted[@]}"; do
  has_image "$image" || fail 76 "the registry on $SSH_HOST does not hold $image after the copy"
  printf '%s\n' "$image"
done
