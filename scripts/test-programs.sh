#!/bin/sh
# Makes sure that the programs which the tests run are there: installs what is
# missing where it can (as root on a system with apt-get), else says what to
# install and fails.
set -eu

missing=

want() { # Debian package, a test that the program is there
	package=$1
	shift
	"$@" >/dev/null 2>&1 || missing="$missing $package"
}

any() { # one of these commands
	for c in "$@"; do
		command -v "$c" && return 0
	done
	return 1
}

cjk_fonts() {
	if command -v fc-list >/dev/null; then
		[ -n "$(fc-list :lang=zh family)" ]
	else
		ls /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc
	fi
}

look() {
	missing=
	want gcc any "${CC:-cc}" gcc clang # the race detector links with it
	want redis-server any redis-server
	want ffmpeg any ffmpeg
	want ffmpeg any ffprobe
	want mkvtoolnix any mkvmerge
	want mkvtoolnix any mkvextract
	want chromium any chromium chromium-browser google-chrome google-chrome-stable
	want fonts-noto-cjk cjk_fonts
	missing=$(printf '%s\n' $missing | sort -u | tr '\n' ' ')
}

look
[ -n "${missing# }" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	case " $missing" in *" gcc "*) missing="$missing libc6-dev" ;; esac
	echo "installing for the tests: $missing"
	export DEBIAN_FRONTEND=noninteractive
	# shellcheck disable=SC2086 # a list of packages
	apt-get install -y -q --no-install-recommends $missing >/dev/null 2>&1 || {
		apt-get update -q
		# shellcheck disable=SC2086
		apt-get install -y -q --no-install-recommends $missing
	}
	look
	[ -n "${missing# }" ] || exit 0
fi

echo "The tests need programs that are not installed. On Debian or Ubuntu:" >&2
echo "  sudo apt-get install $missing" >&2
echo "Elsewhere, install the programs of the same names. Without them, 'go test ./...' skips what needs them." >&2
exit 1
