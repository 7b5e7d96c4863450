# SPDX-License-Identifier: MIT
"""State struct, register descriptions, reset, and access to numbered system
registers."""
from __future__ import annotations

from dataclasses import dataclass

from gen.model.registers import Csr, Reg, Registers


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


@dataclass(frozen=True, slots=True)
class Access:
    """The functions of one row of CSRs; `functions` are bodies to define."""

    comment: str
    read: str
    base: str
    write: str
    when: str
    write_mask: str
    functions: tuple[tuple[str, tuple[str, ...]], ...]  # head, lines


@dataclass(frozen=True, slots=True)
class Number:
    number: str
    name: str
    row: int


def hexnum(value: int) -> str:
    return f"UINT64_C({value:#x})"


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


def _infos(model: Registers) -> list[Info]:
    out = []
    for reg in model.regs:
        for k, name in zip(reg.shown, reg.names):
            out.append(Info(name, _place(reg, k), reg.width // 8, f"RX_REG_{reg.cls.upper()}"))
    return out


def _first(model: Registers) -> list[Macro]:
    """Where each register's elements start in the register table."""
    out, at = [], 0
    for reg in model.regs:
        out.append(Macro(f"RG_{model.name}_REG_{reg.name}".upper(), str(at)))
        at += len(reg.shown)
    return out


class _Csrs:
    """Access functions of each row."""

    def __init__(self, model: Registers):
        self.model = model
        self.hart = f"struct rx_{model.name} *c"
        self.pre = f"rx_{model.name}"

    def _element(self, csr: Csr) -> str:
        if not csr.indexed:
            return f"c->{csr.storage}"
        return f"c->{csr.storage}[n - {csr.number:#x}]"

    def _masked(self, value: str, csr: Csr) -> str:
        if csr.gate:
            value += f" & c->{csr.gate}"
        if csr.read_mask != (1 << 64) - 1:
            value += f" & {hexnum(csr.read_mask)}"
        return value

    def _writer(self, csr: Csr) -> tuple[str, ...]:
        whole = (1 << self.model.reg(csr.storage).width) - 1
        place, gate = self._element(csr), f" & c->{csr.gate}" if csr.gate else ""
        masked = csr.write_mask != whole or bool(gate)
        effects = [(e, m & csr.write_mask) for e, m in csr.effects if m & csr.write_mask]
        if not (masked or csr.legal or effects):
            unused = () if csr.indexed else ("(void)n;",)
            return (*unused, f"{place} = v;")
        lines = [f"uint64_t old = {place}, now = v;"]
        if masked:
            lines.append(f"uint64_t mask = {hexnum(csr.write_mask)}{gate};")
        lines.append("")
        if masked:
            lines.append("now = (old & ~mask) | (v & mask);")
        if csr.legal:
            lines.append(f"now = {self.pre}_legal_{csr.legal}(c, n, old, now);")
        lines.append(f"{place} = now;")
        for name, mask in effects:
            lines.append("if (old != now)" if mask == csr.write_mask
                         else f"if ((old ^ now) & {hexnum(mask)})")
            lines.append(f"\t{self.pre}_effect_{name}(c);")
        if not csr.indexed and not csr.legal:
            lines.append("(void)n;")
        return tuple(lines)

    def access(self, csr: Csr) -> Access:
        """Names of the functions, and the bodies of those that are generated."""
        functions: list[tuple[str, tuple[str, ...]]] = []

        def define(kind: str, head: str, lines: tuple[str, ...]) -> str:
            name = f"{kind}_{csr.name}"
            functions.append((head.format(name), lines))
            return name

        reader = "static uint64_t {}(" + self.hart + ", unsigned n)"
        unused = ("(void)n;",)
        base = "NULL"
        if csr.value is not None:
            read = define("read", reader, ("(void)c;",) + unused
                          + (f"return {hexnum(csr.value)};",))
        elif csr.read and not csr.view:
            read = f"{self.pre}_read_{csr.read}"
        else:
            value = f"{self.pre}_read_{csr.read}(c, n)" if csr.read else self._element(csr)
            use = () if csr.read or csr.indexed else unused
            read = define("read", reader, use + (f"return {self._masked(value, csr)};",))
        if csr.read and csr.storage:
            base = define("base", reader, unused
                          + (f"return {self._masked(self._element(csr), csr)};",))
        if csr.write and not csr.view:
            write = f"{self.pre}_write_{csr.write}"
        elif csr.storage:
            write = define("write", "static void {}(" + self.hart
                           + ", unsigned n, uint64_t v)", self._writer(csr))
        else:
            write = "ignore"
        when = "NULL"
        if len(csr.when) == 1:
            when = f"{self.pre}_when_{csr.when[0]}"
        elif csr.when:
            test = " && ".join(f"{self.pre}_when_{w}(c, n)" for w in csr.when)
            when = define("when", "static bool {}(const " + self.hart + ", unsigned n)",
                          (f"return {test};",))
        last = f"..{csr.names[-1]}" if len(csr.names) > 1 else ""
        return Access(f"{csr.name}{last}  {csr.span.origin}", read, base, write, when,
                      hexnum(csr.write_mask), tuple(functions))


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
    makers = _Csrs(model)
    rows = [makers.access(c) for c in model.csrs]
    numbers = [Number(f"{c.number + k:#05x}", n, row)
               for row, c in enumerate(model.csrs, 1) for k, n in enumerate(c.names)]
    own = [r for r in model.regs if not r.member]
    infos = _infos(model)
    common = dict(isa=name, ISA=name.upper(), numbers=numbers, csr_bits=model.bits)
    header = env.get_template("regs/regs.h.j2").render(
        **common, includes=model.includes, embeds=model.embeds, hooks=_hooks(model),
        members=[Member(f"uint{r.width}_t {r.name}" + (f"[{r.count}]" if r.array else ""),
                        r.span.origin) for r in own],
        macros=_macros(model), first=_first(model), nregs=len(infos))
    source = env.get_template("regs/regs.c.j2").render(
        **common, infos=infos,
        checks=[(r.member, r.width // 8) for r in model.regs if r.member],
        resets=[Reset(r.name, hexnum(r.reset), r.count if r.array else 0)
                for r in own])
    csr = env.get_template("regs/csr.c.j2").render(
        **common, rows=rows, index="uint8_t" if len(rows) < 256 else "uint16_t")
    return {f"{name}/regs.h": header, f"{name}/regs.c": source, f"{name}/csr.c": csr}
