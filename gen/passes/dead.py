# SPDX-License-Identifier: MIT
"""Locals that nothing reads: flags of forms that leave flags alone, addresses of
accesses that went elsewhere. Their values have no effects."""
from __future__ import annotations

from dataclasses import replace

from gen.model.encoding import Insn
from gen.model.isa import IsaInfo
from gen.model.lanes import Lanes
from gen.model.sem import (Assign, Atomic, If, Let, Sem, Stmt, Var, all_exprs, walk_expr,
                           walk_stmts)


def dead(_insn: Insn, sem: Sem, _isa: IsaInfo) -> Sem:
    """The same meaning without them."""
    body = sem.body
    while True:
        read = {x.name for x in all_exprs(body) if isinstance(x, Var)}
        read |= {x.name for s in walk_stmts(body) if isinstance(s, Atomic)
                 for x in walk_expr(s.value) if isinstance(x, Var)}
        less = _without(body, read)
        if less == body:
            return Sem(body)
        body = less


def _without(body: tuple[Stmt, ...], read: set[str]) -> tuple[Stmt, ...]:
    out: list[Stmt] = []
    for s in body:
        match s:
            case Let(name=n) | Assign(name=n) if n not in read:
                continue
            case If(then=then, other=other):
                s = replace(s, then=_without(then, read), other=_without(other, read))
                if not s.then and not s.other:
                    continue
            case Atomic(body=inner):
                s = replace(s, body=_without(inner, read))
            case Lanes(body=inner, inactive=inactive, on_fault=fault):
                s = replace(s, body=_without(inner, read), inactive=_without(inactive, read),
                            on_fault=_without(fault, read))
        out.append(s)
    return tuple(out)
