"""Random trees of every kind that a parse can yield. SPDX-License-Identifier: MIT"""
from __future__ import annotations

import random

from aslparser import ast
from aslparser.build import OPERATOR_TYPE
from aslparser.span import NOWHERE as N

_NAMES = ["x", "y", "Rd", "imm12", "AArch64.X", "PSTATE", "n_2", "bit"]
_TYPES = ["integer", "boolean", "real", "bit", "Word", "AArch64.T"]


class RandomTree:
    """Makes trees; ``size`` bounds their depth."""

    def __init__(self, seed: int) -> None:
        self.r = random.Random(seed)

    def pick(self, *makers):
        return self.r.choice(makers)()

    def many(self, maker, low=1, high=3):
        return tuple(maker() for _ in range(self.r.randint(low, high)))

    def word(self) -> str:
        return self.r.choice(_NAMES[:4] + _NAMES[5:])

    # -- expressions

    def literal(self) -> ast.Expr:
        r = self.r
        return self.pick(
            lambda: ast.IntLit(N, r.randrange(100)),
            lambda: ast.IntLit(N, r.randrange(1 << 40), True),
            lambda: ast.RealLit(N, f"{r.randrange(9)}.{r.randrange(99)}"),
            lambda: ast.BoolLit(N, r.random() < .5),
            lambda: ast.BitsLit(N, "".join(r.choices("01", k=r.randrange(9)))),
            lambda: ast.MaskLit(N, "x" + "".join(r.choices("01x", k=3))),
            lambda: ast.StrLit(N, r.choice(["", "a // b", "<x>", "'1'; ("])))

    def name(self) -> ast.Name:
        return ast.Name(N, self.r.choice(_NAMES))

    def expr(self, size: int) -> ast.Expr:
        if size <= 0:
            return self.pick(self.literal, self.name)
        s = size - 1
        r = self.r
        return self.pick(
            self.literal, self.name, lambda: self.postfix(size),
            lambda: self.postfix(size), lambda: self.binary(s),
            lambda: self.binary(s), lambda: self.binary(s),
            lambda: ast.Unary(N, r.choice(["-", "!", "NOT"]), self.expr(s)),
            lambda: ast.SetExpr(N, self.many(lambda: self.setitem(s))),
            lambda: ast.IfExpr(N, self.many(lambda: ast.IfArm(
                N, self.expr(s), self.expr(s)), 1, 2), self.expr(s)),
            lambda: ast.Unknown(N, r.choice([None, self.type(s)])),
            lambda: ast.Undefined(N),
            lambda: ast.ImplDefExpr(N, self.type(s), r.choice([None, "t"])))

    def binary(self, s: int) -> ast.Expr:
        return ast.Binary(N, self.r.choice(list(OPERATOR_TYPE)),
                          self.expr(s), self.expr(s))

    def setitem(self, s: int) -> ast.Expr:
        if self.r.random() < .3:
            return ast.Range(N, self.expr(s), self.expr(s))
        return self.expr(s)

    def postfix(self, size: int) -> ast.Expr:
        s = size - 1
        if s < 0:
            return self.name()
        return self.pick(
            self.name,
            lambda: ast.Call(N, self.r.choice(["F", "AArch64.F", "a.b.c"]),
                             self.many(lambda: self.expr(s), 0)),
            lambda: ast.Index(N, self.base(s),
                              self.many(lambda: self.expr(s), 0)),
            lambda: ast.Slice(N, self.base(s),
                              self.many(lambda: self.slice(s))),
            lambda: ast.Field(N, self.base(s), self.word()),
            lambda: ast.Fields(N, self.base(s), self.many(self.word)),
            lambda: ast.Concat(N, self.many(lambda: self.expr(s))),
            lambda: ast.Tuple(N, self.many(lambda: self.expr(s), 2)))

    def base(self, s: int) -> ast.Expr:
        return self.expr(s) if self.r.random() < .2 else self.postfix(s)

    def slice(self, s: int) -> ast.SlicePart:
        return self.pick(
            lambda: self.expr(s),
            lambda: ast.BitRange(N, self.expr(s), self.expr(s)),
            lambda: ast.BitWidth(N, self.expr(s), self.expr(s)))

    def type(self, s: int) -> ast.Type:
        def named() -> ast.Type:
            return ast.NamedType(N, self.r.choice(_TYPES))
        if s <= 0:
            return named()
        return self.pick(
            named, named,
            lambda: ast.BitsType(N, self.expr(s - 1)),
            lambda: ast.TypeOf(N, self.expr(s - 1)),
            lambda: ast.ArrayType(N, self.r.choice([
                self.name(), ast.Range(N, self.expr(s - 1),
                                       self.expr(s - 1))]),
                self.type(s - 1)),
            lambda: ast.RegisterType(N, 32, (
                ast.RegField(N, 31, 28, "c"), ast.RegField(N, 0, 0, "N"))))

    # -- statements

    def lvalue(self, s: int) -> ast.Expr:
        if s <= 0:
            return self.name()
        return self.pick(
            self.name,
            lambda: ast.Index(N, self.lvalue(s - 1),
                              self.many(lambda: self.expr(s - 1), 0)),
            lambda: ast.Slice(N, self.lvalue(s - 1),
                              self.many(lambda: self.slice(s - 1))),
            lambda: ast.Field(N, self.lvalue(s - 1), self.word()),
            lambda: ast.Fields(N, self.lvalue(s - 1), self.many(self.word)),
            lambda: ast.Concat(N, self.many(lambda: self.place(s - 1))),
            lambda: ast.Tuple(N, self.many(lambda: self.place(s - 1), 2)))

    def place(self, s: int) -> ast.Expr:
        return ast.Hole(N) if self.r.random() < .2 else self.lvalue(s)

    def body(self, size: int) -> tuple[ast.Stmt, ...]:
        return self.many(lambda: self.stmt(size))

    def stmt(self, size: int) -> ast.Stmt:
        r = self.r
        s = size - 1
        if size > 0 and r.random() < .5:
            return self.compound(s)
        e = lambda: self.expr(2)
        maybe = lambda f: f() if r.random() < .5 else None
        return self.pick(
            lambda: ast.VarDecl(N, self.type(2), self.many(
                lambda: ast.Name(N, self.word()))),
            lambda: ast.VarDecl(N, self.type(2), (ast.Name(N, "v"),), e(),
                                r.random() < .5),
            lambda: ast.Assign(N, self.place(3), e()),
            lambda: ast.Assign(N, self.place(3), e()),
            lambda: ast.Lane(N, maybe(lambda: self.type(2)), self.lvalue(2),
                             e()),
            lambda: ast.CallStmt(N, ast.Call(N, "F", self.many(e, 0))),
            lambda: ast.Return(N, maybe(e)),
            lambda: ast.Assert(N, e()),
            lambda: ast.Throw(N, e()),
            lambda: ast.UndefinedStmt(N), lambda: ast.Unpredictable(N),
            lambda: ast.See(N, "a thing", True),
            lambda: ast.See(N, "ADD (immediate)", False),
            lambda: ast.ImplDefStmt(N, maybe(lambda: "text")),
            lambda: ast.Pass(N))

    def compound(self, s: int) -> ast.Stmt:
        b = lambda: self.body(s)
        e = lambda: self.expr(2)
        maybe = lambda f, other: f() if self.r.random() < .5 else other
        return self.pick(
            lambda: ast.If(N, self.many(lambda: ast.Arm(N, e(), b())),
                           maybe(b, ())),
            lambda: ast.Case(N, e(), self.many(lambda: ast.When(
                N, self.many(lambda: self.pattern(2)), maybe(e, None), b())),
                maybe(b, None)),
            lambda: ast.For(N, ast.Name(N, "i"), e(), e(),
                            self.r.random() < .5, b()),
            lambda: ast.While(N, e(), b()),
            lambda: ast.Repeat(N, b(), e()),
            lambda: ast.Try(N, b(), ast.Name(N, "exn"), self.many(
                lambda: ast.Arm(N, e(), b())), maybe(b, None)))

    def pattern(self, s: int) -> ast.Expr:
        if s <= 0:
            return self.pick(self.literal, self.name, lambda: ast.Hole(N),
                             lambda: ast.Unary(N, "-", ast.IntLit(N, 3)))
        return self.pick(
            lambda: self.pattern(0),
            lambda: ast.Range(N, self.literal(), self.name()),
            lambda: ast.SetExpr(N, self.many(lambda: self.setitem(s))),
            lambda: ast.Tuple(N, self.many(lambda: self.pattern(s - 1), 2)))

    # -- declarations and instructions

    def params(self) -> tuple[ast.Param, ...]:
        return tuple(ast.Param(N, self.type(2), f"p{i}", self.r.random() < .2)
                     for i in range(self.r.randrange(3)))

    def decl(self) -> ast.Decl:
        r = self.r
        maybe = lambda f: f() if r.random() < .5 else None
        t = lambda: self.type(2)
        b = lambda: self.body(1)
        result = lambda: ast.TupleType(N, self.many(t, 2)) \
            if r.random() < .3 else t()
        return self.pick(
            lambda: ast.TypeDecl(N, "T", maybe(t)),
            lambda: ast.TypeDecl(N, "T", None, True),
            lambda: ast.RecordDecl(N, "R", self.params()),
            lambda: ast.EnumDecl(N, "E", self.many(self.word)),
            lambda: ast.GlobalDecl(N, t(), "g", maybe(lambda: self.expr(2))),
            lambda: ast.GlobalDecl(N, t(), "g", self.expr(2), True),
            lambda: ast.FuncDecl(N, "AArch64.F", maybe(result),
                                 self.params(), maybe(b)),
            lambda: ast.FuncDecl(N, "F", maybe(result), self.params(), None,
                                 True),
            lambda: ast.GetterDecl(N, "G", result(), self.params(), maybe(b)),
            lambda: ast.GetterDecl(N, "G", result(), None, b()),
            lambda: ast.SetterDecl(N, "S", maybe(self.params),
                                   ast.Param(N, t(), "v"), maybe(b)))

    def instruction(self) -> ast.Instruction:
        r = self.r
        empty = lambda: self.body(1) if r.random() < .7 else ()
        return ast.Instruction(N, "I", tuple(
            ast.Encoding(N, f"E{i}", r.choice(["A64", "T32"]), tuple(
                ast.EncField(N, f"f{j}", r.randrange(24), r.randint(1, 8))
                for j in range(r.randrange(3))),
                "".join(r.choices("01x", k=32)), self.expr(2),
                tuple(ast.UnpredictableUnless(N, r.randrange(32), "1")
                      for _ in range(r.randrange(2))), empty())
            for i in range(r.randint(1, 2))), empty(), empty(),
            r.random() < .3)
