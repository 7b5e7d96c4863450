# SPDX-License-Identifier: MIT
"""Trees of Intel's operation language, as the intrinsics guide writes it.

Frozen; the span takes no part in comparison. Words are kept as written except
that operators have one spelling (``AND``, ``and`` and ``&`` are all "&").
"""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Union

from aslparser.span import NOWHERE, Span


def _span() -> Span:
    return field(default=NOWHERE, compare=False, kw_only=True, repr=False)


@dataclass(frozen=True, slots=True)
class Int:
    value: int
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Real:
    """A decimal fraction; text as written, because its format is not known here."""

    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Str:
    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Name:
    name: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    args: tuple["Expr", ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Index:
    """base[index]: one bit, or one element of what has elements."""

    base: "Expr"
    index: "Expr"
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Slice:
    """base[hi:lo]; with hi below lo the bits are in reverse order."""

    base: "Expr"
    hi: "Expr"
    lo: "Expr"
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Member:
    """base.name: a typed view such as .fp32 or .byte, or a field."""

    base: "Expr"
    name: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Unary:
    op: str  # - + ~ !
    a: "Expr"
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Binary:
    op: str  # || && | ^ & == != < <= > >= << >> <<< >>> + - * / %
    a: "Expr"
    b: "Expr"
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Cond:
    cond: "Expr"
    a: "Expr"
    b: "Expr"
    span: Span = _span()


Expr = Union[Int, Real, Str, Name, Call, Index, Slice, Member, Unary, Binary, Cond]


@dataclass(frozen=True, slots=True)
class Assign:
    """target := value, or an operator before the sign: target += value."""

    target: Expr
    op: str  # "" or the operator
    value: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Do:
    """A call for its effect."""

    call: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class For:
    var: str
    first: Expr
    last: Expr
    down: bool
    body: tuple["Stmt", ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class If:
    """arms: condition and block of IF and each ELSE IF."""

    arms: tuple[tuple[Expr, tuple["Stmt", ...]], ...]
    other: tuple["Stmt", ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Case:
    """arms: labels (empty: DEFAULT) and block."""

    subject: Expr
    arms: tuple[tuple[tuple[Expr, ...], tuple["Stmt", ...]], ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class While:
    cond: Expr
    body: tuple["Stmt", ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Define:
    """A function. params: names, slices (the width) or members (the view)."""

    name: str
    params: tuple[Expr, ...]
    body: tuple["Stmt", ...]
    span: Span = _span()

    def names(self) -> tuple[str, ...]:
        return tuple(root(p).name for p in self.params)


@dataclass(frozen=True, slots=True)
class Enum:
    name: str
    members: tuple[tuple[str, int], ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Table:
    """A constant array: BYTE name[size] = { ... }."""

    type: str
    name: str
    size: int
    values: tuple[int, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Return:
    value: Expr | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Break:
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Fault:
    """#DE: an exception, or the flag of one (#IE)."""

    name: str
    span: Span = _span()


Stmt = Union[Assign, Do, For, If, Case, While, Define, Enum, Table, Return, Break, Fault]


def root(e: Expr) -> Expr:
    """What a chain of slices, indexes and members is taken from."""
    while isinstance(e, (Index, Slice, Member)):
        e = e.base
    return e
