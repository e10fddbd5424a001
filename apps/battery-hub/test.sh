#!/usr/bin/env bash
# Purpose: build Battery Hub's images and test them: types, style and unit tests in the test stages, then
#   the whole compose.yaml with a real database, the panel's tests against it, and every health check.
# Inputs (environment): BERTH_CA_BUNDLE? a CA bundle for package registries; PIP_INDEX_URL? a mirror.
#   Needs docker, docker-buildx and docker-compose on PATH (toolchain/env.sh).
# Exit codes: 0 all passed, 1 something failed. The last line holds the counts.
# Safe to run twice, also at the same time: each run has a Compose project and images of its own and removes them.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
# Not battery-hub/...: what others run on this Docker has those names, sometimes with another release.
readonly PROJECT=battery-hub-test-$$ LABEL=berth.stack=battery-hub-test IMAGES=battery-hub-test TAG=$$
export COMPOSE_PROJECT_NAME=$PROJECT
readonly CONNECT_SECONDS=60
readonly BUNDLE=${BERTH_CA_BUNDLE:-${SSL_CERT_FILE:-}}
work=$(mktemp -d)
passed=0 failed=0

compose() {
  docker-compose --env-file .env.example --file compose.yaml --file "$work/override.yaml" "$@"
}

clean_up() {
  compose --profile migrate down --volumes --timeout 5 >"$work/down.log" 2>&1 || cat "$work/down.log"
  docker image ls --filter "reference=$IMAGES/*:$TAG" --format '{{.Repository}}:{{.Tag}}' |
    xargs --no-run-if-empty docker image rm >"$work/images.log" 2>&1 || cat "$work/images.log"
  rm -rf "$work"
}
trap clean_up EXIT

build() {
  local image=$IMAGES/$1:$TAG context=$2
  local -a arguments=(--tag "$image" "${@:3}")
  [[ ! -f $BUNDLE ]] || arguments+=(--secret "id=ca-bundle,src=$BUNDLE")
  [[ -z ${PIP_INDEX_URL:-} ]] || arguments+=(--build-arg PIP_INDEX_URL)
  printf 'building %s\n' "$1"
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

# A busy machine may take minutes; what never becomes healthy ends the wait all the same.
start() { compose up --detach --wait --wait-timeout 900 --no-build "$@"; }

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

probe() { compose exec --no-TTY "$1" /usr/local/lib/battery-hub/healthy.sh; }

# The database goes away and comes back: health checks see both. They are asked here: the state that Docker keeps may
# still be that of before.
follows_the_database() {
  local service deadline
  compose stop postgres || return 1
  for service in api panel; do
    if probe "$service"; then return 1; fi
  done
  compose start postgres || return 1
  deadline=$((SECONDS + 300))
  for service in api panel; do
    until probe "$service"; do
      ((SECONDS < deadline)) || return 1
      sleep 1
    done
  done
}

# How long a stop takes says nothing on a busy machine; that Docker had to kill what did not end, its exit code says.
ends_by_its_signal() {
  local container state
  container=$(compose ps --quiet "$1")
  compose stop --timeout 120 "$1" || return 1
  state=$(docker inspect --format '{{.State.Status}} {{.State.ExitCode}}' "$container")
  echo "$state"
  [[ $state == exited\ * && $state != 'exited 137' ]]
}

# Ports stay closed, so that several runs and a running stack do not meet. Limits are those of a busy machine.
cat >"$work/override.yaml" <<YAML
x-service: &service
  labels: { berth.stack: battery-hub-test }
  healthcheck: { interval: 5s, timeout: 60s, start_period: 600s, retries: 60 }
x-database: &database
  environment: { DB_CONNECT_SECONDS: "$CONNECT_SECONDS" }
services:
  postgres: { <<: *service, image: "$IMAGES/postgres:$TAG" }
  api: { <<: [*service, *database], image: "$IMAGES/api:$TAG", ports: !reset [] }
  frontend: { <<: *service, image: "$IMAGES/frontend:$TAG", ports: !reset [] }
  panel: { <<: [*service, *database], image: "$IMAGES/panel:$TAG", ports: !reset [] }
  cron: { <<: [*service, *database], image: "$IMAGES/api:$TAG" }
  migrate: { <<: *database, image: "$IMAGES/api:$TAG" }
YAML

../../images/base.sh
# Only the builder inside Docker itself sees a base image that was made here.
builder=$(docker context show)
build api api
build panel . --file panel/Dockerfile
build frontend . --file frontend/Dockerfile
build api-test api --target test
build panel-test . --file panel/Dockerfile --target test
build postgres ../../images/postgres

suite "api" docker run --rm --network none --label "$LABEL" "$IMAGES/api-test:$TAG"
suite "frontend" frontend/test.sh "$IMAGES/frontend:$TAG"

printf 'starting compose.yaml\n'
check "the database starts" start postgres
check "roles are made" make_roles
check "migrations run" compose run --rm --no-deps migrate
check "migrations run twice" compose run --rm --no-deps migrate
check "all services become healthy" start
for service in postgres api frontend panel cron; do
  check "$service is healthy" healthy "$service"
  check "$service is hardened" hardened "$service"
done
DB_PASSWORD=$(sed -n 's/^DB_PANEL_PASSWORD=//p' .env.example)
export DB_PASSWORD
suite "panel" docker run --rm --network "${PROJECT}_default" --label "$LABEL" \
  --env DB_HOST=postgres --env DB_NAME=beppp --env DB_USER=panel_readonly \
  --env DB_PASSWORD --env "DB_CONNECT_SECONDS=$CONNECT_SECONDS" --env API_URL=http://api:8000 \
  --env-file .env.example "$IMAGES/panel-test:$TAG"
check "api and panel are unhealthy without a database, and recover" follows_the_database
for service in cron panel api frontend; do
  check "$service ends by its signal alone" ends_by_its_signal "$service"
done

printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
