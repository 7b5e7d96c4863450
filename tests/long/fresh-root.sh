#!/bin/sh
# fresh-root.sh - README's commands in a fresh Debian 12. SPDX-License-Identifier: MIT
# Makes a minimal Debian with debootstrap and there, in a clone of what is
# committed, runs the test command and the demo, with network and without.
# Needs root and a mirror. FRESH_SUITE chooses another suite than bookworm.
# shellcheck source=tests/lib/tap.sh disable=SC2154
. "$srcdir/tests/lib/tap.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root"
for tool in debootstrap git unshare; do
	command -v "$tool" > /dev/null 2>&1 || skip_all "$tool is not installed"
done
[ -n "${PYTHON:-}" ] || skip_all "no Python"
unshare --mount --pid --fork true 2> /dev/null ||
	skip_all "name spaces are not allowed here"
git -C "$srcdir" rev-parse HEAD > /dev/null 2>&1 || skip_all "not a git checkout"

# URI and key of the machine's own mirror
mirror=$(cd "$srcdir/tools/guest" && "$PYTHON" -B -c '
from pathlib import Path
from aptroot import debian_mirrors, read_sources
found = debian_mirrors(read_sources(Path("/etc/apt")))
print(found[0].uri if found else "")')
[ -n "$mirror" ] || skip_all "apt names no Debian mirror"

root=$tmp/root
suite=${FRESH_SUITE:-bookworm}
timeout 1200 debootstrap --variant=minbase "$suite" "$root" "$mirror" \
	> "$tmp/debootstrap" 2>&1 || {
	not_ok "a fresh $suite" "$(tail -n 20 "$tmp/debootstrap")"
	tap_end
}
ok "a fresh $suite"

# how this machine reaches the network; nothing else of it
for file in resolv.conf hosts; do
	[ ! -f "/etc/$file" ] || cp -L "/etc/$file" "$root/etc/$file"
done
apt-config dump | grep -E '^Acquire::(https?::|Check-)' \
	> "$root/etc/apt/apt.conf.d/90host"
git clone -q --no-local "$(cd "$srcdir" && pwd)" "$root/rax" 2> "$tmp/clone" ||
	not_ok "a clone" "$(cat "$tmp/clone")"

# in_root [--net] COMMAND...: a program, since timeout runs one; --net: without
# network. The mounts are gone when it ends.
cat > "$tmp/in_root" << END
#!/bin/sh
root='$root'
END
cat >> "$tmp/in_root" << 'END'
apart=
if [ "$1" = --net ]; then
	apart=--net
	shift
fi
exec unshare --mount --pid --fork --kill-child $apart sh -c '
	mount -t proc proc "$0/proc" &&
	mount -t devpts devpts "$0/dev/pts" &&
	exec env -i HOME=/tmp TERM=dumb LANG=C RAX_GUESTS=/guests \
		PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		${RAX_GUEST_SUITE:+RAX_GUEST_SUITE="$RAX_GUEST_SUITE"} \
		chroot "$0" "$@"' "$root" "$@"
END
chmod +x "$tmp/in_root"

run() { # NAME LIMIT COMMAND...: its output stays in $tmp/out
	name=$1
	limit=$2
	shift 2
	status=0
	timeout "$limit" "$@" < /dev/null > "$tmp/out" 2>&1 || status=$?
	if [ $status = 0 ]; then
		ok "$name"
	else
		not_ok "$name" "status $status
$(tail -n 40 "$tmp/out")"
	fi
}

run "demo boots Linux, poweroff ends it" 2400 \
	"$PYTHON" -B "$srcdir/tests/boot/session.py" "$tmp/in_root" /rax/tools/setup/demo.sh
run "test command" 5400 "$tmp/in_root" /rax/tools/setup/check.sh
is "test command ends with its counts" \
	"$(tail -n 1 "$tmp/out" | sed 's/[0-9][0-9]* \([ps]\)/N \1/g')" \
	"N passed, 0 failed, N skipped"
rm -rf "$root/guests"
run "demo without network" 600 "$tmp/in_root" --net /rax/tools/setup/demo.sh
check "it says so" grep -q "runs the microkernel instead" "$tmp/out"
check "the microkernel is done" grep -qx "done" "$tmp/out"
tap_end
