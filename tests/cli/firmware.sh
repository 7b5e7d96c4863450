#!/bin/sh
# firmware.sh - Debian's OpenSBI starts a small payload. SPDX-License-Identifier: MIT
# shellcheck source=tests/lib/tap.sh
. "$srcdir/tests/lib/tap.sh"
[ -n "${PYTHON:-}" ] || skip_all "no Python"
rax=${RAX:-$builddir/rax}
export RAX="$rax"

# In S-mode: prints its number of harts' worth of letters through SBI, ends.
PYTHONPATH=$srcdir/tests/cli "$PYTHON" -B - "$tmp" << 'EOF' || { not_ok "payload"; tap_end; }
import sys
from pathlib import Path
from guest import assemble, elf, image, load

legacy = [*load("a7", 1), "addi a0, zero, 79", "ecall",
          *load("a7", 1), "addi a0, zero, 75", "ecall",
          *load("a7", 0x53525354), "addi a6, zero, 0", "addi a0, zero, 0",
          "addi a1, zero, 0", "ecall", "jal zero, 0"]
folder = Path(sys.argv[1])
folder.joinpath("Image").write_bytes(image(legacy))
code, _ = assemble(legacy, 0x80200000)
folder.joinpath("payload.elf").write_bytes(elf(code, base=0x80200000))
folder.joinpath("payload.bin").write_bytes(code)
EOF

found=
for folder in ${OPENSBI:-} /usr/lib/riscv64-linux-gnu/opensbi/generic \
	/usr/share/opensbi/lp64/generic/firmware; do
	for kind in fw_dynamic.bin fw_dynamic.elf fw_jump.bin fw_jump.elf; do
		[ -f "$folder/$kind" ] || continue
		found=1
		for payload in Image payload.elf payload.bin; do
			for options in "" "--smp 4 --engine step" "--clock icount --verify step"; do
				status=0
				# shellcheck disable=SC2086 # a list of words
				timeout 120 "$rax" --firmware "$folder/$kind" $options \
					--kernel "$tmp/$payload" < /dev/null \
					> "$tmp/out" 2> "$tmp/err" || status=$?
				is "$kind starts $payload $options" \
					"$status $(tail -c 2 "$tmp/out") $(cat "$tmp/err")" "0 OK "
			done
		done
	done
done
[ -n "$found" ] || skip "OpenSBI starts a payload" "the package opensbi is not installed"
tap_end
