#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Boot Debian's kernel to the shell, run commands, power off (TAP).

Tests rax ($RAX or ./rax), or qemu with --emulator qemu, which shows that
the test itself is right.  Options after -- go to the emulator.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
# pylint: disable=wrong-import-position
from console import (PROMPT, Console, ConsoleError, Lost, NoGuest,
                     find_guest, linux_command)

# What `seq` and `sha256sum` must agree on, worked out by the host.
NUMBERS = "".join(f"{i}\n" for i in range(1, 20001))
DIGEST = hashlib.sha256(NUMBERS.encode()).hexdigest()


def floating_point() -> tuple[float, float]:
    """What the guest's awk computes below, in the host's arithmetic."""
    total = term = root = 1.0
    for number in range(1, 30):
        term /= number
        total += term
    for number in range(9):
        root = (root + 2 / root) / 2
    return total, root


def expect_line(console: Console, line: str, want: str,
                seconds: float) -> None:
    """Run `line`; the output has to be `want`."""
    got = console.command(line, seconds).strip()
    if got != want:
        raise ConsoleError(f"{line!r} printed {got!r}, not {want!r}")


def check_clock(console: Console, seconds: float) -> None:
    """A guest's second is no shorter, by the guest's own clock."""
    got = console.command("a=$(cut -d. -f1 /proc/uptime); sleep 2;"
                          " b=$(cut -d. -f1 /proc/uptime); echo $((b-a))",
                          seconds).strip()
    if got not in ("2", "3"):
        raise ConsoleError(f"2 seconds of sleep lasted {got} of uptime")


def check_interrupt(console: Console, seconds: float) -> None:
    """Control-C ends the command in the foreground, and only that."""
    console.type("echo GO$((6*7)); sleep 1000\r")
    console.expect(r"GO42\r*\n", seconds)
    time.sleep(0.5)
    console.type("\x03")
    console.expect(PROMPT, seconds)
    expect_line(console, "echo still here", "still here", seconds)


def check_cpus(console: Console, want: int, seconds: float) -> None:
    """Every hart is online."""
    expect_line(console, "grep -c ^processor /proc/cpuinfo", str(want),
                seconds)


def check_poweroff(console: Console, seconds: float) -> None:
    """poweroff ends the emulator with exit status 0."""
    console.type("poweroff\r")
    status = console.wait(seconds)
    if "Power down" not in console.text:
        raise ConsoleError("the kernel did not say that it powers down\n"
                           + console.tail())
    if status != 0:
        raise ConsoleError(f"exit status {status}, not 0: {console.errors}")


def check_stderr(console: Console) -> None:
    """Nothing went wrong that the emulator would report."""
    if console.errors.strip():
        raise ConsoleError(f"on standard error: {console.errors.strip()}")


Step = tuple[str, Callable[[Console], None]]


def steps(smp: int, scale: float) -> list[Step]:
    """All steps in order; the time limits grow with `scale`."""
    def limit(seconds: float) -> float:
        return seconds * scale

    def line(command: str, want: str, seconds: float = 20) -> Callable[
            [Console], None]:
        return lambda c: expect_line(c, command, want, limit(seconds))

    return [
        ("boots to the shell prompt",
         lambda c: c.expect(PROMPT, limit(120)) and None),
        ("is a riscv64 Linux", line("uname -sm", "Linux riscv64")),
        ("runs the harts asked for",
         lambda c: check_cpus(c, smp, limit(20))),
        ("computes a SHA-256 digest",
         line("seq 1 20000 | sha256sum | cut -d' ' -f1", DIGEST, 60)),
        ("computes in floating point",
         line("awk 'BEGIN { e = t = 1; for (n = 1; n < 30; n++)"
              " { t /= n; e += t } r = 1; for (n = 0; n < 9; n++)"
              " r = (r + 2 / r) / 2; printf \"%.14f %.14f\\n\", e, r }'",
              "%.14f %.14f" % floating_point())),
        ("forks and runs 100 programs",
         line("i=0; while [ $i -lt 100 ]; do /bin/busybox true; i=$((i+1));"
              " done; echo $i", "100", 60)),
        ("packs and unpacks a file unchanged",
         line("seq 1 20000 >/tmp/n; gzip -c /tmp/n | gunzip | cmp - /tmp/n"
              " && echo same", "same", 60)),
        ("runs two processes at a time",
         line("(sleep 1; echo slow) & echo fast; wait",
              "fast\nslow")),
        ("survives a process that faults",
         line("sh -c 'kill -SEGV $$' 2>/dev/null; echo $?", "139")),
        ("keeps time", lambda c: check_clock(c, limit(30))),
        ("control-C interrupts", lambda c: check_interrupt(c, limit(20))),
        ("poweroff ends it with exit status 0",
         lambda c: check_poweroff(c, limit(30))),
        ("standard error is empty", check_stderr),
    ]


def run(args: argparse.Namespace) -> int:
    """Run all steps; when the guest is lost the rest cannot be."""
    table = steps(args.smp, args.scale)
    try:
        guest = find_guest()
    except NoGuest as reason:
        print(f"1..0 # SKIP {reason}")
        return 0
    options = args.options
    if args.smp != 1:
        options = ["--smp" if args.emulator == "rax" else "-smp",
                   str(args.smp), *options]
    print(f"1..{len(table)}", flush=True)
    argv = linux_command(args.emulator, guest) + options
    print("# " + " ".join(argv), flush=True)
    failed, lost = 0, ""
    with Console(argv) as console:
        for number, (name, step) in enumerate(table, 1):
            try:
                if lost:
                    raise Lost(f"not reached: {lost}")
                step(console)
                print(f"ok {number} - {name}", flush=True)
            except ConsoleError as error:
                print(f"not ok {number} - {name}")
                for text in str(error).splitlines():
                    print(f"# {text}")
                sys.stdout.flush()
                failed += 1
                if isinstance(error, Lost):
                    lost = lost or f"{name!r} failed"
        print(f"# {console.cpu():.2f} s of CPU time,"
              f" {time.monotonic() - console.started:.1f} s in all")
    return 1 if failed else 0


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--emulator", choices=("rax", "qemu"), default="rax")
    parser.add_argument("--smp", type=int, default=1, metavar="N")
    parser.add_argument("--scale", type=float, default=1, metavar="F",
                        help="multiply all time limits")
    parser.add_argument("options", nargs="*", help="of the emulator")
    try:
        return run(parser.parse_args())
    except ConsoleError as error:
        print(f"Bail out! {error}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
