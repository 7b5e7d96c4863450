# SPDX-License-Identifier: MIT
"""From syntax trees of bodies to the typed model.

Bit vectors get constant widths, exact integers a machine width by range
inference, memory accesses and calls become statements in evaluation order.
Everything that does not check is reported with its source span.
"""
from __future__ import annotations

from dataclasses import dataclass

from aslparser import ast as A

from gen.front.intval import IntVal, adapt, fits, int_binary, int_compare, to_bits
from gen.model import prims
from gen.model.encoding import Insn, Span
from gen.model.isa import IsaInfo
from gen.model.sem import (BOOL, Access, Assign, Binary, Bits, Bool, Branch, Const, Expr, Ext,
                           FpLet, FpOp, Hook, If, Imm, Let, Load, Lookup, Op, Raise, RegRead, RegNum, RegWrite,
                           Rmw, Select, Sem, Slice, StateRead, Stmt, Store, Unary, Var)
from gen.support.errors import Errors, SpecError

Value = Expr | IntVal

_BITOPS = {"AND": Op.AND, "OR": Op.OR, "EOR": Op.XOR}
_ARITH = {"+": Op.ADD, "-": Op.SUB, "*": Op.MUL}
_RMW = {"AtomicSwap": "swap", "AtomicAdd": "add", "AtomicAnd": "and", "AtomicOr": "or",
        "AtomicXor": "xor", "AtomicSMin": "min", "AtomicSMax": "max",
        "AtomicUMin": "minu", "AtomicUMax": "maxu"}
_SHIFTS = {"LSL": Op.SHL, "LSR": Op.LSHR, "ASR": Op.ASHR, "ROR": Op.ROTR}
_PURE1 = {"CountLeadingZeroBits": Op.CLZ, "CountTrailingZeroBits": Op.CTZ,
          "BitCount": Op.POPCOUNT, "ByteReverse": Op.BSWAP, "OrCombineBytes": Op.ORCB}
_PURE2 = {"CarrylessMul": Op.CLMUL, "CarrylessMulHigh": Op.CLMULH, "DivU": Op.UDIV,
          "DivS": Op.SDIV, "RemU": Op.UREM, "RemS": Op.SREM}


@dataclass(slots=True)
class _Local:
    value: Value | None  # None: declared, not assigned
    type: object
    mutable: bool


class BodyChecker:
    """Checks one body; the result is a Sem or the errors in `errors`."""

    def __init__(self, insn: Insn, isa: IsaInfo, errors: Errors,
                 rename: dict[str, str] | None = None) -> None:
        self.rename = rename or {}
        self.insn = insn
        self.isa = isa
        self.errors = errors
        self.operands = {o.name: o for o in insn.operands}
        self.scopes: list[dict[str, _Local]] = [{}]
        self.out: list[Stmt] = []
        self.temps = 0

    # ---- errors and names --------------------------------------------------

    def fail(self, node: A.Node, message: str) -> SpecError:
        at = node.span
        return SpecError(Span(at.file, at.line, at.col), f"{self.insn.name}: {message}")

    def temp(self) -> str:
        self.temps += 1
        return f"t{self.temps}"

    def view(self, name: str):
        """The register view of this name, under the body's renaming."""
        return self.isa.views.get(self.rename.get(name, name))

    def find(self, name: str) -> _Local | None:
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        return None

    # ---- statements --------------------------------------------------------

    def check(self, body: tuple[A.Stmt, ...]) -> Sem | None:
        before = len(self.errors)
        self.block(body)
        return Sem(tuple(self.out)) if len(self.errors) == before else None

    def block(self, body: tuple[A.Stmt, ...]) -> None:
        for s in body:
            try:
                self.stmt(s)
            except SpecError as e:
                self.errors.take(e)

    def nested(self, body: tuple[A.Stmt, ...]) -> tuple[Stmt, ...]:
        saved, self.out = self.out, []
        self.scopes.append({})
        self.block(body)
        self.scopes.pop()
        out, self.out = self.out, saved
        return tuple(out)

    def stmt(self, s: A.Stmt) -> None:
        match s:
            case A.VarDecl():
                self.declare(s)
            case A.Assign(target=t, value=v):
                self.assign(t, v)
            case A.CallStmt(call=c):
                self.call_stmt(c)
            case A.If():
                self.if_stmt(s.arms, s.otherwise)
            case A.UndefinedStmt():
                self.out.append(Raise("UNDEFINED"))
            case A.Pass():
                pass
            case _:
                raise self.fail(s, f"{type(s).__name__} is not supported in a body")

    def if_stmt(self, arms, otherwise) -> None:
        cond = self.boolean(arms[0].cond)
        then = self.nested(arms[0].body)
        if len(arms) > 1:
            saved, self.out = self.out, []
            self.scopes.append({})
            self.if_stmt(arms[1:], otherwise)
            self.scopes.pop()
            other, self.out = tuple(self.out), saved
        else:
            other = self.nested(otherwise)
        self.out.append(If(cond, then, other))

    def type_of(self, t: A.Type):
        match t:
            case A.BitsType(width=w):
                n = self.static(w)
                if not 1 <= n <= 128:
                    raise self.fail(t, f"bits({n}): the width must be 1 to 128")
                return Bits(n)
            case A.NamedType(name="boolean"):
                return BOOL
            case A.NamedType(name="bit"):
                return Bits(1)
            case A.NamedType(name="integer"):
                return "integer"
        raise self.fail(t, "expected bits(N), bit, boolean or integer")

    def declare(self, s: A.VarDecl) -> None:
        typ = self.type_of(s.type)
        for n in s.names:
            if n.name in self.operands or self.find(n.name):
                raise self.fail(n, f"'{n.name}' is already declared")
            if s.value is None:
                if typ == "integer":
                    raise self.fail(n, "an integer needs a value where it is declared")
                self.out.append(Let(n.name, Const(typ, 0), mutable=True))
                self.scopes[-1][n.name] = _Local(Var(typ, n.name), typ, True)
                continue
            v = self.expr(s.value)
            if typ == "integer":
                if not isinstance(v, IntVal):
                    raise self.fail(s.value, "expected an integer")
                self.scopes[-1][n.name] = _Local(v, typ, False)
                continue
            v = self.coerce(v, typ, s.value)
            self.out.append(Let(n.name, v, mutable=True))
            self.scopes[-1][n.name] = _Local(Var(typ, n.name), typ, True)

    def assign(self, target: A.Expr, value: A.Expr) -> None:
        match target:
            case A.Name(name=n) if n in self.operands:
                op = self.operands[n]
                cls = self.regclass(target, n)
                if "w" not in op.access:
                    raise self.fail(target, f"operand '{n}' is not declared as written")
                v = self.coerce(self.expr(value), Bits(cls.width), value)
                self.out.append(RegWrite(n, None, v))
            case A.Name(name=n):
                local = self.find(n)
                if local is None:
                    raise self.fail(target, f"'{n}' is not declared")
                if not local.mutable:
                    raise self.fail(target, f"'{n}' cannot be assigned")
                self.out.append(Assign(n, self.coerce(self.expr(value), local.type, value)))
            case A.Index(base=A.Name(name="Mem"), args=args):
                addr, acc = self.mem_args(target, args, "write")
                v = self.coerce(self.expr(value), Bits(acc.size * 8), value)
                self.out.append(Store(addr, v, acc))
            case A.Index(base=A.Name(name=view), args=(A.Name(name=op),)) if self.view(view):
                v = self.view(view)
                self.view_operand(target, v, op, "w")
                self.out.append(RegWrite(op, v.name, self.coerce(self.expr(value), Bits(v.width), value)))
            case _:
                raise self.fail(target, "expected an operand, a variable, Mem[address, size] "
                                        "or a register view on the left side")

    def call_stmt(self, c: A.Call) -> None:
        if c.func == "Branch":
            (target,) = self.args(c, 1)
            self.out.append(Branch(self.coerce(self.expr(target), Bits(self.isa.bits), target)))
        elif c.func in self.isa.exceptions:
            if len(c.args) > 1:
                raise self.fail(c, f"{c.func} takes at most one argument")
            v = self.coerce(self.expr(c.args[0]), Bits(64), c.args[0]) if c.args else None
            self.out.append(Raise(c.func, v))
        elif c.func in self.isa.hooks:
            self.hook(c)
        else:
            raise self.fail(c, f"'{c.func}' is no procedure, hook or exception of this ISA")

    # ---- expressions -------------------------------------------------------

    def static(self, e: A.Expr) -> int:
        v = self.expr(e)
        if isinstance(v, IntVal) and v.lo == v.hi:
            return v.lo
        raise self.fail(e, "expected a constant integer")

    def boolean(self, e: A.Expr) -> Expr:
        v = self.expr(e)
        if isinstance(v, IntVal) or v.type != BOOL:
            raise self.fail(e, "expected a boolean")
        return v

    def bits(self, e: A.Expr) -> Expr:
        v = self.expr(e)
        if isinstance(v, IntVal) and v.origin is not None:
            return v.origin[0]
        if isinstance(v, IntVal) or not isinstance(v.type, Bits):
            raise self.fail(e, f"expected bits, found {self.describe(v)}")
        return v

    def integer(self, e: A.Expr) -> IntVal:
        v = self.expr(e)
        if not isinstance(v, IntVal):
            raise self.fail(e, f"expected an integer, found {self.describe(v)} (UInt or SInt?)")
        return v

    @staticmethod
    def describe(v: Value) -> str:
        return "an integer" if isinstance(v, IntVal) else str(v.type)

    def coerce(self, v: Value, typ, where: A.Expr) -> Expr:
        """v as typ; integers fit into bits when their whole range does."""
        if isinstance(v, IntVal):
            if isinstance(typ, Bits) and fits(v, typ.width):
                return to_bits(v, typ.width)
            raise self.fail(where, f"an integer in {v.lo} .. {v.hi} does not fit {typ}")
        if v.type != typ:
            raise self.fail(where, f"expected {typ}, found {v.type}")
        return v

    def regclass(self, node: A.Node, name: str):
        op = self.operands[name]
        cls = self.isa.classes.get(op.regclass)
        if cls is None:
            raise self.fail(node, f"operand '{name}' is no register")
        return cls

    def view_operand(self, node: A.Node, view, name: str, access: str) -> None:
        if name not in self.operands:
            raise self.fail(node, f"'{name}' is not an operand of this instruction")
        if self.operands[name].regclass != view.regclass:
            raise self.fail(node, f"'{view.name}' sees {view.regclass} registers, '{name}' is none")
        if access not in self.operands[name].access:
            word = "written" if access == "w" else "read"
            raise self.fail(node, f"operand '{name}' is not declared as {word}")

    def name(self, e: A.Name) -> Value:
        n = e.name
        local = self.find(n)
        if local is not None:
            return local.value
        if n in self.operands:
            op = self.operands[n]
            if op.regclass in self.isa.classes:
                if "r" not in op.access:
                    raise self.fail(e, f"operand '{n}' is not declared as read")
                return RegRead(Bits(self.regclass(e, n).width), n)
            # an immediate is an exact integer; bits are asked for where they are wanted
            v = IntVal.of(Imm(Bits(op.width), n), op.signed)
            top = op.value(-1)  # all field bits set
            if not op.signed and top < 1 << 63:
                w = max(op.width, 64)
                x = v.origin[0]
                return IntVal(Ext(Bits(w), False, x) if w > op.width else x, w, 0, top, v.origin)
            return v
        if n in ("PC", "NextPC"):
            return StateRead(Bits(self.isa.bits), n)
        raise self.fail(e, f"'{n}' is not declared")

    def expr(self, e: A.Expr) -> Value:
        match e:
            case A.IntLit(value=v):
                return IntVal.const(v)
            case A.BoolLit(value=v):
                return Const(BOOL, int(v))
            case A.BitsLit(bits=b):
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
        raise self.fail(e, f"{type(e).__name__} is not supported in an expression")

    def concat(self, parts: list[Expr], node: A.Node) -> Expr:
        width = sum(p.type.width for p in parts)
        if width > 128:
            raise self.fail(node, f"a concatenation of {width} bits is wider than 128")
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
        parts = []
        for p in e.parts:
            match p:
                case A.BitRange(hi=h, lo=lo):
                    hi, low = self.static(h), self.static(lo)
                case A.BitWidth(lo=lo, width=w):
                    low = self.static(lo)
                    hi = low + self.static(w) - 1
                case _:
                    hi = low = self.static(p)
            if hi < low or low < 0:
                raise self.fail(e, f"slice <{hi}:{low}> is empty")
            if isinstance(v, IntVal):
                if hi > 127:
                    raise self.fail(e, "slices of integers end at bit 127")
                x = to_bits(v, max(hi + 1, v.width if v.expr is not None else 1))
                parts.append(Slice(Bits(hi - low + 1), low, x))
                continue
            if not isinstance(v.type, Bits):
                raise self.fail(e, "expected bits or an integer before a slice")
            if hi >= v.type.width:
                raise self.fail(e, f"slice <{hi}:{low}> of {v.type}")
            parts.append(v if (low, hi + 1) == (0, v.type.width)
                         else Slice(Bits(hi - low + 1), low, v))
        return parts[0] if len(parts) == 1 else self.concat(parts, e)

    def mem_args(self, node: A.Node, args, intent: str) -> tuple[Expr, Access]:
        if len(args) != 2:
            raise self.fail(node, "Mem takes an address and a size in bytes")
        addr = self.coerce(self.expr(args[0]), Bits(self.isa.bits), args[0])
        size = self.static(args[1])
        if size not in (1, 2, 4, 8, 16):
            raise self.fail(args[1], f"a memory access of {size} bytes")
        return addr, Access(size, intent)

    def index(self, e: A.Index) -> Expr:
        match e:
            case A.Index(base=A.Name(name="Mem"), args=args):
                addr, acc = self.mem_args(e, args, "read")
                name = self.temp()
                self.out.append(Load(name, addr, acc))
                return Var(Bits(acc.size * 8), name)
            case A.Index(base=A.Name(name=view), args=(A.Name(name=op),)) if self.view(view):
                v = self.view(view)
                self.view_operand(e, v, op, "r")
                return RegRead(Bits(v.width), op, v.name)
        raise self.fail(e, "expected Mem[address, size] or a register view of an operand")

    def unary(self, e: A.Unary) -> Value:
        v = self.expr(e.operand)
        if e.op == "!":
            if isinstance(v, IntVal) or v.type != BOOL:
                raise self.fail(e, "'!' takes a boolean (NOT is for bits)")
            return Unary(BOOL, Op.LNOT, v)
        if isinstance(v, IntVal):
            if e.op != "-":
                raise self.fail(e, "NOT takes bits")
            return int_binary("-", IntVal.const(0), v, lambda m: self.fail(e, m))
        if not isinstance(v.type, Bits):
            raise self.fail(e, f"'{e.op}' takes bits")
        return Unary(v.type, Op.NEG if e.op == "-" else Op.NOT, v)

    def binary(self, e: A.Binary) -> Value:
        if e.op == ":":
            return self.concat([self.bits(e.left), self.bits(e.right)], e)
        a, b = self.expr(e.left), self.expr(e.right)
        error = lambda m: self.fail(e, m)  # noqa: E731
        if e.op in ("&&", "||"):
            if any(isinstance(x, IntVal) or x.type != BOOL for x in (a, b)):
                raise error(f"'{e.op}' takes booleans")
            return Binary(BOOL, Op.LAND if e.op == "&&" else Op.LOR, a, b)
        if isinstance(a, IntVal) and isinstance(b, IntVal):
            if e.op in ("==", "!=", "<", "<=", ">", ">="):
                return int_compare(e.op, a, b)
            return int_binary(e.op, a, b, error)
        if e.op in ("<<", ">>"):
            if isinstance(a, IntVal):
                raise error("shifts take bits or two integers")
            return self.shift(Op.SHL if e.op == "<<" else Op.LSHR, a, b, e)
        a, b = adapt(a, b, error)
        if e.op in ("==", "!="):
            return Binary(BOOL, Op.EQ if e.op == "==" else Op.NE, a, b)
        if not isinstance(a.type, Bits):
            raise error(f"'{e.op}' takes bits")
        if e.op in ("<", "<=", ">", ">="):
            raise error(f"'{e.op}' compares integers: say UInt or SInt")
        op = _BITOPS.get(e.op) or _ARITH.get(e.op)
        if op is None:
            raise error(f"'{e.op}' is not defined on bits")
        return Binary(a.type, op, a, b)

    def if_expr(self, e: A.IfExpr, arms) -> Value:
        cond = self.boolean(arms[0].cond)
        before = len(self.out)
        a = self.expr(arms[0].value)
        b = self.if_expr(e, arms[1:]) if len(arms) > 1 else self.expr(e.otherwise)
        if len(self.out) != before:
            raise self.fail(e, "memory and hooks are not allowed in an if expression: "
                               "use a statement")
        if isinstance(a, IntVal) and isinstance(b, IntVal):
            w = max(a.width, b.width)
            return IntVal(Select(Bits(w), cond, to_bits(a, w), to_bits(b, w)), w,
                          min(a.lo, b.lo), max(a.hi, b.hi))
        a, b = adapt(a, b, lambda m: self.fail(e, m))
        return Select(a.type, cond, a, b)

    # ---- calls -------------------------------------------------------------

    def args(self, c: A.Call, n: int) -> tuple[A.Expr, ...]:
        if len(c.args) != n:
            raise self.fail(c, f"{c.func} takes {n} argument{'s' * (n != 1)}, not {len(c.args)}")
        return c.args

    def call(self, c: A.Call) -> Value:
        f = c.func
        if f in ("SignExtend", "ZeroExtend"):
            x, n = self.args(c, 2)
            v, width = self.bits(x), self.static(n)
            if width < v.type.width:
                raise self.fail(c, f"{f} of {v.type} to {width} bits narrows")
            return Ext(Bits(width), f == "SignExtend", v) if width > v.type.width else v
        if f in ("UInt", "SInt"):
            (x,) = self.args(c, 1)
            return IntVal.of(self.bits(x), f == "SInt")
        if f == "RegisterNumber":
            (x,) = self.args(c, 1)
            if not isinstance(x, A.Name) or x.name not in self.operands:
                raise self.fail(c, "RegisterNumber takes an operand")
            self.regclass(x, x.name)
            return IntVal.of(RegNum(Bits(8), x.name), False)
        if f == "Width":
            (x,) = self.args(c, 1)
            if not isinstance(x, A.Name) or not self.view(x.name):
                raise self.fail(c, "Width takes a register view")
            return IntVal.const(self.view(x.name).width)
        if f == "Table":
            return self.table(c)
        if f in ("FPNeg", "FPAbs", "FPCopySign"):
            return self.fp_sign(c)
        if f in ("Zeros", "Ones"):
            n = self.static(self.args(c, 1)[0])
            return Const(Bits(n), 0 if f == "Zeros" else (1 << n) - 1)
        if f in ("Min", "Max"):
            x, y = (self.integer(a) for a in self.args(c, 2))
            w = max(x.width, y.width)
            cond = int_compare("<", x, y)
            a, b = (x, y) if f == "Min" else (y, x)
            pick = min if f == "Min" else max
            return IntVal(Select(Bits(w), cond, to_bits(a, w), to_bits(b, w)), w,
                          pick(x.lo, y.lo), pick(x.hi, y.hi))
        if f in _SHIFTS:
            x, n = self.args(c, 2)
            return self.shift(_SHIFTS[f], self.bits(x), self.expr(n), c)
        if f in _PURE1:
            v = self.bits(self.args(c, 1)[0])
            self.machine_width(c, v)
            return Unary(v.type, _PURE1[f], v)
        if f in _PURE2:
            a, b = (self.bits(x) for x in self.args(c, 2))
            self.machine_width(c, a)
            if a.type != b.type:
                raise self.fail(c, f"{f} of {a.type} and {b.type}")
            return Binary(a.type, _PURE2[f], a, b)
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

    def table(self, c: A.Call) -> Expr:
        """Table(index, width, v0, v1, ...): the index must not reach past the end."""
        if len(c.args) < 3:
            raise self.fail(c, "Table takes an index, a width and values")
        index, width = self.integer(c.args[0]), self.static(c.args[1])
        values = tuple(self.static(a) for a in c.args[2:])
        if index.lo < 0 or index.hi >= len(values):
            raise self.fail(c, f"the index may be {index.hi}, there are {len(values)} values")
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

    def machine_width(self, c: A.Call, v: Expr) -> None:
        if v.type.width not in (32, 64):
            raise self.fail(c, f"{c.func} of {v.type}: only bits(32) and bits(64)")

    def shift(self, op: Op, x: Expr, amount: Value, node: A.Node) -> Expr:
        if not isinstance(amount, IntVal):
            amount = IntVal.of(amount, False)
        if amount.lo < 0:
            raise self.fail(node, "a shift amount may be negative")
        w = x.type.width
        n = to_bits(amount, max(w, amount.width))
        if n.type.width > w:
            n = Slice(Bits(w), 0, n) if amount.hi < (1 << w) else n
        if amount.hi < w or op is Op.ROTR:
            return Binary(x.type, op, x, n)
        if amount.lo == amount.hi:
            raise self.fail(node, f"a shift of {x.type} by {amount.lo}")
        if op is Op.ASHR:
            last = Const(n.type, w - 1)
            n = Select(n.type, Binary(BOOL, Op.ULT, last, n), last, n)
            return Binary(x.type, op, x, n)
        big = Binary(BOOL, Op.ULE, Const(n.type, w), n)
        return Select(x.type, big, Const(x.type, 0), Binary(x.type, op, x, n))

    def rmw(self, c: A.Call) -> Expr:
        if len(c.args) not in (2, 4):
            raise self.fail(c, f"{c.func} takes an address, a value and optionally aq, rl")
        addr = self.coerce(self.expr(c.args[0]), Bits(self.isa.bits), c.args[0])
        v = self.bits(c.args[1])
        if v.type.width not in (8, 16, 32, 64):
            raise self.fail(c, f"an atomic access of {v.type}")
        name = self.temp()
        order = tuple(self.coerce(self.expr(a), Bits(1), a) for a in c.args[2:])
        self.out.append(Rmw(name, _RMW[c.func], addr, v,
                            Access(v.type.width // 8, "rw", aligned=True, order=order)))
        return Var(v.type, name)

    def hook(self, c: A.Call) -> Expr | None:
        h = self.isa.hooks[c.func]
        if len(c.args) != len(h.params):
            raise self.fail(c, f"{c.func} takes {len(h.params)} arguments, not {len(c.args)}")
        args = tuple(self.coerce(self.expr(a), t, a) for a, t in zip(c.args, h.params))
        name = self.temp() if h.result is not None else None
        self.out.append(Hook(name, c.func, args))
        return Var(h.result, name) if name else None

    def fp(self, c: A.Call, p: prims.FpPrim) -> Expr:
        sized = p.result in ("int", "dst")
        need = p.args + sized + p.rounds
        args = self.args(c, need)
        xs = tuple(self.bits(a) for a in args[:p.args])
        fmt = xs[0].type.width
        allowed = (32, 64) if p.integer_source else (16, 32, 64)
        if fmt not in allowed or any(x.type.width != fmt for x in xs):
            raise self.fail(c, f"{c.func}: operands must have one width of {allowed}")
        width = self.static(args[p.args]) if sized else None
        typ = (BOOL if p.result == "bool" else Bits(width) if sized
               else Bits(fmt) if p.result == "fmt" else Bits(p.result))
        rounding, fixed = None, None
        if p.rounds:
            v = self.expr(args[-1])
            origin = v.origin[0] if isinstance(v, IntVal) and v.origin else None
            if isinstance(v, IntVal) and v.lo == v.hi:
                fixed = v.lo
            elif isinstance(origin, Imm) and self.isa.rounding \
                    and origin.operand == self.isa.rounding.operand:
                rounding = origin
            else:
                raise self.fail(args[-1], "expected the rounding operand or a constant direction")
        name = self.temp()
        self.out.append(FpLet(name, FpOp(typ, c.func, xs, fmt), rounding, fixed))
        return Var(typ, name)
