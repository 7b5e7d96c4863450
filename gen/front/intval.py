# SPDX-License-Identifier: MIT
"""Exact integers while a body is checked: a range, and two's complement bits
wide enough for it (64, or 128 where 64 do not hold the range).

The widest integers are those of an unsigned 128-bit value: they have 128 bits
and no sign. An operation that would need one more bit than that is refused.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

from gen.model.sem import (BOOL, MAX_WIDTH, Binary, Bits, Const, Expr, Ext, Op, Select, Slice,
                           Unknown)

Fail = Callable[[str], Exception]


@dataclass(frozen=True, slots=True)
class IntVal:
    """expr is None for a constant (lo == hi); origin is the bit vector that the
    integer was made of, with its signedness, while that is all it is."""

    expr: Expr | None
    width: int
    lo: int
    hi: int
    origin: tuple[Expr, bool] | None = None

    @property
    def is_const(self) -> bool:
        return self.lo == self.hi

    @staticmethod
    def const(v: int) -> "IntVal":
        return IntVal(None, machine(v, v) or MAX_WIDTH, v, v)

    @staticmethod
    def of(x: Expr, signed: bool) -> "IntVal":
        """UInt(x) or SInt(x)."""
        n = x.type.width
        if isinstance(x, Const):
            v = x.value
            return IntVal.const(v - (1 << n) if signed and v >> (n - 1) else v)
        return IntVal.within(x, signed, *bounds(n, signed))

    @staticmethod
    def within(x: Expr, signed: bool, lo: int, hi: int) -> "IntVal":
        """The same where the range is known better."""
        w = machine(lo, hi) or MAX_WIDTH
        n = x.type.width
        y = Ext(Bits(w), signed, x) if n < w else Slice(Bits(w), 0, x) if n > w else x
        return IntVal(y, w, lo, hi, (x, signed))


Value = Expr | IntVal


def bounds(width: int, signed: bool) -> tuple[int, int]:
    """Least and greatest integer of a bit vector."""
    return (-(1 << (width - 1)), (1 << (width - 1)) - 1) if signed else (0, (1 << width) - 1)


def machine(lo: int, hi: int) -> int | None:
    """The signed machine width that holds the range."""
    for w in (64, MAX_WIDTH):
        least, most = bounds(w, True)
        if least <= lo and hi <= most:
            return w
    return None


def width_of(lo: int, hi: int, fail: Fail) -> int:
    """The machine width of a range; MAX_WIDTH also where that is unsigned."""
    w = machine(lo, hi)
    if w is None and (lo < 0 or hi >> MAX_WIDTH):
        raise fail(f"the range {brief(lo)} .. {brief(hi)} needs more than {MAX_WIDTH} bits")
    return w or MAX_WIDTH


def brief(v: int) -> str:
    """A number for messages."""
    return str(v) if abs(v) < 1 << 64 else f"{'-' * (v < 0)}2^{abs(v).bit_length() - 1}" + \
        ("" if abs(v) & (abs(v) - 1) == 0 else " and more")


def show(v: IntVal) -> str:
    """An integer for messages."""
    return f"the integer {brief(v.lo)}" if v.is_const else \
        f"an integer in {brief(v.lo)} .. {brief(v.hi)}"


def fits(v: IntVal, width: int) -> bool:
    """Does the whole range have a place in `width` bits, signed or unsigned?"""
    return any(lo <= v.lo and v.hi <= hi
               for lo, hi in (bounds(width, False), bounds(width, True)))


def to_bits(v: IntVal, width: int) -> Expr:
    """The integer modulo 2^width."""
    if v.expr is None:
        return Const(Bits(width), v.lo % (1 << width))
    if width < v.width:
        return Slice(Bits(width), 0, v.expr)
    return Ext(Bits(width), v.lo < 0, v.expr) if width > v.width else v.expr


def int_literal(v: int, fail: Fail) -> IntVal:
    """A number that stands in the text or was computed from such."""
    width_of(v, v, fail)
    return IntVal.const(v)


def int_binary(op: str, a: IntVal, b: IntVal, fail: Fail) -> IntVal:
    """a op b, exact."""
    if op in ("<<", ">>", "^") and b.is_const and not 0 <= b.lo < MAX_WIDTH:
        raise fail(f"'{op}' by {brief(b.lo)}: expected 0 to {MAX_WIDTH - 1}")
    if a.is_const and b.is_const and op in _CONSTANT:
        if op in ("DIV", "MOD", "/") and b.lo == 0:
            raise fail("division by zero")
        if op == "/" and a.lo % b.lo:
            raise fail(f"{brief(a.lo)} / {brief(b.lo)} is no integer")
        return int_literal(_CONSTANT[op](a.lo, b.lo), fail)
    if op == "<<" and b.is_const:
        return int_binary("*", a, IntVal.const(1 << b.lo), fail)
    if op in ("DIV", "MOD") and b.is_const and b.lo > 0 and b.lo & (b.lo - 1) == 0 and a.lo >= 0:
        return _power_of_two(op, a, b.lo)
    if op in _CONSTANT and op not in _RANGED:
        raise fail(f"integer '{op}' needs constants: use the primitives DivU, DivS, RemU, RemS "
                   "or shifts of bits")
    if op not in _RANGED:
        raise fail(f"'{op}' is not defined on integers")
    corners = [_CONSTANT[op](x, y) for x in (a.lo, a.hi) for y in (b.lo, b.hi)]
    lo, hi = min(corners), max(corners)
    w = width_of(lo, hi, fail)
    return IntVal(Binary(Bits(w), _RANGED[op], to_bits(a, w), to_bits(b, w)), w, lo, hi)


def _power_of_two(op: str, a: IntVal, n: int) -> IntVal:
    x = to_bits(a, a.width)
    if op == "DIV":
        return IntVal(Binary(x.type, Op.LSHR, x, Const(x.type, n.bit_length() - 1)), a.width,
                      a.lo // n, a.hi // n)
    return IntVal(Binary(x.type, Op.AND, x, Const(x.type, n - 1)), a.width, 0, min(a.hi, n - 1))


_CONSTANT = {"+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": lambda x, y: x * y,
             "DIV": lambda x, y: x // y, "MOD": lambda x, y: x % y, "/": lambda x, y: x // y,
             "<<": lambda x, y: x << y, ">>": lambda x, y: x >> y, "^": lambda x, y: x ** y}
_RANGED = {"+": Op.ADD, "-": Op.SUB, "*": Op.MUL}


def int_compare(op: str, a: IntVal, b: IntVal, fail: Fail) -> Expr:
    """A comparison, on the original bit vectors where they have one width."""
    if op in (">", ">="):
        return int_compare("<" if op == ">" else "<=", b, a, fail)
    known = _known(op, a, b)
    if known is not None:
        return Const(BOOL, int(known))
    x, y, signed = _operands(a, b, fail)
    if op in ("==", "!="):
        return Binary(BOOL, Op.EQ if op == "==" else Op.NE, x, y)
    if op == "<":
        return Binary(BOOL, Op.SLT if signed else Op.ULT, x, y)
    return Binary(BOOL, Op.SLE if signed else Op.ULE, x, y)


def _known(op: str, a: IntVal, b: IntVal) -> bool | None:
    """What the ranges alone decide."""
    less = True if a.hi < b.lo else False if a.lo >= b.hi else None
    less_equal = True if a.hi <= b.lo else False if a.lo > b.hi else None
    equal = True if a.is_const and a == b else \
        False if a.hi < b.lo or a.lo > b.hi else None
    return {"<": less, "<=": less_equal, "==": equal,
            "!=": None if equal is None else not equal}[op]


def _operands(a: IntVal, b: IntVal, fail: Fail) -> tuple[Expr, Expr, bool]:
    """Bit vectors of one width and how to compare them."""
    for v, other in ((a, b), (b, a)):
        if v.origin is None:
            continue
        bits, signed = v.origin
        n = bits.type.width
        lo, hi = bounds(n, signed)
        same = other.origin is not None and other.origin[1] == signed \
            and other.origin[0].type.width == n
        if same or (other.is_const and lo <= other.lo <= hi):
            o = other.origin[0] if same else Const(Bits(n), other.lo % (1 << n))
            return (bits, o, signed) if v is a else (o, bits, signed)
    lo, hi = min(a.lo, b.lo), max(a.hi, b.hi)
    w = width_of(lo, hi, fail)
    return to_bits(a, w), to_bits(b, w), machine(lo, hi) is not None


def choose(cond: Expr, a: IntVal, b: IntVal, fail: Fail) -> IntVal:
    """if cond then a else b."""
    lo, hi = min(a.lo, b.lo), max(a.hi, b.hi)
    w = width_of(lo, hi, fail)
    return IntVal(Select(Bits(w), cond, to_bits(a, w), to_bits(b, w)), w, lo, hi)


def adapt(a: Value, b: Value, fail: Fail) -> tuple[Expr, Expr]:
    """Operands of a bits operator: an integer whose range fits takes the other's
    width, an UNKNOWN without a type the other's type."""
    if isinstance(a, IntVal) or isinstance(a, Unknown) and a.type is None:
        if isinstance(b, IntVal) or b.type is None:
            raise fail("UNKNOWN needs a type here: bits(N) UNKNOWN")
        b, a = adapt(b, a, fail)
        return a, b
    if isinstance(b, Unknown) and b.type is None:
        return a, Unknown(a.type)
    if isinstance(b, IntVal):
        if not isinstance(a.type, Bits) or not fits(b, a.type.width):
            raise fail(f"{show(b)} beside {a.type}")
        return a, to_bits(b, a.type.width)
    if a.type != b.type:
        raise fail(f"operands have different types: {a.type} and {b.type}")
    return a, b
