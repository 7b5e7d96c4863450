# SPDX-License-Identifier: MIT
"""What bodies of one ISA may name: register classes, views, hooks, exceptions."""
from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from .encoding import Span
from .sem import Type


@dataclass(frozen=True, slots=True)
class RegClass:
    """A register file: a field of the state struct, indexed by register number.

    requires: function checked before an instruction that uses the class
    (enum rx_exec), '' none; key: bit of the translation key under which that
    check and the note of a write are not needed.

    at: the registers are parts of others (ah of ax): a macro of this name is
    what an assignment can stand on, given the state and a number, and NAME_AT
    of a number its offset in the state; '' they are elements of `state`.

    vector: its registers are blocks of width / 8 bytes and no values; in the
    state they lie `stride` bytes apart, which is a register of the state table
    ('' they lie width / 8 bytes apart). done: function that notes a write, ''
    none.
    """

    name: str
    state: str
    width: int
    requires: str
    key: str
    span: Span
    vector: bool = False
    stride: str = ""
    done: str = ""
    count: int = 0  # registers, of a vector class
    group: int = 1  # registers that one operand may be, together in the state
    at: str = ""
    names: str = ""  # class of their names, "" the same
    pair: bool = False  # two neighbouring elements of the state, of width / 2 bits each
    commit: str = ""  # at the end of a group of instructions, see registers.Reg
    used: str = ""  # scalar: bytes of a vector that may not be zero, "" all
    aligned: tuple[int, int] | None = None  # a register that holds multiples: number, of what


class Above(Enum):
    """Write policy: what a write through a view does to the bits above it."""

    KEEP = "keep"
    ZERO = "zero"
    ONES = "ones"  # NaN boxing; a read of anything else gives the canonical NaN


@dataclass(frozen=True, slots=True)
class View:
    """A narrower way to see a register class: S[fs1]. A write of the operand
    itself is of the whole register and needs no policy."""

    name: str
    regclass: str
    width: int
    above: Above
    span: Span

    @property
    def box(self) -> bool:
        """Boxed: the operation is rx_box<width>() and rx_unbox<width>()."""
        return self.above is Above.ONES


@dataclass(frozen=True, slots=True)
class HookDecl:
    """A hand-written function of the ISA's runtime.

    The function returns enum rx_exec, or struct rx_val when there is a result,
    which is zero-extended. It writes no register that bodies can name; when it
    faults it has done nothing. ends: the instruction ends its translation
    block. check: all it may do is fault; SMIR may call it by its number among those
    of the ISA.
    """

    name: str
    params: tuple[Type, ...]
    result: Type | None
    c: str  # call pattern, {0} {1} ... are the arguments
    ends: bool
    span: Span
    lift: str = ""  # C that emits the SMIR operation that it is, "" there is none
    check: bool = False


@dataclass(frozen=True, slots=True)
class Rounding:
    """The operand that selects a rounding direction: a static field whose value
    `dynamic` means the state's direction; key: key bit meaning that it is RNE."""

    operand: str
    dynamic: int
    key: str
    resolve: str  # function: operand value -> struct rx_val of enum rx_round


@dataclass(frozen=True, slots=True)
class Scalar:
    """A field of the state struct that bodies name: NZCV, a flag, a control field.
    width: of its values; the field may be wider; most: no value is greater.
    field: NAME, or NAME[K] for an element of an array."""

    name: str
    field: str
    width: int
    most: int
    span: Span

    @property
    def reg(self) -> str:
        """The register of the state table that has it."""
        return self.field.partition("[")[0]

    @property
    def element(self) -> int:
        """Its element there."""
        return int(self.field.partition("[")[2].removesuffix("]") or 0)


@dataclass(frozen=True, slots=True)
class LaneInfo:
    """rules: names what holds for all vector instructions (front.lane_rules)."""

    rules: str
    span: Span


@dataclass(frozen=True, slots=True)
class AddressDecl:
    """A way to make an address of a memory operand: C of it in terms of the state
    c, the instruction i and a number to add, {0}; and C that lifts it."""

    c: str
    lift: str


@dataclass(frozen=True, slots=True)
class DecodedDecl:
    """A static fact: its width and the C text of it, in terms of i."""

    width: int
    c: str


@dataclass(frozen=True, slots=True)
class FpRules:
    """Which environment IEEE operations have, where the ISA says it: envs by use
    (any; half: operands of 16 bits; widen, narrow: conversions from and to such). by: primitive
    of RX_FP_* flags whose value is ORed into the scalar `flags`."""

    envs: dict[str, str]
    flags: str
    by: str


@dataclass(frozen=True, slots=True)
class IsaInfo:
    name: str  # "rv64"
    prefix: str  # of hand-written functions, "rx_rv64"
    state: str  # struct name
    header: str  # C header of the state and the helpers
    bits: int  # width of addresses
    classes: dict[str, RegClass]
    views: dict[str, View]
    scalars: dict[str, Scalar]
    hooks: dict[str, HookDecl]
    exceptions: dict[str, int]
    rounding: Rounding | None
    fpenv: str  # initialiser macro of struct rx_fpenv
    fp_class: str  # register class whose use makes an instruction floating-point
    fp_done: str  # function: note flags and a write of an fp register
    fp_flags: str  # function: note flags only
    fma_key: str  # key bit: the host has fused multiply-add
    span: Span
    accesses: dict[str, str] = field(default_factory=dict)  # Access.how: name to C text
    addresses: dict[str, AddressDecl] = field(default_factory=dict)  # OperandAddr.part
    decoded: dict[str, DecodedDecl] = field(default_factory=dict)  # Decoded.name
    lanes: LaneInfo | None = None
    lane_types: dict[str, int] = field(default_factory=dict)  # of short forms: bits
    fp_rules: FpRules | None = None
    wide: bool = False  # memory accesses of 16 bytes: PREFIX_load_wide, _store_wide
    after: str = ""  # function for struct rx_isa.after, "" none
    group: bool = False  # instructions are members of groups that commit together
    fpenvs: dict[str, str] = field(default_factory=dict)  # FpLet.env: C of struct rx_fpenv
    fp_hosts: dict[str, str] = field(default_factory=dict)  # of fpenvs: see rx_isa.fp_known
    fp_trap: str = ""  # function: note flags, RX_FAULT where one is not masked
    fp_sticky: str = ""  # u8 of the state: flags collected; see struct rx_isa.fp_sticky
    fp_static: str = ""  # function: is the environment known under a translation key?
    quiet: frozenset[str] = frozenset()  # of fpenvs: those whose flags go nowhere
