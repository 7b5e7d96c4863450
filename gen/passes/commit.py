# SPDX-License-Identifier: MIT
"""Parallel commit: effects that may fault, then registers, then control.

Operand reads see the state before the instruction, whatever registers the
encoding names twice; an operand is read or written, never both, so a body
cannot read what it has written. A fault undoes the instruction: nothing that
may fault (or that the fast handlers may leave to the executor, as an IEEE
operation) comes behind a register write, and none behind a memory write or a
hook, which cannot be undone.

Where the source order already guarantees that, the body stays as it is;
elsewhere a written value waits in a local. Control leaves at the very end.
"""
from __future__ import annotations

from dataclasses import replace

from gen.model.encoding import Insn
from gen.model.isa import IsaInfo
from gen.model.sem import (EFFECTS, FAULTS, WRITES, Branch, Expr, FpLet, If, Let, Native, Raise,
                           Sem, StateWrite, Stmt, Var, all_exprs, is_done, reads_state,
                           walk_stmts)
from gen.support.errors import SpecError


def _has(kinds: tuple[type, ...], s: Stmt) -> bool:
    return any(isinstance(x, kinds) for x in walk_stmts((s,)))


def _undoes(s: Stmt) -> bool:
    """May it fault, and the memory that was written before stays as it was?"""
    return any(isinstance(x, FAULTS) and not (isinstance(x, Raise) and x.late)
               for x in walk_stmts((s,)))


def _hazard(rest: tuple[Stmt, ...]) -> bool:
    """Is there something that must not come behind a register write?"""
    return any(_has((*FAULTS, FpLet), s) or any(reads_state(e) for e in all_exprs((s,)))
               for s in rest)


class _Commit:
    """One body."""

    def __init__(self, insn: Insn) -> None:
        self.insn = insn
        self.names = 0

    def fail(self, message: str) -> SpecError:
        return SpecError(self.insn.span, f"{self.insn.name}: {message}")

    def wait(self, value: Expr) -> tuple[Let, Var]:
        self.names += 1
        name = f"w_{self.names}"
        return Let(name, value), Var(value.type, name)

    def body(self, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        """Statements in place, register writes that wait, control."""
        out: list[Stmt] = []
        late: list[Stmt] = []
        for k, s in enumerate(body):
            rest = body[k + 1:]
            if rest and _has((Branch,), s):
                raise self.fail("a branch must be the last statement")
            if _has(EFFECTS, s) and any(_undoes(x) for x in rest):
                raise self.fail("a memory write or hook is followed by something that may fault, "
                                "which could not undo it")
            if isinstance(s, StateWrite) and s.early:
                out.append(s)
            elif isinstance(s, WRITES):
                if late or _hazard(rest):
                    let, var = self.wait(s.value)
                    out.append(let)
                    late.append(replace(s, value=var))
                else:
                    out.append(s)
            elif isinstance(s, If) and is_done(s.then) and not s.other and not late:
                out.append(If(s.cond, (*self.body(s.then[:-1]), s.then[-1])))
            elif isinstance(s, If):
                s = self.if_(s, rest, bool(late))
                if _has((Branch,), s) and late:
                    return *out, *self.control(s, late)
                out.append(s)
            elif isinstance(s, Branch) and late:
                return *out, *self.control(s, late)
            else:
                out.append(s)
        return *out, *late

    def if_(self, s: If, rest: tuple[Stmt, ...], late: bool) -> If:
        if _has(WRITES, s) and _hazard(rest):
            raise self.fail("a register write inside an if is followed by something that "
                            "reads registers or may fault")
        if _has(WRITES, s) and late:
            raise self.fail("a register write before an if that reads registers or may fault, "
                            "and writes a register")
        if _has((Branch,), s) and _has((*EFFECTS, *WRITES, FpLet), s):
            raise self.fail("an if that branches may not write registers or memory")
        return If(s.cond, self.body(s.then), self.body(s.other))

    def control(self, s: Branch | If, late: list[Stmt]) -> tuple[Stmt, ...]:
        """What control needs is read before the waiting registers are written."""
        if not _hazard((s,)):
            return *late, s
        if isinstance(s, Branch):
            let, var = self.wait(s.target)
            return let, *late, Branch(var)
        if any(_hazard((x,)) for x in s.then + s.other):
            raise self.fail("a register write beside an if that reads registers or may fault, "
                            "and branches")
        let, var = self.wait(s.cond)
        return let, *late, If(var, s.then, s.other)


def commit(insn: Insn, sem: Sem, isa: IsaInfo) -> Sem:
    """The same meaning, in the order above. Members of a group write to shadows,
    which their group commits or drops: their order is as it stands."""
    if isa.group or any(isinstance(s, Native) for s in sem.body):
        return sem
    return Sem(_Commit(insn).body(sem.body))
