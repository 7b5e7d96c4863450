# SPDX-License-Identifier: MIT
"""What an instruction may do, read off its committed meaning."""
from __future__ import annotations

from gen.model import prims
from gen.model.effects import Effects, Flow
from gen.model.encoding import IMM_BITS, Insn
from gen.model.isa import IsaInfo
from gen.model.sem import (Binary, Branch, Expr, Ext, FpLet, Hook, If, Imm, Load, Native, Op,
                           Raise, RegRead, RegWrite, Rmw, Sem, StateRead, Stmt, Store, all_exprs,
                           walk_stmts)
from gen.passes.binding import static_locals
from gen.passes.unknown import unknown

__all__ = ["Effects", "Flow", "effects", "is_direct"]


def is_direct(insn: Insn, target: Expr) -> bool:
    """Is it PC plus the immediate that fills the decoded instruction's imm? The
    engines compute the targets of links so."""
    match target:
        case Binary(op=Op.ADD, a=StateRead(name="PC"), b=Imm(operand=n) | Ext(a=Imm(operand=n))):
            op = insn.operand(n)
            whole = op.place is not None and op.place.in_imm and op.place.width == IMM_BITS
            same = not isinstance(target.b, Ext) or target.b.signed == op.signed
            return whole and same
    return False


def _flow(insn: Insn, body: tuple[Stmt, ...], isa: IsaInfo) -> Flow:
    last = body[-1] if body else None
    match last:
        case Branch(target=t):
            return Flow.JUMP if is_direct(insn, t) else Flow.INDIRECT
        case If(then=(Branch(target=t),), other=()) if is_direct(insn, t):
            return Flow.BRANCH
        case If() if any(isinstance(s, Branch) for s in walk_stmts((last,))):
            return Flow.INDIRECT
        case Raise():
            return Flow.OTHER
    ends = any(isinstance(s, Hook) and isa.hooks[s.hook].ends or isinstance(s, Native) and s.ends
               for s in walk_stmts(body))
    return Flow.OTHER if ends else Flow.NEXT


def effects(insn: Insn, sem: Sem, isa: IsaInfo) -> Effects:
    """Facts about one instruction; SpecError where UNKNOWN goes astray."""
    stmts = list(walk_stmts(sem.body))
    classes = {o.name: o.regclass for o in insn.operands}
    used = {classes[e.operand] for e in all_exprs(sem.body) if isinstance(e, RegRead)}
    written = {classes[s.operand] for s in stmts if isinstance(s, RegWrite)}
    fps = [s for s in stmts if isinstance(s, FpLet)]
    return Effects(
        flow=_flow(insn, sem.body, isa),
        memory=any(isinstance(s, (Load, Store, Rmw)) or isinstance(s, Native) and s.memory
                   for s in stmts),
        fp=bool(fps) or isa.fp_class in used | written,
        rounds=any(s.round is not None for s in fps),
        round_flags=any(prims.FP[s.op.name].flags for s in fps),
        writes_fp=isa.fp_class in written,
        static=static_locals(sem),
        unknown=unknown(insn, sem),
    )
