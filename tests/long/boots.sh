#!/bin/sh
# boots.sh - Linux on every engine, clock and firmware. SPDX-License-Identifier: MIT
# shellcheck source=tests/lib/tap.sh disable=SC2154
. "$srcdir/tests/lib/tap.sh"

[ -n "${PYTHON:-}" ] || skip_all "no Python"
rax=${RAX:-$builddir/rax}
export RAX="$rax"
status=0
guest=$("$PYTHON" -B "$srcdir/tools/guest/fetch.py" 2> "$tmp/why") || status=$?
[ $status != 3 ] || skip_all "$(tail -n 1 "$tmp/why")"
[ $status = 0 ] || { not_ok "a guest" "$(cat "$tmp/why")"; tap_end; }

# session NAME OPTION...: the whole of linux_boot.py
session() {
	name=$1
	shift
	check "$name" timeout 3000 "$PYTHON" -B "$srcdir/tests/boot/linux_boot.py" "$@"
}

session "step" --scale 10 -- --engine step
session "smir" --scale 20 -- --engine smir
session "threaded against step" --scale 30 -- --engine threaded --verify step
session "threaded, icount" --scale 4 -- --clock icount
session "four harts" --scale 6 --smp 4
session "fw_dynamic" --scale 4 -- --firmware "$guest/firmware/fw_dynamic.bin"
# fw_jump puts the device tree 34 MiB into memory, the kernel starts at 2 MiB;
# its size is in the header, at offset 16
size=$(od -An -tu8 -j16 -N8 "$guest/Image" | tr -d ' ')
if [ "$size" -le 33554432 ]; then
	session "fw_jump" --scale 4 -- --firmware "$guest/firmware/fw_jump.bin"
else
	skip "fw_jump" "this kernel lies where the firmware puts the device tree"
fi
session "four harts, fw_dynamic" --scale 6 --smp 4 -- \
	--firmware "$guest/firmware/fw_dynamic.bin"

# ---- the same run, bit for bit, whatever the engine ----
cat > "$tmp/main" << 'END'
#!/bin/sh
cat /proc/cpuinfo
date
head -c 64 /dev/urandom | sha256sum
seq 1 5000 | sha256sum
for i in 1 2 3 4 5; do sh -c 'echo child $$'; done
sleep 1
cat /proc/uptime /proc/stat
END
chmod +x "$tmp/main"
"$PYTHON" -B "$srcdir/tools/guest/initramfs.py" --guest "$guest" \
	--init "$tmp/main" -o "$tmp/repeat.cpio"

# repeat FILE OPTION...: console and state hash
repeat() {
	out=$1
	shift
	timeout 3000 "$rax" --kernel "$guest/Image" --initrd "$tmp/repeat.cpio" \
		--clock icount --state-hash "$@" < /dev/null > "$tmp/$out" 2>&1 ||
		echo "status $?" >> "$tmp/$out"
}

repeat first
check "icount: runs to the end" grep -q "main: exit status 0" "$tmp/first"
check "icount: no error" test -z "$(grep '^status' "$tmp/first")"
repeat again
repeat other --seed 1
for engine in step smir; do
	repeat "$engine" --engine "$engine"
done
for run in again step smir; do
	empty "icount: $run is the same" "$(diff -a "$tmp/first" "$tmp/$run")"
done
check "icount: another seed is not" test -n "$(diff -a "$tmp/first" "$tmp/other")"
# ---- the same, all of it compiled ----
if "$rax" --engine jit --kernel /dev/null 2>&1 | grep -q -e --engine; then
	skip "compiled code" "no engine jit here"
else
	for level in 0 1 2; do
		repeat "jit$level" --engine jit --jit-heat 1 --jit-level $level
		empty "icount: compiled at once, level $level, it is the same" \
			"$(diff -a "$tmp/step" "$tmp/jit$level")"
	done
	timeout 6000 "$rax" --kernel "$guest/Image" --initrd "$tmp/repeat.cpio" --jit verify \
		--stats < /dev/null > "$tmp/out" 2> "$tmp/err" || echo "status $?" >> "$tmp/err"
	check "jit verify: runs to the end" grep -q "main: exit status 0" "$tmp/out"
	empty "jit verify: no difference" "$(grep '^status\|disagree' "$tmp/err")"
	# figure NAME: of --stats
	figure() {
		sed -n "s/^ *\([0-9]*\) $1\$/\1/p" "$tmp/err"
	}
	diag "$(figure 'regions run and verified') regions were run and verified"
	check "jit verify: they are at least ten million" \
		test "$(figure 'regions run and verified')" -ge 10000000
	is "jit verify: operations verify between passes" \
		"$(figure 'blocks refused by the verifier')" 0
fi

repeat first4 --smp 4
repeat again4 --smp 4
repeat step4 --smp 4 --engine step
for run in again4 step4; do
	empty "icount, four harts: $run is the same" "$(diff -a "$tmp/first4" "$tmp/$run")"
done

# ---- a disk, read and written ----
cat > "$tmp/main" << 'END'
#!/bin/sh
set -e
echo "size $(blockdev --getsize64 /dev/vda)"
echo "digest $(sha256sum < /dev/vda)"
seq 1 1000 | dd of=/dev/vda bs=512 seek=100 conv=notrunc 2>/dev/null
sync
END
"$PYTHON" -B "$srcdir/tools/guest/initramfs.py" --guest "$guest" \
	--init "$tmp/main" -o "$tmp/disk.cpio"
head -c 3145728 /dev/urandom > "$tmp/disk"
cp "$tmp/disk" "$tmp/wanted"
digest=$(sha256sum < "$tmp/disk")
seq 1 1000 | dd of="$tmp/wanted" bs=512 seek=100 conv=notrunc 2> /dev/null
timeout 600 "$rax" --kernel "$guest/Image" --initrd "$tmp/disk.cpio" \
	--disk "$tmp/disk" < /dev/null > "$tmp/out" 2> "$tmp/err" || echo "status $?" >> "$tmp/err"
empty "disk: no error" "$(cat "$tmp/err")"
check "disk: reads what is on it" grep -q "^digest $digest" "$tmp/out"
check "disk: has its size" grep -q "^size 3145728" "$tmp/out"
check "disk: was written" cmp "$tmp/disk" "$tmp/wanted"
tap_end
