#!/bin/sh
# generate.sh - run the generator, write manifest and stamp. SPDX-License-Identifier: MIT
# usage: PYTHON=... outputs="FILE..." generate.sh SRCDIR INPUT...
# Several build folders may share one source folder: they take turns, and who
# comes second finds the work done.
set -eu
src=$1
shift
dir=$src/generated
stamp=$dir/stamp

if command -v flock >/dev/null 2>&1; then
	exec 9>"$dir/.lock"
	flock 9
fi

generate() { # arguments of python3 -m gen
	PYTHONPATH="$src:$src/tools/asl-parser" PYTHONDONTWRITEBYTECODE=1 \
		"$PYTHON" -m gen "$@"
}

lines() { # each argument on a line, sorted
	for word; do
		echo "$word"
	done | LC_ALL=C sort
}

inputs=$(lines "$@")
all_there() {
	for file; do
		[ -f "$src/$file" ] || return 1
	done
}
# find compares times as finely as make does; the shell's -nt may not
# shellcheck disable=SC2086 # a list of words
if [ -f "$stamp" ] && all_there $outputs && [ "$(cat "$stamp")" = "$inputs" ] &&
	[ -z "$(cd "$src" && find "$@" -newer generated/stamp)" ]; then
	exit 0
fi

# shellcheck disable=SC2086 # a list of words
lines $outputs > "$dir/.expected"
generate --print-outputs | LC_ALL=C sort > "$dir/.printed"
if ! cmp -s "$dir/.expected" "$dir/.printed"; then
	echo "gen/outputs.mk and 'python3 -m gen --print-outputs' differ" >&2
	echo "(< only in outputs.mk, > only printed):" >&2
	diff "$dir/.expected" "$dir/.printed" | grep '^[<>]' >&2
	exit 1
fi
rm -f "$dir/.printed"

# The stamp must not be older than an input that changes while this runs.
: > "$dir/.stamp"
generate --out "$dir"

cd "$dir"
find . -type f ! -name '.*' ! -name README.md ! -name manifest ! -name stamp |
	sed 's,^\.,generated,' | LC_ALL=C sort > .written
LC_ALL=C comm -13 .written .expected |
	sed 's/$/: named in gen\/outputs.mk, not written/' >&2
test -z "$(LC_ALL=C comm -13 .written .expected)"
# Left over from an earlier gen/outputs.mk.
LC_ALL=C comm -23 .written .expected | sed 's,^generated/,,' | while read -r file; do
	echo "generated/$file: no longer an output, removed"
	rm -f "$file"
done
sed 's,^generated/,,' .expected | xargs sha256sum > manifest
echo "$inputs" > stamp
touch -r .stamp stamp
rm -f .expected .written .stamp
