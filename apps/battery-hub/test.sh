#!/usr/bin/env bash
# Purpose: build Battery Hub's images and test them: types, style and unit tests in the test stages, then
#   the whole compose.yaml with a real database, the panel's tests against it, and every health check.
# Inputs (environment): BERTH_CA_BUNDLE? a CA bundle for package registries; PIP_INDEX_URL? a mirror.
#   Needs docker, docker-buildx and docker-compose on PATH (toolchain/env.sh).
# Exit codes: 0 all passed, 1 something failed. The last line holds the counts.
# Safe to run twice, also at the same time: each run has a Compose project of its own and removes it.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
readonly PROJECT=battery-hub-test-$$ LABEL=berth.stack=battery-hub-test
export COMPOSE_PROJECT_NAME=$PROJECT
readonly BUNDLE=${BERTH_CA_BUNDLE:-${SSL_CERT_FILE:-}}
work=$(mktemp -d)
passed=0 failed=0

compose() {
  docker-compose --env-file .env.example --file compose.yaml --file "$work/override.yaml" "$@"
}

clean_up() {
  compose --profile migrate down --volumes --timeout 5 >"$work/down.log" 2>&1 || cat "$work/down.log"
  rm -rf "$work"
}
trap clean_up EXIT

build() {
  local image=$1 context=$2
  local -a arguments=(--tag "$image" "${@:3}")
  [[ ! -f $BUNDLE ]] || arguments+=(--secret "id=ca-bundle,src=$BUNDLE")
  [[ -z ${PIP_INDEX_URL:-} ]] || arguments+=(--build-arg PIP_INDEX_URL)
  printf 'building %s\n' "$image"
  docker-buildx build --builder "$builder" --load --progress plain "${arguments[@]}" "$context" \
    >"$work/build.log" 2>&1 || {
    cat "$work/build.log"
    exit 1
  }
}

check() {
  local name=$1
  shift
  if "$@" >"$work/check.log" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAIL %s\n' "$name"
    cat "$work/check.log"
  fi
}

# Runs a suite that ends with its own counts and adds them up.
suite() {
  local name=$1 status=0 good bad
  shift
  printf 'testing %s\n' "$name"
  "$@" >"$work/suite.log" 2>&1 || status=$?
  good=$(grep -oE '[0-9]+ passed' "$work/suite.log" | tail -n 1 | cut -d' ' -f1) || good=0
  bad=$({ grep -oE '[0-9]+ (failed|errors?)' "$work/suite.log" || true; } |
    awk '{ n += $1 } END { print n + 0 }')
  [[ $status == 0 || $bad != 0 ]] || bad=1
  [[ $status != 0 || $good != 0 ]] || bad=1
  passed=$((passed + ${good:-0})) failed=$((failed + bad))
  ((bad == 0)) || cat "$work/suite.log"
}

# What berth does on a server: the roles and their rights.
make_roles() {
  compose exec --no-TTY postgres psql --quiet --username=postgres --dbname=beppp --set=ON_ERROR_STOP=1 \
    --file=- <test-roles.sql
}

healthy() {
  [[ $(docker inspect --format '{{.State.Health.Status}}' "$(compose ps --quiet "$1")") == healthy ]]
}

# As hardened as compose.yaml says, seen from the running container.
hardened() {
  local found
  found=$(docker inspect --format '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}}
{{.HostConfig.SecurityOpt}} {{.HostConfig.Memory}} {{json .HostConfig.PidsLimit}}' \
    "$(compose ps --quiet "$1")" | tr '\n' ' ')
  [[ $found =~ ^true\ \[ALL\]\ \[no-new-privileges:true\]\ [1-9][0-9]*\ [1-9][0-9]*\ $ ]] || {
    echo "$found"
    return 1
  }
  [[ $(compose exec --no-TTY "$1" id -u) != 0 ]]
}

# The database goes away and comes back: health checks see both.
follows_the_database() {
  local service
  compose stop postgres
  for service in api panel; do
    if compose exec --no-TTY "$service" /usr/local/lib/battery-hub/healthy.sh; then return 1; fi
  done
  compose up --detach --wait --no-build
}

stops_within() {
  local before=$SECONDS
  compose stop "$2"
  ((SECONDS - before <= $1))
}

../../images/base.sh
# Only the builder inside Docker itself sees a base image that was made here.
builder=$(docker context show)
build battery-hub/api api
build battery-hub/panel . --file panel/Dockerfile
build battery-hub/frontend . --file frontend/Dockerfile
build battery-hub/api-test api --target test
build battery-hub/panel-test . --file panel/Dockerfile --target test
build berth/postgres:17 ../../images/postgres

# Ports stay closed, so that several runs and a running stack do not meet.
cat >"$work/override.yaml" <<'YAML'
services:
  postgres: { labels: { berth.stack: battery-hub-test } }
  api: { ports: !reset [], labels: { berth.stack: battery-hub-test } }
  frontend: { ports: !reset [], labels: { berth.stack: battery-hub-test } }
  panel: { ports: !reset [], labels: { berth.stack: battery-hub-test } }
YAML

suite "api" docker run --rm --network none --label "$LABEL" battery-hub/api-test
suite "frontend" frontend/test.sh battery-hub/frontend

printf 'starting compose.yaml\n'
check "the database starts" compose up --detach --wait --no-build postgres
check "roles are made" make_roles
check "migrations run" compose run --rm --no-deps migrate
check "migrations run twice" compose run --rm --no-deps migrate
check "all services become healthy" compose up --detach --wait --no-build
for service in postgres api frontend panel cron; do
  check "$service is healthy" healthy "$service"
  check "$service is hardened" hardened "$service"
done
DB_PASSWORD=$(sed -n 's/^DB_PANEL_PASSWORD=//p' .env.example)
export DB_PASSWORD
suite "panel" docker run --rm --network "${PROJECT}_default" --label "$LABEL" \
  --env DB_HOST=postgres --env DB_NAME=beppp --env DB_USER=panel_readonly \
  --env DB_PASSWORD --env API_URL=http://api:8000 --env-file .env.example \
  battery-hub/panel-test
check "api and panel are unhealthy without a database, and recover" follows_the_database
for service in cron panel api frontend; do
  check "$service stops at once" stops_within 8 "$service"
done

printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
