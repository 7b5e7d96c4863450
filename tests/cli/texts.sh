#!/bin/sh
# texts.sh - man page and completion, made from the option table. SPDX-License-Identifier: MIT
# shellcheck source=tests/lib/tap.sh
. "$srcdir/tests/lib/tap.sh"
rax=${RAX:-$builddir/rax}

man=$tmp/rax.1
check "prints a man page" sh -c '"$1" --print-man > "$2"' sh "$rax" "$man"
if command -v mandoc > /dev/null 2>&1; then
	empty "mandoc finds nothing to complain about" "$(mandoc -T lint "$man" 2>&1)"
else
	skip "mandoc finds nothing to complain about" "mandoc is not installed"
fi
# what was built (or shipped) is what the program says now
built=$builddir/tools/rax/rax.1
[ -f "$built" ] || built=$srcdir/tools/rax/rax.1
if [ -f "$built" ]; then
	check "the man page that is installed is this one" cmp "$built" "$man"
else
	skip "the man page that is installed is this one" "not made by this build"
fi

completion=$tmp/rax.bash
check "prints a completion" sh -c '"$1" --print-completion > "$2"' sh "$rax" "$completion"
built=$builddir/tools/rax/completion/rax
[ -f "$built" ] || built=$srcdir/tools/rax/completion/rax
if [ -f "$built" ]; then
	check "the completion that is installed is this one" cmp "$built" "$completion"
else
	skip "the completion that is installed is this one" "not made by this build"
fi

# Every option of --help is in all texts.
options=$("$rax" --help | sed -n 's/^  \(--[a-z-]*\).*/\1/p')
check "--help has options" test "$(echo "$options" | wc -l)" -gt 15
bad=$(for o in $options; do
	grep -q -- "^\.It $(printf %s "$o" | sed 's/-/\\\\-/g')\( \|$\)" "$man" || echo "$o: man"
	grep -q -- "$o" "$completion" || echo "$o: completion"
done)
empty "man page and completion have them all" "$bad"

bash=$(command -v bash) || { skip "bash completes" "bash is not installed"; tap_end; }
check "the completion is bash" "$bash" -n "$completion"
# complete WORDS...: what is offered for the last one
completed() {
	"$bash" -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
		_rax; printf "%s\n" "${COMPREPLY[@]}"' bash "$completion" "$@" | tr '\n' ' '
}
touch "$tmp/kernel.elf"
is "completes options" "$(completed rax --ini)" "--initrd "
is "completes engines" "$(completed rax --engine s)" "step smir "
is "completes --engine=" "$(completed rax --engine = t)" "threaded "
is "completes --jit" "$(completed rax --jit '')" "on off verify "
is "completes an empty --clock=" "$(completed rax --clock =)" "host icount "
is "completes machines" "$(completed rax --machine '')" "riscv-virt "
is "completes files" "$(completed rax --kernel "$tmp/ker")" "$tmp/kernel.elf "
is "completes commands" "$(completed rax di)" "dis "
is "completes instruction sets" "$(completed rax dis --isa r)" "rv64 "
is "completes the options of dis" "$(completed rax dis --)" "--isa --syntax --explain "
is "offers nothing for a number" "$(completed rax --smp '')" " "
tap_end
