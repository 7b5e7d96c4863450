# shellcheck shell=sh disable=SC2034 # used where this is sourced
# lib.sh - what the demo and the test command share; source it. SPDX-License-Identifier: MIT
#
# Environment that both read:
#	RAX_BUILD	build folder (default: build/ in the sources)
#	RAX_GUESTS	where fetched guests are kept (tools/guest/fetch.py)
#	RAX_GUEST_SUITE	Debian suite(s) of the guest

top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
build=${RAX_BUILD:-$top/build}
jobs=$(nproc 2>/dev/null || echo 1)

build_packages="gcc make libc6-dev autoconf automake libtool python3
	python3-jinja2 python3-ply libzstd-dev libfdt-dev"
# the freestanding guest, and the keys of the Debian archive
guest_packages="gcc-riscv64-linux-gnu debian-archive-keyring"
test_packages="libcunit1-dev git"

say() {
	echo "$*" >&2
}

die() {
	say "$0: $*"
	exit 1
}

# installed PACKAGE: is it there and configured?
installed() {
	dpkg -s "$1" 2>/dev/null | grep -q '^Status: .* ok installed$'
}

# missing_of PACKAGE...: those that are not installed
missing_of() {
	for package; do
		installed "$package" || printf '%s ' "$package"
	done
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null 2>&1; then
		sudo "$@"
	else
		die "not root and no sudo; as root, run: $*"
	fi
}

# need PACKAGE...: install what is missing. Ends here with what is left to do
# when that is not possible.
need() {
	command -v dpkg >/dev/null 2>&1 ||
		die "no dpkg here; install what HACKING.md lists, then build by hand"
	missing=$(missing_of "$@")
	[ -n "$missing" ] || return 0
	say "Installing: $missing"
	# shellcheck disable=SC2086 # a list of words
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update \
		</dev/null >&2 ||
		say "apt-get update failed; trying with the lists that are there"
	# shellcheck disable=SC2086
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y \
		--no-install-recommends -o Dpkg::Use-Pty=0 $missing \
		</dev/null >&2 ||
		die "cannot install $missing(is there a network?)"
}

# find_python: the first that has both modules, in $PYTHON, for everything
find_python() {
	for candidate in "${PYTHON:-}" "$(command -v python3)" /usr/bin/python3; do
		[ -n "$candidate" ] || continue
		"$candidate" -c 'import jinja2, ply' 2>/dev/null || continue
		PYTHON=$candidate
		export PYTHON
		return 0
	done
	die "no python3 with jinja2 and ply found"
}

# versions: of what configure may look for
versions() {
	# shellcheck disable=SC2086 # lists of words
	dpkg-query -W $build_packages $test_packages 2>/dev/null | sort
}

# build_rax: configure when needed (also when packages came or changed since the
# last time: what was missing then was left out), then make
build_rax() {
	[ -x "$top/configure" ] || "$top/bootstrap" >&2 ||
		die "bootstrap failed"
	mkdir -p "$build" || die "cannot make $build"
	if [ ! -f "$build/Makefile" ] ||
		[ "$(versions)" != "$(cat "$build/setup-versions" 2>/dev/null)" ]; then
		(cd "$build" && "$top/configure" PYTHON="$PYTHON") >&2 ||
			die "configure failed"
		versions > "$build/setup-versions"
	fi
	make -C "$build" -j"$jobs" >&2 || die "make failed"
}

# fetch_guest: its folder on standard output; status 3: cannot be had now
fetch_guest() {
	"$PYTHON" "$top/tools/guest/fetch.py"
}
