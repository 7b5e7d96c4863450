# SPDX-License-Identifier: MIT
"""Expressions of bodies, typed: constant widths, exact integers with ranges.

Memory reads, IEEE operations and hooks become statements in the order of
evaluation, so they are refused where that order would depend on a value.
"""
from __future__ import annotations

from aslparser import ast as A

from gen.front.intval import (IntVal, Value, adapt, bounds, brief, choose, fits, int_binary,
                              int_compare, int_literal, show, to_bits)
from gen.front.scope import Scope, describe, is_bits, is_bool
from gen.model.sem import (BOOL, MAX_WIDTH, Access, Binary, Bits, Const, Expr, Ext, Imm, Load, Op,
                           RegRead, STATIC_STATE, Select, Slice, StateRead, Type, Unary, Unknown,
                           Var)

_BITOPS = {"AND": Op.AND, "OR": Op.OR, "EOR": Op.XOR,
           "+": Op.ADD, "-": Op.SUB, "*": Op.MUL}
_COMPARES = ("==", "!=", "<", "<=", ">", ">=")
MEM_SIZES = (1, 2, 4, 8, 16)


class Expressions(Scope):
    """expr() and what asks for a certain kind of value."""

    def call(self, c: A.Call) -> Value:
        raise NotImplementedError  # primitives.Primitives

    def shift(self, op: Op, x: Expr, amount: Value, node: A.Node) -> Expr:
        raise NotImplementedError

    # ---- kinds of values ---------------------------------------------------

    def static(self, e: A.Expr) -> int:
        v = self.expr(e)
        if isinstance(v, IntVal) and v.is_const:
            return v.lo
        raise self.fail(e, "expected a constant integer")

    def static_width(self, e: A.Expr) -> int:
        n = self.static(e)
        if not 1 <= n <= MAX_WIDTH:
            raise self.fail(e, f"a width of {brief(n)}: expected 1 to {MAX_WIDTH}")
        return n

    def boolean(self, e: A.Expr) -> Expr:
        v = self.expr(e)
        if not is_bool(v):
            raise self.fail(e, f"expected a boolean, found {describe(v)}")
        return v

    def bits(self, e: A.Expr) -> Expr:
        """Bits. The name of an immediate operand is an integer and these bits,
        whichever is asked for; no other integer is."""
        v = self.expr(e)
        if isinstance(v, IntVal) and isinstance(e, A.Name) and e.name in self.operands:
            return v.origin[0]
        if not is_bits(v):
            raise self.fail(e, f"expected bits, found {describe(v)}")
        return v

    def integer(self, e: A.Expr) -> IntVal:
        v = self.expr(e)
        if not isinstance(v, IntVal):
            raise self.fail(e, f"expected an integer, found {describe(v)} (UInt or SInt?)")
        return v

    def coerce(self, v: Value, typ: Type, where: A.Expr) -> Expr:
        """v as typ; integers become bits when their whole range fits."""
        if isinstance(v, IntVal):
            if isinstance(typ, Bits) and fits(v, typ.width):
                return to_bits(v, typ.width)
            raise self.fail(where, f"{show(v)} does not fit {typ}")
        if isinstance(v, Unknown) and v.type is None:
            return Unknown(typ)
        if v.type != typ:
            raise self.fail(where, f"expected {typ}, found {v.type}")
        return v

    def typed(self, e: A.Expr, typ: Type) -> Expr:
        return self.coerce(self.expr(e), typ, e)

    # ---- names -------------------------------------------------------------

    def name(self, e: A.Name) -> Value:
        local = self.find(e.name)
        if local is not None:
            return self.read_local(e, local)
        if e.name in self.operands:
            return self.operand(e)
        if e.name in STATIC_STATE:
            return StateRead(Bits(self.isa.bits), e.name)
        if scalar := self.isa.scalars.get(e.name):
            return StateRead(Bits(scalar.width), e.name)
        raise self.fail(e, f"'{e.name}' is not declared")

    def operand(self, e: A.Name) -> Value:
        op = self.operands[e.name]
        if op.regclass:
            cls = self.regclass(e, e.name)
            self.accessed(e, e.name, "r")
            return RegRead(Bits(cls.width), e.name)
        free = op.function or op.extends >= 0  # then it is any value of its width
        lo, hi = bounds(op.width if free else op.encoded, True) if op.signed else \
            (0, (1 << op.width) - 1 if free else op.value(-1))
        return IntVal.within(Imm(Bits(op.width), e.name), op.signed, lo, hi)

    # ---- forms -------------------------------------------------------------

    def expr(self, e: A.Expr) -> Value:
        match e:
            case A.IntLit(value=v):
                return int_literal(v, lambda m: self.fail(e, m))
            case A.BoolLit(value=v):
                return Const(BOOL, int(v))
            case A.BitsLit(bits=b):
                if not 1 <= len(b) <= MAX_WIDTH:
                    raise self.fail(e, f"a literal of {len(b)} bits: expected 1 to {MAX_WIDTH}")
                return Const(Bits(len(b)), int(b, 2))
            case A.Name():
                return self.name(e)
            case A.Slice():
                return self.slice(e)
            case A.Index():
                return self.index(e)
            case A.Unary():
                return self.unary(e)
            case A.Binary():
                return self.binary(e)
            case A.IfExpr():
                return self.if_expr(e, e.arms)
            case A.Concat(parts=p):
                return self.concat([self.bits(x) for x in p], e)
            case A.Call():
                return self.call(e)
            case A.Unknown(type=None) | A.Undefined():
                return Unknown(None)
            case A.Unknown(type=t):
                typ = self.type_of(t)
                if not isinstance(typ, (Bits, type(BOOL))):
                    raise self.fail(t, "an UNKNOWN integer has no range: bits(N) UNKNOWN")
                return Unknown(typ)
        raise self.fail(e, f"{type(e).__name__} is not supported in an expression")

    def type_of(self, t: A.Type) -> Type | str:
        raise NotImplementedError  # check.BodyChecker

    def concat(self, parts: list[Expr], node: A.Node) -> Expr:
        width = sum(p.type.width for p in parts)
        if width > MAX_WIDTH:
            raise self.fail(node, f"a concatenation of {width} bits is wider than {MAX_WIDTH}")
        typ, at, out = Bits(width), width, None
        for p in parts:
            at -= p.type.width
            if isinstance(p, Const) and p.value == 0:
                continue
            x: Expr = Ext(typ, False, p) if p.type.width < width else p
            if at:
                x = Binary(typ, Op.SHL, x, Const(typ, at))
            out = x if out is None else Binary(typ, Op.OR, out, x)
        return out if out is not None else Const(typ, 0)

    def slice(self, e: A.Slice) -> Expr:
        v = self.expr(e.base)
        if not isinstance(v, IntVal) and not is_bits(v):
            raise self.fail(e, f"expected bits or an integer before a slice, found {describe(v)}")
        parts = [self.slice_part(e, v, *self.slice_range(e, p)) for p in e.parts]
        return parts[0] if len(parts) == 1 else self.concat(parts, e)

    def slice_range(self, e: A.Slice, p: A.Node) -> tuple[int, int]:
        match p:
            case A.BitRange(hi=h, lo=lo):
                hi, low = self.static(h), self.static(lo)
            case A.BitWidth(lo=lo, width=w):
                low = self.static(lo)
                hi = low + self.static(w) - 1
            case _:
                hi = low = self.static(p)
        if hi < low:
            raise self.fail(e, f"slice <{brief(hi)}:{brief(low)}> is empty")
        if low < 0 or hi >= MAX_WIDTH:
            raise self.fail(e, f"slice <{brief(hi)}:{brief(low)}>: bits are 0 to {MAX_WIDTH - 1}")
        return hi, low

    def slice_part(self, e: A.Slice, v: Value, hi: int, lo: int) -> Expr:
        typ = Bits(hi - lo + 1)
        if isinstance(v, IntVal):
            x = to_bits(v, v.width if hi < v.width else MAX_WIDTH)
            return Slice(typ, lo, x) if typ != x.type else x
        if hi >= v.type.width:
            raise self.fail(e, f"slice <{hi}:{lo}> of {v.type}")
        return v if typ == v.type else Slice(typ, lo, v)

    def mem_args(self, node: A.Node, args: tuple[A.Expr, ...]) -> tuple[Expr, Access]:
        how = args[2:]
        if len(args) < 2 or not all(isinstance(h, A.Name) and h.name in self.isa.accesses
                                    for h in how):
            raise self.fail(node, "Mem takes an address, a size in bytes, and flags of the ISA's "
                                  "accesses")
        addr = self.typed(args[0], Bits(self.isa.bits))
        size = self.static(args[1])
        sizes = MEM_SIZES if self.isa.wide else MEM_SIZES[:-1]
        if size not in sizes:
            raise self.fail(args[1], f"a memory access of {brief(size)} bytes: expected "
                                     f"{', '.join(map(str, sizes[:-1]))} or {sizes[-1]}")
        return addr, Access(size, how=tuple(h.name for h in how))

    def index(self, e: A.Index) -> Expr:
        match e:
            case A.Index(base=A.Name(name="Mem"), args=args):
                addr, acc = self.mem_args(e, args)
                name = self.temp()
                self.out.append(Load(name, addr, acc))
                return Var(Bits(acc.size * 8), name)
            case A.Index(base=A.Name(name=view), args=(A.Name(name=op),)) if v := self.view(view):
                self.view_operand(e, v, op, "r")
                return RegRead(Bits(v.width), op, v.name)
        raise self.fail(e, "expected Mem[address, size] or a register view of an operand")

    def unary(self, e: A.Unary) -> Value:
        v = self.expr(e.operand)
        if e.op == "!":
            if not is_bool(v):
                raise self.fail(e, "'!' takes a boolean (NOT is for bits)")
            return Unary(BOOL, Op.LNOT, v)
        if isinstance(v, IntVal) and e.op == "-":
            return int_binary("-", IntVal.const(0), v, lambda m: self.fail(e, m))
        if not is_bits(v):
            raise self.fail(e, f"'{e.op}' takes bits, found {describe(v)}")
        return Unary(v.type, Op.NEG if e.op == "-" else Op.NOT, v)

    def binary(self, e: A.Binary) -> Value:
        if e.op == ":":
            return self.concat([self.bits(e.left), self.bits(e.right)], e)
        a = self.expr(e.left)
        before = len(self.out)
        b = self.expr(e.right)
        fail = lambda m: self.fail(e, m)  # noqa: E731
        if e.op in ("&&", "||"):
            if not is_bool(a) or not is_bool(b):
                raise fail(f"'{e.op}' takes booleans")
            if len(self.out) != before:
                raise fail("memory, IEEE operations and hooks are not allowed on the right of "
                           f"'{e.op}': use a statement")
            return Binary(BOOL, Op.LAND if e.op == "&&" else Op.LOR, a, b)
        if isinstance(a, IntVal) and isinstance(b, IntVal):
            if e.op in _COMPARES:
                return int_compare(e.op, a, b, fail)
            return int_binary(e.op, a, b, fail)
        if e.op in ("<<", ">>"):
            if not is_bits(a):
                raise fail("shifts take bits or two integers")
            return self.shift(Op.SHL if e.op == "<<" else Op.LSHR, a, b, e)
        a, b = adapt(a, b, fail)
        if e.op in ("==", "!="):
            return Binary(BOOL, Op.EQ if e.op == "==" else Op.NE, a, b)
        if not isinstance(a.type, Bits):
            raise fail(f"'{e.op}' takes bits, found {a.type}")
        if e.op in _COMPARES:
            raise fail(f"'{e.op}' compares integers: say UInt or SInt")
        if e.op not in _BITOPS:
            raise fail(f"'{e.op}' is not defined on bits")
        return Binary(a.type, _BITOPS[e.op], a, b)

    def if_expr(self, e: A.IfExpr, arms: tuple[A.IfArm, ...]) -> Value:
        cond = self.boolean(arms[0].cond)
        before = len(self.out)
        a = self.expr(arms[0].value)
        b = self.if_expr(e, arms[1:]) if len(arms) > 1 else self.expr(e.otherwise)
        fail = lambda m: self.fail(e, m)  # noqa: E731
        if len(self.out) != before:
            raise fail("memory, IEEE operations and hooks are not allowed in an if expression: "
                       "use a statement")
        if isinstance(a, IntVal) and isinstance(b, IntVal):
            return choose(cond, a, b, fail)
        a, b = adapt(a, b, fail)
        return Select(a.type, cond, a, b)
