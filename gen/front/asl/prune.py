# SPDX-License-Identifier: MIT
"""Takes out of a flat body what nothing reads."""
from __future__ import annotations

from dataclasses import fields

from aslparser import ast as A

from gen.front.primitives import RESERVED, _RMW
from gen.model import prims
from gen.model.pure import PURE

_EFFECTS = prims.FP.keys() | _RMW.keys()


def _nodes(x):
    """The node and everything below it."""
    if isinstance(x, A.Node):
        yield x
        for f in fields(x):
            if f.name != "span":
                yield from _nodes(getattr(x, f.name))
    elif isinstance(x, tuple):
        for y in x:
            yield from _nodes(y)


def _pure(e: A.Expr) -> bool:
    """Does nothing happen when this is computed?"""
    for n in _nodes(e):
        if isinstance(n, A.Index) and isinstance(n.base, A.Name) \
                and n.base.name in ("Mem", "MemTry"):
            return False
        if isinstance(n, A.Call) and (n.func in _EFFECTS
                                      or n.func not in RESERVED and n.func not in PURE):
            return False
    return True


def _read(body: tuple[A.Stmt, ...]) -> set[str]:
    """Names that some statement reads."""
    out: set[str] = set()
    for s in body:
        match s:
            case A.VarDecl(value=v):
                out |= _names(v)
            case A.Assign(target=A.Name(), value=v):
                out |= _names(v)
            case A.If(arms=arms, otherwise=other):
                for arm in arms:
                    out |= _names(arm.cond) | _read(arm.body)
                out |= _read(other)
            case A.For(first=a, last=b, body=inner):
                out |= _names(a) | _names(b) | _read(inner)
            case _:
                out |= _names(s)
    return out


def _names(x) -> set[str]:
    return {n.name for n in _nodes(x) if isinstance(n, A.Name)}


def _without(body: tuple[A.Stmt, ...], read: set[str], own: set[str]) -> tuple[A.Stmt, ...]:
    out: list[A.Stmt] = []
    for s in body:
        match s:
            case A.VarDecl(names=(n,), value=v) if n.name not in read \
                    and (v is None or _pure(v)):
                continue
            case A.Assign(target=A.Name(name=n), value=v) if n in own and n not in read \
                    and _pure(v):
                continue
            case A.If(arms=(arm,), otherwise=other):
                then = _without(arm.body, read, own)
                other = _without(other, read, own)
                if not then and not other:
                    continue
                cond = arm.cond
                if not then:
                    cond, then, other = A.Unary(cond.span, "!", cond), other, ()
                out.append(A.If(s.span, (A.Arm(arm.span, cond, then),), other))
                continue
            case A.For(body=inner):
                inner = _without(inner, read, own)
                if inner:
                    out.append(A.For(s.span, s.var, s.first, s.last, s.down, inner))
                continue
        out.append(s)
    return tuple(out)


def _declared(body: tuple[A.Stmt, ...]) -> set[str]:
    out: set[str] = set()
    for s in body:
        match s:
            case A.VarDecl(names=names):
                out |= {n.name for n in names}
            case A.If(arms=arms, otherwise=other):
                out |= _declared(other).union(*(_declared(a.body) for a in arms))
            case A.For(body=inner):
                out |= _declared(inner)
    return out


def prune(body: tuple[A.Stmt, ...]) -> tuple[A.Stmt, ...]:
    """The same body without variables that nothing reads."""
    while True:
        shorter = _without(body, _read(body), _declared(body))
        if shorter == body and len(shorter) == len(body):
            return body
        body = shorter
