# SPDX-License-Identifier: MIT
"""Lifting of vectors: loops of constant length whose lanes do not depend on
each other become vector operations of 64 to 512 bits. Everything else stays a
call of the executor, one C loop whatever the number of lanes.

A lane's expression of w bits is a vector of count * w bits, a condition a mask:
all ones or none in lanes of the width that it was computed in. A local vector
is what was written to it, piece by piece, over what it began with.
"""
from __future__ import annotations

from dataclasses import dataclass, field

from gen.model.lanes import (Elem, Lanes, SetElem, Vec, VecCopy, VecLocal, VecOp, VecState, VecVar,
                             ZeroAbove)
from gen.model.sem import (BOOL, Assign, Binary, Bits, Bool, Const, Expr, Ext, FpLet, If, Let, Op,
                           Select, Slice, Stmt, Unary, Var, children, is_static, stmt_exprs,
                           walk_expr, walk_stmts)

_SIZES = (64, 128, 256, 512)
_WIDTHS = (8, 16, 32, 64)
_BINARY = {Op.ADD: "VADD", Op.SUB: "VSUB", Op.MUL: "VMUL", Op.SHL: "VSHL", Op.LSHR: "VLSHR",
           Op.ASHR: "VASHR"}
_BITWISE = {Op.AND: "VAND", Op.OR: "VOR", Op.XOR: "VXOR", Op.LAND: "VAND", Op.LOR: "VOR"}
_COMPARE = {Op.EQ: "VEQ", Op.ULT: "VULT", Op.ULE: "VULE", Op.SLT: "VSLT", Op.SLE: "VSLE"}
_FP = {"FPAdd": "VFADD", "FPSub": "VFSUB", "FPMul": "VFMUL", "FPDiv": "VFDIV",
       "FPSqrt": "VFSQRT", "FPMulAdd": "VFMULADD"}


class NotLifted(Exception):
    """SMIR has no operation for this; the instruction is lifted as a call."""


@dataclass(slots=True)
class Local:
    """A local vector. base: what bytes that were not written hold: another
    vector, zeros (None), or nothing that is ever read (known is False)."""

    base: Vec | None
    known: bool
    pieces: list[tuple[int, int, str]] = field(default_factory=list)  # byte, bytes, value; "": 0


@dataclass(slots=True)
class Value:
    """A vector in SMIR: the C variable, and bits of a lane."""

    v: str
    width: int


class LaneLifter:
    """The part of lift.Lifter that knows vectors."""

    locals: dict[str, Local]
    loop: Lanes | None = None
    nlanes = 0  # that are lifted at once ...
    base = 0  # ... and the first one of them
    parts = False  # may a loop be lifted in several parts?
    lane_vars: dict[str, tuple[Value, bool]]  # locals of the loop; is it a mask?
    stored: bool  # guest state was written

    # of Lifter
    def put(self, text: str) -> None: ...
    def bind(self, text: str) -> str: ...
    def expr(self, e: Expr) -> str: ...
    def const(self, text: str | int, width: int) -> str: ...
    def op(self, name: str, width: int, *args: str) -> str: ...

    def vop(self, name: str, bits: int, *args: str, lane: int = 0) -> str:
        if bits not in _SIZES:
            raise NotLifted
        args = (*args, *("0",) * (4 - len(args)))
        return self.bind(f"rx_smir_op(f, RX_S_{name}, RX_V{bits}, {', '.join(args)}, {lane})")

    # ---- places ------------------------------------------------------------

    def place(self, v: Vec) -> str:
        """C of the offset in the state of a vector register's first byte."""
        match v:
            case VecOp(operand=o, plus=p):
                cls = self.isa.info.classes[self.m.insn.operand(o).regclass]
                n = self.c.regnum(self.m.insn.operand(o))
                if p is not None and not is_static(p):
                    raise NotLifted
                if p is not None:
                    n = f"(({n} + {self.static(p)}) % {cls.count})"
            case VecState(name=n, index=x) if x is None or is_static(x):
                cls = next(c for c in self.isa.info.classes.values() if c.state == n)
                n = self.static(x) if x is not None else "0"
            case _:
                raise NotLifted
        if cls.stride:
            raise NotLifted
        return f"offsetof(struct {self.isa.info.state}, {cls.state}[0]) + " \
               f"{cls.width // 8} * (size_t){n}"

    def vec_get(self, v: Vec, kind: str, at: int) -> str:
        return self.bind(f"rx_smir_get(f, RX_{kind}, {self.place(v)} + {at})")

    def vec_put(self, v: Vec, kind: str, at: int, value: str) -> None:
        self.stored = True
        self.put(f"rx_smir_put(f, RX_{kind}, {self.place(v)} + {at}, {value});")

    def fetch(self, v: Vec, at: int, size: int) -> str:
        """Bytes of a vector as a value of 8 * size bits."""
        if isinstance(v, VecVar):
            return self.fetch_local(self.locals[v.name], at, size)
        return self.vec_get(v, f"V{8 * size}", at)

    def fetch_local(self, x: Local, at: int, size: int) -> str:
        for start, n, v in reversed(x.pieces):
            if (start, n) == (at, size):
                return v or self.zero(8 * size)
            if start < at + size and at < start + n:
                if not v and start <= at and at + size <= start + n:
                    return self.zero(8 * size)
                raise NotLifted
        if not x.known or x.base is not None and self.stored:
            raise NotLifted
        return self.fetch(x.base, at, size) if x.base is not None else self.zero(8 * size)

    def zero(self, bits: int) -> str:
        return self.vop("VSPLAT", bits, self.const(0, 64), lane=64)

    def store(self, v: Vec, at: int, size: int, value: str) -> None:
        """value: "" zeros."""
        if isinstance(v, VecVar):
            self.locals[v.name].pieces.append((at, size, value))
            return
        if value:
            self.vec_put(v, f"V{8 * size}", at, value)
            return
        for start, n in chunks(at, size):
            self.vec_put(v, f"V{8 * n}", start, self.zero(8 * n))

    # ---- statements --------------------------------------------------------

    def lane_stmt(self, s: Stmt) -> None:
        match s:
            case VecLocal(name=n, zero=zero):
                self.locals[n] = Local(None, zero)
            case VecCopy(target=VecVar(name=n), source=v, bytes=Const()) \
                    if not isinstance(v, VecVar):
                self.locals[n] = Local(v, True)
            case VecCopy(target=t, source=VecVar(name=n), bytes=Const(value=size)):
                self.copy_out(t, self.locals[n], size)
            case VecCopy(target=t, source=v, bytes=Const(value=size)):
                for at, k in chunks(0, size):
                    self.store(t, at, k, self.fetch(v, at, k))
            case ZeroAbove(target=t, start=Const(value=a), end=Const(value=b)):
                if a < b:
                    self.store(t, a, b - a, "")
            case ZeroAbove(target=t, start=a, end=b) if not isinstance(t, VecVar):
                first, end, at = self.expr(a), self.expr(b), self.place(t)
                self.stored = True
                self.put(f"(void)rx_smir_op(f, RX_S_ZERO, RX_VOID, {first}, {end}, 0, 0, {at});")
            case SetElem(target=t, index=Const(value=k), value=x) if x.type.width in _WIDTHS:
                self.set_elem(t, k, x)
            case Lanes():
                self.map(s)
            case _:
                raise NotLifted

    def copy_out(self, t: Vec, x: Local, size: int) -> None:
        """All pieces in the order of writing, over the base."""
        if any(at + n > size for at, n, _ in x.pieces):
            raise NotLifted
        if x.base != t and x.known:
            covered = max((n for at, n, _ in x.pieces if at == 0), default=0)
            rest = sorted((at, n) for at, n, _ in x.pieces)
            for at, n in rest:
                covered = max(covered, at + n) if at <= covered else covered
            if covered < size and x.base is not None:
                raise NotLifted
            if covered < size:
                self.store(t, 0, size, "")
        for at, n, v in x.pieces:
            self.store(t, at, n, v)

    def set_elem(self, t: Vec, k: int, x: Expr) -> None:
        """One element, by its number: a scalar in a vector register."""
        w = x.type.width
        if isinstance(t, VecVar):
            raise NotLifted
        self.vec_put(t, f"I{w}", k * w // 8, self.expr(x))

    def get_elem(self, e: Elem) -> str:
        w = e.type.width
        if isinstance(e.source, VecVar) or w not in _WIDTHS or not isinstance(e.index, Const):
            raise NotLifted
        return self.vec_get(e.source, f"I{w}", e.index.value * w // 8)

    def map(self, s: Lanes) -> None:
        if not self.any_order(s) or s.start is not None or not isinstance(s.count, Const) \
                or self.loop is not None:
            raise NotLifted
        self.loop, self.nlanes = s, s.count.value
        if self.parts:
            self.nlanes = min(self.nlanes, _SIZES[-1] // max(self.widths(s), default=8))
        for self.base in range(0, s.count.value, self.nlanes):
            if self.base + self.nlanes > s.count.value:
                raise NotLifted
            self.lane_vars = {}
            mask = self.mask(s.active) if s.active is not None else None
            self.lane_body(s.body, mask)
            if s.inactive:
                self.lane_body(s.inactive, self.inverse(mask))
        self.loop, self.base = None, 0

    def any_order(self, s: Lanes) -> bool:
        """Can nobody see the order of the lanes?"""
        return s.parallel

    def widths(self, s: Lanes) -> set[int]:
        """Bits of a lane, of all that is computed in it."""
        out: set[int] = set()

        def see(e: Expr) -> None:
            if isinstance(e, Elem):
                stride = self.stride(e.index)
                out.add(e.type.width * (stride[0] if stride else 1))
                return
            if isinstance(e.type, Bits):
                out.add(e.type.width)
            for c in children(e):
                see(c)

        for x in walk_stmts(s.body + s.inactive):
            for e in (x.value,) if isinstance(x, SetElem) else stmt_exprs(x):
                see(e)
        if s.active is not None:
            see(s.active)
        return out

    def stride(self, x: Expr) -> tuple[int, int] | None:
        """A factor of the lane's number and what is added, constants."""
        match x:
            case Var(name=n) if n == self.loop.var:
                return 1, 0
            case Binary(op=Op.MUL, a=Const(value=k), b=e) \
                    | Binary(op=Op.MUL, a=e, b=Const(value=k)):
                inner = self.stride(e)
                return (inner[0] * k, inner[1] * k) if inner else None
            case Binary(op=Op.SHL, a=e, b=Const(value=k)):
                inner = self.stride(e)
                return (inner[0] << k, inner[1] << k) if inner else None
            case Binary(op=Op.ADD, a=Const(value=k), b=e) \
                    | Binary(op=Op.ADD, a=e, b=Const(value=k)):
                inner = self.stride(e)
                return (inner[0], inner[1] + k) if inner else None
        return None

    def lane_body(self, body: tuple[Stmt, ...], mask: Value | None) -> None:
        for s in body:
            match s:
                case Let(name=n, value=v):
                    self.lane_vars[n] = self.lane_value(v)
                case Assign(name=n, value=v):
                    if n not in self.lane_vars:
                        raise NotLifted
                    self.lane_vars[n] = self.merged(self.lane_vars[n], self.lane_value(v), mask)
                case FpLet() if mask is None:
                    self.lane_vars[s.name] = self.lane_fp(s), False
                case SetElem(target=t, index=x, value=v) if v.type.width == 1 and self.is_lane(x):
                    self.lane_bits(t, v, mask)
                case SetElem(target=t, index=x, value=v) if (self.stride(x) or (0,))[0] == 1:
                    self.lane_set(t, self.stride(x)[1], v, mask)
                case If(cond=c, then=then, other=other):
                    yes = self.mask(c)
                    self.lane_body(then, self.both(mask, yes))
                    if other:
                        self.lane_body(other, self.both(mask, self.inverse(yes)))
                case _:
                    raise NotLifted

    def lane_bits(self, t: Vec, x: Expr, mask: Value | None) -> None:
        """A bit of each lane."""
        if mask is not None or isinstance(t, VecVar) or self.nlanes < 8:
            raise NotLifted
        match x:
            case Select(cond=c, a=Const(value=1), b=Const(value=0)):
                m = self.mask(c)
            case _:
                m = self.mask(Binary(BOOL, Op.EQ, x, Const(x.type, 1)))
        n = self.nlanes
        v = self.vop("VBITS", n * m.width, m.v, lane=m.width)
        self.vec_put(t, f"I{n}", self.base // 8, v if n == 64 else self.op("TRUNC", n, v))

    def lane_set(self, t: Vec, plus: int, x: Expr, mask: Value | None) -> None:
        v = self.lanes_of(x)
        size, at = self.nlanes * v.width // 8, (self.base + plus) * v.width // 8
        unwritten = isinstance(t, VecVar) and not self.locals[t.name].known \
            and not self.locals[t.name].pieces  # lanes that are off come later
        if mask is not None and not unwritten:
            old = self.fetch(t, at, size)
            v = Value(self.vop("VSELECT", 8 * size, self.as_width(mask, v.width).v, v.v, old),
                      v.width)
        self.store(t, at, size, v.v)

    def merged(self, old: tuple[Value, bool], new: tuple[Value, bool],
               mask: Value | None) -> tuple[Value, bool]:
        if mask is None:
            return new
        if old[0].width != new[0].width or old[1] != new[1]:
            raise NotLifted
        w = new[0].width
        return Value(self.vop("VSELECT", self.nlanes * w, self.as_width(mask, w).v, new[0].v,
                              old[0].v), w), new[1]

    def lane_fp(self, s: FpLet) -> Value:
        name = _FP.get(s.op.name)
        if name is None or s.env:
            raise NotLifted
        args = [self.lanes_of(a).v for a in s.op.args]
        if s.fixed is not None:
            args.append(self.const(s.fixed, 8))
        else:
            args.append(self.round)
        return Value(self.vop(name, self.nlanes * s.op.fmt, *args, lane=s.op.fmt), s.op.fmt)

    # ---- expressions of a lane ---------------------------------------------

    def is_lane(self, x: Expr) -> bool:
        return isinstance(x, Var) and x.name == self.loop.var

    def uniform(self, e: Expr) -> bool:
        """Is it the same in all lanes?"""
        return not any(isinstance(x, Var) and (x.name == self.loop.var or x.name in self.lane_vars)
                       for x in walk_expr(e))

    def lane_value(self, e: Expr) -> tuple[Value, bool]:
        if isinstance(e.type, Bool):
            return self.mask(e), True
        return self.lanes_of(e), False

    def lanes_of(self, e: Expr) -> Value:
        w = e.type.width
        if w not in _WIDTHS:
            raise NotLifted
        bits = self.nlanes * w
        if self.uniform(e):
            v = self.expr(e)
            return Value(self.vop("VSPLAT", bits, v if w == 64 else self.op("ZEXT", 64, v),
                                  lane=w), w)
        match e:
            case Var(name=n) if n in self.lane_vars and not self.lane_vars[n][1]:
                return self.lane_vars[n][0]
            case Elem(source=v, index=x) if self.stride(x):
                return self.strided(v, w, *self.stride(x))
            case Binary(op=op, a=a, b=b) if op in _BINARY:
                x, y = self.lanes_of(a), self.lanes_of(b)
                return Value(self.vop(_BINARY[op], bits, x.v, y.v, lane=w), w)
            case Binary(op=op, a=a, b=b) if op in _BITWISE:
                x, y = self.lanes_of(a), self.lanes_of(b)
                return Value(self.vop(_BITWISE[op], bits, x.v, y.v), w)
            case Unary(op=Op.NOT, a=a):
                return Value(self.vop("VNOT", bits, self.lanes_of(a).v), w)
            case Unary(op=Op.NEG, a=a):
                return Value(self.vop("VNEG", bits, self.lanes_of(a).v, lane=w), w)
            case Slice(lo=0, a=Ext(a=a, signed=signed)):  # extended further than wanted
                return self.resized(self.lanes_of(a), w, signed)
            case Ext(a=a, signed=signed):
                return self.resized(self.lanes_of(a), w, signed)
            case Slice(a=a, lo=lo):
                v = self.lanes_of(a)
                if lo:
                    by = self.vop("VSPLAT", self.nlanes * v.width, self.const(lo, 64), lane=v.width)
                    v = Value(self.vop("VLSHR", self.nlanes * v.width, v.v, by, lane=v.width),
                              v.width)
                return self.resized(v, w, False)
            case Select(cond=c, a=a, b=b):
                m = self.as_width(self.mask(c), w)
                x, y = self.lanes_of(a), self.lanes_of(b)
                return Value(self.vop("VSELECT", bits, m.v, x.v, y.v), w)
        raise NotLifted

    def strided(self, v: Vec, w: int, factor: int, plus: int) -> Value:
        """Elements that lie apart are parts of wider ones."""
        whole = w * factor
        if whole not in _WIDTHS:
            raise NotLifted
        at, size = self.base + plus // factor, self.nlanes * whole
        got = Value(self.fetch(v, at * whole // 8, size // 8), whole)
        if plus % factor:
            by = self.vop("VSPLAT", size, self.const(plus % factor * w, 64), lane=whole)
            got = Value(self.vop("VLSHR", size, got.v, by, lane=whole), whole)
        return self.resized(got, w, False)

    def resized(self, v: Value, width: int, signed: bool) -> Value:
        """Lanes of another width: extended or cut."""
        if v.width == width:
            return v
        name = "VTRUNC" if width < v.width else "VSEXT" if signed else "VZEXT"
        if self.nlanes * v.width not in _SIZES:
            raise NotLifted
        return Value(self.vop(name, self.nlanes * width, v.v, lane=width), width)

    # ---- masks -------------------------------------------------------------

    def mask(self, e: Expr) -> Value:
        narrow = next((w for w in _WIDTHS if self.nlanes * w in _SIZES), 0)
        if not narrow:
            raise NotLifted
        if self.uniform(e):
            v = self.op("SELECT", 64, self.expr(e), self.const((1 << 64) - 1, 64),
                        self.const(0, 64))
            return Value(self.vop("VSPLAT", self.nlanes * narrow, v, lane=narrow), narrow)
        match e:
            case Var(name=n) if n in self.lane_vars and self.lane_vars[n][1]:
                return self.lane_vars[n][0]
            case Unary(op=Op.LNOT, a=a):
                return self.inverse(self.mask(a))
            case Binary(op=Op.LAND, a=a, b=b):
                return self.both(self.mask(a), self.mask(b))
            case Binary(op=Op.LOR, a=a, b=b):
                x = self.mask(a)
                y = self.as_width(self.mask(b), x.width)
                return Value(self.vop("VOR", self.nlanes * x.width, x.v, y.v), x.width)
            case Binary(op=Op.EQ | Op.NE as op, a=a, b=Const(value=k)) \
                    if k < 2 and (bits := self.bit(a)) is not None:
                m = Value(self.vop("VMASK", self.nlanes * narrow, bits, lane=narrow), narrow)
                return m if (op is Op.EQ) == (k == 1) else self.inverse(m)
            case Binary(op=Op.EQ | Op.NE as op, a=Slice(type=Bits(width=1), lo=lo, a=a),
                        b=Const(value=k)) if k < 2:
                v = self.lanes_of(a)
                bits = self.nlanes * v.width
                one = self.vop("VSPLAT", bits, self.const(1 << lo, 64), lane=v.width)
                m = Value(self.vop("VEQ", bits, self.vop("VAND", bits, v.v, one), one,
                                   lane=v.width), v.width)
                return m if (op is Op.EQ) == (k == 1) else self.inverse(m)
            case Binary(op=Op.NE, a=a, b=b) if isinstance(a.type, Bits):
                return self.inverse(self.mask(Binary(e.type, Op.EQ, a, b)))
            case Binary(op=op, a=a, b=b) if op in _COMPARE and isinstance(a.type, Bits):
                x, y = self.lanes_of(a), self.lanes_of(b)
                return Value(self.vop(_COMPARE[op], self.nlanes * x.width, x.v, y.v, lane=x.width),
                             x.width)
        raise NotLifted

    def bit(self, e: Expr) -> str | None:
        """An i64 of which e is bit `lane`, None: it is none."""
        match e:
            case Slice(lo=0, a=a, type=Bits(width=1)) | Binary(op=Op.AND, a=a, b=Const(value=1)):
                return self.bit(a) if not isinstance(a, Elem) else None
            case Binary(op=Op.LSHR, a=a, b=b) if self.lane_number(b) and self.uniform(a) \
                    and a.type.width >= self.nlanes and not self.base:
                v = self.expr(a)
                return v if a.type.width == 64 else self.op("ZEXT", 64, v)
            case Elem(type=Bits(width=1), source=v, index=x) if self.is_lane(x) \
                    and not isinstance(v, VecVar) and self.nlanes <= 64:
                w = max(8, self.nlanes)
                if self.base % 8:
                    raise NotLifted
                v = self.vec_get(v, f"I{w}", self.base // 8)
                return v if w == 64 else self.op("ZEXT", 64, v)
        return None

    def lane_number(self, e: Expr) -> bool:
        """The lane, perhaps cut or extended"""
        while isinstance(e, (Ext, Slice)):
            if isinstance(e, Slice) and (e.lo or self.nlanes > 1 << e.type.width):
                return False
            e = e.a
        return self.is_lane(e)

    def inverse(self, m: Value) -> Value:
        return Value(self.vop("VNOT", self.nlanes * m.width, m.v), m.width)

    def both(self, a: Value | None, b: Value) -> Value:
        if a is None:
            return b
        b = self.as_width(b, a.width)
        return Value(self.vop("VAND", self.nlanes * a.width, a.v, b.v), a.width)

    def as_width(self, m: Value, width: int) -> Value:
        return self.resized(m, width, True)


def chunks(at: int, size: int) -> list[tuple[int, int]]:
    """size bytes from at on, in pieces that vector types have."""
    out = []
    while size:
        n = next((k for k in (64, 32, 16, 8) if k <= size and at % k == 0), 0)
        if not n:
            raise NotLifted
        out.append((at, n))
        at, size = at + n, size - n
    return out
