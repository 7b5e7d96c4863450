# SPDX-License-Identifier: MIT
"""Lifting of members of a group (model.group, smir/group.h).

Members have no control flow of their own: what stands under a condition is
computed always, and its effects are conditional. Registers are read as they were
before the group, or as it leaves them; writes, stores and branches wait in the
function that is built until the group's end.
"""
from __future__ import annotations

from contextlib import contextmanager
from typing import Iterator

from gen.back.lift_elems import NotLifted
from gen.model.encoding import Operand
from gen.model.isa import RegClass
from gen.model.lanes import Elem, Lanes, SetElem, Vec, VecOp, VecVar
from gen.model.sem import (Assign, Binary, Branch, Check, Const, Expr, Ext, FpLet, Hook, If,
                           Let, Load, Op, Raise, RegRead, RegWrite, Rmw, Slice, StateRead,
                           StateWrite, Stmt, Store, Var, is_static, walk_stmts)

_ROW = 64  # bytes of a vector that are accessed at once ...
_PARTS = 4  # ... and how many of them a store has, RX_SMIR_PARTS
_NOW = {"": "LAST", "cur": "CUR", "tmp": "TMP"}  # by Insn.first


class Grouped:
    """The part of lift.GroupLifter that knows groups."""

    cond = "0"  # of effects, the C variable of an i1; "0": always
    depth = 1  # of indentation
    lets: dict[str, Expr]  # locals that do not change
    parts = True

    def put(self, text: str) -> None:
        self.lines.append("\t" * self.depth + text)

    # ---- registers ---------------------------------------------------------

    def operand(self, name: str) -> tuple[Operand, RegClass]:
        o = self.m.insn.operand(name)
        return o, self.isa.info.classes[o.regclass]

    def state_get(self, o: Operand, cls: RegClass, kind: str, at: str) -> str:
        if not cls.commit:
            raise NotLifted
        return self.bind(f"rx_smir_group_{'new' if o.fresh else 'old'}(f, RX_{kind}, {at})")

    def state_put(self, cls: RegClass, kind: str, at: str, v: str) -> None:
        if not cls.commit:
            raise NotLifted
        how = _NOW[self.m.insn.first] if cls.vector else cls.commit.upper()
        self.put(f"rx_smir_group_put(f, RX_{kind}, {at}, {v}, {self.cond}, RX_SMIR_{how});")

    def element(self, o: Operand, cls: RegClass, plus: int) -> tuple[int, str]:
        """Bits and offset of a register, or of one of a pair's."""
        w = cls.width // 2 if cls.pair else cls.width
        return w, f"offsetof(struct {self.isa.info.state}, {cls.state}[0]) + " \
                  f"{w // 8} * ({self.c.regnum(o)} + (size_t){plus})"

    def register(self, e: RegRead) -> str:
        o, cls = self.operand(e.operand)
        if e.view or e.plus or cls.at or self.drop(e.operand):
            raise NotLifted
        halves = []
        for k in range(1 + cls.pair):
            w, at = self.element(o, cls, k)
            halves.append(self.state_get(o, cls, f"I{w}", at))
        if not cls.pair:
            return halves[0]
        low, high = (self.op("ZEXT", 2 * w, h) for h in halves)
        return self.op("OR", 2 * w, low, self.op("SHL", 2 * w, high, self.const(w, 2 * w)))

    def write(self, s: RegWrite) -> None:
        o, cls = self.operand(s.operand)
        if s.view or s.plus or cls.at or self.drop(s.operand):
            raise NotLifted
        v = self.expr(s.value)
        for k in range(1 + cls.pair):
            w, at = self.element(o, cls, k)
            part = v
            if cls.pair:
                part = self.op("LSHR", 2 * w, v, self.const(w, 2 * w)) if k else v
                part = self.op("TRUNC", w, part)
            self.state_put(cls, f"I{w}", at, part)

    def vec_get(self, v: Vec, kind: str, at: int) -> str:
        if not isinstance(v, VecOp):
            raise NotLifted
        return self.state_get(*self.operand(v.operand), kind, f"{self.place(v)} + {at}")

    def vec_put(self, v: Vec, kind: str, at: int, value: str) -> None:
        if not isinstance(v, VecOp):
            raise NotLifted
        self.state_put(self.operand(v.operand)[1], kind, f"{self.place(v)} + {at}", value)

    def any_order(self, s: Lanes) -> bool:
        """Reads do not see what members write; only locals would show the order."""
        return s.parallel or not any(isinstance(x, SetElem) and isinstance(x.target, VecVar)
                                     for x in walk_stmts(s.body + s.inactive))

    def scalar_read(self, e: StateRead) -> str:
        raise NotLifted

    def memory(self, *a) -> str:
        raise NotLifted  # accesses wait for the group's end

    # ---- statements --------------------------------------------------------

    def stmt(self, s: Stmt) -> None:
        match s:
            case Assign(name=n, value=v) if n in self.vars and self.cond != "0":
                self.vars[n] = self.chosen(v, self.vars[n])
            case Load(name=n, addr=a, access=acc) if acc.size <= 8:
                self.vars[n] = self.bind(f"rx_smir_group_load(f, RX_I{acc.size * 8}, "
                                         f"{self.address(a)}, {self.c.how(acc)}, {self.cond})")
            case Store(addr=a, value=v, access=acc) if acc.size <= 8:
                at = self.address(a)
                self.put(f"rx_smir_group_store(f, RX_I{acc.size * 8}, {at}, {self.expr(v)}, "
                         f"{self.c.how(acc)}, {self.cond});")
            case Branch(target=t):
                self.put(f"rx_smir_group_exit(f, {self.address(t)}, {self.cond});")
            case If():
                self.if_(s)
            case Raise():
                self.pred = "" if self.cond == "0" else self.cond
                self.raise_(s, ())
                self.pred = ""
            case Rmw() | FpLet() | StateWrite() | Check():
                raise NotLifted
            case Let(name=n, value=v):
                self.lets[n] = v
                super().stmt(s)
            case Hook(name=None, hook=h) if self.isa.info.hooks[h].lift:
                self.put(f"(void){self.isa.info.hooks[h].lift};")
            case Lanes(start=None, active=None, count=Const(value=n),
                       body=(Load() as x, SetElem(target=t, index=k, value=Var(name=v)))) \
                    if v == x.name:
                at = self.row(s, x, k)
                for part in range(0, n * x.access.size, _ROW):
                    self.store(t, part, _ROW, self.bind(
                        f"rx_smir_group_load(f, RX_V{8 * _ROW}, {self.moved(at, part)}, "
                        f"{self.c.how(x.access)}, {self.cond})"))
            case Lanes(start=None, active=None, count=Const(value=n),
                       body=(Store(value=Elem(source=v, index=k)) as x,)):
                at = self.row(s, x, k)
                parts = [self.fetch(v, p, _ROW) for p in range(0, n * x.access.size, _ROW)]
                self.put(f"rx_smir_group_stores(f, RX_V{8 * _ROW}, {at}, {len(parts)}, "
                         f"(const rx_sv[]){{ {', '.join(parts)} }}, {self.c.how(x.access)}, "
                         f"{self.cond});")
            case _:
                super().stmt(s)

    def row(self, s: Lanes, x: Load | Store, k: Expr) -> str:
        """The address of the first element, where all follow each other there and in
        the vector, in whole pieces that do not wrap around."""
        self.loop, size = s, x.access.size * s.count.value
        first = self.stride(k) == (1, 0) and x.access.size == 8 and size % _ROW == 0 \
            and size // _ROW <= _PARTS
        match x.addr:
            case Binary(op=Op.ADD, a=base, b=Ext(a=e) | Slice(lo=0, a=e)) \
                    if first and self.stride(e) == (8, 0) and self.aligned(base, size):
                self.loop = None
                return self.address(base)
        raise NotLifted

    def aligned(self, e: Expr, size: int) -> bool:
        """Is it a multiple of size?"""
        if isinstance(e, Var) and e.name in self.lets:
            return self.aligned(self.lets[e.name], size)
        return isinstance(e, Binary) and e.op is Op.SHL and isinstance(e.b, Const) \
            and 1 << e.b.value >= size

    def moved(self, address: str, by: int) -> str:
        return self.op("ADD", 64, address, self.const(by, 64)) if by else address

    def chosen(self, v: Expr, old: str) -> str:
        return self.op("SELECT", self.container(v.type), self.cond, self.expr(v), old)

    def if_(self, s: If) -> None:
        assigned = any(isinstance(x, Assign) for x in walk_stmts((s,)))
        if is_static(s.cond) and not assigned:
            self.if_static(s)
            return
        cond = self.expr(s.cond)
        with self.under(cond):
            self.body(s.then)
        if s.other:
            with self.under(self.op("NOT", 1, cond)):
                self.body(s.other)

    @contextmanager
    def under(self, cond: str) -> Iterator[None]:
        before, self.cond = self.cond, \
            cond if self.cond == "0" else self.bind(f"rx_smir_both(f, {self.cond}, {cond})")
        yield
        self.cond = before

    def if_static(self, s: If) -> None:
        """Decided while lifting"""
        self.put(f"if ({self.static(s.cond)}) {{")
        before = dict(self.vars)
        for k, stmts in enumerate((s.then, s.other)):
            if k and stmts:
                self.put("} else {")
            self.depth += 1
            self.body(stmts)
            self.depth -= 1
            self.vars = dict(before)
        self.put("}")
