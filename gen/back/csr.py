# SPDX-License-Identifier: MIT
"""Access to numbered system registers (CSRs, whatever the ISA calls them)."""
from __future__ import annotations

from dataclasses import dataclass

from gen.model.registers import Csr, Registers


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


def numbers(model: Registers) -> list[Number]:
    """Every number that exists; row: of its description, from 1."""
    return [Number(f"{c.number + k:#05x}", n, row)
            for row, c in enumerate(model.csrs, 1) for k, n in enumerate(c.names)]


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


def generate(model: Registers, env) -> dict[str, str]:
    """csr.c of an ISA that has system registers of this kind."""
    makers = _Csrs(model)
    rows = [makers.access(c) for c in model.csrs]
    text = env.get_template("regs/csr.c.j2").render(
        isa=model.name, ISA=model.name.upper(), numbers=numbers(model), csr_bits=model.bits,
        rows=rows, index="uint8_t" if len(rows) < 256 else "uint16_t")
    return {f"{model.name}/csr.c": text}
