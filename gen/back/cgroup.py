# SPDX-License-Identifier: MIT
"""C text of registers that are pairs or that commit with their group
(core/group.h)."""
from __future__ import annotations

from gen.model.encoding import Operand
from gen.model.isa import RegClass


def special(cls: RegClass) -> bool:
    """Is a register no plain element of the state?"""
    return cls.pair or bool(cls.commit)


def read(cls: RegClass, op: Operand, number: str) -> str:
    """The value of a register; of a fresh operand what the group leaves there."""
    kind = ("NEW" if op.fresh else "OLD") + ("_PAIR" if cls.pair else "")
    return f"RX_GROUP_{kind}(c, {cls.state}, {number})"


def write(cls: RegClass, number: str, value: str) -> str:
    """A statement that writes a register."""
    kind = (cls.commit.upper() or "NOW") + ("_PAIR" if cls.pair else "")
    return f"RX_GROUP_{kind}(c, {cls.state}, {number}, {value});"
