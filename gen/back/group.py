# SPDX-License-Identifier: MIT
"""Groups: what their decoder has to know of each instruction, and their commit."""
from __future__ import annotations

from dataclasses import dataclass

from gen.back.decode import ident
from gen.model.checked import Isa, Meaning
from gen.model.encoding import Field, Operand
from gen.model.group import KINDS
from gen.model.lanes import Lanes, SetElem, VecOp
from gen.model.sem import Branch, If, Load, RegWrite, Rmw, Stmt, Store, is_static, walk_stmts

_WRITES, _FRESH = 8, 3  # of struct rx_member
_NONE = "{ 0, RX_MEMBER_NONE, 0, 0, 0, 0 }"


@dataclass(frozen=True, slots=True)
class Row:
    """One element of the table, C initialisers."""

    ident: str
    flags: str
    slots: int
    extends: str
    producer: str
    kinds: str
    units: str
    guard: str
    writes: str
    fresh: str


class _Table:
    """What is known of all members."""

    def __init__(self, isa: Isa) -> None:
        self.isa, self.rules = isa, isa.enc.group
        self.classes = isa.info.classes
        self.states = sorted({c.state for c in self.classes.values() if c.commit})
        self.once = {self.classes[c].state for c in self.rules.once}
        self.seen = self.once | {self.classes[o.regclass].state for i in isa.enc.insns
                                 for o in i.operands if o.fresh}
        self.tails = {t.insn for t in self.rules.tails}

    def reg(self, o: Operand, cond: bool = False) -> str:
        """struct rx_member_reg: a register of a state, or several from it on."""
        cls = self.classes[o.regclass]
        slot, number = ("RX_MEMBER_FIXED", o.fixed) if o.fixed >= 0 else (o.place.slot, 0)
        return f"{{ {self.states.index(cls.state)}, {slot}, {number}, " \
               f"{2 if cls.pair else cls.group}, {int(cond)}, {int(self.once_only(o))} }}"

    def once_only(self, o: Operand) -> bool:
        return o.name not in self.rules.many and self.classes[o.regclass].state in self.once

    @staticmethod
    def regs(rows: list[str], most: int, span: object) -> str:
        if len(rows) > most:
            raise AssertionError(f"{span}: more than {most} registers")
        return ", ".join(rows + [_NONE] * (most - len(rows)))

    def written(self, m: Meaning) -> list[str]:
        """The main one first: that is the order of their fields' letters."""
        found: dict[str, tuple[bool, bool]] = {}
        _writes(m.sem.body, m.eff.static, False, False, found)
        out = []
        for o in m.insn.operands:
            cond, decided = found.get(o.name, (False, True))
            known = self.classes[o.regclass].state in self.seen if o.regclass else False
            # what the encoding may decide not to write is no second write
            maybe = decided and o.fixed >= 0 and (self.once_only(o) or m.insn.late)
            if o.name in found and known and not maybe and o.name not in self.rules.many:
                out.append((o.fixed >= 0, o.name[-1] if o.fixed < 0 else "", self.reg(o, cond)))
        return [r for _, _, r in sorted(out, key=lambda x: x[:2])]

    def kinds(self, m: Meaning, loads: bool, stores: bool, branches: bool) -> str:
        made = stores and any(o.producer for o in m.insn.operands)
        have = {"load": loads, "store": stores, "branch": branches, "new-store": made,
                "update": loads and stores, "return": loads and branches,
                "tail": m.insn.name in self.tails,
                "indirect": any(isinstance(s, Branch) and not is_static(s.target)
                                for s in walk_stmts(m.sem.body)),
                "new-branch": branches and any(o.producer for o in m.insn.operands),
                "special": m.insn.encoding.extension not in self.rules.plain}
        own = sum(1 << k for k, name in enumerate(KINDS) if have[name])
        other = {1 << KINDS.index(b) for a, b in self.rules.apart if have[a]}
        if m.insn.plain:
            other.add(1 << KINDS.index("special"))
        return f"{own:#x}, {sum(other):#x}"

    def row(self, m: Meaning) -> Row:
        stmts, insn = list(walk_stmts(m.sem.body)), m.insn
        loads, stores, branches = (any(isinstance(s, t) for s in stmts)
                                   for t in (Load, Store, Branch))
        flags = {
            "MEMORY": loads or stores or m.eff.memory or any(isinstance(s, Rmw) for s in stmts),
            "STORE": stores, "BRANCH": branches, "FIRST": bool(insn.first), "SOLO": insn.solo,
            "LATE": insn.late, "SHORT": not insn.encoding.default,
            "VECTOR": any(o.regclass and self.classes[o.regclass].vector for o in insn.operands),
            "NOT": insn.guard is not None and not insn.guard.sense,
            "MAYBE": branches and not any(isinstance(s, Branch) for s in m.sem.body),
        }
        extended = next((o for o in insn.operands if o.extends >= 0), None)
        extends = "0, 0, 0"
        if extended:
            p = extended.place
            extends = f"{p.shift}, {p.width}, {extended.extends}"
            flags |= {"SIGNED": extended.signed, "MUST": extended.must}
        producer = next((o for o in insn.operands if o.producer), None)
        made = f"{producer.place.slot}, " \
               f"{self.states.index(self.classes[producer.regclass].state)}" \
            if producer else "RX_MEMBER_NONE, 0"
        return Row(ident(self.isa.enc, insn),
                   " | ".join(f"RX_MEMBER_{k}" for k, v in flags.items() if v) or "0",
                   insn.slots, extends, made, self.kinds(m, loads, stores, branches),
                   f"{insn.empty}, {{ {', '.join(map(str, self.rules.units.get(insn.unit, (0,))))}"
                   " }",
                   self.reg(insn.operand(insn.guard.operand)) if insn.guard else _NONE,
                   self.regs([] if insn.first == "tmp" else self.written(m), _WRITES, insn.span),
                   self.regs([self.reg(o) for o in insn.operands if o.fresh], _FRESH, insn.span))


def _writes(body: tuple[Stmt, ...], static: frozenset[str], cond: bool, decided: bool,
            found: dict[str, tuple[bool, bool]]) -> None:
    """Operands that are written: only sometimes; where the encoding decides it."""
    for s in body:
        match s:
            case RegWrite(operand=o) | SetElem(target=VecOp(operand=o)):
                c, d = found.get(o, (True, True))
                found[o] = c and cond, d and decided
            case If(cond=c, then=then, other=other):
                known = is_static(c, static)
                for part in (then, other):
                    _writes(part, static, cond or not known, decided or known, found)
            case Lanes(body=inner, inactive=others):
                _writes(inner + others, static, cond, decided, found)


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
             "keeps": g.keeps, "branches": g.branches, "kind": ", ".join(map(_bits, g.kind)),
             "halves": ", ".join(map(_bits, g.halves))}
    states = {c.state: c for c in isa.info.classes.values() if c.commit}
    table = _Table(isa)
    rows = [table.row(m) for m in isa.meanings]
    values = dict(isa=name, info=isa.info, rows=rows, rules=rules,
                  pairs=_pairs(isa), tails=tails, states=sorted(states),
                  vectors=sorted({c.state for c in states.values() if c.vector}))
    return {f"{name}/group.c": env.get_template("group/group.c.j2").render(**values),
            f"{name}/group.h": env.get_template("group/group.h.j2").render(**values)}
