# SPDX-License-Identifier: MIT
"""Expressions mean the same in C and in Python: every operator at every width,
random trees, and bodies against what their author meant."""
from __future__ import annotations

import random
import sys
import unittest
from pathlib import Path
from typing import Callable

sys.path.insert(0, str(Path(__file__).resolve().parent))

import clib  # noqa: E402
import semlib  # noqa: E402
from gen.model.evaluate import evaluate, signed  # noqa: E402
from gen.model.pure import ANY, PURE  # noqa: E402
from gen.model.sem import (BOOL, BOOLEAN, COMPARES, SHIFTS, UNARY, Binary, Bits,  # noqa: E402
                           Const, Expr, Ext, Op, Prim, RegRead, RegWrite, Select, Slice, Type,
                           Unary, Var, children, has_width)

WIDTHS = (*range(1, 65), 65, 96, 127, 128)
M64 = (1 << 64) - 1


def leaf(e: Expr) -> int:
    raise AssertionError(f"{e} is no local")


def samples(t: Type, rng: random.Random, most: int | None = None) -> list[int]:
    """Boundary and random values of a type."""
    n = 1 if t == BOOL else t.width
    top = (1 << n) - 1 if most is None else most
    edges = {0, 1, 2, 3, top, top - 1, top >> 1, (top >> 1) + 1, 0x80, 0xffff, 1 << 31, 1 << 32,
             1 << 63}
    return sorted(v for v in edges if 0 <= v <= top) + [rng.randint(0, top) for _ in range(3)]


def pairs(a: Type, b: Type, rng: random.Random, most: int | None = None) -> tuple[list, list]:
    both = [(x, y) for x in samples(a, rng) for y in samples(b, rng, most)]
    return [p[0] for p in both], [p[1] for p in both]


@unittest.skipIf(clib.MISSING, clib.MISSING)
class Operators(unittest.TestCase):
    """C against gen.model.evaluate."""

    def compare(self, exprs: list[Expr], inputs: list[tuple[list[int], list[int]]]) -> None:
        lib = clib.Library(exprs)
        self.addCleanup(lib.close)
        for k, (e, (a, b)) in enumerate(zip(exprs, inputs)):
            got = lib.call(k, a, b)
            for x, y, v in zip(a, b, got):
                want = evaluate(e, {"a": x, "b": y}, leaf)
                if v != want:
                    self.fail(f"{e}\na={x:#x} b={y:#x}: C gives {v:#x}, expected {want:#x}")

    def test_every_operator_and_width(self) -> None:
        rng = random.Random(1)
        exprs: list[Expr] = []
        inputs = []
        for op in Op:
            for w in WIDTHS:
                t: Type = BOOL if op in BOOLEAN else Bits(w)
                if op in BOOLEAN and w > 1 or not has_width(op, w):
                    continue
                a, b = Var(t, "a"), Var(t, "b")
                exprs.append(Unary(t, op, a) if op in UNARY
                             else Binary(BOOL if op in COMPARES else t, op, a, b))
                inputs.append(pairs(t, t, rng, w - 1 if op in SHIFTS else None))
        self.assertGreater(len(exprs), 1500)
        self.compare(exprs, inputs)

    def test_every_primitive_and_width(self) -> None:
        rng = random.Random(5)
        exprs: list[Expr] = []
        inputs = []
        for p in PURE.values():
            for w in (w for w in WIDTHS if w <= 64):
                t = Bits(w)
                a, b = Var(t, "a"), Var(t, "b")
                values = (a, b, Binary(t, Op.XOR, a, b), Unary(t, Op.NOT, a))
                args = tuple(v if n in (ANY, w) else Slice(Bits(n), w - n, v) if n < w
                             else Ext(Bits(n), False, v) for n, v in zip(p.args, values))
                width = p.result_width([x.type.width for x in args])
                if width is not None:
                    exprs.append(Prim(Bits(width), p.name, args))
                    inputs.append(pairs(t, t, rng))
        self.assertGreaterEqual(len(exprs), len(PURE))
        self.compare(exprs, inputs)

    def test_every_extension_and_slice(self) -> None:
        rng = random.Random(2)
        exprs: list[Expr] = []
        for src in WIDTHS:
            a = Var(Bits(src), "a")
            for dst in (w for w in (8, 16, 17, 32, 33, 63, 64, 65, 128) if w > src):
                exprs += [Ext(Bits(dst), False, a), Ext(Bits(dst), True, a)]
            for lo in {0, 1, src // 2, src - 1}:
                for width in {1, (src - lo) // 2, src - lo}:
                    if width and lo + width <= src:
                        exprs.append(Slice(Bits(width), lo, a))
        self.compare(exprs, [pairs(Bits(next(iter(children(e))).type.width), Bits(1), rng)
                             for e in exprs])

    def test_random_trees(self) -> None:
        rng = random.Random(3)
        exprs = [tree(rng, Bits(rng.choice((1, 5, 8, 16, 31, 32, 33, 64, 64, 128))), 4)
                 for _ in range(400)]
        self.compare(exprs, [pairs(Bits(64), Bits(64), rng) for _ in exprs])


def tree(rng: random.Random, t: Type, depth: int) -> Expr:
    """A well-typed expression of a and b, both bits(64)."""
    if depth == 0:
        if t == BOOL:
            return Const(BOOL, rng.randint(0, 1))
        if rng.random() < 0.3:
            return Const(t, rng.choice((0, 1, (1 << t.width) - 1, rng.getrandbits(t.width))))
        v = Var(Bits(64), rng.choice("ab"))
        return v if t.width == 64 else Slice(t, rng.randint(0, 64 - t.width), v) \
            if t.width < 64 else Ext(t, rng.random() < 0.5, v)
    if t == BOOL:
        u = Bits(rng.choice((1, 8, 16, 32, 40, 64, 128)))
        return Binary(BOOL, rng.choice(sorted(COMPARES, key=str)), tree(rng, u, depth - 1),
                      tree(rng, u, depth - 1))
    choice = rng.random()
    if choice < 0.15:
        return Select(t, tree(rng, BOOL, 1), tree(rng, t, depth - 1), tree(rng, t, depth - 1))
    if choice < 0.3 and t.width > 1:
        return Ext(t, rng.random() < 0.5, tree(rng, Bits(rng.randint(1, t.width - 1)), depth - 1))
    if choice < 0.4 and t.width < 128:
        w = rng.randint(t.width + 1, 128)
        return Slice(t, rng.randint(0, w - t.width), tree(rng, Bits(w), depth - 1))
    op = rng.choice([o for o in Op if o not in BOOLEAN | COMPARES and has_width(o, t.width)])
    a = tree(rng, t, depth - 1)
    if op in UNARY:
        return Unary(t, op, a)
    b = Const(t, rng.randint(0, t.width - 1)) if op in SHIFTS else tree(rng, t, depth - 1)
    return Binary(t, op, a, b)


def s64(v: int) -> int:
    return signed(v & M64, 64)


def rotated(v: int, n: int, w: int) -> int:
    v &= (1 << w) - 1
    return (v >> n % w | v << (w - n % w)) & ((1 << w) - 1)


# What bodies assign to rd, and the same by exact integers; rs1 = a, rs2 = b.
BODIES: list[tuple[str, Callable[[int, int], int]]] = [
    ("(SInt(rs1) * SInt(rs2))<127:64>", lambda a, b: s64(a) * s64(b) >> 64),
    ("(SInt(rs1) * UInt(rs2))<127:64>", lambda a, b: s64(a) * b >> 64),
    ("(UInt(rs1) * UInt(rs2))<127:64>", lambda a, b: a * b >> 64),
    ("(UInt(rs1) + UInt(rs2))<64:1>", lambda a, b: a + b >> 1),
    ("(UInt(rs1) - UInt(rs2))<64:1>", lambda a, b: a - b >> 1),
    ("(SInt(rs1) - SInt(rs2))<64:1>", lambda a, b: s64(a) - s64(b) >> 1),
    ("(-SInt(rs1))<64:1>", lambda a, b: -s64(a) >> 1),
    ("if UInt(rs1) < SInt(rs2) then 1 else 0", lambda a, b: a < s64(b)),
    ("if SInt(rs1) <= UInt(rs2) then 1 else 0", lambda a, b: s64(a) <= b),
    ("if UInt(rs1) == SInt(rs2) then 1 else 0", lambda a, b: a == s64(b)),
    ("if UInt(rs1) - UInt(rs2) < 0 then 1 else 0", lambda a, b: a < b),
    ("if UInt(rs1) + UInt(rs2) > 18446744073709551615 then 1 else 0",
     lambda a, b: a + b > M64),
    ("if SInt(rs1<31:0>) < SInt(rs2<7:0>) then 1 else 0",
     lambda a, b: signed(a & 0xffffffff, 32) < signed(b & 255, 8)),
    ("if UInt(rs1<31:0>) < SInt(rs2<7:0>) then 1 else 0",
     lambda a, b: (a & 0xffffffff) < signed(b & 255, 8)),
    ("if UInt(rs1<7:0>) == 255 then 1 else 0", lambda a, b: a & 255 == 255),
    ("if UInt(rs1) < 18446744073709551616 then 1 else 0", lambda a, b: 1),
    ("if UInt(rs1) > -1 then 1 else 0", lambda a, b: 1),
    ("if SInt(rs1<7:0>) == 255 then 1 else 0", lambda a, b: 0),
    ("if UInt(rs1 : rs2) > UInt(rs2 : rs1) then 1 else 0", lambda a, b: a > b),
    ("if (rs1<63> == '1') == (rs2<0> == '1') then 1 else 0", lambda a, b: a >> 63 == b & 1),
    ("if rs1 == -1 || (rs2 == 0 && rs1 != 5) then 7 else rs2",
     lambda a, b: 7 if a == M64 or b == 0 and a != 5 else b),
    ("if !(rs1 == rs2) then 1 else 0", lambda a, b: a != b),
    ("rs1<31:0> : rs2<31:0>", lambda a, b: (a << 32 | b & 0xffffffff)),
    ("rs1<7:0, 63:56> : rs2<47:0>",
     lambda a, b: (a & 255) << 56 | (a >> 56) << 48 | b & ((1 << 48) - 1)),
    ("ZeroExtend(rs1<4 +: 8>, 64) << 60", lambda a, b: (a >> 4 & 255) << 60),
    ("ZeroExtend(rs1<31:0>, 64) + ZeroExtend(rs2<31:0>, 64)",
     lambda a, b: (a & 0xffffffff) + (b & 0xffffffff)),
    ("ZeroExtend(rs1<31:0>, 64) * ZeroExtend(rs2<31:0>, 64)",
     lambda a, b: (a & 0xffffffff) * (b & 0xffffffff)),
    ("ZeroExtend(rs1<15:0> * rs2<15:0>, 64)", lambda a, b: (a * b) & 0xffff),
    ("SignExtend(rs1<15:0> * rs2<15:0>, 64)", lambda a, b: signed(a * b & 0xffff, 16)),
    ("LSL(rs1, UInt(rs2))", lambda a, b: a << b if b < 64 else 0),
    ("LSR(rs1, UInt(rs2))", lambda a, b: a >> b if b < 64 else 0),
    ("ASR(rs1, UInt(rs2))", lambda a, b: s64(a) >> min(b, 63)),
    ("ASR(rs1, UInt(rs2<7:0>))", lambda a, b: s64(a) >> min(b & 255, 63)),
    ("ROR(rs1, UInt(rs2))", lambda a, b: rotated(a, b, 64)),
    ("ZeroExtend(ROR(rs1<31:0>, UInt(rs2)), 64)", lambda a, b: rotated(a, b, 32)),
    ("ZeroExtend(ROR(rs1<6:0>, UInt(rs2<31:0>)), 64)",
     lambda a, b: rotated(a, b & 0xffffffff, 7)),
    ("ZeroExtend(LSL(rs1<4:0>, UInt(rs2<7:0>)), 64)",
     lambda a, b: (a << (b & 255)) & 31 if b & 255 < 5 else 0),
    ("ZeroExtend(LSR(rs1<11:0>, UInt(rs2<3:0>)), 64)", lambda a, b: (a & 4095) >> (b & 15)),
    ("rs1 >> 3", lambda a, b: a >> 3),
    ("rs1 << rs2<2:0>", lambda a, b: a << (b & 7)),
    ("Min(SInt(rs1), SInt(rs2))<63:0>", lambda a, b: min(s64(a), s64(b))),
    ("Max(UInt(rs1), SInt(rs2))<63:0>", lambda a, b: max(a, s64(b))),
    ("Min(UInt(rs1<7:0>), 100)", lambda a, b: min(a & 255, 100)),
    ("Table(UInt(rs1<1:0>), 12, 0xfff, 1, 0x800, 7) : rs2<51:0>",
     lambda a, b: (0xfff, 1, 0x800, 7)[a & 3] << 52 | b & ((1 << 52) - 1)),
    ("NOT(Zeros(64)) >> 1", lambda a, b: M64 >> 1),
    ("-rs1", lambda a, b: -a),
    ("[rs1<0>, Ones(3), rs2<59:0>]", lambda a, b: (a & 1) << 63 | 7 << 60 | b & ((1 << 60) - 1)),
    ("(if rs1<0> == '1' then 1 else rs2) << 40", lambda a, b: (1 if a & 1 else b) << 40),
    ("if rs1<0> == '1' then rs1 elsif rs2<0> == '1' then rs2 else Ones(64)",
     lambda a, b: a if a & 1 else b if b & 1 else M64),
    ("ZeroExtend(CountLeadingZeroBits(rs1<4:0>), 64)",
     lambda a, b: 5 - (a & 31).bit_length()),
    ("ZeroExtend(DivS(rs1<7:0>, rs2<7:0>), 64)",
     lambda a, b: 255 if b & 255 == 0 else int(signed(a & 255, 8) / signed(b & 255, 8)) & 255),
    ("ZeroExtend(ByteReverse(rs1<23:0>), 64)",
     lambda a, b: int.from_bytes((a & 0xffffff).to_bytes(3, "little"), "big")),
    ("FPCopySign(FPNeg(rs1), FPAbs(rs2))", lambda a, b: a & (M64 >> 1)),
    ("(UInt(rs1<3:0>) * 3 + 2^4 - (17 DIV 5) + (17 MOD 5) + (1 << 3))<63:0>",
     lambda a, b: (a & 15) * 3 + 16 - 3 + 2 + 8),
]


def inline(m: semlib.Meaning) -> Expr:
    """The value written to rd, locals put in place, registers as a and b."""
    def put(e: Expr) -> Expr:
        match e:
            case RegRead(operand=n):
                return Var(e.type, {"rs1": "a", "rs2": "b"}[n])
            case Unary(a=a) | Ext(a=a) | Slice(a=a):
                return type(e)(**fields(e) | {"a": put(a)})
            case Binary(a=a, b=b):
                return Binary(e.type, e.op, put(a), put(b))
            case Select(cond=c, a=a, b=b):
                return Select(e.type, put(c), put(a), put(b))
        return e

    assert len(m.sem.body) == 1 and isinstance(m.sem.body[0], RegWrite), m.sem
    return put(m.sem.body[0].value)


def fields(e: Expr) -> dict[str, object]:
    return {k: getattr(e, k) for k in e.__slots__}


@unittest.skipIf(clib.MISSING, clib.MISSING)
class Bodies(unittest.TestCase):
    """Bodies through parser, checker, passes and C."""

    def test_against_exact_integers(self) -> None:
        rng = random.Random(4)
        plain = [(t, f) for t, f in BODIES if "Table" not in t]
        exprs = [inline(semlib.meaning(f"rd = {t};")) for t, _ in plain]
        lib = clib.Library(exprs)
        self.addCleanup(lib.close)
        a, b = pairs(Bits(64), Bits(64), rng)
        for k, (text, f) in enumerate(plain):
            with self.subTest(text):
                got = lib.call(k, a, b)
                want = [int(f(x, y)) & M64 for x, y in zip(a, b)]
                mine = [evaluate(exprs[k], {"a": x, "b": y}, leaf) for x, y in zip(a, b)]
                for x, y, g, w, m in zip(a, b, got, want, mine):
                    self.assertEqual((g, m), (w, w), f"a={x:#x} b={y:#x}")

    def test_tables(self) -> None:
        for text, f in (x for x in BODIES if "Table" in x[0]):
            e = semlib.meaning(f"rd = {text};").sem.body[0].value
            for x, y in ((0, 5), (1, 6), (2, 7), (7, M64)):
                regs = {"rs1": x, "rs2": y}
                self.assertEqual(evaluate(e, {}, lambda r: regs[r.operand]), f(x, y) & M64)


if __name__ == "__main__":
    unittest.main()
