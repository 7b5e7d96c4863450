# SPDX-License-Identifier: MIT
"""Lifters: C that emits SMIR for one decoded instruction.

What depends on the encoding alone (immediates, register numbers, the pc) is
computed while lifting, in C; everything else becomes operations. An
instruction that uses what SMIR does not have yet becomes one `call` of its
executor.
"""
from __future__ import annotations


from gen.back.cstmt import Emitter
from gen.back.exec import Function, origin, shard
from gen.model.checked import Isa, Meaning
from gen.model.sem import (BOOL, Binary, Bits, Bool, Branch, COMPARES, Const, Expr, Ext, FpOp, If,
                           Imm, Let, Load, Lookup, Op, RegNum, RegRead, RegWrite, Rmw, Select,
                           Slice, StateRead, Stmt, Store, Unary, Var, walk_expr)

SHARDS = 4
_GROWS = {Op.ADD, Op.SUB, Op.MUL, Op.SHL, Op.NEG, Op.NOT}
_BOOLEAN = {Op.LAND: "AND", Op.LOR: "OR"}


class NotLifted(Exception):
    """SMIR has no operation for this; the instruction is lifted as a call."""


def container(t) -> int:
    """Width of the SMIR type that holds a value."""
    if isinstance(t, Bool):
        return 1
    return next(w for w in (8, 16, 32, 64, 128) if t.width <= w)


def is_static(e: Expr) -> bool:
    leaves = (Const, Imm, RegNum, StateRead)
    return all(isinstance(x, leaves) or not isinstance(x, (RegRead, Var, Lookup, FpOp))
               for x in walk_expr(e))


class Lifter:
    """Emits the lifter of one instruction."""

    def __init__(self, isa: Isa, m: Meaning) -> None:
        self.isa, self.m = isa, m
        self.c = Emitter(m.insn, isa.info, isa.enc, m.eff)  # static expressions
        self.lines: list[str] = []
        self.count = 0
        self.vars: dict[str, str] = {}

    def bind(self, text: str) -> str:
        self.count += 1
        self.lines.append(f"\tconst rx_sv v{self.count} = {text};")
        return f"v{self.count}"

    def op(self, name: str, width: int, *args: str) -> str:
        return self.bind(f"rx_smir_op{len(args)}(f, RX_S_{name}, RX_I{width}, {', '.join(args)})")

    def const(self, text: str, width: int) -> str:
        return self.bind(f"rx_smir_const(f, RX_I{width}, {text})")

    def masked(self, v: str, t) -> str:
        """Clears bits between the type's width and its container's."""
        w = container(t)
        if isinstance(t, Bool) or t.width == w:
            return v
        if w > 64:
            raise NotLifted
        return self.op("AND", w, v, self.const(f"UINT64_C({hex((1 << t.width) - 1)})", w))

    # ---- expressions -------------------------------------------------------

    def expr(self, e: Expr) -> str:
        w = container(e.type)
        if is_static(e):
            if w > 64:
                raise NotLifted
            return self.const(self.c.e(e), w)
        match e:
            case Var(name=n):
                return self.vars[n]
            case RegRead():
                return self.register(e)
            case Unary(op=Op.LNOT, a=a):
                return self.op("EQ", 8, self.expr(a), self.const("0", 1))
            case Unary(op=op, a=a):
                return self.masked(self.op(op.name, w, self.expr(a)), e.type) \
                    if op in _GROWS else self.odd(op.name, e, self.expr(a))
            case Binary():
                return self.binary(e)
            case Ext(a=a):
                return self.extend(self.expr(a), a.type, e.type, e.signed)
            case Slice(a=a, lo=lo):
                return self.slice(e, a, lo)
            case Select(cond=c, a=a, b=b):
                return self.op("SELECT", w, self.expr(c), self.expr(a), self.expr(b))
            case _:
                raise NotLifted

    def odd(self, name: str, e, *args: str) -> str:
        """Operations that are only defined on whole containers."""
        if container(e.type) != getattr(e.type, "width", 1):
            raise NotLifted
        return self.op(name, container(e.type), *args)

    def binary(self, e: Binary) -> str:
        a, b = self.expr(e.a), self.expr(e.b)
        w = container(e.a.type)
        if e.op in _BOOLEAN:
            return self.op(_BOOLEAN[e.op], 1, a, b)
        if e.op in COMPARES:
            if e.op in (Op.SLT, Op.SLE) and getattr(e.a.type, "width", 1) != w:
                raise NotLifted
            # the type of a comparison is that of its operands
            return self.op(e.op.name, w, a, b)
        if e.op in (Op.ASHR, Op.ROTR, Op.SDIV, Op.SREM, Op.UDIV, Op.CLMUL, Op.CLMULH):
            return self.odd(e.op.name, e, a, b)
        v = self.op(e.op.name, w, a, b)
        return self.masked(v, e.type) if e.op in _GROWS else v

    def extend(self, v: str, src, dst, signed: bool) -> str:
        a, b = container(src), container(dst)
        n = 1 if isinstance(src, Bool) else src.width
        if dst.width < n:
            return self.masked(self.op("TRUNC", b, v) if b < a else v, dst)
        if signed and n != a:
            sh = self.const(str(a - n), a)
            v = self.op("ASHR", a, self.op("SHL", a, v, sh), sh)
        if b > a:
            v = self.op("SEXT" if signed else "ZEXT", b, v)
        return self.masked(v, dst) if signed else v

    def slice(self, e: Slice, a: Expr, lo: int) -> str:
        v, w, b = self.expr(a), container(a.type), container(e.type)
        if lo:
            v = self.op("LSHR", w, v, self.const(str(lo), w))
        if b < w:
            v = self.op("TRUNC", b, v)
        return self.masked(v, e.type) if lo + e.type.width < a.type.width else v

    # ---- registers ---------------------------------------------------------

    def offset(self, name: str) -> str:
        op = self.m.insn.operand(name)
        cls = self.isa.info.classes[op.regclass]
        return f"offsetof(struct {self.isa.info.state}, {cls.state}[0]) + " \
               f"{cls.width // 8} * (size_t){self.c.regnum(op)}"

    def drop(self, name: str) -> tuple[int, int] | None:
        cls = self.m.insn.operand(name).regclass
        return next((r.drop for r in self.isa.enc.regs if r.name == cls), None)

    def register(self, e: RegRead) -> str:
        if e.view and self.isa.info.views[e.view].box:
            raise NotLifted
        get = f"rx_smir_get(f, RX_I64, {self.offset(e.operand)})"
        drop = self.drop(e.operand)
        if drop:
            num = self.c.regnum(self.m.insn.operand(e.operand))
            get = f"{num} == {drop[0]} ? rx_smir_const(f, RX_I64, 0) : {get}"
        return self.bind(get)

    def write(self, s: RegWrite) -> None:
        if s.view and self.isa.info.views[s.view].box:
            raise NotLifted
        v = self.expr(s.value)
        drop = self.drop(s.operand)
        if drop:
            num = self.c.regnum(self.m.insn.operand(s.operand))
            self.lines.append(f"\tif ({num} != {drop[1]})")
        self.lines.append(("\t\t" if drop else "\t") +
                          f"rx_smir_put(f, RX_I64, {self.offset(s.operand)}, {v});")

    # ---- statements --------------------------------------------------------

    def stmt(self, s: Stmt) -> None:
        match s:
            case Let(name=n, value=v, mutable=False):
                self.vars[n] = self.expr(v)
            case Load(name=n, addr=a, access=acc):
                if acc.size > 8:
                    raise NotLifted
                self.vars[n] = self.bind(f"rx_smir_load(f, RX_I{acc.size * 8}, {self.expr(a)}, 0)")
            case Store(addr=a, value=v, access=acc):
                addr = self.expr(a)
                self.lines.append(f"\trx_smir_store(f, RX_I{acc.size * 8}, {addr}, "
                                  f"{self.expr(v)}, 0);")
            case Rmw():
                addr, v = self.expr(s.addr), self.expr(s.value)
                order = " | ".join(f"{self.c.e(o)} << {j}" for j, o in enumerate(s.access.order))
                self.vars[s.name] = self.bind(
                    f"rx_smir_rmw(f, RX_I{s.access.size * 8}, RX_RMW_{s.op.upper()}, {addr}, {v}, "
                    f"(unsigned)({order or '0'}))")
            case RegWrite():
                self.write(s)
            case Branch(target=t):
                self.lines.append(f"\trx_smir_exit(f, {self.expr(t)});")
            case If(cond=c, then=(Branch(target=t),), other=()):
                cond = self.expr(c)
                self.lines.append(f"\trx_smir_exit_if(f, {cond}, {self.expr(t)});")
            case _:
                raise NotLifted

    def run(self) -> list[str] | None:
        """The body, or None: lift as a call."""
        if self.m.eff.fp:
            return None
        try:
            for s in self.m.sem.body:
                self.stmt(s)
        except NotLifted:
            return None
        text = "\n".join(self.lines)
        void = [f"\t(void){n};" for n, use in (("f", "(f,"), ("i", "i->")) if use not in text]
        return self.lines + void


def lifters(isa: Isa) -> tuple[list[Function], dict[str, str]]:
    """The distinct native lifters, and the one of each instruction that has one."""
    by_text: dict[tuple[str, ...], str] = {}
    out: list[Function] = []
    names: dict[str, str] = {}
    for m in isa.meanings:
        lines = Lifter(isa, m).run()
        if lines is None:
            continue
        key = tuple(lines)
        if key not in by_text:
            by_text[key] = f"rg_{isa.info.name}_l_{m.insn.ident}"
            out.append(Function(by_text[key], origin(isa, m), key))
        names[m.insn.name] = by_text[key]
    return out, names


def generate(isa: Isa, env) -> dict[str, str]:
    funcs, names = lifters(isa)
    name = isa.info.name
    table = [names.get(m.insn.name, "rx_smir_lift_call") for m in isa.meanings]
    values = dict(isa=name, info=isa.info)
    out = {}
    for k, part in enumerate(shard(funcs, SHARDS)):
        out[f"{name}/lift_{k}.c"] = env.get_template("lift/lift.c.j2").render(
            **values, functions=part, part=k)
    out[f"{name}/lift.h"] = env.get_template("lift/lift.h.j2").render(**values, functions=funcs)
    out[f"{name}/lift_table.c"] = env.get_template("lift/lift_table.c.j2").render(
        **values, table=table)
    return out
