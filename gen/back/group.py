# SPDX-License-Identifier: MIT
"""Groups: what their decoder has to know of each instruction, and their commit."""
from __future__ import annotations

from dataclasses import dataclass

from gen.back.decode import ident
from gen.model.checked import Isa, Meaning
from gen.model.encoding import Field, Operand
from gen.model.lanes import SetElem, VecOp
from gen.model.sem import Branch, Load, RegWrite, Rmw, Store, walk_stmts

_WRITES, _FRESH = 4, 3  # of struct rx_member


@dataclass(frozen=True, slots=True)
class Row:
    """One element of the table, C initialisers."""

    ident: str
    flags: str
    slots: int
    extends: str
    producer: str
    writes: str
    fresh: str


def _reg(isa: Isa, o: Operand) -> str:
    cls = [r.name for r in isa.enc.regs].index(o.regclass)
    return f"{{ {cls}, RX_MEMBER_FIXED, {o.fixed} }}" if o.fixed >= 0 \
        else f"{{ {cls}, {o.place.slot}, 0 }}"


def _regs(isa: Isa, operands: list[Operand], most: int) -> str:
    if len(operands) > most:
        raise AssertionError(f"{operands[0].span}: more than {most} registers")
    rows = [_reg(isa, o) for o in operands] + ["{ 0, RX_MEMBER_NONE, 0 }"] * (most - len(operands))
    return ", ".join(rows)


def _fresh(isa: Isa) -> set[str]:
    """Classes that some instruction reads as the group leaves them."""
    return {o.regclass for i in isa.enc.insns for o in i.operands if o.fresh}


def _written(m: Meaning, fresh: set[str]) -> list[Operand]:
    """Operands of these classes that the body writes."""
    names = {s.operand for s in walk_stmts(m.sem.body) if isinstance(s, RegWrite)}
    names |= {s.target.operand for s in walk_stmts(m.sem.body)
              if isinstance(s, SetElem) and isinstance(s.target, VecOp)}
    return [o for o in m.insn.operands if o.name in names and o.regclass in fresh]


def row(isa: Isa, m: Meaning, fresh: set[str]) -> Row:
    stmts = list(walk_stmts(m.sem.body))
    flags = []
    if any(isinstance(s, (Load, Store, Rmw)) for s in stmts) or m.eff.memory:
        flags.append("RX_MEMBER_MEMORY")
    if any(isinstance(s, Store) for s in stmts):
        flags.append("RX_MEMBER_STORE")
    if any(isinstance(s, Branch) for s in stmts):
        flags.append("RX_MEMBER_BRANCH")
    if m.insn.first:
        flags.append("RX_MEMBER_FIRST")
    if m.insn.solo:
        flags.append("RX_MEMBER_SOLO")
    if not m.insn.encoding.default:
        flags.append("RX_MEMBER_SHORT")
    extended = next((o for o in m.insn.operands if o.extends >= 0), None)
    extends = "0, 0, 0"
    if extended:
        p = extended.place
        extends = f"{p.shift}, {p.width}, {extended.extends}"
        flags += ["RX_MEMBER_SIGNED"] * extended.signed + ["RX_MEMBER_MUST"] * extended.must
    producer = next((o for o in m.insn.operands if o.producer), None)
    names = [r.name for r in isa.enc.regs]
    return Row(ident(isa.enc, m.insn), " | ".join(flags) or "0", m.insn.slots, extends,
               f"{producer.place.slot}, {names.index(producer.regclass)}" if producer
               else "RX_MEMBER_NONE, 0",
               _regs(isa, [] if m.insn.late else _written(m, fresh), _WRITES),
               _regs(isa, [o for o in m.insn.operands if o.fresh], _FRESH))


def _bits(f: Field) -> str:
    return f"{{ {f.lo}, {f.width} }}"


def _pairs(isa: Isa) -> list[str]:
    g = isa.enc.group
    out = []
    for k in range(1 << sum(f.width for f in g.kind)):
        if k in g.pairs:
            above = ", ".join(f"{g.word_of(s)[1]:#x}" for s in g.pairs[k])
            out.append(f"{{ true, {{ {above} }} }}")
        else:
            out.append("{ false, { 0, 0 } }")
    return out


def generate(isa: Isa, env) -> dict[str, str]:
    """group.c and group.h of an ISA whose instructions are members of groups."""
    g, name = isa.enc.group, isa.info.name
    tails = [f"{{ {isa.enc.insn(t.insn).encoding.match:#x}, {t.first}, "
             f"{-1 if t.second is None else t.second} }}" for t in g.tails]
    rules = {"unit": g.unit, "most": g.most, "parse": _bits(g.parse), "end": g.end,
             "pair": g.pair, "extender": ident(isa.enc, isa.enc.insn(g.extender)),
             "keeps": g.keeps, "kind": ", ".join(map(_bits, g.kind)),
             "halves": ", ".join(map(_bits, g.halves))}
    fresh = _fresh(isa)
    states = {c.state: c for c in isa.info.classes.values() if c.commit}
    rows = [row(isa, m, fresh) for m in isa.meanings]
    values = dict(isa=name, info=isa.info, rows=rows, rules=rules,
                  pairs=_pairs(isa), tails=tails, states=sorted(states),
                  vectors=sorted({c.state for c in states.values() if c.vector}))
    return {f"{name}/group.c": env.get_template("group/group.c.j2").render(**values),
            f"{name}/group.h": env.get_template("group/group.h.j2").render(**values)}
