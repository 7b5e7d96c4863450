# SPDX-License-Identifier: MIT
"""C text of expressions; core/arith.h helps.

Values are exact and zero-extended. What has more than 64 bits is an unsigned
__int128, what has 33 to 64 is a uint64_t: C computes in the type of its
operands, so a narrower one would lose bits. What has up to 32 bits may be of
any unsigned type or a promoted int; where that matters, wide() casts it.
"""
from __future__ import annotations

from typing import Callable

from gen.model.lanes import Elem
from gen.model.pure import PURE
from gen.model.sem import (Binary, Bits, Bool, COMPARES, Const, Decoded, Expr, Ext, FpStatus, Imm,
                           Lookup, Op, OperandAddr, Prim, RegNum, RegRead, Select, Slice,
                           StateRead, Unary, Unknown, Var)

_INFIX = {Op.ADD: "+", Op.SUB: "-", Op.MUL: "*", Op.AND: "&", Op.OR: "|", Op.XOR: "^",
          Op.SHL: "<<", Op.LSHR: ">>"}
_NARROWS = {Op.ADD, Op.SUB, Op.MUL, Op.SHL, Op.NEG, Op.NOT}  # results may exceed the width
_DIVISIONS = {Op.UDIV: "rx_udiv", Op.SDIV: "rx_sdiv", Op.UREM: "rx_urem", Op.SREM: "rx_srem"}
_COUNTS = {Op.CLZ: "rx_clz", Op.CTZ: "rx_ctz", Op.POPCOUNT: "rx_popcount",
           Op.BSWAP: "rx_bswap"}
_MACHINE = (32, 64)  # widths that core/arith.h has functions for
_COMPARE = {Op.EQ: "==", Op.NE: "!=", Op.ULT: "<", Op.ULE: "<=", Op.SLT: "<", Op.SLE: "<="}


def ctype(t) -> str:
    if isinstance(t, Bool):
        return "bool"
    return "uint64_t" if t.width <= 64 else "unsigned __int128"


def narrow(text: str, width: int) -> str:
    """Clears what is above width in a value that may have more."""
    if width in (64, 128):
        return text
    if width in (8, 16, 32):
        return f"(uint{width}_t)({text})"
    if width < 64:
        return f"(({text}) & UINT64_C({hex((1 << width) - 1)}))"
    return f"(({text}) & {const((1 << width) - 1, width)})"


def signed(text: str, width: int) -> str:
    """The value as a signed C integer (int64_t or __int128)."""
    if width in (8, 16, 32):
        return f"(int64_t)(int{width}_t)({text})"
    if width == 64:
        return f"(int64_t)({text})"
    if width == 128:
        return f"(__int128)({text})"
    if width < 64:
        return f"rx_sext({text}, {width})"
    return f"((__int128)(({text}) << {128 - width}) >> {128 - width})"


def const(value: int, width: int) -> str:
    """A constant; never of a signed type, see above."""
    if width <= 64:
        return f"UINT64_C({value if value < 10 else hex(value)})"
    hi, lo = value >> 64, value & ((1 << 64) - 1)
    return f"((unsigned __int128)UINT64_C({hex(hi)}) << 64 | UINT64_C({hex(lo)}))"


class CExpr:
    """Emits expressions; leaf gives the C of Imm, RegRead and StateRead nodes."""

    def __init__(self, leaf: Callable[[Expr], str], suffix: str = "") -> None:
        self.leaf = leaf
        self.suffix = suffix

    def var(self, name: str) -> str:
        return f"{name}{self.suffix}"

    def emit(self, e: Expr) -> str:
        match e:
            case Const(type=Bool(), value=v):
                return "true" if v else "false"
            case Const(type=Bits(width=w), value=v):
                return const(v, w)
            case Var(name=n):
                return self.var(n)
            case Imm() | RegRead() | RegNum() | StateRead() | Lookup() | Elem() \
                    | OperandAddr() | Decoded() | FpStatus():
                return self.leaf(e)
            case Unary():
                return self.unary(e)
            case Binary():
                return self.binary(e)
            case Ext():
                return self.ext(e)
            case Slice(type=t, lo=lo, a=a):
                x = self.emit(a)
                w = a.type.width
                if lo == 0:
                    return narrow(f"(uint64_t)({x})" if w > 64 and t.width <= 64 else x, t.width)
                x = f"({x} >> {lo})"
                if w > 64 and t.width <= 64:
                    x = f"(uint64_t){x}"
                return x if lo + t.width == w else narrow(x, t.width)
            case Prim(name=n, args=args):
                return PURE[n].call(args[0].type.width, [self.wide(a) for a in args])
            case Select(cond=c, a=a, b=b):
                return f"({self.emit(c)} ? {self.choice(a)} : {self.choice(b)})"
            case Unknown(type=t):  # any value will do
                return "false" if isinstance(t, Bool) else const(0, t.width)
        raise TypeError(e)

    def wide(self, e: Expr) -> str:
        """The value in the C type that ctype() says."""
        return self.widened(e, self.emit(e))

    def choice(self, e: Expr) -> str:
        """One of two that C gives a common type: never a signed one."""
        narrow_bits = isinstance(e.type, Bits) and e.type.width < 32
        return self.wide(e) if narrow_bits else self.emit(e)

    @staticmethod
    def widened(e: Expr, text: str) -> str:
        """The same of an expression that is emitted already."""
        if isinstance(e.type, Bits) and (e.type.width > 32 or isinstance(e, Const)):
            return text
        return text if text.startswith("(uint64_t)") else f"(uint64_t){text}"

    def unary(self, e: Unary) -> str:
        a = self.emit(e.a)
        if e.op is Op.LNOT:
            return f"!{a}" if a.isidentifier() else f"!({a})"
        w = e.type.width
        if e.op is Op.NOT:
            return narrow(f"(~{a})", w)
        if e.op is Op.NEG:
            return narrow(f"(0 - {a})", w)
        if e.op is Op.ORCB:
            return f"rx_orcb64({a})"
        if w in _MACHINE:
            return f"{_COUNTS[e.op]}{w}({a})"
        match e.op:  # by way of 64 bits
            case Op.CLZ:
                return f"(rx_clz64({a}) - {64 - w})"
            case Op.CTZ:
                return f"rx_ctz64({a} | UINT64_C({1 << w:#x}))"
            case Op.POPCOUNT:
                return f"rx_popcount64({a})"
            case Op.BSWAP:
                return f"(rx_bswap64({a}) >> {64 - w})"
        raise TypeError(e)

    def binary(self, e: Binary) -> str:
        if e.op in (Op.SHL, Op.MUL):
            a, b = self.wide(e.a), self.emit(e.b)
        else:
            a, b = self.emit(e.a), self.emit(e.b)
        if e.op is Op.LAND:
            return f"({a} & {b})"
        if e.op is Op.LOR:
            return f"({a} | {b})"
        w = getattr(e.a.type, "width", None)
        if e.op in COMPARES:
            if e.op in (Op.SLT, Op.SLE):
                a, b = signed(a, w), signed(b, w)
            return f"({a} {_COMPARE[e.op]} {b})"
        if e.op in _DIVISIONS:
            return self.division(e.op, a, b, w)
        match e.op:
            case Op.ROTR if w in _MACHINE:
                return f"rx_ror{w}({a}, {b})"
            case Op.ROTR:
                a = self.widened(e.a, a)
                return narrow(f"({a} >> {b} | {a} << ({w} - {b}) % {w})", w)
            case Op.CLMUL:
                return narrow(f"rx_clmul64({a}, {b})", w)
            case Op.CLMULH if w == 64:
                return f"rx_clmulh64({a}, {b})"
            case Op.CLMULH:
                return narrow(f"(rx_clmulh64({a}, {b}) << {64 - w} | rx_clmul64({a}, {b}) >> {w})",
                              w)
            case Op.ASHR:
                return narrow(f"({ctype(e.type)})({signed(a, w)} >> {b})", w)
        text = f"({a} {_INFIX[e.op]} {b})"
        return narrow(text, w) if e.op in _NARROWS else text

    @staticmethod
    def division(op: Op, a: str, b: str, w: int) -> str:
        """core/arith.h has 32 and 64 bits; other widths are extended to 64."""
        if w in (*_MACHINE, 128):
            return f"{_DIVISIONS[op]}{w}({a}, {b})"
        if op in (Op.SDIV, Op.SREM):
            a, b = (f"(uint64_t){signed(x, w)}" for x in (a, b))
        return narrow(f"{_DIVISIONS[op]}64({a}, {b})", w)

    def ext(self, e: Ext) -> str:
        if isinstance(e.a.type, Bool):
            return f"({ctype(e.type)})({self.emit(e.a)})"
        a, src, dst = self.emit(e.a), e.a.type.width, e.type.width
        if dst <= src:
            return narrow(f"(uint64_t)({a})" if src > 64 >= dst else a, dst)
        if not e.signed:
            return f"(unsigned __int128)({a})" if dst > 64 >= src else self.widened(e.a, a)
        if dst <= 64:
            return narrow(f"(uint64_t){signed(a, src)}", dst)
        return narrow(f"(unsigned __int128)(__int128){signed(a, src)}", dst)
