# SPDX-License-Identifier: MIT
"""Parallel commit: registers are written when nothing can fault or read any more.

Operand reads see the state before the instruction, whatever registers the
encoding names twice. Where the source order already guarantees that, the body
stays as it is; elsewhere a written value waits in a local until the end.
"""
from __future__ import annotations

from gen.model.encoding import Insn
from gen.model.sem import (Branch, FpLet, Hook, If, Let, Load, RegRead, RegWrite, Raise, Rmw, Sem,
                           Stmt, Store, Var, all_exprs, walk_stmts)
from gen.support.errors import SpecError

_FAULTS = (Load, Store, Rmw, Raise, Hook)


def faults(s: Stmt) -> bool:
    return any(isinstance(x, _FAULTS) for x in walk_stmts((s,)))


def reads(s: Stmt) -> bool:
    return any(isinstance(e, RegRead) for e in all_exprs((s,)))


def _hazard(rest: tuple[Stmt, ...]) -> bool:
    return any(faults(s) or reads(s) or isinstance(s, FpLet) for s in rest)


def commit(insn: Insn, sem: Sem) -> Sem:
    """The same meaning with every RegWrite behind all reads and faults."""
    body, out, late = sem.body, [], []
    for k, s in enumerate(body):
        rest = body[k + 1:]
        if isinstance(s, If) and any(isinstance(x, RegWrite) for x in walk_stmts((s,))) \
                and _hazard(rest):
            raise SpecError(insn.span, f"{insn.name}: a register write inside an if is followed "
                                       "by something that reads registers or may fault")
        if isinstance(s, RegWrite) and (_hazard(rest) or late):
            name = f"w_{s.operand}"
            out.append(Let(name, s.value))
            late.append(RegWrite(s.operand, s.view, Var(s.value.type, name)))
        elif isinstance(s, Branch) and late:
            out.append(Let("target", s.target))
            late.append(Branch(Var(s.target.type, "target")))
        else:
            out.append(s)
    return Sem(tuple(out + late), sem.locals)
