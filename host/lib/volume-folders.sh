#!/usr/bin/env bash
# Purpose: make the folders of an application's volumes as Docker makes a named volume: with what the image has at that
#   place, its owner and mode. For a bind mount Docker would make an empty folder of root's, where a service with an id of
#   its own can't write. Sourced, never run.
# Inputs: the shell variable APP. Exit codes: 45 an image can't be had, or its content can't be copied.
# Safe to run twice: a folder that is there is left alone; one that was not finished is made anew.

# shellcheck source=host/lib/log.sh
source "$(dirname "${BASH_SOURCE[0]}")/log.sh"

# make_volume_folders ROOT COMPOSE [DATABASE]: the folders below ROOT/srv/berth that the Compose file binds; those of the
# service DATABASE are empty and its server's own.
make_volume_folders() {
  local root=$1 project=$2 database=${3:-} service image user source target
  while IFS=$'\t' read -r service image user source target; do
    [[ $source == "$root"/srv/berth/* && ! -e $source ]] || continue
    mkdir -p "$(dirname "$source")"
    rm -rf "$source.new"
    mkdir -m 0700 "$source.new"
    if [[ $service == "$database" ]]; then
      chown 999:999 "$source.new"
    else
      fill_volume_folder "$image" "$target" "$source.new" "$user"
    fi
    mv "$source.new" "$source"
    say "made $source for $(stat --format %u:%g "$source")"
  done < <(jq --raw-output '
    .services | to_entries[] | .key as $name | .value as $value
    | $value.volumes // [] | .[]
    | if type == "object" then select(.type == "bind") | [.source, .target] else split(":")[:2] end
    | [$name, $value.image, ($value.user // "-" | tostring)] + . | @tsv' <<<"$project")
}

# fill_volume_folder IMAGE PLACE FOLDER USER: a user of the Compose file gets the folder, else the image says whose it is.
# What the image has not is the user's alone where the user is known by number.
fill_volume_folder() {
  local image=$1 place=$2 folder=$3 user=$4 container="$APP-volume-content" said
  docker rm --force --volumes "$container" >/dev/null 2>&1 || true
  said=$(docker create --quiet --name "$container" --label "berth.app=$APP" --entrypoint / "$image" 2>&1 >/dev/null) ||
    fail 45 "image $image can't be had for the volume at $place: $said"
  if said=$(docker cp "$container:$place/." - 2>&1 >"$folder.tar"); then
    tar --extract --preserve-permissions --numeric-owner --directory "$folder" --file "$folder.tar" ||
      fail 45 "what image $image has at $place can't be copied to $folder"
  elif [[ $said != *'ould not find the file'* ]]; then
    fail 45 "what image $image has at $place can't be copied: $said"
  else
    [[ $user != - ]] || user=$(docker image inspect --format '{{.Config.User}}' "$image")
    [[ $user =~ ^[0-9] ]] || chmod 0755 "$folder"
  fi
  rm -f "$folder.tar"
  docker rm --force --volumes "$container" >/dev/null
  if [[ $user =~ ^[0-9]+(:[0-9]+)?$ ]]; then chown "$user" "$folder"; fi
}
