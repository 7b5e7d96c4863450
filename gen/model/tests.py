# SPDX-License-Identifier: MIT
"""How the instructions of an ISA are tested, and what has been verified."""
from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase

from gen.model.encoding import Span


@dataclass(frozen=True, slots=True)
class HookAccess:
    """A hook whose first argument is an address that it accesses. size 0: the
    second argument says how many bytes."""

    hook: str
    store: bool
    size: int
    span: Span


@dataclass(frozen=True, slots=True)
class Choice:
    """The only values that tests give an operand."""

    operand: str
    values: tuple[int, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Note:
    """Why instructions are judged by no oracle, or what is missing. insn: a name,
    or EXTENSION/* for all of an extension."""

    insn: str
    text: str
    span: Span


def _note(notes: tuple[Note, ...], insn: str, extension: str) -> str:
    return next((n.text for n in notes if fnmatchcase(insn, n.insn)
                 or fnmatchcase(f"{extension}/{insn}", n.insn)), "")


@dataclass(frozen=True, slots=True)
class Align:
    """Tests aim with element ``number`` of a register in multiples of ``bytes``."""

    reg: str
    number: int
    bytes: int
    span: Span


@dataclass(frozen=True, slots=True)
class Verified:
    """So many recorded cases of an instruction, judged by an oracle."""

    insn: str
    cases: int
    oracle: str
    span: Span


class Fill(Enum):
    """What tests put into registers; values are names of enum conf_fill."""

    GENERAL = "general"
    FLOAT = "float"
    VECTOR = "vector"
    PREDICATE = "predicate"
    BITS = "bits"
    CHOICE = "choice"
    TARGET = "target"
    EXTENDED = "extended"


@dataclass(frozen=True, slots=True)
class State:
    """A register (or array) that tests load and compare. values: the mask of
    the bits that vary (BITS), or the values to choose from (CHOICE). name: what
    oracles call it; first, count: which elements it is, count 0: all; bytes: of
    an element, from its lowest on, 0 all."""

    name: str
    reg: str
    first: int
    count: int
    fill: Fill
    values: tuple[int, ...]
    span: Span
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Cause:
    """An exception as oracles see it. address: its value is an access's."""

    exception: str
    cause: str
    address: bool
    span: Span


CAUSES = ("illegal", "trap", "call", "access", "misaligned", "arithmetic", "protection")


@dataclass(frozen=True, slots=True)
class After:
    """Half of the cases of ``insn`` come behind one of ``first``."""

    insn: str
    first: str
    span: Span


@dataclass(frozen=True, slots=True)
class Tests:
    accesses: tuple[HookAccess, ...] = ()
    choices: tuple[Choice, ...] = ()
    skips: tuple[Note, ...] = ()
    partly: tuple[Note, ...] = ()
    verified: tuple[Verified, ...] = ()
    states: tuple[State, ...] = ()
    causes: tuple[Cause, ...] = ()
    afters: tuple[After, ...] = ()
    aligns: tuple[Align, ...] = ()
    fill: int = 0
    mode: int = 0
    page: int = 0x1000
    alone: tuple[str, ...] = ()  # patterns of instructions that have groups of their own
    strict: int = 0  # accesses are aligned; misaligned ones are rare in tests
    aim: str = ""  # function that aims accesses, "" none
    settle: str = ""  # function that makes a case's registers fit each other, "" none
    vendors: tuple[Note, ...] = ()  # choices of processors: VENDOR REASON
    only: tuple[str, ...] = ()  # EXTENSION/INSN patterns of a suite; others are not its business
    base: int = 0x80000000  # of addresses that cases use
    valid: bool = False  # words that are no instruction are no cases

    def covers(self, insn: str, extension: str) -> bool:
        return not self.only or any(fnmatchcase(f"{extension}/{insn}", p) for p in self.only)

    def after(self, insn: str) -> str:
        return next((a.first for a in self.afters if fnmatchcase(insn, a.insn)), "")

    def access(self, hook: str) -> HookAccess | None:
        return next((a for a in self.accesses if a.hook == hook), None)

    def choice(self, operand: str) -> Choice | None:
        return next((c for c in self.choices if c.operand == operand), None)

    def skip(self, insn: str, extension: str = "") -> str:
        return _note(self.skips, insn, extension)

    def vendor(self, insn: str, extension: str = "") -> tuple[str, str]:
        """Whose choice the meaning is, and which; or nobody's."""
        who, _, reason = _note(self.vendors, insn, extension).partition(" ")
        return who, reason.strip()

    def missing(self, insn: str, extension: str = "") -> str:
        return _note(self.partly, insn, extension)
