# SPDX-License-Identifier: MIT
"""An instruction set after all passes: what the back ends of meaning read."""
from __future__ import annotations

from dataclasses import dataclass

from gen.model.effects import Effects
from gen.model.encoding import Insn, IsaEncodings
from gen.model.isa import IsaInfo
from gen.model.override import Override
from gen.model.registers import Registers
from gen.model.sem import Sem
from gen.model.tests import Tests


@dataclass(frozen=True, slots=True)
class Meaning:
    """One instruction: encoding, committed meaning, effects."""

    insn: Insn
    sem: Sem
    eff: Effects


@dataclass(frozen=True, slots=True)
class Isa:
    info: IsaInfo
    enc: IsaEncodings
    meanings: tuple[Meaning, ...]  # by id, from 1
    fusions: tuple[tuple[str, ...], ...]  # sequences of instructions that get one handler
    regs: Registers
    tests: Tests = Tests()
    overrides: tuple[Override, ...] = ()
    suites: tuple[tuple[str, Tests], ...] = ()  # further tests of some instructions, by name
    fast: bool = False  # the threaded engine has handlers

    def meaning(self, name: str) -> Meaning | None:
        return next((m for m in self.meanings if m.insn.name == name), None)
