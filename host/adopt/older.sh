#!/usr/bin/env bash
# Purpose: the older installation: its Compose project, its database, and how it is stopped and started. Sourced.
#   find_older APP DB_HOST   sets OLDER_PROJECT, OLDER_FILES, OLDER_DATABASE (its container)
# Inputs: /etc/berth/adopt-from, variable APP. Exit codes: 80 it can't be understood.
# Safe to run twice: what is stopped stays stopped, what runs is left alone.

# older_containers [--all]: short ids of those that run, or of all. berth's own database lies in the same folder.
older_containers() {
  docker ps "$@" --filter "label=com.docker.compose.project.working_dir=$(adopt_from)" \
    --format '{{.ID}} {{.Label "com.docker.compose.project"}}' | awk -v ours="$APP-data" '$2 != ours { print $1 }'
}

label() { docker inspect --format "{{index .Config.Labels \"com.docker.compose.$2\"}}" "$1"; }

environment() { docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$1" | sed -n "s/^$2=//p" | head -n 1; }

find_older() {
  local folder one file databases=()
  folder=$(adopt_from)
  one=$(older_containers --all | head -n 1)
  OLDER_FILES=()
  if [[ -n $one ]]; then
    OLDER_PROJECT=$(label "$one" project)
    while IFS= read -r file; do
      if [[ -n $file ]]; then OLDER_FILES+=(--file "$file"); fi
    done < <(label "$one" project.config_files | tr ',' '\n')
  else
    OLDER_PROJECT=$(cd "$folder" && docker compose config --format json 2>/dev/null | jq -r .name) ||
      fail 80 "docker compose can't read the older installation in $folder; try \`docker compose config\` there"
    older_compose create --no-build >/dev/null 2>&1 ||
      fail 80 "the containers of the older installation in $folder can't be made; try \`docker compose up -d\` there"
  fi
  # Images of PostgreSQL name their data folder; a service that merely uses the database has only its password.
  for one in $(older_containers --all); do
    if [[ -n $(environment "$one" PGDATA) ]]; then databases+=("$one"); fi
  done
  ((${#databases[@]} == 1)) ||
    fail 80 "the older installation in $folder has ${#databases[@]} containers with PostgreSQL; exactly one can be taken over"
  OLDER_DATABASE=${databases[0]}
}

older_compose() {
  (cd "$(adopt_from)" && docker compose --project-name "$OLDER_PROJECT" "${OLDER_FILES[@]}" --progress quiet "$@") </dev/null
}

# Whether anything of it runs besides its database.
older_serves() {
  local one
  for one in $(older_containers); do
    if [[ $one != "${OLDER_DATABASE:0:12}" ]]; then return 0; fi
  done
  return 1
}

older_runs() { [[ -n $(older_containers) ]]; }

# The units that name its folder. Their own way to stop would take berth's containers along, as both are of one
# project's name; so they forget it first.
older_units() {
  grep -lsE -- "$(folder_pattern)" /etc/systemd/system/*.service /etc/systemd/system/*.timer | xargs -r -n 1 basename
}

# Matches the folder itself and what is in it, not another one whose name begins alike.
folder_pattern() { printf '%s([^A-Za-z0-9._-]|$)' "$(adopt_from | sed 's/[][\.*^$+?(){}|]/\\&/g')"; }

release_units() {
  local unit
  for unit in $(older_units); do
    if [[ $unit == *.service ]]; then
      install -d "/run/systemd/system/$unit.d"
      printf '[Service]\nExecStop=\nExecStopPost=\n' >"/run/systemd/system/$unit.d/berth.conf"
    fi
  done
  systemctl daemon-reload
  for unit in $(older_units); do systemctl stop "$unit"; done
}

forget_drop_in() {
  rm -f "/run/systemd/system/$1.d/berth.conf"
  [[ ! -d /run/systemd/system/$1.d ]] || rmdir --ignore-fail-on-non-empty "/run/systemd/system/$1.d"
}

return_units() {
  local unit
  for unit in $(older_units); do forget_drop_in "$unit"; done
  systemctl daemon-reload
  for unit in $(older_units); do
    if systemctl is-enabled --quiet "$unit"; then systemctl start "$unit" || say "unit $unit does not start; see systemctl status $unit"; fi
  done
}

# Everything but the database: its writers and what holds ports 80 and 443.
stop_older_services() {
  local one
  release_units
  for one in $(older_containers); do
    [[ $one == "${OLDER_DATABASE:0:12}" ]] || printf '%s\n' "$one"
  done | xargs -r docker stop --time 10 >/dev/null
}

# Without --volumes: containers and networks go, as berth's have the same names; volumes, images and files stay.
remove_older_containers() {
  docker stop --time 60 "$OLDER_DATABASE" >/dev/null
  older_compose down --remove-orphans >/dev/null 2>&1
}

start_older() { older_compose up --detach --no-build; }
