# SPDX-License-Identifier: MIT
"""Statements and expressions of lane bodies, for one encoding.

What bodies may say beside the operation language's own: KL, the number of lanes;
.int8 .. .uint64 .fp16 .fp32 .fp64 elements of operands; k[j], bits of the mask;
x := v binds a name once, x[31:0] := v or x.fp32 := v declares a variable of that
type; ZF PF CF OF SF AF; MEM[index] of a gather; functions of simd_calls.
"""
from __future__ import annotations

from typing import NamedTuple

from gen.front import intel_nodes as n
from gen.front.intel_eval import ELEMS, WIDTHS
from gen.front.intel_values import Elem as ElemType
from gen.front.intval import IntVal, int_binary, int_compare, to_bits
from gen.front.simd_family import Family
from gen.front.simd_values import (ADDR, BIT, Arithmetic, Float, Fraction, Value, Word, bit, const,
                                   cut, is_one)
from gen.model.encoding import Insn, Span
from gen.model.isa import IsaInfo
from gen.model.lanes import Elem, Lanes, SetElem, Vec, VecOp, VecVar
from gen.model.prefixed import XOperand
from gen.model.sem import (BOOL, Assign, Binary, Bits, Const, Expr, If, Imm, Let, Op, Raise,
                           RegRead, RegWrite, Select, Slice, Stmt, Unary, Var)
from gen.support.errors import SpecError

FLAGS = ("ZF", "PF", "CF", "OF", "SF", "AF")
_COMPARES = ("==", "!=", "<", "<=", ">", ">=")
_RESULT = "l_mask"  # the local that collects a mask result
LEFT = "l_left"  # lanes that a gather has not done yet


class Slot(NamedTuple):
    """A variable."""

    name: str
    elem: ElemType


class LaneBody(Arithmetic):
    """Checks a body; x86_simd.SimdBody says what operands and policies mean."""

    def __init__(self, insn: Insn, isa: IsaInfo, family: Family) -> None:
        super().__init__()
        self.insn, self.isa, self.family = insn, isa, family
        self.bound: dict[str, XOperand] = {}
        self.vectors: dict[str, Vec] = {}  # of memory operands
        self.suppressed: set[str] = set()  # memory operands read lane by lane
        self.locals: dict[str, Value | Slot] = {}
        self.defines: dict[str, n.Define] = {}
        self.loop: list[str] = []  # variables of the loops around
        self.loaded: dict[tuple[str, int], Expr] = {}
        self.mask_result: Expr | None = None
        self.touched: set[str] = set()  # destinations with lanes written outside of loops
        self.copies: dict[str, Vec] = {}  # of destinations, before the instruction
        vec = [o.width for o in insn.operands if o.regclass == "vec"]
        self.length = insn.encoding.vl or max(vec, default=128)
        self.lanes = 1 if family.scalar else self.length // family.elem.bits

    # of SimdBody
    mask: Expr | None
    zeroing: Expr | None
    dst: XOperand | None
    flags: dict[str, Expr]

    def lane_active(self, index: Expr) -> Expr: ...
    def lane_load(self, o: XOperand, index: Expr, width: int) -> Expr: ...
    def index_element(self, o: XOperand, i: IntVal, width: int) -> Expr: ...
    def gathered(self, index: IntVal, width: int, at: n.Expr) -> Expr: ...
    def write_gpr(self, o: XOperand, value: Expr) -> None: ...

    def call(self, e: n.Call) -> Value:
        from gen.front.simd_calls import call
        return call(self, e)

    def fail(self, e: n.Expr | n.Stmt, message: str) -> SpecError:
        return SpecError(Span(e.span.file, e.span.line, e.span.col),
                         f"{self.insn.name}: {message}")

    # ---- statements --------------------------------------------------------

    def block(self, body: tuple[n.Stmt, ...]) -> None:
        for s in body:
            self.stmt(s)

    def nested(self, body: tuple[n.Stmt, ...]) -> tuple[Stmt, ...]:
        """Statements of an inner block; its names end with it."""
        saved, self.out = self.out, []
        names, loaded = dict(self.locals), dict(self.loaded)
        try:
            self.block(body)
            return tuple(self.out)
        finally:
            self.out, self.locals, self.loaded = saved, names, loaded

    def stmt(self, s: n.Stmt) -> None:
        match s:
            case n.Assign(target=t, op=op, value=v):
                if op:
                    v = n.Binary(op, t, v, span=s.span)
                self.assign(t, v)
            case n.For():
                self.for_(s)
            case n.If(arms=arms, other=other):
                self.if_(arms, other)
            case n.Case():
                self.case(s)
            case n.Define(name=name):
                self.defines[name] = s
            case n.Fault(name=name) if name in self.isa.exceptions:
                self.out.append(Raise(name, const(64, 0)))
            case _:
                raise self.fail(s, f"a {type(s).__name__.lower()} statement has no meaning in a "
                                   "lane body")

    def if_(self, arms: tuple, other: tuple[n.Stmt, ...]) -> None:
        cond = self.condition(arms[0][0])
        rest = (lambda: self.if_(arms[1:], other)) if len(arms) > 1 else \
            (lambda: self.block(other))
        if isinstance(cond, Const):
            self.block(arms[0][1]) if cond.value else rest()
            return
        then = self.nested(arms[0][1])
        saved, self.out = self.out, []
        names = dict(self.locals)
        rest()
        otherwise, self.out, self.locals = tuple(self.out), saved, names
        self.out.append(If(cond, then, otherwise))

    def case(self, s: n.Case) -> None:
        arms = []
        other: tuple[n.Stmt, ...] = ()
        for labels, block in s.arms:
            if not labels:
                other = block
                continue
            test: n.Expr | None = None
            for x in labels:
                one = n.Binary("==", s.subject, x, span=x.span)
                test = one if test is None else n.Binary("||", test, one, span=x.span)
            arms.append((test, block))
        self.if_(tuple(arms), other)

    def for_(self, s: n.For) -> None:
        first, last = self.const(s.first), self.const(s.last)
        if s.down or first < 0 or last < first - 1:
            raise self.fail(s, "lanes go upwards from 0 or above")
        var = f"j_{s.var}"
        masked = not self.loop and self.mask is not None and not self.family.own_mask \
            and self.writes_lanes(s)
        names = dict(self.locals)
        self.locals[s.var] = IntVal(Var(ADDR, var), 64, first, max(first, last))
        self.loop.append(s.var)
        self.loaded = {}
        inactive: tuple[Stmt, ...] = ()
        if masked and self.zeroing is not None and self.result() is not None:
            w = self.family.elem.bits
            zero = SetElem(self.result(), Var(ADDR, var), const(w, 0))
            inactive = (If(self.zeroing, (zero,)),)
        body = self.nested(s.body)
        active = self.lane_active(Var(ADDR, var)) if masked else None
        self.loop.pop()
        self.locals = names
        start = None if first == 0 else const(64, first)
        own = self.family.own_mask
        on_fault = (RegWrite("mask", None, Var(ADDR, LEFT)),) if own else ()
        self.out.append(Lanes(var, const(64, last + 1), body, start, active, inactive,
                              progress=own, apart=own, on_fault=on_fault))

    def writes_lanes(self, s: n.For) -> bool:
        """Does the loop write lanes of the destination that its variable numbers?"""
        def own(t: n.Expr) -> bool:
            return isinstance(t, n.Index) and t.index == n.Name(s.var) \
                and self.is_result(n.root(t))

        def inside(body: tuple[n.Stmt, ...]) -> bool:
            return any(isinstance(x, n.Assign) and own(x.target)
                       or isinstance(x, n.If) and (any(inside(b) for _, b in x.arms)
                                                   or inside(x.other))
                       or isinstance(x, n.Case) and any(inside(b) for _, b in x.arms)
                       for x in body)
        return inside(s.body)

    def is_result(self, e: n.Expr) -> bool:
        o = self.bound.get(e.name) if isinstance(e, n.Name) else None
        return o is not None and "w" in o.access

    def result(self) -> Vec | None:
        """The vector that is written, if there is one."""
        o = next((o for o in self.insn.operands if "w" in o.access and o.regclass == "vec"), None)
        return VecOp(o.name) if o is not None else None

    # ---- assignments -------------------------------------------------------

    def assign(self, t: n.Expr, value: n.Expr) -> None:
        base = n.root(t)
        if not isinstance(base, n.Name):
            raise self.fail(t, "this cannot be assigned to")
        o = self.bound.get(base.name)
        if o is not None:
            if "w" not in o.access and not (self.family.own_mask and base.name == "k"):
                raise self.fail(t, f"'{base.name}' is not written by this instruction's encoding")
            self.assign_operand(o, t, value)
        elif base.name in FLAGS and t == base:
            self.flags[base.name] = self.bind(bit(self.condition(value)))
        else:
            self.assign_local(base.name, t, value)

    def assign_operand(self, o: XOperand, t: n.Expr, value: n.Expr) -> None:
        if o.name == "mask":
            self.clear_mask(o, t, value)
            return
        self.dst = o
        if o.regclass == "k":
            self.mask_bit(t, value)
            return
        if o.regclass.startswith("gpr"):
            elem = self.view(t.name, t) if isinstance(t, n.Member) else None
            if elem is None or elem.bits > o.width:
                raise self.fail(t, "a general register is written whole: dst.int32 := ...")
            v = self.expr(value)
            bits = self.stored(v, ElemType(elem.kind, elem.width), value)
            if elem.bits < o.width:
                bits = to_bits(IntVal.of(bits, elem.kind == "s"), o.width)
            self.write_gpr(o, bits)
            return
        match t:
            case n.Index(base=n.Member(name=name), index=i):
                elem = self.view(name, t)
                self.set_lane(o, elem, self.index(i, o, elem.bits), value)
            case n.Member(name=name):
                self.set_lane(o, self.view(name, t), const(64, 0), value)
            case n.Slice(base=n.Name(), hi=hi, lo=lo):
                self.copy(o, self.const(hi), self.const(lo), value)
            case _:
                raise self.fail(t, "expected dst.ELEMENT[index] or dst[hi:lo]")

    def set_lane(self, o: XOperand, elem: ElemType, at: Expr, value: n.Expr) -> None:
        """A lane outside of a loop is masked by itself."""
        alone = not self.loop and self.mask is not None and not self.family.own_mask
        if not alone:
            bits = self.stored(self.expr(value), elem, value)
            self.out.append(SetElem(self.vector(o), at, bits))
            self.touched.add(o.name)
            return
        saved, self.out = self.out, []
        bits = self.stored(self.expr(value), elem, value)
        self.out.append(SetElem(self.vector(o), at, bits))
        self.touched.add(o.name)
        then, self.out = tuple(self.out), saved
        zero: tuple[Stmt, ...] = ()
        if self.zeroing is not None:
            zero = (If(self.zeroing, (SetElem(self.vector(o), at, const(elem.bits, 0)),)),)
        self.out.append(If(self.lane_active(at), then, zero))

    def copy(self, o: XOperand, hi: int, lo: int, value: n.Expr) -> None:
        """dst[hi:lo] := a[hi:lo], or := 0, in the widest elements that fit."""
        zero = value == n.Int(0)
        source = None
        if not zero:
            if not isinstance(value, n.Slice) or not isinstance(value.base, n.Name) \
                    or value.base.name not in self.bound:
                raise self.fail(value, "expected bits of an operand, or 0")
            source = self.bound[value.base.name]
            if (self.const(value.hi), self.const(value.lo)) != (hi, lo):
                raise self.fail(value, "the same bits are copied, others need elements")
            if self.vector(source) == self.vector(o):
                return
        if not 0 <= lo <= hi < o.width:
            raise self.fail(value, f"bits {hi}:{lo} of {o.width}")
        while lo <= hi:
            w = next(w for w in (64, 32, 16, 8, 1) if lo % w == 0 and lo + w - 1 <= hi)
            at = const(64, lo // w)
            self.out.append(SetElem(self.vector(o), at, const(w, 0) if source is None
                                    else Elem(Bits(w), self.vector(source), at)))
            lo += w

    def mask_bit(self, t: n.Expr, value: n.Expr) -> None:
        """dst[j] := condition, of a mask."""
        if not isinstance(t, n.Index) or not isinstance(t.base, n.Name):
            raise self.fail(t, "a mask is written by its bits: dst[j] := ...")
        i = self.integer(t.index)
        cond = self.condition(value)
        one = Binary(ADDR, Op.SHL, const(64, 1), to_bits(i, 64))
        r = Var(ADDR, _RESULT)
        put: Stmt = Assign(_RESULT, Binary(ADDR, Op.OR, r, Select(ADDR, cond, one, const(64, 0))))
        if not self.loop and self.mask is not None:
            put = If(self.lane_active(to_bits(i, 64)), (put,))
        self.out.append(put)

    def clear_mask(self, o: XOperand, t: n.Expr, value: n.Expr) -> None:
        """k[j] := 0 behind a lane of a gather; k := 0 at the end."""
        if value != n.Int(0):
            raise self.fail(value, "the mask is only cleared")
        if t == n.Name("k"):
            self.out.append(RegWrite(o.name, None, const(64, 0)))
            return
        if not isinstance(t, n.Index) or not isinstance(t.base, n.Name):
            raise self.fail(t, "expected k[j]")
        one = Binary(ADDR, Op.SHL, const(64, 1), to_bits(self.integer(t.index), 64))
        self.out.append(Assign(LEFT, Binary(ADDR, Op.AND, Var(ADDR, LEFT),
                                            Unary(ADDR, Op.NOT, one))))

    def assign_local(self, name: str, t: n.Expr, value: n.Expr) -> None:
        elem = None
        if isinstance(t, n.Member):
            elem = self.view(t.name, t)
        elif isinstance(t, n.Slice):
            hi, lo = self.const(t.hi), self.const(t.lo)
            if lo or not 0 < hi < 128:
                raise self.fail(t, f"'{name}' is declared by {name}[hi:0] := ...")
            elem = ElemType("u", hi + 1)
        elif t != n.Name(name):
            raise self.fail(t, f"'{name}' is no operand")
        old = self.locals.get(name)
        v = self.expr(value)
        if elem is None and not isinstance(old, Slot):
            if old is not None:
                raise self.fail(t, f"'{name}' has a value already; a variable needs a width: "
                                   f"{name}[31:0] := ...")
            self.locals[name] = self.named(v)
            return
        if isinstance(old, Slot):
            if elem is not None and elem != old.elem:
                raise self.fail(t, f"'{name}' was declared otherwise")
            self.out.append(Assign(old.name, self.stored(v, old.elem, value)))
            return
        assert elem is not None
        slot = Slot(f"l_{name}_{self.temp()}", elem)
        self.out.append(Let(slot.name, self.stored(v, elem, value), mutable=True))
        self.locals[name] = slot

    def named(self, v: Value) -> Value:
        """The same value, computed here."""
        match v:
            case IntVal(origin=(x, s)):
                return IntVal.within(self.bind(x), s, v.lo, v.hi)
            case IntVal(expr=x) if x is not None:
                return IntVal(self.bind(x), v.width, v.lo, v.hi)
            case Float():
                return Float(self.bind(self.rounded(v)), v.fmt)
            case IntVal() | Fraction() | Word():
                return v
        return self.bind(v)

    def stored(self, v: Value, elem: ElemType, at: n.Expr) -> Expr:
        """Bits of an element that v is stored in."""
        fail = lambda m: self.fail(at, m)  # noqa: E731
        match v:
            case Float(fmt=f):
                if f != elem.bits:
                    raise fail(f"a float of {f} bits is stored in {elem.bits}")
                return self.rounded(v)
            case Fraction() if elem.kind == "f":
                return self.as_float(v, elem.width, fail)
            case IntVal():
                return cut(v, elem.bits)
            case Fraction() | Word():
                raise fail("this cannot be stored in an integer")
        return Select(Bits(elem.bits), v, const(elem.bits, 1), const(elem.bits, 0))

    # ---- expressions -------------------------------------------------------

    def const(self, e: n.Expr) -> int:
        v = self.expr(e)
        if not isinstance(v, IntVal) or not v.is_const:
            raise self.fail(e, "expected a number that the encoding decides")
        return v.lo

    def integer(self, e: n.Expr) -> IntVal:
        return self.as_int(self.expr(e), e)

    def as_int(self, v: Value, e: n.Expr) -> IntVal:
        match v:
            case IntVal():
                return v
            case Float() | Fraction() | Word():
                raise self.fail(e, "expected an integer, found a float")
        return IntVal.of(bit(v), False)

    def as_bits(self, v: IntVal, width: int, e: n.Expr) -> Expr:
        return cut(v, width)

    def condition(self, e: n.Expr) -> Expr:
        v = self.expr(e)
        match v:
            case IntVal() if v.is_const:
                return Const(BOOL, int(v.lo != 0))
            case IntVal(origin=(x, _)) if x.type == BIT:
                return is_one(x)
            case IntVal(expr=x):
                return Binary(BOOL, Op.NE, x, Const(x.type, 0))
            case Float() | Fraction() | Word():
                raise self.fail(e, "expected a condition, found a float")
        return v

    def view(self, name: str, at: n.Expr) -> ElemType:
        elem = ELEMS.get(name)
        if elem is None and name in WIDTHS and WIDTHS[name] <= 64:
            elem = ElemType("u", WIDTHS[name])
        if elem is None or elem.width < 0:
            raise self.fail(at, f"there are no elements .{name}")
        return elem

    def index(self, e: n.Expr, o: XOperand, width: int) -> Expr:
        """The number of an element, which the operand has."""
        v = self.integer(e)
        size = o.width if o.mem is None else o.mem.bits * max(o.mem.broadcast, 1)
        if v.lo < 0 or (v.hi + 1) * width > size:
            raise self.fail(e, f"elements {v.lo} .. {v.hi} of {width} bits, and the operand has "
                               f"{size // width}")
        return to_bits(v, 64)

    def vector(self, o: XOperand) -> Vec:
        return self.vectors.get(o.name) or VecOp(o.name)

    def wrap(self, x: Expr, elem: ElemType) -> Value:
        return Float(x, elem.width) if elem.kind == "f" else IntVal.of(x, elem.kind == "s")

    def element(self, o: XOperand, elem: ElemType, i: n.Expr, at: n.Expr) -> Value:
        if o.regclass == "vec" or o.mem is not None:
            if o.mem is not None and o.mem.index:
                return self.wrap(self.index_element(o, self.integer(i), elem.bits), elem)
            x = self.index(i, o, elem.bits)
            if o.name in self.suppressed:
                return self.wrap(self.lane(o, elem.bits, x, i), elem)
            own = i == n.Name(self.loop[0]) if self.loop else o.name not in self.touched
            vec = self.vector(o) if own or "w" not in o.access else self.before(o)
            return self.wrap(Elem(Bits(elem.bits), vec, x), elem)
        if o.regclass == "k" and elem.bits == 1:
            return self.mask_of(o, self.integer(i))
        if self.const(i) == 0 and elem.bits <= o.width:
            read = self.register(o)
            return self.wrap(Slice(Bits(elem.bits), 0, read) if elem.bits < o.width else read,
                             elem)
        raise self.fail(at, f"the operand has {o.width} bits")

    def before(self, o: XOperand) -> Vec:
        """A copy of a destination as it was, for reads of other lanes."""
        if o.name not in self.copies:
            self.copies[o.name] = VecVar(f"old_{o.name}")
        return self.copies[o.name]

    def lane(self, o: XOperand, width: int, x: Expr, i: n.Expr) -> Expr:
        """An element of memory that is read with its lane."""
        if not self.loop or i != n.Name(self.loop[0]):
            raise self.fail(i, "masked memory is read at the lane's own element only "
                               "(class 4NF reads all of it)")
        key = (o.name, width)
        if key not in self.loaded:
            self.loaded[key] = self.lane_load(o, x, width)
        return self.loaded[key]

    def mask_of(self, o: XOperand, i: IntVal) -> IntVal:
        read = self.mask if o.name == "mask" and self.mask is not None else RegRead(ADDR, o.name)
        if i.is_const:
            return IntVal.of(Slice(BIT, i.lo, read), False)
        return IntVal.of(Slice(BIT, 0, Binary(ADDR, Op.LSHR, read, to_bits(i, 64))), False)

    def register(self, o: XOperand) -> Expr:
        if not o.regclass:
            return Imm(Bits(o.width), o.name)
        view = None if o.width == self.isa.classes[o.regclass].width else f"R{o.width}"
        return RegRead(Bits(o.width), o.name, view)

    def name(self, e: n.Name) -> Value:
        local = self.locals.get(e.name)
        if isinstance(local, Slot):
            return self.wrap(Var(Bits(local.elem.bits), local.name), local.elem)
        if local is not None:
            return local
        if e.name == "KL":
            return IntVal.const(self.lanes)
        if e.name == "NaN":
            return Word("NaN")
        o = self.bound.get(e.name)
        if o is None:
            raise self.fail(e, f"'{e.name}' is not declared")
        if o.mem is not None and o.mem.bits <= 64 and not o.mem.broadcast and not o.mem.index:
            return IntVal.of(Elem(Bits(o.mem.bits), self.vector(o), const(64, 0)), False)
        if o.regclass == "vec" or o.mem is not None:
            raise self.fail(e, f"'{e.name}' is a vector: name its elements")
        return IntVal.of(self.register(o), False)

    def expr(self, e: n.Expr) -> Value:
        match e:
            case n.Int(value=v):
                return IntVal.const(v)
            case n.Real(text=t):
                return Fraction(t)
            case n.Name():
                return self.name(e)
            case n.Index(base=n.Member(base=n.Name(name=name), name=view), index=i) \
                    if name in self.bound:
                return self.element(self.bound[name], self.view(view, e), i, e)
            case n.Index(base=n.Name(name="MEM")):
                raise self.fail(e, "memory is read by elements: MEM.int32[index]")
            case n.Index(base=n.Member(base=n.Name(name="MEM"), name=view), index=i):
                elem = self.view(view, e)
                return self.wrap(self.gathered(self.integer(i), elem.bits, e), elem)
            case n.Index(base=n.Name(name=name), index=i) \
                    if name in self.bound and self.bound[name].regclass == "k":
                return self.mask_of(self.bound[name], self.integer(i))
            case n.Member(base=n.Name(name=name), name=view) if name in self.bound:
                return self.element(self.bound[name], self.view(view, e), n.Int(0), e)
            case n.Index(base=base, index=i):
                return self.slice(base, self.const(i), self.const(i), e)
            case n.Slice(base=base, hi=hi, lo=lo):
                return self.slice(base, self.const(hi), self.const(lo), e)
            case n.Unary(op=op, a=a):
                return self.unary(op, a, e)
            case n.Binary():
                return self.binary(e)
            case n.Cond(cond=c, a=a, b=b):
                return self.choose(c, a, b, e)
            case n.Call():
                return self.call(e)
        raise self.fail(e, "this has no meaning in a lane body")

    def slice(self, base: n.Expr, hi: int, lo: int, e: n.Expr) -> IntVal:
        v = self.expr(base)
        if isinstance(v, Float):
            x = self.rounded(v)
        else:
            v = self.as_int(v, base)
            x = v.origin[0] if v.origin is not None else to_bits(v, v.width)
        if not 0 <= lo <= hi < x.type.width:
            raise self.fail(e, f"bits {hi}:{lo} of {x.type.width}")
        return IntVal.of(Slice(Bits(hi - lo + 1), lo, x) if hi - lo + 1 < x.type.width else x,
                         False)

    def unary(self, op: str, a: n.Expr, e: n.Expr) -> Value:
        fail = lambda m: self.fail(e, m)  # noqa: E731
        v = self.expr(a)
        if op == "!":
            return Unary(BOOL, Op.LNOT, self.condition(a))
        if op == "-":
            if isinstance(v, Float) and v.product is not None:
                return Float(None, v.fmt, v.product, not v.negative)
            if isinstance(v, Float):
                return Float(self.flip(v.bits, v.fmt), v.fmt)
            return int_binary("-", IntVal.const(0), self.as_int(v, a), fail)
        if op == "~":
            if isinstance(v, IntVal) and v.origin is not None:
                x = v.origin[0]
                return IntVal.of(Unary(x.type, Op.NOT, x), False)
            if not isinstance(v, (IntVal, Float, Fraction, Word)):
                return Unary(BOOL, Op.LNOT, v)
            raise fail("NOT of what has no width")
        return v

    def binary(self, e: n.Binary) -> Value:
        fail = lambda m: self.fail(e, m)  # noqa: E731
        if e.op in ("&&", "||"):
            o = Op.LAND if e.op == "&&" else Op.LOR
            return Binary(BOOL, o, self.condition(e.a), self.condition(e.b))
        a, b = self.expr(e.a), self.expr(e.b)
        if any(isinstance(v, (Float, Fraction, Word)) for v in (a, b)):
            if not any(isinstance(v, Float) for v in (a, b)):
                raise fail("nothing here says which format this has")
            if e.op in _COMPARES:
                return self.float_compare(e.op, a, b, fail)
            return self.float_arith(e.op, a, b, fail)
        if not isinstance(a, IntVal) and not isinstance(b, IntVal) and e.op in "&|":
            return Binary(BOOL, Op.LAND if e.op == "&" else Op.LOR, a, b)
        x, y = self.as_int(a, e.a), self.as_int(b, e.b)
        if e.op in _COMPARES:
            return int_compare(e.op, x, y, fail)
        if e.op in ("&", "|", "^"):
            return self.int_logic(e.op, x, y, fail)
        if e.op in ("<<", ">>"):
            return self.int_shift(e.op, x, y, fail)
        if e.op in ("+", "-", "*"):
            return int_binary(e.op, x, y, fail)
        if e.op in ("/", "%") and x.is_const and y.is_const and y.lo > 0:
            return IntVal.const(x.lo // y.lo if e.op == "/" else x.lo % y.lo)
        raise fail(f"there is no '{e.op}' here")

    def choose(self, c: n.Expr, a: n.Expr, b: n.Expr, e: n.Expr) -> Value:
        cond = self.condition(c)
        if isinstance(cond, Const):
            return self.expr(a if cond.value else b)
        before = len(self.out)
        x, y = self.expr(a), self.expr(b)
        if len(self.out) != before:
            raise self.fail(e, "what may fault or raise flags stands in an IF, not behind '?'")
        if isinstance(x, Float) and isinstance(y, Float) and x.fmt == y.fmt:
            return Float(Select(Bits(x.fmt), cond, self.rounded(x), self.rounded(y)), x.fmt)
        x, y = self.as_int(x, a), self.as_int(y, b)
        w = max(x.width, y.width)
        return IntVal(Select(Bits(w), cond, to_bits(x, w), to_bits(y, w)), w, min(x.lo, y.lo),
                      max(x.hi, y.hi))


def mask_start() -> Let:
    return Let(_RESULT, const(64, 0), mutable=True)


__all__ = ["LaneBody", "VecVar", "mask_start"]
