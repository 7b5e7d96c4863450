# SPDX-License-Identifier: MIT
"""Statements and expressions of lane bodies, for one encoding.

What bodies may say beside the operation language's own: KL, the number of lanes (1
where there is no loop); VL, the bits of the vectors;
.int8 .. .uint64 .fp16 .fp32 .fp64 elements of operands; k[j], bits of the mask;
x := v binds a name once, x[31:0] := v or x.fp32 := v declares a variable of that
type; ZF PF CF OF SF AF; MEM[index] of a gather; functions of simd_calls; #XM: what
IEEE operations raised so far traps here, where it is not masked, as at the end.
"""
from __future__ import annotations

from gen.front import intel_nodes as n
from gen.front.intel_values import Elem as ElemType
from gen.front.intval import IntVal, to_bits
from gen.front.simd_expressions import VECTORS, LaneExpressions, Slot
from gen.front.simd_values import ADDR, Float, Fraction, Value, Word, bit, const, cut
from gen.model.lanes import Elem, Lanes, SetElem, Vec, VecOp
from gen.model.prefixed import XOperand
from gen.model.sem import (Assign, Binary, Bits, Const, Expr, If, Let, Op, Raise, RegWrite, Select,
                           Stmt, Unary, Var)

FLAGS = ("ZF", "PF", "CF", "OF", "SF", "AF")
_RESULT = "l_mask"  # the local that collects a mask result
LEFT = "l_left"  # lanes that a gather has not done yet


class LaneBody(LaneExpressions):
    """Checks a body; x86_simd.SimdBody says what operands and policies mean."""

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
            case n.Fault(name="XM"):
                self.exceptions()
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
        if last < first:
            return
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
        on_fault = (RegWrite("mask", None, Var(ADDR, LEFT)),) if own and self.mask is not None \
            else ()
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
        o = next((o for o in self.insn.operands
                  if "w" in o.access and o.regclass in VECTORS), None)
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
            if self.family.own_mask:  # what a later lane's fault leaves is a whole result
                self.clear_above(o)
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


def mask_start() -> Let:
    return Let(_RESULT, const(64, 0), mutable=True)
