#!/bin/sh
# nopython.sh - the tarball needs no Python. SPDX-License-Identifier: MIT
. "$srcdir/tests/lib/tap.sh"
. "$srcdir/tests/lib/build.sh"

# A PATH with everything but Python; PYTHON= keeps configure from other places.
mkdir "$tmp/bin"
save_IFS=$IFS
IFS=:
for folder in $PATH; do
	for program in "$folder"/*; do
		case ${program##*/} in
		python*|pypy*|jinja*) continue ;;
		esac
		[ -x "$program" ] || continue
		[ -e "$tmp/bin/${program##*/}" ] || ln -s "$program" "$tmp/bin/"
	done
done
IFS=$save_IFS

unpack
PATH=$tmp/bin
unset PYTHON
check "there is no python3" sh -c '! command -v python3'
configure_in build CC="$CC" PYTHON=/nonexistent/python3 && make_in build &&
	make_in build test && summary
check "the generator's tests are skipped with a reason" \
	grep 'tests/style/files: .*configure found no Python' "$tmp/step.log"

# Without the generated files configure says what to install.
rm "$tmp/src/generated/stamp"
mkdir "$tmp/build2"
(cd "$tmp/build2" && ../src/configure -q PYTHON=/nonexistent/python3) > "$tmp/out" 2>&1
is "configure fails without generated files" $? 1
check "and names the packages" \
	grep 'apt-get install python3 python3-jinja2 python3-ply' "$tmp/out"
tap_end
