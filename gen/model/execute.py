# SPDX-License-Identifier: MIT
"""Executes meanings in Python: the third opinion of tests, besides generated C
and other implementations. What needs more of an ISA than State offers raises
Unsupported. Slow and plain on purpose."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable, Mapping

from . import ieee, ieee80
from .checked import Isa, Meaning
from .evaluate import evaluate, signed, width_of
from .isa import Above
from .lanes import (Elem, Lanes, SetElem, TryLoad, Vec, VecCopy, VecLocal, VecOp, VecState, VecVar,
                    ZeroAbove)
from .sem import (BOOL, Assign, Branch, Check, Decoded, Done, Expr, FpLet, FpOp, FpStatus, Hook,
                  If, Imm, Let, Load, OperandAddr, Raise, RegNum, RegRead, RegWrite, Rmw, StateRead,
                  StateWrite, Stmt, Store)


class Unsupported(Exception):
    """The instruction uses what is not here."""


class Ended(Exception):
    """The instruction is done."""


class Fault(Exception):
    """The instruction raised; no register has changed."""

    def __init__(self, exc: str, value: int = 0) -> None:
        super().__init__(exc)
        self.exc, self.value = exc, value


@dataclass
class State:
    """What an instruction works on. load and store may raise Fault; rmw is told
    of an atomic access before it happens and may, too."""

    pc: int
    regs: dict[str, list[int]]  # by register class
    load: Callable[[int, int], int]  # address, bytes
    store: Callable[[int, int, int], None]  # address, bytes, value
    rmw: Callable[[int, int], None]  # address, bytes
    next_pc: int = 0
    scalars: dict[str, int] = field(default_factory=dict)  # IsaInfo.scalars
    # of each vector class: all registers as they lie in the state, and the
    # bytes from one to the next
    vectors: dict[str, tuple[bytearray, int]] = field(default_factory=dict)
    fpenvs: dict[str, ieee.Env] = field(default_factory=dict)  # by FpLet.env
    hooks: dict[str, Callable[..., int | None]] = field(default_factory=dict)  # may raise Fault
    address: Callable[[str, str, int], int] | None = None  # operand, part, plus
    decoded: dict[str, int] = field(default_factory=dict)  # IsaInfo.decoded


_RMW: dict[str, Callable[[int, int, int], int]] = {  # old value, operand, width
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


def fp_operation(op: FpOp, args: list[int], env: ieee.Env) -> int:
    """The result of an IEEE operation in the environment's direction."""
    f, name = op.fmt, op.name
    width = 1 if op.type == BOOL else op.type.width
    if name in _FP_ORDER:
        relation = ieee.compare(f, *args, _FP_ORDER[name], env)
        return {ieee.LESS: 1, ieee.EQUAL: 4, ieee.GREATER: 0, ieee.UNORDERED: 7}[relation]
    if name in _FP_ARITH:
        return _FP_ARITH[name](f, tuple(args), env)
    if name in _FP_COMPARE:
        signal, wanted = _FP_COMPARE[name]
        return int(ieee.compare(f, *args, signal, env) in wanted)
    if name in _FP_MINMAX:
        return ieee.minmax(f, *args, *_FP_MINMAX[name], env)
    match name:
        case "FPRoundToIntExact" if f == ieee80.WIDTH:
            return ieee80.rint(args[0], True, env)
        case "FPToSInt" if f == ieee80.WIDTH:
            return ieee80.to_int(args[0], width, env)
        case "FPConvert" if f == ieee80.WIDTH:
            return ieee80.narrow(args[0], width, env)
        case "FPConvert" if width == ieee80.WIDTH:
            return ieee80.extend(args[0], f, env)
        case "FPWiden":
            return ieee80.widen(args[0], f, env)
        case "FPSin" | "FPCos":
            return (ieee80.sin if name == "FPSin" else ieee80.cos)(args[0], env)
        case "FPRoundToInt" | "FPRoundToIntExact":
            return ieee.rint(f, args[0], name == "FPRoundToIntExact", env)
        case "FPRoundToIntMaybe":
            return ieee.rint(f, args[0], bool(args[1]), env)
        case "FPToSInt" | "FPToUInt":
            return ieee.to_int(f, args[0], width, name == "FPToSInt", env)
        case "SIntToFP" | "UIntToFP":
            v = signed(args[0], f) if name == "SIntToFP" else args[0]
            return ieee.from_int(width, v, env)
        case "FPToFixedS" | "FPToFixedU":
            return ieee.to_int(f, args[0], width, name == "FPToFixedS", env, args[1])
        case "FixedSToFP" | "FixedUToFP":
            v = signed(args[0], f) if name == "FixedSToFP" else args[0]
            return ieee.from_int(width, v, env, args[1])
        case "FPConvert":
            return ieee.convert(f, args[0], width, env)
        case "FPClass":
            return ieee.class_of(f, args[0])
    raise Unsupported(name)


_FP_ARITH = {"FPAdd": ieee.add, "FPSub": ieee.sub, "FPMul": ieee.mul, "FPDiv": ieee.div,
             "FPSqrt": ieee.sqrt, "FPMulAdd": ieee.muladd}
_FP_ORDER = {"FPOrder": True, "FPOrderQuiet": False}
_FP_COMPARE = {"FPEqual": (False, {0}), "FPLess": (True, {-1}), "FPLessEqual": (True, {-1, 0}),
               "FPLessQuiet": (False, {-1}), "FPLessEqualQuiet": (False, {-1, 0})}
_FP_MINMAX = {f"FP{word}{rule}": (word.startswith("Max"), number)
              for rule, number in (("Number", ieee.MM_NUMBER), ("", ieee.MM_NAN))
              for word in ("Minimum", "Maximum")}
_FP_MINMAX |= {"FPMinX86": (False, ieee.MM_X86), "FPMaxX86": (True, ieee.MM_X86)}


class _Run:
    """One instruction on one state. word: its encoding, or its operands' values."""

    def __init__(self, isa: Isa, m: Meaning, word: int | Mapping[str, int],
                 state: State) -> None:
        self.isa, self.m, self.word, self.state = isa, m, word, state
        self.names: dict[str, int] = {}
        self.writes: list[tuple[str, int, int]] = []
        self.scalars: dict[str, int] = {}
        self.locals: dict[str, bytearray] = {}
        self.env = ieee.Env()
        self.raised = 0  # in environments whose flags count

    def value(self, operand: str) -> int:
        """What the encoding has for an operand."""
        if isinstance(self.word, int):
            return self.m.insn.operand(operand).value(self.word)
        return self.word[operand]

    def register(self, operand: str, view: str | None) -> tuple[str, int]:
        o = self.m.insn.operand(operand)
        boxed = view is not None and self.isa.info.views[view].box
        if boxed or o.regclass == self.isa.info.fp_class:
            raise Unsupported(f"register class {o.regclass}")
        return o.regclass, self.value(operand)

    def numbered(self, operand: str, view: str | None, plus: int) -> tuple[str, int]:
        """The register that is `plus` behind the operand's."""
        cls, n = self.register(operand, view)
        return cls, (n + plus) % len(self.isa.enc.reg(cls).names) if plus else n

    def leaf(self, e: Expr) -> int:
        match e:
            case Imm(operand=o) | RegNum(operand=o):
                v = self.value(o)
            case RegRead(operand=o, view=view, plus=plus):
                cls, n = self.numbered(o, view, plus)
                v = self.state.regs[cls][n]  # the view's width cuts it below
            case StateRead(name="PC"):
                v = self.state.pc
            case StateRead(name="NextPC"):
                v = self.state.pc + self.m.insn.encoding.length
            case StateRead(name=n):
                v = self.state.scalars[n]
            case Elem(type=t, source=source, index=x):
                v = self.elem(source, self.expr(x), t.width)
            case OperandAddr(operand=o, plus=p, part=part) if self.state.address is not None:
                v = self.state.address(o, part, self.expr(p) if p is not None else 0)
            case Decoded(name=n):
                v = self.state.decoded[n]
            case FpStatus(what="round", env=env):
                v = self.state.fpenvs[env].round
            case FpStatus(what=what):
                v = self.raised if what == "flags" else self.env.up
            case _:
                raise Unsupported(type(e).__name__)
        return v & ((1 << width_of(e)) - 1)

    def whole(self, cls: str, n: int, view: str | None, v: int) -> int:
        """The register behind a write through a view: its write policy."""
        w = self.isa.info.views[view] if view else None
        if w is None or w.above is not Above.KEEP:
            return v
        return self.state.regs[cls][n] >> w.width << w.width | v

    def expr(self, e: Expr) -> int:
        return evaluate(e, self.names, self.leaf)

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
                addr, value, width = self.expr(a), self.expr(v), 8 * acc.size
                state.rmw(addr, acc.size)
                old = self.names[n] = state.load(addr, acc.size)
                state.store(addr, acc.size, _RMW[op](old, value, width) & ((1 << width) - 1))
            case RegWrite(operand=o, view=view, value=v, plus=plus):
                cls, n = self.numbered(o, view, plus)
                self.writes.append((cls, n, self.whole(cls, n, view, self.expr(v))))
            case StateWrite(name=n, value=v):
                self.scalars[n] = self.expr(v)
            case Branch(target=t):
                state.next_pc = self.expr(t)
            case If(cond=c, then=then, other=other):
                self.body(then if self.expr(c) else other)
            case Done():
                raise Ended
            case Raise(exc=exc, value=v):
                raise Fault(exc, self.expr(v) if v is not None else 0)
            case Hook(name=n, hook=h, args=args) if h in state.hooks:
                result = state.hooks[h](*(self.expr(a) for a in args))
                if n is not None:
                    self.names[n] = result
            case Check(hook=h, args=args) if h in state.hooks:
                state.hooks[h](*(self.expr(a) for a in args))
            case FpLet(env=env) if env in state.fpenvs:
                self.fp(s, state.fpenvs[env])
            case VecLocal(name=n, bytes=size):
                self.locals[n] = bytearray(size)
            case SetElem(target=t, index=x, value=v):
                self.set_elem(t, self.expr(x), v.type.width, self.expr(v))
            case VecCopy(target=t, source=v, bytes=n):
                (to, a), (source, b), n = self.vec(t), self.vec(v), self.expr(n)
                to[a:a + n] = bytes(source[b:b + n])
            case ZeroAbove(target=t, start=a, end=b):
                (to, at), a, b = self.vec(t), self.expr(a), self.expr(b)
                if a < b:
                    to[at + a:at + b] = bytes(b - a)
            case TryLoad(name=n, ok=ok, addr=a, access=acc):
                try:
                    self.names[n], self.names[ok] = state.load(self.expr(a), acc.size), 1
                except Fault:
                    self.names[n] = self.names[ok] = 0
            case Lanes():
                self.lanes(s)
            case _:
                raise Unsupported(type(s).__name__)

    def fp(self, s: FpLet, env: ieee.Env) -> None:
        self.env = env
        direction = env.round
        if s.fixed is not None:
            env.round = s.fixed
        elif s.round is not None:
            env.round = self.expr(s.round)
        self.names[s.name] = fp_operation(s.op, [self.expr(a) for a in s.op.args], env)
        env.round = direction
        if s.env not in self.isa.info.quiet:
            self.raised |= env.flags

    # ---- vectors -----------------------------------------------------------

    def vec(self, v: Vec) -> tuple[bytearray, int]:
        """The block and where in it the vector begins."""
        match v:
            case VecVar(name=n):
                return self.locals[n], 0
            case VecOp(operand=o, plus=plus):
                cls = self.isa.info.classes[self.m.insn.operand(o).regclass]
                n = self.value(o) + (self.expr(plus) if plus is not None else 0)
                block, stride = self.state.vectors[cls.name]
                return block, n % cls.count * stride
            case VecState(name=name, index=x):
                cls = next(c for c in self.isa.info.classes.values() if c.state == name)
                block, stride = self.state.vectors[cls.name]
                return block, self.expr(x) * stride if x is not None else 0
        raise TypeError(v)

    def elem(self, v: Vec, index: int, width: int) -> int:
        block, at = self.vec(v)
        if width == 1:
            return block[at + index // 8] >> index % 8 & 1
        size = width // 8
        at += index * size
        if at + size > len(block):
            raise IndexError(f"element {index} of {width} bits")
        return int.from_bytes(block[at:at + size], "little")

    def set_elem(self, v: Vec, index: int, width: int, value: int) -> None:
        block, at = self.vec(v)
        if width == 1:
            bit = 1 << index % 8
            at += index // 8
            block[at] = block[at] & ~bit | (bit if value else 0)
            return
        size = width // 8
        at += index * size
        if at + size > len(block):
            raise IndexError(f"element {index} of {width} bits")
        block[at:at + size] = value.to_bytes(size, "little")

    def lanes(self, s: Lanes) -> None:
        start = self.expr(s.start) if s.start is not None else 0
        for k in range(start, self.expr(s.count)):
            self.names[s.var] = k
            try:
                self.body(s.body if s.active is None or self.expr(s.active) else s.inactive)
            except Fault:
                self.body(s.on_fault)
                if s.progress:
                    self.commit()
                raise

    def commit(self) -> None:
        """Registers take what was written to them."""
        self.state.scalars.update(self.scalars)
        for cls, n, v in self.writes:
            names = next((r for r in self.isa.enc.regs if r.name == cls), None)
            drop = names.drop if names is not None else None
            aligned = self.isa.info.classes[cls].aligned
            if aligned is not None and aligned[0] == n:
                v &= -aligned[1]
            if drop is None or drop[0] != n:
                self.state.regs[cls][n] = v


def execute(isa: Isa, m: Meaning, word: int | Mapping[str, int], state: State,
            length: int | None = None) -> None:
    """Executes one instruction: registers, memory and next_pc of the state
    change. Fault: it raised, no register has changed. length: of an encoding
    that does not say its own."""
    run = _Run(isa, m, word, state)
    for env in state.fpenvs.values():
        env.flags = env.up = 0
        env.widened = False
    size = m.insn.encoding.length if length is None else length
    state.next_pc = (state.pc + size) & ((1 << isa.info.bits) - 1)
    try:
        run.body(m.sem.body)
    except Ended:
        pass
    run.commit()
