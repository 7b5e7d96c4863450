# SPDX-License-Identifier: MIT
"""Lifting of IEEE operations: their environment, direction, and flags."""
from __future__ import annotations

from gen.back.lift_elems import NotLifted
from gen.back.lift_lanes import ONE
from gen.model import prims
from gen.model.sem import (Binary, Expr, Ext, FpLet, FpOp, FpStatus, Op, Prim, StateRead, Var,
                           is_static, walk_stmts)


class FpLifter:
    """The part of lift.Lifter that knows floating point."""

    round: str  # C of the direction that operations have unless they say another
    accruals: set[str]  # locals that are `flags ORed into the scalar that has them`

    # of Lifter
    def put(self, text: str) -> None: ...
    def bind(self, text: str) -> str: ...
    def expr(self, e: Expr) -> str: ...
    def op(self, name: str, width: int, *args: str) -> str: ...
    def const(self, text: str | int, width: int) -> str: ...
    def static(self, e: Expr) -> str: ...

    def environment(self) -> None:
        """The one that operations of the body have, read before them all."""
        envs = {s.env for s in walk_stmts(self.m.sem.body) if isinstance(s, FpLet) and s.env}
        if len(envs) > 1:
            raise NotLifted
        for env in envs:
            number = list(self.isa.info.fpenvs).index(env)
            self.round = self.bind(f"rx_smir_fpenv(f, {number})")

    def direction(self, s: FpLet) -> tuple[str, ...]:
        """The last value of an operation that rounds."""
        if not prims.FP[s.op.name].rounds:
            return ()
        if s.fixed is not None:
            return (self.const(s.fixed, 8),)
        if s.env and s.round is not None:
            return (self.expr(s.round),)
        return (self.round,)

    def fp(self, s: FpLet) -> None:
        p, op = prims.FP[s.op.name], s.op
        own = op.type.width if p.result in ("int", "dst") else op.fmt
        if not p.smir or not {own, op.fmt} <= {*prims.FORMATS, *prims.INTEGERS}:
            raise NotLifted
        code, static = self.code(p, op)
        args = [self.expr(a) for a in op.args[:len(op.args) - static]]
        if self.pred:
            one = self.const(1 if p.integer_source else ONE[op.fmt], op.fmt)
            n = 1 if p.result in ("int", "dst") else len(args)  # of values
            args[:n] = [self.op("SELECT", op.fmt, self.pred, a, one) for a in args[:n]]
        args = [*args, *self.direction(s)]
        self.vars[s.name] = self.bind(f"rx_smir_op{len(args)}(f, {code}, RX_I{own}, "
                                      f"{', '.join(args)})")

    def code(self, p: prims.FpPrim, op: FpOp) -> tuple[str, bool]:
        """C of the operation; does the last operand, which is then none of the
        operation's, choose it?"""
        names = [f"RX_S_{name.upper()}" for name in p.smir.split("/")]
        if len(names) == 1:
            return names[0], False
        if not is_static(op.args[-1]):
            raise NotLifted
        return f"{self.static(op.args[-1])} ? {names[1]} : {names[0]}", True

    def accrues(self, e: Expr) -> bool:
        """Is it the scalar that has the flags, with those that were raised?"""
        rules = self.isa.info.fp_rules
        match e:
            case Var(name=n):
                return n in self.accruals
            case Binary(op=Op.OR, a=StateRead(name=n),
                        b=Ext(signed=False, a=Prim(name=by, args=(FpStatus(what="flags"),)))):
                return rules is not None and (n, by) == (rules.flags, rules.by)
        return False

    def accrue(self) -> None:
        self.wrote = True
        self.put("(void)rx_smir_op0(f, RX_S_FPFLAGS, RX_VOID);")
