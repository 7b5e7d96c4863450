#!/bin/sh
# files.sh - generated files are untouched and not in git. SPDX-License-Identifier: MIT
. "$srcdir/tests/lib/tap.sh"
. "$srcdir/tests/style/sources.sh"

if ! in_git; then
	skip "generated files are not in git" "not a git checkout"
	skip "products of autoreconf are not in git" "not a git checkout"
else
	git -C "$srcdir" ls-files > "$tmp/tracked"
	empty "generated files are not in git" "$(grep '^generated/' "$tmp/tracked" |
		grep -vxE 'generated/(README\.md|\.gitignore)')"
	empty "products of autoreconf are not in git" "$(
		grep -xE 'configure|config\.h\.in|aclocal\.m4|Makefile\.in|(build-aux|m4)/.*' \
			"$tmp/tracked" |
			grep -vxE 'build-aux/(generate|gen-check)\.sh|m4/rax_[a-z]*\.m4' |
			grep -vx 'build-aux/gen-report\.py')"
fi

if [ ! -f "$srcdir/generated/manifest" ]; then
	not_ok "generated files are as the generator wrote them" "there is no generated/manifest"
elif ! command -v sha256sum >/dev/null 2>&1; then
	skip "generated files are as the generator wrote them" "sha256sum is not installed"
else
	check "generated files are as the generator wrote them" \
		sh -c 'cd "$srcdir/generated" && sha256sum --quiet -c manifest'
fi

name="the generator writes the same again"
if [ -z "$PYTHON" ]; then
	skip "$name" "configure found no Python with jinja2 and ply"
else
	check "$name" sh "$srcdir/build-aux/gen-check.sh" "$srcdir"
fi

# shellcheck disable=SC2119 # all of them
bad=$(sources | (cd "$srcdir" && xargs grep -InE '/(home|root)/[A-Za-z.]' --) | excepted paths)
empty "no file names somebody's home" "$bad"

tap_end
