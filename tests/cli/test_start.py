# SPDX-License-Identifier: MIT
"""How guests start and end: plain ELF, tohost, resets, the built-in SBI."""

from __future__ import annotations

import struct
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
# pylint: disable=wrong-import-position
from guest import (BASE, FAIL, RESET, UART, GuestTest, assemble, elf, finish,
                   image, load, put, rax)

ENGINES = ("step", "threaded", "smir")

# Hart h waits for its turn, writes its number and what it was started with.
ALL_HARTS = [
    "la s0, turn", *load("s1", UART),
    "wait:", "lw t0, 0(s0)", "bne t0, a0, @wait",
    "csrrs t1, mhartid, zero", "addi t1, t1, 48", "sb t1, 0(s1)",
    "lbu t1, 0(a1)", "addi t2, zero, 208", "bne t1, t2, @bad",  # FDT magic
    "addi t0, t0, 1", "sw t0, 0(s0)",
    "addi t1, zero, 4", "bne t0, t1, @stay", *finish(),
    "bad:", *finish(7 << 16 | FAIL),
    "stay:", "jal zero, @stay",
    "turn:", ".word 0", ".word 0",
]


def host(*stores: str) -> list[str]:
    """Runs stores with the address of tohost in t0, then waits."""
    return ["la t0, tohost", *stores, "jal zero, 0", ".word 0x13",
            "tohost:", ".zero 8", "fromhost:", ".zero 8"]


class Programs(GuestTest):
    """Plain ELF programs."""

    def runs(self, path: Path, *args: str) -> tuple[int, bytes]:
        """Exit code and console; nothing may go to standard error."""
        done = rax("--kernel", path, *args)
        self.assertEqual(done.stderr, b"")
        return done.returncode, done.stdout

    def test_harts(self) -> None:
        """All harts start at the entry in M-mode, with a0 and a1."""
        path = self.program(ALL_HARTS)
        for engine in ENGINES:
            self.assertEqual(self.runs(path, "--engine", engine, "--smp",
                                       "4"), (0, b"0123"), engine)

    def test_exit_codes(self) -> None:
        """SiFive's test device ends with the guest's code, never 0."""
        for value, want in ((0x5555, 0), (FAIL | 5 << 16, 5),
                            (FAIL, 1), (FAIL | 256 << 16, 1),
                            (FAIL | 0xffff << 16, 255)):
            path = self.program(finish(value))
            self.assertEqual(self.runs(path), (want, b""), hex(value))

    def test_reset(self) -> None:
        """A reset starts again, with memory as loaded; time goes on."""
        source = [*put("a"), "la s0, data", "lw s1, 0(s0)",
                  "addi t0, zero, 7", "bne s1, t0, @bad", "sw zero, 0(s0)",
                  # the RTC goes on: the second time it is past one second
                  *load("s2", 0x101000), "lwu s3, 0(s2)", "lwu s4, 4(s2)",
                  "slli s4, s4, 32", "or s3, s3, s4",
                  *load("t0", 1577836800 * 10**9 + 2000),
                  "bltu s3, t0, @again", *finish(),
                  "again:", *finish(RESET), "bad:", *finish(FAIL),
                  "data:", ".word 7"]
        code, text = self.runs(self.program(source), "--clock", "icount")
        self.assertEqual(code, 0)
        self.assertRegex(text, b"^aa+$")

    def test_limit(self) -> None:
        """--max-insns counts over resets."""
        path = self.program(finish(RESET))
        done = rax(path, "--max-insns", "5000", "--state-hash")
        self.assertEqual(done.returncode, 124)
        self.assertRegex(done.stderr, rb"max-insns.*\nstate [0-9a-f]{16} "
                         rb"after 5000 instructions\n\Z")

    def test_deadlock(self) -> None:
        """wfi for ever, without input under icount."""
        path = self.program(["wfi", "jal zero, -4"])
        done = rax(path, "--clock", "icount")
        self.assertEqual((done.returncode, done.stdout), (4, b""))
        self.assertIn(b"nothing can wake", done.stderr)

    def test_addresses(self) -> None:
        """Virtual addresses become physical ones; programs that move."""
        code, labels = assemble(host("addi t1, zero, 7", "sd t1, 0(t0)"))
        high = 0xffffffff80000000 - BASE
        path = self.file("v.elf", elf(
            code, {"tohost": labels["tohost"] + high}, base=BASE + high,
            physical=BASE))
        self.assertEqual(self.runs(path), (3, b""))
        code, _ = assemble(put("moved") + finish(), 0)
        path = self.file("p.elf", elf(code, base=0, kind=3))
        self.assertEqual(self.runs(path), (0, b"moved"))

    def test_console_echo(self) -> None:
        """Characters typed reach the UART; the end of input ends nothing."""
        path = self.program([
            *load("s0", UART), *put(">"),
            "next:", "lbu t0, 5(s0)", "andi t0, t0, 1",
            "beq t0, zero, @next", "lbu t1, 0(s0)", "sb t1, 0(s0)",
            "addi t2, zero, 46", "bne t1, t2, @next",
            # much later than the end of the input
            *load("t3", 3000000), "later:", "addi t3, t3, -1",
            "bne t3, zero, @later", *put("!"), *finish()])
        for engine in ENGINES:
            done = rax(path, "--engine", engine, data=b"hello.")
            self.assertEqual((done.returncode, done.stdout, done.stderr),
                             (0, b">hello.!", b""), engine)


class Tohost(GuestTest):
    """The interface of the RISC-V test programs."""

    def ends(self, *stores: str, data: bytes = b"") -> tuple[int, bytes]:
        """Exit code and console of a program that does stores."""
        path = self.program(host(*stores), symbols=("tohost", "fromhost"))
        seen = set()
        for engine in ENGINES:
            done = rax(path, "--engine", engine, data=data)
            self.assertEqual(done.stderr, b"")
            seen.add((done.returncode, done.stdout))
        self.assertEqual(len(seen), 1, str(seen))
        return seen.pop()

    def test_exit(self) -> None:
        """1 ends with 0, another odd value v with v >> 1."""
        for value, want in ((1, 0), (3, 1), (1337 << 1 | 1, 1337 & 255),
                            (256 << 1 | 1, 255), (255 << 1 | 1, 255)):
            self.assertEqual(self.ends(*load("t1", value), "sd t1, 0(t0)"),
                             (want, b""), str(value))

    def test_halves(self) -> None:
        """32-bit stores, in both orders, or the low half alone."""
        one = "addi t1, zero, 11"
        self.assertEqual(self.ends(one, "sw t1, 0(t0)", "sw zero, 4(t0)"),
                         (5, b""))
        self.assertEqual(self.ends(one, "sw zero, 4(t0)", "sw t1, 0(t0)"),
                         (5, b""))
        self.assertEqual(self.ends(one, "sw t1, 0(t0)"), (5, b""))
        # device 1, command 1: the high half first
        self.assertEqual(self.ends(
            *load("t1", 0x01010000), "sw t1, 4(t0)", "addi t1, zero, 72",
            "sw t1, 0(t0)", "wait:", "ld t2, 8(t0)", "beq t2, zero, @wait",
            "addi t1, zero, 1", "sd t1, 0(t0)"), (0, b"H"))

    def test_console(self) -> None:
        """Characters out and in."""
        out = []
        for char in "hi":
            out += [*load("t1", 0x0101 << 48 | ord(char)), "sd zero, 8(t0)",
                    "sd t1, 0(t0)", f"w{char}:", "ld t2, 8(t0)",
                    f"beq t2, zero, @w{char}"]
        self.assertEqual(self.ends(*out, "addi t1, zero, 1", "sd t1, 0(t0)"),
                         (0, b"hi"))
        self.assertEqual(self.ends(
            *load("t1", 0x0100 << 48), "sd t1, 0(t0)",
            "wait:", "ld t2, 8(t0)", "beq t2, zero, @wait",
            "andi t2, t2, 0xff".replace("0xff", "255"), "slli t2, t2, 1",
            "ori t2, t2, 1", "sd t2, 0(t0)", data=b"A"), (ord("A"), b""))

    def test_write(self) -> None:
        """The system call write; others are answered, too."""
        def call(number: int, fd: int, size: int) -> list[str]:
            return ["la t3, block", *load("t1", number), "sd t1, 0(t3)",
                    f"addi t1, zero, {fd}", "sd t1, 8(t3)", "la t4, text",
                    "sd t4, 16(t3)", *load("t1", size), "sd t1, 24(t3)",
                    "sd zero, 8(t0)", "sd t3, 0(t0)",
                    f"w{number}{fd}:", "ld t2, 8(t0)",
                    f"beq t2, zero, @w{number}{fd}", "ld t5, 0(t3)"]
        source = ["la t0, tohost", *call(64, 1, 4), "add s0, t5, zero",
                  *call(64, 7, 4), "add s0, s0, t5", *call(99, 1, 0),
                  "add s0, s0, t5",
                  # 4 - 38 - 38 = -72
                  "addi s0, s0, 80", "slli s0, s0, 1", "ori s0, s0, 1",
                  "sd s0, 0(t0)", "jal zero, 0", "text:", ".word 0x6d6d7548",
                  ".word 0", "tohost:", ".zero 8", "fromhost:", ".zero 8",
                  "block:", ".zero 64"]
        if len(assemble(source)[0]) % 8:
            source.insert(0, "addi zero, zero, 0")
        path = self.program(source, symbols=("tohost", "fromhost"))
        done = rax(path)
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (8, b"Humm", b""))

    def test_elsewhere(self) -> None:
        """A tohost that is no RAM is refused."""
        code, _ = assemble(finish())
        path = self.file("bad.elf", elf(code, {"tohost": 0x1000}))
        self.refused(1, "bad.elf: its symbol tohost", path)


class Sbi(GuestTest):
    """The built-in SBI, seen from S-mode: each call's error and value."""

    def calls(self, *calls: tuple[int, ...], smp: str = "1",
              more: tuple[str, ...] = ()) -> list[tuple[int, int]]:
        """(error, value) of each (extension, function, a0, a1, ...)."""
        source = ["la s0, results"]
        for ext, fid, *args in calls:
            for number in range(5):
                value = args[number] if number < len(args) else 0
                source += load(f"a{number}", value)
            source += [*load("a7", ext), *load("a6", fid), "ecall",
                       "sd a0, 0(s0)", "sd a1, 8(s0)", "addi s0, s0, 16"]
        size = 16 * len(calls)
        source += [*load("a7", 0x4442434e), "addi a6, zero, 0",
                   *load("a0", size), "la a1, results", "addi a2, zero, 0",
                   "ecall", *load("a7", 0x53525354), "addi a6, zero, 0",
                   "addi a0, zero, 0", "addi a1, zero, 0", "ecall", *more,
                   "results:", f".zero {size}"]
        done = rax("--smp", smp, self.file("Image", image(source)))
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual(len(done.stdout), size)
        flat = struct.unpack(f"<{2 * len(calls)}q", done.stdout)
        return list(zip(flat[::2], flat[1::2]))

    def test_base(self) -> None:
        """Version 2.0 and what is there."""
        probes = {0x10: 1, 0x54494d45: 1, 0x735049: 1, 0x52464e43: 1,
                  0x48534d: 1, 0x53525354: 1, 0x4442434e: 1, 0x504d55: 0,
                  0: 1, 8: 1, 9: 0}
        got = self.calls((0x10, 0), *((0x10, 3, e) for e in probes),
                         (0x10, 4), (0x10, 7), (0x12345, 0))
        self.assertEqual(got[0], (0, 2 << 24))
        self.assertEqual([value for _, value in got[1:-3]],
                         list(probes.values()))
        self.assertEqual(got[-3:], [(0, 0), (-2, 0), (-2, 0)])

    def test_masks(self) -> None:
        """IPI and remote fences: masks, ranges and functions."""
        ipi, fence = (0x735049, 0), 0x52464e43
        everyone = (1 << 64) - 1
        got = self.calls(
            (*ipi, 1, 0), (*ipi, 3, 0), (*ipi, 5, 0), (*ipi, 0, everyone),
            (*ipi, 1, 1), (*ipi, 1, 2), (*ipi, 0, 0), (*ipi, 1, 1 << 63),
            (0x735049, 1, 1, 0),
            (fence, 0, 3, 0), (fence, 1, 3, 0, 0x1000, 0x3000),
            (fence, 2, 2, 0, 0, everyone, 5), (fence, 1, 4, 0, 0, 0),
            (fence, 1, 1, 0, 0x1000, everyone - 0x10), (fence, 3, 1, 0),
            (fence, 1, 1, 0, 0x1001, 1 << 40), (fence, 1, 1, 0, 5, 0),
            smp="2")
        self.assertEqual([error for error, _ in got],
                         [0, 0, -3, 0, 0, -3, 0, -3, -2,
                          0, 0, 0, -3, -5, -2, 0, 0])

    def test_harts(self) -> None:
        """Hart state management: what is refused."""
        hsm = 0x48534d
        got = self.calls(
            (hsm, 2, 0), (hsm, 2, 1), (hsm, 2, 2), (hsm, 0, 0, BASE),
            (hsm, 0, 1, 0x1000), (hsm, 0, 1, BASE + 1), (hsm, 0, 9, BASE),
            (hsm, 3, 1), (hsm, 3, 0x10000000), (hsm, 3, 0x80000001),
            (hsm, 3, 0x80000000, 0x1000), (hsm, 4), smp="2")
        self.assertEqual(got, [
            (0, 0), (0, 1), (-3, 0), (-6, 0), (-5, 0), (-5, 0), (-3, 0),
            (-3, 0), (-2, 0), (-3, 0), (-5, 0), (-2, 0)])

    def test_hart_life(self) -> None:
        """Start, its registers, stop, status, start again; deterministic."""
        hsm = load("a7", 0x48534d)
        source = [
            "la s0, data", "addi s1, zero, 2",
            "again:", "sd zero, 0(s0)",
            *hsm, "addi a6, zero, 0", "addi a0, zero, 1", "la a1, other",
            "addi a2, zero, 66", "ecall", "bne a0, zero, @bad",
            "wait:", "ld t0, 0(s0)", "beq t0, zero, @wait",
            "addi t1, zero, 67", "bne t0, t1, @bad",
            "gone:", *hsm, "addi a6, zero, 2", "addi a0, zero, 1", "ecall",
            "bne a0, zero, @bad", "addi t0, zero, 1", "bne a1, t0, @gone",
            "addi s1, s1, -1", "bne s1, zero, @again", *finish(),
            "bad:", *finish(FAIL),
            "other:", "csrrs t0, satp, zero", "bne t0, zero, @bad",
            "csrrs t0, sstatus, zero", "andi t0, t0, 2", "bne t0, zero, @bad",
            "add t0, a0, a1", "la s0, data", "sd t0, 0(s0)",
            *hsm, "addi a6, zero, 1", "ecall", "jal zero, @bad",
            "addi zero, zero, 0", "data:", ".zero 16"]
        path = self.file("Image", image(source))
        for clock in ("host", "icount"):
            done = rax("--smp", "2", "--clock", clock, path)
            self.assertEqual((done.returncode, done.stdout, done.stderr),
                             (0, b"", b""), clock)

    def test_suspend(self) -> None:
        """Both kinds of suspension, ended by the timer."""
        timer = [*load("a7", 0x54494d45), "addi a6, zero, 0",
                 "csrrs a0, time, zero", "addi a0, a0, 1000", "ecall"]
        hsm = [*load("a7", 0x48534d), "addi a6, zero, 3"]
        source = [
            "addi t0, zero, 32", "csrrs zero, sie, t0", *timer, *hsm,
            "addi a0, zero, 0", "ecall", "bne a0, zero, @bad", *put("r"),
            *timer, *hsm, *load("a0", 0x80000000), "la a1, resume",
            "addi a2, zero, 99", "ecall", "bad:", *finish(FAIL),
            "resume:", "addi t0, zero, 99", "bne a1, t0, @bad",
            "bne a0, zero, @bad", *put("n"), *finish()]
        done = rax(self.file("Image", image(source)), "--clock", "icount")
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (0, b"rn", b""))

    def test_reset(self) -> None:
        """Reserved kinds of reset; failure ends with 1; legacy shutdown."""
        srst = 0x53525354
        self.assertEqual([e for e, _ in self.calls(
            (srst, 0, 3, 0), (srst, 0, 0, 2), (srst, 0, 0xf0000000, 0),
            (srst, 0, 0, 0xe0000000), (srst, 0, 3, 0xe0000000), (srst, 1))],
            [-3, -3, -2, -2, -3, -2])
        fail = [*load("a7", srst), "addi a6, zero, 0", "addi a0, zero, 0",
                "addi a1, zero, 1", "ecall"]
        done = rax(self.file("Image", image(fail)))
        self.assertEqual((done.returncode, done.stderr), (1, b""))
        old = [*load("a7", 1), "addi a0, zero, 88", "ecall",
               *load("a7", 8), "ecall"]
        done = rax(self.file("Image", image(old)))
        self.assertEqual((done.returncode, done.stdout), (0, b"X"))

    def test_console(self) -> None:
        """Buffers that are no RAM; reading; a byte."""
        dbcn = 0x4442434e
        got = self.calls(
            (dbcn, 0, 4, 0x1000), (dbcn, 0, 4, BASE, 1),
            (dbcn, 0, 1 << 62, BASE), (dbcn, 0, 0, 0), (dbcn, 3),
            (dbcn, 1, 16, BASE + 0x300000))
        self.assertEqual([e for e, _ in got], [-3, -3, -3, 0, -2, 0])
        self.assertEqual(got[-1][1], 0)

    def test_firmware_missing(self) -> None:
        """A kernel that lies where the firmware is."""
        code, _ = assemble(finish())
        path = self.file("k.elf", elf(code))
        self.refused(1, "over the kernel", "--firmware",
                     self.program(finish()), path)


if __name__ == "__main__":
    unittest.main()
