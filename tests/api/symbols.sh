#!/bin/sh
# symbols.sh - what librax needs and what it shows. SPDX-License-Identifier: MIT
. "$srcdir/tests/lib/tap.sh"

archive=$builddir/.libs/librax.a
[ -f "$archive" ] || archive=$builddir/librax.a
shared=$builddir/.libs/librax.so

if ! command -v "${NM%% *}" >/dev/null 2>&1 || ! command -v objdump >/dev/null 2>&1; then
	skip_all "nm or objdump (binutils) is not installed"
fi

# "MEMBER: SYMBOL" for every symbol a member of the archive has not itself
$NM -A -u "$archive" | sed 's/^[^:]*:\([^:]*\): *U \([^@]*\).*/\1: \2/' > "$tmp/undefined"
bad=$("$AWK" -F': ' '
	BEGIN {
		n = split("exit _exit _Exit quick_exit abort __assert_fail __assert " \
			"printf vprintf fprintf vfprintf dprintf vdprintf puts fputs " \
			"putchar putc fputc perror psignal stdout stderr " \
			"err errx warn warnx verr verrx vwarn vwarnx error syslog " \
			"raise kill system longjmp _longjmp siglongjmp", w, " ")
		for (i = 1; i <= n; i++)
			banned[w[i]] = 1
	}
	{
		name = $2
		if (name ~ /^__.*_chk$/) {
			sub(/^__/, "", name)
			sub(/_chk$/, "", name)
		}
		if (name in banned)
			print $1 ": " $2
	}' "$tmp/undefined")
check "the archive was read" test -s "$tmp/undefined"
empty "librax never exits, aborts, prints or jumps" "$bad"

# Names that would collide with an embedder's.
bad=$($NM -A -g --defined-only "$archive" |
	sed -n 's/^[^:]*:\([^:]*\):[0-9a-f]* *\([A-Z]\) \(.*\)/\1: \3/p' |
	grep -Ev ': (rax_|rx_|rg_|__asan_|__odr_asan|DW\.ref\.)')
empty "global names begin with rax_, rx_ or rg_" "$bad"

# Two machines in one process share nothing that can change.
if grep -q 'fsanitize' "$builddir/Makefile"; then
	skip "no process globals" "sanitizers add some of their own"
else
	bad=$(objdump -t "$archive" | "$AWK" '
		/: +file format/ { sub(/:.*/, ""); member = $0; next }
		NF >= 4 {
			# VALUE FLAGS SECTION SIZE NAME
			section = $(NF - 2)
			if ((section == "*COM*" || section ~ /^\.(data|bss|tdata|tbss)($|\.)/) &&
			    section !~ /^\.data\.rel\.ro/ && $NF != section)
				print member ": " $NF " in " section
		}')
	empty "no process globals" "$bad"
fi

# What the public headers declare: rax_name( at the start of a declaration.
cat "$srcdir"/runtime/include/rax/*.h | sed 's,/\*.*\*/,,' |
	"$AWK" '
	/\/\*/ { comment = 1 }
	comment { if (/\*\//) comment = 0; next }
	/^[ \t]*#/ || /^typedef/ { next }
	{
		while (match($0, /rax_[a-z0-9_]+\(/)) {
			print substr($0, RSTART, RLENGTH - 1)
			$0 = substr($0, RSTART + RLENGTH)
		}
	}' | LC_ALL=C sort -u > "$tmp/declared"
if [ ! -f "$shared" ]; then
	skip "the shared library exports rax_* only" "configured without shared libraries"
	skip "it exports what the headers declare" "configured without shared libraries"
else
	$NM -D --defined-only "$shared" |
		"$AWK" '$2 != "A" { sub(/@.*/, "", $3); print $3 }' |
		LC_ALL=C sort -u > "$tmp/exported"
	empty "the shared library exports rax_* only" "$(grep -v '^rax_' "$tmp/exported")"
	empty "it exports what the headers declare" "$(
		LC_ALL=C comm -23 "$tmp/declared" "$tmp/exported" |
			sed 's/$/: declared, not exported/'
		LC_ALL=C comm -13 "$tmp/declared" "$tmp/exported" |
			sed 's/$/: exported, not declared/')"
	is "the shared library has its soname" \
		"$(objdump -p "$shared" | sed -n 's/^ *SONAME *//p')" librax.so.0
fi

# The program's own objects: nothing from the inside of librax.
if objects=$(ls "$builddir"/tools/rax/*.o 2>/dev/null); then
	# shellcheck disable=SC2086 # a list of names
	bad=$($NM -A -u $objects | grep -E ' U (rx|rg)_')
	empty "rax uses rax_* only" "$bad"
else
	not_ok "rax uses rax_* only" "no objects in tools/rax"
fi

tap_end
