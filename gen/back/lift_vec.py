# SPDX-License-Identifier: MIT
"""Lifting of what one lane computes: vectors of SMIR, one lane for each.

A value of w bits stands in lanes that may be wider or narrower: what they hold,
sign-extended or cut to w bits, is the value (of odd widths: zero-extended). So a
saturated sum of bytes, which the model computes in 64 bits, takes lanes of 16.
What all lanes share is a scalar until a lane width is known. A condition is a
mask, all ones or none, or one bit for each lane in a number.
"""
from __future__ import annotations

from dataclasses import dataclass, replace

from gen.back.lift_elems import SIZES, WIDTHS, NotLifted, TooWide
from gen.back.lift_lanes import LaneLifter
from gen.model.evaluate import evaluate
from gen.model.lanes import Elem, VecVar
from gen.model.sem import (Binary, Bits, Bool, Const, Expr, Ext, Op, Select, Slice, Unary, Var,
                           walk_expr)

_BITWISE = {Op.AND: "VAND", Op.OR: "VOR", Op.XOR: "VXOR"}
_SHIFTS = {Op.SHL: "VSHL", Op.LSHR: "VLSHR", Op.ASHR: "VASHR"}
_COMPARE = {Op.EQ: "VEQ", Op.ULT: "VULT", Op.ULE: "VULE", Op.SLT: "VSLT", Op.SLE: "VSLE"}
_ARITHMETIC = {Op.ADD: lambda a, b: a + b, Op.SUB: lambda a, b: a - b,
               Op.MUL: lambda a, b: a * b}


@dataclass(frozen=True, slots=True)
class Value:
    """lo, hi: what lanes may hold, signed. v: C of the vector, lanes of `width`
    bits; "": all the same, `scalar` (C of an i64) or `number`."""

    width: int
    lo: int
    hi: int
    v: str = ""
    scalar: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Mask:
    """v: C of the vector; "": bit k of `bits` (C of an i64) is lane k."""

    width: int = 0
    v: str = ""
    bits: str = ""


def full(width: int) -> tuple[int, int]:
    return -(1 << width - 1), (1 << width - 1) - 1


def signed(v: int, width: int) -> int:
    return v - (1 << width) if width in WIDTHS and v >> width - 1 else v


def fits(lo: int, hi: int, width: int) -> bool:
    least, most = full(width)
    return least <= lo and hi <= most


class LaneExpressions(LaneLifter):
    """The part of lift.Lifter that knows expressions of a lane."""

    lane_vars: dict[str, Value | Mask]

    def vop(self, name: str, bits: int, *args: str, lane: int = 0) -> str:
        if bits > SIZES[-1]:
            raise TooWide
        if bits not in SIZES:
            raise NotLifted
        args = (*args, *("0",) * (4 - len(args)))
        return self.bind(f"rx_smir_op(f, RX_S_{name}, RX_V{bits}, {', '.join(args)}, {lane})")

    # ---- lanes of a width --------------------------------------------------

    @property
    def least(self) -> int:
        """The narrowest lanes that make a vector."""
        width = next((w for w in WIDTHS if self.nlanes * w in SIZES), 0)
        if not width:
            raise TooWide if self.nlanes > 64 else NotLifted
        return width

    def room(self, lo: int, hi: int) -> int:
        """The narrowest lanes that hold these."""
        for w in WIDTHS:
            if w >= self.least and fits(lo, hi, w):
                return w
        raise NotLifted

    def splat(self, x: Value, width: int) -> str:
        s = x.scalar or self.const(x.number & (1 << 64) - 1, 64)
        return self.vop("VSPLAT", self.nlanes * width, s, lane=width)

    def at(self, x: Value, width: int) -> str:
        """Its low bits in lanes of this width, sign-extended."""
        return self.resized(x.v, x.width, width) if x.v else self.splat(x, width)

    def resized(self, v: str, width: int, to: int) -> str:
        if to == width:
            return v
        if self.nlanes * width not in SIZES:
            raise NotLifted
        return self.vop("VTRUNC" if to < width else "VSEXT", self.nlanes * to, v, lane=to)

    def lanes(self, v: str, width: int, lo: int | None = None, hi: int | None = None) -> Value:
        least, most = full(width)
        return Value(width, least if lo is None else lo, most if hi is None else hi, v)

    def exact(self, e: Expr) -> str:
        """In lanes of the value's own width."""
        if e.type.width not in WIDTHS:
            raise NotLifted
        return self.at(self.value(e), e.type.width)

    # ---- expressions -------------------------------------------------------

    def is_lane(self, x: Expr) -> bool:
        return isinstance(x, Var) and self.loop is not None and x.name == self.loop.var

    def uniform(self, e: Expr) -> bool:
        """Is it the same in all lanes?"""
        return not any(isinstance(x, Var) and (self.is_lane(x) or x.name in self.lane_vars)
                       for x in walk_expr(e))

    def shared(self, e: Expr) -> Value:
        """What is the same in all lanes."""
        w = e.type.width
        if isinstance(e, Const):
            n = signed(e.value, w)
            return Value(self.room(n, n), n, n, number=n)
        if w > 64:
            raise NotLifted
        s, lo, hi = self.expr(e), 0, (1 << w) - 1
        if w in WIDTHS:
            lo, hi = full(w)
        c = next(k for k in WIDTHS if k >= w)
        if c < 64:
            s = self.op("SEXT" if w in WIDTHS else "ZEXT", 64, s)
        return Value(self.room(lo, hi), lo, hi, scalar=s)

    def value(self, e: Expr) -> Value:
        if self.uniform(e):
            return self.shared(e)
        known = self.by_number(e)
        if known is not None and len(set(known)) == 1:
            return self.shared(Const(e.type, known[0]))
        x = self.computed(e)
        if known is None:
            return x
        known = [signed(k, e.type.width) for k in known]
        return replace(x, lo=min(known), hi=max(known))

    def by_number(self, e: Expr) -> list[int] | None:
        """The value in each lane, if the lane's number alone decides it."""
        if any(not (isinstance(x, (Const, Binary, Ext, Slice, Unary, Select)) or self.is_lane(x))
               for x in walk_expr(e)):
            return None
        return [evaluate(e, {self.loop.var: k}, lambda x: 0)
                for k in range(self.first, self.first + self.nlanes)]

    def computed(self, e: Expr) -> Value:
        match e:
            case Var(name=n) if isinstance(self.lane_vars.get(n), Value):
                return self.lane_vars[n]
            case Var() if self.is_lane(e):
                return self.number_of_lane()
            case Elem(type=t, source=v, index=x):
                return self.elements(v, x, t.width)
            case Binary(op=op) if op in _ARITHMETIC:
                return self.arithmetic(e.type.width, op, self.value(e.a), self.value(e.b))
            case Binary(op=op) if op in _BITWISE:
                return self.bitwise(op, self.value(e.a), self.value(e.b))
            case Binary(op=op) if op in _SHIFTS:
                return self.shift(e.type.width, op, self.value(e.a), e.b)
            case Unary(op=Op.NOT, a=a) if e.type.width in WIDTHS:
                return self.bitwise(Op.XOR, self.value(a), Value(8, -1, -1, number=-1))
            case Unary(op=Op.NEG, a=a):
                return self.arithmetic(e.type.width, Op.SUB, Value(8, 0, 0), self.value(a))
            case Ext(a=a, signed=s):
                return self.extended(self.value(a), a.type.width, e.type.width, s)
            case Slice(a=a, lo=lo):
                x = self.value(a)
                if lo:
                    x = self.shift(a.type.width, Op.LSHR, x, Const(Bits(64), lo))
                return self.cut(x, e.type.width)
            case Select(cond=c, a=a, b=b) if isinstance(e.type, Bits):
                return self.select(self.mask(c), self.value(a), self.value(b))
        raise NotLifted

    def select(self, m: Mask, x: Value, y: Value) -> Value:
        lo, hi = min(x.lo, y.lo), max(x.hi, y.hi)
        w = max([self.room(lo, hi)] + [k.width for k in (x, y) if k.v])
        v = self.vop("VSELECT", self.nlanes * w, self.mask_at(m, w), self.at(x, w), self.at(y, w))
        return Value(w, lo, hi, v)

    def number_of_lane(self) -> Value:
        last = self.first + self.nlanes - 1
        w = self.room(0, last)
        v = self.vop("VIOTA", self.nlanes * w, lane=w)
        x = Value(w, 0, self.nlanes - 1, v)
        if self.first:
            x = self.arithmetic(64, Op.ADD, x, Value(8, self.first, self.first,
                                                     number=self.first))
        return x

    def arithmetic(self, width: int, op: Op, x: Value, y: Value) -> Value:
        f = _ARITHMETIC[op]
        corners = [f(a, b) for a in (x.lo, x.hi) for b in (y.lo, y.hi)]
        lo, hi = min(corners), max(corners)
        if width in WIDTHS and fits(lo, hi, width):
            w = self.room(lo, hi)
        elif width in WIDTHS and width >= self.least:
            w = width
            lo, hi = full(w)
        else:
            raise NotLifted
        v = self.vop(f"V{op.name}", self.nlanes * w, self.at(x, w), self.at(y, w), lane=w)
        return Value(w, lo, hi, v)

    def bitwise(self, op: Op, x: Value, y: Value) -> Value:
        w = max(self.least, x.width if x.v else self.room(x.lo, x.hi),
                y.width if y.v else self.room(y.lo, y.hi))
        lo, hi = full(w)
        if op is Op.AND and max(x.lo, y.lo) >= 0:
            lo, hi = 0, min(k.hi for k in (x, y) if k.lo >= 0)
        elif min(x.lo, y.lo) >= 0:
            lo, hi = 0, (1 << max(x.hi, y.hi).bit_length()) - 1
        return Value(w, lo, hi, self.vop(_BITWISE[op], self.nlanes * w, self.at(x, w),
                                         self.at(y, w)))

    def shift(self, width: int, op: Op, x: Value, by: Expr) -> Value:
        """Amounts are below the width."""
        if isinstance(by, Const) and op is Op.SHL and width in WIDTHS:
            lo, hi = x.lo << by.value, x.hi << by.value
            if not fits(lo, hi, width):
                return self.lanes(self.shifted(op, x, width, by.value).v, width)
            return self.shifted(op, x, self.room(lo, hi), by.value)
        if isinstance(by, Const) and (op is Op.ASHR or x.lo >= 0):
            return self.shifted(op, x, x.width, by.value)
        if width not in WIDTHS:
            raise NotLifted
        x = self.lanes(self.at(x, width), width)
        if isinstance(by, Const):
            return self.shifted(op, x, width, by.value)
        v = self.vop(_SHIFTS[op], self.nlanes * width, x.v, self.at(self.value(by), width),
                     lane=width)
        return self.lanes(v, width)

    def shifted(self, op: Op, x: Value, w: int, n: int) -> Value:
        v, lo, hi = self.at(x, w), x.lo, x.hi
        if op is Op.SHL:
            lo, hi = lo << n, hi << n
        elif op is Op.LSHR and lo < 0:
            lo, hi = 0, ((1 << w) - 1) >> n
        else:
            lo, hi = lo >> n, hi >> n
        if not n:
            return Value(w, x.lo, x.hi, v)
        if n >= w:
            raise NotLifted
        by = self.splat(Value(8, n, n, number=n), w)
        return Value(w, lo, hi, self.vop(_SHIFTS[op], self.nlanes * w, v, by, lane=w))

    def extended(self, x: Value, width: int, to: int, is_signed: bool) -> Value:
        if to < width:
            return self.cut(x, to)
        if is_signed:
            if width not in WIDTHS:
                raise NotLifted
            return x
        if x.lo >= 0:
            return x
        w = self.room(0, (1 << width) - 1)
        if x.v and x.width == width and self.nlanes * width in SIZES:
            v = self.vop("VZEXT", self.nlanes * w, x.v, lane=w)
        else:
            ones = (1 << width) - 1
            v = self.vop("VAND", self.nlanes * w, self.at(x, w),
                         self.splat(Value(64, ones, ones, number=ones), w))
        return Value(w, 0, (1 << width) - 1, v)

    def cut(self, x: Value, width: int) -> Value:
        if width in WIDTHS and fits(x.lo, x.hi, width):
            return x
        if width in WIDTHS and width >= self.least:
            return self.lanes(self.at(x, width), width)
        ones = (1 << width) - 1
        if x.lo >= 0 and x.hi <= ones and width not in WIDTHS:
            return x
        if width in WIDTHS:
            raise NotLifted
        return self.bitwise(Op.AND, x, Value(8, ones, ones, number=ones))

    # ---- masks -------------------------------------------------------------

    def mask_at(self, m: Mask, width: int) -> str:
        if m.v:
            return self.resized(m.v, m.width, width)
        return self.vop("VMASK", self.nlanes * width, m.bits, lane=width)

    def bits_of(self, m: Mask) -> str:
        """A number with a bit for each lane, and none above."""
        if m.v:
            return self.bind(f"rx_smir_op(f, RX_S_VBITS, RX_V{self.nlanes * m.width}, {m.v}, "
                             f"0, 0, 0, {m.width})")
        if self.nlanes == 64:
            return m.bits
        return self.op("AND", 64, m.bits, self.const((1 << self.nlanes) - 1, 64))

    def mask(self, e: Expr) -> Mask:
        if self.uniform(e):
            return self.mask_if(self.expr(e))
        match e:
            case Var(name=n) if isinstance(self.lane_vars.get(n), Mask):
                return self.lane_vars[n]
            case Unary(op=Op.LNOT, a=a):
                return self.inverse(self.mask(a))
            case Binary(op=Op.LAND, a=a, b=b):
                return self.both(self.mask(a), self.mask(b))
            case Binary(op=Op.LOR, a=a, b=b):
                return self.joined("OR", self.mask(a), self.mask(b))
            case Binary(op=Op.EQ | Op.NE as op, a=a, b=Const(value=k)) \
                    if k < 2 and (bits := self.bit(a)) is not None:
                m = Mask(bits=bits)
                return m if (op is Op.EQ) == (k == 1) else self.inverse(m)
            case Binary(op=Op.NE, a=a, b=b) if isinstance(a.type, Bits):
                return self.inverse(self.mask(Binary(e.type, Op.EQ, a, b)))
            case Binary(op=op, a=a, b=b) if op in _COMPARE and isinstance(a.type, Bits):
                x, y = self.value(a), self.value(b)
                w = max([self.least] + [k.width if k.v else self.room(k.lo, k.hi)
                                        for k in (x, y)])
                return Mask(w, self.vop(_COMPARE[op], self.nlanes * w, self.at(x, w),
                                        self.at(y, w), lane=w))
            case Select(cond=c, a=a, b=b) if isinstance(e.type, Bool):
                m = self.mask(c)
                return self.joined("OR", self.both(m, self.mask(a)),
                                   self.both(self.inverse(m), self.mask(b)))
        raise NotLifted

    def bit(self, e: Expr) -> str | None:
        """An i64 of which e is bit `lane`, None: it is none."""
        match e:
            case Slice(lo=0, a=a, type=Bits(width=1)) | Binary(op=Op.AND, a=a, b=Const(value=1)):
                return self.bit(a) if not isinstance(a, Elem) else None
            case Binary(op=Op.LSHR, a=a, b=b) if self.lane_number(b) and self.uniform(a) \
                    and a.type.width in WIDTHS and a.type.width >= self.first + self.nlanes:
                v = self.expr(a)
                return self.from_first(v if a.type.width == 64 else self.op("ZEXT", 64, v))
            case Elem(type=Bits(width=1), source=v, index=x) if self.is_lane(x) \
                    and not isinstance(v, VecVar):
                if self.nlanes > 64:
                    raise TooWide
                w = max(8, self.nlanes)
                if self.first % 8 or w not in WIDTHS:
                    raise NotLifted
                v = self.vec_get(v, f"I{w}", self.first // 8)
                return v if w == 64 else self.op("ZEXT", 64, v)
        return None

    def from_first(self, bits: str) -> str:
        return self.op("LSHR", 64, bits, self.const(self.first, 64)) if self.first else bits

    def lane_number(self, e: Expr) -> bool:
        """The lane, perhaps cut or extended"""
        while isinstance(e, (Ext, Slice)):
            if isinstance(e, Slice) and (e.lo or self.first + self.nlanes > 1 << e.type.width):
                return False
            e = e.a
        return self.is_lane(e)

    def inverse(self, m: Mask) -> Mask:
        if m.bits:
            return Mask(bits=self.op("NOT", 64, m.bits))
        return Mask(m.width, self.vop("VNOT", self.nlanes * m.width, m.v))

    def joined(self, name: str, a: Mask, b: Mask) -> Mask:
        if a.bits and b.bits:
            return Mask(bits=self.op(name, 64, a.bits, b.bits))
        w = a.width or b.width
        return Mask(w, self.vop(f"V{name}", self.nlanes * w, self.mask_at(a, w),
                                self.mask_at(b, w)))

    def mask_if(self, cond: str) -> Mask:
        none, all_ = self.const(0, 64), self.const((1 << 64) - 1, 64)
        return Mask(bits=self.op("SELECT", 64, cond, all_, none))

    def mask_of(self, v: str, width: int) -> Mask:
        return Mask(width, v)

    def both(self, a: Mask | None, b: Mask) -> Mask:
        return b if a is None else self.joined("AND", a, b)
