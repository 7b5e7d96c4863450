# SPDX-License-Identifier: MIT
"""Values of lane bodies while they are checked: exact integers with ranges
(front.intval), floats, conditions; and the arithmetic on them.

A float that is a product is kept as its factors until something else is done
with it: a * b + c rounds once, and is one operation.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

from gen.front.intval import IntVal, bounds, choose, int_binary, int_compare, to_bits
from gen.model import prims
from gen.model.ieee import FORMATS, from_text
from gen.model.sem import (BOOL, Binary, Bits, Const, Expr, Ext, FpLet, FpOp, Let, Op, Select,
                           Slice, Stmt, Type, Unary, Var)

Fail = Callable[[str], Exception]
BIT = Bits(1)
ADDR = Bits(64)
DIRECTIONS = (0, 2, 3, 1)  # RX_R* of what MXCSR, immediates and EVEX call 0 to 3
_NARROWS = {Op.ADD, Op.SUB, Op.MUL, Op.AND, Op.OR, Op.XOR}
_MACHINES = (8, 16, 32, 64)


@dataclass(frozen=True, slots=True)
class Float:
    """bits of a float, or the factors of one not yet rounded."""

    bits: Expr | None
    fmt: int
    product: tuple[Expr, Expr] | None = None
    negative: bool = False


@dataclass(frozen=True, slots=True)
class Fraction:
    """A decimal fraction; what it stands beside gives it a format."""

    text: str


@dataclass(frozen=True, slots=True)
class Word:
    """NaN."""

    name: str


Value = IntVal | Float | Fraction | Word | Expr  # Expr: of type BOOL


def const(width: int, v: int) -> Const:
    return Const(Bits(width), v % (1 << width))


def bit(cond: Expr) -> Expr:
    return Select(BIT, cond, Const(BIT, 1), Const(BIT, 0))


def is_one(x: Expr) -> Expr:
    return Binary(BOOL, Op.EQ, x, Const(x.type, 1))


def narrow(e: Expr, width: int) -> Expr:
    """The low bits of e, computed at that width where that is the same."""
    if e.type.width == width:
        return e
    typ = Bits(width)
    match e:
        case Const(value=v):
            return const(width, v)
        case Ext(signed=s, a=a) if a.type.width <= width:
            return a if a.type.width == width else Ext(typ, s, a)
        case Ext(a=a) | Slice(lo=0, a=a) if a.type.width > width:
            return narrow(a, width)
        case Binary(op=op, a=a, b=b) if op in _NARROWS and width < e.type.width:
            return Binary(typ, op, narrow(a, width), narrow(b, width))
        case Unary(op=Op.NOT | Op.NEG as op, a=a) if width < e.type.width:
            return Unary(typ, op, narrow(a, width))
        case Select(cond=c, a=a, b=b) if width < e.type.width:
            return Select(typ, c, narrow(a, width), narrow(b, width))
    return Slice(typ, 0, e)


def cut(v: IntVal, width: int) -> Expr:
    """The integer modulo 2^width."""
    if v.origin is not None and v.origin[0].type.width == width:
        return v.origin[0]
    if v.expr is not None and width < v.width:
        return narrow(v.expr, width)
    return to_bits(v, width)


def tight(v: IntVal) -> tuple[Expr, int]:
    """The integer in the least machine width that holds its range, signed."""
    for w in _MACHINES:
        lo, hi = bounds(w, True)
        if lo <= v.lo and v.hi <= hi:
            return cut(v, w), w
    return to_bits(v, v.width), v.width


class Arithmetic:
    """Operations; statements go to `out`."""

    def __init__(self) -> None:
        self.out: list[Stmt] = []
        self.temps = 0
        self.floats = False  # the body has IEEE operations
        self.fpenv = "sse"
        self.direction: Expr | None = None  # None: the environment's

    def temp(self) -> str:
        self.temps += 1
        return f"t{self.temps}"

    def bind(self, e: Expr) -> Expr:
        """A local, so that the expression stands once."""
        if isinstance(e, (Var, Const)):
            return e
        name = self.temp()
        self.out.append(Let(name, e))
        return Var(e.type, name)

    def fp(self, name: str, typ: Type, fmt: int, *args: Expr, fixed: int | None = None,
           direction: Expr | None = None, env: str = "") -> Expr:
        """An IEEE operation in the direction of MXCSR's environment (or another of isa.tbl),
        or one that is computed, or a fixed one."""
        self.floats = True
        t = self.temp()
        if direction is None and fixed is None and prims.FP[name].rounds:
            direction = self.direction
        self.out.append(FpLet(t, FpOp(typ, name, args, fmt), direction, fixed,
                              env or self.fpenv))
        return Var(typ, t)

    # ---- floats ------------------------------------------------------------

    def rounded(self, x: Float) -> Expr:
        """Its bits."""
        if x.product is None:
            return x.bits
        r = self.fp("FPMul", Bits(x.fmt), x.fmt, *x.product)
        return self.flip(r, x.fmt) if x.negative else r

    @staticmethod
    def flip(e: Expr, fmt: int) -> Expr:
        return Binary(e.type, Op.XOR, e, const(fmt, 1 << (fmt - 1)))

    def as_float(self, v: Value, fmt: int, fail: Fail) -> Expr:
        match v:
            case Float(fmt=f) if f == fmt:
                return self.rounded(v)
            case Float(fmt=f):
                raise fail(f"a float of {f} bits beside one of {fmt}: say FP{fmt}(...)")
            case Fraction(text=t):
                return const(fmt, fraction(fmt, t))
        raise fail("an integer beside a float: say FP32(...) or FP64(...)")

    def float_arith(self, op: str, a: Value, b: Value, fail: Fail) -> Float:
        fmt = a.fmt if isinstance(a, Float) else b.fmt
        typ = Bits(fmt)
        if op == "*":
            return Float(None, fmt, (self.as_float(a, fmt, fail), self.as_float(b, fmt, fail)))
        fused = [x for x in (a, b) if isinstance(x, Float) and x.product is not None]
        if op in "+-" and fused:
            p = fused[0]
            c = self.as_float(b if p is a else a, fmt, fail)
            minus = p.negative != (op == "-" and p is b)
            x, y = p.product
            if minus:
                x = self.negated(x, fmt)
            if op == "-" and p is a:
                c = self.negated(c, fmt)
            return Float(self.fp("FPMulAdd", typ, fmt, x, y, c), fmt)
        name = {"+": "FPAdd", "-": "FPSub", "/": "FPDiv"}.get(op)
        if name is None:
            raise fail(f"there is no '{op}' of floats")
        return Float(self.fp(name, typ, fmt, self.as_float(a, fmt, fail),
                             self.as_float(b, fmt, fail)), fmt)

    def negated(self, e: Expr, fmt: int) -> Expr:
        """The other sign, but a NaN as it is."""
        e = self.bind(e)
        return Select(e.type, self.is_nan(e, fmt), e, self.flip(e, fmt))

    @staticmethod
    def is_nan(e: Expr, fmt: int) -> Expr:
        f = FORMATS[fmt]
        magnitude = Binary(e.type, Op.AND, e, const(fmt, f.sign - 1))
        return Binary(BOOL, Op.ULT, const(fmt, f.inf), magnitude)

    def float_compare(self, op: str, a: Value, b: Value, fail: Fail) -> Expr:
        """== and != are quiet, the others signal."""
        if isinstance(a, Word) or isinstance(b, Word):
            x = b if isinstance(a, Word) else a
            if not isinstance(x, Float) or op not in ("==", "!="):
                raise fail("only a float is (== or !=) NaN")
            nan = self.is_nan(self.bind(self.rounded(x)), x.fmt)
            return nan if op == "==" else Unary(BOOL, Op.LNOT, nan)
        if op in (">", ">="):
            return self.float_compare("<" if op == ">" else "<=", b, a, fail)
        fmt = a.fmt if isinstance(a, Float) else b.fmt
        name = {"==": "FPEqual", "!=": "FPEqual", "<": "FPLess", "<=": "FPLessEqual"}[op]
        r = self.fp(name, BOOL, fmt, self.as_float(a, fmt, fail), self.as_float(b, fmt, fail))
        return Unary(BOOL, Op.LNOT, r) if op == "!=" else r

    # ---- integers ----------------------------------------------------------

    def int_logic(self, op: str, a: IntVal, b: IntVal, fail: Fail) -> IntVal:
        if a.is_const and b.is_const:
            return IntVal.const({"&": a.lo & b.lo, "|": a.lo | b.lo, "^": a.lo ^ b.lo}[op])
        if a.lo < 0 or b.lo < 0:
            raise fail(f"'{op}' of a number that may be negative; use unsigned elements")
        most = (1 << max(a.hi, b.hi).bit_length()) - 1
        small = (1 << min(a.hi, b.hi).bit_length()) - 1
        hi = min(small & v.lo if v.is_const else small for v in (a, b)) if op == "&" else most
        w = max(v.width for v in (a, b) if v.expr is not None)
        o = {"&": Op.AND, "|": Op.OR, "^": Op.XOR}[op]
        typ = Bits(w)
        return IntVal(Binary(typ, o, to_bits(a, w), to_bits(b, w)), w, 0, hi)

    def int_shift(self, op: str, a: IntVal, b: IntVal, fail: Fail) -> IntVal:
        """By a constant, or by a number whose range is known to be small."""
        if b.is_const or a.is_const:
            if b.is_const and op == "<<":
                return int_binary("<<", a, b, fail)
        if b.lo < 0 or b.hi >= 64:
            raise fail("a shift needs an amount in 0 .. 63")
        if op == "<<":
            lo, hi = min(a.lo << b.lo, a.lo << b.hi), max(a.hi << b.lo, a.hi << b.hi)
            top = max(abs(lo), abs(hi)).bit_length() + 1
            if top > 128:
                raise fail("the shifted number has more than 128 bits")
            w = 64 if top <= 64 else 128
            return IntVal(Binary(Bits(w), Op.SHL, to_bits(a, w), to_bits(b, w)), w, lo, hi)
        w = a.width if a.expr is not None else 64
        o = Op.ASHR if a.lo < 0 else Op.LSHR
        lo, hi = min(a.lo >> b.lo, a.lo >> b.hi), max(a.hi >> b.lo, a.hi >> b.hi)
        return IntVal(Binary(Bits(w), o, to_bits(a, w), to_bits(b, w)), w, lo, hi)

    def saturate(self, v: IntVal, width: int, is_signed: bool) -> IntVal:
        lo, hi = bounds(width, is_signed)
        if lo <= v.lo and v.hi <= hi:
            return v
        x, w = tight(v)
        x = self.bind(x)
        typ = Bits(w)
        if v.hi > hi:
            x = Select(typ, Binary(BOOL, Op.SLT, const(w, hi), x), const(w, hi), x)
        if v.lo < lo:
            x = self.bind(x)
            x = Select(typ, Binary(BOOL, Op.SLT, x, const(w, lo)), const(w, lo), x)
        out = self.bind(x)
        return IntVal(Ext(Bits(64), True, out) if w < 64 else out, max(w, 64), max(lo, v.lo),
                      min(hi, v.hi))

    def extremum(self, greatest: bool, a: IntVal, b: IntVal, fail: Fail) -> IntVal:
        less = int_compare("<", a, b, fail)
        x, y = (b, a) if greatest else (a, b)
        v = choose(less, x, y, fail)
        pick = max if greatest else min
        return IntVal(v.expr, v.width, pick(a.lo, b.lo), pick(a.hi, b.hi))


def fraction(fmt: int, text: str) -> int:
    return from_text(fmt, text)
