#!/bin/sh
# microkernel.sh - the freestanding guest prints what is expected. SPDX-License-Identifier: MIT
# shellcheck source=tests/lib/tap.sh
. "$srcdir/tests/lib/tap.sh"

elf=$tmp/riscv64.elf
status=0
"$srcdir/microkernel/build.sh" riscv64 "$elf" 2> "$tmp/why" || status=$?
[ $status != 3 ] || skip_all "$(cat "$tmp/why")"
[ $status = 0 ] || { not_ok "builds" "$(cat "$tmp/why")"; tap_end; }
empty "builds without a warning" "$(cat "$tmp/why")"

# prints NAME COMMAND...: status 0, the expected text, nothing on stderr
prints() {
	name=$1
	shift
	status=0
	timeout 600 "$@" < /dev/null > "$tmp/out" 2> "$tmp/err" || status=$?
	is "$name: exit status" "$status" 0
	empty "$name: console" "$(diff "$tmp/out" "$srcdir/microkernel/riscv64.expected")"
	empty "$name: standard error" "$(cat "$tmp/err")"
}

rax=${RAX:-$builddir/rax}
for engine in $(engines "$rax"); do
	prints "$engine" "$rax" --engine "$engine" --kernel "$elf"
done
prints "threaded, icount" "$rax" --engine threaded --clock icount --kernel "$elf"
prints "threaded against step" "$rax" --engine threaded --verify step --kernel "$elf"

if command -v qemu-system-riscv64 > /dev/null 2>&1; then
	prints "qemu" qemu-system-riscv64 -M virt -bios none -nographic -kernel "$elf"
else
	skip "qemu" "qemu-system-riscv64 is not installed"
fi
tap_end
