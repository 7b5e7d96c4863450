# SPDX-License-Identifier: MIT
"""From syntax trees of bodies to the typed model.

Bit vectors get constant widths, exact integers a machine width by range
inference, memory accesses and calls become statements in evaluation order.
Everything that does not check is reported with its source span.
"""
from __future__ import annotations

from aslparser import ast as A

from gen.front.intval import IntVal
from gen.front.scope import INTEGER
from gen.front.vectors import Vectors, lane_names
from gen.model.sem import (BOOL, Assign, Bits, Branch, Const, Done, Expr, If, Let, Raise, RegWrite,
                           Sem, StateWrite, Stmt, Store, Type, Unknown, Var)
from gen.support.errors import SpecError


class BodyChecker(Vectors):
    """Checks one body; the result is a Sem, or the errors are in `errors`."""

    def check(self, body: tuple[A.Stmt, ...]) -> Sem | None:
        self.look(body)
        if self.rules is None:
            self.block(body)
        else:
            self.cases(body)
        if not self.accrued:
            self.accrue()
        self.leave()
        return Sem(tuple(self.out)) if len(self.errors) == self.before else None

    def cases(self, body: tuple[A.Stmt, ...]) -> None:
        """The body under the ISA's rules, once for each of their cases."""
        self.out += self.rules.before()
        chain: list[tuple[Expr, tuple[Stmt, ...]]] = []
        for cond, self.consts in self.rules.cases(lane_names(body)):
            if cond is None:
                self.block(body)
                break
            chain.append((cond, self.nested(body)[0]))
            if len(self.errors) != self.before:
                return
        other: tuple[Stmt, ...] = (Raise("UNDEFINED"),)
        for cond, stmts in reversed(chain):
            other = (If(cond, stmts, other),)
        self.out += other if chain else ()
        self.out += self.rules.after()

    def block(self, body: tuple[A.Stmt, ...]) -> bool:
        """True if the end of the block cannot be reached."""
        ended = False
        for s in body:
            try:
                if ended:
                    raise self.fail(s, "nothing is executed behind a fault")
                self.stmt(s)
                ended = bool(self.out) and _ends(self.out[-1])
            except SpecError as e:
                self.errors.take(e)
        return ended

    def nested(self, body: tuple[A.Stmt, ...]) -> tuple[tuple[Stmt, ...], set[str] | None]:
        """A body of its own scope: its statements and the locals that have a
        value behind it, None if nothing is behind it."""
        saved, self.out = self.out, []
        before = set(self.assigned)
        self.scopes.append({})
        ended = self.block(body)
        self.leave()
        after, self.assigned = self.assigned, before
        out, self.out = self.out, saved
        return tuple(out), None if ended else after

    def stmt(self, s: A.Stmt) -> None:
        match s:
            case A.VarDecl():
                self.declare(s)
            case A.Assign(target=t, value=v):
                self.assign(t, v)
            case A.CallStmt(call=c):
                self.call_stmt(c)
            case A.If():
                self.if_stmt(s, s.arms)
            case A.For():
                self.loop(s)
            case A.Lane():
                self.lane_stmt(s)
            case A.UndefinedStmt():
                self.out.append(Raise("UNDEFINED"))
            case A.Return(value=None):
                self.out.append(Done())
            case A.Pass():
                pass
            case _:
                raise self.fail(s, f"{type(s).__name__} is not supported in a body")

    def if_stmt(self, s: A.If, arms: tuple[A.Arm, ...]) -> None:
        cond = self.boolean(arms[0].cond)
        then, a = self.nested(arms[0].body)
        if len(arms) == 1:
            other, b = self.nested(s.otherwise)
        else:
            saved, self.out = self.out, []
            before = set(self.assigned)
            self.if_stmt(s, arms[1:])
            b = None if _ends(self.out[-1]) else self.assigned
            other, self.out, self.assigned = tuple(self.out), saved, before
        self.out.append(If(cond, then, other))
        both = [x for x in (a, b) if x is not None]
        if both:
            self.assigned = set.intersection(*both)

    # ---- declarations and assignments --------------------------------------

    def type_of(self, t: A.Type) -> Type | str:
        match t:
            case A.BitsType(width=w):
                return Bits(self.static_width(w))
            case A.NamedType(name="boolean"):
                return BOOL
            case A.NamedType(name="bit"):
                return Bits(1)
            case A.NamedType(name="integer"):
                return INTEGER
        raise self.fail(t, "expected bits(N), bit, boolean or integer")

    def declare(self, s: A.VarDecl) -> None:
        size = self.vector_size(s)
        typ = self.type_of(s.type) if size is None else None
        for n in s.names:
            if n.name in self.operands or self.find(n.name):
                raise self.fail(n, f"'{n.name}' is already declared")
            if size is not None:
                self.declare_vector(n, size, s.value)
                continue
            try:
                self.declare_one(s, n, typ)
            except SpecError:  # say nothing about its uses
                value = IntVal.const(0) if typ == INTEGER else Unknown(typ)
                self.add_local(n, value, typ, True, assigned=True)
                raise

    def declare_one(self, s: A.VarDecl, n: A.Name, typ: Type | str) -> None:
        name = f"l_{n.name}"
        if s.value is None:
            if typ == INTEGER or s.constant:
                raise self.fail(n, f"'{n.name}' needs a value where it is declared")
            self.out.append(Let(name, Const(typ, 0), mutable=True))
            self.add_local(n, Var(typ, name), typ, True, assigned=False)
        elif typ == INTEGER:
            self.declare_integer(n, self.integer(s.value))
        else:
            self.out.append(Let(name, self.typed(s.value, typ), mutable=not s.constant))
            self.add_local(n, Var(typ, name), typ, not s.constant, assigned=True)

    def declare_integer(self, n: A.Name, v: IntVal) -> None:
        """The bits behind it are bound: what they are made of may change."""
        name = f"l_{n.name}"
        if v.origin is not None:
            x, signed = v.origin
            self.out.append(Let(name, x))
            v = IntVal.within(Var(x.type, name), signed, v.lo, v.hi)
        elif v.expr is not None:
            self.out.append(Let(name, v.expr))
            v = IntVal(Var(v.expr.type, name), v.width, v.lo, v.hi)
        self.add_local(n, v, INTEGER, False, assigned=True)

    def assign(self, target: A.Expr, value: A.Expr) -> None:
        if self.assign_lanes(target, value):
            return
        v = self.expr(value)
        match target:
            case A.Name(name=n) if n in self.operands:
                cls = self.regclass(target, n)
                self.accessed(target, n, "w")
                self.out.append(RegWrite(n, None, self.coerce(v, Bits(cls.width), value)))
            case A.Name(name=n):
                local = self.find(n)
                if local is None and (scalar := self.isa.scalars.get(n)):
                    self.out.append(StateWrite(n, self.coerce(v, Bits(scalar.width), value)))
                    return
                if local is None:
                    raise self.fail(target, f"'{n}' is not declared")
                if not local.mutable:
                    raise self.fail(target, f"'{n}' cannot be assigned")
                self.out.append(Assign(local.name, self.coerce(v, local.type, value)))
                self.assigned.add(local.name)
            case A.Index(base=A.Name(name="Mem"), args=args):
                addr, acc = self.mem_args(target, args)
                self.out.append(Store(addr, self.coerce(v, Bits(acc.size * 8), value), acc))
            case A.Index(base=A.Name(name=name), args=(A.Name(name=op),)) \
                    if view := self.view(name):
                self.view_operand(target, view, op, "w")
                self.out.append(RegWrite(op, view.name, self.coerce(v, Bits(view.width), value)))
            case _:
                raise self.fail(target, "expected an operand, a variable, Mem[address, size] "
                                        "or a register view on the left side")

    def call_stmt(self, c: A.Call) -> None:
        if c.func == "Branch":
            (target,) = self.args(c, 1)
            self.out.append(Branch(self.typed(target, Bits(self.isa.bits))))
        elif c.func == "RaiseFlags" and not c.args:
            self.accrue()
            self.accrued = True
        elif c.func in self.isa.exceptions:
            if len(c.args) > 1:
                raise self.fail(c, f"{c.func} takes at most one argument")
            self.out.append(Raise(c.func, self.typed(c.args[0], Bits(64)) if c.args else None))
        elif c.func in self.isa.hooks:
            if self.hook(c) is not None:
                raise self.fail(c, f"the result of {c.func} is not used")
        else:
            raise self.fail(c, f"'{c.func}' is no procedure, hook or exception of this ISA")


def _ends(s: Stmt) -> bool:
    """A fault, whatever happens."""
    match s:
        case Raise() | Done():
            return True
        case If(then=then, other=other):
            return bool(then and other) and _ends(then[-1]) and _ends(other[-1])
    return False
