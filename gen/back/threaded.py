# SPDX-License-Identifier: MIT
"""Fast handlers of the threaded engine, plain and fused, and their selection.

A handler serves a set of encodings (those with the same code) under a
condition: bits of the translation key, and the value of a static rounding
operand. Fused handlers come from the ISA's fusion table.
"""
from __future__ import annotations

from dataclasses import dataclass

from gen.back.cstmt import Emitter, NotFast
from gen.back.exec import Function, origin, shard
from gen.model import prims
from gen.model.checked import FuseStep, Isa, Meaning
from gen.model.sem import FpLet, walk_stmts
from gen.passes.effects import Flow

SHARDS = 4


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to be fast: a rounding direction ("" any) and its condition in C."""

    direction: str
    keys: tuple[str, ...]
    static_c: str  # condition on record {r}, "" none


@dataclass(frozen=True, slots=True)
class Choice:
    """A row of the selection: function under a condition."""

    cond: str
    function: str
    used: int


def variants(isa: Isa, m: Meaning) -> list[Variant]:
    if not m.eff.fp:
        return [Variant("", (), "")]
    info = isa.info
    keys = [info.classes[info.fp_class].key]
    if any(isinstance(s, FpLet) and prims.FP[s.op.name].needs_fma for s in walk_stmts(m.sem.body)):
        keys.append(info.fma_key)
    if not m.eff.rounds:
        return [Variant("", tuple(keys), "")]
    op = m.insn.operand(info.rounding.operand)
    field = f"{{r}}.r[{op.place.slot}]" if not op.place.in_imm else \
        f"({{r}}.imm >> {op.place.shift} & {(1 << op.width) - 1})"
    out = []
    for name, value in prims.ROUND_VALUE.items():
        out.append(Variant(name, tuple(keys), f"{field} == {value}"))
        if name == "rne":
            out.append(Variant(name, (*keys, info.rounding.key),
                               f"{field} == {info.rounding.dynamic}"))
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
        self.plain: dict[str, list[Choice]] = {}
        self.fused: dict[str, list[Choice]] = {}

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
                rows.append(Choice(condition(v, "i[0]"), f, 1))
            key = tuple((r.cond, r.function) for r in rows)
            if rows:
                self.canon[m.insn.name] = seen.setdefault(key, m.insn.name)
                self.plain[m.insn.name] = rows
        for steps in self.isa.fusions:
            self.fuse(steps)

    def fuse(self, steps: tuple[FuseStep, ...]) -> None:
        """One fused handler for each combination of variants that has a fast form."""
        ms = [self.isa.meaning(s.name) for s in steps]
        combos: list[tuple[Variant, ...]] = [()]
        for m in ms:
            combos = [c + (v,) for c in combos for v in variants(self.isa, m)]
        for combo in combos:
            made = self.fused_lines(steps, ms, combo)
            if made is None:
                continue
            lines, aliases = made
            names = "_".join(m.insn.ident + (f"_{v.direction}" if v.direction else "")
                             for m, v in zip(ms, combo))
            tail = "_".join(s.operand for s in steps[1:] if s.operand)
            name = f"rg_{self.isa.info.name}_f_{names}" + (f"__{tail}" if tail else "")
            f = self.function(lines, name, " + ".join(m.insn.name for m in ms))
            conds = [condition(v, f"i[{k}]") for k, v in enumerate(combo)]
            for k, s in enumerate(steps):
                if k:
                    conds.append(f"canon[i[{k}].id] == {self.ident(self.canon[s.name])}")
            conds += aliases
            self.fused.setdefault(self.canon[steps[0].name], []).append(
                Choice(" && ".join(c for c in conds if c), f, len(steps)))

    def fused_lines(self, steps, ms: list[Meaning], combo) -> tuple[tuple[str, ...], list[str]] | None:
        isa, out, aliases = self.isa, [], []
        forward: dict = {}
        for k, (s, m, v) in enumerate(zip(steps, ms, combo)):
            if m.eff.flow is not Flow.NEXT and k + 1 < len(ms):
                return None
            fw = {}
            if s.operand:
                wop, reg = next(iter(forward.items()))
                rop = m.insn.operand(s.operand)
                for (_, view), value in forward.items():
                    fw[(s.operand, view)] = value
                prev = ms[k - 1].insn.operand(wop[0])
                aliases.append(f"i[{k}].r[{rop.place.slot}] == i[{k - 1}].r[{prev.place.slot}]")
            em = Emitter(m.insn, isa.info, isa.enc, m.eff, fast=v.direction, k=k, single=False,
                         forward=fw)
            try:
                em.body(m.sem.body)
            except NotFast:
                return None
            out += em.lines
            forward = dict(em.written)
            if k + 1 < len(steps) and steps[k + 1].operand and len(forward) != 1:
                return None
        return finish(isa, out, ms[-1].eff.flow, len(ms)), aliases

    def ident(self, name: str) -> str:
        ident = "".join(ch if ch.isalnum() else "_" for ch in name)
        return f"RG_{self.isa.info.name}_{ident}".upper()


def condition(v: Variant, record: str) -> str:
    parts = []
    if v.keys:
        mask = " | ".join(v.keys)
        parts.append(f"has(mode_key, {mask})")
    if v.static_c:
        parts.append(v.static_c.format(r=record))
    return " && ".join(parts)


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
    heads = []
    for m in isa.meanings:
        n = m.insn.name
        if b.canon.get(n) != n:
            continue
        rows = sorted(b.fused.get(n, []), key=lambda c: -c.used)
        heads.append((b.ident(n), rows, b.plain[n]))
    out[f"{name}/select.c"] = env.get_template("thr/select.c.j2").render(
        isa=name, info=isa.info, canon=canon, heads=heads)
    return out
