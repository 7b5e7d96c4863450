#!/bin/sh
# gen-check.sh - is generated/ what the generator writes? SPDX-License-Identifier: MIT
# usage: PYTHON=... gen-check.sh SRCDIR
# Generates into a new folder and compares byte for byte; names what differs.
set -eu
src=$1
tmp=$(mktemp -d "${TMPDIR:-/tmp}/rax-gen-check.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# Another hash seed: the order of sets must not leak into the output.
PYTHONHASHSEED=4711 PYTHONPATH="$src:$src/tools/asl-parser" \
	PYTHONDONTWRITEBYTECODE=1 "$PYTHON" -m gen --out "$tmp/new" > "$tmp/log" || {
	cat "$tmp/log"
	exit 1
}

list() {
	(cd "$1" && find . -type f ! -name '.*' ! -name README.md \
		! -name manifest ! -name stamp | LC_ALL=C sort)
}
list "$src/generated" > "$tmp/a"
list "$tmp/new" > "$tmp/b"
bad=0
for file in $(LC_ALL=C comm -23 "$tmp/a" "$tmp/b"); do
	echo "generated/${file#./}: not written by the generator"
	bad=1
done
for file in $(LC_ALL=C comm -13 "$tmp/a" "$tmp/b"); do
	echo "generated/${file#./}: missing"
	bad=1
done
for file in $(LC_ALL=C comm -12 "$tmp/a" "$tmp/b"); do
	if ! cmp -s "$src/generated/$file" "$tmp/new/$file"; then
		echo "generated/${file#./}: differs"
		diff "$src/generated/$file" "$tmp/new/$file" | sed -n '1,4s/^/  /p' || :
		bad=1
	fi
done
[ "$bad" = 0 ] || exit 1
echo "gen-check: $(wc -l < "$tmp/a") files, all the same"
