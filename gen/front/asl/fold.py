# SPDX-License-Identifier: MIT
"""Expressions, folded as far as the encoding decides them."""
from __future__ import annotations

from typing import Mapping

from aslparser import ast as A

from gen.front.asl.values import (INTEGER, Bool, Dyn, FieldBits, FieldInt, Int, Many,
                                  NextRegister, Sym, Val, Vec, concat, describe, extend, known,
                                  sources, type_of)
from gen.model.sem import BOOL, Bits, Type


class Trouble(Exception):
    """What cannot be translated, and where."""

    def __init__(self, node: A.Node, message: str) -> None:
        super().__init__(message)
        self.node, self.message = node, message


class Undefined(Exception):
    """This specialisation is no instruction."""


class Need(Exception):
    """These bits of the word must be known to go on."""

    def __init__(self, bits: frozenset[int], node: A.Node) -> None:
        super().__init__(f"bits {sorted(bits)}")
        self.bits, self.node = bits, node


MAX_BITS = 16384  # of an integer or of bits that are known
MAX_ASKED = 5  # a condition on more bits than that is left to the running instruction
_COMPARES = ("==", "!=", "<", "<=", ">", ">=")
_INT = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b,
        "DIV": lambda a, b: a // b, "MOD": lambda a, b: a % b, "^": lambda a, b: a ** b,
        "/": lambda a, b: a // b, "<<": lambda a, b: a << b, ">>": lambda a, b: a >> b,
        "QUOT": lambda a, b: a // b, "REM": lambda a, b: a % b}
_BITS = {"AND": lambda a, b: a & b, "OR": lambda a, b: a | b, "EOR": lambda a, b: a ^ b,
         "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b}
_REL = {"==": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b}


def _check_size(e: A.Binary, x: int, y: int) -> None:
    """Is there a result, and one that is no burden?"""
    if e.op in ("DIV", "MOD", "/", "QUOT", "REM") and y == 0:
        raise Trouble(e, "division by zero")
    if e.op in ("<<", ">>", "^") and y < 0:
        raise Trouble(e, f"'{e.op}' by a negative number")
    size = {"<<": x.bit_length() + y, "^": x.bit_length() * y,
            "*": x.bit_length() + y.bit_length()}.get(e.op, 0)
    if size > MAX_BITS:
        raise Trouble(e, f"an integer of more than {MAX_BITS} bits")


class Fold:
    """expr() and what it is made of. Names, calls and indexed things are
    elsewhere (calls.Calls, statements.Statements)."""

    never: frozenset[int] = frozenset()  # bits of register numbers: never asked for
    effects = 0  # statements so far that are more than a computation
    fpenvs: Mapping[str, str] = {}  # environments that IEEE operations may name

    def name(self, e: A.Name) -> Val:
        raise NotImplementedError

    def call(self, e: A.Call) -> Val:
        raise NotImplementedError

    def index(self, e: A.Index) -> Val:
        raise NotImplementedError

    def field(self, e: A.Field | A.Fields) -> Val:
        raise NotImplementedError

    def operand(self, v: FieldBits, at: A.Node) -> A.Expr:
        raise NotImplementedError

    def number(self, v: FieldBits, at: A.Node) -> A.Expr | None:
        raise NotImplementedError

    # ---- from values to trees ----------------------------------------------

    def tree(self, v: Val, at: A.Node) -> A.Expr:
        """The tree that computes the value when the instruction runs."""
        s = at.span
        match v:
            case Int(value=n):
                return A.IntLit(s, n) if n >= 0 else A.Unary(s, "-", A.IntLit(s, -n))
            case Bool(value=b):
                return A.BoolLit(s, b)
            case Vec(width=w, value=n) if w:
                return A.BitsLit(s, f"{n:0{w}b}")
            case FieldBits():
                return self.operand(v, at)
            case FieldInt(of=b, signed=signed):
                number = None if signed else self.number(b, at)
                return number or A.Call(s, "SInt" if signed else "UInt", (self.operand(b, at),))
            case Dyn(node=n):
                return n
            case Sym(name=n) if n in self.fpenvs:
                return A.Name(s, n)
        raise Trouble(at, f"{describe(v)} cannot be computed when the instruction runs")

    def word_of(self, v: Val) -> frozenset[int] | None:
        """The bits of the word that decide the value, None if they do not."""
        match v:
            case FieldBits():
                return v.word
            case FieldInt(of=b):
                return b.word
            case Dyn(word=w):
                return w
        return frozenset() if known(v) else None

    def dyn(self, node: A.Expr, typ: Type | str, *parts: Val) -> Dyn:
        words = [self.word_of(p) for p in parts]
        if any(w is None for w in words):
            return Dyn(node, typ)
        word = frozenset().union(*words)
        first = next((p.first for p in parts if isinstance(p, Dyn) and p.first), word)
        return Dyn(node, typ, word, first)

    # ---- values that must be known -----------------------------------------

    def settle(self, v: Val, at: A.Node) -> Val:
        """The value; where the word decides it, the bits are asked for."""
        word = self.word_of(v)
        if word:
            first = v.first if isinstance(v, Dyn) and v.first else word
            ask = (first - self.never) or (word - self.never)
            if 0 < len(ask) <= MAX_ASKED:
                raise Need(ask, at)
        return v

    def static(self, e: A.Expr) -> int:
        v = self.settle(self.expr(e), e)
        if not isinstance(v, Int):
            raise Trouble(e, f"expected a constant integer, found {describe(v)}")
        return v.value

    def bits_width(self, v: Val, at: A.Node) -> int:
        t = type_of(v)
        if not isinstance(t, Bits):
            raise Trouble(at, f"expected bits, found {describe(v)}")
        return t.width

    # ---- forms -------------------------------------------------------------

    def expr(self, e: A.Expr) -> Val:
        match e:
            case A.IntLit(value=v):
                return Int(v)
            case A.BoolLit(value=v):
                return Bool(v)
            case A.BitsLit(bits=b):
                return Vec(len(b), int(b, 2) if b else 0)
            case A.StrLit(value=v):
                return Sym(v)
            case A.Name():
                return self.name(e)
            case A.Call():
                return self.call(e)
            case A.Index():
                return self.index(e)
            case A.Field() | A.Fields():
                return self.field(e)
            case A.Slice(base=b, parts=p):
                return self.slice(e, self.expr(b), p)
            case A.Concat(parts=p):
                return self.concat([self.expr(x) for x in p], e)
            case A.Tuple(items=items):
                return Many(tuple(self.expr(x) for x in items))
            case A.Unary():
                return self.unary(e, self.expr(e.operand))
            case A.Binary():
                return self.binary(e)
            case A.IfExpr():
                return self.if_expr(e, e.arms)
            case A.Unknown(type=t) if t is not None:
                typ = self.resolve(t)
                if isinstance(typ, (Bits, type(BOOL))):
                    return Dyn(A.Unknown(e.span, self.type_tree(typ, e)), typ)
                raise Trouble(e, "an UNKNOWN integer has no range")
        raise Trouble(e, f"{type(e).__name__} is not supported in an expression")

    # ---- types -------------------------------------------------------------

    def resolve(self, t: A.Type) -> Type | str:
        match t:
            case A.BitsType(width=w):
                return Bits(self.static(w))
            case A.NamedType(name="boolean"):
                return BOOL
            case A.NamedType(name="bit"):
                return Bits(1)
            case A.NamedType():
                return INTEGER  # or an enumeration: known values only
        raise Trouble(t, f"{type(t).__name__} is not supported")

    @staticmethod
    def type_tree(t: Type | str, at: A.Node) -> A.Type:
        if isinstance(t, Bits):
            return A.BitsType(at.span, A.IntLit(at.span, t.width))
        return A.NamedType(at.span, "boolean" if t == BOOL else "integer")

    # ---- slices and concatenations -----------------------------------------

    def slice_range(self, p: A.Node) -> tuple[int, int] | None:
        """hi, lo; None for one bit whose number is not known."""
        match p:
            case A.BitRange(hi=h, lo=lo):
                return self.static(h), self.static(lo)
            case A.BitWidth(lo=lo, width=w):
                low = self.static(lo)
                return low + self.static(w) - 1, low
        v = self.expr(p)
        if isinstance(v, Int):
            return v.value, v.value
        return None

    def slice(self, e: A.Slice, v: Val, parts: tuple[A.SlicePart, ...]) -> Val:
        out = [self.slice_part(e, v, p) for p in parts]
        return out[0] if len(out) == 1 else self.concat(out, e)

    def slice_part(self, e: A.Slice, v: Val, p: A.SlicePart) -> Val:
        place = self.slice_range(p)
        if place is None:  # bit i is the lowest one of x >> i
            n = self.expr(p)
            shifted = A.Call(e.span, "LSR", (self.tree(v, e), self.tree(n, p)))
            zero = A.IntLit(e.span, 0)
            return self.dyn(A.Slice(e.span, shifted, (A.BitRange(e.span, zero, zero),)), Bits(1),
                            v, n)
        hi, lo = place
        if hi < lo:
            if hi == lo - 1:
                return Vec(0, 0)
            raise Trouble(e, f"slice <{hi}:{lo}> is empty")
        match v:
            case Int(value=n):
                return Vec(hi - lo + 1, n >> lo & (1 << hi - lo + 1) - 1)
            case FieldInt(of=b, signed=signed) if not signed or hi < b.width:
                v = extend(b, max(b.width, hi + 1), signed)
        width = type_of(v).width if isinstance(type_of(v), Bits) else hi + 1
        if lo < 0 or hi >= width:
            raise Trouble(e, f"slice <{hi}:{lo}> of {describe(v)}")
        match v:
            case Vec(value=n):
                return Vec(hi - lo + 1, n >> lo & (1 << hi - lo + 1) - 1)
            case FieldBits():
                return v.slice(hi, lo)
        if isinstance(type_of(v), Bits) and (hi, lo) == (width - 1, 0):
            return v
        part = A.BitRange(e.span, A.IntLit(e.span, hi), A.IntLit(e.span, lo))
        return self.dyn(A.Slice(e.span, self.tree(v, e), (part,)), Bits(hi - lo + 1), v)

    def concat(self, parts: list[Val], at: A.Node) -> Val:
        parts = [p for p in parts if not (isinstance(p, Vec) and p.width == 0)]
        if not parts:
            return Vec(0, 0)
        if all(isinstance(p, (Vec, FieldBits)) for p in parts):
            return concat(parts)
        width = sum(self.bits_width(p, at) for p in parts)
        if len(parts) == 1:
            return parts[0]
        return self.dyn(A.Concat(at.span, tuple(self.tree(p, at) for p in parts)), Bits(width),
                        *parts)

    # ---- operators ---------------------------------------------------------

    def unary(self, e: A.Unary, v: Val) -> Val:
        match e.op, v:
            case "-", Int(value=n):
                return Int(-n)
            case "!", Bool(value=b):
                return Bool(not b)
            case "NOT", Vec(width=w, value=n):
                return Vec(w, ~n & (1 << w) - 1)
            case "-", Vec(width=w, value=n):
                return Vec(w, -n & (1 << w) - 1)
        t = type_of(v)
        if t is None or (e.op == "!") != (t == BOOL):
            raise Trouble(e, f"'{e.op}' does not take {describe(v)}")
        return self.dyn(A.Unary(e.span, e.op, self.tree(v, e)), t, v)

    def next_register(self, e: A.Binary) -> Val | None:
        """(n + k) MOD 32 of a field."""
        match e:
            case A.Binary(left=A.Binary(op="+", left=n, right=k), right=A.IntLit(value=m)):
                a, b = self.expr(n), self.expr(k)
                if isinstance(a, FieldInt) and isinstance(b, Int) and m == 1 << a.of.width:
                    return NextRegister(a.of, b.value % m) if b.value % m else a
        return None

    def binary(self, e: A.Binary) -> Val:
        if e.op == "IN":
            return self.is_in(e)
        if e.op == "MOD" and (v := self.next_register(e)) is not None:
            return v
        a = self.expr(e.left)
        if e.op in ("&&", "||"):
            return self.logic(e, a)
        if e.op in ("==", "!=") and isinstance(e.right, A.MaskLit):
            v = self.matches(e, a, e.right)
            return v if e.op == "==" else self.unary(A.Unary(e.span, "!", e), v)
        b = self.expr(e.right)
        if e.op == ":":
            return self.concat([a, b], e)
        if e.op in _COMPARES:
            return self.compare(e, a, b)
        return self.arithmetic(e, a, b)

    def logic(self, e: A.Binary, a: Val) -> Val:
        """Short circuit: the right side may have no meaning where the left decides."""
        stop = e.op == "||"
        if isinstance(a, Bool) and a.value == stop:
            return a
        b = self.expr(e.right)
        if isinstance(a, Bool):
            return b
        if isinstance(b, Bool):
            return b if b.value == stop else a
        if type_of(a) != BOOL or type_of(b) != BOOL:
            raise Trouble(e, f"'{e.op}' takes booleans")
        return self.dyn(A.Binary(e.span, e.op, self.tree(a, e), self.tree(b, e)), BOOL, a, b)

    def compare(self, e: A.Binary, a: Val, b: Val) -> Val:
        match a, b:
            case (Int(value=x), Int(value=y)) | (Sym(name=x), Sym(name=y)) \
                    | (Bool(value=x), Bool(value=y)):
                return Bool(_REL[e.op](x, y))
            case Vec(width=v, value=x), Vec(width=w, value=y):
                if v != w:
                    raise Trouble(e, f"bits({v}) and bits({w}) are compared")
                return Bool(_REL[e.op](x, y))
            case Dyn(type=t), Bool(value=x) if t == BOOL and e.op in ("==", "!="):
                same = x == (e.op == "==")
                return a if same else self.unary(A.Unary(e.span, "!", e), a)
        ta, tb = type_of(a), type_of(b)
        if ta is None or ta != tb:
            raise Trouble(e, f"{describe(a)} and {describe(b)} are compared")
        if isinstance(ta, Bits) and isinstance(a, (Vec, FieldBits)) \
                and isinstance(b, (Vec, FieldBits)):
            for x, y in zip(sources(a), sources(b)):
                if x.is_const and y.is_const and x.const != y.const:
                    return Bool(e.op == "!=")
        return self.dyn(A.Binary(e.span, e.op, self.tree(a, e), self.tree(b, e)), BOOL, a, b)

    def arithmetic(self, e: A.Binary, a: Val, b: Val) -> Val:
        match a, b:
            case Int(value=x), Int(value=y) if e.op in _INT:
                _check_size(e, x, y)
                return Int(_INT[e.op](x, y))
            case (Vec(width=w, value=x), Vec(width=v, value=y)) if v == w and e.op in _BITS:
                return Vec(w, _BITS[e.op](x, y) & (1 << w) - 1)
            case (Vec(width=w, value=x), Int(value=y)) if e.op in _BITS:
                return Vec(w, _BITS[e.op](x, y) & (1 << w) - 1)
            case (FieldInt(of=f, signed=s), Int(value=y)) if e.op in ("*", "<<"):
                n = y if e.op == "<<" else y.bit_length() - 1
                if e.op == "<<" or y > 0 and y & (y - 1) == 0:
                    return FieldInt(concat([f, Vec(n, 0)]), s)
            case (_, Vec(width=w, value=0)) if e.op in ("+", "-", "OR", "EOR") \
                    and type_of(a) == Bits(w):
                return a
            case (FieldBits(), Vec()) | (Vec(), FieldBits()) if e.op == "AND":
                mask, bits = (a, b) if isinstance(a, Vec) else (b, a)
                kept = [x if mask.value >> k & 1 else None
                        for k, x in zip(reversed(range(mask.width)), bits.single())]
                return concat([FieldBits((x,)) if x and not x.is_const
                               else Vec(1, x.const if x else 0) for x in kept])
        ta, tb = type_of(a), type_of(b)
        if ta is None or tb is None:
            raise Trouble(e, f"'{e.op}' does not take {describe(a)} and {describe(b)}")
        return self.dyn(A.Binary(e.span, e.op, self.tree(a, e), self.tree(b, e)), ta, a, b)

    def matches(self, e: A.Node, v: Val, mask: A.MaskLit) -> Val:
        """v == '1xx'."""
        text = mask.bits
        if self.bits_width(v, e) != len(text):
            raise Trouble(mask, f"{describe(v)} beside a pattern of {len(text)} bits")
        care = int("".join("0" if c == "x" else "1" for c in text), 2)
        want = int(text.replace("x", "0"), 2)
        if isinstance(v, Vec):
            return Bool(v.value & care == want)
        both = A.Binary(e.span, "AND", self.tree(v, e), self.tree(Vec(len(text), care), e))
        return self.dyn(A.Binary(e.span, "==", both, self.tree(Vec(len(text), want), e)), BOOL, v)

    def is_in(self, e: A.Binary) -> Val:
        if not isinstance(e.right, A.SetExpr):
            raise Trouble(e.right, "IN takes a set")
        v = self.expr(e.left)
        out: Val = Bool(False)
        for item in e.right.items:
            hit = self.pattern(v, item)
            if isinstance(hit, Bool) and hit.value:
                return hit
            if not isinstance(hit, Bool):
                out = hit if isinstance(out, Bool) else \
                    self.dyn(A.Binary(e.span, "||", self.tree(out, e), self.tree(hit, e)), BOOL,
                             out, hit)
        return out

    def pattern(self, v: Val, p: A.Expr) -> Val:
        """Does a pattern of `when` or a set apply?"""
        match p:
            case A.MaskLit():
                return self.matches(p, v, p)
            case A.Hole():
                return Bool(True)
            case A.Range(lo=lo, hi=hi):
                low = self.compare(A.Binary(p.span, ">=", p, p), v, self.expr(lo))
                high = self.compare(A.Binary(p.span, "<=", p, p), v, self.expr(hi))
                if isinstance(low, Bool):
                    return high if low.value else low
                return self.dyn(A.Binary(p.span, "&&", self.tree(low, p), self.tree(high, p)),
                                BOOL, low, high)
            case A.Tuple(items=items) if isinstance(v, Many) and len(items) == len(v.items):
                for x, q in zip(v.items, items):
                    hit = self.settle(self.pattern(x, q), q)
                    if not isinstance(hit, Bool):
                        raise Trouble(q, "a pattern of several values needs known ones")
                    if not hit.value:
                        return hit
                return Bool(True)
            case A.SetExpr(items=items):
                return self.is_in(A.Binary(p.span, "IN", p, p))
        return self.compare(A.Binary(p.span, "==", p, p), v, self.expr(p))

    def if_expr(self, e: A.IfExpr, arms: tuple[A.IfArm, ...]) -> Val:
        cond = self.settle(self.expr(arms[0].cond), arms[0].cond)
        rest = (lambda: self.if_expr(e, arms[1:])) if len(arms) > 1 \
            else (lambda: self.expr(e.otherwise))
        if isinstance(cond, Bool):
            return self.expr(arms[0].value) if cond.value else rest()
        before = self.effects
        a, b = self.expr(arms[0].value), rest()
        if self.effects != before:
            raise Trouble(e, "memory, IEEE operations and hooks under a condition: use a statement")
        return self.choose(e, cond, a, b)

    def choose(self, e: A.Node, cond: Val, a: Val, b: Val) -> Val:
        if a == b and known(a):
            return a
        if isinstance(a, Many) and isinstance(b, Many) and len(a.items) == len(b.items):
            return Many(tuple(self.choose(e, cond, x, y) for x, y in zip(a.items, b.items)))
        t = type_of(a)
        if t is None or t != type_of(b):
            raise Trouble(e, f"if gives {describe(a)} or {describe(b)}")
        arm = A.IfArm(e.span, self.tree(cond, e), self.tree(a, e))
        return self.dyn(A.IfExpr(e.span, (arm,), self.tree(b, e)), t, cond, a, b)
