#!/usr/bin/env bash
# Builds the images perennial and perennial-dev (docs/docker.md). Needs Maven, a JDK 25 and Docker with BuildKit.
#   TAG=1.2.3 docker/build.sh     the tag; default: latest
#   MAVEN="mvn -o" DOCKER=podman  other programs      SKIP_MAVEN=1  the jars are there already
set -euo pipefail
cd "$(dirname "$0")/.."

tag=${TAG:-latest}
docker=${DOCKER:-docker}
if [ -z "${SKIP_MAVEN:-}" ]; then
  rm -rf docker/target modules/prove/target/lib # jars of older versions would stay
  ${MAVEN:-mvn} -B -q -Pimage -Dmaven.test.skip -Dmdep.analyze.skip -Dformat.skip package -pl docker,modules/prove -am
fi
version=$(sed -n 's|^  <version>\(.*\)</version>|\1|p' pom.xml | head -n 1)
revision=$(git rev-parse HEAD 2>/dev/null || echo unknown)
export DOCKER_BUILDKIT=1
for target in production devstack; do
  name=perennial
  [ $target = production ] || name=perennial-dev
  $docker build --file docker/Dockerfile --target $target --tag "$name:$tag" \
    --build-arg VERSION="$version" --build-arg REVISION="$revision" .
done
