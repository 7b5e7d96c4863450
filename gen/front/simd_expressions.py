# SPDX-License-Identifier: MIT
"""Expressions of lane bodies, for one encoding."""
from __future__ import annotations

from typing import NamedTuple

from gen.front import intel_nodes as n
from gen.front.intel_eval import ELEMS, WIDTHS
from gen.front.intel_values import Elem as ElemType
from gen.front.intval import IntVal, int_binary, int_compare, to_bits
from gen.front.simd_calls import call
from gen.front.simd_family import Family
from gen.front.simd_values import (ADDR, BIT, Arithmetic, Float, Fraction, Value, Word, bit, const,
                                   cut, is_one)
from gen.model.encoding import Insn, Span
from gen.model.isa import IsaInfo
from gen.model.lanes import Elem, Vec, VecOp, VecVar
from gen.model.prefixed import XOperand
from gen.model.sem import (BOOL, Binary, Bits, Const, Expr, Imm, Op, RegRead, Select, Slice, Unary,
                           Var)
from gen.support.errors import SpecError

VECTORS = ("vec", "mmx")  # register classes
_COMPARES = ("==", "!=", "<", "<=", ">", ">=")


class Slot(NamedTuple):
    """A variable."""

    name: str
    elem: ElemType


class LaneExpressions(Arithmetic):
    """expr() and what asks for a certain kind of value; x86_simd.SimdBody says what
    operands are."""

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
        vec = [o.width for o in insn.operands if o.regclass in VECTORS]
        vec += [o.mem.bits for o in insn.operands if o.mem is not None and o.mem.bits >= 128]
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
    def clear_above(self, o: XOperand) -> None: ...
    def exceptions(self) -> None: ...
    def write_gpr(self, o: XOperand, value: Expr) -> None: ...

    def call(self, e: n.Call) -> Value:
        return call(self, e)

    def fail(self, e: n.Expr | n.Stmt, message: str) -> SpecError:
        return SpecError(Span(e.span.file, e.span.line, e.span.col),
                         f"{self.insn.name}: {message}")

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
        if o.regclass in VECTORS or o.mem is not None:
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
        if e.name == "VL":
            return IntVal.const(self.length)
        if e.name == "NaN":
            return Word("NaN")
        o = self.bound.get(e.name)
        if o is None:
            raise self.fail(e, f"'{e.name}' is not declared")
        if o.mem is not None and o.mem.bits <= 64 and not o.mem.broadcast and not o.mem.index:
            return IntVal.of(Elem(Bits(o.mem.bits), self.vector(o), const(64, 0)), False)
        if o.regclass in VECTORS or o.mem is not None:
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
            case n.Index(base=n.Member(base=n.Name(name=name))) \
                    | n.Member(base=n.Name(name=name)) if name not in self.locals:
                raise self.fail(e, f"'{name}' is not declared")
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
