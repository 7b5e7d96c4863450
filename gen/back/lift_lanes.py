# SPDX-License-Identifier: MIT
"""Lifting of vectors: where they are, and loops of constant length, which become
vector operations of 64 to 512 bits (gen.back.lift_vec). A loop whose lanes need
more is lifted in halves, a short one of other kinds lane by lane; everything else
stays a call of the executor, one C loop whatever the number of lanes.
"""
from __future__ import annotations

from copy import deepcopy

from gen.back.lift_elems import SIZES, WIDTHS, Elements, Local, NotLifted, Piece, TooWide
from gen.back.lift_index import chunks, folded, shifted_by
from gen.model import prims
from gen.model.lanes import (Elem, Lanes, SetElem, Vec, VecCopy, VecLocal, VecOp, VecState, VecVar,
                             ZeroAbove)
from gen.model.rewrite import rewrite, rewrite_body
from gen.model.sem import (BOOL, FAULTS, Assign, Binary, Bits, Const, Expr, FpLet, If, Let, Load,
                           Op, Select, Stmt, Store, Var, is_static, stmt_exprs, walk_expr,
                           walk_stmts)

_UNROLLED = 8  # lanes that are lifted one by one where vectors cannot
# IEEE operations: 1 for lanes that are off raises nothing in any of them
_FP = {"FPAdd": "VFADD", "FPSub": "VFSUB", "FPMul": "VFMUL", "FPDiv": "VFDIV",
       "FPSqrt": "VFSQRT", "FPMulAdd": "VFMULADD", "FPMinX86": "VFMINX86", "FPMaxX86": "VFMAXX86",
       "FPEqual": "VFEQ", "FPLess": "VFLT", "FPLessQuiet": "VFLTQ", "SIntToFP": "VSITOF",
       "UIntToFP": "VUITOF"}
ONE = {16: 0x3C00, 32: 0x3F800000, 64: 0x3FF0000000000000}


class LaneLifter(Elements):
    """The part of lift.Lifter that knows vectors."""

    locals: dict[str, Local]
    loop: Lanes | None = None
    nlanes = 0
    first = 0  # lane of the loop that is the first of the vectors
    pending: dict[tuple[Vec, int, int], str]  # what the loop writes to guest state at its end
    woven: dict[Vec, dict[int, object]]  # what it writes to each second element
    stored: bool  # guest state was written
    wrote: bool  # likewise, or a scalar

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

    def vec_get(self, v: Vec, kind: str, at: int | str) -> str:
        return self.bind(f"rx_smir_get(f, RX_{kind}, {self.place(v)} + {at})")

    def vec_put(self, v: Vec, kind: str, at: int | str, value: str) -> None:
        self.stored = self.wrote = True
        self.put(f"rx_smir_put(f, RX_{kind}, {self.place(v)} + {at}, {value});")

    def fetch(self, v: Vec, at: int, size: int) -> str:
        """Bytes of a vector as a vector of 8 * size bits."""
        if 8 * size not in SIZES:
            raise TooWide if 8 * size > SIZES[-1] else NotLifted
        if isinstance(v, VecVar):
            return self.fetch_local(self.locals[v.name], at, size)
        if (v, at, size) in self.pending:
            return self.pending[v, at, size]
        if any(k[0] == v and k[1] < at + size and at < k[1] + k[2] for k in self.pending):
            raise NotLifted
        return self.vec_get(v, f"V{8 * size}", at)

    def fetch_local(self, x: Local, at: int, size: int) -> str:
        for p in reversed(x.pieces):
            if p.covers(at, size) and not p.type:
                return self.zero(8 * size)
            if (p.at, p.size) == (at, size) and p.covers(at, size):
                if p.type[0] == "V":
                    return p.value
                if p.type == "I64":
                    return self.vop("VSPLAT", 64, p.value, lane=64)
            if p.covers(at, size) and p.type[0] == "V" and (at - p.at) % 8 == 0:
                return self.cut_out(p, (at - p.at) // 8, 8 * size)
            if not p.apart(at, size):
                raise NotLifted
        if not x.known or x.base is not None and self.stored:
            raise NotLifted
        if x.base is None:
            return self.zero(8 * size)
        return self.vec_get(x.base, f"V{8 * size}", at)  # as it was before the loop

    def cut_out(self, p: Piece, first: int, bits: int) -> str:
        """A part of a vector, from a word of 64 bits on."""
        index = self.vop("VIOTA", bits, lane=64)
        if first:
            more = self.vop("VSPLAT", bits, self.const(first, 64), lane=64)
            index = self.vop("VADD", bits, index, more, lane=64)
        return self.vop("VPERM", bits, p.value, index, lane=64)

    def zero(self, bits: int) -> str:
        return self.vop("VSPLAT", bits, self.const(0, 64), lane=64)

    def save(self, v: Vec, piece: Piece) -> None:
        """Writes a piece."""
        if isinstance(v, VecVar):
            self.locals[v.name].pieces.append(piece)
            return
        if piece.type == "VOID":
            self.stored = self.wrote = True
            first = self.const(piece.at, 64)
            self.put(f"(void)rx_smir_op(f, RX_S_ZERO, RX_VOID, {first}, {piece.value}, 0, 0, "
                     f"{self.place(v)});")
        elif piece.type:
            at = f"{piece.at} + {piece.offset}" if piece.offset else piece.at
            self.vec_put(v, piece.type, at, piece.value)
        else:
            for start, n in chunks(piece.at, piece.size):
                kind, zero = (f"V{8 * n}", self.zero(8 * n)) if n >= 8 else \
                    (f"I{8 * n}", self.const(0, 8 * n))
                self.vec_put(v, kind, start, zero)

    def store(self, v: Vec, at: int, size: int, value: str) -> None:
        """A vector; in a loop, guest state changes at its end."""
        if self.loop is not None and not isinstance(v, VecVar):
            self.pending[v, at, size] = value
        else:
            self.save(v, Piece(at, size, f"V{8 * size}", value))

    # ---- statements --------------------------------------------------------

    def lane_stmt(self, s: Stmt) -> None:
        match s:
            case VecLocal(name=n, zero=zero):
                self.locals[n] = Local(None, zero)
            case VecCopy(target=VecVar(name=n), source=v, bytes=Const()) \
                    if not isinstance(v, VecVar) and not self.locals[n].pieces:
                self.locals[n] = Local(v, True)
            case VecCopy(target=t, source=VecVar(name=n), bytes=Const(value=size)) \
                    if not isinstance(t, VecVar):
                self.copy_out(t, self.locals[n], size)
            case VecCopy(target=t, source=v, bytes=Const(value=size)):
                for at, k in chunks(0, size):
                    self.save(t, Piece(at, k, f"V{8 * k}", self.fetch(v, at, k)) if k >= 8 else
                              Piece(at, k, f"I{8 * k}", self.scalar_of(v, at // k, "", 8 * k)))
            case ZeroAbove(target=t, start=Const(value=a), end=Const(value=b)):
                if a < b:
                    self.save(t, Piece(a, b - a, ""))
            case ZeroAbove(target=t, start=Const(value=a), end=b):
                self.save(t, Piece(a, 0, "VOID", self.expr(b)))
            case ZeroAbove(target=t, start=a, end=b) if not isinstance(t, VecVar):
                first, end, at = self.expr(a), self.expr(b), self.place(t)
                self.stored = self.wrote = True
                self.put(f"(void)rx_smir_op(f, RX_S_ZERO, RX_VOID, {first}, {end}, 0, 0, {at});")
            case SetElem(target=VecVar(name=n), index=Const(value=0), value=Var(name=x)) \
                    if x in self.aliases and s.value.type.width == 128:
                self.lane_stmt(VecCopy(VecVar(n), self.aliases[x], Const(Bits(64), 16)))
            case SetElem(target=t, index=x, value=v) if v.type.width in (*WIDTHS, 128):
                self.set_elem(t, x, v)
            case Lanes():
                self.lanes_stmt(s)
            case _:
                raise NotLifted

    def copy_out(self, t: Vec, x: Local, size: int) -> None:
        """All pieces in the order of writing, over the base."""
        if any(p.at + p.size > size for p in x.pieces):
            raise NotLifted
        if x.base != t and x.known:
            covered = 0
            for p in sorted(x.pieces, key=lambda p: p.at):
                if p.covers(p.at, p.size) and p.at <= covered:
                    covered = max(covered, p.at + p.size)
            if covered < size and x.base is not None:
                raise NotLifted
            if covered < size:
                self.save(t, Piece(0, size, ""))
        for p in x.pieces:
            self.save(t, p)

    # ---- loops -------------------------------------------------------------

    def lanes_stmt(self, s: Lanes) -> None:
        """As vectors, in as few parts as will do, or lane by lane."""
        if s.start is not None or not isinstance(s.count, Const) or self.loop is not None:
            raise NotLifted
        n = s.count.value
        before = self.state()
        if self.any_order(s):
            for parts in (1, 2, 4, 8, 16):
                try:
                    if n % parts == 0:
                        self.map(s, n // parts)
                        return
                except TooWide:
                    pass
                except NotLifted:
                    break
                finally:
                    self.loop = None
                self.back(before)
        self.back(before)
        if n > _UNROLLED or s.progress:
            raise NotLifted
        for k in range(n):
            self.body(tuple(self.lane(s, k)))

    def lane(self, s: Lanes, k: int) -> tuple[Stmt, ...]:
        """The statements of one lane."""
        def put(e: Expr) -> Expr:
            return Const(e.type, k) if isinstance(e, Var) and e.name == s.var else e

        body = rewrite_body(s.body, put)
        if s.active is None:
            return body
        return (If(rewrite(s.active, put), body, rewrite_body(s.inactive, put)),)

    def state(self) -> tuple:
        return (len(self.lines), self.count, self.stored, self.wrote, dict(self.vars),
                deepcopy(self.locals))

    def back(self, state: tuple) -> None:
        n, self.count, self.stored, self.wrote, names, locals_ = state
        del self.lines[n:]
        self.vars, self.locals = dict(names), deepcopy(locals_)
        self.lane_vars, self.pending, self.woven = {}, {}, {}

    def any_order(self, s: Lanes) -> bool:
        """May all lanes do one operation, before any does the next?"""
        inner = list(walk_stmts(s.body + s.inactive))
        targets = {x.target for x in inner if isinstance(x, SetElem)}
        elems = [e for x in inner for y in stmt_exprs(x) for e in walk_expr(y)
                 if isinstance(e, Elem)]
        own = {x.name for x in inner if isinstance(x, Let)}
        carried = {x.name for x in inner if isinstance(x, Assign) and x.name not in own}
        read = [y.name for x in inner for z in stmt_exprs(x) for y in walk_expr(z)
                if isinstance(y, Var) and y.name in carried]
        return sum(isinstance(x, FAULTS) for x in inner) <= 1 and not s.progress \
            and all(e.source not in targets or isinstance(e.index, Var) and e.index.name == s.var
                    for e in elems) \
            and len(read) == len(carried)

    def map(self, s: Lanes, lanes: int) -> None:
        self.pending, self.woven = {}, {}
        for first in range(0, s.count.value, lanes):
            self.loop, self.nlanes, self.first, self.lane_vars = s, lanes, first, {}
            mask = self.mask_if(self.pred) if self.pred else None
            if s.active is not None:
                mask = self.both(mask, self.mask(s.active))
            self.lane_body(s.body, mask)
            if s.inactive:
                if self.pred:
                    raise NotLifted
                self.lane_body(s.inactive, self.inverse(mask))
            for t, both in self.woven.items():
                self.weave(t, both)
            self.woven = {}
        self.loop = None
        for (t, at, size), v in self.pending.items():
            self.save(t, Piece(at, size, f"V{8 * size}", v))
        self.pending = {}

    def lane_body(self, body: tuple[Stmt, ...], mask) -> None:
        for s in body:
            match s:
                case Let(name=n, value=v, mutable=False) if v.type != BOOL and self.uniform(v):
                    self.vars[n] = self.expr(v)
                case Let(name=n, value=v):
                    self.lane_vars[n] = self.lane_value(v)
                case Assign(name=n, value=v) if n in self.lane_vars:
                    self.lane_vars[n] = self.merged(self.lane_vars[n], self.lane_value(v), mask)
                case Assign(name=n, value=v) if n in self.vars:
                    self.collect(n, v, mask)
                case FpLet():
                    self.lane_vars[s.name] = self.lane_fp(s, mask)
                case Load(name=n, addr=a, access=acc) if acc.size <= 8:
                    self.faults()
                    w = 8 * acc.size
                    v = self.memory("LOADIF", w, a, mask, self.c.how(acc))
                    self.lane_vars[n] = self.lanes(v, w)
                case Store(addr=a, value=v, access=acc) if acc.size <= 8:
                    self.faults()
                    self.memory("STOREIF", 8 * acc.size, a, mask, self.c.how(acc), self.exact(v))
                case SetElem(target=t, index=x, value=v) if v.type.width == 1 and self.is_lane(x):
                    self.lane_bits(t, v, mask)
                case SetElem(target=t, index=x, value=v):
                    self.lane_set(t, x, v, mask)
                case If(cond=c, then=then, other=other):
                    yes = self.mask(c)
                    self.lane_body(then, self.both(mask, yes))
                    if other:
                        self.lane_body(other, self.both(mask, self.inverse(yes)))
                case _:
                    raise NotLifted

    def lane_value(self, e: Expr):
        return self.mask(e) if e.type == BOOL else self.value(e)

    def merged(self, old, new, mask):
        if mask is None:
            return new
        if type(old) is not type(new):
            raise NotLifted
        if hasattr(new, "bits"):
            return self.joined("OR", self.both(mask, new), self.both(self.inverse(mask), old))
        return self.select(mask, new, old)

    def collect(self, n: str, e: Expr, mask) -> None:
        """A scalar into which every lane puts a bit: the same one, or its own."""
        match e:
            case Select(cond=c, a=Const(value=1), b=Var(name=x)) if x == n:
                bits = self.bits_of(self.both(mask, self.mask(c)))
                any_ = self.op("NE", 64, bits, self.const(0, 64))
                self.vars[n] = self.op("OR", 8, self.vars[n], self.op("ZEXT", 8, any_))
            case Binary(op=Op.OR, type=Bits(width=64), a=Var(name=x), b=Select(
                    cond=c, a=Binary(op=Op.SHL, a=Const(value=1), b=by), b=Const(value=0))) \
                    if x == n and self.lane_number(by):
                bits = self.bits_of(self.both(mask, self.mask(c)))
                if self.first:
                    bits = self.op("SHL", 64, bits, self.const(self.first, 64))
                self.vars[n] = self.op("OR", 64, self.vars[n], bits)
            case _:
                raise NotLifted

    # ---- elements ----------------------------------------------------------

    def at_lane(self, x: Expr, scale: int) -> int | None:
        """The element that lane `first` of an index means, if the next lane's is
        `scale` further."""
        def value(k: int) -> int | None:
            e = folded(rewrite(x, lambda y: Const(y.type, k) if self.is_lane(y) else y))
            return e.value if isinstance(e, Const) else None

        n = [value(self.first + k) for k in range(self.nlanes)]
        if n[0] is None or any(y != n[0] + k * scale for k, y in enumerate(n)):
            return None
        return n[0]

    def elements(self, v: Vec, x: Expr, w: int):
        if w not in WIDTHS:
            raise NotLifted
        k = self.at_lane(x, 1)
        if k is not None:
            return self.lanes(self.fetch(v, k * w // 8, self.nlanes * w // 8), w)
        apart = self.stride(x)
        if apart:
            return self.strided(v, w, *apart)
        return self.permuted(v, x, w)

    def lane_bits(self, t: Vec, x: Expr, mask) -> None:
        """A bit of each lane."""
        n = self.nlanes
        if n > 64:
            raise TooWide
        if mask is not None or isinstance(t, VecVar) or n not in WIDTHS or self.first % 8:
            raise NotLifted
        match x:
            case Select(cond=c, a=Const(value=1), b=Const(value=0)):
                m = self.mask(c)
            case _:
                m = self.mask(Binary(BOOL, Op.EQ, x, Const(x.type, 1)))
        v = self.bits_of(m)
        self.vec_put(t, f"I{n}", self.first // 8, v if n == 64 else self.op("TRUNC", n, v))

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

    def strided(self, v: Vec, w: int, factor: int, plus: int):
        """Elements that lie apart are parts of wider ones."""
        whole = w * factor
        if whole not in WIDTHS:
            raise NotLifted
        at, size = self.first + plus // factor, self.nlanes * whole
        got = self.lanes(self.fetch(v, at * whole // 8, size // 8), whole)
        if plus % factor:
            got = self.shifted(Op.LSHR, got, whole, plus % factor * w)
        return self.cut(got, w)

    def permuted(self, v: Vec, x: Expr, w: int):
        """Elements that each lane chooses."""
        i = self.value(x)
        if i.lo < 0:
            raise NotLifted
        table = self.table(v, [k // 8 for k in SIZES if i.hi < k // w])
        return self.lanes(self.vop("VPERM", self.nlanes * w, table, self.at(i, w), lane=w), w)

    def table(self, v: Vec, sizes: list[int]) -> str:
        """The first bytes of a vector, as many as lie together."""
        if isinstance(v, VecVar):
            whole = [p.size for p in self.locals[v.name].pieces if p.at == 0]
            sizes.sort(key=lambda size: size not in whole)
        for size in sizes:
            try:
                return self.fetch(v, 0, size)
            except NotLifted:
                pass
        raise NotLifted

    def lane_set(self, t: Vec, x: Expr, e: Expr, mask) -> None:
        w = e.type.width
        if w not in WIDTHS:
            raise NotLifted
        at = self.at_lane(x, 1)
        if at is None:
            if mask is not None or (at := self.at_lane(x, 2)) is None:
                raise NotLifted
            self.woven.setdefault(t, {})[at] = self.value(e)
            return
        size = self.nlanes * w // 8
        at = at * w // 8
        v = self.exact(e)
        unwritten = isinstance(t, VecVar) and not self.locals[t.name].known \
            and not self.locals[t.name].pieces  # lanes that are off come later
        if mask is not None and not unwritten:
            v = self.vop("VSELECT", 8 * size, self.mask_at(mask, w), v, self.fetch(t, at, size))
        self.store(t, at, size, v)

    def weave(self, t: Vec, both: dict) -> None:
        """Elements 2n and 2n + 1 are one of double width."""
        if len(both) != 2 or max(both) != min(both) + 1 or min(both) % 2:
            raise NotLifted
        low, high = (both[k] for k in sorted(both))
        if low.width != high.width or low.width == 64 or not (low.v and high.v):
            raise NotLifted
        w, n = low.width, self.nlanes
        wide = [self.vop("VZEXT", 2 * n * w, x.v, lane=2 * w) for x in (low, high)]
        by = self.vop("VSPLAT", 2 * n * w, self.const(w, 64), lane=2 * w)
        v = self.vop("VOR", 2 * n * w, wide[0],
                     self.vop("VSHL", 2 * n * w, wide[1], by, lane=2 * w))
        self.store(t, min(both) * w // 8, n * w // 4, v)

    def memory(self, name: str, w: int, address: Expr, mask, how: str, value: str = "") -> str:
        """Lanes at consecutive addresses; words of 64 bits are one access."""
        def at(k: int) -> Expr:
            return folded(rewrite(address, lambda y: Const(y.type, k) if self.is_lane(y) else y))

        if any(shifted_by(at(self.first), at(self.first + k)) != k * w // 8
               for k in range(self.nlanes)):
            raise NotLifted
        a = self.address(at(self.first))
        if self.nlanes * w > SIZES[-1]:
            raise TooWide
        if self.nlanes * w not in SIZES:
            raise NotLifted
        if mask is None and w == 64:
            kind = f"RX_V{self.nlanes * w}, {a}"
            if value:
                self.put(f"rx_smir_store(f, {kind}, {value}, {how});")
                return ""
            return self.bind(f"rx_smir_load(f, {kind}, {how})")
        bits = self.const((1 << 64) - 1, 64) if mask is None else self.bits_of(mask)
        imm = f"{w} | (uint64_t)({how}) << 8"
        if value:
            self.put(f"(void)rx_smir_op(f, RX_S_{name}, RX_V{self.nlanes * w}, {a}, {value}, "
                     f"{bits}, 0, {imm});")
            return ""
        return self.bind(f"rx_smir_op(f, RX_S_{name}, RX_V{self.nlanes * w}, {a}, {bits}, 0, 0, "
                         f"{imm})")

    def lane_fp(self, s: FpLet, mask):
        name, p = _FP.get(s.op.name), prims.FP[s.op.name]
        if name is None:
            raise NotLifted
        own = s.op.type.width if p.result == "dst" else s.op.fmt
        one = 1 if p.integer_source else ONE[s.op.fmt]
        args = []
        for a in s.op.args:
            v = self.exact(a)
            if mask is not None:
                w = s.op.fmt
                on = self.vop("VSPLAT", self.nlanes * w, self.const(one, 64), lane=w)
                v = self.vop("VSELECT", self.nlanes * w, self.mask_at(mask, w), v, on)
            args.append(v)
        v = self.vop(name, self.nlanes * own, *args, *self.direction(s), lane=own)
        return self.mask_of(v, own) if s.op.type == BOOL else self.lanes(v, own)
