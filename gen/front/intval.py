# SPDX-License-Identifier: MIT
"""Exact integers while a body is checked: a range, and two's complement bits
wide enough for it (64, or 128 where 64 do not hold the range)."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

from gen.model.sem import BOOL, Binary, Bits, Bool, Const, Expr, Ext, Op, Slice


@dataclass(frozen=True, slots=True)
class IntVal:
    """expr is None for a constant (lo == hi); origin is the bit vector that the
    integer was made of, with its signedness, while that is all it is."""

    expr: Expr | None
    width: int
    lo: int
    hi: int
    origin: tuple[Expr, bool] | None = None

    @staticmethod
    def const(v: int) -> "IntVal":
        return IntVal(None, _machine(v, v) or 128, v, v)

    @staticmethod
    def of(x: Expr, signed: bool) -> "IntVal":
        n = x.type.width
        if isinstance(x, Const):
            v = x.value
            return IntVal.const(v - (1 << n) if signed and v >> (n - 1) else v)
        lo, hi = (-(1 << (n - 1)), (1 << (n - 1)) - 1) if signed else (0, (1 << n) - 1)
        w = _machine(lo, hi) or 128
        y = Ext(Bits(w), signed, x) if n < w else x
        return IntVal(y, w, lo, hi, (x, signed))


def _machine(lo: int, hi: int) -> int | None:
    for w in (64, 128):
        if -(1 << (w - 1)) <= lo and hi < 1 << (w - 1):
            return w
    return None


def fits(v: IntVal, width: int) -> bool:
    """Does the whole range have a place in `width` bits, signed or unsigned?"""
    return (0 <= v.lo and v.hi < 1 << width) or \
        (-(1 << (width - 1)) <= v.lo and v.hi < 1 << (width - 1))


def to_bits(v: IntVal, width: int) -> Expr:
    """The integer modulo 2^width."""
    if v.lo == v.hi:
        return Const(Bits(width), v.lo % (1 << width))
    if width < v.width:
        return Slice(Bits(width), 0, v.expr)
    return Ext(Bits(width), v.lo < 0, v.expr) if width > v.width else v.expr


def int_binary(op: str, a: IntVal, b: IntVal, error: Callable[[str], Exception]) -> IntVal:
    """a op b, exact."""
    if op in ("<<", "^"):
        if b.lo != b.hi or (op == "^" and a.lo != a.hi) or not 0 <= b.lo < 128:
            raise error(f"integer '{op}' needs constants")
        if op == "^":
            return IntVal.const(a.lo ** b.lo)
        return int_binary("*", a, IntVal.const(1 << b.lo), error)
    if op in ("DIV", "MOD", "/", ">>"):
        if a.lo == a.hi and b.lo == b.hi and b.lo > 0:
            x, y = a.lo, b.lo
            return IntVal.const({"DIV": x // y, "/": x // y, "MOD": x % y, ">>": x >> y}[op])
        raise error(f"integer '{op}' needs constants: use the primitives DivU, DivS, RemU, RemS "
                    "or shifts of bits")
    ranges = {"+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": lambda x, y: x * y}
    if op not in ranges:
        raise error(f"'{op}' is not defined on integers")
    f = ranges[op]
    corners = [f(x, y) for x in (a.lo, a.hi) for y in (b.lo, b.hi)]
    lo, hi = min(corners), max(corners)
    if lo == hi:
        return IntVal.const(lo)
    w = _machine(lo, hi)
    if w is None:
        # a product of two unsigned 64-bit values fills 128 bits exactly
        if lo < 0 or hi >= 1 << 128:
            raise error(f"the result range {lo} .. {hi} needs more than 128 bits")
        w = 128
    names = {"+": Op.ADD, "-": Op.SUB, "*": Op.MUL}
    return IntVal(Binary(Bits(w), names[op], to_bits(a, w), to_bits(b, w)), w, lo, hi)


def int_compare(op: str, a: IntVal, b: IntVal) -> Expr:
    """A comparison, on the original bit vectors where they have one width."""
    if op in (">", ">="):
        return int_compare("<" if op == ">" else "<=", b, a)
    if a.lo == a.hi and b.lo == b.hi:
        v = {"==": a.lo == b.lo, "!=": a.lo != b.lo, "<": a.lo < b.lo, "<=": a.lo <= b.lo}[op]
        return Const(BOOL, int(v))
    x, y, signed = _operands(a, b)
    if op in ("==", "!="):
        return Binary(BOOL, Op.EQ if op == "==" else Op.NE, x, y)
    if op == "<":
        return Binary(BOOL, Op.SLT if signed else Op.ULT, x, y)
    return Binary(BOOL, Op.SLE if signed else Op.ULE, x, y)


def _operands(a: IntVal, b: IntVal) -> tuple[Expr, Expr, bool]:
    for v, other in ((a, b), (b, a)):
        if v.origin is None:
            continue
        bits, signed = v.origin
        n = bits.type.width
        lo, hi = (-(1 << (n - 1)), (1 << (n - 1)) - 1) if signed else (0, (1 << n) - 1)
        same = other.origin is not None and other.origin[1] == signed \
            and other.origin[0].type.width == n
        if same or (other.lo == other.hi and lo <= other.lo <= hi):
            o = other.origin[0] if same else Const(Bits(n), other.lo % (1 << n))
            return (bits, o, signed) if v is a else (o, bits, signed)
    w = max(a.width, b.width)
    return to_bits(a, w), to_bits(b, w), min(a.lo, b.lo) < 0 or max(a.hi, b.hi) < 1 << (w - 1)


def adapt(a, b, error: Callable[[str], Exception]) -> tuple[Expr, Expr]:
    """Operands of a bits operator: a constant integer takes the other's width."""
    if isinstance(a, IntVal):
        b, a = adapt(b, a, error)
        return a, b
    if isinstance(b, IntVal):
        if not isinstance(a.type, Bits) or not fits(b, a.type.width):
            raise error(f"an integer in {b.lo} .. {b.hi} beside {a.type}")
        return a, to_bits(b, a.type.width)
    if isinstance(a.type, Bool) != isinstance(b.type, Bool) or a.type != b.type:
        raise error(f"operands have different types: {a.type} and {b.type}")
    return a, b
