# SPDX-License-Identifier: MIT
"""Lifting of vectors' elements, one by one.

A local vector is what was written to it, piece by piece, over what it began with.
"""
from __future__ import annotations

from dataclasses import dataclass, field

from gen.back.lift_index import folded
from gen.model.lanes import Elem, Vec, VecVar
from gen.model.sem import Const, Expr, is_static

SIZES = (64, 128, 256, 512)
WIDTHS = (8, 16, 32, 64)
_WORDS = ("I16", "I32", "I64")


class NotLifted(Exception):
    """SMIR has no operation for this; the instruction is lifted as a call."""


class TooWide(NotLifted):
    """Half as many lanes would do."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of a local that were written: size of them from `at` on, and behind
    `offset` (C) where that is not empty. value: C; type: of SMIR; "" zeros, "VOID":
    zeros up to the byte that value says."""

    at: int
    size: int
    type: str
    value: str = ""
    offset: str = ""

    def covers(self, at: int, size: int) -> bool:
        return not self.offset and self.type != "VOID" and self.at <= at \
            and at + size <= self.at + self.size

    def apart(self, at: int, size: int) -> bool:
        return not self.offset and (self.at >= at + size or
                                    self.type != "VOID" and self.at + self.size <= at)


@dataclass(slots=True)
class Local:
    """A local vector. base: what bytes that were not written hold: another
    vector, zeros (None), or nothing that is ever read (known is False)."""

    base: Vec | None
    known: bool
    pieces: list[Piece] = field(default_factory=list)


class Elements:
    """The part of lift.Lifter that knows single elements."""

    locals: dict[str, Local]
    stored: bool  # guest state was written

    # of LaneLifter
    def vec_get(self, v: Vec, kind: str, at: int | str) -> str: ...
    def save(self, v: Vec, piece: Piece) -> None: ...

    def index(self, x: Expr, width: int) -> tuple[int, str]:
        """Number of an element, and C of what the encoding adds to it in bytes."""
        x = folded(x)
        if isinstance(x, Const):
            return x.value, ""
        if not is_static(x):
            raise NotLifted
        return 0, f"{width // 8} * (size_t)({self.static(x)})"

    def set_elem(self, t: Vec, x: Expr, value: Expr) -> None:
        w = value.type.width
        k, offset = self.index(x, w)
        v = self.expr(value)
        if self.pred:
            v = self.op("SELECT", w, self.pred, v, self.scalar_of(t, k, offset, w))
        self.save(t, Piece(k * w // 8, w // 8, f"I{w}", v, offset))

    def get_elem(self, e: Elem) -> str:
        w = e.type.width
        if w not in (*WIDTHS, 128):
            raise NotLifted
        return self.scalar_of(e.source, *self.index(e.index, w), w)

    def scalar_of(self, v: Vec, k: int, offset: str, w: int) -> str:
        at, size = k * w // 8, w // 8
        if not isinstance(v, VecVar):
            return self.vec_get(v, f"I{w}", f"{at} + {offset}" if offset else at)
        x = self.locals[v.name]
        for p in reversed(x.pieces):
            if p.covers(at, size) and not offset:
                if not p.type:
                    return self.const(0, w)
                if (p.at, p.type) == (at, f"I{w}"):
                    return p.value
                if p.type[0] == "V" and w <= 64:
                    return self.extracted(p, (at - p.at) // size, w)
                if p.type in _WORDS:
                    return self.part(p, at, w)
            if p.size < size and p.type in _WORDS and not (offset or p.offset or
                                                           p.apart(at, size)):
                return self.joined_of(v, 2 * k, w // 2)
            if offset or not p.apart(at, size):
                raise NotLifted
        if not x.known or x.base is not None and self.stored:
            raise NotLifted
        return self.const(0, w) if x.base is None else self.scalar_of(x.base, k, offset, w)

    def joined_of(self, v: Vec, k: int, w: int) -> str:
        """Two elements as one."""
        if 2 * w > 64:
            raise NotLifted
        low, high = (self.op("ZEXT", 2 * w, self.scalar_of(v, n, "", w)) for n in (k, k + 1))
        return self.op("OR", 2 * w, low, self.op("SHL", 2 * w, high, self.const(w, 2 * w)))

    def part(self, p: Piece, at: int, w: int) -> str:
        """Bits of a wider number."""
        v, wide = p.value, 8 * p.size
        if at > p.at:
            v = self.op("LSHR", wide, v, self.const(8 * (at - p.at), wide))
        return self.op("TRUNC", w, v)

    def extracted(self, p: Piece, k: int, w: int) -> str:
        v = self.bind(f"rx_smir_op(f, RX_S_VGET, RX_{p.type}, {p.value}, {self.const(k, 64)}, "
                      f"0, 0, {w})")
        return v if w == 64 else self.op("TRUNC", w, v)
