# SPDX-License-Identifier: MIT
"""Descriptions of encodings from which test cases are made: the tables of
tests/conf/cases.h."""
from __future__ import annotations

from dataclasses import dataclass

from gen.model.checked import Isa, Meaning
from gen.model.encoding import Constraint, Encoding, Operand
from gen.model.sem import (Binary, Ext, Hook, Imm, Load, Op, RegRead, Rmw, Store, all_exprs,
                           walk_stmts)
from gen.model.effects import Flow

_FLOWS = {Flow.BRANCH: "RX_DIFF_DIRECT", Flow.JUMP: "RX_DIFF_DIRECT",
          Flow.INDIRECT: "RX_DIFF_INDIRECT"}


def _list(items) -> str:
    """Members of a C initialiser, from tuples of numbers and words."""
    return ", ".join("{ " + ", ".join(str(v).lower() if isinstance(v, bool) else str(v) for v in t)
                     + " }" for t in items)


@dataclass(frozen=True, slots=True)
class OperandRow:
    kind: str
    read: bool
    format: int
    is_signed: bool
    parts: tuple[tuple[int, int, int], ...]  # width, lo, value

    @property
    def parts_c(self) -> str:
        return _list(self.parts)


@dataclass(frozen=True, slots=True)
class Access:
    """The memory access: operands that make its address (-1: none)."""

    size: int = 0
    stores: bool = False
    atomic: bool = False
    base: int = -1
    offset: int = -1


@dataclass(frozen=True, slots=True)
class Row:
    """One element of the table, in the order of struct rx_diff_insn."""

    ident: str
    name: str
    extension: str
    skip: str
    partly: str
    mask: int
    match: int
    length: int
    flow: str
    access: Access
    rounds: bool
    fields: tuple[tuple[int, int], ...]
    operands: tuple[OperandRow, ...]
    never: tuple[tuple[int, int, bool], ...]
    chosen: int
    choices: tuple[int, ...]

    @property
    def fields_c(self) -> str:
        return _list(self.fields)

    @property
    def never_c(self) -> str:
        return _list((hex(mask), hex(match), reserved) for mask, match, reserved in self.never)


def _address(expr, operands: tuple[Operand, ...]) -> tuple[int, int] | None:
    """Indices of the base register and the offset; None: another form."""
    index = {o.name: k for k, o in enumerate(operands)}
    match expr:
        case RegRead(operand=base):
            return index[base], -1
        case Binary(op=Op.ADD, a=RegRead(operand=base),
                    b=Imm(operand=off) | Ext(a=Imm(operand=off))):
            return index[base], index[off]
    return None


def access(isa: Isa, m: Meaning) -> Access:
    """The instruction's memory access, where this kind of test is for it."""
    if isa.tests.skip(m.insn.name):
        return Access()
    for s in walk_stmts(m.sem.body):
        size, stores, atomic = 0, False, False
        match s:
            case Load(addr=addr, access=a) | Store(addr=addr, access=a) | Rmw(addr=addr, access=a):
                size, stores, atomic = a.size, not isinstance(s, Load), isinstance(s, Rmw)
            case Hook(hook=hook, args=(addr, *_)) if h := isa.tests.access(hook):
                size, stores, atomic = h.size, h.store, True
        if size:
            place = _address(addr, m.insn.operands)
            if place is None:
                raise AssertionError(f"{m.insn.name}: address is no register plus immediate")
            return Access(size, stores, atomic, *place)
    return Access()


def _operand(isa: Isa, m: Meaning, o: Operand) -> OperandRow:
    info = isa.info
    views = [e.view for e in all_exprs(m.sem.body)
             if isinstance(e, RegRead) and e.operand == o.name]
    width = 0
    if views and o.regclass == info.fp_class:
        width = max(info.views[v].width if v else info.classes[o.regclass].width for v in views)
    kind = "RX_DIFF_VALUE" if not o.regclass else \
        "RX_DIFF_F" if o.regclass == info.fp_class else "RX_DIFF_X"
    return OperandRow(kind, bool(views), width, o.signed,
                      tuple((b.width, b.lo, b.const if b.is_const else 0) for b in o.bits))


def _never(isa: Isa, e: Encoding, names: set[str]) -> list[tuple[int, int, bool]]:
    """What takes precedence, and what constraints exclude."""
    round_field = isa.info.rounding.operand if isa.info.rounding else ""
    field = e.field(round_field)

    def reserved(c: Constraint) -> bool:
        return field is not None and c.mask == field.mask

    out = [(i.encoding.mask, i.encoding.match, False) for i in isa.enc.insns if i.name in names]
    out += [(c.mask, v, reserved(c)) for c in e.constraints for v in c.values]
    return out


def row(isa: Isa, m: Meaning, above: dict[str, set[str]]) -> Row:
    e, operands = m.insn.encoding, m.insn.operands
    chosen, choices = -1, ()
    for k, o in enumerate(operands):
        if c := isa.tests.choice(o.name):
            chosen, choices = k, c.values
    return Row(m.insn.ident, m.insn.name, e.extension, isa.tests.skip(m.insn.name),
               isa.tests.missing(m.insn.name), e.mask, e.match, e.length,
               _FLOWS.get(m.eff.flow, "RX_DIFF_NEXT"), access(isa, m), m.eff.rounds,
               tuple((f.hi, f.lo) for f in e.fields),
               tuple(_operand(isa, m, o) for o in operands),
               tuple(_never(isa, e, above.get(m.insn.name, set()))), chosen, choices)


def generate(isa: Isa, env) -> dict[str, str]:
    above: dict[str, set[str]] = {}
    for name, below in isa.enc.precedence().items():
        for b in below:
            above.setdefault(b, set()).add(name)
    rows = [row(isa, m, above) for m in isa.meanings]
    name = isa.info.name
    text = env.get_template("difftest/difftest.c.j2").render(isa=name, rows=rows)
    return {f"{name}/difftest.c": text}
