# SPDX-License-Identifier: MIT
"""What an instruction may do, as passes.effects reads it off its meaning."""
from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


MEMORY = "*memory"  # key of Effects.unknown: what is stored


class Flow(Enum):
    """How control leaves an instruction."""

    NEXT = "next"
    BRANCH = "branch"  # conditional, static target
    JUMP = "jump"  # always, static target
    INDIRECT = "indirect"
    OTHER = "other"  # a hook or a fault that ends the block


@dataclass(frozen=True, slots=True)
class Effects:
    """fp: uses the floating-point register class or its environment; rounds:
    takes the rounding operand; round_flags: has operations that may raise IEEE
    flags. static: locals whose values the encoding alone decides, so that they
    are known when an instruction is translated. unknown: for each register
    operand that may be left with UNKNOWN bits, the mask of those bits; what
    stands there is not compared by tests. uses, writes: register classes other
    than the floating-point one. lanes: has loops.
    """

    flow: Flow
    memory: bool
    fp: bool
    rounds: bool
    round_flags: bool
    writes_fp: bool
    static: frozenset[str] = frozenset()
    unknown: tuple[tuple[str, int], ...] = ()
    uses: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    lanes: bool = False
