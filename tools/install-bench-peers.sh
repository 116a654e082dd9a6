#!/bin/sh
# Installs what the benches compare with, where it is missing. Debian and its relatives only.
set -eu

missing=''
need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
need restic restic
need borg borgbackup
need rsync rsync
need idevicebackup2 libimobiledevice-utils
[ -x /usr/bin/time ] || missing="$missing time"
[ -z "$missing" ] && exit 0

as_root=''
[ "$(id -u)" = 0 ] || as_root='sudo'
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
# shellcheck disable=SC2086 # the list is meant to be split
$as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
