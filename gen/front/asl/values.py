# SPDX-License-Identifier: MIT
"""What an expression is worth while an instruction is specialised.

A value is known (Int, Bool, Vec, Sym), made of bits of the encoding (FieldBits,
FieldInt: they become operands), several of these (Many), or it is computed when
the instruction runs (Dyn: the syntax tree that computes it).
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Union

from aslparser import ast as A

from gen.model.encoding import BitSrc
from gen.model.sem import BOOL, Bits, Type

INTEGER = "integer"
PLAIN, ORDERED = "AccType_NORMAL", "AccType_ORDERED"  # kinds of accesses in public files


@dataclass(frozen=True, slots=True)
class Int:
    value: int


@dataclass(frozen=True, slots=True)
class Bool:
    value: bool


@dataclass(frozen=True, slots=True)
class Vec:
    """Known bits."""

    width: int
    value: int


@dataclass(frozen=True, slots=True)
class Sym:
    """A value of an enumeration, or a string."""

    name: str


@dataclass(frozen=True, slots=True)
class FieldBits:
    """Bits of the word and constants, most significant part first."""

    bits: tuple[BitSrc, ...]

    @property
    def width(self) -> int:
        return sum(b.width for b in self.bits)

    @property
    def word(self) -> frozenset[int]:
        """The bits of the word that it depends on."""
        return frozenset(b.lo + k for b in self.bits if not b.is_const for k in range(b.width))

    def single(self) -> list[BitSrc]:
        """The same bit by bit."""
        out = []
        for b in self.bits:
            for k in reversed(range(b.width)):
                out.append(BitSrc(1, const=b.const >> k & 1) if b.is_const
                           else BitSrc(1, b.lo + k))
        return out

    def slice(self, hi: int, lo: int) -> "FieldBits | Vec":
        ones = self.single()
        return pack(ones[len(ones) - 1 - hi:len(ones) - lo])


@dataclass(frozen=True, slots=True)
class FieldInt:
    """UInt or SInt of such bits."""

    of: FieldBits
    signed: bool


@dataclass(frozen=True, slots=True)
class NextRegister:
    """(UInt(of) + plus) MOD 2^width: the number of a register of a list."""

    of: FieldBits
    plus: int


@dataclass(frozen=True, slots=True)
class Dyn:
    """word: where the encoding alone decides the value, the bits of the word that
    it depends on, and first, those to look at first; else None."""

    node: A.Expr
    type: Type | str
    word: frozenset[int] | None = None
    first: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Many:
    items: tuple["Val", ...]


@dataclass(frozen=True, slots=True)
class Unset:
    """A variable that has been declared and has no value yet."""

    type: Type | str


Val = Union[Int, Bool, Vec, Sym, FieldBits, FieldInt, NextRegister, Dyn, Many, Unset]


def pack(ones: list[BitSrc]) -> FieldBits | Vec:
    """Neighbouring parts joined; known bits where nothing else is there."""
    out: list[BitSrc] = []
    for b in ones:
        last = out[-1] if out else None
        if last and b.is_const and last.is_const:
            out[-1] = BitSrc(last.width + b.width, const=last.const << b.width | b.const)
        elif last and not b.is_const and not last.is_const and last.lo == b.lo + b.width:
            out[-1] = BitSrc(last.width + b.width, b.lo)
        else:
            out.append(b)
    if all(b.is_const for b in out):
        return Vec(sum(b.width for b in out), out[0].const if out else 0)
    return FieldBits(tuple(out))


def sources(v: "FieldBits | Vec") -> list[BitSrc]:
    """Bits of either, bit by bit."""
    if isinstance(v, Vec):
        return [BitSrc(1, const=v.value >> k & 1) for k in reversed(range(v.width))]
    return v.single()


def concat(parts: list["FieldBits | Vec"]) -> "FieldBits | Vec":
    return pack([b for p in parts for b in sources(p)])


def extend(v: "FieldBits | Vec", width: int, signed: bool) -> "FieldBits | Vec":
    ones = sources(v)
    fill = ones[0] if signed and ones else BitSrc(1, const=0)
    return pack([fill] * (width - len(ones)) + ones)


def shape(v: FieldBits) -> tuple[tuple[BitSrc, ...], bool]:
    """The bits without those above that only extend them, and whether these are
    copies of the sign."""
    ones = v.single()
    if len(ones) > 1 and ones[0] == ones[1] and not ones[0].is_const:
        while len(ones) > 1 and ones[0] == ones[1]:
            ones.pop(0)
        return pack(ones).bits, True
    return shape_unsigned(v), False


def shape_unsigned(v: FieldBits) -> tuple[BitSrc, ...]:
    """The bits without zeros above them."""
    ones = v.single()
    while len(ones) > 1 and ones[0] == BitSrc(1, const=0):
        ones.pop(0)
    return pack(ones).bits


def type_of(v: Val) -> Type | str | None:
    match v:
        case Int() | FieldInt() | NextRegister():
            return INTEGER
        case Bool():
            return BOOL
        case Vec(width=w):
            return Bits(w) if w else None
        case FieldBits():
            return Bits(v.width)
        case Dyn(type=t) | Unset(type=t):
            return t
    return None


def known(v: Val) -> bool:
    return isinstance(v, (Int, Bool, Vec, Sym)) or \
        isinstance(v, Many) and all(known(x) for x in v.items)


def to_signed(value: int, width: int) -> int:
    return value - (1 << width) if width and value >> (width - 1) else value


def describe(v: Val) -> str:
    match v:
        case Many():
            return "several values"
        case Sym(name=n):
            return f"'{n}'"
        case Unset():
            return "a variable without a value"
    return str(type_of(v))
