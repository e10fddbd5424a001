#!/usr/bin/env bash
# Purpose: where a release's files are and how Compose is called on them. Sourced, never run.
# Inputs: none. Exit codes: none of its own.
# Safe to run twice: it only defines functions.

release_folder() { printf '/opt/%s/releases/%s' "$1" "$2"; }

# current_release APP: id of the release that serves, empty before the first.
current_release() {
  local link="/opt/$1/current"
  if [[ -L $link ]]; then basename "$(readlink "$link")"; fi
}

# compose_release APP ID ARGUMENTS...
compose_release() {
  local app=$1 folder
  folder=$(release_folder "$1" "$2")
  shift 2
  docker compose --project-name "$app" --project-directory "$folder" --file "$folder/compose.json" \
    --env-file "$folder/.env" --progress quiet "$@"
}

# without_secrets APP ID: what is on stdin, with the secrets of the release taken out; an application may print them.
without_secrets() {
  local folder
  folder=$(release_folder "$1" "$2")
  "$(dirname "${BASH_SOURCE[0]}")/redact.py" "$folder/.env" "$folder/secret-names"
}

# unhealthy_containers APP: a line for each container of the application that does not run or is not healthy.
unhealthy_containers() {
  local project
  for project in "$1" "$1-data"; do
    docker ps --all --filter "label=com.docker.compose.project=$project" --filter label=com.docker.compose.oneoff=False \
      --format '{{.Label "com.docker.compose.service"}} {{.State}} {{.Status}}' || echo "docker does not answer"
  done | awk '$2 != "running" || /unhealthy|health: starting/'
}

# quietly LOG COMMAND...: keeps a command's output in a log that only root reads.
quietly() {
  local log=$1
  shift
  install -m 0600 /dev/null "$log"
  "$@" >"$log" 2>&1 </dev/null
}
