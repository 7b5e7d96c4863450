# SPDX-License-Identifier: MIT
"""What an instruction may do, read off its committed meaning."""
from __future__ import annotations

from gen.model import prims
from gen.model.effects import Effects, Flow
from gen.model.encoding import IMM_BITS, Insn
from gen.model.isa import IsaInfo
from gen.model.lanes import Elem, Lanes, TryLoad, Vec, VecCopy, VecOp, VecState, SetElem, ZeroAbove
from gen.model.sem import (Atomic, Binary, Branch, Done, Expr, Ext, FpLet, Hook, If, Imm, Load,
                           Native, Op, Raise, RegRead, RegWrite, Rmw, Sem, StateRead, Stmt,
                           Store, all_exprs, walk_stmts)
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
        case Branch() if any(isinstance(s, Done) for s in walk_stmts(body)):
            return Flow.INDIRECT
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
    vectors = _Vectors(insn, isa)
    vectors.look(sem)
    used |= vectors.read
    written |= vectors.written
    others = tuple(c for c in isa.classes if c != isa.fp_class)
    fps = [s for s in stmts if isinstance(s, FpLet) and not s.env]
    return Effects(
        flow=_flow(insn, sem.body, isa),
        memory=any(isinstance(s, (Load, Store, Rmw, Atomic, TryLoad))
                   or isinstance(s, Native) and s.memory
                   for s in stmts),
        fp=bool(fps) or isa.fp_class in used | written,
        rounds=any(s.round is not None for s in fps),
        round_flags=any(prims.FP[s.op.name].flags for s in fps),
        writes_fp=isa.fp_class in written,
        static=static_locals(sem),
        unknown=unknown(insn, sem),
        uses=tuple(c for c in others if c in used | written),
        writes=tuple(c for c in others if c in written),
        lanes=any(isinstance(s, Lanes) for s in stmts),
    )


class _Vectors:
    """Vector classes that a meaning reads and writes."""

    def __init__(self, insn: Insn, isa: IsaInfo) -> None:
        self.insn, self.isa = insn, isa
        self.read: set[str] = set()
        self.written: set[str] = set()

    def add(self, to: set[str], v: Vec) -> None:
        if isinstance(v, VecOp):
            to.add(self.insn.operand(v.operand).regclass)
        elif isinstance(v, VecState):
            to |= {c.name for c in self.isa.classes.values() if c.state == v.name}

    def look(self, sem: Sem) -> None:
        for e in all_exprs(sem.body):
            if isinstance(e, Elem):
                self.add(self.read, e.source)
        for s in walk_stmts(sem.body):
            if isinstance(s, (SetElem, VecCopy, ZeroAbove)):
                self.add(self.written, s.target)
            if isinstance(s, VecCopy):
                self.add(self.read, s.source)
