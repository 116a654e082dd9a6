#!/bin/sh
# Installs the independent clients that judge the virtual iPhone and the vault, where they are missing.
# Debian and its relatives only: elsewhere it names what is needed and leaves the verdict to the tests.
set -eu

missing=''
need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
need idevicebackup2 libimobiledevice-utils
need idevicepair libimobiledevice-utils
need ideviceinstaller ideviceinstaller
need ifuse ifuse
need plistutil libplist-utils
need fusermount fuse
[ -z "$missing" ] && exit 0

if ! command -v apt-get >/dev/null 2>&1; then
  echo "These packages are needed to run the judges:$missing" >&2
  exit 0
fi
as_root=''
[ "$(id -u)" = 0 ] || as_root='sudo'
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
# shellcheck disable=SC2086 # the list is meant to be split
$as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
