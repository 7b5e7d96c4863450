# SPDX-License-Identifier: MIT
"""Guests that mean harm: random values for every device and every queue."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
# pylint: disable=wrong-import-position
from guest import (BASE, LIMIT, GuestTest, image, load, put, rax,
                   rax_program)

# Instructions of one run; RAX_FUZZ=N: N times as many.
WORK = 10_000_000 * int(os.environ.get("RAX_FUZZ", "1"))

# base and mask of offsets of everything that is mapped
REGIONS = ((0x101000, 0xfff), (0x2000000, 0xffff), (0xc000000, 0x3fffff),
           (0xc000000, 0xfff), (0xc200000, 0x3fff), (0x10000000, 0xff),
           *((0x10001000 + 0x1000 * n, 0xfff) for n in range(8)),
           *((0x10001000 + 0x1000 * n, 0x1ff) for n in range(8)))

# s1: a random number, from the old one
RANDOM = ["slli t0, s1, 13", "xor s1, s1, t0", "srli t0, s1, 7",
          "xor s1, s1, t0", "slli t0, s1, 17", "xor s1, s1, t0"]


def scribbler(seed: int) -> list[str]:
    """Loads and stores of all sizes at random device registers.

    Faults and interrupts lead back to the loop.  A quarter of the values
    are addresses in RAM, so that queues get somewhere.
    """
    source = [*load("s1", seed), "la t0, again", "csrrw zero, mtvec, t0",
              "addi t0, zero, -1", "csrrw zero, mie, t0", "la s2, table",
              "again:", *RANDOM,
              # where: an entry of the table
              "srli t1, s1, 40", *load("t2", len(REGIONS)),
              "remu t1, t1, t2", "slli t1, t1, 3", "add t1, t1, s2",
              "lwu t2, 0(t1)", "lwu t3, 4(t1)", "srli t4, s1, 9",
              "and t4, t4, t3", "add t2, t2, t4",
              # what
              *RANDOM, "add a0, s1, zero", "srli t1, s1, 60",
              "addi t3, zero, 4", "bgeu t1, t3, @small",
              "slli a0, a0, 44", "srli a0, a0, 44",
              *load("t3", BASE + 0x100000), "add a0, a0, t3",
              "jal zero, @go",
              "small:", "addi t3, zero, 10", "bgeu t1, t3, @go",
              "andi a0, a0, 15",
              "go:", *RANDOM, "andi t1, s1, 7",
              "addi t3, zero, 0", "beq t1, t3, @b", "addi t3, zero, 1",
              "beq t1, t3, @h", "addi t3, zero, 2", "beq t1, t3, @d",
              "addi t3, zero, 3", "beq t1, t3, @l",
              "andi t2, t2, -4", "sw a0, 0(t2)", "jal zero, @again",
              "b:", "sb a0, 0(t2)", "lbu a1, 0(t2)", "jal zero, @again",
              "h:", "sh a0, 0(t2)", "lhu a1, 0(t2)", "jal zero, @again",
              "d:", "sd a0, 0(t2)", "ld a1, 0(t2)", "jal zero, @again",
              "l:", "andi t2, t2, -4", "lw a1, 0(t2)",
              "amoswap.w zero, a0, (t2)", "jal zero, @again",
              "table:"]
    for base, mask in REGIONS:
        source += [f".word {base}", f".word {mask}"]
    return source


def queues(seed: int, slot: int) -> list[str]:
    """One virtio device set up well, with random descriptors and rings."""
    reg = 0x10001000 + 0x1000 * slot
    ring = BASE + 0x200000
    setup = []
    for offset, value in (
        (0x70, 0), (0x70, 1), (0x70, 3), (0x24, 1), (0x20, 1), (0x24, 0),
        (0x20, 0), (0x70, 11), (0x30, 0), (0x38, 16),
        (0x80, ring), (0x84, 0), (0x90, ring + 0x1000), (0x94, 0),
        (0xa0, ring + 0x2000), (0xa4, 0), (0x44, 1), (0x30, 1), (0x38, 16),
        (0x80, ring), (0x84, 0), (0x90, ring + 0x1000), (0x94, 0),
        (0xa0, ring + 0x2000), (0xa4, 0), (0x44, 1), (0x70, 15),
    ):
        setup += [*load("t1", value), f"sw t1, {offset}(s3)"]
    return [
        *load("s1", seed), *load("s3", reg), *load("s4", ring),
        "la t0, restart", "csrrw zero, mtvec, t0",
        "restart:", *setup, "addi s5, zero, 40",
        "again:", "addi s5, s5, -1", "beq s5, zero, @restart",
        # 16 descriptors: address near the rings, length, flags, next
        "addi s6, zero, 0",
        "desc:", *RANDOM, "slli t1, s6, 4", "add t1, t1, s4",
        "srli t2, s1, 50", "add t2, t2, s4", "sd t2, 0(t1)",
        "srli t2, s1, 20", *load("t3", 0x3fff), "and t2, t2, t3",
        "sw t2, 8(t1)", "andi t2, s1, 7", "sh t2, 12(t1)",
        "srli t2, s1, 12", "andi t2, t2, 31", "sh t2, 14(t1)",
        "addi s6, s6, 1", "addi t2, zero, 16", "bne s6, t2, @desc",
        # sometimes an address or a length from outer space
        *RANDOM, "andi t1, s1, 255", "add t1, t1, s4", "sd s1, 0(t1)",
        # the driver's ring: random entries, its index a little further
        *RANDOM, *load("t1", 0x1000), "add t1, t1, s4", "sd s1, 4(t1)",
        "lhu t2, 2(t1)", "andi t3, s1, 7", "add t2, t2, t3",
        "sh t2, 2(t1)", "srli t2, s1, 8", "andi t2, t2, 1",
        # what a block device's request is
        "srli t3, s1, 50", "add t3, t3, s4", "andi t3, t3, -8",
        "andi t4, s1, 15", "sw t4, 0(t3)", "srli t4, s1, 58",
        "sd t4, 8(t3)",
        "sw t2, 80(s3)", "lw t4, 96(s3)", "sw t4, 100(s3)",
        "jal zero, @again",
    ]


class Hostile(GuestTest):
    """rax neither crashes nor hangs."""

    def survives(self, path: Path, *args: str | Path) -> None:
        """It runs to the limit, or the guest ends or resets itself."""
        done = rax(path, "--max-insns", str(WORK), *args, data=b"abc\n" * 99,
                   limit=10 * LIMIT)
        self.assertIn(done.returncode, (0, 1, 124, *range(2, 256)))
        self.assertNotIn(done.returncode, (70,), done.stderr)
        self.assertGreaterEqual(done.returncode, 0, done.stderr)
        self.assertNotIn(b"Sanitizer", done.stderr)
        self.assertLessEqual(done.stderr.count(b"\n"), 1, done.stderr)

    def test_registers(self) -> None:
        """Random accesses to all devices."""
        disk = self.file("disk", bytes(100 * 512))
        for seed in range(1, 5):
            path = self.program(scribbler(seed * 0x9e3779b97f4a7c15))
            self.survives(path, "--disk", disk, "--smp", str(seed))
            self.survives(path, "--disk", disk, "--engine", "step",
                          "--clock", "icount")

    def test_queues(self) -> None:
        """Random requests to disk, console and generator."""
        disk = self.file("disk", bytes(100 * 512))
        for slot in (5, 6, 7):
            for seed in range(1, 4):
                path = self.program(queues(seed * 0x2545f4914f6cdd1d, slot))
                self.survives(path, "--disk", disk)
        self.assertEqual(disk.stat().st_size, 100 * 512)

    def test_calls(self) -> None:
        """Random calls of the built-in SBI from S-mode."""
        extensions = (0x10, 0x54494d45, 0x735049, 0x52464e43, 0x48534d,
                      0x4442434e, 0, 1, 2, 3, 4, 5, 6, 7)
        source = [*load("s1", 0x1234567),
                  "la t0, again", "csrrw zero, stvec, t0", "la s2, table",
                  "again:", *RANDOM, *load("t2", len(extensions)),
                  "srli t1, s1, 30", "remu t1, t1, t2", "slli t1, t1, 2",
                  "add t1, t1, s2", "lwu a7, 0(t1)", "andi a6, s1, 3",
                  # never the call that stops this hart
                  *load("t1", 0x48534d), "bne a7, t1, @fine", "ori a6, a6, 2",
                  "fine:"]
        for number in range(5):
            source += [*RANDOM, f"andi t1, s1, {1 << number}",
                       f"add a{number}, s1, zero",
                       f"beq t1, zero, @big{number}",
                       f"andi a{number}, s1, 15",
                       f"big{number}:"]
        source += ["ecall", "jal zero, @again", "table:",
                   *[f".word {e}" for e in extensions]]
        path = self.file("Image", image(source))
        for harts in ("1", "4"):
            self.survives(path, "--smp", harts)

    def test_stays_responsive(self) -> None:
        """SIGTERM ends it soon, whatever the guest does."""
        for source in (
            # interrupts that are never acknowledged, trap upon trap
            [*put(">"), "la t0, loop", "csrrw zero, mtvec, t0", "loop:",
             ".word 0"],
            # timers in the past for ever
            [*put(">"), *load("t0", 0x2004000), "sd zero, 0(t0)",
             "jal zero, -4"],
            # self-modifying code
            [*put(">"), "la t0, here", "lw t1, 0(t0)", "here:",
             "addi t2, t2, 1", "sw t1, 0(t0)", "jal zero, -8"],
            # resets at once, for ever
            [*put(">"), *load("t0", 0x100000), *load("t1", 0x7777),
             "sw t1, 0(t0)", "jal zero, 0"],
            # a loop of descriptors, kicked for ever
            [*put(">"), *queues(77, 7)],
        ):
            path = self.program(source)
            with subprocess.Popen([rax_program(), str(path)],
                                  stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE) as child:
                self.assertEqual(child.stdout.read(1), b">")
                time.sleep(0.1)
                child.send_signal(signal.SIGTERM)
                try:
                    self.assertEqual(child.wait(LIMIT), 143)
                finally:
                    child.kill()
                    child.stdout.close()


if __name__ == "__main__":
    unittest.main()
