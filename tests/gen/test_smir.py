# SPDX-License-Identifier: MIT
"""The operation table of SMIR, and lifting of what today's ISAs hardly use."""
from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import unittest
from dataclasses import replace
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[1]
for folder in (TOP, TOP / "tools/asl-parser"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from gen.back import smir_ops  # noqa: E402
from gen.back.lift import Lifter  # noqa: E402
from gen.front import smirdef  # noqa: E402
from gen.front.text import Source  # noqa: E402
from gen.isas import ISAS  # noqa: E402
from gen.model.sem import (  # noqa: E402
                           BOOL, Assign, Binary, Bits, Branch, Const, Ext, Hook, If, Let,
                           Lookup, Op, RegRead, RegWrite, Sem, Slice, Stmt, Unary, Var)
from gen.support.errors import Errors, Stop  # noqa: E402
from gen.support.render import environment  # noqa: E402

HEAD = "type i8 8\ntype i16 16\nset int i8 i16\neffect pure nothing\n"
REFUSED = {
    "op add int T T,T pure sum\nop add int T T,T pure sum": "6:4: error: 'add' is there already",
    "op add what T T,T pure sum": "5:8: error: there is no set or type 'what'",
    "op add - T T,T pure sum":
        "5:10: error: result 'T' is neither a type nor T of an operation with one",
    "op add int T T,i9 pure sum": "5:14: error: argument 'i9' is no type, set, immediate or block",
    "op add int T T,T slow sum": "5:18: error: there is no effect 'slow'",
    "op add int T imm,state pure sum": "5:14: error: at most 4 values and one immediate",
    "op add int T T,T,T,T,T pure sum": "5:14: error: at most 4 values and one immediate",
    "set more i8 i64": "5:13: error: there is no type 'i64'",
    "type int 8": "5:6: error: 'int' is there already",
    "type i64": "5:9: error: expected the number of bits, found end of line",
    "operation x": "5:1: error: expected type, set, effect or op, found 'operation'",
}


def read(text: str) -> tuple[object, list[str]]:
    """The table, or what is wrong with it."""
    errors = Errors()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ops.def"
        path.write_text(text)
        try:
            table = smirdef.read(Source(path, "ops.def"), errors)
            errors.check()
            return table, []
        except Stop:
            return None, errors.lines()


class Table(unittest.TestCase):
    def test_refused(self) -> None:
        for text, message in REFUSED.items():
            self.assertEqual(read(HEAD + text + "\n")[1], [f"ops.def:{message}"], text)

    def test_header(self) -> None:
        table, wrong = read(HEAD + "op put int - imm,T pure writes\n")
        self.assertEqual(wrong, [])
        text = smir_ops.generate(table, environment())["smir/ops.h"]
        self.assertIn('X(RX_S_PUT, "put", RX_VOID, RX_SK_T, RX_VOID, RX_VOID, RX_VOID, \\\n'
                      "\t  RX_SMIR_IMM, 0, 0, RX_SE_PURE, 1u << RX_I8 | 1u << RX_I16)", text)

    def test_missing_primitive(self) -> None:
        table, _ = read(HEAD)
        errors = Errors()
        smirdef.check_primitives(table, {"fadd"}, Source(TOP, "ops.def"), errors)
        self.assertEqual(errors.lines(),
                         ["ops.def:1:1: error: no operation for the primitives fadd"])


B64, B5 = Bits(64), Bits(5)
A, B = RegRead(B64, "rs1"), RegRead(B64, "rs2")
X = Var(B64, "x")


def num(n: int, t: Bits = B64) -> Const:
    return Const(t, n)


def low(e, width: int) -> Slice:
    return Slice(Bits(width), 0, e)


def wide(op: Op, width: int = 5, **more) -> RegWrite:
    """rd = ZeroExtend(rs1<width-1:0> op rs2<width-1:0>, 64)"""
    a, b = low(A, width), low(B, width)
    v = Binary(BOOL if op in (Op.SLT, Op.SLE) else Bits(width), op, a, b)
    return RegWrite("rd", None, Ext(B64, False, v))


# body of a made-up instruction, and its result for rs1, rs2 in Python; None: exit
IF_BOTH = (Let("x", num(1), mutable=True),
           If(Binary(BOOL, Op.ULT, A, B), (Assign("x", A),),
              (Assign("x", Binary(B64, Op.ADD, X, B)),)),
           RegWrite("rd", None, X))
IF_EXIT = (If(Binary(BOOL, Op.EQ, A, B),
              (RegWrite("rd", None, num(7)), Branch(num(0x100))),
              (RegWrite("rd", None, num(9)),)),)
IF_NESTED = (Let("x", num(0), mutable=True),
             If(Binary(BOOL, Op.ULT, A, num(100)),
                (Assign("x", num(5)), If(Binary(BOOL, Op.EQ, B, num(3)), (Assign("x", num(6)),))),),
             RegWrite("rd", None, X))
M64 = (1 << 64) - 1


def s5(n: int) -> int:
    n &= 31
    return n - 32 if n & 16 else n


def sdiv(a: int, b: int) -> int:
    a, b = s5(a), s5(b)
    if b == 0:
        return 31
    q = abs(a) // abs(b)
    return (-q if (a < 0) != (b < 0) else q) & 31


BODIES = {
    "if_both": (IF_BOTH, lambda a, b: (a if a < b else 1 + b & M64)),
    "if_nested": (IF_NESTED, lambda a, b: (6 if b == 3 else 5) if a < 100 else 0),
    "if_exit": (IF_EXIT, lambda a, b: 7 if a == b else 9),
    "add5": ((wide(Op.ADD),), lambda a, b: a + b & 31),
    "mul5": ((wide(Op.MUL),), lambda a, b: a * b & 31),
    "sdiv5": ((wide(Op.SDIV),), sdiv),
    "udiv5": ((wide(Op.UDIV),), lambda a, b: (a & 31) // (b & 31) if b & 31 else 31),
    "urem5": ((wide(Op.UREM),), lambda a, b: (a & 31) % (b & 31) if b & 31 else a & 31),
    "slt5": ((wide(Op.SLT),), lambda a, b: int(s5(a) < s5(b))),
    "clz5": ((RegWrite("rd", None, Ext(B64, False, Unary(B5, Op.CLZ, low(A, 5)))),),
             lambda a, b: 5 - (a & 31).bit_length()),
    "ctz5": ((RegWrite("rd", None, Ext(B64, False, Unary(B5, Op.CTZ, low(A, 5)))),),
             lambda a, b: ((a & -a) | 32 if a & 31 == 0 else a & -a).bit_length() - 1
             if a & 31 else 5),
    "mul100": ((RegWrite("rd", None, Slice(B64, 36, Binary(
        Bits(100), Op.MUL, Ext(Bits(100), True, A), Ext(Bits(100), False, B)))),),
        lambda a, b: ((a - (1 << 64) if a >> 63 else a) * b >> 36) & M64),
    "table": ((RegWrite("rd", None, Ext(B64, False, Lookup(
        Bits(16), low(A, 2), (11, 22, 333, 65535)))),),
        lambda a, b: (11, 22, 333, 65535)[a & 3]),
}
VALUES = (0, 1, 3, 5, 15, 16, 17, 31, 32, 99, 100, 1 << 63, M64, 0x123456789abcdef0)

SOURCES = ("smir/build.c", "smir/verify.c", "smir/resolve.c", "smir/interp.c", "smir/eval_prim.c",
           "smir/eval_wide.c", "smir/eval_vec.c", "smir/eval_fp.c", "base/error.c")


@cache
def rv64():
    return ISAS["rv64"].load(TOP / "spec", Errors(), False)


def lift(body: tuple[Stmt, ...]) -> list[str] | None:
    """Lines of the lifter of an instruction like `add` with this body."""
    m = rv64().meaning("add")
    return Lifter(rv64(), replace(m, sem=Sem(body))).run()


class Lifting(unittest.TestCase):
    def test_calls(self) -> None:
        self.assertIsNone(lift((Hook(None, "Ecall", ()),)))
        self.assertIsNone(lift((If(Binary(BOOL, Op.EQ, A, B), (Branch(num(0)), ),
                                   (Branch(num(4)),)),)))

    def test_results(self) -> None:
        """Lifted, verified and interpreted."""
        text, names = "", []
        for name, (body, _) in BODIES.items():
            lines = lift(body)
            self.assertIsNotNone(lines, name)
            names.append(name)
            text += f"static void {name}(struct rx_smir_fn *f, const struct rx_insn *i)\n{{\n" + \
                "\n".join(lines).replace("struct rx_rv64", "struct state") + "\n}\n"
        values = ", ".join(f"UINT64_C({v})" for v in VALUES)
        text += f"#define LIFTERS {', '.join(names)}\n#define VALUES {values}\n"
        with tempfile.TemporaryDirectory() as folder:
            got = self.run_c(Path(folder), text)
        want = [(fn(a, b), 0x100 if name == "if_exit" and a == b else 4)
                for name, (_, fn) in BODIES.items() for a in VALUES for b in VALUES]
        cases = [(name, a, b) for name in BODIES for a in VALUES for b in VALUES]
        for case, w, g in zip(cases, want, got, strict=True):
            self.assertEqual(w, g, case)

    def run_c(self, folder: Path, text: str) -> list[tuple[int, int]]:
        table = ISAS["smir"].load(TOP / "spec", Errors(), False)
        (folder / "smir").mkdir()
        for path, made in smir_ops.generate(table, environment()).items():
            (folder / path).write_text(made)
        (folder / "lifted.h").write_text(text)
        cc = os.environ.get("CC", "cc").split()
        subprocess.run(
            [*cc, "-std=gnu11", "-w", f"-I{TOP}/runtime", f"-I{TOP}/runtime/include", f"-I{folder}",
             str(HERE / "smir_lift.c"), *(f"{TOP}/runtime/{s}" for s in SOURCES),
             *map(str, sorted((TOP / "runtime/fp").glob("*.c"))),
             "-o", str(folder / "run")], check=True)
        out = subprocess.run([str(folder / "run")], capture_output=True, text=True)
        self.assertEqual(out.returncode, 0, out.stdout[-300:])
        return [tuple(int(w) for w in line.split()) for line in out.stdout.splitlines()]


if __name__ == "__main__":
    unittest.main()
