#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Compare guest speed with the host's and with qemu's.

Each kernel of bench/kernels is built for the host and for riscv64.  The guest
boots once per emulator; then every round runs a kernel on the host and on
each emulator one after the other.  Times are CPU seconds: of the process on
the host, of the whole emulator (all threads, user and system) for a guest, so
that other work on the machine disturbs little.  Figures are medians of the
rounds' ratios.  Checksums have to agree.
"""

from __future__ import annotations

import argparse
import math
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TOP / "tests" / "boot"), str(TOP / "tools" / "guest")]
# pylint: disable=wrong-import-position
import initramfs
from console import (PROMPT, QEMU, Console, ConsoleError, NoGuest,
                     find_guest, linux_command)

CFLAGS = "-O2 -std=gnu11 -ffp-contract=off".split()
CROSS = "riscv64-linux-gnu-gcc"
LIMIT = 600.0


@dataclass(frozen=True, slots=True)
class Kernel:
    """One program; `work` takes about 0.3 s on a machine of 2024."""

    name: str
    group: str
    work: int
    title: str


KERNELS = (
    Kernel("loop", "integer", 360_000_000, "register loop"),
    Kernel("fib", "integer", 41, "recursion"),
    Kernel("vcall", "integer", 130_000_000, "virtual calls"),
    Kernel("quicksort", "integer", 480, "quicksort"),
    Kernel("interp", "integer", 460_000, "bytecode interpreter"),
    Kernel("crc32", "integer", 2_000, "CRC-32"),
    Kernel("sha256", "integer", 80_000, "SHA-256"),
    Kernel("memcopy", "integer", 200_000, "memory copy"),
    Kernel("chase", "integer", 3_000_000, "pointer chase"),
    Kernel("mix", "integer", 95_000, "Dhrystone/CoreMark class"),
    Kernel("nbody", "floating", 5_500_000, "n-body"),
    Kernel("matrix", "floating", 5_000, "matrix product"),
    Kernel("fork", "system", 500, "fork loop"),
    Kernel("fault", "system", 300, "page-fault loop"),
    Kernel("syscall", "system", 600_000, "system-call loop"),
)
GROUPS = ("integer", "floating", "system")


class BenchError(Exception):
    """The comparison cannot be made; says why."""


def scaled(kernel: Kernel, scale: float) -> int:
    """The work count at `scale`; fib's grows by the golden ratio."""
    if kernel.name == "fib":
        return max(1, kernel.work + round(math.log(scale, 1.618)))
    return max(1, round(kernel.work * scale))


def build(compiler: Sequence[str], out: Path) -> None:
    """Compile all kernels with `compiler` into `out`."""
    out.mkdir()
    source = TOP / "bench" / "kernels"
    for kernel in KERNELS:
        command = [*compiler, *CFLAGS, str(source / f"{kernel.name}.c"),
                   str(source / "main.c"), "-o", str(out / kernel.name),
                   "-lm"]
        try:
            subprocess.run(command, check=True, capture_output=True,
                           text=True)
        except FileNotFoundError:
            raise BenchError(
                f"{compiler[0]} not found; install gcc and, for the guest,"
                " gcc-riscv64-linux-gnu libc6-dev-riscv64-cross"
            ) from None
        except subprocess.CalledProcessError as error:
            raise BenchError(f"{' '.join(command)}:\n{error.stderr}"
                             ) from None


def thread_seconds(pid: int) -> float:
    """CPU seconds of all live threads of a process, in nanosecond steps."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/schedstat",
                      encoding="ascii") as stat:
                total += int(stat.read().split()[0])
        except (OSError, IndexError):
            continue  # the thread has just ended
    return total * 1e-9


def checksum(text: str, who: str) -> tuple[str, float]:
    """Checksum and own seconds that a kernel printed."""
    hit = re.search(r"sum=([0-9a-f]{16}) seconds=([0-9.]+)", text)
    if not hit:
        raise BenchError(f"{who} printed no result:\n{text[-400:]}")
    return hit[1], float(hit[2])


class Host:
    """The host itself."""

    name = "native"

    def __init__(self, programs: Path) -> None:
        self.programs = programs

    def run(self, kernel: Kernel, work: int) -> tuple[str, float, float]:
        """Checksum, CPU seconds, own seconds."""
        program = str(self.programs / kernel.name)
        with subprocess.Popen([program, str(work)], text=True,
                              stdout=subprocess.PIPE) as child:
            assert child.stdout
            text = child.stdout.read()
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = status
        if status != 0:
            raise BenchError(f"{program} {work} failed")
        return (*checksum(text, program)[:1],
                usage.ru_utime + usage.ru_stime, checksum(text, program)[1])


class Guest:
    """A booted guest that runs kernels on demand."""

    def __init__(self, name: str, argv: list[str]) -> None:
        self.name = name
        self.console = Console(argv)
        self.release = self.console.expect(r"@ready (\S+)\r*\n", LIMIT)[1]

    def run(self, kernel: Kernel, work: int) -> tuple[str, float, float]:
        """Checksum, CPU seconds of the emulator, the guest's seconds."""
        console = self.console
        time.sleep(0.05)  # what is still being done for the last one
        before = thread_seconds(console.child.pid)
        console.type(f"{kernel.name} {work}\n")
        console.expect(rf"@begin {kernel.name}\r*\n", LIMIT)
        start = console.mark
        end = console.expect(rf"@end {kernel.name} (\d+)\r*\n", LIMIT)
        seconds = thread_seconds(console.child.pid) - before
        if end[1] != "0":
            raise BenchError(f"{self.name}: {kernel.name} ended with {end[1]}"
                             f"\n{console.tail()}")
        found, own = checksum(console.text[start:end.start()], self.name)
        return found, seconds, own

    def close(self) -> None:
        """Power the guest off."""
        self.console.type("quit\n")
        if self.console.wait(LIMIT) != 0:
            raise BenchError(f"{self.name}: power-off failed:"
                             f" {self.console.errors}")


@dataclass(slots=True)
class Rounds:
    """The CPU seconds of one kernel, a list of rounds for each runner."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    own: dict[str, list[float]] = field(default_factory=dict)

    def ratio(self, name: str, base: str) -> float:
        """Median over the rounds of name's time by base's."""
        return statistics.median(
            a / b for a, b in zip(self.seconds[name], self.seconds[base])
        )


def measure(runners: Sequence[Host | Guest], kernels: Sequence[Kernel],
            args: argparse.Namespace) -> dict[str, Rounds]:
    """Run everything; a wrong checksum is an error."""
    results: dict[str, Rounds] = {}
    for kernel in kernels:
        work = scaled(kernel, args.scale)
        rounds = results[kernel.name] = Rounds()
        for _ in range(args.rounds):
            want = ""
            for runner in runners:
                found, seconds, own = runner.run(kernel, work)
                want = want or found
                if found != want:
                    raise BenchError(
                        f"{kernel.name} {work}: {runner.name} computed"
                        f" {found}, {runners[0].name} {want}"
                    )
                rounds.seconds.setdefault(runner.name, []).append(seconds)
                rounds.own.setdefault(runner.name, []).append(own)
        print_row(kernel, rounds, [r.name for r in runners])
    return results


def print_row(kernel: Kernel, rounds: Rounds, names: list[str]) -> None:
    """One kernel's line: native seconds, ratios to native and to qemu."""
    line = f"{kernel.title:25}"
    line += f"{statistics.median(rounds.seconds['native']):9.3f}"
    for name in names[1:]:
        line += f"{rounds.ratio(name, 'native'):9.2f}"
    if "qemu" in names and "rax" in names:
        line += f"{rounds.ratio('rax', 'qemu'):9.2f}"
    print(line, flush=True)


def print_means(results: dict[str, Rounds], names: list[str],
                kernels: Sequence[Kernel]) -> None:
    """The geometric mean of each group."""
    for group in GROUPS:
        members = [results[k.name] for k in kernels if k.group == group]
        if not members:
            continue

        def mean(name: str, base: str) -> float:
            # pylint: disable=cell-var-from-loop
            return statistics.geometric_mean(
                m.ratio(name, base) for m in members)

        line = f"{'geometric mean, ' + group:34}"
        for name in names[1:]:
            line += f"{mean(name, 'native'):9.2f}"
        if "qemu" in names and "rax" in names:
            line += f"{mean('rax', 'qemu'):9.2f}"
        print(line)


def boot_times(emulator: str, guest: Path, options: str
               ) -> tuple[float, float]:
    """CPU seconds to the shell prompt, and to the end after poweroff."""
    with Console(linux_command(emulator, guest, None, options)) as console:
        console.expect(re.escape(PROMPT), LIMIT)
        prompt = thread_seconds(console.child.pid)
        console.type("poweroff\r")
        if console.wait(LIMIT) != 0:
            raise BenchError(f"{emulator}: poweroff failed")
        return prompt, console.cpu()


def measure_boot(emulators: Sequence[str], guest: Path,
                 args: argparse.Namespace) -> None:
    """Paired boots of the plain guest."""
    seen: dict[str, list[tuple[float, float]]] = {e: [] for e in emulators}
    for _ in range(args.rounds):
        for emulator in emulators:
            options = args.rax_options if emulator == "rax" else ""
            seen[emulator].append(boot_times(emulator, guest, options))
    for place, label in enumerate(("boot to prompt", "boot to power-off")):
        line = f"{label:25}{'':9}"
        for emulator in emulators:
            middle = statistics.median(t[place] for t in seen[emulator])
            line += f"{middle:8.2f}s"
        if len(emulators) == 2:
            ratio = statistics.median(
                a[place] / b[place]
                for a, b in zip(seen["rax"], seen["qemu"]))
            line += f"{ratio:9.2f}"
        print(line)


HEAT = 50  # entries that make a block hot: then a boot compiles a lot


def compile_rates(guest: Path, options: str) -> tuple[float, float] | None:
    """Guest instructions compiled a second in a boot: of blocks, and with
    those that traces compile once more. None: nothing was compiled."""
    argv = linux_command("rax", guest, None,
                         f"{options} --stats --jit-heat {HEAT}")
    with Console(argv) as console:
        console.expect(re.escape(PROMPT), LIMIT)
        console.type("poweroff\r")
        if console.wait(LIMIT) != 0:
            raise BenchError("rax: poweroff failed")
        stats = {name: int(value) for value, name in
                 re.findall(r"^ *(\d+) (.*)$", console.errors, re.M)}
    spent = stats.get("microseconds of compiling", 0) * 1e-6
    if not spent:
        return None
    blocks = sum(value for name, value in stats.items()
                 if name.startswith("instructions compiled to"))
    traces = stats["instructions compiled once more in traces"]
    return blocks / spent, (blocks + traces) / spent


def measure_compiling(guest: Path, args: argparse.Namespace) -> None:
    """How fast rax's JIT compiles."""
    seen = [rates for _ in range(args.rounds)
            if (rates := compile_rates(guest, args.rax_options))]
    for place, label in enumerate(("compiled in blocks", "with traces")):
        if seen:
            middle = statistics.median(rates[place] for rates in seen)
            print(f"{label:25}{middle * 1e-6:9.2f} million instructions/s")


def version(argv: list[str]) -> str:
    """The first line that a program prints, or that it is not there."""
    try:
        done = subprocess.run(argv, text=True, capture_output=True,
                              check=False, stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        return ""
    return (done.stdout.splitlines() or [""])[0]


def compare(args: argparse.Namespace, work: Path) -> None:
    """Build, boot, measure, print."""
    emulators = [e for e in args.emulators.split(",") if e]
    if "qemu" in emulators and not version([QEMU, "--version"]):
        print(f"{QEMU} is not installed (qemu-system-misc): left out")
        emulators.remove("qemu")
    kernels = [k for k in KERNELS
               if not args.kernels or k.name in args.kernels.split(",")]
    guest = find_guest()
    build(["gcc"], work / "host")
    build([CROSS, "-static"], work / "guest")
    initrd = work / "bench.cpio"
    initramfs.write_file(initrd, initramfs.build(
        guest, TOP / "bench" / "guest-main", [(work / "guest", "bench")]))
    print(f"host: {version(['gcc', '--version'])}; guest:"
          f" {version([CROSS, '--version'])}; {' '.join(CFLAGS)}")
    if "qemu" in emulators:
        print(version([QEMU, "--version"]))
    runners: list[Host | Guest] = [Host(work / "host")]
    try:
        for emulator in emulators:
            options = args.rax_options if emulator == "rax" else ""
            runners.append(Guest(
                emulator, linux_command(emulator, guest, initrd, options)))
        for runner in runners[1:]:
            assert isinstance(runner, Guest)
            print(f"{runner.name}: Linux {runner.release}:"
                  f" {' '.join(runner.console.argv)}")
        names = [r.name for r in runners]
        heads = "".join(f"{n:>9}" for n in names[1:])
        if len(emulators) == 2:
            heads += " rax/qemu"
        print(f"\n{'':25}{'native s':>9}{heads}")
        results = measure(runners, kernels, args)
        print_means(results, names, kernels)
    finally:
        for runner in runners[1:]:
            assert isinstance(runner, Guest)
            with runner.console:
                if sys.exc_info()[0] is None:
                    runner.close()
    if not args.no_boot:
        measure_boot(emulators, guest, args)
        if "rax" in emulators:
            measure_compiling(guest, args)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true",
                        help="one round at a tenth of the work")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--scale", type=float, default=1.0, metavar="F",
                        help="multiply all work counts")
    parser.add_argument("--kernels", metavar="A,B,...",
                        help=", ".join(k.name for k in KERNELS))
    parser.add_argument("--emulators", default="rax,qemu", metavar="A,B",
                        help="rax ($RAX or ./rax), qemu")
    parser.add_argument("--rax-options", default="", metavar="TEXT",
                        help="more options for rax, e.g. '--engine smir'")
    parser.add_argument("--no-boot", action="store_true",
                        help="leave the boot times out")
    args = parser.parse_args()
    if args.quick:
        args.rounds, args.scale = 1, args.scale / 10
    unknown = (set((args.kernels or "").split(",")) - {""}
               - {k.name for k in KERNELS})
    unknown |= set(args.emulators.split(",")) - {"", "rax", "qemu"}
    if unknown or args.rounds < 1 or args.scale <= 0:
        parser.error("no such kernel or emulator: " + ", ".join(unknown)
                     if unknown else "--rounds and --scale are positive")
    try:
        with tempfile.TemporaryDirectory(prefix="rax-bench-") as work:
            compare(args, Path(work))
    except (BenchError, ConsoleError, NoGuest,
            initramfs.InitramfsError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
