#!/bin/sh
# Installs the independent programs that judge the virtual iPhone, the vault, its copies and mails, where they are missing.
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
need chromium chromium
need restic restic
need rclone rclone
need sshd openssh-server
need ssh openssh-client
need debootstrap debootstrap
need dpkg-deb dpkg
# What moto, an S3 server, stands on.
python3 -c 'import flask, flask_cors, boto3, responses, xmltodict, jinja2, cryptography, requests' 2>/dev/null ||
  missing="$missing python3-flask python3-flask-cors python3-boto3 python3-responses python3-xmltodict python3-jinja2 python3-cryptography python3-requests"
# A mail server that knows nothing of ours.
/usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null || missing="$missing python3-aiosmtpd"

# A current restic, its rest-server and moto are in newer releases of Debian than 12 and run on it. They are unpacked
# beside the system, not installed, by apt with a configuration of its own: it checks signatures as ever.
newer="${HOLDFAST_JUDGES:-${XDG_CACHE_HOME:-$HOME/.cache}/holdfast-judges}"
unpack_newer() {
  [ -x "$newer/usr/bin/restic-rest-server" ] && [ -x "$newer/usr/bin/moto_server" ] && return
  mkdir -p "$newer/apt/lists/partial" "$newer/apt/archives/partial" "$newer/apt/debs"
  mirror=$(apt-get indextargets --format '$(LABEL) $(REPO_URI)' | sed -n 's/^Debian //p' | head -n 1)
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$newer/apt/sources.list"
  set -- -qq -o "Dir::State::lists=$newer/apt/lists" -o "Dir::Cache=$newer/apt" \
    -o "Dir::Etc::sourcelist=$newer/apt/sources.list" -o Dir::Etc::sourceparts=- -o APT::Sandbox::User=
  apt-get "$@" update
  (cd "$newer/apt/debs" && apt-get "$@" download restic restic-rest-server python3-moto)
  for package in "$newer"/apt/debs/*.deb; do dpkg -x "$package" "$newer"; done
  rm -rf "$newer/apt"
}
if command -v apt-get >/dev/null 2>&1; then unpack_newer; fi

if ! command -v apt-get >/dev/null 2>&1; then
  [ -z "$missing" ] || echo "These packages are needed to run the judges:$missing" >&2
  exit 0
fi
as_root=''
[ "$(id -u)" = 0 ] || as_root='sudo'
if [ -n "$missing" ]; then
  export DEBIAN_FRONTEND=noninteractive
  $as_root apt-get update -qq
  # shellcheck disable=SC2086 # the list is meant to be split
  $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

# A bare Debian 12 in a folder, in which the package is installed, upgraded and removed.
if [ ! -e "$newer/debian/etc/debian_version" ]; then
  $as_root rm -rf "$newer/debian" "$newer/debian.new"
  mirror=$(apt-get indextargets --format '$(LABEL) $(REPO_URI)' | sed -n 's/^Debian //p' | head -n 1)
  $as_root debootstrap --variant=minbase --include=usbmuxd,adduser,init-system-helpers bookworm "$newer/debian.new" \
    "$mirror" >/dev/null
  $as_root mv "$newer/debian.new" "$newer/debian"
fi
