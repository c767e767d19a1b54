#!/usr/bin/env bash
# Makes docker/compose/secrets for the compose file: a key ring, a token for the admin API, and the clients of the
# pretend providers. The directory is for you alone; the files in it can be read by the containers' user.
set -euo pipefail
cd "$(dirname "$0")"
docker=${DOCKER:-docker}
[ ! -e secrets ] || { echo "docker/compose/secrets is there; it is never overwritten" >&2; exit 1; }

umask 077
mkdir secrets
umask 033
$docker run --rm --network none "${PERENNIAL_IMAGE:-perennial:latest}" keys new --out - >secrets/keys.json
printf %s "$(head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n')" >secrets/admin-token
printf 'perennial.admin.token: %s\n' "$(cat secrets/admin-token)" >secrets/perennial.yaml
for provider in orchard meadow harbor garden; do
  name=PERENNIAL_$(printf %s $provider | tr '[:lower:]' '[:upper:]')
  printf '%s_CLIENT_ID=%s-client\n%s_CLIENT_SECRET=%s-secret-6f2a\n' "$name" $provider "$name" $provider
done >secrets/secrets.env
echo "made docker/compose/secrets"
