# SPDX-License-Identifier: MIT
"""Meaning of an instruction: typed expressions and effect statements.

Every expression has a type with a constant width: bit vectors of 1 to 128
bits, or booleans. Exact integers of the source language are gone here; the
checker (front.check) has given each of them a machine width by range inference.

Effects are statements in execution order, never nested in expressions: a
memory read is ``Load`` with a name, used later as ``Var``. So a back end sees
at once what may fault, and in which order.
"""
from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Collection, Iterator, Union

from .lanes import (Elem, Lanes, SetElem, TryLoad, VecCopy, VecLocal, VecOp, VecState, ZeroAbove,
                    vec_exprs)


@dataclass(frozen=True, slots=True)
class Bits:
    """A bit vector of constant width (1..128)."""

    width: int

    def __str__(self) -> str:
        return f"bits({self.width})"


@dataclass(frozen=True, slots=True)
class Bool:
    def __str__(self) -> str:
        return "boolean"


BOOL = Bool()
Type = Union[Bits, Bool]


class Op(Enum):
    """Operators on equal-width bit vectors (results wrap) and booleans."""

    ADD = "add"
    SUB = "sub"
    MUL = "mul"
    UDIV = "udiv"  # divisor 0 gives all ones
    SDIV = "sdiv"  # divisor 0 gives all ones; least / -1 gives least
    UREM = "urem"  # divisor 0 gives the dividend
    SREM = "srem"  # divisor 0 gives the dividend; least % -1 gives 0
    AND = "and"
    OR = "or"
    XOR = "xor"
    SHL = "shl"  # shifts and rotations: the amount is below the width, the
    LSHR = "lshr"  # checker makes sure of it
    ASHR = "ashr"
    ROTR = "rotr"
    EQ = "eq"
    NE = "ne"
    ULT = "ult"
    ULE = "ule"
    SLT = "slt"
    SLE = "sle"
    LAND = "land"  # booleans, no short circuit (expressions have no effects)
    LOR = "lor"
    NOT = "not"
    NEG = "neg"
    LNOT = "lnot"
    CLZ = "clz"  # count as a value of the operand's width; width if 0
    CTZ = "ctz"
    POPCOUNT = "popcount"
    BSWAP = "bswap"  # bytes reversed
    ORCB = "orcb"  # each byte: all ones if any bit set
    CLMUL = "clmul"  # carry-less product, low half
    CLMULH = "clmulh"  # carry-less product, high half


COMPARES = {Op.EQ, Op.NE, Op.ULT, Op.ULE, Op.SLT, Op.SLE}
SHIFTS = {Op.SHL, Op.LSHR, Op.ASHR, Op.ROTR}
BOOLEAN = {Op.LAND, Op.LOR, Op.LNOT}
UNARY = {Op.NOT, Op.NEG, Op.LNOT, Op.CLZ, Op.CTZ, Op.POPCOUNT, Op.BSWAP, Op.ORCB}
MAX_WIDTH = 128
_WORDS = {Op.UDIV, Op.SDIV, Op.UREM, Op.SREM, Op.ROTR, Op.CLZ, Op.CTZ, Op.POPCOUNT, Op.CLMUL,
          Op.CLMULH}
_DIVISIONS = {Op.UDIV, Op.SDIV, Op.UREM, Op.SREM}  # of MAX_WIDTH bits, too
_BYTES = {Op.BSWAP, Op.ORCB}


def has_width(op: Op, width: int) -> bool:
    """Is the operator defined on bit vectors of this width?"""
    if op in _BYTES:
        return width <= 64 and width % 8 == 0
    if op in _DIVISIONS and width == MAX_WIDTH:
        return True
    return 1 <= width <= (64 if op in _WORDS else MAX_WIDTH)


@dataclass(frozen=True, slots=True)
class Const:
    type: Type
    value: int


@dataclass(frozen=True, slots=True)
class Var:
    """A local, bound by Let, Load, Rmw or Hook."""

    type: Type
    name: str


@dataclass(frozen=True, slots=True)
class Imm:
    """A static operand: an immediate or small field, extended to its type."""

    type: Type
    operand: str


@dataclass(frozen=True, slots=True)
class RegRead:
    """The value of a register operand through a view (None: whole register).

    plus: of the register so many behind it, modulo the size of the class: the
    second of a pair, the members of a list.
    """

    type: Type
    operand: str
    view: str | None = None
    plus: int = 0


@dataclass(frozen=True, slots=True)
class RegNum:
    """The number of a register operand (a static value)."""

    type: Type
    operand: str


@dataclass(frozen=True, slots=True)
class StateRead:
    """A named piece of state: PC, NextPC, or a scalar that the ISA's table names
    (IsaInfo.scalars): flags, control fields."""

    type: Type
    name: str


# known when an instruction is translated; Extended is 1 behind an extender (model.group), else 0
STATIC_STATE = ("PC", "NextPC", "Extended")


@dataclass(frozen=True, slots=True)
class OperandAddr:
    """The address that a memory operand of several parts (base, index,
    displacement, segment) means; C and lifter ask a function of the ISA for it.

    plus: added before the address is cut to its size; None: nothing. part: which
    address, a name of the ISA's table (IsaInfo.addresses).
    """

    type: Type
    operand: str
    plus: "Expr | None"
    part: str


@dataclass(frozen=True, slots=True)
class Decoded:
    """A static fact of the decoded instruction that no operand names, such as
    its address size (IsaInfo.decoded)."""

    type: Type
    name: str


@dataclass(frozen=True, slots=True)
class FpStatus:
    """What the IEEE operations so far have raised: flags (RX_FP_*); up: 1, the last
    one's magnitude was rounded up. round: the direction that env, one of
    IsaInfo.fpenvs, begins with. Bits(8)."""

    type: Type
    what: str
    env: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Any value: the manual does not say which. It reaches registers only, and
    passes.unknown finds the bits that tests must not compare."""

    type: Type


@dataclass(frozen=True, slots=True)
class Unary:
    type: Type
    op: Op
    a: "Expr"


@dataclass(frozen=True, slots=True)
class Binary:
    type: Type
    op: Op
    a: "Expr"
    b: "Expr"


@dataclass(frozen=True, slots=True)
class Ext:
    """Widening (signed or not) or truncation to the type's width."""

    type: Type
    signed: bool
    a: "Expr"


@dataclass(frozen=True, slots=True)
class Slice:
    """Bits lo .. lo + width - 1 of a."""

    type: Type
    lo: int
    a: "Expr"


@dataclass(frozen=True, slots=True)
class Select:
    type: Type
    cond: "Expr"
    a: "Expr"
    b: "Expr"


@dataclass(frozen=True, slots=True)
class Lookup:
    """values[index]; index is below their number."""

    type: Type
    index: "Expr"
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Prim:
    """A pure primitive of model.pure, flag recipes among them: result and flags of
    an addition share its operands, and nobody computes flags that nobody reads."""

    type: Type
    name: str
    args: tuple["Expr", ...]


@dataclass(frozen=True, slots=True)
class FpOp:
    """An IEEE operation of model.prims on operands of `fmt` bits; no expression,
    because it may raise flags: see FpLet."""

    type: Type
    name: str
    args: tuple["Expr", ...]
    fmt: int


Expr = Union[Const, Var, Imm, RegRead, RegNum, StateRead, Unknown, Unary, Binary, Ext, Slice,
             Select, Lookup, Prim, Elem, OperandAddr, Decoded, FpStatus]


@dataclass(frozen=True, slots=True)
class Let:
    """Binds a local; Assign is for mutable ones."""

    name: str
    value: Expr
    mutable: bool = False


@dataclass(frozen=True, slots=True)
class Assign:
    name: str
    value: Expr


@dataclass(frozen=True, slots=True)
class Access:
    """Descriptor of a memory access: what the ISA's access functions need."""

    size: int  # bytes: 1, 2, 4, 8; loads and stores also 10, 16
    order: tuple["Expr", ...] = ()  # of an Rmw: acquire, release as bits(1); empty: plain
    how: tuple[str, ...] = ()  # flags of the ISA's table (IsaInfo.accesses)


@dataclass(frozen=True, slots=True)
class Load:
    name: str
    addr: Expr
    access: Access


@dataclass(frozen=True, slots=True)
class Store:
    addr: Expr
    value: Expr
    access: Access


@dataclass(frozen=True, slots=True)
class Rmw:
    """Atomic read-modify-write; name is bound to the old value."""

    name: str
    op: str  # swap add and or xor min max minu maxu
    addr: Expr
    value: Expr
    access: Access


@dataclass(frozen=True, slots=True)
class Atomic:
    """Atomic read-modify-write by any pure function: name is bound to what memory
    holds, the pure body follows, value is stored; all of it again until nobody
    else has written in between. Names of the body are visible behind it."""

    name: str
    addr: Expr
    body: tuple["Stmt", ...]
    value: Expr
    access: Access


@dataclass(frozen=True, slots=True)
class Hook:
    """Call of a hand-written function of the ISA's runtime."""

    name: str | None
    hook: str
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """Call of a hand-written function without a result that may fault and does
    nothing that would have to be undone then: other faults may follow it."""

    hook: str
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class FpLet:
    """An IEEE operation with rounding and flags; name is bound to the result.

    env: its environment, a name of IsaInfo.fpenvs, which has the direction unless
    `round` or `fixed` says another; "": the one of the rounding operand.
    """

    name: str
    op: FpOp
    round: Expr | None  # None: the operation does not round (or fixed, or env)
    fixed: int | None = None
    env: str = ""


@dataclass(frozen=True, slots=True)
class RegWrite:
    """Writes a register operand, or the one ``plus`` behind it (see RegRead)."""

    operand: str
    view: str | None
    value: Expr
    plus: int = 0


@dataclass(frozen=True, slots=True)
class StateWrite:
    """Writes a scalar of the state. early: where it stands, and it stays though
    the instruction faults behind it."""

    name: str
    value: Expr
    early: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    target: Expr


@dataclass(frozen=True, slots=True)
class If:
    cond: Expr
    then: tuple["Stmt", ...]
    other: tuple["Stmt", ...] = ()


@dataclass(frozen=True, slots=True)
class Raise:
    """A fault: undoes the instruction. exc is a name of the ISA's table, or
    UNDEFINED: there is no such instruction. late: memory that the instruction
    wrote before stays written."""

    exc: str
    value: Expr | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """The instruction ends here, as if its text did."""


@dataclass(frozen=True, slots=True)
class Native:
    """The whole instruction is a hand-written executor: an override, or one that
    says that the meaning is not stated."""

    function: str
    memory: bool
    ends: bool
    stated: bool = True


Stmt = Union[Let, Assign, Load, Store, Rmw, Atomic, Hook, Check, FpLet, RegWrite, StateWrite,
             Branch, If, Raise, Done, Native, VecLocal, SetElem, VecCopy, ZeroAbove, TryLoad, Lanes]
FAULTS = (Load, Store, Rmw, Atomic, Raise, Hook, Check, Native)  # what may fault
EFFECTS = (Store, Rmw, Atomic, Hook, Native)  # what no fault behind it can undo
WRITES = (RegWrite, StateWrite)  # registers


@dataclass(frozen=True, slots=True)
class Sem:
    """One instruction's meaning, after checking."""

    body: tuple[Stmt, ...]


def children(e: Expr) -> tuple[Expr, ...]:
    """Direct subexpressions."""
    match e:
        case Unary(a=a) | Ext(a=a) | Slice(a=a):
            return (a,)
        case Binary(a=a, b=b):
            return (a, b)
        case Select(cond=c, a=a, b=b):
            return (c, a, b)
        case Lookup(index=x):
            return (x,)
        case Prim(args=args):
            return args
        case OperandAddr(plus=p):
            return (p,) if p is not None else ()
        case Elem(source=v, index=x):
            return (*vec_exprs(v), x)
    return ()


def walk_expr(e: Expr) -> Iterator[Expr]:
    yield e
    for c in children(e):
        yield from walk_expr(c)


def stmt_exprs(s: Stmt) -> tuple[Expr, ...]:
    """Expressions that a statement evaluates itself (not those of nested bodies)."""
    match s:
        case Let(value=v) | Assign(value=v) | RegWrite(value=v) | StateWrite(value=v):
            return (v,)
        case Load(addr=a) | Atomic(addr=a):  # the value of an Atomic sees its body's names
            return (a,)
        case Store(addr=a, value=v) | Rmw(addr=a, value=v):
            return (a, v)
        case Hook(args=args) | Check(args=args):
            return args
        case FpLet(op=op, round=r):
            return (*op.args, r) if r is not None else op.args
        case Branch(target=t):
            return (t,)
        case If(cond=c):
            return (c,)
        case Raise(value=v):
            return (v,) if v is not None else ()
        case Native() | VecLocal() | Done():
            return ()
        case SetElem(target=t, index=x, value=v):
            return (*vec_exprs(t), x, v)
        case VecCopy(target=t, source=v, bytes=n):
            return (*vec_exprs(t), *vec_exprs(v), n)
        case ZeroAbove(target=t, start=a, end=b):
            return (*vec_exprs(t), a, b)
        case TryLoad(addr=a):
            return (a,)
        case Lanes(start=a, count=n, active=c):
            return tuple(x for x in (a, n, c) if x is not None)
    raise TypeError(s)


def bodies(s: Stmt) -> tuple[tuple[Stmt, ...], ...]:
    """Statements inside a statement."""
    match s:
        case If(then=then, other=other):
            return then, other
        case Atomic(body=body):
            return (body,)
        case Lanes(body=body, inactive=inactive, on_fault=fault):
            return body, inactive, fault
    return ()


def walk_stmts(body: tuple[Stmt, ...]) -> Iterator[Stmt]:
    for s in body:
        yield s
        for inner in bodies(s):
            yield from walk_stmts(inner)


def all_exprs(body: tuple[Stmt, ...]) -> Iterator[Expr]:
    for s in walk_stmts(body):
        for e in stmt_exprs(s):
            yield from walk_expr(e)


def is_done(body: tuple[Stmt, ...]) -> bool:
    """Does nothing come behind these statements?"""
    return bool(body) and isinstance(body[-1], Done)


def reads_state(e: Expr) -> bool:
    """Is this node a read of something that WRITES write?"""
    return isinstance(e, (RegRead, OperandAddr)) \
        or isinstance(e, StateRead) and e.name not in STATIC_STATE


def is_static(e: Expr, static: Collection[str] = ()) -> bool:
    """Does the encoding alone decide it? static: locals of which that is known
    (Effects.static, passes.binding)."""
    return not any(isinstance(x, (RegRead, OperandAddr, Elem, Unknown, FpStatus))
                   or isinstance(x, StateRead) and x.name not in STATIC_STATE
                   or isinstance(x, Var) and x.name not in static for x in walk_expr(e))
