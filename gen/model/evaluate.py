# SPDX-License-Identifier: MIT
"""What expressions mean, in Python: the third opinion beside C and SMIR.

Values are integers: bit vectors from 0 to 2^width - 1, booleans 0 and 1.
"""
from __future__ import annotations

from typing import Callable, Mapping

from .pure import PURE
from .sem import (BOOL, Binary, Const, Expr, Ext, Lookup, Op, Prim, Select, Slice, Unary, Unknown,
                  Var)


def signed(v: int, width: int) -> int:
    """v as two's complement."""
    return v - (1 << width) if v >> (width - 1) else v


def _divide(a: int, b: int) -> int:
    """Quotient towards zero."""
    q = abs(a) // abs(b)
    return q if (a < 0) == (b < 0) else -q


def _carryless(a: int, b: int) -> int:
    return 0 if b == 0 else (a if b & 1 else 0) ^ _carryless(a << 1, b >> 1)


def _bytes(v: int, width: int) -> bytes:
    return v.to_bytes(width // 8, "little")


_UNARY: dict[Op, Callable[[int, int], int]] = {  # value, width
    Op.NOT: lambda a, w: ~a,
    Op.NEG: lambda a, w: -a,
    Op.LNOT: lambda a, w: 1 - a,
    Op.CLZ: lambda a, w: w - a.bit_length(),
    Op.CTZ: lambda a, w: (a & -a).bit_length() - 1 if a else w,
    Op.POPCOUNT: lambda a, w: a.bit_count(),
    Op.BSWAP: lambda a, w: int.from_bytes(_bytes(a, w), "big"),
    Op.ORCB: lambda a, w: int.from_bytes(bytes(255 if x else 0 for x in _bytes(a, w)), "little"),
}

_BINARY: dict[Op, Callable[[int, int, int], int]] = {  # two values, width of the first
    Op.ADD: lambda a, b, w: a + b,
    Op.SUB: lambda a, b, w: a - b,
    Op.MUL: lambda a, b, w: a * b,
    Op.UDIV: lambda a, b, w: a // b if b else -1,
    Op.UREM: lambda a, b, w: a % b if b else a,
    Op.SDIV: lambda a, b, w: _divide(signed(a, w), signed(b, w)) if b else -1,
    Op.SREM: lambda a, b, w: signed(a, w) - signed(b, w) * _divide(signed(a, w), signed(b, w))
    if b else a,
    Op.AND: lambda a, b, w: a & b,
    Op.OR: lambda a, b, w: a | b,
    Op.XOR: lambda a, b, w: a ^ b,
    Op.SHL: lambda a, b, w: a << b,
    Op.LSHR: lambda a, b, w: a >> b,
    Op.ASHR: lambda a, b, w: signed(a, w) >> b,
    Op.ROTR: lambda a, b, w: a >> b | a << (w - b),
    Op.EQ: lambda a, b, w: a == b,
    Op.NE: lambda a, b, w: a != b,
    Op.ULT: lambda a, b, w: a < b,
    Op.ULE: lambda a, b, w: a <= b,
    Op.SLT: lambda a, b, w: signed(a, w) < signed(b, w),
    Op.SLE: lambda a, b, w: signed(a, w) <= signed(b, w),
    Op.LAND: lambda a, b, w: a & b,
    Op.LOR: lambda a, b, w: a | b,
    Op.CLMUL: lambda a, b, w: _carryless(a, b),
    Op.CLMULH: lambda a, b, w: _carryless(a, b) >> w,
}


def width_of(e: Expr) -> int:
    return 1 if e.type == BOOL else e.type.width


def evaluate(e: Expr, names: Mapping[str, int], leaf: Callable[[Expr], int]) -> int:
    """The value of e. names: of locals; leaf: value of an Imm, RegRead, RegNum or
    StateRead. A shift by the width or more is an error; UNKNOWN is 0."""
    def value(x: Expr) -> int:
        return evaluate(x, names, leaf)

    match e:
        case Const(value=v):
            return v
        case Var(name=n):
            return names[n]
        case Unknown():
            return 0
        case Unary(op=op, a=a):
            v = _UNARY[op](value(a), width_of(a))
        case Binary(op=op, a=a, b=b):
            x, y, w = value(a), value(b), width_of(a)
            if op in (Op.SHL, Op.LSHR, Op.ASHR, Op.ROTR) and y >= w:
                raise ValueError(f"{op.value} of {w} bits by {y}")
            v = int(_BINARY[op](x, y, w))
        case Ext(signed=s, a=a):
            v = signed(value(a), width_of(a)) if s else value(a)
        case Slice(lo=lo, a=a):
            v = value(a) >> lo
        case Select(cond=c, a=a, b=b):
            return value(a) if value(c) else value(b)
        case Lookup(index=x, values=values):
            return values[value(x)]
        case Prim(name=n, args=args):
            v = PURE[n].python(width_of(args[0]), *(value(x) for x in args))
        case _:
            return leaf(e)
    return v & ((1 << width_of(e)) - 1)
