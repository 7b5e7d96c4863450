# SPDX-License-Identifier: MIT
"""Vectors in bodies: elements, loops, vector locals, the short form `lane`.

    Elem[x, e, esize]            element e of a vector operand or local
    Elem[vd + 1, e, esize]       ... of the operand's next register
    Elem[za[k], e, esize]        ... of register k of vector class za
    for e = 0 to n - 1 do ...    a loop over lanes, or any other counted loop
    bits(256) t;                 a local of more than 128 bits is a vector, as
                                 is one that Elem is used on
    t = u;  t = Zeros(256);      whole vectors
    Q[vd] = t;  t = Q[vn];       through a register view, whose write policy holds
    lane vd = vs2 + vs1;         once for each lane: operands are their elements
    lane h: Vd = Vu + Vv;        ... of a named type

A `lane` line of isa.tbl names the types. What else a short form brings (mask,
count, element width) is the business of the ISA's rules: front.lane_rules.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator

from aslparser import ast as A

from gen.front.intval import IntVal, Value, to_bits
from gen.front.lane_rules import RULES, LaneRules
from gen.front.primitives import Primitives
from gen.front.scope import Local
from gen.model.encoding import Operand
from gen.model.isa import Above, View
from gen.model.lanes import (ELEMENT_WIDTHS, Elem, Lanes, SetElem, TryLoad, Vec, VecCopy,
                             VecLocal, VecOp, VecState, VecVar, ZeroAbove)
from gen.model.sem import (BOOL, MAX_WIDTH, Binary, Bits, Const, Expr, Ext, Op, Select, StateRead,
                           Stmt, Var)

INDEX = Bits(64)
MAX_VECTOR = 16384


@dataclass(frozen=True, slots=True)
class Vector:
    """Type of a local that is a vector. bits: its constant or greatest size."""

    bits: int


@dataclass(slots=True)
class LaneContext:
    """Inside `lane`: what operands mean."""

    var: str
    width: int


def number(v: int) -> Const:
    return Const(INDEX, v)


def names_in(x: object) -> Iterator[A.Index]:
    """Every Elem[...] of a syntax tree."""
    for y in A.walk(x):
        if isinstance(y, A.Index) and isinstance(y.base, A.Name) and y.base.name == "Elem":
            yield y


def lane_names(body: tuple[A.Stmt, ...]) -> frozenset[str]:
    """All names of a body, and "lane" where it has the short form."""
    nodes = list(A.walk(body))
    return frozenset({x.name for x in nodes if isinstance(x, A.Name)}
                     | {"lane" for x in nodes if isinstance(x, A.Lane)})


class Vectors(Primitives):
    """Expressions and statements on vectors."""

    lane: LaneContext | None = None
    consts: dict[str, int]  # names that the rules give a constant meaning here
    indexed: frozenset[str]  # locals that are used with Elem
    rules: LaneRules | None = None

    def look(self, body: tuple[A.Stmt, ...]) -> None:
        """What has to be known before the first statement."""
        self.consts = {}
        self.indexed = frozenset(i.args[0].name for i in names_in(body)
                                 if i.args and isinstance(i.args[0], A.Name))
        lanes = self.isa.lanes
        vector = any(self.is_vector(o) for o in self.insn.operands)
        self.rules = RULES[lanes.rules](self.insn, self.isa) if lanes and vector else None

    def is_vector(self, o: Operand) -> bool:
        cls = self.isa.classes.get(o.regclass)
        return cls is not None and cls.vector

    # ---- which vector ------------------------------------------------------

    def vector(self, e: A.Expr, access: str) -> tuple[Vec, int]:
        """The vector that an expression names, and how many bits it has at most."""
        match e:
            case A.Name(name=n) if (local := self.find(n)) and isinstance(local.type, Vector):
                local.used = local.used or access == "r"
                return VecVar(local.name), local.type.bits
            case A.Name(name=n) if n in self.operands and self.is_vector(self.operands[n]):
                self.accessed(e, n, access)
                cls = self.regclass(e, n)
                return VecOp(n), cls.width * cls.group
            case A.Binary(op="+", left=A.Name(name=n), right=k) \
                    if n in self.operands and self.is_vector(self.operands[n]):
                self.accessed(e, n, access)
                plus = to_bits(self.integer(k), 64)
                if self.rules is not None:
                    plus = self.rules.registers(n, plus)
                cls = self.regclass(e.left, n)
                return VecOp(n, plus), cls.width * cls.group
            case A.Index(base=A.Name(name=n), args=(k,)) \
                    if (cls := self.isa.classes.get(n)) and cls.vector and not cls.stride:
                return VecState(cls.state, self.index_of(k, cls.count)), cls.width
        raise self.fail(e, "expected a vector operand or a vector variable")

    def vector_view(self, e: A.Expr, access: str) -> tuple[View, VecOp] | None:
        match e:
            case A.Index(base=A.Name(name=name), args=(A.Name(name=op),)) \
                    if (v := self.view(name)) and self.isa.classes[v.regclass].vector:
                self.view_operand(e, v, op, access)
                return v, VecOp(op)
            case A.Index(base=A.Name(name=name),
                         args=(A.Binary(op="+", left=A.Name(name=op), right=k),)) \
                    if (v := self.view(name)) and self.isa.classes[v.regclass].vector:
                self.view_operand(e, v, op, access)
                return v, VecOp(op, to_bits(self.integer(k), 64))
        return None

    def whole(self, e: A.Expr) -> tuple[Vec, int] | None:
        """The vector that a right side is as a whole, None: it is a value."""
        match e:
            case A.Name(name=n) if (local := self.find(n)) and isinstance(local.type, Vector):
                self.read_local(e, local)
                return VecVar(local.name), local.type.bits
            case A.Name(name=n) if n in self.operands and self.is_vector(self.operands[n]) \
                    and self.lane is None:
                self.accessed(e, n, "r")
                return VecOp(n), self.regclass(e, n).width
        found = self.vector_view(e, "r")
        return (found[1], found[0].width) if found else None

    # ---- elements ----------------------------------------------------------

    def elem_args(self, e: A.Index, access: str) -> tuple[Vec, Expr, Bits]:
        if len(e.args) != 3:
            raise self.fail(e, "Elem takes a vector, an index and a width")
        v, most = self.vector(e.args[0], access)
        width = self.static(e.args[2])
        if width not in ELEMENT_WIDTHS:
            raise self.fail(e.args[2], f"elements of {width} bits: expected one of "
                                       f"{', '.join(map(str, ELEMENT_WIDTHS))}")
        return v, self.index_of(e.args[1], most // width), Bits(width)

    def index_of(self, e: A.Expr, count: int) -> Expr:
        """An index that stays inside, whatever the guest does."""
        v = self.integer(e)
        if v.is_const and not 0 <= v.lo < count:
            raise self.fail(e, f"element {v.lo} of {count}")
        x = to_bits(v, 64)
        if 0 <= v.lo and v.hi < count:
            return x
        return Binary(INDEX, Op.AND, x, number((1 << count.bit_length() - 1) - 1))

    def index(self, e: A.Index) -> Expr:
        if isinstance(e.base, A.Name) and e.base.name == "Elem":
            v, x, t = self.elem_args(e, "r")
            if isinstance(v, VecVar):
                self.read_local(e.args[0], self.find(e.args[0].name))
            return Elem(t, v, x)
        if isinstance(e.base, A.Name) and e.base.name == "MemTry":
            return self.try_memory(e)
        if self.lane is not None and len(e.args) == 1 and isinstance(e.base, A.Name) \
                and e.base.name in self.operands:
            v, most = self.vector(e.base, "r")
            width = self.lane_width(e.base.name)
            return Elem(Bits(width), v, self.index_of(e.args[0], most // width))
        if found := self.vector_view(e, "r"):
            view, v = found
            if view.width > MAX_WIDTH:
                raise self.fail(e, f"{view.width} bits are no value: use Elem, or assign it to "
                                   "a vector")
            return Elem(Bits(view.width), v, number(0))
        return super().index(e)

    def try_memory(self, e: A.Index) -> Expr:
        """MemTry[address, size]: ok:data, a bit more than Mem; data is 0 where the
        access cannot be made."""
        addr, acc = self.mem_args(e, e.args)
        name, ok = self.temp(), self.temp()
        self.out.append(TryLoad(name, ok, addr, acc))
        t = Bits(8 * acc.size + 1)
        high = Const(t, 1 << 8 * acc.size)
        data = Ext(t, False, Var(Bits(8 * acc.size), name))
        return Binary(t, Op.OR, data, Select(t, Var(BOOL, ok), high, Const(t, 0)))

    def name(self, e: A.Name) -> Value:
        local = self.find(e.name)
        if local is not None and isinstance(local.type, Vector):
            self.read_local(e, local)
            if local.type.bits not in ELEMENT_WIDTHS:
                raise self.fail(e, f"'{e.name}' is a vector of {local.type.bits} bits and no "
                                   "value: use Elem")
            return Elem(Bits(local.type.bits), VecVar(local.name), number(0))
        if local is None and e.name in self.consts:
            return IntVal.const(self.consts[e.name])
        if local is None and e.name in self.operands and self.is_vector(self.operands[e.name]):
            self.accessed(e, e.name, "r")
            if self.lane is None:
                raise self.fail(e, f"'{e.name}' is a vector and no value: use Elem or a view")
            return Elem(Bits(self.lane_width(e.name)), VecOp(e.name), Var(INDEX, self.lane.var))
        return super().name(e)

    def operand(self, e: A.Name) -> Value:
        v = super().operand(e)
        if self.lane is not None and self.rules is not None:
            return self.rules.scalar(self.operands[e.name], v, self.lane.width) or v
        return v

    def lane_width(self, name: str) -> int:
        """Bits of an operand's element in the lane form."""
        if self.rules is None:
            return self.lane.width
        return self.rules.width(self.operands[name], self.lane.width)

    # ---- statements --------------------------------------------------------

    def vector_size(self, s: A.VarDecl) -> int | None:
        """Bits of the vectors that it declares, None: values."""
        if not isinstance(s.type, A.BitsType):
            return None
        v = self.integer(s.type.width)
        if v.is_const and v.lo <= MAX_WIDTH and not any(n.name in self.indexed for n in s.names):
            return None
        if v.lo < 1 or v.hi > MAX_VECTOR:
            raise self.fail(s.type, f"a vector of {v.lo} to {v.hi} bits: expected 8 to "
                                    f"{MAX_VECTOR}")
        return v.hi

    def declare_vector(self, n: A.Name, bits: int, value: A.Expr | None) -> None:
        if bits % 8:
            raise self.fail(n, f"a vector of {bits} bits: expected whole bytes")
        name = f"l_{n.name}"
        self.out.append(VecLocal(name, bits // 8))
        self.scopes[-1][n.name] = Local(name, Const(Bits(1), 0), Vector(bits), True, n)
        self.assigned.add(name)
        if value is not None:
            self.assign_vector(n, VecVar(name), bits, value, None)

    def assign_vector(self, at: A.Expr, to: Vec, bits: int, value: A.Expr,
                      view: View | None) -> None:
        """A whole vector of `bits` bits; view: with its write policy."""
        source = self.whole(value)
        match value:
            case A.Call(func="Zeros") if source is None:
                n = self.static(self.args(value, 1)[0])
                if n != bits:
                    raise self.fail(value, f"expected bits({bits}), found bits({n})")
                self.out.append(ZeroAbove(to, number(0), number(bits // 8)))
            case _ if source is not None:
                if source[1] != bits:
                    raise self.fail(value, f"expected bits({bits}), found bits({source[1]})")
                self.out.append(VecCopy(to, source[0], number(bits // 8)))
            case _:
                if bits not in ELEMENT_WIDTHS:
                    raise self.fail(value, f"expected a vector of {bits} bits")
                self.out.append(SetElem(to, number(0), self.typed(value, Bits(bits))))
        if view is not None and view.above is Above.ZERO:
            cls = self.isa.classes[view.regclass]
            if view.width < cls.width:
                end = self.coerce_index(cls.used) if cls.used else number(cls.width // 8)
                self.out.append(ZeroAbove(to, number(bits // 8), end))

    def coerce_index(self, scalar: str) -> Expr:
        """A scalar of the state as an index."""
        s = self.isa.scalars[scalar]
        return to_bits(IntVal.within(StateRead(Bits(s.width), scalar), False, 0, s.most), 64)

    def assign_lanes(self, target: A.Expr, value: A.Expr) -> bool:
        """An assignment to a vector or an element of one; False: it is none."""
        match target:
            case A.Index(base=A.Name(name="Elem")):
                v = self.expr(value)
                to, x, t = self.elem_args(target, "w")
                self.out.append(SetElem(to, x, self.coerce(v, t, value)))
                return True
            case A.Name(name=n) if (local := self.find(n)) and isinstance(local.type, Vector):
                self.assign_vector(target, VecVar(local.name), local.type.bits, value, None)
                return True
            case A.Name(name=n) if n in self.operands and self.is_vector(self.operands[n]):
                self.accessed(target, n, "w")
                self.assign_vector(target, VecOp(n), self.regclass(target, n).width, value, None)
                return True
        if found := self.vector_view(target, "w"):
            view, v = found
            self.assign_vector(target, v, view.width, value, view)
            return True
        return False

    def nested(self, body: tuple[A.Stmt, ...]) -> tuple[tuple[Stmt, ...], set[str] | None]:
        raise NotImplementedError  # check.BodyChecker

    def loop(self, s: A.For) -> None:
        """for var = first to last do: first and last do not change in it."""
        if s.down:
            raise self.fail(s, "'downto' is not supported: count up")
        first, last = self.integer(s.first), self.integer(s.last)
        fail = lambda m: self.fail(s, m)  # noqa: E731
        if first.lo < 0 or last.lo < -1:
            raise fail(f"the loop may run from {first.lo} to {last.lo}: expected no negative "
                       "numbers")
        if s.var.name in self.operands or self.find(s.var.name):
            raise self.fail(s.var, f"'{s.var.name}' is already declared")
        name = f"l_{s.var.name}"
        e = IntVal.within(Var(INDEX, name), False, first.lo, max(last.hi, first.lo))
        self.scopes.append({s.var.name: Local(name, e, "integer", False, s.var, used=True)})
        self.assigned.add(name)
        body, after = self.nested(s.body)
        self.scopes.pop()
        self.assigned.discard(name)
        if after is None:
            raise fail("the loop always faults: no loop is needed")
        self.add_loop(Lanes(name, plus_one(last), body,
                            None if first.is_const and first.lo == 0 else to_bits(first, 64)))

    def add_loop(self, s: Lanes) -> None:
        self.out.append(self.rules.loop(s) if self.rules is not None else s)

    def lane_stmt(self, s: A.Lane) -> None:
        """The short form."""
        width, count = self.lane_type(s)  # of the form, and lanes
        var = "l_lane"
        self.lane = LaneContext(var, width)
        saved, self.out = self.out, []
        try:
            v = self.expr(s.value)
            if not isinstance(s.target, A.Name):
                raise self.fail(s.target, "expected a vector operand")
            to, _ = self.vector(s.target, "w")
            t = Bits(self.lane_width(s.target.name))
            self.out.append(SetElem(to, Var(INDEX, var), self.coerce(v, t, s.value)))
            body = tuple(self.out)
        finally:
            self.out, self.lane = saved, None
        loop = Lanes(var, count, body)
        self.out.append(self.rules.short(loop) if self.rules is not None else loop)

    def lane_type(self, s: A.Lane) -> tuple[int, Expr]:
        """Width of the lane's elements and number of lanes."""
        if self.rules is not None and s.type is None:
            return self.rules.element(self.consts), number(0)
        match s.type:
            case A.NamedType(name=n) if n in self.isa.lane_types:
                width, o = self.isa.lane_types[n], self.operands.get(s.target.name) \
                    if isinstance(s.target, A.Name) else None
                if o is None or not self.is_vector(o):
                    raise self.fail(s.target, "expected a vector operand")
                return width, number(self.isa.classes[o.regclass].width // width)
        raise self.fail(s, "expected a lane type of this ISA's table: "
                           f"{', '.join(self.isa.lane_types) or 'there are none'}")

    def active(self, c: A.Call) -> Expr:
        """Active(e): is the lane's mask bit set?"""
        (x,) = self.args(c, 1)
        if self.rules is None:
            raise self.fail(c, "this ISA has no rule for masks (a lanes line)")
        return self.rules.active(to_bits(self.integer(x), 64))


def plus_one(v: IntVal) -> Expr:
    """The exclusive end of a loop; n - 1 is common."""
    if v.is_const:
        return number(v.lo + 1)
    match v.expr:
        case Binary(op=Op.SUB, a=a, b=Const(value=1), type=Bits(width=64)):
            return a
    return Binary(INDEX, Op.ADD, to_bits(v, 64), number(1))
