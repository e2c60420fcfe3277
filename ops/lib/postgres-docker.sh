# shellcheck shell=bash disable=SC2154
# The server in a container, only when asked for. Sourced by ops/postgres.

docker_image=postgres:17.6-bookworm

wants_docker() {
  if in_docker || [ "${EVENTDESK_PG_SOURCE:-}" = docker ]; then return 0; fi
  [ "${EVENTDESK_USE_DOCKER:-}" = 1 ] && [ -z "${EVENTDESK_PG_SOURCE:-}${EVENTDESK_PG_BIN:-}" ] && [ ! -d "$home/cluster" ] && ! installed ''
}

in_docker() { [ -e "$home/container" ]; }

docker_pid() {
  local pid
  pid=$(docker inspect -f '{{.State.Pid}}' "$(cat "$home/container")" 2>/dev/null) && [ "${pid:-0}" != 0 ] && echo "$pid"
}

docker_start() {
  local name try
  have docker || die 'Docker was asked for, and there is no docker command.'
  make_password
  name=eventdesk-$(basename "$(elsewhere "$data")" | cut -d- -f2)
  docker rm -f "$name" >/dev/null 2>&1 || true
  try=${port:-$(free_port)}
  POSTGRES_PASSWORD=$(cat "$home/password") docker run -d --name "$name" -p "127.0.0.1:$try:5432" -v "$name:/var/lib/postgresql/data" \
    -e POSTGRES_PASSWORD -e POSTGRES_USER=eventdesk -e POSTGRES_DB=eventdesk -e POSTGRES_INITDB_ARGS='--locale=C --lc-ctype=C.UTF-8' "$docker_image" \
    -c max_connections=200 -c max_wal_size=4GB -c wal_compression=lz4 -c jit=off -c "fsync=$fsync" -c "full_page_writes=$fsync" >/dev/null ||
    die 'Docker could not start PostgreSQL.'
  echo "$name" | as_server tee "$home/container" >/dev/null
  echo "$try" | as_server tee "$home/port" >/dev/null
  # Its first start runs a server without TCP to create the database: that one does not count.
  for _ in $(seq 600); do docker exec "$name" pg_isready -q -h 127.0.0.1 && return; sleep 0.2; done
  die "PostgreSQL in container $name did not get ready; see docker logs $name"
}

docker_stop() { docker stop -t 60 "$(cat "$home/container")" >/dev/null || die 'Docker could not stop PostgreSQL.'; }
docker_remove() { docker rm -fv "$(cat "$home/container")" >/dev/null 2>&1 || true; docker volume rm "$(cat "$home/container")" >/dev/null 2>&1 || true; }
