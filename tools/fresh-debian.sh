#!/usr/bin/env bash
# Runs a command in a new Debian 12 that has nothing yet, in a clean clone of the last commit: what a stranger would see.
#
#   tools/fresh-debian.sh [--root DIR] [--user] [--data] COMMAND [ARGUMENT...]
#
#   --root DIR   keep the system in DIR and use it again next time (default: a temporary one, removed at the end)
#   --user       as an ordinary user with sudo without a password, instead of root
#   --data       show the folder ../shared of this checkout too (read only)
#
# e.g. tools/fresh-debian.sh --user ./quickstart.sh
#
# Needs root and debootstrap. Package sources, certificates, and the settings of apt, pip and npm are taken from this
# machine. Exit code: that of the command; 2 wrong use; 125 when the system could not be made.
set -euo pipefail

stop() { printf 'fresh-debian: %s\n' "$1" >&2; exit "${2:-125}"; }
usage() { sed -n '2,/^set /{/^#/{s/^# \{0,1\}//;p}}' "$0"; }

root="" user=0 data=0
while [ $# -gt 0 ]; do
  case $1 in
    --root) root=${2:-}; [ -n "$root" ] || stop "--root needs a folder" 2; shift 2 ;;
    --user) user=1; shift ;;
    --data) data=1; shift ;;
    -h|--help) usage; exit 0 ;;
    -*) stop "unknown option $1 (see --help)" 2 ;;
    *) break ;;
  esac
done
[ $# -gt 0 ] || { usage >&2; exit 2; }
[ "$(id -u)" = 0 ] || stop "needs root: mounting and chroot"
command -v debootstrap >/dev/null || stop "debootstrap is missing: apt-get install debootstrap"
project=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)

keep=1
[ -n "$root" ] || { root=$(mktemp -d); keep=0; }
mkdir -p "$root"
root=$(cd "$root" && pwd)
chmod 755 "$root"
mounted=()
leave() {
  local i
  for ((i = ${#mounted[@]} - 1; i >= 0; i--)); do umount -R "${mounted[i]}" 2>/dev/null || umount -l "${mounted[i]}" || true; done
  # Never across a mount that would not go.
  [ $keep = 1 ] || rm -rf --one-file-system "$root"
}
trap leave EXIT
bind() { mkdir -p "$2"; mount --rbind ${3:+-o "$3"} "$1" "$2"; mount --make-rslave "$2"; mounted+=("$2"); }

# The first source of Debian itself in this machine's apt settings.
mirror() {
  find /etc/apt -name '*.list' -o -name '*.sources' | xargs -r sed -nE 's/^(deb|URIs:) *(\[[^]]*\] *)?([a-z]+:\/\/[^ ]*debian\/?)( .*)?$/\3/p' |
    grep -v security | head -n 1
}

if [ ! -e "$root/etc/debian_version" ]; then
  from=$(mirror)
  [ -n "$from" ] || stop "no Debian source in /etc/apt"
  printf 'fresh-debian: making a Debian 12 in %s\n' "$root"
  debootstrap --variant=minbase --include=ca-certificates,sudo bookworm "$root" "$from" >"$root/debootstrap.out" 2>&1 ||
    { tail -n 5 "$root/debootstrap.out" >&2; stop "debootstrap failed"; }
fi

# This machine's way to the registries.
cp -L /etc/resolv.conf /etc/hosts "$root/etc/" 2>/dev/null || true
cp -a /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
if [ -e /etc/apt/sources.list.d/debian.sources ]; then
  cp /etc/apt/sources.list.d/debian.sources "$root/etc/apt/sources.list.d/"
  : >"$root/etc/apt/sources.list"
fi
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/" 2>/dev/null || true
[ ! -e /etc/pip.conf ] || cp /etc/pip.conf "$root/etc/"
settings=()
while IFS= read -r -d '' line; do settings+=("$line"); done < <(env -0 | grep -zE \
  '^(PIP_(CERT|INDEX_URL|EXTRA_INDEX_URL|DEFAULT_TIMEOUT|TRUSTED_HOST)|NPM_CONFIG_.*|SSL_CERT_.*|REQUESTS_CA_BUNDLE|NODE_EXTRA_CA_CERTS|https?_proxy|HTTPS?_PROXY|no_proxy|NO_PROXY)=' || true)

mkdir -p "$root/proc" && mount -t proc proc "$root/proc" && mounted+=("$root/proc")
bind /sys "$root/sys"
bind /dev "$root/dev"

account=root home=/root
if [ $user = 1 ]; then
  account=visitor home=/home/visitor
  chroot "$root" sh -c 'id visitor >/dev/null 2>&1 || useradd --create-home --shell /bin/bash visitor'
  printf 'visitor ALL=(ALL) NOPASSWD: ALL\n' >"$root/etc/sudoers.d/visitor"
  chmod 440 "$root/etc/sudoers.d/visitor"
fi
for file in .npmrc .config/pip/pip.conf; do
  [ ! -e "$HOME/$file" ] || install -D -m 600 "$HOME/$file" "$root$home/$file"
done

place=$home/checkout
rm -rf --one-file-system "${root:?}$place/vultus"
mkdir -p "$root$place"
git clone --quiet --no-hardlinks "$project" "$root$place/vultus"
if [ $data = 1 ]; then
  [ -d "$project/../shared" ] || stop "there is no ../shared beside $project"
  bind "$(cd "$project/../shared" && pwd)" "$root$place/shared" ro
fi
chroot "$root" chown -R "$account" "$home/checkout/vultus"
[ $user = 0 ] || chroot "$root" sh -c "chown $account '$home' '$home'/.npmrc '$home'/.config -R 2>/dev/null || true"

code=0
chroot "$root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 HOME="$home" "${settings[@]}" \
  setpriv --reuid "$account" --regid "$account" --init-groups \
  /bin/bash -c 'cd "$1" && shift && exec "$@"' fresh-debian "$place/vultus" "$@" </dev/null || code=$?
exit $code
