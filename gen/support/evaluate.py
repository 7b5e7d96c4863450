# SPDX-License-Identifier: MIT
"""Evaluates meanings in Python: the third opinion of tests, besides generated C
and other implementations. Integer instructions only; the others raise
Unsupported. Slow and plain on purpose."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable

from gen.model.checked import Isa, Meaning
from gen.model.sem import (BOOL, Assign, Binary, Branch, Const, Expr, Ext, Hook, If, Imm, Let, Load,
                           Lookup, Op, Raise, RegNum, RegRead, RegWrite, Rmw, Select, Slice,
                           StateRead, Stmt, Store, Unary, Var)


class Unsupported(Exception):
    """The instruction uses what this evaluator does not have."""


class Fault(Exception):
    """The instruction raised; nothing is committed."""

    def __init__(self, exc: str, value: int = 0) -> None:
        super().__init__(exc)
        self.exc, self.value = exc, value


@dataclass
class State:
    """What an instruction works on. load and store may raise Fault; rmw is
    told of an atomic access before it happens and may, too."""

    pc: int
    regs: dict[str, list[int]]  # by register class
    load: Callable[[int, int], int]  # address, bytes
    store: Callable[[int, int, int], None]  # address, bytes, value
    rmw: Callable[[int, int], None]  # address, bytes
    next_pc: int = 0
    names: dict[str, int] = field(default_factory=dict)


def mask(width: int) -> int:
    return (1 << width) - 1


def signed(v: int, width: int) -> int:
    return v - (1 << width) if v >> (width - 1) & 1 else v


def _clmul(a: int, b: int) -> int:
    r = 0
    while b:
        if b & 1:
            r ^= a
        a, b = a << 1, b >> 1
    return r


def _quotient(a: int, b: int) -> int:
    """Rounded towards zero."""
    q = abs(a) // abs(b)
    return -q if (a < 0) != (b < 0) else q


def _sdiv(a: int, b: int, w: int) -> int:
    a, b = signed(a, w), signed(b, w)
    return -1 if b == 0 else _quotient(a, b)


def _srem(a: int, b: int, w: int) -> int:
    a, b = signed(a, w), signed(b, w)
    return a if b == 0 else a - b * _quotient(a, b)


_BINARY: dict[Op, Callable[[int, int, int], int]] = {
    Op.ADD: lambda a, b, w: a + b,
    Op.SUB: lambda a, b, w: a - b,
    Op.MUL: lambda a, b, w: a * b,
    Op.UDIV: lambda a, b, w: a // b if b else -1,
    Op.SDIV: _sdiv,
    Op.UREM: lambda a, b, w: a % b if b else a,
    Op.SREM: _srem,
    Op.AND: lambda a, b, w: a & b,
    Op.OR: lambda a, b, w: a | b,
    Op.XOR: lambda a, b, w: a ^ b,
    Op.SHL: lambda a, b, w: a << b,
    Op.LSHR: lambda a, b, w: a >> b,
    Op.ASHR: lambda a, b, w: signed(a, w) >> b,
    Op.ROTR: lambda a, b, w: a >> b | a << (w - b),
    Op.EQ: lambda a, b, w: a == b,
    Op.NE: lambda a, b, w: a != b,
    Op.ULT: lambda a, b, w: a < b,
    Op.ULE: lambda a, b, w: a <= b,
    Op.SLT: lambda a, b, w: signed(a, w) < signed(b, w),
    Op.SLE: lambda a, b, w: signed(a, w) <= signed(b, w),
    Op.LAND: lambda a, b, w: a and b,
    Op.LOR: lambda a, b, w: a or b,
    Op.CLMUL: lambda a, b, w: _clmul(a, b),
    Op.CLMULH: lambda a, b, w: _clmul(a, b) >> w,
}

_UNARY: dict[Op, Callable[[int, int], int]] = {
    Op.NOT: lambda a, w: ~a,
    Op.NEG: lambda a, w: -a,
    Op.LNOT: lambda a, w: not a,
    Op.CLZ: lambda a, w: w - a.bit_length(),
    Op.CTZ: lambda a, w: (a & -a).bit_length() - 1 if a else w,
    Op.POPCOUNT: lambda a, w: a.bit_count(),
    Op.BSWAP: lambda a, w: int.from_bytes(a.to_bytes(w // 8, "little"), "big"),
    Op.ORCB: lambda a, w: sum(0xFF << k for k in range(0, w, 8) if a >> k & 0xFF),
}

_RMW: dict[str, Callable[[int, int, int], int]] = {
    "swap": lambda old, v, w: v,
    "add": lambda old, v, w: old + v,
    "and": lambda old, v, w: old & v,
    "or": lambda old, v, w: old | v,
    "xor": lambda old, v, w: old ^ v,
    "min": lambda old, v, w: min(old, v, key=lambda x: signed(x, w)),
    "max": lambda old, v, w: max(old, v, key=lambda x: signed(x, w)),
    "minu": lambda old, v, w: min(old, v),
    "maxu": lambda old, v, w: max(old, v),
}


class _Run:
    """One instruction on one state."""

    def __init__(self, isa: Isa, m: Meaning, word: int, state: State) -> None:
        self.isa, self.m, self.word, self.state = isa, m, word, state
        self.names: dict[str, int] = {}
        self.writes: list[tuple[str, int, int]] = []

    def cut(self, v: int, t) -> int:
        return int(bool(v)) if t == BOOL else v & mask(t.width)

    def register(self, operand: str, view: str | None) -> tuple[str, int]:
        o = self.m.insn.operand(operand)
        if view is not None or o.regclass == self.isa.info.fp_class:
            raise Unsupported(f"register class {o.regclass}")
        return o.regclass, o.value(self.word)

    def expr(self, e: Expr) -> int:
        return self.cut(self.value(e), e.type)

    def value(self, e: Expr) -> int:
        match e:
            case Const(value=v):
                return v
            case Var(name=n):
                return self.names[n]
            case Imm(operand=o):
                return self.m.insn.operand(o).value(self.word)
            case RegRead(operand=o, view=view):
                cls, n = self.register(o, view)
                return self.state.regs[cls][n]
            case RegNum(operand=o):
                return self.m.insn.operand(o).value(self.word)
            case StateRead(name="PC"):
                return self.state.pc
            case StateRead(name="NextPC"):
                return self.state.pc + self.m.insn.encoding.length
            case Unary(op=op, a=a):
                return _UNARY[op](self.expr(a), 0 if a.type == BOOL else a.type.width)
            case Binary(op=op, a=a, b=b):
                return _BINARY[op](self.expr(a), self.expr(b), 0 if a.type == BOOL else a.type.width)
            case Ext(signed=True, a=a):
                return signed(self.expr(a), a.type.width)
            case Ext(a=a):
                return self.expr(a)
            case Slice(lo=lo, a=a):
                return self.expr(a) >> lo
            case Select(cond=c, a=a, b=b):
                return self.expr(a) if self.expr(c) else self.expr(b)
            case Lookup(index=x, values=values):
                return values[self.expr(x)]
        raise Unsupported(type(e).__name__)

    def body(self, stmts: tuple[Stmt, ...]) -> None:
        for s in stmts:
            self.stmt(s)

    def stmt(self, s: Stmt) -> None:
        state = self.state
        match s:
            case Let(name=n, value=v) | Assign(name=n, value=v):
                self.names[n] = self.expr(v)
            case Load(name=n, addr=a, access=acc):
                self.names[n] = state.load(self.expr(a), acc.size)
            case Store(addr=a, value=v, access=acc):
                state.store(self.expr(a), acc.size, self.expr(v))
            case Rmw(name=n, op=op, addr=a, value=v, access=acc):
                addr, value = self.expr(a), self.expr(v)
                state.rmw(addr, acc.size)
                old = self.names[n] = state.load(addr, acc.size)
                new = _RMW[op](old, value, 8 * acc.size)
                state.store(addr, acc.size, new & mask(8 * acc.size))
            case RegWrite(operand=o, view=view, value=v):
                cls, n = self.register(o, view)
                self.writes.append((cls, n, self.expr(v)))
            case Branch(target=t):
                state.next_pc = self.expr(t)
            case If(cond=c, then=then, other=other):
                self.body(then if self.expr(c) else other)
            case Raise(exc=exc, value=v):
                raise Fault(exc, self.expr(v) if v is not None else 0)
            case Hook(hook=hook):
                raise Unsupported(f"hook {hook}")
            case _:
                raise Unsupported(type(s).__name__)


def evaluate(isa: Isa, m: Meaning, word: int, state: State) -> None:
    """Executes one instruction: registers, memory and next_pc of the state
    change. Fault: it raised, no register has changed."""
    run = _Run(isa, m, word, state)
    state.next_pc = (state.pc + m.insn.encoding.length) & mask(isa.info.bits)
    run.body(m.sem.body)
    for cls, n, v in run.writes:
        drop = isa.enc.reg(cls).drop
        if drop is None or drop[0] != n:
            state.regs[cls][n] = v
