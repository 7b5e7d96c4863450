# SPDX-License-Identifier: MIT
"""Encodings, operands and assembly syntax of one instruction set.

Nothing here knows an ISA by name. Front ends build an ``IsaEncodings``;
``passes.overlap`` proves that it is unambiguous, ``passes.layout`` gives every
operand its place in the decoded instruction, back ends print tables from it.

Words are unsigned integers of ``Encoding.length`` bytes, which are little-endian
units; the first one is lowest, or on top (``first_high``). Bit positions count
from 0 in that integer. Id 0 of every ISA is its illegal
instruction and belongs to no ``Insn``.
"""
from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from gen.model.group import GroupRules
from gen.model.opfuncs import OPFUNCS


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Where something stands in a source file; line and column count from 1."""

    file: str
    line: int
    col: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.col}"

    @property
    def origin(self) -> str:
        """file:line, as generated code cites it."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Field:
    """Named bits hi..lo of the word."""

    name: str
    hi: int
    lo: int

    @property
    def width(self) -> int:
        return self.hi - self.lo + 1

    @property
    def mask(self) -> int:
        return ((1 << self.width) - 1) << self.lo


@dataclass(frozen=True, slots=True)
class Constraint:
    """The word is this encoding only if ``word & mask`` is none of ``values``."""

    text: str  # "rd_n2 != 2", for messages
    mask: int
    values: tuple[int, ...]
    span: Span

    def holds(self, word: int) -> bool:
        return (word & self.mask) not in self.values


@dataclass(frozen=True, slots=True)
class Encoding:
    """Bits plus predicate. ``over``: names of encodings that this one, being a
    special case of them, takes precedence over."""

    name: str
    mask: int
    match: int
    length: int  # bytes
    fields: tuple[Field, ...]
    constraints: tuple[Constraint, ...]
    extension: str  # the feature that brings it: "rv_zba"
    over: tuple[str, ...]
    span: Span
    default: int = 0  # bits outside mask that an assembler sets

    def matches(self, word: int) -> bool:
        """Bits and constraints only; precedence is not looked at."""
        return word & self.mask == self.match and all(c.holds(word) for c in self.constraints)

    def field(self, name: str) -> Field | None:
        return next((f for f in self.fields if f.name == name), None)


@dataclass(frozen=True, slots=True)
class BitSrc:
    """``width`` bits of a value: from word bit ``lo`` up, or constant (lo < 0)."""

    width: int
    lo: int = -1
    const: int = 0

    @property
    def is_const(self) -> bool:
        return self.lo < 0


class SyntaxKind(Enum):
    """How an operand is printed and parsed."""

    REG = "reg"  # name of a register of the operand's class
    INT = "int"  # decimal number, signed as the operand is
    CONST = "const"  # the same behind #, or ## when an extender brings bits of it
    TARGET = "target"  # an address, the value relative to the instruction's group
    ENUM = "enum"  # a word of a value table
    FRACTION = "fraction"  # a number of 128ths, printed with 8 decimal places
    LIST = "list"  # words of a value table for the bits that they stand for
    REGISTERS = "registers"  # names of those whose bits are set, lowest first
    SET = "set"  # letters of the bits that are set, most significant first; "0" if none


@dataclass(frozen=True, slots=True)
class Syntax:
    """``table``: of an ENUM or LIST, the value table; of a SET, the letters; of REG and
    REGISTERS, the names ("" those of the operand's class).
    ``numbers``: an ENUM value without a word is printed as a number, and
    numbers are accepted. ``hex``: numbers are printed as 0xff."""

    kind: SyntaxKind
    table: str = ""
    numbers: bool = False
    hex: bool = False


SLOTS = 4  # of struct rx_insn.r
SLOT_BITS = 8
IMM_BITS = 64


@dataclass(frozen=True, slots=True)
class Place:
    """Where an operand lives in struct rx_insn: ``r[slot]``, or bits
    shift..shift+width-1 of ``imm``; width 64: the whole of it, extended."""

    slot: int = -1
    shift: int = 0
    width: int = 0

    @property
    def in_imm(self) -> bool:
        return self.slot < 0


@dataclass(frozen=True, slots=True)
class Operand:
    """One operand as bodies see it.

    name: in bodies; token: in assembly templates, several operands may share
    one (an accumulator is read as rs1 and written as rd). regclass: "" for
    values. access: "r" or "w" for registers ("rw" in groups, where reads never
    see writes), "r" for values; "" for a register that is only named. bits: what
    the word holds, most significant part first; bodies see it extended to
    ``width`` bits, ``signed`` says how. prefer: the
    slot that the operand table asks for, -1 none. place: set by passes.layout.
    function: of model.opfuncs: the value is that of the bits, computed when
    decoding; "" none. elem: of a vector, what the ISA's rules for lanes want to
    know.
    """

    name: str
    token: str
    regclass: str
    access: str
    width: int
    signed: bool
    bits: tuple[BitSrc, ...]
    syntax: Syntax
    prefer: int = -1
    place: Place | None = None
    span: Span = Span("", 0, 0)
    function: str = ""
    elem: str = ""
    fresh: bool = False  # the value that the group gives the register
    producer: bool = False  # the field says which member of the group writes it
    fixed: int = -1  # number of a register that only the body names; no place
    extends: int = -1  # an extender may replace it; its low bits that are not encoded
    must: bool = False  # there is always an extender

    @property
    def is_const(self) -> bool:
        return all(b.is_const for b in self.bits)

    @property
    def number(self) -> int:
        """Of a register that the encoding alone decides and no place holds; -1."""
        return self.fixed

    @property
    def encoded(self) -> int:
        """Bits that the word holds; ``width`` or fewer."""
        return sum(b.width for b in self.bits)

    @property
    def held(self) -> int:
        """Bits that the decoded instruction holds."""
        return self.width if self.function or self.extends >= 0 else self.encoded

    def value(self, word: int) -> int:
        """The operand's value in a word, extended as declared. Where a function
        computes it, reserved bits give 0."""
        v = 0
        for b in self.bits:
            part = b.const if b.is_const else word >> b.lo & ((1 << b.width) - 1)
            v = v << b.width | part
        if self.function:
            return OPFUNCS[self.function].decode(v) or 0
        if self.signed and v >> (self.encoded - 1):
            v -= 1 << self.encoded
        return v


@dataclass(frozen=True, slots=True)
class Lit:
    """Fixed text; a space in it matches any white space, also none."""

    text: str


@dataclass(frozen=True, slots=True)
class Ref:
    """The operand(s) of this token."""

    token: str


@dataclass(frozen=True, slots=True)
class Opt:
    """May be left out in the source, which means ``defaults``. It is printed
    unless it equals them, always when ``printed`` says so."""

    pieces: tuple["Piece", ...]
    defaults: tuple[tuple[str, int], ...]  # token, value
    printed: bool


@dataclass(frozen=True, slots=True)
class Plain:
    """Text that stands there unless an extender brings bits of an operand."""

    text: str


Piece = Lit | Ref | Opt | Plain


class CondKind(Enum):
    IS = "is"  # word & mask == value
    NOT = "not"  # word & mask != value
    SAME = "same"  # the mask's bits at ``value`` are those at ``other``


@dataclass(frozen=True, slots=True)
class Cond:
    """What a word must satisfy for an alias to apply."""

    kind: CondKind
    mask: int
    value: int
    other: int = 0


SUFFIX_MARK = "\1"  # RX_ASM_OP


@dataclass(frozen=True, slots=True)
class Template:
    """One spelling: mnemonic, a glued-on suffix operand ("" none), the rest. What the
    mnemonic has behind the suffix comes behind a SUFFIX_MARK in it.

    An alias applies where all of ``when`` hold and its operands have values.
    ``operands`` are those that only the text has: they have no place in the
    decoded instruction, their bits are taken from the word."""

    mnemonic: str
    suffix: str
    pieces: tuple[Piece, ...]
    span: Span
    alias: bool = False
    when: tuple[Cond, ...] = ()
    operands: tuple[Operand, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """Source text of the meaning, its common indentation taken off; lines[k]
    is where the first character of its k-th line stands in the file. tree: the
    syntax tree, where a front end has made one."""

    text: str
    lines: tuple[Span, ...]
    tree: tuple[object, ...] | None = None


@dataclass(frozen=True, slots=True)
class Guard:
    """Without bit 0 of this register operand (sense: with it) equal to 1 the
    instruction does nothing."""

    operand: str
    sense: bool


@dataclass(frozen=True, slots=True)
class Insn:
    """One instruction: encoding, spellings (the first that is no alias is printed,
    unless an alias applies; all are accepted), operands, meaning."""

    id: int  # 1.., dense
    encoding: Encoding
    operands: tuple[Operand, ...]
    templates: tuple[Template, ...]
    body: Body | None
    span: Span  # of its entry (template and body)
    guard: Guard | None = None
    slots: int = 0  # of a group: mask of the places that it may take
    solo: bool = False  # it is alone in its group
    late: bool = False  # no other member reads what it writes as a new value
    first: str = ""  # other members see the vectors that it writes; tmp: nobody else does
    plain: bool = False  # it stands beside plain members only (GroupRules.plain)
    empty: int = 0  # mask of slots that nobody takes beside it
    unit: str = ""  # of GroupRules.units

    @property
    def name(self) -> str:
        return self.encoding.name

    @property
    def ident(self) -> str:
        """The name as part of a C identifier: amoadd_w."""
        return "".join(c if c.isalnum() else "_" for c in self.name)

    def operand(self, name: str) -> Operand | None:
        return next((o for o in self.operands if o.name == name), None)


@dataclass(frozen=True, slots=True)
class RegNames:
    """Names of a register class; ``names[n]`` is printed, ``aliases`` are
    accepted too. drop: (index, slot): a write of register ``index`` goes to
    scratch slot ``slot`` of the state, or None; moved: likewise register
    ``index`` is element ``slot``, for reads and writes."""

    name: str
    names: tuple[str, ...]
    aliases: tuple[tuple[str, int], ...]
    drop: tuple[int, int] | None
    span: Span
    moved: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ValueTable:
    """Words for values. ``words`` are printed; ``aliases`` are accepted too."""

    name: str
    words: tuple[tuple[int, str], ...]
    aliases: tuple[tuple[int, str], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class LengthRule:
    """An instruction whose first unit has ``unit & mask != avoid`` is
    ``length`` bytes long; mask 0: every other one."""

    mask: int
    avoid: int
    length: int


@dataclass(frozen=True, slots=True)
class IsaEncodings:
    """All of it. ``insns[k].id == k + 1``. unit: bytes that decide the length."""

    name: str  # "rv64": generated names and folder
    unit: int
    lengths: tuple[LengthRule, ...]  # the first that applies
    insns: tuple[Insn, ...]
    regs: tuple[RegNames, ...]
    tables: tuple[ValueTable, ...]
    span: Span
    group: GroupRules | None = None
    syntaxes: bool = False  # assembly text has several
    first_high: bool = False  # of a word of several units the first is on top

    def reg(self, name: str) -> RegNames:
        return next(r for r in self.regs if r.name == name)

    def table(self, name: str) -> ValueTable:
        return next(t for t in self.tables if t.name == name)

    def insn(self, name: str) -> Insn:
        return next(i for i in self.insns if i.name == name)

    def precedence(self) -> dict[str, set[str]]:
        """For each instruction, what it takes precedence over, also by way of
        others."""
        direct = {i.name: i.encoding.over for i in self.insns}

        def reach(name: str, seen: set[str]) -> set[str]:
            for n in direct.get(name, ()):
                if n not in seen:
                    seen.add(n)
                    reach(n, seen)
            return seen

        return {name: reach(name, set()) for name in direct}
