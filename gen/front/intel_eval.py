# SPDX-License-Identifier: MIT
"""Executes texts of Intel's operation language on concrete values.

    run = Run({"a": Variable(bits, 128, Elem("s", 8)), ...}, memory, ieee.sse())
    run.body(parse(text, file))
    run.vars["dst"].bits

Addresses count bits, as in the guide (MEM[p+31:p] are four bytes).
"""
from __future__ import annotations

import re
from dataclasses import dataclass, field

from gen.model import ieee

from . import intel_nodes as n
from .intel_values import (INTEGER_PREDICATES, PREDICATES, Elem, EvalError, Machine, Val, chosen,
                           exact, helper, integer, truth)

MAX_STEPS = 200_000
MAX_CALLS = 64
MAX_BITS = 1 << 12
WIDTHS = {"bit": 1, "byte": 8, "word": 16, "dword": 32, "qword": 64, "m128": 128, "m256": 256}
ELEMS = {"fp16": Elem("f", 16), "fp32": Elem("f", 32), "fp64": Elem("f", 64),
         "bf16": Elem("f", ieee.BF16)}
ELEMS |= {f"{u}int{w}": Elem("u" if u else "s", w) for u in ("", "u") for w in (8, 16, 32, 64)}
_WORDS = {"NaN", "INF", *PREDICATES, *(f"_MM_CMPINT_{p}" for p in INTEGER_PREDICATES)}
_ETYPE = re.compile(r"(FP|UI|SI|BF)(\d+)")


def elem_of(etype: str) -> Elem | None:
    """The elements that the guide's attribute etype names."""
    hit = _ETYPE.fullmatch(etype)
    if not hit:
        return None
    kind, width = hit.group(1), int(hit.group(2))
    return Elem("f", -width) if kind == "BF" else Elem({"FP": "f", "UI": "u", "SI": "s"}[kind],
                                                       width)


@dataclass
class Variable:
    bits: int = 0
    width: int | None = None  # None: of a local, as wide as it gets
    elem: Elem | None = None
    declared: bool = True  # elem stays what it is
    array: dict[int, Val] | None = None
    word: Val | None = None  # a name or fraction that it holds


@dataclass
class Memory:
    """bits from address `base` (of bits) on."""

    bits: int = 0
    size: int = 1 << 15
    base: int = 1 << 20
    touched: set[int] = field(default_factory=set)

    def at(self, hi: int, lo: int) -> int:
        if not self.base <= lo <= hi < self.base + self.size:
            raise EvalError("memory outside of what was given")
        return lo - self.base


class _Return(Exception):
    def __init__(self, value: Val | None) -> None:
        super().__init__()
        self.value = value


class _Break(Exception):
    pass


class Raised(EvalError):
    """#NAME was met."""


class Run:
    """One execution."""

    def __init__(self, variables: dict[str, Variable], memory: Memory, env: ieee.Env,
                 result: str = "dst") -> None:
        self.vars, self.memory, self.m = variables, memory, Machine(env)
        self.defines: dict[str, n.Define] = {}
        self.tables: dict[str, n.Table] = {}
        self.steps = self.calls = 0
        self.result = result

    # statements

    def run(self, body: tuple[n.Stmt, ...]) -> None:
        """A whole text; RETURN gives dst."""
        for s in body:  # functions may stand behind their use
            self.define(s)
        try:
            self.body(body)
        except _Return as r:
            if r.value is not None:
                dst = self.vars.setdefault(self.result, Variable(width=32))
                dst.bits = self.m.cut(r.value, dst.width or 32)
        except _Break:
            raise EvalError("BREAK outside of a loop") from None

    def define(self, s: n.Stmt) -> None:
        if isinstance(s, n.Define):
            self.defines[s.name] = s
        elif isinstance(s, n.Table):
            self.tables[s.name] = s
        elif isinstance(s, n.Enum):
            for name, value in s.members:
                self.vars[name] = Variable(value, 32)

    def body(self, body: tuple[n.Stmt, ...]) -> None:
        for s in body:
            self.stmt(s)

    def stmt(self, s: n.Stmt) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise EvalError("this takes too long")
        match s:
            case n.Assign(target=t, op=op, value=v):
                value = self.expr(v) if not op else self.binary(op, t, v)
                self.store(t, value)
            case n.For():
                self.loop(s)
            case n.If(arms=arms, other=other):
                for cond, block in arms:
                    if self.true(cond):
                        self.body(block)
                        return
                self.body(other)
            case n.Case(subject=subject, arms=arms):
                self.case(integer(self.expr(subject)), arms)
            case n.While(cond=cond, body=body):
                try:
                    while self.true(cond):
                        self.stmt_limit()
                        self.body(body)
                except _Break:
                    pass
            case n.Return(value=v):
                raise _Return(self.expr(v) if v is not None else None)
            case n.Break():
                raise _Break
            case n.Fault(name=name):
                raise Raised(name)
            case n.Do(call=c):
                self.expr(c)
            case n.Define() | n.Table() | n.Enum():
                self.define(s)
            case _:
                raise TypeError(s)

    def stmt_limit(self) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise EvalError("this takes too long")

    def loop(self, s: n.For) -> None:
        k, last = integer(self.expr(s.first)), integer(self.expr(s.last))
        step = -1 if s.down else 1
        var = self.vars.setdefault(s.var, Variable(declared=False))
        try:
            while k >= last if s.down else k <= last:
                self.stmt_limit()
                var.word, var.bits = exact(k), 0
                self.body(s.body)
                k = integer(self.expr(n.Name(s.var))) + step
        except _Break:
            pass

    def case(self, value: int, arms: tuple) -> None:
        chosen_block = None
        for labels, block in arms:
            if not labels:
                chosen_block = block if chosen_block is None else chosen_block
            elif any(integer(self.expr(x)) == value for x in labels):
                chosen_block = block
                break
        if chosen_block is not None:
            try:
                self.body(chosen_block)
            except _Break:
                pass

    # places

    def place(self, e: n.Expr) -> tuple[Variable | None, int, int | None, Elem | None]:
        """Variable (None: memory), lowest bit, width (None: all), elements."""
        match e:
            case n.Name(name="MEM"):
                return None, 0, None, None
            case n.Name(name=name):
                var = self.vars.get(name)
                if var is None:
                    var = self.vars[name] = Variable(declared=False)
                return var, 0, var.width, var.elem
            case n.Slice(base=base, hi=hi, lo=lo):
                var, at, _, elem = self.place(base)
                h, low = integer(self.expr(hi)), integer(self.expr(lo))
                if h < low or low < 0 and var is not None or h - low >= MAX_BITS:
                    raise EvalError(f"slice [{h}:{low}]")
                return var, at + low, h - low + 1, elem
            case n.Index(base=n.Member(base=base, name=view), index=i):
                return self.view(base, view, integer(self.expr(i)))
            case n.Index(base=base, index=i):
                var, at, _, elem = self.place(base)
                k = integer(self.expr(i))
                if k < 0:
                    raise EvalError(f"bit {k}")
                return var, at + k, 1, None
            case n.Member(base=base, name=view):
                return self.view(base, view, 0)
        raise EvalError("this has no place")

    def view(self, base: n.Expr, view: str, k: int) -> tuple[Variable | None, int, int, Elem]:
        elem = ELEMS.get(view)
        width = elem.bits if elem else WIDTHS.get(view)
        if width is None:
            raise EvalError(f"there is no view .{view}")
        if k < 0:
            raise EvalError(f"element {k}")
        var, at, _, own = self.place(base)
        keeps = own is not None and (own.kind != "f" and own.width == width or width > 64)
        return var, at + k * width, width, elem or (own if keeps else Elem("u", width))

    def load(self, e: n.Expr) -> Val:
        name = n.root(e)
        if isinstance(name, n.Name) and name.name in self.tables:
            return self.element(e)
        if isinstance(e, (n.Slice, n.Index)) and not self.is_place(e):
            return self.of_value(e)
        if isinstance(e, n.Index) and isinstance(e.base, n.Name):
            array = self.vars.get(e.base.name, Variable()).array
            if array is not None:
                k = integer(self.expr(e.index))
                if k not in array:
                    raise EvalError(f"{e.base.name}[{k}] is not set")
                return array[k]
        above = integer(self.expr(e.hi)) - integer(self.expr(e.lo)) if isinstance(e, n.Slice) else 0
        if above == -1:  # nothing, and not two bits in reverse order
            return exact(0)
        reverse = above < 0
        var, at, width, elem = self.place(n.Slice(e.base, e.lo, e.hi) if reverse else e)
        if var is None:
            if width is None:
                raise EvalError("MEM needs its width: MEM[hi:lo]")
            pos = self.memory.at(at + width - 1, at)
            return Val(self.memory.bits >> pos & ((1 << width) - 1), width, elem)
        if var.word is not None:
            v = var.word
            if isinstance(e, n.Name):
                return v
            if width is None:
                raise EvalError("the width is open")
            return Val(self.m.cut(v, at + width) >> at, width, elem)
        if width is None:
            if isinstance(name, n.Name) and var.bits == 0 and not var.declared \
                    and var.elem is None:
                raise EvalError(f"'{name.name}' is not set")
            width = max(var.bits.bit_length(), var.elem.bits if var.elem else 1)
            return Val(var.bits >> at, width, elem)
        bits = var.bits >> at & ((1 << width) - 1)
        if reverse:
            return Val(int(f"{bits:0{width}b}"[::-1], 2), width)
        return Val(bits, width, elem)

    def is_place(self, e: n.Expr) -> bool:
        """Is it taken from a name, and not from a computed value?"""
        return isinstance(n.root(e), n.Name)

    def element(self, e: n.Expr) -> Val:
        table = self.tables[n.root(e).name]
        if not isinstance(e, n.Index) or e.base != n.Name(table.name):
            raise EvalError(f"{table.name} is a table")
        k = integer(self.expr(e.index))
        if not 0 <= k < table.size:
            raise EvalError(f"{table.name} has no element {k}")
        return Val(table.values[k], {"BYTE": 8, "WORD": 16, "DWORD": 32}.get(table.type))

    def of_value(self, e: n.Slice | n.Index) -> Val:
        """Bits of a computed value: (a * b)[63:32]."""
        base = self.expr(e.base)
        if isinstance(e, n.Index):
            return Val(self.m.raw(base) >> integer(self.expr(e.index)) & 1, 1)
        hi, lo = integer(self.expr(e.hi)), integer(self.expr(e.lo))
        if not 0 <= lo <= hi < MAX_BITS:
            raise EvalError(f"slice [{hi}:{lo}]")
        return Val(self.m.raw(base) >> lo & ((1 << (hi - lo + 1)) - 1), hi - lo + 1)

    def store(self, e: n.Expr, x: Val) -> None:
        if isinstance(e, n.Index) and isinstance(e.base, n.Name) and e.base.name != "MEM":
            var = self.vars.setdefault(e.base.name, Variable(declared=False))
            wide = x.width is not None and x.width > 1
            if var.array is not None or wide and not var.declared:
                if var.array is None:
                    var.array = {}
                var.array[integer(self.expr(e.index))] = x
                return
        if isinstance(e, n.Slice) and integer(self.expr(e.hi)) == integer(self.expr(e.lo)) - 1:
            return  # nothing is above
        var, at, width, _ = self.place(e)
        if var is None:
            if width is None:
                raise EvalError("MEM needs its width: MEM[hi:lo]")
            pos = self.memory.at(at + width - 1, at)
            mask = ((1 << width) - 1) << pos
            self.memory.bits = self.memory.bits & ~mask | self.m.cut(x, width) << pos
            return
        if width is None:  # a local as a whole
            self.whole(var, x)
            return
        if var.word is not None:
            plain = not (var.word.real or var.word.word)
            var.bits = integer(var.word) & ((1 << MAX_BITS) - 1) if plain else 0
            var.word = None
        mask = ((1 << width) - 1) << at
        var.bits = var.bits & ~mask | self.m.cut(x, width) << at
        if not var.declared:
            if x.fmt:
                var.elem = x.elem
            elif x.width is not None and x.elem is not None:
                var.elem = Elem(x.elem.kind, width) if x.elem.kind != "f" else x.elem
            elif var.elem is None:
                negative = x.width is None and integer(x) < 0 if not x.real else False
                var.elem = Elem("s" if negative else "u", width)
            elif x.width is None and not x.real and integer(x) < 0 and var.elem.kind == "u":
                var.elem = Elem("s", width)

    def whole(self, var: Variable, x: Val) -> None:
        if x.width is None or x.word or x.real or x.truth:
            var.word = x
            return
        var.word, var.array = None, None
        var.bits = self.m.bits(x)
        var.elem = x.elem or Elem("u", x.width)
        if var.elem.bits != x.width:
            var.word = Val(var.bits, x.width, x.elem)

    # expressions

    def true(self, e: n.Expr) -> bool:
        return integer(self.expr(e)) != 0

    def expr(self, e: n.Expr) -> Val:
        match e:
            case n.Int(value=v):
                return exact(v)
            case n.Real(text=t):
                return Val(0, 64, real=t)
            case n.Str():
                raise EvalError("a string has no value")
            case n.Name(name=name):
                if name in self.vars:
                    return self.load(e)
                if name == "MAX":
                    return exact(511)
                if name in _WORDS:
                    return Val(0, 64, word=name)
                raise EvalError(f"'{name}' is not set")
            case n.Index() | n.Slice() | n.Member():
                return self.load(e)
            case n.Unary(op=op, a=a):
                return self.unary(op, self.expr(a))
            case n.Binary(op=op, a=a, b=b):
                return self.binary(op, a, b)
            case n.Cond(cond=c, a=a, b=b):
                return self.expr(a) if self.true(c) else self.expr(b)
            case n.Call(name=name, args=args):
                return self.call(name, args)
        raise TypeError(e)

    def unary(self, op: str, x: Val) -> Val:
        if op == "!":
            return truth(integer(x) == 0)
        if op == "~":
            return self.m.invert(x)
        return self.m.negate(x) if op == "-" else x

    def binary(self, op: str, a: n.Expr, b: n.Expr) -> Val:
        x = self.expr(a)
        if x.truth and (op in ("&", "&&") and not x.v or op in ("|", "||") and x.v):
            return x  # the rest is not looked at
        if op == "OP":
            return chosen(self.m, self.expr(n.Name("OP")).word, x, self.expr(b))
        y = self.expr(b)
        if op in ("&&", "||"):
            both = (integer(x) != 0, integer(y) != 0)
            return truth(all(both) if op == "&&" else any(both))
        if op in ("&", "|", "^"):
            return self.m.logic(op, x, y)
        if op in ("<<", ">>", "<<<", ">>>"):
            return self.m.shift(op, x, y)
        if op in ("==", "!=", "<", "<=", ">", ">="):
            return self.m.compare(op, x, y)
        return self.m.arith(op, x, y)

    def call(self, name: str, args: tuple[n.Expr, ...]) -> Val:
        define = self.defines.get(name)
        if define is not None:
            return self.defined(define, [self.expr(a) for a in args])
        f = helper(name)
        if f is None:
            raise EvalError(f"{name}() is not defined")
        values = [self.expr(a) for a in args]
        try:
            return f(self.m, values)
        except IndexError:
            raise EvalError(f"{name}() of {len(values)} arguments") from None

    def defined(self, d: n.Define, values: list[Val]) -> Val:
        names = d.names()
        if len(names) != len(values):
            raise EvalError(f"{d.name}() has {len(names)} parameters, not {len(values)}")
        if self.calls >= MAX_CALLS:
            raise EvalError(f"{d.name}() calls itself too often")
        saved, self.calls = self.vars, self.calls + 1
        self.vars = {k: v for k, v in saved.items() if v.word is not None and k not in names
                     or k in ("OP", "MXCSR")}
        for name, v in zip(names, values):
            if v.width is None or v.real or v.word:
                self.vars[name] = Variable(declared=False, word=v)
            else:
                self.vars[name] = Variable(self.m.bits(v), v.width, v.elem)
        try:
            self.body(d.body)
        except _Return as r:
            if r.value is None:
                raise EvalError(f"{d.name}() returns nothing") from None
            return r.value
        finally:
            self.vars, self.calls = saved, self.calls - 1
        raise EvalError(f"{d.name}() returns nothing")
