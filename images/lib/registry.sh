#!/usr/bin/env bash
# Purpose: look into a registry and copy images into it. Sourced, never run.
# Inputs: variables registry (host:port), store (folder), SSH_HOST for messages. Images are named repository@digest.
# Exit codes: 69 no registry answers; 70 an image could not be copied. Safe to run twice.
# shellcheck disable=SC2154 # push.sh and lib/tunnel.sh set them

readonly copy_tries=3 copy_seconds=600

# What is there under a digest has that digest: a registry checks it when it takes a manifest.
has_image() {
  local repository=${1%@*} digest=${1#*@} status
  status=$(curl --silent --noproxy '*' --output /dev/null --head --max-time 20 --write-out '%{http_code}' \
    --header 'Accept: application/vnd.oci.image.manifest.v1+json' \
    "http://$registry/v2/$repository/manifests/$digest") || status=000
  case $status in
    200) return 0 ;;
    404) return 1 ;;
    000) fail 69 "no registry answers on $SSH_HOST itself, port 5000; see \`systemctl status docker-registry\` there" ;;
    *) fail 69 "the registry on $SSH_HOST answers $status when asked for $1; see \`journalctl -u docker-registry\` there" ;;
  esac
}

# push_image IMAGE LOG
push_image() {
  local log=$2 repository=${1%@*} digest=${1#*@} attempt started=$SECONDS
  say "sending $repository ..."
  for ((attempt = 1; attempt <= copy_tries; attempt++)); do
    if timeout "$copy_seconds" skopeo copy --quiet --preserve-digests --dest-tls-verify=false \
      --src-shared-blob-dir "$store/blobs" "oci:$store/images/${digest/:/-}:image" \
      "docker://$registry/$repository:${digest#sha256:}" >"$log" 2>&1; then
      say "sent $repository in $((SECONDS - started)) s"
      return
    fi
    # The registry's own failure does not go away by asking again.
    ! grep -q 'HTTP status: 500' "$log" || break
  done
  if grep -q 'HTTP status: 500' "$log"; then
    fail 70 "image $repository could not be sent: the registry on $SSH_HOST fails, most likely as its disk is full;" \
      "see \`df -h\` and \`journalctl -u docker-registry\` there"
  fi
  fail 70 "image $repository could not be sent to $SSH_HOST in $copy_tries tries: $(tail -n 1 "$log")"
}
