# SPDX-License-Identifier: MIT
"""Groups: instructions that commit together, and how their words are told apart.

A group is a run of words with parse bits. A word is a member, a pair of short
members, or an extender of the next member's immediate. Reads see the state
before the group; writes wait in shadows until its end; a fault undoes it all.
"""
from __future__ import annotations

from dataclasses import dataclass

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .encoding import Field, Span


# Kinds of members: accesses, control flow, a store of what another member makes, a
# load and a store, a load and a branch, one that parse bits append, a branch to
# where no constant says, one that depends on what another member makes, one that is
# not plain.
KINDS = ("load", "store", "branch", "new-store", "update", "return", "tail", "indirect",
         "new-branch", "special")
UNIT_SETS = 4  # most ways to get a unit


@dataclass(frozen=True, slots=True)
class Tail:
    """Parse bits of the first two words that append a member: its name; second
    None: anything but what another tail with this first value asks for."""

    insn: str
    first: int
    second: int | None


@dataclass(frozen=True, slots=True)
class GroupRules:
    """unit: bytes of a word; most: words of a group. parse: the field that says
    what a word is: last one (end), a pair (pair; it is the last, too), else
    more follow. A member without a word of its own is decoded from a word with
    the number of its space on top and the parse bits of a pair, which no real
    word has.

    extender: the instruction that is none but brings the upper bits of the
    operand that may be extended; keeps: how many low bits it leaves. kind:
    bits of a pair that say of which spaces its halves are. halves: first and
    second, in the order of execution; the extender is the first one's.
    near: bits of a `.new` register field: how many words back its producer is.
    once: classes whose registers one member writes, or several under different
    conditions. branches: how many there may be; all but the last are conditional.
    apart: a kind of members, and of those that do not stand beside it. plain:
    extensions whose members stand beside all others. units: what a member needs
    besides its slot: one of several sets, of which no other member has a part.
    """

    unit: int
    most: int
    parse: Field
    end: int
    pair: int
    spaces: dict[str, int]
    extender: str
    keeps: int
    kind: tuple[Field, ...]
    halves: tuple[Field, ...]
    pairs: dict[int, tuple[str, str]]
    tails: tuple[Tail, ...]
    fixed: dict[str, tuple[str, int, bool]]  # NAME in bodies: class, number, new value
    slots: dict[int, int]  # by the word's top four bits: slots it may be in
    many: frozenset[str]  # of fixed: several members may write it
    once: tuple[str, ...]
    branches: int
    apart: tuple[tuple[str, str], ...]
    plain: frozenset[str]
    units: dict[str, tuple[int, ...]]  # masks of parts
    span: Span

    def word_of(self, space: str) -> tuple[int, int]:
        """Mask and match of the bits above a short member's own."""
        width = self.halves[0].width
        mask = ((1 << 8 * self.unit) - 1) & ~((1 << width) - 1)
        return mask, self.spaces[space] << (8 * self.unit - 4) | self.pair << self.parse.lo
