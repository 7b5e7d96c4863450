#!/bin/sh
# test_handlers.sh - the fast handlers' machine code. SPDX-License-Identifier: MIT
# They call nothing and have no stack frame: every one ends in jumps to the next
# record, to a link or to the executor (core/thr.h). A local variable whose
# address escapes, or a value that does not fit the registers, would cost both.
. "$srcdir/tests/lib/tap.sh"

: "${OBJDUMP:=objdump}"
everything="handlers call nothing and have no stack frame"
archive=
for file in "$builddir/.libs/librax.a" "$builddir/librax.a"; do
	[ -f "$file" ] && archive=$file && break
done

# quits when the code cannot be judged
unless() {
	[ -z "$1" ] || {
		skip "$everything" "$1"
		tap_end
	}
}
grep -qs "^#define RX_HAVE_TAILCALL 1" "$builddir/config.h" ||
	unless "this compiler makes no tail calls"
case " $CFLAGS " in
*" -O0 "* | *-fsanitize* | *--coverage* | *-pg*) unless "CFLAGS is $CFLAGS" ;;
*" -O"*) ;;
*) unless "CFLAGS does not optimise" ;;
esac
[ -n "$archive" ] || unless "there is no static library (--disable-static)"
command -v "$OBJDUMP" > /dev/null 2>&1 || unless "there is no $OBJDUMP"

"$OBJDUMP" -d --no-show-raw-insn "$archive" > "$tmp/code" 2> "$tmp/error" ||
	unless "$OBJDUMP: $(head -n 1 "$tmp/error")"

# What machine code may not hold, by objdump's name of the format. clang saves a
# register or two in some floating-point handlers: allowed there, calls are not.
pattern() {
	case $2$1 in
	clang*x86-64*) echo '^(call|leave|enter|ret)|^(sub|add|and|lea) .*%rsp' ;;
	clang*) echo '^(bl|blr|call)( |	|$)|^jalr?[ 	]+ra' ;;
	elf64-x86-64*) echo '^(call|push|pop|leave|enter|ret)|%[re]sp' ;;
	elf64-littleaarch64*) echo '^(bl|blr|ret)( |	|$)|[^a-z]sp([^a-z]|$)' ;;
	elf64-littleriscv*) echo '^(jalr?[ 	]+ra|call|ret)|[^a-z]sp([^a-z]|$)' ;;
	esac
}

# judge PATTERN < CODE: each bad handler once; their number in $tmp/count
judge() {
	"$AWK" -v bad="$1" '
	/^[0-9a-f]+ <.*>:$/ {
		name = substr($2, 2, length($2) - 3)
		inside = name ~ /^rg_[a-z0-9]+_[tf]_/
		n += inside && name !~ /\./
		next
	}
	inside && /^ +[0-9a-f]+:\t/ {
		text = $0
		sub(/^[^\t]*\t/, "", text)
		sub(/ *[#<].*/, "", text)
		sub(/^(notrack|bnd|rep|repz) /, "", text)
		if (text ~ bad && !(name in seen)) {
			seen[name] = 1
			print name ": " text
		}
	}
	END { print n + 0 > "/dev/stderr" }' 2> "$tmp/count"
}

compiler=$($CC --version 2> /dev/null | grep -o clang | head -n 1)
bad=$(pattern "$(sed -n 's/.*file format //p' "$tmp/code" | head -n 1)" "$compiler")
[ -n "$bad" ] || unless "code of this architecture is not known here"
found=$(judge "$bad" < "$tmp/code")
check "the library has handlers ($(cat "$tmp/count"))" test "$(cat "$tmp/count")" -ge 300
empty "$everything" "$found"

# The test sees a call, a frame and a spill.
found=$(printf '%s\n' '0000000000000000 <rg_toy_t_a>:' '   0:	call   10 <x>' \
	'   5:	jmp    *(%rsi)' '0000000000000010 <x>:' '  10:	push   %rbx' \
	'0000000000000020 <rg_toy_f_b>:' '  20:	sub    $0x8,%rsp' \
	'0000000000000030 <rg_toy_t_c>:' '  30:	jmp    *(%rsi)' |
	judge "$(pattern elf64-x86-64 "")")
is "what is bad is found" "$found" 'rg_toy_t_a: call   10
rg_toy_f_b: sub    $0x8,%rsp'
tap_end
