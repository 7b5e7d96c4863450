# SPDX-License-Identifier: MIT
"""What an ISA says once about all its vector instructions: `lanes rules=NAME`
in isa.tbl picks one of RULES. An ISA without such rules states element widths,
counts and masks in its bodies."""
from __future__ import annotations

from typing import Protocol

from gen.front.intval import Value
from gen.front.riscv_lanes import RiscvLanes
from gen.model.encoding import Insn, Operand
from gen.model.isa import IsaInfo
from gen.model.lanes import Lanes
from gen.model.sem import Expr, Stmt


class LaneRules(Protocol):
    """Of one instruction."""

    def __init__(self, insn: Insn, isa: IsaInfo) -> None: ...

    def cases(self, names: frozenset[str]) -> list[tuple[Expr | None, dict[str, int]]]:
        """Specialisations: a condition on the state (None: always) and constants
        that the body may name. names: those that the body names, "lane" where
        it has the short form. Where no condition holds there is no such
        instruction."""

    def before(self) -> list[Stmt]:
        """Checks in front of the body."""

    def after(self) -> list[Stmt]:
        """Statements behind it."""

    def element(self, consts: dict[str, int]) -> int:
        """Bits of the short form's elements."""

    def width(self, o: Operand, width: int) -> int:
        """Bits of a vector operand's elements where those of the form have width."""

    def scalar(self, o: Operand, v: Value, width: int) -> Value | None:
        """Another operand in the short form, None: as it is."""

    def registers(self, name: str, groups: Expr) -> Expr:
        """Registers from an operand's first one to its next groups."""

    def active(self, lane: Expr) -> Expr:
        """Is the lane's mask bit set?"""

    def loop(self, s: Lanes) -> Lanes:
        """A loop that the body states, with what the ISA says of all of them."""

    def short(self, s: Lanes) -> Lanes:
        """The loop of the short form."""


RULES: dict[str, type[LaneRules]] = {"riscv": RiscvLanes}
