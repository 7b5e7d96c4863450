# SPDX-License-Identifier: MIT
"""Descriptions from which tests of single instructions are made, for any ISA:
the tables of tests/conf/describe.h."""
from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from gen.model.checked import Isa, Meaning
from gen.model.effects import MEMORY, Flow
from gen.model.encoding import Operand, Place, SyntaxKind
from gen.model.registers import Reg
from gen.model.sem import (Binary, Branch, Const, Ext, FpLet, Imm, Native, Op, RegWrite, StateRead,
                           stmt_exprs, walk_stmts)
from gen.model.address import Access, Term, accesses, locals_of, reads
from gen.model.prefixed import MODES
from gen.model.tests import Cause, Fill, State

_FLOWS = {Flow.BRANCH: "CONF_DIRECT", Flow.JUMP: "CONF_DIRECT", Flow.INDIRECT: "CONF_INDIRECT"}


def _list(items) -> str:
    """Members of a C initialiser, from tuples of numbers and words."""
    return ", ".join("{ " + ", ".join(str(v).lower() if isinstance(v, bool) else str(v) for v in t)
                     + " }" for t in items)


@dataclass(frozen=True, slots=True)
class File:
    """An array of registers in an image."""

    name: str
    place: str  # in the state struct
    fill: str
    bytes: int
    stride: int  # bytes in the state struct
    count: int
    first: int
    array: int
    at: int
    fixed: int
    values: int
    choices: tuple[int, ...]
    aligned: tuple[int, int]  # element, bytes


@dataclass(frozen=True, slots=True)
class OperandRow:
    name: str
    array: int
    slot: int
    shift: int
    width: int
    read: bool
    written: bool
    plus: int
    format: int
    unknown: int


@dataclass(frozen=True, slots=True)
class AccessRow:
    size: int
    stores: bool
    atomic: bool
    loose: bool
    constant: int
    terms: tuple[tuple, ...]
    part: str

    @property
    def terms_c(self) -> str:
        return _list(self.terms)


@dataclass(frozen=True, slots=True)
class Row:
    """One element of the table, in the order of struct conf_insn."""

    name: str
    extension: str
    skip: str
    outside: bool  # of the suite
    partly: str
    vendor: tuple[str, str]
    after: str
    flow: str
    target: int
    bias: int
    fp: bool
    alone: bool
    length: int
    mask: int
    match: int
    fields: tuple[tuple[int, int], ...]
    operands: tuple[OperandRow, ...]
    accesses: tuple[AccessRow, ...]
    choices: tuple[int, ...]
    parts: tuple[tuple[int, int, int], ...]
    unknowns: tuple[tuple[int, int, str], ...]
    unknown_memory: bool

    @property
    def unknowns_c(self) -> str:
        return _list(self.unknowns)

    @property
    def fields_c(self) -> str:
        return _list(self.fields)

    @property
    def parts_c(self) -> str:
        return _list(self.parts)


def _fixed(isa: Isa, reg: Reg) -> int:
    """Elements that are no registers: scratch slots, and those that are always 0."""
    out = 1 << reg.scratch if reg.scratch >= 0 else 0
    for cls in isa.info.classes.values():
        drop = next((r.drop for r in isa.enc.regs
                     if r.name == cls.name and cls.state == reg.name), None)
        if drop is not None:
            out |= 1 << drop[0] | 1 << drop[1]  # the register reads as 0
    return out


def _arrays(isa: Isa) -> dict[str, int]:
    """A number for each register that files are parts of."""
    return {name: k for k, name in enumerate(dict.fromkeys(s.reg for s in isa.tests.states))}


def files(isa: Isa) -> tuple[File, ...]:
    regs = {r.name: r for r in isa.regs.regs}
    arrays = _arrays(isa)
    out, at = [], 0
    for s in isa.tests.states:
        reg = regs[s.reg]
        out.append(_file(isa, s, reg, arrays[s.reg], at))
        at += (out[-1].bytes * out[-1].count + 7) & ~7
    return tuple(out)


def _file(isa: Isa, s: State, reg: Reg, array: int, at: int) -> File:
    place = reg.member or (f"{reg.name}[{s.first}]" if reg.array else reg.name)
    return File(s.name, place, f"CONF_{s.fill.name}", s.bytes or reg.width // 8, reg.width // 8,
                s.count or reg.count, s.first, array, at,
                _fixed(isa, reg) >> s.first, s.values[0] if s.fill is Fill.BITS else 0,
                s.values if s.fill is Fill.CHOICE else (),
                next(((a.number - s.first, a.bytes) for a in isa.tests.aligns
                      if a.reg == reg.name), (0, 1)))


def _formats(m: Meaning) -> dict[str, int]:
    """Operands that IEEE operations read, and in which format."""
    out: dict[str, int] = {}
    bound = locals_of(m.sem.body)
    for s in walk_stmts(m.sem.body):
        if isinstance(s, FpLet):
            for arg in s.op.args:
                for name in reads(arg, bound):
                    out[name] = max(out.get(name, 0), min(s.op.fmt, 64))
    return out


def _flow(m: Meaning) -> tuple[str, int, int]:
    """How control leaves, the operand that says how far a direct jump goes, and what
    is added to that."""
    names = m.insn.operands
    target = next((k for k, o in enumerate(names) if o.syntax.kind is SyntaxKind.TARGET), -1)
    if target >= 0:
        return "CONF_DIRECT", target, 0
    for s in walk_stmts(m.sem.body):
        match s:
            case Branch(target=Binary(op=Op.ADD, b=far, a=Binary(
                    op=Op.ADD, a=StateRead(name="PC"), b=Const(value=n)))):
                far = far.a if isinstance(far, Ext) else far
                if isinstance(far, Imm):
                    return "CONF_DIRECT", [o.name for o in names].index(far.operand), n
    flow = _FLOWS.get(m.eff.flow, "CONF_NEXT")
    if flow == "CONF_DIRECT":
        target = next((k for k, o in enumerate(names)
                       if o.place is not None and o.place.in_imm), -1)
    return flow, target, 0


class _Rows:
    """Makes the rows of one ISA."""

    def __init__(self, isa: Isa):
        self.isa = isa
        self.number = _arrays(isa)

    def operands(self, m: Meaning) -> tuple[OperandRow, ...]:
        formats, unknown = _formats(m), dict(m.eff.unknown)
        read = {n for s in walk_stmts(m.sem.body) for e in stmt_exprs(s) for n in reads(e, {})}
        written = {s.operand for s in walk_stmts(m.sem.body) if isinstance(s, RegWrite)}
        return tuple(self.operand(o, o.name in read, o.name in written, formats.get(o.name, 0),
                                  unknown.get(o.name, 0)) for o in m.insn.operands)

    def operand(self, o: Operand, read: bool, written: bool, fmt: int, unknown: int) -> OperandRow:
        cls = self.isa.info.classes.get(o.regclass)
        array = self.number.get(cls.state, -1) if cls else -1
        p = o.place or Place()
        if o.number >= 0:  # it is nowhere in the decoded instruction
            return OperandRow(o.name, array, -2, o.number, 0, read, written, 0, fmt, unknown)
        return OperandRow(o.name, array, p.slot, p.shift, p.width, read, written or "w" in o.access,
                          int(cls is not None and cls.pair), fmt, unknown)

    def access(self, m: Meaning, a: Access) -> AccessRow:
        names = [o.name for o in m.insn.operands]

        def term(t: Term) -> tuple:
            return (names.index(t.operand) if t.operand else -1, self.number.get(t.state, -1),
                    t.element, t.width, t.signed, t.minus, t.shift,
                    names.index(t.shift_by) if t.shift_by else -1)

        return AccessRow(a.size, a.stores, a.atomic or bool(self.isa.tests.strict),
                         any(t.loose for t in a.terms), a.constant,
                         tuple(term(t) for t in a.terms), a.part)

    def row(self, m: Meaning) -> Row:
        tests, insn, e = self.isa.tests, m.insn, m.insn.encoding
        chosen = next((o for o in insn.operands if tests.choice(o.name)), None)
        word = hasattr(e, "match") and 0 < e.length <= 4
        unstated = any(isinstance(s, Native) and not s.stated for s in m.sem.body)
        skip = "its meaning is not stated yet" if unstated \
            else tests.skip(insn.name, e.extension)
        bits = MODES[tests.mode & 3]
        outside = bits not in getattr(e, "modes", (bits,)) or not tests.covers(insn.name,
                                                                               e.extension)
        return Row(insn.name, e.extension, skip, outside,
                   tests.missing(insn.name, e.extension), tests.vendor(insn.name, e.extension),
                   tests.after(insn.name), *_flow(m),
                   any(isinstance(s, FpLet) for s in walk_stmts(m.sem.body)),
                   any(fnmatchcase(insn.name, n) for n in tests.alone),
                   e.length if word else 0, e.mask if word else 0,
                   e.match | e.default if word else 0,
                   tuple((f.hi, f.lo) for f in e.fields) if word else (),
                   self.operands(m),
                   tuple(self.access(m, a) for a in accesses(self.isa, m)),
                   tests.choice(chosen.name).values if chosen else (),
                   tuple((b.width, b.lo, b.const if b.is_const else 0) for b in chosen.bits)
                   if chosen and word else (), self.unknowns(m), MEMORY in dict(m.eff.unknown))

    def unknowns(self, m: Meaning) -> tuple[tuple[int, int, str], ...]:
        """Scalars that may be left with anything."""
        scalars = self.isa.info.scalars
        return tuple((self.number[scalars[n].reg], scalars[n].element, hex(mask))
                     for n, mask in m.eff.unknown
                     if n in scalars and scalars[n].reg in self.number)


def _fault(isa: Isa, c: Cause) -> tuple[str, str]:
    """Code and mask of an exception."""
    code, _, mask = c.exception.partition("/")
    number = isa.info.exceptions.get(code)
    return hex(int(code, 0) if number is None else number), hex(int(mask or "0xffffffff", 0))


def generate(isa: Isa, env) -> dict[str, str]:
    """The ISA's tests, and its suites beside them."""
    name = isa.info.name
    out = {f"{name}/harness.c": _text(isa, env, "")}
    for suite, tests in isa.suites:
        out[f"{name}/harness_{suite}.c"] = _text(replace(isa, tests=tests), env, suite)
    return out


def _text(isa: Isa, env, suite: str) -> str:
    found = files(isa)
    rows = _Rows(isa)
    last = found[-1] if found else None
    image = (last.at + last.bytes * last.count + 7) & ~7 if last else 0
    faults = [(*_fault(isa, c), f"CONF_{c.cause.upper()}", c.address) for c in isa.tests.causes]
    tests = isa.tests
    return env.get_template("harness/harness.c.j2").render(
        suite=suite, isa=isa.info.name, info=isa.info, files=found, image=image,
        faults=_list(faults), nfaults=len(faults), fill=tests.fill, mode=tests.mode,
        page=tests.page,
        valid=tests.valid, lenient=bool(tests.strict), base=tests.base,
        aim=tests.aim, settle=tests.settle,
        grouped=isa.enc.group is not None,
        rows=[rows.row(m) for m in isa.meanings])
