# SPDX-License-Identifier: MIT
"""Memory accesses of a meaning, with addresses as sums of terms.

Tests aim an access by giving one register the right value, so an address is
flattened into registers and values that are extended, shifted, and added. What
is no such sum keeps the registers that it reads, as terms that are only near.
"""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Iterator

from gen.model.checked import Isa, Meaning
from gen.model.sem import (Atomic, Binary, Const, Expr, Ext, Hook, Imm, Let, Op, OperandAddr,
                           RegRead, Rmw, Select, Slice, StateRead, Stmt, Var, walk_expr,
                           walk_stmts)

MOST = 4  # accesses of an instruction that are aimed one by one


@dataclass(frozen=True, slots=True)
class Term:
    """operand: a register or value; else element ``element`` of register
    ``state``. Its low ``width`` bits, extended, shifted by ``shift`` plus the
    operand ``shift_by``. loose: it is not certain that this is what is added."""

    operand: str = ""
    state: str = ""
    element: int = 0
    width: int = 64
    signed: bool = False
    minus: bool = False
    shift: int = 0
    shift_by: str = ""
    register: bool = False
    loose: bool = False

    @property
    def plain(self) -> bool:
        """Can an access be aimed with it?"""
        return self.register and not (self.minus or self.shift or self.shift_by)


@dataclass(frozen=True, slots=True)
class Access:
    """part: of an address that is no sum, see OperandAddr."""

    size: int
    stores: bool
    atomic: bool
    constant: int
    terms: tuple[Term, ...]
    part: str = ""


def locals_of(body: tuple[Stmt, ...]) -> dict[str, Expr]:
    """Values of locals that are bound once."""
    return {s.name: s.value for s in walk_stmts(body) if isinstance(s, Let) and not s.mutable}


def _named(e: Expr) -> str:
    """The register operand that a node reads, whatever kind of node it is."""
    if isinstance(e, (Imm, Var, StateRead)):
        return ""
    name = getattr(e, "operand", "") or getattr(e, "source", "")
    return name if isinstance(name, str) else ""


def reads(e: Expr, bound: dict[str, Expr]) -> set[str]:
    """Register operands that an expression depends on, also by way of locals."""
    out: set[str] = set()
    for x in walk_expr(e):
        if isinstance(x, Var) and x.name in bound:
            out |= reads(bound[x.name], {k: v for k, v in bound.items() if k != x.name})
        elif name := _named(x):
            out.add(name)
    return out


class _Sum:
    """Flattens an address."""

    def __init__(self, isa: Isa, m: Meaning, bound: dict[str, Expr]):
        self.bits = isa.info.bits
        self.bound = bound
        self.operands = {o.name: o for o in m.insn.operands}
        self.scalars = {name: (s.reg, s.element) for name, s in isa.info.scalars.items()}
        self.constant = 0

    def flatten(self, e: Expr, sign: int = 1) -> list[Term]:
        match e:
            case Const(value=v):
                self.constant += sign * v
                return []
            case Binary(op=Op.ADD | Op.SUB as op, a=a, b=b):
                return self.flatten(a, sign) + self.flatten(b, -sign if op is Op.SUB else sign)
            case Var(name=n) if n in self.bound:
                return self.flatten(self.bound[n], sign)
            case Binary(op=Op.AND, a=a, b=StateRead()):  # a mask that depends on the mode
                return self.flatten(a, sign)
        t = self.term(e)
        if t is None:
            return [Term(n, register=True, loose=True) for n in sorted(reads(e, self.bound))
                    if n in self.operands]
        return [replace(t, minus=sign < 0)]

    def term(self, e: Expr) -> Term | None:
        match e:
            case RegRead(operand=n, type=t) if not e.plus:
                return Term(n, width=t.width, register=True)
            case Imm(operand=n):
                p = self.operands[n].place
                return Term(n, width=p.width if p.in_imm else 8,
                            signed=self.operands[n].signed and p.width < 64)
            case StateRead(name=n, type=t) if n in self.scalars:
                reg, element = self.scalars[n]
                return Term(state=reg, element=element, width=t.width, register=True)
            case Var(name=n) if n in self.bound:
                return self.term(self.bound[n])
            case Ext(a=a, signed=signed, type=t):
                inner = self.term(a)
                if inner is None or inner.shift and a.type.width < t.width:
                    return None
                if a.type.width >= t.width:
                    return replace(inner, width=min(inner.width, t.width))
                if inner.width >= a.type.width and not (isinstance(a, Imm) and inner.width == 64):
                    return replace(inner, width=a.type.width, signed=signed)
                return inner
            case Slice(lo=0, a=a, type=t):
                inner = self.term(a)
                return replace(inner, width=min(inner.width, t.width)) if inner else None
            case Binary(op=Op.SHL, a=a, b=Const(value=n)):
                inner = self.term(a)
                return replace(inner, shift=inner.shift + n) if inner else None
            case Binary(op=Op.SHL, a=a, b=b):
                inner, by = self.term(a), self.term(b)
                if inner and by and by.operand and not by.register and not inner.shift_by:
                    return replace(inner, shift_by=by.operand)
                return None
            case Binary(op=Op.AND, a=a, b=Const()):
                inner = self.term(a)
                return replace(inner, loose=True) if inner else None
            case Select(a=a):
                inner = self.term(a)
                return replace(inner, loose=True) if inner else None
        return None


def _address(isa: Isa, m: Meaning, bound: dict[str, Expr], e: Expr) -> tuple[int, tuple[Term, ...]]:
    s = _Sum(isa, m, bound)
    terms = s.flatten(e)
    base = next((t for t in terms if t.plain and not t.loose),
                next((t for t in terms if t.plain), None))
    if base is not None:
        terms.remove(base)
    constant = (s.constant + (1 << 63)) % (1 << 64) - (1 << 63)
    return constant, (base or Term(),) + tuple(terms)


def _parts(e: Expr, bound: dict[str, Expr]) -> Iterator[OperandAddr]:
    for x in walk_expr(e):
        if isinstance(x, OperandAddr):
            yield x
        elif isinstance(x, Var) and x.name in bound:
            yield from _parts(bound[x.name], bound)


def accesses(isa: Isa, m: Meaning) -> tuple[Access, ...]:
    """One for each register that addresses begin with, in order."""
    bound = locals_of(m.sem.body)
    out: dict[tuple[str, str], Access] = {}
    for s in walk_stmts(m.sem.body):
        size, stores, atomic = 0, False, False
        addr = getattr(s, "addr", None)
        if isinstance(s, Hook):
            if s.args and (h := isa.tests.access(s.hook)):
                addr, stores, atomic = s.args[0], h.store, True
                size = h.size or (s.args[1].value if isinstance(s.args[1], Const) else 8)
        elif addr is not None:
            size, atomic = s.access.size, isinstance(s, (Rmw, Atomic))
            stores = atomic or hasattr(s, "value")
        if addr is None:
            continue
        constant, terms = _address(isa, m, bound, addr)
        part = next((x.part for x in _parts(addr, bound)), "")
        if part:
            out.setdefault((part, ""), Access(size, stores, atomic, 0, (), part))
            continue
        key = (terms[0].operand, f"{terms[0].state}[{terms[0].element}]")
        if key not in out:
            out[key] = Access(size, stores, atomic, constant, terms)
    return tuple(out.values())[:MOST]
