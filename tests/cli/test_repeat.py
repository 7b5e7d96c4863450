# SPDX-License-Identifier: MIT
"""Runs that repeat bit for bit, and two engines side by side."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
# pylint: disable=wrong-import-position
from guest import (FAIL, LIMIT, UART, GuestTest, assemble, elf, finish, image,
                   load, rax, rax_program)

ENGINES = ("threaded", "step", "smir")


def hex_word(reg: str, tag: str) -> list[str]:
    """Instructions that print a register as 16 digits."""
    return ["addi t5, zero, 60", f"digit{tag}:", f"srl t4, {reg}, t5",
            "andi t4, t4, 15", "addi t3, zero, 10",
            f"blt t4, t3, @number{tag}", "addi t4, t4, 39",
            f"number{tag}:", "addi t4, t4, 48", "sb t4, 0(s0)",
            "addi t5, t5, -4", f"bge t5, zero, @digit{tag}",
            "addi t4, zero, 10", "sb t4, 0(s0)"]


# Every hart: counts under timer interrupts, takes turns with an atomic, looks
# at time, cycles and the RTC; hart 0 prints sums, echoes input, ends.
BUSY = [
    *load("s0", UART), "la s1, data", "csrrs s2, mhartid, zero",
    "la t0, trap", "csrrw zero, mtvec, t0",
    *load("s3", 0x2004000), "slli t0, s2, 3", "add s3, s3, t0",
    *load("s4", 0x200bff8), "ld t0, 0(s4)", "addi t0, t0, 50",
    "sd t0, 0(s3)", "addi t0, zero, 128", "csrrs zero, mie, t0",
    "csrrsi zero, mstatus, 8",
    *load("s5", 6000), "addi s6, zero, 1",
    "loop:", "slli t0, s6, 13", "xor s6, s6, t0", "srli t0, s6, 7",
    "xor s6, s6, t0", "slli t0, s6, 17", "xor s6, s6, t0",
    "amoadd.d t1, s6, (s1)", "xor s6, s6, t1",
    "csrrs t1, time, zero", "add s6, s6, t1",
    "csrrs t1, cycle, zero", "add s6, s6, t1",
    "addi s5, s5, -1", "bne s5, zero, @loop",
    "addi t0, s1, 8", "addi t1, zero, 1", "amoadd.d zero, t1, (t0)",
    "bne s2, zero, @rest",
    "all:", "lbu t1, 16(s1)", "ld t0, 8(s1)", "bne t0, t1, @all",
    "csrrci zero, mstatus, 8", "ld s7, 0(s1)", *hex_word("s7", "a"),
    "ld s7, 24(s1)", *hex_word("s7", "b"),
    *load("t0", 0x101000), "lwu s7, 0(t0)", "lwu t1, 4(t0)",
    "slli t1, t1, 32", "or s7, s7, t1", *hex_word("s7", "c"),
    "echo:", "lbu t0, 5(s0)", "andi t0, t0, 1", "beq t0, zero, @echo",
    "lbu t0, 0(s0)", "sb t0, 0(s0)", "addi t1, zero, 46",
    "bne t0, t1, @echo", *finish(),
    "rest:", "wfi", "jal zero, @rest",
    "trap:", "csrrw t6, mscratch, t6", "la t6, data", "addi t6, t6, 24",
    "sd t5, 16(t6)", "addi t5, zero, 1", "amoadd.d zero, t5, (t6)",
    "ld t5, 0(s4)", "addi t5, t5, 77", "sd t5, 0(s3)", "ld t5, 16(t6)",
    "csrrw t6, mscratch, t6", "mret",
    "align:", ".word 0", "data:", ".zero 64",
]


def busy(harts: int) -> list[str]:
    """BUSY for this many harts."""
    source = list(BUSY)
    source[source.index("lbu t1, 16(s1)")] = f"addi t1, zero, {harts}"
    _, labels = assemble(source)
    if labels["data"] % 8:
        source.remove("align:")
        source[source.index(".word 0")] = "data:"
        source[source.index("data:", source.index("data:") + 1)] = ".zero 0"
    return source


class Repeat(GuestTest):
    """--clock icount."""

    def run_once(self, path: Path, *args: str) -> tuple[bytes, bytes]:
        """Console and state hash."""
        done = rax(path, "--clock", "icount", "--state-hash", *args,
                   data=b"some input.")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, rb"\Astate [0-9a-f]{16} after \d+ "
                         rb"instructions\n\Z")
        return done.stdout, done.stderr

    def test_engines(self) -> None:
        """The same console and state on every engine, for 1 and 3 harts."""
        for harts in (1, 3):
            path = self.file("in", "some input.")
            guest = self.program(busy(harts))
            seen = set()
            for engine in (*ENGINES, "threaded"):
                with open(path, "rb") as stdin:
                    done = self.with_input(stdin, guest, engine, harts)
                seen.add(done)
            self.assertEqual(len(seen), 1, f"{harts} harts: {seen}")
            console = seen.pop()[0]
            self.assertTrue(console.endswith(b"some input."), console)

    def with_input(self, stdin: object, guest: Path, engine: str,
                   harts: int) -> tuple[bytes, bytes]:
        """One run whose input is a file: read when the guest asks."""
        done = subprocess.run(
            [rax_program(), str(guest), "--clock", "icount", "--state-hash",
             "--engine", engine, "--smp", str(harts)], stdin=stdin,
            capture_output=True, timeout=LIMIT, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout, done.stderr

    def test_configured(self) -> None:
        """Epoch, seed and shift come from the options, and matter."""
        source = [
            *load("s0", UART), *load("t0", 0x101000), "lwu s7, 0(t0)",
            "lwu t1, 4(t0)", "slli t1, t1, 32", "or s7, s7, t1",
            *hex_word("s7", "a"),
            # the device tree, rng-seed and all
            "addi s7, zero, 0", "lbu t1, 7(a1)", "lbu t2, 6(a1)",
            "slli t2, t2, 8", "or t1, t1, t2", "add t1, t1, a1",
            "sum:", "lbu t2, 0(a1)", "slli t3, s7, 5", "add s7, s7, t3",
            "add s7, s7, t2", "addi a1, a1, 1", "bltu a1, t1, @sum",
            *hex_word("s7", "b"), *finish()]
        path = self.program(source)
        runs = {args: self.run_once(path, *args) for args in (
            (), ("--seed", "1"), ("--rtc-epoch", "1000000000"),
            ("--icount-shift", "3"))}
        for args, result in runs.items():
            self.assertEqual(self.run_once(path, *args), result)
        self.assertEqual(len(set(runs.values())), 4, str(runs))
        lines = {args: out.decode().split() for args, (out, _)
                 in runs.items()}
        self.assertEqual(int(lines["--rtc-epoch", "1000000000"][0], 16)
                         // 10**9, 1000000000)
        self.assertEqual(int(lines[()][0], 16) // 10**9, 1577836800)
        self.assertEqual(lines["--seed", "1"][0], lines[()][0])
        self.assertNotEqual(lines["--seed", "1"][1], lines[()][1])

    def test_host_clock(self) -> None:
        """With the host's clock the RTC tells the host's time."""
        path = self.program([
            *load("s0", UART), *load("t0", 0x101000), "lwu s7, 0(t0)",
            "lwu t1, 4(t0)", "slli t1, t1, 32", "or s7, s7, t1",
            *hex_word("s7", "a"), *finish()])
        before = time.time()
        done = rax(path)
        told = int(done.stdout, 16) / 1e9
        self.assertLess(before - 2, told)
        self.assertLess(told, time.time() + 2)


class Verify(GuestTest):
    """--engine A --verify B."""

    def test_agree(self) -> None:
        """All pairs, one and three harts, with input."""
        for harts in (1, 3):
            guest = self.program(busy(harts))
            alone = set()
            for pair in (("threaded", "step"), ("smir", "threaded"),
                         ("step", "smir"), ("step", "step")):
                done = rax(guest, "--engine", pair[0], "--verify", pair[1],
                           "--smp", str(harts), data=b"in.")
                self.assertEqual((done.returncode, done.stderr), (0, b""),
                                 str(pair))
                alone.add(done.stdout.split(b"\n")[0])
            self.assertEqual(len(alone), 1, str(alone))

    def test_ends(self) -> None:
        """Exit codes, resets and limits are as without."""
        for source, args, want in (
            (finish(9 << 16 | FAIL), [], 9),
            (finish(0x7777), ["--max-insns", "3000"], 124),
            (["wfi", "jal zero, -4"], [], 4),
        ):
            done = rax(self.program(source), "--verify", "step", *args)
            self.assertEqual(done.returncode, want, done.stderr)

    def test_sbi(self) -> None:
        """S-mode under the built-in SBI."""
        path = self.file("Image", image([
            *load("a7", 0x4442434e), "addi a6, zero, 2", "addi a0, zero, 65",
            "ecall", *load("a7", 8), "ecall"]))
        done = rax(path, "--verify", "step")
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (0, b"A", b""))

    def test_differs(self) -> None:
        """A difference: exit code 3 and one line that says where.

        The kernel is a pipe, from which each machine reads another program.
        """
        pipe, other = self.tmp / "pipe.elf", self.tmp / "other"
        os.mkfifo(pipe)
        os.mkfifo(other)
        code = [["addi t0, zero, 1", f"addi t1, zero, {value}", "wfi",
                 *finish()] for value in (5, 6)]
        programs = [elf(assemble(source)[0]) for source in code]

        def feed() -> None:
            with open(pipe, "wb") as file:
                file.write(programs[0])
                file.flush()
                os.rename(other, pipe)  # the second machine opens this one
            with open(pipe, "wb") as file:
                file.write(programs[1])

        for pair in (("threaded", "step"), ("step", "smir")):
            feeder = threading.Thread(target=feed)
            feeder.start()
            done = rax(pipe, "--engine", pair[0], "--verify", pair[1])
            feeder.join()
            self.assertEqual((done.returncode, done.stdout), (3, b""),
                             done.stderr)
            self.assertRegex(
                done.stderr.decode(), r"\Arax: engines disagree: cpu 0, .*"
                rf"addi t1, zero, [56] at 0x80000004: t1 is 0x5 on {pair[0]}"
                rf", 0x6 on {pair[1]}\n\Z")
            os.mkfifo(other)

    def test_disk_kept(self) -> None:
        """Disks are not written, and may be read-only."""
        disk = self.file("disk", bytes(4096))
        disk.chmod(0o444)
        done = rax(self.program(finish()), "--verify", "step", "--disk", disk)
        self.assertEqual((done.returncode, done.stderr), (0, b""))


if __name__ == "__main__":
    unittest.main()
