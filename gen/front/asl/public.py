# SPDX-License-Identifier: MIT
"""What Arm's published pseudocode leaves unsaid, as our instruction files say it.

There, the width of X[n] and of functions such as ShiftReg follows from the
variable that the value goes to, and SP and X are two register files. The tree
is rewritten before it is evaluated: X[n] becomes X[n, width], the functions get
the width as their last argument, and a choice between SP and X by number 31
becomes the file that holds both.
"""
from __future__ import annotations

from dataclasses import fields, replace

from aslparser import ast as A

from gen.front.asl.specialise import Library
from gen.front.asl.values import ORDERED, PLAIN
from gen.model import prims

_PLAIN = ("AccType_NORMAL", "AccType_VEC", "AccType_STREAM", "AccType_VECSTREAM",
          "AccType_UNPRIV")
_ABSENT = ("MTE", "TME", "BTI", "MTE2", "MTE3")  # of HaveMTEExt(), FEAT_MTE: not modelled
_FPCR = ("FPCR", "fpcr")
_SAME_WIDTH = ("AND", "OR", "EOR", "+", "-")


def simpler(x: object) -> object:
    """A tree without what is always so here: features that are there, kinds of
    plain accesses, FPCR as an argument of IEEE operations."""
    if isinstance(x, tuple):
        return tuple(simpler(y) for y in x)
    if not isinstance(x, A.Node):
        return x
    x = replace(x, **{f.name: simpler(getattr(x, f.name)) for f in fields(x) if f.name != "span"})
    match x:
        case A.Name(name=n) if n.startswith("AccType_"):
            return replace(x, name=PLAIN if n in _PLAIN else ORDERED)
        case A.Call(func="IsFeatureImplemented", args=(A.Name(name=n),)):
            return A.BoolLit(x.span, n.removeprefix("FEAT_") not in _ABSENT)
        case A.Call(func=f, args=()) if f.startswith("Have"):
            return A.BoolLit(x.span, f[4:].removesuffix("Ext") not in _ABSENT)
        case A.Call(func=f, args=(*args, A.Name(name=n) | A.Index(base=A.Name(name=n), args=()))) \
                if f in prims.FP and n in _FPCR:
            return replace(x, args=tuple(args))
        case A.VarDecl(type=A.NamedType(name="FPCRType")):
            return A.Pass(x.span)
    return x


class Rewriter:
    """One instruction or function. implied: functions that take a width more
    than the text gives them, with the number of arguments in the text."""

    def __init__(self, lib: Library, implied: set[tuple[str, int]]) -> None:
        self.lib, self.implied = lib, implied
        self.widths: dict[str, A.Expr] = {}
        fixed = [f for f in lib.files.values() if f.fixed >= 0]
        self.stack = {f.name: (g.name, f.fixed) for f in fixed for g in lib.files.values()
                      if g.regclass == f.regclass and g.fixed < 0}

    # ---- statements --------------------------------------------------------

    def block(self, body: tuple[A.Stmt, ...]) -> tuple[A.Stmt, ...]:
        return tuple(self.stmt(s) for s in body)

    def stmt(self, s: A.Stmt) -> A.Stmt:
        match s:
            case A.VarDecl(type=A.BitsType(width=w)):
                self.widths.update({n.name: w for n in s.names})
                return replace(s, value=None if s.value is None else self.value(s.value, w))
            case A.Assign(target=t):
                names = [x.name for x in (t.items if isinstance(t, A.Tuple) else (t,))
                         if isinstance(x, A.Name)]
                w = self.widths.get(names[0]) if names else None
                return replace(s, value=self.value(s.value, w))
            case A.If():
                return self.choice(s)
            case A.Case():
                other = None if s.otherwise is None else self.block(s.otherwise)
                return replace(s, otherwise=other, alts=tuple(
                    replace(a, body=self.block(a.body)) for a in s.alts))
            case A.For():
                return replace(s, body=self.block(s.body))
            case A.Return() if s.value is not None and "return" in self.widths:
                return replace(s, value=self.value(s.value, self.widths["return"]))
        return s

    def choice(self, s: A.If) -> A.Stmt:
        if len(s.arms) == 1 and (found := self.number(s.arms[0].cond)):
            n, also = found
            one = self.both(n, s.arms[0].body, s.otherwise)
            if one is not None and also is None:
                return one
            if one is not None:
                return A.If(s.span, (A.Arm(s.span, also, (one,)),), self.block(s.otherwise))
        return replace(s, otherwise=self.block(s.otherwise), arms=tuple(
            replace(a, body=self.block(a.body)) for a in s.arms))

    def number(self, cond: A.Expr) -> tuple[A.Name, A.Expr | None] | None:
        """n of `n == 31`, and what else must hold."""
        match cond:
            case A.Binary(op="==", left=A.Name() as n, right=A.IntLit(value=k)):
                if any(k == fixed for _, fixed in self.stack.values()):
                    return n, None
            case A.Binary(op="&&", left=left, right=right):
                if (found := self.number(left)) and found[1] is None:
                    return found[0], right
        return None

    def both(self, n: A.Name, with_stack: tuple[A.Stmt, ...],
             without: tuple[A.Stmt, ...]) -> A.Stmt | None:
        """The one statement that two, for SP and X[n], amount to."""
        checked = [s for s in with_stack if isinstance(s, A.CallStmt)
                   and s.call.func == "CheckSPAlignment"]
        match with_stack:
            case [A.If(arms=(A.Arm(cond=c, body=(A.CallStmt() as s,)),), otherwise=()), *more] \
                    if s.call.func == "CheckSPAlignment":  # of some accesses
                some, others = self.both(n, (s, *more), without), self.both(n, tuple(more), without)
                return some and others and A.If(n.span, (A.Arm(n.span, c, (some,)),), (others,))
        rest = [s for s in with_stack if s not in checked]
        if checked and not rest and not without:
            return A.Assign(n.span, A.Hole(n.span), A.Call(n.span, "Base", (n,)))
        match rest, without:
            case [A.Assign(target=t, value=v)], [A.Assign(target=u, value=x)]:
                if v == x and (file := self.merged(n, t, u)):
                    return A.Assign(t.span, A.Index(t.span, file, (n,)), v)
                if t == u and (file := self.merged(n, v, x)):
                    if checked:
                        return A.Assign(t.span, t, A.Call(t.span, "Base", (n,)))
                    return self.stmt(A.Assign(t.span, t, A.Index(t.span, file, (n,))))
        return None

    def merged(self, n: A.Name, stack: A.Expr, other: A.Expr) -> A.Name | None:
        """The file for SP[] and X[n]."""
        match stack, other:
            case A.Index(base=A.Name(name=sp)), A.Index(base=A.Name(name=x), args=(m, *_)):
                if sp in self.stack and x in self.lib.files and m == n:
                    return A.Name(n.span, self.stack[sp][0])
        return None

    # ---- values ------------------------------------------------------------

    def value(self, e: A.Expr, width: A.Expr | None) -> A.Expr:
        if width is None:
            return e
        match e:
            case A.Index(base=A.Name(name=f)) if f in self.lib.files:
                if len(e.args) == (self.lib.files[f].fixed < 0):
                    return replace(e, args=(*e.args, width))
            case A.Call(func="Zeros" | "Ones", args=()) | A.Call(func="Replicate", args=(_,)):
                return replace(e, args=(*e.args, width))
            case A.Call() if (e.func, len(e.args)) in self.implied:
                return replace(e, args=(*e.args, width))
            case A.IfExpr(arms=(arm,)):
                found = self.number(arm.cond)
                if found and found[1] is None \
                        and (file := self.merged(found[0], arm.value, e.otherwise)):
                    return A.Index(e.span, file, (found[0], width))
                return replace(e, otherwise=self.value(e.otherwise, width),
                               arms=(replace(arm, value=self.value(arm.value, width)),))
            case A.Unary(op="NOT"):
                return replace(e, operand=self.value(e.operand, width))
            case A.Binary() if e.op in _SAME_WIDTH:
                return replace(e, left=self.value(e.left, width),
                               right=self.value(e.right, width))
        return e


def implied_width(f: A.FuncDecl) -> str:
    """N of bits(N) F(...), where no parameter says what it is."""
    match f.result:
        case A.BitsType(width=A.Name(name=n)) \
                | A.TupleType(items=(A.BitsType(width=A.Name(name=n)), *_)):
            said = {p.name for p in f.params} | {
                p.type.width.name for p in f.params
                if isinstance(p.type, A.BitsType) and isinstance(p.type.width, A.Name)}
            return "" if n in said else n
    return ""


def function(lib: Library, implied: set[tuple[str, int]], f: A.FuncDecl) -> A.FuncDecl:
    """With its width as a parameter."""
    if f.body is None:
        return f
    f = simpler(f)
    r, n = Rewriter(lib, implied), implied_width(f)
    if isinstance(f.result, A.BitsType):
        r.widths["return"] = f.result.width
    params = f.params
    if n:
        params += (A.Param(f.span, A.NamedType(f.span, "integer"), n),)
    return replace(f, params=params, body=r.block(f.body))


def instruction(lib: Library, implied: set[tuple[str, int]], enc: A.Encoding,
                inst: A.Instruction) -> tuple[A.Encoding, A.Instruction]:
    """One encoding with the sections that it shares."""
    r = Rewriter(lib, implied)
    enc, inst = replace(enc, decode=simpler(enc.decode)), replace(
        inst, postdecode=simpler(inst.postdecode), execute=simpler(inst.execute))
    enc = replace(enc, decode=r.block(enc.decode))
    post = r.block(inst.postdecode)
    return enc, replace(inst, postdecode=post, execute=r.block(inst.execute))
