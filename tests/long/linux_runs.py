# SPDX-License-Identifier: MIT
"""Boots of Debian's kernel with typed input, and reboots (TAP).

    linux_runs.py typed|reboot|memory
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests" / "boot"))
# pylint: disable=wrong-import-position
from console import (PROMPT, Console, ConsoleError, NoGuest, find_guest,
                     linux_command)

LIMIT = 3600.0
# Typed at the shell; a file, which is read when the guest asks.
SCRIPT = """uname -srm
date
cat /proc/cpuinfo | grep -c ^processor
dd if=/dev/hwrng bs=64 count=1 2>/dev/null | sha256sum
seq 1 5000 | sha256sum
sleep 2
date
poweroff
"""
FIRMWARE = ("fw_dynamic.bin", "fw_dynamic.elf")


class Tap:
    """Results, one a line."""

    def __init__(self) -> None:
        self.number = self.failed = 0

    def result(self, good: bool, name: str, why: str = "") -> None:
        """One result; `why` explains a failure."""
        self.number += 1
        print(f"{'ok' if good else 'not ok'} {self.number} - {name}")
        if not good:
            self.failed += 1
            for line in why.splitlines()[-20:]:
                print(f"# {line}")
        sys.stdout.flush()

    def end(self) -> int:
        """The plan."""
        print(f"1..{self.number}")
        return 1 if self.failed else 0


def scripted(guest: Path, *options: str) -> tuple[int, bytes, str]:
    """Exit code, console and standard error of a boot with SCRIPT typed."""
    with tempfile.TemporaryFile() as script:
        script.write(SCRIPT.encode())
        script.seek(0)
        done = subprocess.run([*linux_command("rax", guest), *options],
                              stdin=script, capture_output=True,
                              timeout=LIMIT, check=False)
    return done.returncode, done.stdout, done.stderr.decode()


def typed(tap: Tap, guest: Path) -> None:
    """Input from a file: the same console and state on all, also compared."""
    first: tuple[int, bytes, str] | None = None
    for options in (("threaded",), ("threaded",), ("step",),
                    ("threaded", "--verify", "step")):
        name = "2 harts, " + " ".join(options)
        try:
            got = scripted(guest, "--clock", "icount", "--state-hash",
                           "--smp", "2", "--engine", *options)
        except subprocess.TimeoutExpired:
            tap.result(False, name, f"not ended within {LIMIT} s")
            continue
        first = first or got
        tap.result(got[0] == 0 and b"Power down" in got[1]
                   and got[1:] == first[1:], name,
                   f"exit code {got[0]}, {got[2].strip()}, not "
                   f"{first[2].strip()}\n{got[1].decode()}")


def life(guest: Path, harts: int, *options: str) -> None:
    """Boot, see all harts, reboot, see them again, power off."""
    argv = [*linux_command("rax", guest), "--smp", str(harts), *options]
    with Console(argv) as console:
        for again in (False, True):
            console.expect(PROMPT, LIMIT)
            online = console.command("cat /sys/devices/system/cpu/online",
                                     60).strip()
            want = f"0-{harts - 1}" if harts > 1 else "0"
            if online != want:
                raise ConsoleError(f"online: {online}, not {want}")
            if not again:
                console.type("reboot\r")
                console.expect("Restarting system", 60)
        console.type("poweroff\r")
        status = console.wait(120)
        if status or console.errors:
            raise ConsoleError(f"exit code {status}: {console.errors}")


def reboot(tap: Tap, guest: Path) -> None:
    """Reboots under the built-in SBI and under every OpenSBI there is."""
    kinds: list[tuple[str, ...]] = [()]
    for folder in (guest / "firmware",
                   Path("/usr/lib/riscv64-linux-gnu/opensbi/generic")):
        kinds += [("--firmware", str(folder / name)) for name in FIRMWARE
                  if (folder / name).exists()]
    for options in kinds:
        for harts in (1, 4):
            name = f"{' '.join(options) or 'built-in SBI'}, {harts} harts"
            try:
                life(guest, harts, *options)
                tap.result(True, name)
            except ConsoleError as error:
                tap.result(False, name, str(error))


GUEST_MIB = 128
ABOVE = 150 * 10**6  # bytes that a run may need beside the guest's memory


def peak(pid: int) -> int:
    """The most memory that the process has had at once, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    fields = dict(line.split(":", 1) for line in status.splitlines())
    return 1024 * int(fields["VmHWM"].split()[0])


def memory(tap: Tap, guest: Path) -> None:
    """Memory beside the guest's, which is small and all in use."""
    for options in (("threaded",), ("jit",), ("jit", "--jit-heat", "20")):
        name = " ".join(options)
        argv = [*linux_command("rax", guest), "--memory", f"{GUEST_MIB}M",
                "--clock", "icount", "--engine", *options]
        try:
            with Console(argv) as console:
                console.expect(PROMPT, LIMIT)
                console.command("head -c 24000000 /dev/zero > /x && rm /x", 60)
                above = peak(console.child.pid) - (GUEST_MIB << 20)
                console.type("poweroff\r")
                console.wait(120)
            tap.result(above <= ABOVE, f"memory beside the guest's, {name}",
                       f"{above} bytes, at most {ABOVE}")
        except ConsoleError as error:
            tap.result(False, name, str(error))


def main() -> int:
    """The command line."""
    parts = {"typed": typed, "reboot": reboot, "memory": memory}
    if len(sys.argv) != 2 or sys.argv[1] not in parts:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        guest = find_guest()
    except NoGuest as reason:
        print(f"1..0 # SKIP {reason}")
        return 0
    tap = Tap()
    parts[sys.argv[1]](tap, guest)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
