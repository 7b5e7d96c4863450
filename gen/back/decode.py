# SPDX-License-Identifier: MIT
"""The decoder: a tree of switches over bits that tell encodings apart, then
per shape of operands one function that fills the decoded instruction."""
from __future__ import annotations

from dataclasses import dataclass, field

import jinja2

from gen.back.extract import raw_value, register, value
from gen.model.checked import Isa
from gen.model.encoding import IMM_BITS, SLOTS, Insn, IsaEncodings, Operand
from gen.model.opfuncs import OPFUNCS
from gen.support.errors import SpecError

CHAIN = 4  # up to so many encodings are told apart one after the other
SPLIT = 12  # a subtree with more encodings is a function of its own
MAX_RUN = 12  # bits of one switch


@dataclass(frozen=True, slots=True)
class Chain:
    """Try these in turn."""

    insns: tuple[Insn, ...]
    known: int  # bits that are right already


@dataclass(frozen=True, slots=True)
class Switch:
    """Look at bits lo..lo+width-1; other: for values without a case."""

    lo: int
    width: int
    cases: tuple[tuple[int, "Node"], ...]
    other: "Node | None"


Node = Chain | Switch


def _runs(mask: int) -> list[tuple[int, int]]:
    """Runs of ones in mask as (lo, width), long ones cut."""
    out = []
    lo = 0
    while mask >> lo:
        if not mask >> lo & 1:
            lo += 1
            continue
        width = 1
        while mask >> (lo + width) & 1 and width < MAX_RUN:
            width += 1
        out.append((lo, width))
        lo += width
    return out


def _best_run(insns: list[Insn], known: int) -> tuple[int, int] | None:
    """The run of bits, fixed in all encodings or else in most, that tells the
    most of them apart."""
    common = ~known
    for i in insns:
        common &= i.encoding.mask
    runs = [r for r in _runs(common) if _split(insns, *r)]
    if not runs:
        masks = [i.encoding.mask & ~known for i in insns]
        runs = sorted({r for m in masks for r in _runs(m) if _split(insns, *r)})
    if not runs:
        return None

    def score(run: tuple[int, int]) -> tuple[int, int, int, int]:
        lo, width = run
        mask = ((1 << width) - 1) << lo
        fixed = [i.encoding.match & mask for i in insns if i.encoding.mask & mask == mask]
        loose = len(insns) - len(fixed)
        return len(set(fixed)) - 2 * loose, -loose, -width, -lo

    return max(runs, key=score)


def _split(insns: list[Insn], lo: int, width: int) -> bool:
    """Do these bits make any case smaller than the whole?"""
    mask = ((1 << width) - 1) << lo
    return len({i.encoding.match & mask for i in insns if i.encoding.mask & mask == mask}) > 1


def tree(insns: list[Insn], known: int) -> Node:
    """insns: in the order in which they are to be tried."""
    run = _best_run(insns, known) if len(insns) > CHAIN else None
    if run is None and 1 < len(insns) <= CHAIN:
        run = _best_run(insns, known)
        if run and any(i.encoding.mask >> run[0] & ((1 << run[1]) - 1) != (1 << run[1]) - 1
                       for i in insns):
            run = None
    if run is None:
        return Chain(tuple(insns), known)
    lo, width = run
    full = (1 << width) - 1
    loose = [i for i in insns if i.encoding.mask >> lo & full != full]
    cases: list[tuple[int, Node]] = []
    values = sorted({i.encoding.match >> lo & full for i in insns if i not in loose})
    for v in values:
        these = [i for i in insns
                 if (i.encoding.match >> lo ^ v) & i.encoding.mask >> lo & full == 0]
        cases.append((v, tree(these, known | full << lo)))
    return Switch(lo, width, tuple(cases), tree(loose, known) if loose else None)


def _count(node: Node | None) -> int:
    if node is None:
        return 0
    if isinstance(node, Chain):
        return len(node.insns)
    return sum(_count(n) for _, n in node.cases) + _count(node.other)


@dataclass(slots=True)
class _Writer:
    """Turns trees into C functions; functions stand before their callers."""

    isa: IsaEncodings
    functions: list[dict[str, object]] = field(default_factory=list)
    shapes: dict[tuple[str, ...], str] = field(default_factory=dict)

    def shape(self, insn: Insn) -> str:
        """Name of the function that fills in the operands."""
        lines = tuple(fill(insn, self.isa))
        return self.shapes.setdefault(lines, f"fill_{len(self.shapes)}")

    def test(self, insn: Insn, known: int) -> str:
        e = insn.encoding
        rest = e.mask & ~known
        parts = [f"(w & {rest:#x}) == {e.match & rest:#x}"] if rest else []
        for c in e.constraints:
            parts.extend(f"(w & {c.mask:#x}) != {v:#x}" for v in c.values)
        parts += [f"{OPFUNCS[o.function].c}_valid({raw_value(o)})" for o in insn.operands
                  if o.function]
        return " && ".join(parts)

    def chain(self, node: Chain, tabs: str) -> list[str]:
        out = []
        for insn in node.insns:
            done = (f"{self.shape(insn)}(w, i, {ident(self.isa, insn)});", "return;")
            test = self.test(insn, node.known)
            if not test:
                out += [tabs + line for line in done]
                break
            out += [f"{tabs}if ({test}) {{", *(f"{tabs}\t{line}" for line in done), tabs + "}"]
        return out

    def node(self, node: Node, name: str, tabs: str) -> list[str]:
        if isinstance(node, Chain):
            return self.chain(node, tabs)
        what = f"w >> {node.lo}" if node.lo else "w"
        out = [f"{tabs}switch ({what} & {(1 << node.width) - 1:#x}) {{"]
        for v, sub in node.cases:
            out.append(f"{tabs}case {v:#x}:")
            body = self.call(sub, f"{name}_{v:x}", tabs + "\t")
            out += body
            if body[-1].strip() != "return;":
                out.append(f"{tabs}\tbreak;")
        out.append(f"{tabs}default:")
        if node.other:
            out += self.node(node.other, name + "_o", tabs + "\t")
        if out[-1].strip() != "return;":
            out.append(f"{tabs}\tbreak;")
        out.append(f"{tabs}}}")
        return out

    def call(self, node: Node, name: str, tabs: str) -> list[str]:
        """The node in place, or a call of a function that holds it."""
        if _count(node) <= SPLIT or isinstance(node, Chain):
            return self.node(node, name, tabs)
        self.function(node, name)
        return [f"{tabs}{name}(w, i);", f"{tabs}return;"]

    def function(self, node: Node, name: str) -> None:
        lines = self.node(node, name, "\t")
        self.functions.append({"name": name, "lines": lines,
                               "falls": lines[-1].strip() != "return;"})


def ident(isa: IsaEncodings, insn: Insn) -> str:
    """The instruction's constant in ids.h."""
    return f"RG_{isa.name.upper()}_{insn.ident.upper()}"


def fill(insn: Insn, isa: IsaEncodings) -> list[str]:
    """Statements that put the operands of word w into *i, all of it set."""
    slots = ["0"] * SLOTS
    whole = "0"
    packed = []
    for o in insn.operands:
        p = o.place
        if o.fixed >= 0:
            continue
        assert p is not None
        if not p.in_imm:
            slots[p.slot] = register(o, isa) if o.regclass else value(o)
        elif p.width == IMM_BITS:
            whole = value(o)
        else:
            packed.append(_packed(o))
    if packed:
        whole = " | ".join(packed)
    out = [f"i->r[{k}] = {text};" for k, text in enumerate(slots)]
    out.append(f"i->imm = {f'(uint64_t)({whole})' if '(int32_t)' in whole else whole};")
    return out


def _packed(o: Operand) -> str:
    assert o.place is not None
    text = f"((uint64_t)({value(o)}) & {(1 << o.held) - 1:#x})"
    return f"{text} << {o.place.shift}" if o.place.shift else text


def generate(whole: Isa, env: jinja2.Environment) -> dict[str, str]:
    """decode.c of a laid-out ISA."""
    isa = whole.enc
    for i in isa.insns:
        if i.encoding.length > 4:
            raise SpecError(i.encoding.span, "decoders of instructions over 4 bytes are not "
                            "implemented")
    over = isa.precedence()
    writer = _Writer(isa)
    lengths = []
    made: set[int] = set()
    for n, rule in enumerate(isa.lengths):
        insns = [i for i in isa.insns if i.encoding.length == rule.length]
        insns.sort(key=lambda i: (-len(over[i.name]), i.id))
        known = 0
        again = [r.length for r in isa.lengths].count(rule.length) > 1
        for r in isa.lengths[:n + 1]:
            mask = r.mask << 8 * (rule.length - isa.unit) if isa.first_high else r.mask
            if not again and all(i.encoding.mask & mask == mask for i in insns):
                known |= mask if len({i.encoding.match & mask for i in insns}) == 1 else 0
        if insns and rule.length not in made:
            made.add(rule.length)
            writer.function(tree(insns, known), f"decode_{rule.length}")
        lengths.append({"bytes": rule.length, "mask": rule.mask, "avoid": rule.avoid,
                        "any": bool(insns)})
    shapes = [{"name": name, "lines": lines} for lines, name in writer.shapes.items()]
    text = env.get_template("decode/decode.c.j2").render(
        isa=isa.name, unit=isa.unit, first_high=isa.first_high, lengths=lengths, shapes=shapes,
        functions=writer.functions)
    header = env.get_template("decode/decode.h.j2").render(isa=isa.name)
    return {f"{isa.name}/decode.c": text, f"{isa.name}/decode.h": header}
