#!/bin/sh
# installed.sh - does what was installed work? SPDX-License-Identifier: MIT
# Run by `make installcheck`; environment: bindir, libdir, man1dir, man (empty:
# a cross-build), bashcompletiondir, DESTDIR, CC, srcdir.
. "$srcdir/tests/lib/tap.sh"

lib=${DESTDIR:-}$libdir
check "rax runs" "${DESTDIR:-}$bindir/rax" --version

if [ -z "$man" ]; then
	skip "man page and completion" "not made by a cross-build"
else
	check "the man page is there" \
		grep -q '^\.Sh NAME' "${DESTDIR:-}$man1dir/rax.1"
	check "bash takes the completion" \
		sh -c 'test -s "$1" && bash -n "$1"' sh "${DESTDIR:-}$bashcompletiondir/rax"
fi

if ! command -v pkg-config >/dev/null 2>&1; then
	skip "a program compiles with rax.pc" "pkg-config is not installed"
elif ls "$lib"/librax.so* >/dev/null 2>&1; then
	PKG_CONFIG_PATH=$lib/pkgconfig
	PKG_CONFIG_SYSROOT_DIR=${DESTDIR:-}
	export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR
	# shellcheck disable=SC2046 # lists of words
	check "a program compiles with rax.pc" "$CC" -Wall -Wextra -Werror \
		-o "$tmp/embed" "$srcdir/tests/api/embed.c" \
		$(pkg-config --cflags --libs rax)
	cd "$tmp" || exit 99
	LD_LIBRARY_PATH=$lib check "it runs" ./embed
else
	skip "a program compiles with rax.pc" "no shared library was installed"
fi
tap_end
