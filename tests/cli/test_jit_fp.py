# SPDX-License-Identifier: MIT
"""IEEE operations in compiled code: results and flags are those of the step engine."""

from __future__ import annotations

import re
import struct
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
# pylint: disable=wrong-import-position
from guest import GuestTest, finish, load, rax
from test_jit import has_jit

ROUNDS = 12		# of each program; the first ones are not compiled
DIRECTIONS = ("rne", "rtz", "rdn", "rup", "rmm")
INTEGERS = ("w", "wu", "l", "lu")


def doubles() -> list[int]:
    """Numbers beside each limit of an integer, odd ones, and what is none; even in number."""
    sure = [0.0, 0.3, 0.5, 1.5, 2.5, 3.0, 1e300, 5e-324, 2.2250738585072014e-308, 1e-310,
            1e39, 1e-39, 1e-46, 123456789.75]
    for power in (31, 32, 63, 64):
        edge = 2.0 ** power
        sure += [edge, edge * (1 - 2.0 ** -53), edge * (1 + 2.0 ** -52)]
        if power < 50:
            sure += [edge - 0.5, edge - 0.25, edge + 0.5, edge - 1]
    bits = [struct.unpack("<Q", struct.pack("<d", v))[0] for v in sure]
    bits += [0x7ff << 52, 0x7ff8 << 48, (0x7ff8 << 48) + 5, (0x7ff << 52) + 1]
    bits += [v | 1 << 63 for v in bits]
    # numbers of 32 bits in boxes, of the same kind
    small = [0, 1, 0x3effffff, 0x3f000000, 0x3fc00000, 0x7f7fffff, 0x800000, 0x7fffff, 0x7f800000,
             0x7fc00000, 0x7fc00003, 0x7f800001]
    for power in (31, 32, 63, 64):
        edge = (127 + power) << 23
        small += [edge, edge - 1, edge + 1]
    small += [v | 1 << 31 for v in small]
    bits += [v | 0xffffffff << 32 for v in small]
    bits += [5, 1 << 63, (1 << 63) + 1025, (1 << 64) - 1, (1 << 53) + 1, (1 << 31) - 1]
    return bits + [0] * (len(bits) % 2)


def collect(reg: str) -> list[str]:
    """The register and the flags, which are cleared, go into s3."""
    return ["fsflags a7, zero", f"xor s3, s3, {reg}", "slli a6, s3, 7", "srli s3, s3, 57",
            "or s3, s3, a6", "add s3, s3, a7", "slli a6, s3, 5", "add s3, s3, a6"]


def over_all(body: list[str], frm: int = 0) -> list[str]:
    """The body for each pair of neighbours, in fa0 = a0 and fa1 = a1, some rounds long."""
    words = doubles()
    source = [*load("t0", 0x6000), "csrrs zero, mstatus, t0", f"csrrwi zero, frm, {frm}",
              *load("s1", ROUNDS),
              "outer:", "la s0, table", *load("s2", len(words) - 1),
              "inner:", "fld fa0, 0(s0)", "fld fa1, 8(s0)", "ld a0, 0(s0)", "ld a1, 8(s0)",
              "addi s0, s0, 8", *body,
              "addi s2, s2, -1", "beq s2, zero, @next", "jal zero, @inner",
              "next:", "addi s1, s1, -1", "beq s1, zero, @end", "jal zero, @outer",
              "end:", *finish()]
    return source + [".zero 4096", "table:"] + [f".word {w >> k & 0xffffffff}"
                                                for w in words for k in (0, 32)]


def to_integers(direction: str) -> list[str]:
    """All of them, from both formats."""
    out: list[str] = []
    for fmt in ("s", "d"):
        for to in INTEGERS:
            out += [f"fcvt.{to}.{fmt} a2, fa0, {direction}", *collect("a2")]
    return out


def from_integers(direction: str) -> list[str]:
    """All of them, to both formats, and between these."""
    out: list[str] = []
    for fmt in ("s", "d"):
        for source in INTEGERS:
            exact = fmt == "d" and source[0] == "w"
            tail = "" if exact else f", {direction}"
            out += [f"fcvt.{fmt}.{source} fa2, a0{tail}", "fmv.x.d a2, fa2", *collect("a2")]
    return out + [f"fcvt.s.d fa2, fa0, {direction}", "fmv.x.d a2, fa2", *collect("a2"),
                  "fcvt.d.s fa2, fa0", "fmv.x.d a2, fa2", *collect("a2")]


def arithmetic(direction: str) -> list[str]:
    """What is rounded; one in another direction between."""
    out: list[str] = []
    for fmt in ("s", "d"):
        for op in ("fadd", "fsub", "fmul", "fdiv"):
            out += [f"{op}.{fmt} fa2, fa0, fa1, {direction}", "fmv.x.d a2, fa2", *collect("a2")]
        out += [f"fsqrt.{fmt} fa2, fa0, {direction}", f"fmul.{fmt} fa3, fa0, fa1, rne",
                "fmv.x.d a2, fa2", "fmv.x.d a3, fa3", "add a2, a2, a3", *collect("a2"),
                f"fmadd.{fmt} fa2, fa0, fa1, fa3, {direction}", "ld a4, 0(s0)",
                "fmv.x.d a2, fa2", "xor a2, a2, a4", *collect("a2")]
    return out


def extremes() -> list[str]:
    """The lesser and the greater."""
    out: list[str] = []
    for fmt in ("s", "d"):
        for op in ("fmin", "fmax"):
            out += [f"{op}.{fmt} fa2, fa0, fa1", "fmv.x.d a2, fa2", *collect("a2")]
    return out


@unittest.skipUnless(has_jit(), "this build or processor has no JIT")
class Numbers(GuestTest):
    """Programs over a table of numbers."""

    def alike(self, source: list[str], code: str) -> None:
        """They end in one state, and host code of this kind was made."""
        path = self.program(source)
        expected = b""
        for args in (["--engine", "step"], ["--jit-heat", "1"], ["--jit-heat", "5"],
                     ["--jit-heat", "5", "--jit-level", "0"], ["--jit-heat", "50"],
                     ["--jit-heat", "5", "--host-mask", "fma"]):
            done = rax("--kernel", path, "--clock", "icount", "--state-hash", *args)
            self.assertEqual(done.returncode, 0, (args, done.stderr))
            expected = expected or done.stderr
            self.assertEqual(done.stderr, expected, args)
        self.assertIn(b"state ", expected)
        dump = rax("jit-dump", path, "--jit-heat", "5").stdout.decode()
        self.assertTrue(re.search(rf"^    +[0-9a-f]+  [0-9a-f]+ +(?:{code}) ", dump, re.M), code)

    def test_to_integers(self) -> None:
        """Each direction; towards zero the host needs no other MXCSR."""
        for direction in DIRECTIONS:
            self.alike(over_all(to_integers(direction)),
                       {"rtz": "cvttsd2si", "rmm": "call"}.get(direction, "cvtsd2si"))
        dump = rax("jit-dump", self.program(over_all(["fcvt.w.d a2, fa0, rtz"])),
                   "--jit-heat", "5").stdout
        self.assertIn(b" cvttsd2si ", dump)
        self.assertNotIn(b" ldmxcsr ", dump)

    def test_from_integers(self) -> None:
        """Likewise, and from one format to the other."""
        for direction in DIRECTIONS:
            self.alike(over_all(from_integers(direction)), "cvtsi2sd")

    def test_arithmetic(self) -> None:
        """Each direction by the instruction."""
        for direction in DIRECTIONS:
            self.alike(over_all(arithmetic(direction)),
                       "mulsd|vmulsd" if direction != "rmm" else "call")

    def test_dynamic(self) -> None:
        """Each direction by frm, beside one by the instruction."""
        for frm in range(5):
            self.alike(over_all(arithmetic("dyn"), frm), "vmulsd")
            self.alike(over_all(to_integers("dyn") + from_integers("dyn"), frm), "cvtsi2sd")

    def test_extremes(self) -> None:
        """Zeros of both signs, NaNs of both kinds."""
        self.alike(over_all(extremes()), "vminsd")


if __name__ == "__main__":
    unittest.main()
