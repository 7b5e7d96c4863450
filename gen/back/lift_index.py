# SPDX-License-Identifier: MIT
"""Numbers of elements and addresses of lanes, as far as they are known."""
from __future__ import annotations

from gen.model.evaluate import evaluate
from gen.model.lanes import Elem
from gen.model.rewrite import rewrite
from gen.model.sem import Binary, Const, Expr, Op, walk_expr


def chunks(at: int, size: int) -> list[tuple[int, int]]:
    """size bytes from at on, in pieces that types have."""
    out = []
    while size:
        n = next(k for k in (64, 32, 16, 8, 4, 2, 1) if k <= size and at % k == 0)
        out.append((at, n))
        at, size = at + n, size - n
    return out


def folded(e: Expr) -> Expr:
    """With constants in place of what is known."""
    def one(x: Expr) -> Expr:
        inner = list(walk_expr(x))[1:]
        if inner and all(isinstance(y, Const) for y in inner) and not isinstance(x, Elem):
            return Const(x.type, evaluate(x, {}, lambda y: 0))
        match x:
            case Binary(op=Op.ADD, a=a, b=Const(value=0)) \
                    | Binary(op=Op.ADD, a=Const(value=0), b=a):
                return a
        return x

    return rewrite(e, one)


def shifted_by(a: Expr, b: Expr) -> int | None:
    """What the address b is further than a, None: not known."""
    def split(x: Expr) -> tuple[Expr | None, int]:
        match x:
            case Const(value=k):
                return None, k
            case Binary(op=Op.ADD, a=y, b=Const(value=k)) \
                    | Binary(op=Op.ADD, a=Const(value=k), b=y):
                inner, more = split(y)
                return inner, k + more
        return x, 0

    (x, j), (y, k) = split(a), split(b)
    return k - j if x == y else None
