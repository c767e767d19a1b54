#!/usr/bin/env bash
# For a machine that reaches no image registry: images by the names that the Dockerfile, the compose file and the tests
# use, made of Debian's packages and of what this checkout has built. They stand in for the real ones in a trial; they
# are not to be published. Needs root, debootstrap, a Temurin JDK 25 and modules/prove/target/lib.
#   docker/stand-ins/images.sh WORK-DIRECTORY
set -euo pipefail
cd "$(dirname "$0")/../.."
here=docker/stand-ins
work=$1
docker=${DOCKER:-docker}
jdk=${JDK_HOME:-$(ls -d /usr/lib/jvm/temurin-25-jdk* | head -n 1)}
mkdir -p "$work"
[ -d "$work/debian" ] || debootstrap --variant=minbase bookworm "$work/debian" http://deb.debian.org/debian >"$work/debootstrap.log"

has() { $docker image inspect "$1" >/dev/null 2>&1; }

has stand-in/debian || tar -C "$work/debian" -c . | $docker import - stand-in/debian

# The JDK, where the image of the same name has it.
has eclipse-temurin:25-jdk || tar -C "$jdk" -ch --transform 's|^\.|opt/java/openjdk|' . |
  $docker import -c 'ENV JAVA_HOME=/opt/java/openjdk' -c 'ENV PATH=/opt/java/openjdk/bin:/usr/sbin:/usr/bin:/sbin:/bin' - stand-in/jdk
has eclipse-temurin:25-jdk || $docker build -t eclipse-temurin:25-jdk - <<'D'
FROM stand-in/debian
COPY --from=stand-in/jdk /opt/java/openjdk /opt/java/openjdk
ENV JAVA_HOME=/opt/java/openjdk PATH=/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
D

# What distroless/base-nossl has: the C library, its name services, zones, and a user without rights. No shell.
has gcr.io/distroless/base-nossl-debian12:nonroot || $docker build -t gcr.io/distroless/base-nossl-debian12:nonroot - <<'D'
FROM stand-in/debian AS from
RUN mkdir -p /base/etc /base/home/nonroot /base/tmp /base/var/tmp /base/usr/share /base/usr/lib/x86_64-linux-gnu \
 && cd /usr/lib/x86_64-linux-gnu \
 && cp -a ld-linux* libc.so* libm.so* libdl.so* libpthread.so* librt.so* libresolv.so* libnss_*.so* /base/usr/lib/x86_64-linux-gnu \
 && cp -a /usr/lib64 /base/usr/ && cp -a /lib /lib64 /base/ && cp -a /usr/share/zoneinfo /base/usr/share/ && cp -aL /etc/os-release /base/etc/ \
 && printf 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n' > /base/etc/passwd \
 && printf 'root:x:0:\nnonroot:x:65532:\n' > /base/etc/group \
 && printf 'hosts: files dns\n' > /base/etc/nsswitch.conf \
 && chown 65532:65532 /base/home/nonroot && chmod 1777 /base/tmp /base/var/tmp
FROM scratch
COPY --from=from /base /
USER 65532:65532
WORKDIR /home/nonroot
D

# The broker from the jars of the development stack, started as the image of the Kafka project starts it.
if ! has apache/kafka:4.4.0; then
  mkdir -p "$work/kafka/libs"
  cp "$here"/kafka-run "$work/kafka/"
  cp modules/prove/target/lib/*.jar "$work/kafka/libs/"
  rm -f "$work"/kafka/libs/*-SNAPSHOT.jar
  echo '<configuration><appender name="out" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>[%d] %level %msg%n</pattern></encoder></appender><root level="INFO"><appender-ref ref="out"/></root></configuration>' \
    >"$work/kafka/libs/logback.xml"
  $docker build -t apache/kafka:4.4.0 -f - "$work/kafka" <<'D'
FROM eclipse-temurin:25-jdk
COPY libs /opt/kafka/libs
COPY kafka-run /etc/kafka/docker/run
RUN chmod 755 /etc/kafka/docker/run && useradd -u 1000 appuser \
 && mkdir -p /var/lib/kafka/data && chown -R appuser /var/lib/kafka
USER appuser
CMD ["/etc/kafka/docker/run"]
D
fi

# Open to other containers without a password, as the image of that name is.
has redis:7.0 || $docker build --network host -t redis:7.0 - <<'D'
FROM stand-in/debian
RUN apt-get update -q && apt-get install -yq --no-install-recommends redis-server && rm -rf /var/lib/apt/lists/* \
 && mkdir -p /data && chown redis:redis /data
RUN printf '#!/bin/sh\nexec "$@" --protected-mode no\n' > /usr/local/bin/open && chmod 755 /usr/local/bin/open
VOLUME /data
WORKDIR /data
USER redis
ENTRYPOINT ["open"]
CMD ["redis-server"]
D

has prom/prometheus:v3.5.0 || $docker build --network host -t prom/prometheus:v3.5.0 - <<'D'
FROM stand-in/debian
RUN apt-get update -q && apt-get install -yq --no-install-recommends prometheus && rm -rf /var/lib/apt/lists/* \
 && mkdir -p /prometheus && chown 65534:65534 /prometheus
USER 65534:65534
WORKDIR /prometheus
ENTRYPOINT ["/usr/bin/prometheus"]
CMD ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"]
D
