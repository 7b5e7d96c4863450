# shellcheck shell=sh
# build.sh - builds of their own for long tests; source it. SPDX-License-Identifier: MIT
# Needs tap.sh. They work on an unpacked tarball, because a source folder that
# was configured cannot serve another build folder.

# What the outer make says about itself is not for the inner ones.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL TESTS TEST_LOGS TEST_SUITE_LOG
unset CFLAGS CPPFLAGS LDFLAGS
jobs=$(nproc 2>/dev/null || echo 1)

# step NAME COMMAND...: a failure shows what failed and the end of the output
step() {
	step_name=$1
	shift
	if "$@" > "$tmp/step.log" 2>&1; then
		ok "$step_name"
	else
		not_ok "$step_name" "$* (status $?)
$(grep -E '^(FAIL|XPASS|ERROR): |(error|warning): ' "$tmp/step.log" | head -n 40)
$(tail -n 20 "$tmp/step.log")"
		return 1
	fi
}

# unpack: the sources of a tarball in $tmp/src
unpack() {
	step "make distdir" "$MAKE" --no-print-directory distdir distdir="$tmp/src"
}

# configure_in FOLDER ARGUMENT...
configure_in() {
	mkdir -p "$tmp/$1"
	folder=$1
	shift
	step "configure $*" sh -c 'cd "$1" && shift && ../src/configure -q "$@"' \
		sh "$tmp/$folder" "$@"
}

# make_in FOLDER ARGUMENT...
make_in() {
	folder=$1
	shift
	step "make $*" "$MAKE" --no-print-directory -C "$tmp/$folder" -j"$jobs" "$@"
}

# summary: what the inner `make test` said about skipped points
summary() {
	sed -n '/^Skipped:/,$p' "$tmp/step.log" | sed 's/^/# /'
}

# build_and_test ARGUMENT...: configure with them, make, make test
build_and_test() {
	unpack && configure_in build "$@" && make_in build && make_in build test &&
		summary
}
