# SPDX-License-Identifier: MIT
"""Registers of one instruction set: state, system registers, their fields.

Nothing here knows an ISA by name. "CSR" stands for any numbered system
register.
"""
from __future__ import annotations

from dataclasses import dataclass

from .encoding import Span

CLASSES = ("pc", "general", "float", "vector", "system", "hidden")


@dataclass(frozen=True, slots=True)
class Reg:
    """A field of the state struct. names: of the elements that are registers.

    member: where it lives in the common part instead ("cpu.pc"), or "".
    scratch: the element that takes dropped writes, or -1. block: it is bytes,
    aligned for the host's vectors, and no number. commit: it is written at the
    end of a group of instructions, and what several writes leave then: the last
    one, their and, their or; "" it is written at once.
    """

    name: str
    width: int  # bits of an element
    count: int
    array: bool
    cls: str
    names: tuple[str, ...]
    reset: int
    member: str
    scratch: int
    span: Span
    block: bool = False
    commit: str = ""

    @property
    def shown(self) -> tuple[int, ...]:
        """Indices of the elements that are registers."""
        return tuple(k for k in range(self.count) if k != self.scratch)


@dataclass(frozen=True, slots=True)
class Embed:
    """A member of the state struct that is not registers."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Field:
    """Bits hi..lo of a CSR. access: rw, ro or fixed (always ``value``).

    views: CSRs that show it, each with whether it can be written there.
    """

    csr: str
    name: str
    hi: int
    lo: int
    access: str
    value: int
    effects: tuple[str, ...]
    views: tuple[tuple[str, bool], ...]
    span: Span

    @property
    def mask(self) -> int:
        return ((1 << (self.hi - self.lo + 1)) - 1) << self.lo


@dataclass(frozen=True, slots=True)
class Csr:
    """One row: ``names`` have consecutive numbers from ``number`` on.

    storage: name of the register that holds it, "" where there is none. A
    view's storage, read and legal are those of the CSR that it shows. gate:
    storage of the gating CSR, or "". value: of a constant, else None.
    """

    names: tuple[str, ...]
    number: int
    storage: str
    indexed: bool  # the k-th name is element k of the storage
    value: int | None
    view: str
    gate: str
    read_mask: int
    write_mask: int
    when: tuple[str, ...]
    effects: tuple[tuple[str, int], ...]  # name, bits whose change calls for it
    read: str
    legal: str
    write: str
    span: Span

    @property
    def name(self) -> str:
        return self.names[0]


@dataclass(frozen=True, slots=True)
class Registers:
    """All of it; csrs are in the order of their numbers."""

    name: str
    includes: tuple[str, ...]
    regs: tuple[Reg, ...]
    embeds: tuple[Embed, ...]
    bits: int  # of a CSR number
    csrs: tuple[Csr, ...]
    fields: tuple[Field, ...]
    conditions: tuple[tuple[str, str], ...]  # name, meaning
    effects: tuple[tuple[str, str], ...]

    def reg(self, name: str) -> Reg:
        return next(r for r in self.regs if r.name == name)
