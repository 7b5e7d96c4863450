# SPDX-License-Identifier: MIT
"""Vectors: where they live, their elements, and loops over lanes.

A vector is a block of bytes: a register operand of a vector class, a local, or
a register of the state table. It is never a value; expressions read elements
(``Elem``), statements write them (``SetElem``). Element widths are constant,
so whatever an encoding leaves open (RVV's SEW) is a chain of ``sem.If`` around
one loop for each width. Lane counts are expressions: constants, or state that
is bounded by what the vectors hold. No pass unrolls a loop.

    Lanes("e", count=Const(4), body=(
        SetElem(VecOp("vd"), e, Binary(ADD, Elem(Bits(32), VecOp("vn"), e), ...)),))
    ZeroAbove(VecOp("vd"), Const(16), Const(VLmax))

Write policy of a destination, as manuals state it, and how a loop says it:

    inactive lanes old     active=predicate
    inactive lanes zero    active=predicate, inactive=(SetElem(dst, e, 0),)
    other operand          active=predicate, inactive=(SetElem(dst, e, Elem(op, e)),)
    bits above keep        nothing
    bits above zero        ZeroAbove(dst, from, to)

Memory is touched in the order of the lanes, active ones only. What happens
when an access faults in lane e:

    precise       progress=False: the instruction is undone; destinations wait
                  in a buffer (passes.lanes sees to it)
    resume index  progress=True, on_fault=(StateWrite("vstart", e),): what lanes
                  before e wrote stays; likewise REP's registers
    clear mask    progress=True: the body clears the mask's bit behind the access
    first-fault   lane 0 by Load, others by ``TryLoad``, whose failure ends the
                  loop by way of a mutable local
    non-fault     TryLoad everywhere

Reductions, scans and compression use mutable locals (``Let(mutable=True)``
before the loop, ``Assign`` in it): lanes run in order. ``FpLet`` in a body
raises the flags of active lanes only, because others do not execute it.

A destination may be a source too. Reads see the vectors before the
instruction: passes.lanes gives a destination a buffer unless every read is of
the lane that is being written.
"""
from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from .sem import Access, Expr, Stmt, Type


@dataclass(frozen=True, slots=True)
class VecOp:
    """A register operand of a vector class. plus: so many registers further,
    modulo the number of registers (64-bit expression; None: 0). A group of
    registers that lies together in the state is one block from its first one."""

    operand: str
    plus: "Expr | None" = None


@dataclass(frozen=True, slots=True)
class VecVar:
    """A local, declared by VecLocal."""

    name: str


@dataclass(frozen=True, slots=True)
class VecState:
    """A vector register by its name in the state table; index: its element
    (64-bit expression; None: it is no array)."""

    name: str
    index: "Expr | None" = None


Vec = Union[VecOp, VecVar, VecState]
ELEMENT_WIDTHS = (1, 8, 16, 32, 64, 128)  # 1: a bit of a mask or predicate


@dataclass(frozen=True, slots=True)
class Elem:
    """Expression: element `index` (64-bit expression, below what the vector
    holds) of the type's width."""

    type: "Type"
    source: Vec
    index: "Expr"


@dataclass(frozen=True, slots=True)
class VecLocal:
    """Declares a local of constant size; it is zero. zero=False: every byte that
    is read was written before (of passes)."""

    name: str
    bytes: int
    zero: bool = True


@dataclass(frozen=True, slots=True)
class SetElem:
    target: Vec
    index: "Expr"
    value: "Expr"


@dataclass(frozen=True, slots=True)
class VecCopy:
    """The first `bytes` (64-bit expression) bytes of source go to target."""

    target: Vec
    source: Vec
    bytes: "Expr"


@dataclass(frozen=True, slots=True)
class ZeroAbove:
    """Bytes start .. end - 1 (64-bit expressions) of target become 0; nothing
    where end is not above start."""

    target: Vec
    start: "Expr"
    end: "Expr"


@dataclass(frozen=True, slots=True)
class TryLoad:
    """A memory read that does not fault: ok (boolean) says whether it could be
    done, name is its value or 0."""

    name: str
    ok: str
    addr: "Expr"
    access: "Access"


class Form(Enum):
    """What kind of loop it is, found by passes.lanes."""

    MAP = "map"  # lane e of one width from lanes e of the same width
    WIDEN = "widen"  # from lanes e of a narrower width
    NARROW = "narrow"  # from lanes e of a wider width
    PERMUTE = "permute"  # from other lanes
    REDUCE = "reduce"  # into scalars, in order
    SCAN = "scan"  # into scalars and lanes e
    COMPRESS = "compress"  # into lanes that scalars or other expressions choose
    MEMORY = "memory"  # accesses memory
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Lanes:
    """for var = start .. count - 1: body where active, else inactive.

    var is a local of 64 bits, as are start and count (unsigned, nothing runs
    where start >= count). active: None always; it and both bodies see var.
    apart: the encoding's rules exclude every overlap of destination and sources
    that lanes in order could see, and nothing faults. progress: what lanes before
    a faulting one did stays; on_fault: what is done then (register and state
    writes). form and parallel are set by passes.lanes;
    parallel: the order of the lanes cannot be seen.
    """

    var: str
    count: "Expr"
    body: tuple["Stmt", ...]
    start: "Expr | None" = None  # None: 0
    active: "Expr | None" = None
    inactive: tuple["Stmt", ...] = ()
    apart: bool = False
    progress: bool = False
    on_fault: tuple["Stmt", ...] = ()
    form: Form = Form.OTHER
    parallel: bool = False


LaneStmt = Union[VecLocal, SetElem, VecCopy, ZeroAbove, TryLoad, Lanes]
VECTOR_WRITES = (SetElem, VecCopy, ZeroAbove)


def vec_exprs(v: Vec) -> tuple["Expr", ...]:
    """Expressions that choose the register."""
    x = v.plus if isinstance(v, VecOp) else v.index if isinstance(v, VecState) else None
    return () if x is None else (x,)
