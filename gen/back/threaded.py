# SPDX-License-Identifier: MIT
"""Fast handlers of the threaded engine, plain and fused, and their selection.

A handler serves a set of encodings (those with the same code) under a
condition: bits of the translation key, and the value of a static rounding
operand. Fused handlers come from the ISA's fusion table.
"""
from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from gen.back.cstmt import Emitter, NotFast
from gen.back.exec import Function, origin, shard
from gen.model import prims
from gen.model.checked import Isa, Meaning
from gen.model.effects import Flow
from gen.model.sem import FpLet, walk_stmts

SHARDS = 30


@dataclass(frozen=True, slots=True)
class Test:
    """A static value that a record must hold, as struct rx_select_test."""

    place: str = "0"
    value: str = "RX_SELECT_ANY"


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to be fast: a rounding direction ("" any) and its condition."""

    direction: str
    keys: tuple[str, ...]
    test: Test
    usual: bool = True  # worth a fused handler: compilers leave rounding dynamic


@dataclass(frozen=True, slots=True)
class Row:
    """struct rx_select_row; ids are canonical instructions by name."""

    function: str
    keys: tuple[str, ...]
    ids: tuple[str, ...]  # of all records
    tests: tuple[Test, ...]
    links: tuple[tuple[int, int], ...]  # (to + 1, from) of records 1..


@dataclass(frozen=True, slots=True)
class Link:
    """A step of a fused handler. source: (operand that the step before wrote,
    operand of this step that is the same register), None: nothing is known."""

    meaning: Meaning
    variant: Variant
    source: tuple[str, str] | None


def forwards(a: Meaning, b: Meaning) -> list[tuple[str, str] | None]:
    """The ways in which b can read what a wrote; the best ones first."""
    wrote = [o for o in a.insn.operands if "w" in o.access]
    out: list[tuple[str, str] | None] = []
    if len(wrote) == 1:
        out = [(wrote[0].name, o.name) for o in b.insn.operands
               if "r" in o.access and o.regclass == wrote[0].regclass and o.regclass]
    return out + [None]


def variants(isa: Isa, m: Meaning) -> list[Variant]:
    if not m.eff.fp:
        return [Variant("", (), Test())]
    info = isa.info
    keys = [info.classes[info.fp_class].key]
    if any(isinstance(s, FpLet) and prims.FP[s.op.name].needs_fma for s in walk_stmts(m.sem.body)):
        keys.append(info.fma_key)
    if not m.eff.rounds:
        return [Variant("", tuple(keys), Test())]
    place = m.insn.operand(info.rounding.operand).place
    if place.in_imm and place.width != 64:
        return []  # packed: no test for that
    at = "RX_SELECT_IMM" if place.in_imm else str(place.slot)
    out = []
    for name, value in prims.ROUND_VALUE.items():
        out.append(Variant(name, tuple(keys), Test(at, str(value)), usual=False))
        if name == "rne":
            out.append(Variant(name, (*keys, info.rounding.key),
                               Test(at, str(info.rounding.dynamic))))
    return out


def handler_lines(isa: Isa, m: Meaning, v: Variant) -> tuple[str, ...] | None:
    """Body of a plain fast handler, or None when there is no fast form."""
    em = Emitter(m.insn, isa.info, isa.enc, m.eff, fast=v.direction)
    try:
        em.body(m.sem.body)
    except NotFast:
        return None
    return finish(isa, em.lines, m.eff.flow, 1)


def finish(isa: Isa, lines: list[str], flow: Flow, n: int) -> tuple[str, ...]:
    lines = list(lines)
    if flow is Flow.NEXT:
        lines.append(f"\tRX_THR_NEXT({n});")
    text = "\n".join(lines)
    if "c->" in text:
        s = isa.info.state
        lines = [f"\tstruct {s} *c = (struct {s} *)cpu;", ""] + lines
    return tuple(lines)


class Builder:
    """Collects the distinct handlers and the rows of the selection."""

    def __init__(self, isa: Isa) -> None:
        self.isa = isa
        self.by_text: dict[tuple[str, ...], str] = {}
        self.functions: list[Function] = []
        self.canon: dict[str, str] = {}  # instruction -> the one whose handlers it shares
        self.rows: list[Row] = []
        self.meanings = {m.insn.name: m for m in isa.meanings}

    def function(self, lines: tuple[str, ...], name: str, comment: str) -> str:
        got = self.by_text.get(lines)
        if got is None:
            got = self.by_text[lines] = name
            self.functions.append(Function(name, comment, lines))
        return got

    def build(self) -> None:
        pre = f"rg_{self.isa.info.name}_t"
        seen: dict[tuple, str] = {}
        for m in self.isa.meanings:
            rows = []
            for v in variants(self.isa, m):
                lines = handler_lines(self.isa, m, v)
                if lines is None:
                    continue
                name = f"{pre}_{m.insn.ident}" + (f"_{v.direction}" if v.direction else "")
                f = self.function(lines, name, origin(self.isa, m))
                rows.append((f, v))
            if not rows:
                continue
            canon = self.canon[m.insn.name] = seen.setdefault(tuple(rows), m.insn.name)
            if canon == m.insn.name:
                self.rows += [Row(f, v.keys, (canon,), (v.test,), ()) for f, v in rows]
        for steps in self.isa.fusions:
            self.fuse(steps)

    def fuse(self, steps: tuple[str, ...]) -> None:
        """Fused handlers of a sequence: one for each combination of variants, and
        of operands that are what the instruction before has just written."""
        ms = [self.meanings[s] for s in steps]
        if any(m.eff.flow is not Flow.NEXT for m in ms[:-1]):
            return
        combos: list[tuple[Link, ...]] = [()]
        for k, m in enumerate(ms):
            sources = forwards(ms[k - 1], m) if k else [None]
            combos = [c + (Link(m, v, s),) for c in combos
                      for v in variants(self.isa, m) if v.usual for s in sources]
        for combo in combos:
            self.fuse_links(steps, combo)

    def fuse_links(self, steps: tuple[str, ...], links: tuple[Link, ...]) -> None:
        isa, out = self.isa, []
        edges: list[tuple[int, int]] = []
        written: dict = {}
        for k, x in enumerate(links):
            forward, edge = {}, (0, 0)
            if x.source:
                values = [(view, v) for (op, view), v in written.items() if op == x.source[0]]
                forward = {(x.source[1], view): v for view, v in values}
                a = links[k - 1].meaning.insn.operand(x.source[0]).place.slot
                b = x.meaning.insn.operand(x.source[1]).place.slot
                edge = (b + 1, a)
            if k:
                edges.append(edge)
            em = Emitter(x.meaning.insn, isa.info, isa.enc, x.meaning.eff, k=k, single=False,
                         fast=x.variant.direction, forward=forward)
            try:
                em.body(x.meaning.sem.body)
            except NotFast:
                return
            out += em.lines
            written = em.written
        name = "_".join(x.meaning.insn.ident + (f"_{x.variant.direction}" if x.variant.direction
                        else "") + (f"__{x.source[1]}" if x.source else "") for x in links)
        f = self.function(finish(isa, out, links[-1].meaning.eff.flow, len(links)),
                          f"rg_{isa.info.name}_f_{name}", " + ".join(steps))
        keys = {key: None for x in links for key in x.variant.keys}
        self.rows.append(Row(f, tuple(keys), tuple(self.canon[s] for s in steps),
                             tuple(x.variant.test for x in links), tuple(edges)))

    def ident(self, name: str) -> str:
        ident = "".join(ch if ch.isalnum() else "_" for ch in name)
        return f"RG_{self.isa.info.name}_{ident}".upper()


@dataclass(frozen=True, slots=True)
class Printed:
    """A row as C initialisers."""

    function: str
    keys: str
    second: str
    more: str
    used: int
    tests: str
    links: str


def table(b: Builder) -> tuple[list[int], list[Printed]]:
    """Index of the first row of each instruction (one more at the end), rows."""
    number = {m.insn.name: m.insn.id for m in b.isa.meanings}

    def order(r: Row) -> tuple:
        return number[r.ids[0]], number[r.ids[1]] if len(r.ids) > 1 else 0, -len(r.ids)

    rows = sorted(b.rows, key=order)
    starts = [number[r.ids[0]] for r in rows]
    first = [bisect_left(starts, k) for k in range(len(number) + 2)]
    out = []
    for r in rows:
        ids = [b.ident(i) for i in r.ids] + ["0"] * (4 - len(r.ids))
        tests = [f"{{ {t.place}, {t.value} }}" for t in r.tests] \
            + ["{ 0, RX_SELECT_ANY }"] * (4 - len(r.tests))
        links = [f"{{ {to}, {at} }}" for to, at in r.links] or ["{ 0, 0 }"]
        out.append(Printed(r.function, " | ".join(r.keys) or "0", ids[1], ", ".join(ids[2:]),
                           len(r.ids), ", ".join(tests), ", ".join(links)))
    return first, out


def generate(isa: Isa, env) -> dict[str, str]:
    b = Builder(isa)
    b.build()
    name = isa.info.name
    out = {}
    for k, part in enumerate(shard(b.functions, SHARDS)):
        out[f"{name}/thr_{k}.c"] = env.get_template("thr/thr.c.j2").render(
            isa=name, info=isa.info, functions=part, part=k)
    out[f"{name}/thr.h"] = env.get_template("thr/thr.h.j2").render(
        isa=name, info=isa.info, functions=b.functions)
    canon = [(b.ident(m.insn.name), b.ident(b.canon[m.insn.name]))
             for m in isa.meanings if m.insn.name in b.canon]
    first, rows = table(b)
    out[f"{name}/select.c"] = env.get_template("thr/select.c.j2").render(
        isa=name, info=isa.info, canon=canon, first=first, rows=rows)
    return out
