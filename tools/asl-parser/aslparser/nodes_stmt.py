"""Nodes of the tree: statements, declarations and instructions. SPDX-License-Identifier: MIT"""
from __future__ import annotations

from .nodes_expr import Call, Expr, Name, Node, Type, node


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
