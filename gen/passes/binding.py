# SPDX-License-Identifier: MIT
"""Binding time: what the encoding alone decides, and what needs a running guest.

Immediates, register numbers, the address of the instruction and what is
computed from them are static: known when the instruction is translated.
"""
from __future__ import annotations

from gen.model.lanes import Lanes
from gen.model.sem import Assign, If, Let, Sem, Stmt, is_static, walk_stmts


def static_locals(sem: Sem) -> frozenset[str]:
    """Locals whose every value is static. One that is assigned under a condition
    is only if the condition is."""
    names = {s.name for s in walk_stmts(sem.body) if isinstance(s, Let)}
    while True:
        dynamic: set[str] = set()
        _dynamic(sem.body, names, dynamic, True)
        if not dynamic:
            return frozenset(names)
        names -= dynamic


def _dynamic(body: tuple[Stmt, ...], static: set[str], found: set[str], known: bool) -> None:
    """Adds the names in `static` that are not; known: the path is static."""
    for s in body:
        match s:
            case Let(name=n, value=v) if n in static and not is_static(v, static):
                found.add(n)
            case Assign(name=n, value=v) if n in static and not (known and is_static(v, static)):
                found.add(n)
            case If(cond=c, then=then, other=other):
                inner = known and is_static(c, static)
                _dynamic(then, static, found, inner)
                _dynamic(other, static, found, inner)
            case Lanes(body=body, inactive=inactive, on_fault=fault):
                for b in (body, inactive, fault):
                    _dynamic(b, static, found, False)
