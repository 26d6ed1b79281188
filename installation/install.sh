#!/bin/sh
# Install Marsad from the unpacked archive that this file lies in. It asks no network for anything.
#
#   sh install.sh /opt/marsad      the program comes to /opt/marsad/<version>, and /opt/marsad/current points to it
#   sh install.sh --check          only look: are all files whole, does this machine fit
#
# It needs what `make setup` needs: Python with venv, make, tar; and sha256sum. What an earlier version installed stays
# beside it: `ln -sfn` of `current` goes back. A data home is never touched (docs/offline.md).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
target=${1:-}
refuse() { echo "marsad: $1" >&2; exit 1; }
said() { sed -n "s/^$1=//p" "$here/platform.txt"; }

[ -n "$target" ] || { echo "marsad: sh install.sh FOLDER, for example sh install.sh /opt/marsad" >&2; exit 2; }

# Every file of the archive is named with its hash; one that is changed, missing or not named stops all.
(cd "$here" && sha256sum --check --quiet --strict SHA256SUMS) >&2 ||
  refuse "the archive is damaged: the files above are not what was packed. Copy it again, nothing was installed."
named=$(sed 's/^[0-9a-f]*  //' "$here/SHA256SUMS" | sort)
found=$(cd "$here" && find . -type f ! -name SHA256SUMS | sed 's|^\./||' | sort)
[ "$named" = "$found" ] || refuse "the archive holds files that it does not name, or lacks some. Copy it again, nothing was installed."

machine="$(uname -s) $(uname -m)"
[ "$machine" = "$(said machine)" ] ||
  refuse "this archive is for $(said machine), this machine is $machine. Make one on a machine like this: make bundle"
glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null | sed 's/^glibc //') || glibc=
if [ -n "$(said glibc)" ] && [ "$(printf '%s\n' "$(said glibc)" "${glibc:-0}" | sort -V | head -n 1)" != "$(said glibc)" ]; then
  refuse "this archive needs glibc $(said glibc) or later, this machine has ${glibc:-another C library}."
fi

python=
for one in "${MARSAD_PYTHON:-}" "python$(said python)" python3; do
  [ -n "$one" ] && command -v "$one" >/dev/null 2>&1 || continue
  "$one" -c "import sys, venv, ensurepip; sys.exit('%d.%d' % sys.version_info[:2] != '$(said python)')" >/dev/null 2>&1 || continue
  python=$one && break
done
[ -n "$python" ] ||
  refuse "no Python $(said python) with venv was found. Install it from the system's own disk (Debian: python$(said python)-venv), or name it: MARSAD_PYTHON=/path sh install.sh FOLDER"
command -v make >/dev/null 2>&1 || refuse "make was not found. Install it from the system's own disk."
if [ "$target" = --check ]; then echo "marsad: every file is whole, and this machine fits."; exit 0; fi

mkdir -p "$target"
target=$(cd "$target" && pwd)
program=$target/$(said version)
if [ ! -e "$program/.complete" ]; then
  rm -rf "$program" # what was killed half-way
  mkdir "$program"
  tar -xf "$here/project.tar" -C "$program"
  # bytecode now: a service may not write beside the program
  UV_CACHE_DIR="$program/.cache" UV_COMPILE_BYTECODE=1 UV_OFFLINE=1 \
    make --no-print-directory -C "$program" setup MARSAD_PYTHON="$python" WHEELS="$here/wheels" LOCK="$here/wheels.lock"
  rm -rf "$program/.cache"
  "$program/.venv/bin/python" -m compileall -q -x '/\.venv/' "$program" >/dev/null
  "$program/.venv/bin/marsad" --help >/dev/null
  touch "$program/.complete"
fi
ln -sfn "$program" "$target/.current"
mv -T "$target/.current" "$target/current"
echo "marsad: $program is installed, and $target/current points to it."
echo "marsad: next: $target/current/.venv/bin/marsad --help; services: $target/current/installation/units"
