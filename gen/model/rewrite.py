# SPDX-License-Identifier: MIT
"""The same meaning with parts of it replaced."""
from __future__ import annotations

from dataclasses import fields, replace
from typing import Callable

from .lanes import Elem, Lanes, VecOp, VecState, VecVar
from .sem import (Access, Binary, Const, Expr, Ext, FpOp, If, Imm, Lookup, OperandAddr, Prim,
                  RegNum, RegRead, Select, Slice, StateRead, Stmt, Unary, Unknown, Var)

_EXPRS = (Const, Var, Imm, RegRead, RegNum, StateRead, Unknown, Unary, Binary, Ext, Slice, Select,
          Lookup, OperandAddr, Prim, Elem)
_PARTS = (*_EXPRS, VecOp, VecState, VecVar, FpOp, Access)


def rewrite(x, f: Callable[[Expr], Expr]):
    """An expression, or a statement without the bodies inside it, with f applied
    to every expression node, innermost first."""
    changes = {}
    for k in fields(x):
        old = getattr(x, k.name)
        if isinstance(old, _PARTS):
            new = rewrite(old, f)
        elif isinstance(old, tuple) and old and all(isinstance(v, _EXPRS) for v in old):
            new = tuple(rewrite(v, f) for v in old)
        else:
            continue
        if new is not old:
            changes[k.name] = new
    if changes:
        x = replace(x, **changes)
    return f(x) if isinstance(x, _EXPRS) else x


def rewrite_body(body: tuple[Stmt, ...], f: Callable[[Expr], Expr]) -> tuple[Stmt, ...]:
    """The same with the bodies inside."""
    out = []
    for s in body:
        s = rewrite(s, f)
        match s:
            case If():
                s = replace(s, then=rewrite_body(s.then, f), other=rewrite_body(s.other, f))
            case Lanes():
                s = replace(s, body=rewrite_body(s.body, f), inactive=rewrite_body(s.inactive, f),
                            on_fault=rewrite_body(s.on_fault, f))
        out.append(s)
    return tuple(out)
