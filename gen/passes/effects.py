# SPDX-License-Identifier: MIT
"""What an instruction may do, read off its meaning."""
from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from gen.model import prims
from gen.model.encoding import Insn
from gen.model.isa import IsaInfo
from gen.model.sem import (Binary, Branch, Ext, FpLet, Hook, If, Imm, Load, Op, Raise, RegRead,
                           RegWrite, Rmw, Sem, StateRead, Store, all_exprs, walk_stmts)


class Flow(Enum):
    """How control leaves an instruction."""

    NEXT = "next"
    BRANCH = "branch"  # conditional, static target
    JUMP = "jump"  # always, static target
    INDIRECT = "indirect"
    OTHER = "other"  # a hook that ends the block


@dataclass(frozen=True, slots=True)
class Effects:
    flow: Flow
    memory: bool
    fp: bool  # uses the floating-point register class or its environment
    rounds: bool  # takes the rounding operand
    round_flags: bool  # has operations that may raise IEEE flags
    writes_fp: bool
    hooks: bool
    raises: bool


def is_static_target(e) -> bool:
    """PC + immediate."""
    match e:
        case Binary(op=Op.ADD, a=StateRead(name="PC"), b=Imm() | Ext(a=Imm())):
            return True
    return False


def effects(insn: Insn, sem: Sem, isa: IsaInfo) -> Effects:
    stmts = list(walk_stmts(sem.body))
    flow = Flow.NEXT
    for s in sem.body:
        if isinstance(s, Branch):
            flow = Flow.JUMP if is_static_target(s.target) else Flow.INDIRECT
        elif isinstance(s, If) and any(isinstance(x, Branch) for x in walk_stmts((s,))):
            inner = s.then[0] if len(s.then) == 1 and not s.other else None
            static = isinstance(inner, Branch) and is_static_target(inner.target)
            flow = Flow.BRANCH if static else Flow.INDIRECT
    hooks = [isa.hooks[s.hook] for s in stmts if isinstance(s, Hook)]
    if flow is Flow.NEXT and any(h.ends for h in hooks):
        flow = Flow.OTHER
    if flow is Flow.NEXT and any(isinstance(s, Raise) for s in sem.body):
        flow = Flow.OTHER
    classes = {o.name: o.regclass for o in insn.operands}
    used = {classes[e.operand] for e in all_exprs(sem.body) if isinstance(e, RegRead)}
    written = {classes[s.operand] for s in stmts if isinstance(s, RegWrite)}
    fps = [s for s in stmts if isinstance(s, FpLet)]
    return Effects(
        flow=flow,
        memory=any(isinstance(s, (Load, Store, Rmw)) for s in stmts),
        fp=bool(fps) or isa.fp_class in used | written,
        rounds=any(s.round is not None for s in fps),
        round_flags=any(prims.FP[s.op.name].flags for s in fps),
        writes_fp=isa.fp_class in written,
        hooks=bool(hooks),
        raises=any(isinstance(s, Raise) for s in stmts),
    )
