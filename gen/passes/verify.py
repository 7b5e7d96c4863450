# SPDX-License-Identifier: MIT
"""Verifier of meanings: types, widths, names, operands; after commit also the
order of effects. What it finds is a bug of the generator, not of the input.
"""
from __future__ import annotations

from gen.model import prims
from gen.model.encoding import Insn
from gen.model.isa import IsaInfo
from gen.model.lanes import (ELEMENT_WIDTHS, Elem, Lanes, SetElem, TryLoad, Vec,
                             VecCopy, VecLocal, VecOp, VecState, VecVar, ZeroAbove)
from gen.model.pure import PURE
from gen.model.sem import (Assign, Atomic, BOOL, BOOLEAN, Binary, Bits, Bool, Branch, COMPARES,
                           Check, Const, Decoded, Done, Expr, Ext, FAULTS, FpLet, FpStatus, Hook,
                           If, Imm, Let, Load, Lookup, MAX_WIDTH, Native, Op, OperandAddr, Prim,
                           Raise, RegNum, RegRead, RegWrite, Rmw, SHIFTS, STATIC_STATE, Select,
                           Sem, Slice, StateRead, StateWrite, Stmt, Store, Type, UNARY, Unary,
                           Unknown, Var, WRITES, children, has_width, is_done, reads_state,
                           stmt_exprs, walk_expr, walk_stmts)


_INDEX = Bits(64)


class Broken(Exception):
    """A meaning that breaks the model's rules."""


class _Verifier:
    def __init__(self, insn: Insn, isa: IsaInfo) -> None:
        self.insn, self.isa = insn, isa
        self.vectors: set[str] = set()  # local ones

    def need(self, ok: bool, what: object) -> None:
        if not ok:
            raise Broken(f"{self.insn.name}: {what}")

    # ---- expressions -------------------------------------------------------

    def type(self, t: Type) -> None:
        self.need(isinstance(t, Bool) or isinstance(t, Bits) and 1 <= t.width <= MAX_WIDTH,
                  f"type {t}")

    def expr(self, e: Expr, names: dict[str, tuple[Type, bool]]) -> None:
        for x in children(e):
            self.expr(x, names)
        self.type(e.type)
        self.need(self.leaf(e, names) if not children(e) else self.node(e), e)

    def leaf(self, e: Expr, names: dict[str, tuple[Type, bool]]) -> bool:
        match e:
            case Const(type=t, value=v):
                return 0 <= v < (2 if isinstance(t, Bool) else 1 << t.width)
            case Var(type=t, name=n):
                return n in names and names[n][0] == t
            case Imm(type=t, operand=n):
                o = self.insn.operand(n)
                return o is not None and not o.regclass and t == Bits(o.width)
            case RegRead(type=t, operand=n, view=v):
                return self.register(n, v, "r") == t
            case RegNum(type=t, operand=n):
                o = self.insn.operand(n)
                return o is not None and o.regclass in self.isa.classes and t == Bits(8)
            case StateRead(type=t, name=n):
                if n in self.isa.scalars:
                    return t == Bits(self.isa.scalars[n].width)
                return n in STATIC_STATE and t == Bits(self.isa.bits)
            case Unknown():
                return True
            case FpStatus(type=t, what="round", env=env):
                return t == Bits(8) and env in self.isa.fpenvs
            case FpStatus(type=t, what=w):
                return t == Bits(8) and w in ("flags", "up")
            case Decoded(type=t, name=n):
                return n in self.isa.decoded and t == Bits(self.isa.decoded[n].width)
            case OperandAddr():
                return self.address(e)
        return False

    def address(self, e: OperandAddr) -> bool:
        return self.insn.operand(e.operand) is not None and e.part in self.isa.addresses \
            and e.type == Bits(self.isa.bits) and (e.plus is None or e.plus.type == e.type)

    def register(self, name: str, view: str | None, access: str) -> Type | None:
        """Type of a register operand through a view."""
        o = self.insn.operand(name)
        if o is None or access not in o.access or o.regclass not in self.isa.classes:
            return None
        if view is None:
            return Bits(self.isa.classes[o.regclass].width)
        v = self.isa.views.get(view)
        return Bits(v.width) if v is not None and v.regclass == o.regclass else None

    def node(self, e: Expr) -> bool:
        match e:
            case Unary(type=t, op=op, a=a):
                if op is Op.LNOT:
                    return t == a.type == BOOL
                return op in UNARY and t == a.type and isinstance(t, Bits) \
                    and has_width(op, t.width)
            case Binary():
                return self.binary(e)
            case Ext(type=Bits(width=w), a=a):
                return isinstance(a.type, Bits) and w != a.type.width
            case Slice(type=Bits(width=w), lo=lo, a=a):
                return isinstance(a.type, Bits) and lo >= 0 and lo + w <= a.type.width
            case Select(type=t, cond=c, a=a, b=b):
                return c.type == BOOL and a.type == b.type == t
            case Lookup(type=Bits(width=w), index=x, values=values):
                return x.type == Bits(64) and w <= 64 and all(0 <= v < 1 << w for v in values)
            case Prim(type=Bits(width=w), name=n, args=args):
                return n in PURE and PURE[n].result_width([a.type.width for a in args]) == w
            case OperandAddr():
                return self.address(e)
            case Elem(type=Bits(width=w), index=x, source=v):
                return w in ELEMENT_WIDTHS and x.type == _INDEX and self.vec(v)
        return False

    def vec(self, v: Vec) -> bool:
        match v:
            case VecOp(operand=o, plus=p):
                op = self.insn.operand(o)
                return op is not None and op.regclass in self.isa.classes \
                    and self.isa.classes[op.regclass].vector and (p is None or p.type == _INDEX)
            case VecVar(name=n):
                return n in self.vectors
            case VecState(name=n, index=x):
                return any(c.vector and c.state == n for c in self.isa.classes.values()) \
                    and (x is None or x.type == _INDEX)
        return False

    @staticmethod
    def binary(e: Binary) -> bool:
        t = e.a.type
        if t != e.b.type or e.op in UNARY:
            return False
        if e.op in BOOLEAN:
            return t == e.type == BOOL
        if e.op in (Op.EQ, Op.NE):
            return e.type == BOOL
        if e.op in COMPARES:
            return e.type == BOOL and isinstance(t, Bits)
        if e.op in SHIFTS and isinstance(e.b, Const) and e.b.value >= t.width:
            return False
        return isinstance(t, Bits) and e.type == t and has_width(e.op, t.width)

    # ---- statements --------------------------------------------------------

    def body(self, body: tuple[Stmt, ...], names: dict[str, tuple[Type, bool]]) -> None:
        for s in body:
            for e in stmt_exprs(s):
                if not isinstance(s, Lanes) or e is not s.active:
                    self.expr(e, names)
            self.need(self.stmt(s, names), s)

    def bind(self, names: dict[str, tuple[Type, bool]], name: str, t: Type,
             mutable: bool = False) -> bool:
        fresh = name not in names
        names[name] = (t, mutable)
        return fresh

    def stmt(self, s: Stmt, names: dict[str, tuple[Type, bool]]) -> bool:
        address = Bits(self.isa.bits)
        match s:
            case Let(name=n, value=v, mutable=m):
                return self.bind(names, n, v.type, m)
            case Assign(name=n, value=v):
                return names.get(n) == (v.type, True)
            case Load(name=n, addr=a, access=acc):
                return a.type == address and self.bind(names, n, Bits(acc.size * 8))
            case Store(addr=a, value=v, access=acc):
                return a.type == address and v.type == Bits(acc.size * 8)
            case Rmw(name=n, addr=a, value=v, access=acc):
                return a.type == address and v.type == Bits(acc.size * 8) \
                    and self.bind(names, n, v.type)
            case Atomic(name=n, addr=a, body=body, value=v, access=acc):
                self.bind(names, n, Bits(acc.size * 8), True)
                self.need(all(isinstance(x, (Let, Assign, If)) for x in walk_stmts(body)), s)
                self.body(body, names)
                self.expr(v, names)
                return a.type == address and v.type == Bits(acc.size * 8)
            case Hook(name=n, hook=h, args=args):
                decl = self.isa.hooks[h]
                return tuple(a.type for a in args) == decl.params and (
                    decl.result is None if n is None else self.bind(names, n, decl.result))
            case Check(hook=h, args=args):
                decl = self.isa.hooks[h]
                return tuple(a.type for a in args) == decl.params and decl.result is None
            case FpLet(name=n, op=op, round=r, fixed=k):
                p = prims.FP[op.name]
                given = (r is not None) + (k is not None)
                return (given <= p.rounds and s.env in self.isa.fpenvs if s.env
                        else given == p.rounds) \
                    and all(a.type == Bits(op.fmt) for a in op.args) \
                    and len(op.args) == p.args and self.bind(names, n, op.type)
            case RegWrite(operand=n, view=v, value=x):
                return self.register(n, v, "w") == x.type
            case StateWrite(name=n, value=x):
                return n in self.isa.scalars and x.type == Bits(self.isa.scalars[n].width)
            case Branch(target=t):
                return t.type == address
            case VecLocal(name=n, bytes=size):
                self.vectors.add(n)
                return size > 0
            case SetElem(target=t, index=x, value=v):
                return self.vec(t) and x.type == _INDEX and isinstance(v.type, Bits) \
                    and v.type.width in ELEMENT_WIDTHS
            case VecCopy(target=t, source=v, bytes=n):
                return self.vec(t) and self.vec(v) and n.type == _INDEX
            case ZeroAbove(target=t, start=a, end=b):
                return self.vec(t) and a.type == b.type == _INDEX
            case TryLoad(name=n, ok=ok, addr=a, access=acc):
                return a.type == address and self.bind(names, n, Bits(acc.size * 8)) \
                    and self.bind(names, ok, BOOL)
            case Lanes():
                return self.lanes(s, names)
            case If(cond=c, then=then, other=other):
                self.body(then, dict(names))
                self.body(other, dict(names))
                return c.type == BOOL
            case Raise(exc=e, value=v):
                return (e == "UNDEFINED" and v is None or e in self.isa.exceptions) \
                    and (v is None or v.type == Bits(64))
            case Native() | Done():
                return True
        return False

    def lanes(self, s: Lanes, names: dict[str, tuple[Type, bool]]) -> bool:
        inner = dict(names)
        fresh = self.bind(inner, s.var, _INDEX)
        if s.active is not None:
            self.expr(s.active, inner)
            fresh = fresh and s.active.type == BOOL
        for body in (s.body, s.inactive):
            self.need(not any(isinstance(x, (*WRITES, Branch)) for x in walk_stmts(body)),
                      f"a scalar register write or branch in a loop: {s.var}")
            self.body(body, dict(inner))
        self.body(s.on_fault, dict(inner))
        return fresh and all(x.type == _INDEX for x in (s.start, s.count) if x is not None) \
            and (s.progress or not s.on_fault)

    def order(self, body: tuple[Stmt, ...], written: bool) -> bool:
        """Committed: nothing reads registers or may fault behind a write, and
        control leaves at the end. True if registers are written."""
        for k, s in enumerate(body):
            reads = any(reads_state(x) for e in stmt_exprs(s) for x in walk_expr(e))
            bad = isinstance(s, (*FAULTS, FpLet)) or reads and not isinstance(s, WRITES)
            self.need(not (written and (bad or reads)), f"behind a register write: {s}")
            self.need(not isinstance(s, Branch) or k + 1 == len(body), f"not the last: {s}")
            if isinstance(s, WRITES) and not (isinstance(s, StateWrite) and s.early):
                written = True
            elif isinstance(s, If):
                inner = [self.order(x, written) and not is_done(x) for x in (s.then, s.other)]
                written = written or any(inner)
        return written


def verify(insn: Insn, sem: Sem, isa: IsaInfo, committed: bool) -> None:
    """Raises Broken."""
    v = _Verifier(insn, isa)
    v.body(sem.body, {})
    if committed:
        if not isa.group:  # whose members write to shadows
            v.order(sem.body, False)
