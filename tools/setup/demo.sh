#!/bin/sh
# demo.sh - install what is missing, build, boot Debian's Linux. SPDX-License-Identifier: MIT
# usage: tools/setup/demo.sh [OPTION-OF-RAX...]
# The shell of the guest is on this terminal; poweroff there ends it, as does
# Ctrl-A x. Without network the microkernel runs instead.
set -eu
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2086 # lists of words
need $build_packages $guest_packages
find_python
build_rax
cd "$build"

status=0
guest=$(fetch_guest) || status=$?
if [ $status = 0 ]; then
	say "Booting Linux; type poweroff to end, or Ctrl-A x."
	exec ./rax --kernel "$guest/Image" --initrd "$guest/initramfs.cpio" "$@"
fi
[ $status = 3 ] || die "fetching the guest failed"

say "Linux cannot be fetched now, so this runs the microkernel instead."
make microkernel/riscv64.elf >&2 || die "the microkernel cannot be built"
exec ./rax --kernel microkernel/riscv64.elf "$@"
