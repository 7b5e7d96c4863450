# SPDX-License-Identifier: MIT
"""State struct, register descriptions and reset."""
from __future__ import annotations

from dataclasses import dataclass, replace

from gen.back.csr import hexnum, numbers
from gen.model.registers import Reg, Registers


@dataclass(frozen=True, slots=True)
class Member:
    """A field of the state struct."""

    decl: str
    origin: str


@dataclass(frozen=True, slots=True)
class Info:
    """One element of the register table."""

    name: str
    place: str
    bytes: int
    flag: str


@dataclass(frozen=True, slots=True)
class Reset:
    place: str
    value: str
    count: int  # 0: no array


@dataclass(frozen=True, slots=True)
class Macro:
    name: str
    value: str


def _macros(model: Registers) -> list[Macro]:
    out = []
    for f in model.fields:
        pre = f"RG_{model.name}_{f.csr}_{f.name}".upper()
        out.append(Macro(pre, hexnum(f.mask)))
        if f.hi > f.lo:
            out.append(Macro(f"{pre}_SHIFT", str(f.lo)))
    return out


def _place(reg: Reg, k: int) -> str:
    return reg.member or (f"{reg.name}[{k}]" if reg.array else reg.name)


def _members(r: Reg) -> list[Member]:
    """The field; of a register that commits with its group also the values that
    wait, and which elements have one."""
    out = [_member(r)]
    if r.commit:
        new = _member(replace(r, name=f"{r.name}_new"))
        out += [replace(new, origin="what the group writes"),
                Member(f"uint64_t {r.name}_set", "elements that it writes")]
        if r.block:
            out += [Member(f"uint64_t {r.name}_cur", "of these, those that it reads so"),
                    Member(f"uint64_t {r.name}_tmp", "of these, those that it forgets")]
    return out


def _infos(model: Registers) -> list[Info]:
    out = []
    for reg in model.regs:
        for k, name in zip(reg.shown, reg.names):
            out.append(Info(name, _place(reg, k), reg.width // 8, f"RX_REG_{reg.cls.upper()}"))
    return out


def _member(r: Reg) -> Member:
    array = f"[{r.count}]" if r.array else ""
    if r.block:
        return Member(f"RX_VECTOR uint8_t {r.name}{array}[{r.width // 8}]", r.span.origin)
    return Member(f"uint{r.width}_t {r.name}{array}", r.span.origin)


def _first(model: Registers) -> list[Macro]:
    """Where each register's elements start in the register table."""
    out, at = [], 0
    for reg in model.regs:
        out.append(Macro(f"RG_{model.name}_REG_{reg.name}".upper(), str(at)))
        at += len(reg.shown)
    return out


def _hooks(model: Registers) -> list[str]:
    """Prototypes of the hand-written functions that the tables name."""
    hart, pre = f"struct rx_{model.name} *c", f"rx_{model.name}"
    reads = sorted({c.read for c in model.csrs if c.read})
    legals = sorted({c.legal for c in model.csrs if c.legal})
    writes = sorted({c.write for c in model.csrs if c.write})
    out = [f"uint64_t {pre}_read_{n}({hart}, unsigned n);" for n in reads]
    out += [f"uint64_t {pre}_legal_{n}(const {hart}, unsigned n, uint64_t old, uint64_t v);"
            for n in legals]
    out += [f"void {pre}_write_{n}({hart}, unsigned n, uint64_t v);" for n in writes]
    for name, text in model.conditions:
        out += [f"/* {text} */", f"bool {pre}_when_{name}(const {hart}, unsigned n);"]
    for name, text in model.effects:
        out += [f"/* {text} */", f"void {pre}_effect_{name}({hart});"]
    return out


def generate(model: Registers, env) -> dict[str, str]:
    """Text of each output, by its path below generated/."""
    name = model.name
    own = [r for r in model.regs if not r.member]
    infos = _infos(model)
    common = dict(isa=name, ISA=name.upper())
    header = env.get_template("regs/regs.h.j2").render(
        **common, includes=model.includes, embeds=model.embeds, hooks=_hooks(model),
        members=[m for r in own for m in _members(r)],
        macros=_macros(model), first=_first(model), nregs=len(infos),
        numbers=numbers(model), csr_bits=model.bits)
    source = env.get_template("regs/regs.c.j2").render(
        **common, infos=infos,
        checks=[(r.member, r.width // 8) for r in model.regs if r.member],
        resets=[Reset(r.name, hexnum(r.reset), r.count if r.array else 0)
                for r in own if not r.block]
        + [Reset(f"{r.name}_set", "0", 0) for r in own if r.commit],
        blocks=[r.name for r in own if r.block])
    return {f"{name}/regs.h": header, f"{name}/regs.c": source}
