"""The syntax tree: frozen, slotted dataclasses. SPDX-License-Identifier: MIT

Every node begins with its ``span``, which takes no part in comparison: two
trees are equal when they say the same, wherever they stand.  Parentheses are
not kept; the printer puts them where the tree needs them.
"""
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


# ---- statements ------------------------------------------------------------

@node
class Stmt(Node):
    """Base of the statements."""


@node
class Decl(Node):
    """Base of the declarations."""


@node
class VarDecl(Stmt):
    """``T x, y;``, ``T x = e;`` or ``constant T x = e;``."""

    type: Type
    names: tuple[Name, ...]
    value: Expr | None = None
    constant: bool = False


@node
class Assign(Stmt):
    """``target = value;``. The target is an lvalue: Name, Field, Fields,
    Index, Slice of one, Tuple or Concat of them, or Hole."""

    target: Expr
    value: Expr


@node
class Lane(Stmt):
    """Extension: ``lane [T:] target = value;``, an assignment that is
    executed once per vector lane, of element type ``type``."""

    type: Type | None
    target: Expr
    value: Expr


@node
class CallStmt(Stmt):
    """``F(a);``."""

    call: Call


@node
class Arm(Node):
    """One condition of an ``if`` statement with its body."""

    cond: Expr
    body: tuple[Stmt, ...]


@node
class If(Stmt):
    """``if .. elsif .. else``; ``otherwise`` is empty without an else."""

    arms: tuple[Arm, ...]
    otherwise: tuple[Stmt, ...]


@node
class When(Node):
    """``when p, q where guard => body`` of a ``case``."""

    patterns: tuple[Expr, ...]
    guard: Expr | None
    body: tuple[Stmt, ...]


@node
class Case(Stmt):
    """``case subject of``; ``otherwise`` is None when there is none."""

    subject: Expr
    alts: tuple[When, ...]
    otherwise: tuple[Stmt, ...] | None


@node
class For(Stmt):
    """``for var = first to last`` (or ``downto``, when ``down``)."""

    var: Name
    first: Expr
    last: Expr
    down: bool
    body: tuple[Stmt, ...]


@node
class While(Stmt):
    """``while cond do body``."""

    cond: Expr
    body: tuple[Stmt, ...]


@node
class Repeat(Stmt):
    """``repeat body until cond;``."""

    body: tuple[Stmt, ...]
    cond: Expr


@node
class Return(Stmt):
    """``return;`` or ``return e;``."""

    value: Expr | None


@node
class Assert(Stmt):
    """``assert e;``."""

    cond: Expr


@node
class Throw(Stmt):
    """``throw E;``."""

    value: Expr


@node
class Try(Stmt):
    """``try body catch name`` with Arms; ``otherwise`` may be None."""

    body: tuple[Stmt, ...]
    name: Name
    handlers: tuple[Arm, ...]
    otherwise: tuple[Stmt, ...] | None


@node
class UndefinedStmt(Stmt):
    """``UNDEFINED;``."""


@node
class Unpredictable(Stmt):
    """``UNPREDICTABLE;``."""


@node
class See(Stmt):
    """``SEE "text";`` or ``SEE words;`` (then ``quoted`` is false)."""

    target: str
    quoted: bool


@node
class ImplDefStmt(Stmt):
    """``IMPLEMENTATION_DEFINED "text";``; ``text`` may be None."""

    text: str | None


@node
class Pass(Stmt):
    """``;``."""


# ---- declarations ----------------------------------------------------------

@node
class Param(Node):
    """``T name``; ``by_ref`` for a setter's ``T & name``."""

    type: Type
    name: str
    by_ref: bool = False


@node
class TypeDecl(Decl):
    """``type T = U;``; ``type`` is None for ``type T;``, ``builtin`` for
    ``__builtin type T;``."""

    name: str
    type: Type | None
    builtin: bool = False


@node
class RecordDecl(Decl):
    """``type T is (U a, V b)``."""

    name: str
    fields: tuple[Param, ...]


@node
class EnumDecl(Decl):
    """``enumeration T { A, B };``."""

    name: str
    values: tuple[str, ...]


@node
class GlobalDecl(Decl):
    """``T x;``, ``T x = e;``, ``constant T x = e;`` or ``array T x[i];``
    (whose type is then an ArrayType)."""

    type: Type
    name: str
    value: Expr | None = None
    constant: bool = False


@node
class FuncDecl(Decl):
    """A function or procedure (no ``result``). ``body`` is None for a
    forward declaration, ``builtin`` for ``__builtin``."""

    name: str
    result: Type | None
    params: tuple[Param, ...]
    body: tuple[Stmt, ...] | None
    builtin: bool = False


@node
class GetterDecl(Decl):
    """``T X[T n]`` or ``T X`` (``params`` is None), with a body or not."""

    name: str
    result: Type
    params: tuple[Param, ...] | None
    body: tuple[Stmt, ...] | None


@node
class SetterDecl(Decl):
    """``X[T n] = U value``, or without brackets (``params`` is None)."""

    name: str
    params: tuple[Param, ...] | None
    value: Param
    body: tuple[Stmt, ...] | None


# ---- instruction files -----------------------------------------------------

@node
class EncField(Node):
    """``__field name lo +: width``."""

    name: str
    lo: int
    width: int


@node
class UnpredictableUnless(Node):
    """``__unpredictable_unless bit == 'value'``."""

    bit: int
    value: str


@node
class Encoding(Node):
    """``__encoding``; ``opcode`` holds 0, 1 and x, top bit first."""

    name: str
    instruction_set: str
    fields: tuple[EncField, ...]
    opcode: str
    guard: Expr
    unpredictable_unless: tuple[UnpredictableUnless, ...]
    decode: tuple[Stmt, ...]


@node
class Instruction(Node):
    """``__instruction`` with its encodings and common bodies."""

    name: str
    encodings: tuple[Encoding, ...]
    postdecode: tuple[Stmt, ...]
    execute: tuple[Stmt, ...]
    conditional: bool


@node
class SourceFile(Node):
    """A whole file: declarations and instructions in their order."""

    items: tuple[Decl | Instruction, ...]
