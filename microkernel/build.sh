#!/bin/sh
# build.sh - build the microkernel for one architecture. SPDX-License-Identifier: MIT
# usage: build.sh ARCH OUTPUT.elf
# Uses $MK_CC, else a cross gcc, else clang with lld. Status 3: no compiler.
set -eu

[ $# = 2 ] || { echo "usage: build.sh ARCH OUTPUT.elf" >&2; exit 2; }
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
arch=$1
out=$2

case $arch in
riscv64)
	gcc_names="riscv64-linux-gnu-gcc riscv64-unknown-elf-gcc"
	clang_target="--target=riscv64-unknown-elf"
	flags="-march=rv64gc -mabi=lp64d -mcmodel=medany -mno-relax"
	;;
*)
	echo "build.sh: unknown architecture $arch" >&2
	exit 2
	;;
esac

compiler=${MK_CC:-}
for name in $gcc_names; do
	[ -n "$compiler" ] || ! command -v "$name" >/dev/null 2>&1 ||
		compiler=$name
done
if [ -z "$compiler" ] && command -v clang >/dev/null 2>&1 &&
	command -v ld.lld >/dev/null 2>&1; then
	compiler="clang $clang_target -fuse-ld=lld"
fi
if [ -z "$compiler" ]; then
	echo "no compiler for $arch; install gcc-riscv64-linux-gnu" >&2
	exit 3
fi

# memset must not become a call of memset
case $($compiler --version 2>/dev/null) in
*clang*) ;;
*) flags="$flags -fno-tree-loop-distribute-patterns" ;;
esac

# -fno-pic: fixed address; no contraction: the same bits from every compiler
# shellcheck disable=SC2086 # lists of words
$compiler $flags -std=gnu11 -O2 -g0 -Wall -Wextra -ffreestanding -fno-builtin \
	-fno-pic -fno-math-errno -ffp-contract=off -fno-stack-protector \
	-fno-asynchronous-unwind-tables \
	-nostdlib -static -Wl,--build-id=none -Wl,-T,"$here/arch/$arch/link.ld" \
	-I"$here" -o "$out.new" \
	"$here/arch/$arch"/*.S "$here/arch/$arch"/*.c "$here"/core/*.c
mv "$out.new" "$out"
