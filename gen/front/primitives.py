# SPDX-License-Identifier: MIT
"""Calls in expressions: functions of the language, primitives, hooks."""
from __future__ import annotations

from typing import Callable

from aslparser import ast as A

from gen.front.expressions import Expressions
from gen.front.intval import IntVal, Value, bounds, brief, choose, int_compare, to_bits
from gen.model import prims
from gen.model.evaluate import signed
from gen.model.pure import PURE, Pure
from gen.model.sem import (Access, BOOL, Binary, Bits, Check, Const, Expr, Ext, FpLet, FpOp,
                           FpStatus, Hook, Imm, Lookup, Op, Prim, RegNum, Rmw, Select, Slice,
                           StateRead, StateWrite, Unary, Var, has_width, walk_stmts)

_RMW = {"AtomicSwap": "swap", "AtomicAdd": "add", "AtomicAnd": "and", "AtomicOr": "or",
        "AtomicXor": "xor", "AtomicSMin": "min", "AtomicSMax": "max",
        "AtomicUMin": "minu", "AtomicUMax": "maxu"}
_SHIFTS = {"LSL": Op.SHL, "LSR": Op.LSHR, "ASR": Op.ASHR, "ROR": Op.ROTR}
_PURE = {"CountLeadingZeroBits": Op.CLZ, "CountTrailingZeroBits": Op.CTZ,
         "BitCount": Op.POPCOUNT, "ByteReverse": Op.BSWAP, "OrCombineBytes": Op.ORCB,
         "CarrylessMul": Op.CLMUL, "CarrylessMulHigh": Op.CLMULH, "DivU": Op.UDIV,
         "DivS": Op.SDIV, "RemU": Op.UREM, "RemS": Op.SREM}
_UNARY = {Op.CLZ, Op.CTZ, Op.POPCOUNT, Op.BSWAP, Op.ORCB}
_ATOMIC_WIDTHS = (8, 16, 32, 64)


class Primitives(Expressions):
    """call(): one method for each shape of a function. fpenv: the environment of
    IEEE operations (IsaInfo.fpenvs), "": they take a rounding operand."""

    fpenv = ""
    accrued = False  # the body says itself whose flags count

    def active(self, c: A.Call) -> Expr:
        raise NotImplementedError  # vectors.Vectors

    def args(self, c: A.Call, n: int) -> tuple[A.Expr, ...]:
        if len(c.args) != n:
            raise self.fail(c, f"{c.func} takes {n} argument{'s' * (n != 1)}, not {len(c.args)}")
        return c.args

    def call(self, c: A.Call) -> Value:
        f = c.func
        if f in _LANGUAGE:
            return _LANGUAGE[f](self, c)
        if f in _SHIFTS:
            x, n = self.args(c, 2)
            return self.shift(_SHIFTS[f], self.bits(x), self.expr(n), c)
        if f == "Active":
            return self.active(c)
        if f in _PURE:
            return self.pure(c, _PURE[f])
        if f in PURE:
            return self.prim(c, PURE[f])
        if f in _RMW:
            return self.rmw(c)
        if f in prims.FP:
            return self.fp(c, prims.FP[f])
        if f in self.isa.hooks:
            v = self.hook(c)
            if v is None:
                raise self.fail(c, f"{f} has no result")
            return v
        raise self.fail(c, f"'{f}' is no function of the language, primitive or hook")

    # ---- functions of the language -----------------------------------------

    def extend(self, c: A.Call) -> Expr:
        x, n = self.args(c, 2)
        v, width = self.bits(x), self.static_width(n)
        if width < v.type.width:
            raise self.fail(c, f"{c.func} of {v.type} to {width} bits narrows")
        if width == v.type.width:
            return v
        is_signed = c.func == "SignExtend"
        if isinstance(v, Const):
            n = signed(v.value, v.type.width) if is_signed else v.value
            return Const(Bits(width), n % (1 << width))
        return Ext(Bits(width), is_signed, v)

    def to_integer(self, c: A.Call) -> IntVal:
        (x,) = self.args(c, 1)
        v = self.bits(x)
        if isinstance(v, StateRead) and v.name in self.isa.scalars and c.func == "UInt":
            return IntVal.within(v, False, 0, self.isa.scalars[v.name].most)
        return IntVal.of(v, c.func == "SInt")

    def register_number(self, c: A.Call) -> IntVal:
        (x,) = self.args(c, 1)
        if not isinstance(x, A.Name) or x.name not in self.operands:
            raise self.fail(c, "RegisterNumber takes an operand")
        self.regclass(x, x.name)
        return IntVal.of(RegNum(Bits(8), x.name), False)

    def width(self, c: A.Call) -> IntVal:
        (x,) = self.args(c, 1)
        v = self.view(x.name) if isinstance(x, A.Name) else None
        if v is None:
            raise self.fail(c, "Width takes a register view")
        return IntVal.const(v.width)

    def constant_bits(self, c: A.Call) -> Const:
        n = self.static_width(self.args(c, 1)[0])
        return Const(Bits(n), 0 if c.func == "Zeros" else (1 << n) - 1)

    def extremum(self, c: A.Call) -> IntVal:
        x, y = (self.integer(a) for a in self.args(c, 2))
        return self.pick(c, min if c.func == "Min" else max, x, y)

    def pick(self, c: A.Call, which: Callable[..., int], x: IntVal, y: IntVal) -> IntVal:
        """The smaller or the larger one."""
        fail = lambda m: self.fail(c, m)  # noqa: E731
        a, b = (x, y) if which is min else (y, x)
        v = choose(int_compare("<", x, y, fail), a, b, fail)
        lo, hi = which(x.lo, y.lo), which(x.hi, y.hi)
        return IntVal.const(lo) if lo == hi else IntVal(v.expr, v.width, lo, hi)

    def saturate(self, c: A.Call) -> Expr:
        """SatS(integer, N), SatU(integer, N): the nearest that N bits hold."""
        x, width = self.integer(self.args(c, 2)[0]), self.static_width(c.args[1])
        lo, hi = bounds(width, c.func == "SatS")
        low = self.pick(c, max, x, IntVal.const(lo))
        return to_bits(self.pick(c, min, low, IntVal.const(hi)), width)

    def table(self, c: A.Call) -> Expr:
        """Table(index, width, v0, v1, ...): the index must not reach past the end."""
        if len(c.args) < 3:
            raise self.fail(c, "Table takes an index, a width and values")
        index, width = self.integer(c.args[0]), self.static_width(c.args[1])
        values = tuple(self.static(a) for a in c.args[2:])
        if width > 64:
            raise self.fail(c.args[1], "values of a table have at most 64 bits")
        if index.lo < 0 or index.hi >= len(values):
            raise self.fail(c, f"the index is in {brief(index.lo)} .. {brief(index.hi)}, "
                               f"there are {len(values)} values")
        for a, v in zip(c.args[2:], values):
            if not 0 <= v < 1 << width:
                raise self.fail(a, f"{v:#x} does not fit {width} bits")
        return Lookup(Bits(width), to_bits(index, 64), values)

    def fp_sign(self, c: A.Call) -> Expr:
        """Operations on the sign bit, which is the top one in every format."""
        xs = [self.bits(a) for a in self.args(c, 2 if c.func == "FPCopySign" else 1)]
        t = xs[0].type
        if any(x.type != t for x in xs):
            raise self.fail(c, f"{c.func} of different widths")
        sign = Const(t, 1 << (t.width - 1))
        rest = Const(t, (1 << (t.width - 1)) - 1)
        if c.func == "FPNeg":
            return Binary(t, Op.XOR, xs[0], sign)
        magnitude = Binary(t, Op.AND, xs[0], rest)
        if c.func == "FPAbs":
            return magnitude
        return Binary(t, Op.OR, magnitude, Binary(t, Op.AND, xs[1], sign))

    # ---- integer primitives ------------------------------------------------

    def pure(self, c: A.Call, op: Op) -> Expr:
        xs = [self.bits(x) for x in self.args(c, 1 if op in _UNARY else 2)]
        t = xs[0].type
        if any(x.type != t for x in xs):
            raise self.fail(c, f"{c.func} of {xs[0].type} and {xs[1].type}")
        if not has_width(op, t.width):
            raise self.fail(c, f"{c.func} is not defined on {t}")
        return Unary(t, op, xs[0]) if op in _UNARY else Binary(t, op, *xs)

    def prim(self, c: A.Call, p: Pure) -> Expr:
        xs = tuple(self.bits(a) for a in self.args(c, len(p.args)))
        width = p.result_width([x.type.width for x in xs])
        if width is None:
            want = ", ".join(f"bits({w})" if w else "bits(N)" for w in p.args)
            found = ", ".join(str(x.type) for x in xs)
            raise self.fail(c, f"{c.func}({want}) does not take {found}")
        if xs[0].type.width > 64:
            raise self.fail(c, f"{c.func} is not defined on {xs[0].type}")
        return Prim(Bits(width), c.func, xs)

    def shift(self, op: Op, x: Expr, amount: Value, node: A.Node) -> Expr:
        """Any amount that is not negative; the model's is below the width."""
        if not isinstance(amount, IntVal):
            if not isinstance(amount.type, Bits):
                raise self.fail(node, "a shift amount is an integer or bits")
            amount = IntVal.of(amount, False)
        if amount.lo < 0:
            raise self.fail(node, "a shift amount may be negative")
        typ, w = x.type, x.type.width
        if not has_width(op, w):
            raise self.fail(node, f"rotation is not defined on {typ}")
        if amount.hi < w:
            return Binary(typ, op, x, to_bits(amount, w))
        if op is Op.ROTR:
            return Binary(typ, op, x, self.modulo(amount, w, node))
        if amount.is_const:
            raise self.fail(node, f"a shift of {typ} by {brief(amount.lo)}")
        wide = to_bits(amount, max(w, amount.width))
        last = Const(wide.type, w - 1)
        big = Binary(BOOL, Op.ULT, last, wide)
        safe: Expr = Select(wide.type, big, last if op is Op.ASHR else Const(wide.type, 0), wide)
        if safe.type != typ:
            safe = Slice(typ, 0, safe)
        shifted = Binary(typ, op, x, safe)
        return shifted if op is Op.ASHR else Select(typ, big, Const(typ, 0), shifted)

    def modulo(self, amount: IntVal, w: int, node: A.Node) -> Expr:
        """The amount of a rotation of w bits."""
        if amount.is_const:
            return Const(Bits(w), amount.lo % w)
        if w & (w - 1) == 0:
            bits = w.bit_length() - 1
            n = to_bits(amount, max(w, amount.width))
            return Ext(Bits(w), False, Slice(Bits(bits), 0, n)) if bits else Const(Bits(w), 0)
        if not has_width(Op.UREM, amount.width):
            raise self.fail(node, f"a rotation by up to {brief(amount.hi)}")
        n = Binary(Bits(64), Op.UREM, to_bits(amount, 64), Const(Bits(64), w))
        return Slice(Bits(w), 0, n)

    # ---- statements with results -------------------------------------------

    def rmw(self, c: A.Call) -> Expr:
        if len(c.args) not in (2, 4):
            raise self.fail(c, f"{c.func} takes an address, a value and optionally aq, rl")
        addr = self.typed(c.args[0], Bits(self.isa.bits))
        v = self.bits(c.args[1])
        if v.type.width not in _ATOMIC_WIDTHS:
            raise self.fail(c.args[1], f"an atomic access of {v.type}: expected 8, 16, 32 "
                                       "or 64 bits")
        order = tuple(self.typed(a, Bits(1)) for a in c.args[2:])
        name = self.temp()
        self.out.append(Rmw(name, _RMW[c.func], addr, v, Access(v.type.width // 8, order)))
        return Var(v.type, name)

    def hook(self, c: A.Call) -> Expr | None:
        h = self.isa.hooks[c.func]
        args = tuple(self.typed(a, t) for a, t in zip(self.args(c, len(h.params)), h.params))
        if h.check:
            self.out.append(Check(c.func, args))
            return None
        name = self.temp() if h.result is not None else None
        self.out.append(Hook(name, c.func, args))
        return Var(h.result, name) if name else None

    def fp(self, c: A.Call, p: prims.FpPrim) -> Expr:
        rules = self.isa.fp_rules
        if not self.isa.fp_class and not self.fpenv and not rules:
            raise self.fail(c, "this ISA has no floating-point registers (fp_class=)")
        sized = p.result in ("int", "dst")
        own = bool(self.fpenv or rules)
        named = self.named_env(c, p.args + sized)
        rounds = not named and p.rounds and (not own or len(c.args) > p.args + sized)
        args = self.args(c, p.args + sized + rounds + bool(named))
        xs = tuple(self.bits(a) for a in args[:p.args])
        fmt = xs[0].type.width
        allowed = prims.integers(p) if p.integer_source else prims.formats(p)
        if fmt not in allowed or any(x.type.width != fmt for x in xs):
            raise self.fail(c, f"{c.func}: operands must have one width of {allowed}")
        typ = BOOL if p.result == "bool" else Bits(fmt if p.result == "fmt" else p.result) \
            if not sized else Bits(self.fp_width(c, p, args[p.args], fmt))
        rounding, fixed = self.rounding(args[-1]) if rounds else (None, None)
        name = self.temp()
        env = named or self.fpenv or (rules.envs[_use(p, fmt, typ)] if rules else "")
        self.out.append(FpLet(name, FpOp(typ, c.func, xs, fmt), rounding, fixed, env))
        return Var(typ, name)

    def named_env(self, c: A.Call, count: int) -> str:
        """The environment that stands behind the arguments; "": the ISA's rules say it."""
        last = c.args[-1] if len(c.args) == count + 1 else None
        if self.isa.fp_rules and isinstance(last, A.Name) and last.name in self.isa.fpenvs:
            return last.name
        return ""

    def accrue(self) -> None:
        """Where IEEE operations raise flags, these go to the scalar that has them."""
        rules = self.isa.fp_rules
        if rules is None or not any(isinstance(s, FpLet) and prims.FP[s.op.name].flags
                                    and s.env not in self.isa.quiet
                                    for s in walk_stmts(tuple(self.out))):
            return
        t = Bits(self.isa.scalars[rules.flags].width)
        raised = Prim(Bits(PURE[rules.by].result), rules.by, (FpStatus(Bits(8), "flags"),))
        self.out.append(StateWrite(rules.flags, Binary(t, Op.OR, StateRead(t, rules.flags),
                                                       Ext(t, False, raised))))

    def fp_width(self, c: A.Call, p: prims.FpPrim, e: A.Expr, fmt: int) -> int:
        """The width argument of a conversion."""
        n = self.static(e)
        allowed = prims.formats(p) if p.result == "dst" else \
            (16, *prims.INTEGERS) if fmt == prims.WIDE else prims.integers(p)
        if n not in allowed:
            raise self.fail(e, f"{c.func} to {brief(n)} bits: expected one of {allowed}")
        if p.result == "dst" and {n, fmt} == {16, prims.WIDE} \
                or c.func == "FPWiden" and n != prims.WIDE:
            raise self.fail(e, f"there is no {c.func} from {fmt} to {n} bits")
        if c.func == "FPConvert" and n == fmt:
            raise self.fail(c, f"{c.func} to the format that it has")
        return n

    def rounding(self, e: A.Expr) -> tuple[Imm | None, int | None]:
        """The rounding operand, or a constant direction."""
        v = self.expr(e)
        if isinstance(v, IntVal) and v.is_const:
            if v.lo not in range(prims.DIRECTIONS):
                raise self.fail(e, f"rounding directions are 0 to {prims.DIRECTIONS - 1}")
            return None, v.lo
        origin = v.origin[0] if isinstance(v, IntVal) and v.origin else None
        if isinstance(origin, Imm) and self.isa.rounding \
                and origin.operand == self.isa.rounding.operand:
            return origin, None
        raise self.fail(e, "expected the rounding operand or a constant direction")


def _use(p: prims.FpPrim, fmt: int, typ: object) -> str:
    """What the environment of an operation depends on, see isa.FpRules."""
    result = typ.width if p.result in ("fmt", "dst") else 0
    if p.name == "FPConvert" and 16 in (fmt, result):
        return "widen" if fmt == 16 else "narrow"
    return "half" if fmt == 16 and not p.integer_source or result == 16 else "any"


_LANGUAGE: dict[str, Callable[[Primitives, A.Call], Value]] = {
    "SignExtend": Primitives.extend, "ZeroExtend": Primitives.extend,
    "UInt": Primitives.to_integer, "SInt": Primitives.to_integer,
    "RegisterNumber": Primitives.register_number, "Width": Primitives.width,
    "Zeros": Primitives.constant_bits, "Ones": Primitives.constant_bits,
    "SatS": Primitives.saturate, "SatU": Primitives.saturate, "Table": Primitives.table,
    "Min": Primitives.extremum, "Max": Primitives.extremum,
    "FPNeg": Primitives.fp_sign, "FPAbs": Primitives.fp_sign, "FPCopySign": Primitives.fp_sign,
}
RESERVED = frozenset(_LANGUAGE) | _SHIFTS.keys() | _PURE.keys() | _RMW.keys() | prims.FP.keys() \
    | PURE.keys() \
    | {"Branch", "RaiseFlags", "Mem", "Elem", "Active", "MemTry",
       "PC", "NextPC"}  # no table defines these again
