# SPDX-License-Identifier: MIT
"""C text of expressions. Values are zero-extended: bits(1..64) in uint64_t,
bits(65..128) in unsigned __int128, booleans in bool (core/arith.h helps)."""
from __future__ import annotations

from typing import Callable

from gen.model.sem import (BOOL, Binary, Bits, Bool, COMPARES, Const, Expr, Ext, FpOp, Imm,
                           Lookup, Op, RegNum, RegRead, Select, Slice, StateRead, Unary, Var)

_INFIX = {Op.ADD: "+", Op.SUB: "-", Op.MUL: "*", Op.AND: "&", Op.OR: "|", Op.XOR: "^",
          Op.SHL: "<<", Op.LSHR: ">>"}
_NARROWS = {Op.ADD, Op.SUB, Op.MUL, Op.SHL, Op.NEG, Op.NOT}  # results may exceed the width
_CALLS = {Op.UDIV: "rx_udiv", Op.SDIV: "rx_sdiv", Op.UREM: "rx_urem", Op.SREM: "rx_srem",
          Op.ROTR: "rx_ror", Op.CLMUL: "rx_clmul", Op.CLMULH: "rx_clmulh"}
_UNARY_CALLS = {Op.CLZ: "rx_clz", Op.CTZ: "rx_ctz", Op.POPCOUNT: "rx_popcount",
                Op.BSWAP: "rx_bswap", Op.ORCB: "rx_orcb"}
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
    return f"(({text}) & ((unsigned __int128)UINT64_C({hex((1 << (width - 64)) - 1)}) << 64 | ~UINT64_C(0)))"


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
    raise ValueError(f"signed value of {width} bits")


def const(value: int, width: int) -> str:
    if width <= 64:
        return str(value) if value < 10 else f"UINT64_C({hex(value)})"
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
            case Imm() | RegRead() | RegNum() | StateRead() | Lookup():
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
            case Select(cond=c, a=a, b=b):
                return f"({self.emit(c)} ? {self.emit(a)} : {self.emit(b)})"
            case FpOp():
                raise TypeError("FpOp outside FpLet")
        raise TypeError(e)

    def unary(self, e: Unary) -> str:
        a = self.emit(e.a)
        if e.op is Op.LNOT:
            return f"!{a}" if a.isidentifier() else f"!({a})"
        w = e.type.width
        if e.op is Op.NOT:
            return narrow(f"(~{a})", w)
        if e.op is Op.NEG:
            return narrow(f"(0 - {a})", w)
        return f"{_UNARY_CALLS[e.op]}{w}({a})"

    def binary(self, e: Binary) -> str:
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
        if e.type == BOOL and e.op is Op.XOR:
            return f"({a} != {b})"
        if e.op in _CALLS:
            return f"{_CALLS[e.op]}{w}({a}, {b})"
        if e.op is Op.ASHR:
            return narrow(f"(uint64_t)({signed(a, w)} >> {b})", w)
        text = f"({a} {_INFIX[e.op]} {b})"
        return narrow(text, w) if e.op in _NARROWS else text

    def ext(self, e: Ext) -> str:
        a = self.emit(e.a)
        src = 1 if isinstance(e.a.type, Bool) else e.a.type.width
        dst = e.type.width
        if isinstance(e.a.type, Bool):
            return f"(uint64_t)({a})"
        if dst <= src:
            return narrow(f"(uint64_t)({a})" if src > 64 else a, dst)
        if not e.signed:
            return f"(unsigned __int128)({a})" if dst > 64 and src <= 64 else a
        if dst <= 64:
            return narrow(f"(uint64_t){signed(a, src)}", dst)
        return narrow(f"(unsigned __int128)(__int128){signed(a, src)}", dst)
