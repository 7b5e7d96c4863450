"""Nodes of the tree: expressions and types. SPDX-License-Identifier: MIT"""
from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Union

from .span import Span

node = dataclass(frozen=True, slots=True)


@node
class Node:
    """Base of everything."""

    span: Span = field(compare=False, repr=False)


# ---- expressions -----------------------------------------------------------

@node
class Expr(Node):
    """Base of the expressions."""


@node
class IntLit(Expr):
    """``42`` or ``0x2A``; never negative."""

    value: int
    hex: bool = False


@node
class RealLit(Expr):
    """``1.5``, spelled out because it is exact."""

    text: str

    @property
    def value(self) -> Fraction:
        """The exact value."""
        return Fraction(self.text)


@node
class BoolLit(Expr):
    """``TRUE`` or ``FALSE``."""

    value: bool


@node
class BitsLit(Expr):
    """``'0110'``; blanks are dropped, the first character is the top bit."""

    bits: str


@node
class MaskLit(Expr):
    """``'01xx'``: at least one bit is ``x``."""

    bits: str


@node
class StrLit(Expr):
    """``"text"``; the language has no escapes."""

    value: str


@node
class Name(Expr):
    """A variable, constant or getter without arguments."""

    name: str


@node
class Call(Expr):
    """``F(a, b)``; ``func`` may be dotted."""

    func: str
    args: tuple[Expr, ...]


@node
class Index(Expr):
    """``X[n, 64]``: an array element or a getter (or setter)."""

    base: Expr
    args: tuple[Expr, ...]


@node
class BitRange(Node):
    """``7:0`` inside a slice."""

    hi: Expr
    lo: Expr


@node
class BitWidth(Node):
    """``lo +: width`` inside a slice."""

    lo: Expr
    width: Expr


SlicePart = Union[Expr, BitRange, BitWidth]


@node
class Slice(Expr):
    """``x<7:0>``, ``x<i>``, ``x<lo +: w>``, ``x<a, b:c>``."""

    base: Expr
    parts: tuple[SlicePart, ...]


@node
class Field(Expr):
    """``PSTATE.N``."""

    base: Expr
    name: str


@node
class Fields(Expr):
    """``PSTATE.<N, Z>``."""

    base: Expr
    names: tuple[str, ...]


@node
class Concat(Expr):
    """``[a, b]``; the infix form is ``Binary(":")``."""

    parts: tuple[Expr, ...]


@node
class Tuple(Expr):
    """``(a, b)``, of two items or more; lvalues and patterns may hold Hole."""

    items: tuple[Expr, ...]


@node
class Hole(Expr):
    """``-``: an ignored place in an lvalue or pattern."""


@node
class Range(Expr):
    """``1 .. 3`` inside a set, a pattern or an array's index type."""

    lo: Expr
    hi: Expr


@node
class SetExpr(Expr):
    """``{'1x', 1 .. 3}``."""

    items: tuple[Expr, ...]


@node
class Unary(Expr):
    """``op`` is ``-``, ``!`` or ``NOT``."""

    op: str
    operand: Expr


@node
class Binary(Expr):
    """``op`` is the operator as written, ``:`` and ``IN`` included."""

    op: str
    left: Expr
    right: Expr


@node
class IfArm(Node):
    """One ``cond then value`` of an if expression."""

    cond: Expr
    value: Expr


@node
class IfExpr(Expr):
    """``if c then a elsif d then b else e``."""

    arms: tuple[IfArm, ...]
    otherwise: Expr


@node
class Unknown(Expr):
    """``T UNKNOWN``; ``type`` is None for the extension's bare UNKNOWN."""

    type: Type | None


@node
class Undefined(Expr):
    """Extension: ``UNDEFINED`` as a value that nobody may rely on."""


@node
class ImplDefExpr(Expr):
    """``T IMPLEMENTATION_DEFINED "text"``; ``text`` may be None."""

    type: Type
    text: str | None


# ---- types -----------------------------------------------------------------

@node
class Type(Node):
    """Base of the types."""


@node
class NamedType(Type):
    """``integer``, ``boolean``, ``real``, ``bit`` or a declared name."""

    name: str


@node
class BitsType(Type):
    """``bits(N)``."""

    width: Expr


@node
class ArrayType(Type):
    """``array [0 .. 31] of T``; the index is a Range or a type's Name."""

    index: Expr
    element: Type


@node
class TypeOf(Type):
    """``typeof(e)``."""

    expr: Expr


@node
class TupleType(Type):
    """``(T, U)``: the result of a function that returns several values."""

    items: tuple[Type, ...]


@node
class RegField(Node):
    """``31:28 cond`` of a register type; ``hi == lo`` for one bit."""

    hi: int
    lo: int
    name: str


@node
class RegisterType(Type):
    """``__register 32 { 31:28 cond, 0 N }``."""

    width: int
    fields: tuple[RegField, ...]
