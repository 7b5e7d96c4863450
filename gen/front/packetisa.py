# SPDX-License-Identifier: MIT
"""An ISA of packets from its .isa file: patterns, syntax strings, packet rules."""
from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from gen.front import isafile
from gen.front.families import Defines, Meant, read_families
from gen.front.operands import read_regnames
from gen.front.packets import read_packets
from gen.front.patterns import Opcode, read_patterns
from gen.front.syntaxes import Letters, Reading, read_letters, read_syntax
from gen.front.text import Source
from gen.model.encoding import BitSrc, Guard, Insn, IsaEncodings, Operand, Syntax, SyntaxKind
from gen.support.errors import Errors, SpecError

_AS = re.compile(r"as\s+(\w+)")
_WORD = re.compile(r"[A-Za-z_]\w*")
_NUMBER_BITS = 8


class _Packets(isafile.Loader):
    """The parts, put together."""

    def __init__(self, source: Source, errors: Errors) -> None:
        super().__init__(source, errors)
        self.letters = Letters()
        self.meant: dict[str, Meant] = {}
        self.defines: Defines = {}

    def tables(self) -> None:
        for s in self.each("fields"):
            self.rules = read_packets(s, self.errors)
        for s in self.each("registers"):
            read_regnames(s, self.ops, self.errors)
        for s in self.each("operands"):
            self.letters = read_letters(s, self.ops.regs, self.errors)
        if self.rules is None and not len(self.errors):
            self.errors.add(self.parts.span, "fields: packet rules are needed")
        self.errors.check()
        for name, (cls, number, _) in self.rules.fixed.items():
            if cls not in self.ops.regs:
                self.errors.add(self.rules.span, f"fixed {name}: there is no class {cls}")
            elif number >= len(self.ops.regs[cls].names):
                self.errors.add(self.rules.span, f"fixed {name}: {cls} has no register {number}")
        for cls in self.rules.once:
            if cls not in self.ops.regs:
                self.errors.add(self.rules.span, f"once: there is no class {cls}")

    def families(self) -> None:
        for s in self.each("entries"):
            for m in read_families(s, self.errors, self.defines):
                if m.name in self.meant:
                    self.errors.add(m.span, f"{m.name} has a meaning already",
                                    (self.meant[m.name].span, "the other one"))
                self.meant[m.name] = m

    def text(self, name: str, seen: tuple[str, ...] = ()) -> str:
        """The ASL that an opcode means, through `as`."""
        m = self.meant.get(name)
        if m is None or name in seen:
            return ""
        other = _AS.match(m.body.text)
        return self.text(other[1], (*seen, name)) if other else m.body.text

    def condition(self, reading: Reading) -> Guard | None:
        """The guard; of a register that the syntax string spells out, the name that
        packet rules give it."""
        if reading.spelled is None:
            return reading.guard
        text, new, sense = reading.spelled
        cls = self.letters.guard
        number = self.ops.regs[cls].names.index(text)
        name = next((n for n, f in self.rules.fixed.items() if f == (cls, number, new)), None)
        if name is None:
            raise SpecError(reading.template.span, f"packet rules have no name for {text}")
        return Guard(name, sense)

    def fixed(self, op: Opcode, have: list[Operand], guard: set[str]) -> list[Operand]:
        """Registers that the body or the guard names and the encoding does not."""
        names = {o.name for o in have}
        words = set(_WORD.findall(self.text(op.encoding.name))) | guard
        out = []
        for name, (cls, number, new) in self.rules.fixed.items():
            if name in words and name not in names:
                out.append(Operand(name, "", cls, "r" if new else "rw", _NUMBER_BITS, False,
                                   (BitSrc(_NUMBER_BITS, const=number),), Syntax(SyntaxKind.REG),
                                   fresh=new, fixed=number, span=op.encoding.span))
        return out

    def insn(self, op: Opcode, number: int) -> Insn:
        name = op.encoding.name
        reading: Reading = read_syntax(op, self.letters)
        meant = self.meant.get(name)
        if meant is None:
            raise SpecError(op.encoding.span, f"{name} has an encoding and no meaning")
        guard = self.condition(reading)
        used = {guard.operand} if guard else set()
        operands = reading.operands + self.fixed(op, reading.operands, used)
        enc = replace(op.encoding, constraints=op.encoding.constraints
                      + tuple(reading.constraints))
        return Insn(number, enc, tuple(operands), (reading.template, *reading.aliases),
                    meant.body, meant.span,
                    guard, op.slots, op.solo, op.late, op.first, op.plain, op.empty,
                    op.unit)

    def insns(self) -> list[Insn]:
        self.families()
        out: list[Insn] = []
        seen: dict[str, Opcode] = {}
        for s in self.each("encodings"):
            for op in read_patterns(s, self.rules, self.errors):
                e = op.encoding
                if e.name in seen:
                    self.errors.add(e.span, f"{e.name} is encoded already",
                                    (seen[e.name].encoding.span, "the other one"))
                seen[e.name] = op
                try:
                    out.append(self.insn(op, len(out) + 1))
                except SpecError as err:
                    self.errors.take(err)
        for name in self.meant.keys() - seen.keys():
            self.errors.add(self.meant[name].span, f"{name} has a meaning and no encoding")
        for t in (self.rules.extender, *(t.insn for t in self.rules.tails)):
            if t not in seen:
                self.errors.add(self.rules.span, f"there is no instruction {t}")
        return out


def load(path: Path, shown: str, errors: Errors) -> IsaEncodings:
    """The ISA that the file describes, with its packet rules."""
    return isafile.load(path, shown, errors, _Packets)
