#!/usr/bin/env bash
# Purpose: call Docker Compose for the data services of an app, whichever way it is installed. Sourced.
# Inputs: the shell variables APP, APP_DIRECTORY. Exit codes: those of Compose; 69 there is none.
# Safe to run twice: it only defines functions.

data_compose() {
  local command=(docker compose)
  if ! docker compose version >/dev/null 2>&1; then
    command=(docker-compose)
    command -v docker-compose >/dev/null || fail 69 "Docker Compose is missing; install docker-compose"
  fi
  "${command[@]}" --project-name "$APP-data" --file "$APP_DIRECTORY/data.json" \
    --env-file "$APP_DIRECTORY/data.env" --progress quiet "$@"
}
