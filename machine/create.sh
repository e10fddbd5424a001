#!/usr/bin/env bash
# Purpose: make a container that boots as a Debian 13 server: systemd, sshd, cloud-init, a Docker of its own.
# Inputs: stdin NAME, STACK, USER_DATA (cloud-init), META_DATA?, HTTP_PORT, HTTPS_PORT, SSH_PORT (on 127.0.0.1),
#   IMAGE? (image to boot, e.g. one of machine/variants; default: that of machine/build.sh).
#   Needs machine/acme.sh first: it makes the network.
# Output: one JSON line on stdout: name, address (in the private network), http, https, ssh (ports).
# Exit codes: 64 a value is wrong; 65 a machine of that name with other settings exists; 69 no Docker or a port is taken.
# Safe to run twice: a machine with the same settings is started if need be and kept.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=machine/lib/machine.sh
source "$here/lib/machine.sh"
# shellcheck source=machine/lib/network.sh
source "$here/lib/network.sh"
# shellcheck source=machine/lib/resolvers.sh
source "$here/lib/resolvers.sh"
# shellcheck source=machine/lib/container.sh
source "$here/lib/container.sh"

read_inputs NAME STACK USER_DATA 'META_DATA?' HTTP_PORT HTTPS_PORT SSH_PORT 'IMAGE?'
# shellcheck disable=SC2153 # read_inputs sets it
name_parts "$NAME"
need_docker
for port in HTTP_PORT HTTPS_PORT SSH_PORT; do
  [[ ${!port} =~ ^[0-9]{1,5}$ && ${!port} -ge 1 && ${!port} -le 65535 ]] ||
    fail 64 "$port is \"${!port}\"; allowed: a port from 1 to 65535"
done
settings=$(sha256sum <<<"$USER_DATA|$META_DATA|$HTTP_PORT|$HTTPS_PORT|$SSH_PORT${IMAGE:+|$IMAGE}" | cut -c1-16)
[[ -n $META_DATA ]] || META_DATA="instance-id: $MACHINE-$settings"$'\n'"local-hostname: $MACHINE"

prefix=$(network_prefix)
[[ -n $prefix ]] || fail 69 "the network $MACHINE does not exist; run machine/acme.sh first"

result() {
  printf '{"name":"%s","address":"%s","http":%d,"https":%d,"ssh":%d}\n' \
    "$MACHINE" "$prefix.10" "$HTTP_PORT" "$HTTPS_PORT" "$SSH_PORT"
}

if [[ -n $(is_running "$MACHINE") ]]; then
  [[ $(label_value "$MACHINE" berth.settings) == "$settings" ]] ||
    fail 65 "machine $MACHINE exists with other settings; remove it first: machine/remove.sh $MACHINE"
  "$here/start.sh" "$MACHINE"
  result
  exit 0
fi

image=$IMAGE
[[ -n $image ]] || image=$("$here/build.sh" machine)
labels=(--label "berth.stack=$STACK" --label "berth.name=$MACHINE")
for volume in "${VOLUMES[@]}"; do docker volume create "${labels[@]}" "$volume" >/dev/null; done

# Under another name until it is whole, so that a kill in between leaves nothing that looks finished.
draft=$MACHINE-draft
remove_container "$draft"
docker create --name "$draft" "${labels[@]}" --label "berth.settings=$settings" \
  --hostname "$MACHINE" --network "$MACHINE" --ip "$prefix.10" \
  --add-host "acme:$prefix.11" --add-host "pebble:$prefix.11" \
  --publish "127.0.0.1:$HTTP_PORT:80" --publish "127.0.0.1:$HTTPS_PORT:443" --publish "127.0.0.1:$SSH_PORT:22" \
  "${MACHINE_OPTIONS[@]}" \
  --volume "$MACHINE-docker:/var/lib/docker" --volume "$MACHINE-containerd:/var/lib/containerd" \
  --volume "$MACHINE-data:/srv/berth" \
  "$image" >/dev/null

give_seed "$draft"
give_resolvers "$draft"
docker rename "$draft" "$MACHINE"
"$here/start.sh" "$MACHINE" --no-wait
result
