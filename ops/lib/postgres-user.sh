# shellcheck shell=bash disable=SC2034,SC2154
# Who runs the server, and where its files may lie. Sourced by ops/postgres.
# Sets: home (folder of the cluster, its port, password and log), server_user ('' = the caller).

server_user='' home=''

as_server() {    # runs a command as the server's user
  if [ -z "$server_user" ]; then (cd / && "$@"); return; fi
  local uid gid
  uid=$(id -u "$server_user") gid=$(id -g "$server_user")
  if have setpriv; then (cd / && HOME=/ exec setpriv --reuid="$uid" --regid="$gid" --init-groups -- "$@")
  elif have runuser; then (cd / && HOME=/ exec runuser -u "$server_user" -- "$@")
  else die "started by root, and neither setpriv nor runuser is there to run PostgreSQL as another user"; fi
}

ordinary_user() {
  if id postgres >/dev/null 2>&1; then echo postgres; return; fi
  if ! id eventdesk >/dev/null 2>&1 && have useradd; then
    useradd --system --no-create-home --home-dir / --shell /usr/sbin/nologin eventdesk >&2 || true
  fi
  if id eventdesk >/dev/null 2>&1; then echo eventdesk; else echo nobody; fi
}

owner_of() { if stat -c %U "$1" 2>/dev/null; then :; else stat -f %Su "$1"; fi; }

usable() {       # can the server's user work in folder $1?
  as_server sh -c 'cd "$1" && [ -w . ]' sh "$1" 2>/dev/null
}

elsewhere() {    # the stand-in for a folder the server's user cannot reach
  local base=/var/tmp sum
  sum=$(printf %s "$1" | { if have sha256sum; then sha256sum; else shasum -a 256; fi; } | cut -c1-12)
  printf '%s/eventdesk-%s-%s\n' "$base" "$sum" "$(id -u)"
}

claim() {        # makes folder $1 the server user's own; 1 when that user cannot get there
  [ ! -L "$1" ] || die "$1 is a symbolic link; remove it"
  if [ -d "$1" ]; then
    case $(owner_of "$1") in "$server_user" | root) ;; *) die "$1 belongs to user $(owner_of "$1"); remove it or run as that user" ;; esac
  else
    mkdir -p "$(dirname "$1")" && mkdir -m 700 "$1" || die "cannot create $1"
  fi
  chown "$server_user" "$1" && chmod 700 "$1"
  usable "$1"
}

# Prints folder $1, or what stands for it where the server's user can get at.
reachable() {
  if [ -z "$server_user" ]; then
    mkdir -p "$1" 2>/dev/null && chmod 700 "$1" 2>/dev/null && usable "$1" || die "cannot use $1: it belongs to user $(owner_of "$1" 2>/dev/null || echo '?')"
    echo "$1"; return
  fi
  local other; other=$(elsewhere "$1")
  if [ ! -e "$other" ]; then
    if claim "$1"; then echo "$1"; return; fi
    rmdir "$1" 2>/dev/null || die "user $server_user cannot get to $1: make the folders above it accessible (chmod a+x)"
    say "User $server_user cannot get to $1, so PostgreSQL keeps it in $other."
  fi
  claim "$other" || die "user $server_user cannot use $other"
  echo "$other"
}

settle() {       # decides user and folder
  if [ "$(id -u)" = 0 ]; then
    umask 022
    local made
    for made in "$data/cluster" "$(elsewhere "$data")/cluster"; do
      if [ -d "$made" ] && [ "$(owner_of "$made")" != root ]; then server_user=$(owner_of "$made"); fi
    done
    [ -n "$server_user" ] || server_user=$(ordinary_user)
    # This folder is ours: only what lies in it is private.
    if [ -d "$root/.data" ]; then chmod a+x "$root/.data"; fi
  fi
  home=$(reachable "$data")
}
