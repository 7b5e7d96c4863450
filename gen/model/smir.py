# SPDX-License-Identifier: MIT
"""The operation table of SMIR, the intermediate representation."""
from __future__ import annotations

from dataclasses import dataclass

from .encoding import Span

IMMEDIATES = ("imm", "state", "rmw", "table", "insn", "lane", "part")


@dataclass(frozen=True, slots=True)
class SmirType:
    name: str
    bits: int
    span: Span


@dataclass(frozen=True, slots=True)
class SmirEffect:
    name: str
    meaning: str
    span: Span


@dataclass(frozen=True, slots=True)
class SmirOp:
    """One operation. types: what its own type may be, none: it has no type;
    args as in the table, their sets by name."""

    name: str
    types: tuple[str, ...]
    result: str
    args: tuple[str, ...]
    effect: str
    meaning: str
    span: Span

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(a for a in self.args if a not in IMMEDIATES and a != "block")

    @property
    def imm(self) -> str | None:
        return next((a for a in self.args if a in IMMEDIATES), None)

    @property
    def blocks(self) -> int:
        return self.args.count("block")


@dataclass(frozen=True, slots=True)
class SmirTable:
    types: tuple[SmirType, ...]
    sets: dict[str, tuple[str, ...]]
    effects: tuple[SmirEffect, ...]
    ops: tuple[SmirOp, ...]
