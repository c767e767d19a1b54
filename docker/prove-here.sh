#!/usr/bin/env bash
# Proves the images on a machine that reaches no image registry (docs/docker.md says what was seen): an engine of its own,
# stand-ins for the images that cannot be pulled, our images on them, what they promise, and the compose file.
# Debian, root, packages docker.io, docker-compose and debootstrap, a Temurin JDK 25. Takes some minutes and 4 GB in WORK.
#   docker/prove-here.sh [STEP…]     steps: engine images build promises compose start_times sentinels testcontainers stop; default: all
set -euo pipefail
cd "$(dirname "$0")/.."
work=${WORK:-/tmp/perennial-docker}
export DOCKER_HOST=unix://$work/docker.sock DOCKER=${DOCKER:-/usr/bin/docker}
compose=(docker-compose -p perennial-trial -f docker/compose.yaml)
locked=(--read-only --user 65532 --cap-drop ALL --security-opt no-new-privileges)

say() { printf '\n== %s\n' "$*"; }
seconds() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(seconds)" 'BEGIN { printf "%.1f s", b - a }'; }

# Waits until the command says yes, for so many seconds.
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || { echo "not within the time: $*" >&2; return 1; }
    sleep 0.2
  done
}

# Fails where the search finds anything, and shows it.
none() {
  if "$@"; then
    echo "found by: $*" >&2
    return 1
  fi
}

engine() {
  say "an engine with its own data in $work"
  mkdir -p "$work"
  setsid dockerd --data-root "$work/data" --exec-root "$work/exec" -H "$DOCKER_HOST" -p "$work/docker.pid" \
    >"$work/dockerd.log" 2>&1 </dev/null &
  until_true 60 $DOCKER info
  $DOCKER version --format 'engine {{.Server.Version}}'
}

images() {
  say 'stand-ins'
  [ -d modules/prove/target/lib ] || ${MAVEN:-mvn} -B -q -Dmaven.test.skip -Dmdep.analyze.skip -Dformat.skip package -pl modules/prove -am
  docker/stand-ins/images.sh "$work"
}

build() {
  say 'our images'
  docker/build.sh
  $DOCKER images --format '{{.Repository}}:{{.Tag}} {{.Size}}' | grep '^perennial'
}

promises() {
  say 'nothing of the development stack inside'
  local list
  list=$($DOCKER create perennial)
  $DOCKER export "$list" | tar -t >"$work/files"
  $DOCKER rm "$list" >/dev/null
  none grep -E 'devstack|prove-|kafka_2.13|embedded-redis|bin/sh$' "$work/files"

  say 'nothing secret inside or in its history: what the training used is not to be found'
  $DOCKER save perennial | tar -xO >"$work/image"
  none grep -aoE 'training-[0-9a-f]{8}-|orchard-secret-6f2a|"keyMaterialType"' "$work/image"
  rm "$work/image"
  $DOCKER history --no-trunc perennial >"$work/history"
  none grep -iE 'secret|token|password' "$work/history"

  say 'runs without rights, on a root that cannot be written'
  $DOCKER run --rm "${locked[@]}" perennial --version
  none $DOCKER run --rm "${locked[@]}" perennial demo 2>"$work/demo"
  grep -m 1 demo "$work/demo"

  $DOCKER inspect --format 'user {{.Config.User}}; health {{.Config.Healthcheck.Test}}' perennial
}

admin() { curl -sf -m 20 -H "Authorization: Bearer $(cat docker/compose/secrets/admin-token)" "$@"; }
health() { $DOCKER inspect --format '{{.State.Health.Status}}' "$1" | grep -qx healthy; }

# Connects, and waits for the first refresh.
consent() {
  say "a consent and a refresh: orchard/$1"
  local link before
  link=$(admin -X POST -H 'Content-Type: application/json' -d "{\"integration\":\"orchard\",\"connection\":\"$1\"}" \
    http://127.0.0.1:8081/v1/connect-sessions | sed 's/.*"connect_url":"\([^"]*\)".*/\1/')
  curl -sfL -o /dev/null -w 'consent: HTTP %{http_code}\n' -c "$work/jar" -b "$work/jar" "$link"
  rm -f "$work/jar"
  until_true 60 connection "$1"
  before=$(version "$1")
  until_true 120 differs "$1" "$before"
  connection "$1" && echo
}
connection() { admin "http://127.0.0.1:8081/v1/connections/orchard/$1"; }
version() { connection "$1" | sed 's/.*"version":\([0-9]*\).*/\1/'; }
differs() { [ "$(version "$1")" != "$2" ]; }

compose() {
  say 'the compose file, but for Grafana, whose image cannot be made here'
  [ -d docker/compose/secrets ] || docker/compose/new-secrets.sh
  local first=(ingress-1 exchanger-1 scheduler-1 credentials-1) second=(ingress-2 exchanger-2 scheduler-2 credentials-2)
  "${compose[@]}" up -d topics redis-replica "${first[@]}" prometheus
  for one in "${first[@]}"; do until_true 300 health "perennial-trial_${one}_1" && echo "$one is healthy"; done

  consent trial

  start_times

  say 'the second of each role'
  "${compose[@]}" up -d "${second[@]}"
  for one in "${second[@]}"; do until_true 300 health "perennial-trial_${one}_1" && echo "$one is healthy"; done
  until_true 60 all_scraped
  curl -s 'http://127.0.0.1:9090/api/v1/query?query=sum(up)' && echo

  say 'SIGTERM'
  for one in "${first[@]}"; do
    local begin
    begin=$(seconds)
    $DOCKER stop -t 90 "perennial-trial_${one}_1" >/dev/null
    echo "$one: $(since "$begin"), exit code $($DOCKER inspect --format '{{.State.ExitCode}}' "perennial-trial_${one}_1")"
  done
}

# After the step compose or alone; ends with the replica as master.
sentinels() {
  say 'compose.sentinel.yaml: the same with sentinels'
  [ -d docker/compose/secrets ] || docker/compose/new-secrets.sh
  compose+=(-f docker/compose.sentinel.yaml)
  local first=(ingress-1 exchanger-1 scheduler-1 credentials-1) begin before
  "${compose[@]}" up -d topics "${first[@]}"
  for one in "${first[@]}"; do until_true 300 health "perennial-trial_${one}_1" && echo "$one is healthy"; done
  consent watched

  say 'the primary is gone'
  $DOCKER stop -t 10 perennial-trial_redis_1 >/dev/null
  begin=$(seconds)
  until_true 60 promoted && echo "sentinels name the replica after $(since "$begin")"
  until_true 120 curl -sf -m 2 http://127.0.0.1:8081/health/ready && echo "credentials-1 is ready after $(since "$begin")"
  before=$(version watched)
  until_true 400 differs watched "$before" && echo "refreshed after $(since "$begin"), the quarantine of 180 s included"
  connection watched && echo

  say 'the old primary comes back, as a replica'
  $DOCKER start perennial-trial_redis_1 >/dev/null
  until_true 60 follows && echo 'it follows the new one'
}

promoted() { $DOCKER exec perennial-trial_sentinel-1_1 redis-cli -p 26379 sentinel get-master-addr-by-name perennial | grep -qx redis-replica; }
follows() { $DOCKER exec perennial-trial_redis_1 redis-cli info replication | tr -d '\r' | grep -qx 'master_host:redis-replica'; }

all_scraped() { curl -s 'http://127.0.0.1:9090/api/v1/query?query=sum(up)' | grep -q '"8"'; }

# Seconds of processor time that the container's process has taken; unlike the clock, hardly moved by what else runs here.
processor() { awk '{ printf "%.1f s", ($14 + $15) / 100 }' "/proc/$($DOCKER inspect --format '{{.State.Pid}}' "$1")/stat"; }

# From docker run to ready, of an ingress beside those that run.
start_times() {
  say 'from docker run to ready: with the cache, and without'
  local mode begin
  for mode in auto off auto off auto off; do
    begin=$(seconds)
    $DOCKER run -d --name start-time "${locked[@]}" --network perennial-trial_default -p 127.0.0.1:18081:8081 --no-healthcheck \
      -e JDK_JAVA_OPTIONS=-XX:AOTMode=$mode -e PERENNIAL_KAFKA_BOOTSTRAP_SERVERS=kafka-1:9092 -e PERENNIAL_SHARDS=12 \
      -e PERENNIAL_REDIS_URI=redis://redis:6379 -e PERENNIAL_KEYS_FILE=/run/secrets/keys.json -e PERENNIAL_ADMIN_HOST=0.0.0.0 \
      -e PERENNIAL_SECRETS_FILE=/run/secrets/secrets.env -v "$PWD/docker/compose/integrations:/etc/perennial/integrations:ro" \
      -v "$PWD/docker/compose/secrets/keys.json:/run/secrets/keys.json:ro" \
      -v "$PWD/docker/compose/secrets/secrets.env:/run/secrets/secrets.env:ro" perennial run ingress >/dev/null
    until_true 200 curl -sf -m 2 http://127.0.0.1:18081/health/ready
    echo "AOTMode=$mode: $(since "$begin"), of the processor $(processor start-time)," \
      "$($DOCKER stats --no-stream --format '{{.MemUsage}}' start-time)"
    $DOCKER rm -f start-time >/dev/null
  done
}

testcontainers() {
  say 'the end-to-end tests in containers (without Ryuk, whose image cannot be had)'
  "${compose[@]}" down --remove-orphans --timeout 20 >/dev/null 2>&1 || true # they want the machine
  TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_CHECKS_DISABLE=true TESTCONTAINERS_HOST_OVERRIDE=localhost \
    ${MAVEN:-mvn} -B -q verify -pl modules/e2e -am -Dtest="${TESTS:-LoopTest}" -Dsurefire.failIfNoSpecifiedTests=false
}

stop() {
  say 'stop'
  "${compose[@]}" down --volumes --timeout 20 >/dev/null 2>&1 || true
  kill "$(cat "$work/docker.pid")" && echo 'the engine is asked to end'
}

for step in ${@:-engine images build promises compose sentinels testcontainers stop}; do $step; done
