# SPDX-License-Identifier: MIT
"""The frame of bodies of x86 instructions: operands, and what is committed."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

from aslparser import ast as A

from gen.front.check import BodyChecker
from gen.front.intval import IntVal, Value
from gen.front.x86_state import FLAGS, IMPLIED, Implied
from gen.model.encoding import Insn
from gen.model.isa import IsaInfo
from gen.model.prefixed import Prefixed, Space, Src, XOperand
from gen.model.sem import (Access, Assign, Atomic, BOOL, Binary, Bits, Branch, Const, Decoded,
                           Expr, Ext, If, Imm, Let, Load, Op, OperandAddr, RegRead, RegWrite,
                           Select, Sem, Slice, StateRead, StateWrite, Stmt, Store, Type, Unary,
                           Var, walk_stmts)
from gen.support.errors import Errors, SpecError

_ADDR = Bits(64)
_BIT = Bits(1)


@dataclass(slots=True)
class Tracked:
    """Something that the body may write; initial: its value before, None if it
    must not be read. keep: where the body assigns nothing, nothing is written.
    flag: name of the local that says whether it was."""

    type: Type
    initial: Expr | None
    keep: bool = False
    flag: str = ""


def zeroes_upper(enc: Prefixed, o: XOperand) -> bool:
    """APX's ZU: the rest of a register that is written becomes zero."""
    return enc.space is Space.EVEX and enc.map == 4 and enc.b == 1 and o.access == "w" \
        and o.regclass.startswith("gpr")


def whole(name: str, v: Expr) -> Stmt:
    """A register of 64 bits becomes v, with zeros above it."""
    return RegWrite(name, None, v if v.type == _ADDR else Ext(_ADDR, False, v))


class X86Frame(BodyChecker):
    """What all bodies share: operands as locals, and what is committed at the end.
    FIRST: calls that may be a body's first statement."""

    FIRST: dict[str, Callable[["X86Frame", A.Call], None]] = {}

    def __init__(self, insn: Insn, isa: IsaInfo, errors: Errors, at: Callable) -> None:
        super().__init__(insn, isa, errors, at)
        self.enc: Prefixed = insn.encoding
        self.depth = 0
        self.tracked: dict[str, Tracked] = {}
        self.live: set[str] = set()  # have a local
        self.hoisted: list[Stmt] = []
        self.addresses: dict[str, Expr] = {}  # of memory operands, bound
        self.displaced: dict[str, Expr] = {}
        self.branch: tuple[Expr | None, Expr] | None = None
        self.atomic: XOperand | None = None
        self.popped = 0
        self.cut: list[str] = []  # registers that RepCuts names
        self.first = ""  # memory operand that is loaded first
        self.start = 0  # behind the operands' loads
        for o in insn.operands:
            if "w" in o.access:
                self.tracked[o.name] = Tracked(Bits(o.width), None, "r" not in o.access)

    # ---- the whole ---------------------------------------------------------

    def check(self, body: tuple[A.Stmt, ...]) -> Sem | None:
        try:
            if body and isinstance(body[0], A.CallStmt) and body[0].call.func in self.FIRST:
                self.FIRST[body[0].call.func](self, body[0].call)
                body = body[1:]
            self.look(body)
            self.load_operands()
            self.start = len(self.out)
            self.block(body)
            self.leave()
            out = self.finish()
        except SpecError as e:
            self.errors.take(e)
            return None
        return Sem(out) if len(self.errors) == self.before else None

    def memory(self) -> list[XOperand]:
        return [o for o in self.insn.operands if o.mem is not None and o.mem.bits]

    def load_operands(self) -> None:
        """Memory that is read, in the operands' order; registers that are both."""
        locked = self.enc.lock or "atomic" in self.enc.flags
        for o in sorted(self.memory(), key=lambda o: o.name != self.first):
            if "r" not in o.access:
                continue
            addr = self.bind(self.address(o))
            access = self.access(o)
            name = f"m_{o.name}"
            if locked and "w" in o.access:
                self.atomic = o
            else:
                self.out.append(Load(name, addr, access))
            self.addresses[o.name] = addr
            if "w" in o.access:
                self.tracked[o.name].initial = Var(Bits(o.width), name)
        for o in self.insn.operands:
            if o.regclass and o.access == "rw":
                self.tracked[o.name].initial = self.register(o)
        if "ndd" in self.operands:
            o = self.operands["dst"]
            self.tracked["dst"] = Tracked(Bits(o.width), self.operand(A.Name(None, "dst")))
            del self.tracked["ndd"]

    def access(self, o: XOperand) -> Access:
        how = [{"linear": "operand", "linear_di": "di"}.get(self.part(o), "si")]
        if "w" in o.access and "r" in o.access:
            how.append("rw")
        return Access(o.width // 8, how=tuple(how))

    def address(self, o: XOperand, plus: Expr | None = None) -> Expr:
        return OperandAddr(_ADDR, o.name, self.displaced.get(o.name, plus), self.part(o))

    @staticmethod
    def part(o: XOperand) -> str:
        """How the operand becomes an address (isa.tbl)."""
        if o.source is Src.STRING:
            return "linear_si" if o.mem.seg else "linear_di"
        return "linear_abs" if o.source is Src.MOFFS else "linear"

    def bind(self, e: Expr) -> Expr:
        """A local for a value."""
        name = self.temp()
        self.out.append(Let(name, e))
        return Var(e.type, name)

    def finish(self) -> tuple[Stmt, ...]:
        body = [*self.out[:self.start], *self.hoisted, *self.out[self.start:]]
        if self.atomic is not None:
            body = self.locked(body)
        self.out = body
        self.stores()
        self.implied_writes()
        for o in reversed(self.insn.operands):
            if o.regclass and o.name in self.tracked and "w" in o.access:
                self.commit(o.name, lambda v, o=o: whole(o.name, v)
                            if zeroes_upper(self.enc, o) else
                            RegWrite(o.name, self.view_of(o), v))
        if "ndd" in self.operands:
            self.commit("dst", lambda v: whole("ndd", v))
        if self.enc.rep:
            return self.repeated()
        self.flag_writes()
        if self.branch is not None:
            cond, target = self.branch
            jump = Branch(target)
            self.out.append(jump if cond is None else If(cond, (jump,)))
        return tuple(self.out)

    def flag_writes(self) -> None:
        for f in FLAGS:
            if f in self.tracked and not self.enc.nf:
                self.commit(f, lambda v, f=f: StateWrite(f, v))

    def commit(self, name: str, write: Callable[[Expr], Stmt]) -> None:
        """Writes what the body left in the local of `name`."""
        t = self.tracked[name]
        if name not in self.live:
            if t.keep or not isinstance(t.initial, RegRead):
                return
            if t.type.width == 32:  # read and written, nothing assigned
                self.out.append(write(t.initial))
            return
        s = write(Var(t.type, f"l_{name}"))
        if t.keep and f"l_{name}" not in self.assigned:
            s = If(Var(BOOL, t.flag), (s,))
        self.out.append(s)

    def locked(self, body: list[Stmt]) -> list[Stmt]:
        """The address, then all of the body as one atomic update."""
        o = self.atomic
        addr = self.addresses[o.name]
        first = next(s for s in body if isinstance(s, Let) and s.name == addr.name)
        inner = [s for s in body if s is not first]
        if any(not isinstance(s, (Let, Assign, If)) for s in walk_stmts(tuple(inner))):
            raise SpecError(self.insn.span, f"{self.insn.name}: the body of an atomic update "
                                            "accesses nothing else")
        value = Var(Bits(o.width), f"l_{o.name}") if o.name in self.live \
            else self.tracked[o.name].initial
        return [first, Atomic(f"m_{o.name}", addr, tuple(inner), value, self.access(o))]

    def stores(self) -> None:
        for o in self.memory():
            if "w" not in o.access or o is self.atomic:
                continue
            t = self.tracked[o.name]
            plus = None
            if self.popped:  # POP counts from the stack pointer behind it
                plus = Select(_ADDR, Binary(BOOL, Op.EQ, Decoded(_BIT, "SPBASE"), Const(_BIT, 1)),
                              Const(_ADDR, self.popped), Const(_ADDR, 0))
            addr = self.addresses.get(o.name) or self.address(o, plus)
            if o.name in self.live:
                value = Var(t.type, f"l_{o.name}")
            elif t.initial is not None:
                value = t.initial
            else:
                raise SpecError(self.insn.span, f"{self.insn.name}: {o.name} is never assigned")
            if t.initial is None and f"l_{o.name}" not in self.assigned:
                raise SpecError(self.insn.span, f"{self.insn.name}: memory is assigned under a "
                                                "condition only")
            self.out.append(Store(addr, value, self.access(o)))

    def implied_writes(self) -> None:
        for i in {x.reg: x for x in IMPLIED.values()}.values():
            if i.reg in self.tracked:
                self.commit(i.reg, lambda v, i=i: StateWrite(i.reg, v))

    # ---- REP ---------------------------------------------------------------

    def count(self) -> Expr:
        """The count register, cut to the address size."""
        rcx = StateRead(_ADDR, "RCX")
        return self.by_address_size(rcx, Binary(_ADDR, Op.AND, rcx, Const(_ADDR, 0xFFFFFFFF)),
                                    Binary(_ADDR, Op.AND, rcx, Const(_ADDR, 0xFFFF)))

    def by_address_size(self, a64: Expr, a32: Expr, a16: Expr) -> Expr:
        asz = Decoded(Bits(2), "ASZ")

        def size_is(n: int) -> Expr:
            return Binary(BOOL, Op.EQ, asz, Const(Bits(2), n))

        return Select(_ADDR, size_is(0), a64, Select(_ADDR, size_is(1), a32, a16))

    def moved(self, reg: Expr, delta: Expr) -> Expr:
        """An index or count register plus delta, by address size."""
        total = Binary(_ADDR, Op.ADD, reg, delta)
        high = Binary(_ADDR, Op.AND, reg, Const(_ADDR, 0xFFFFFFFFFFFF0000))
        low = Binary(_ADDR, Op.AND, total, Const(_ADDR, 0xFFFF))
        return self.by_address_size(total, Ext(_ADDR, False, Slice(Bits(32), 0, total)),
                                    Binary(_ADDR, Op.OR, high, low))

    def repeated(self) -> tuple[Stmt, ...]:
        """One iteration, and again unless that was the last one. Flags change with
        the last only: a fault before it leaves them (SDM volume 2, REP)."""
        before = Let("r_count", self.count())
        left = Var(_ADDR, "r_count")
        more = Binary(BOOL, Op.NE, left, Const(_ADDR, 1))
        if self.enc.rep != "rep" and "ZF" in self.tracked:
            want = Const(_BIT, int(self.enc.rep == "repe"))
            more = Binary(BOOL, Op.LAND, more, Binary(BOOL, Op.EQ, Var(_BIT, "l_ZF"), want))
        rcx = self.moved(StateRead(_ADDR, "RCX"), Const(_ADDR, (1 << 64) - 1))
        loads = [k for k, s in enumerate(self.out) if isinstance(s, (RegWrite, StateWrite))]
        first = loads[0] if loads else len(self.out)
        body = [*self.out[:first], Let("r_cx", rcx), *self.out[first:],
                StateWrite("RCX", Var(_ADDR, "r_cx")), Assign("r_again", more)]
        self.out = []
        self.flag_writes()
        if self.out:
            body.append(If(Unary(BOOL, Op.LNOT, Var(BOOL, "r_again")), tuple(self.out)))
        again = Select(_ADDR, Var(BOOL, "r_again"), StateRead(_ADDR, "PC"),
                       StateRead(_ADDR, "NextPC"))
        return (*self.cuts(), before, Let("r_again", Const(BOOL, 0), True),
                If(Binary(BOOL, Op.NE, left, Const(_ADDR, 0)), tuple(body)), Branch(again))

    def cuts(self) -> list[Stmt]:
        """Index registers that are cut to 32 bits before anything else."""
        out: list[Stmt] = []
        for name in self.cut if self.enc.rep else ():
            reg = StateRead(_ADDR, name)
            low = Ext(_ADDR, False, Slice(Bits(32), 0, reg))
            out.append(StateWrite(name, self.by_address_size(reg, low, reg), True))
        return out

    # ---- values ------------------------------------------------------------

    def view_of(self, o: XOperand) -> str | None:
        width = self.isa.classes[o.regclass].width
        return None if o.width == width else f"R{o.width}"

    def register(self, o: XOperand) -> Expr:
        if o.regclass not in self.isa.classes:
            raise SpecError(self.insn.span, f"{self.insn.name}: registers of class {o.regclass} "
                                            "have no values")
        return RegRead(Bits(o.width), o.name, self.view_of(o))

    def name(self, e: A.Name) -> Value:
        if self.find(e.name) is None:
            if e.name == "sz":
                return IntVal.const(self.enc.sz)
            if e.name in self.operands:
                return self.operand(e)
            if e.name in FLAGS:
                return self.tracked_read(e, e.name, StateRead(_BIT, e.name))
            if i := self.implied(e.name):
                full = self.tracked_read(e, i.reg, StateRead(_ADDR, i.reg))
                return full if i.width == 64 else Slice(Bits(i.width), i.lo, full)
        return super().name(e)

    def implied(self, name: str) -> Implied | None:
        if name.startswith("r") and name[1:].isupper():
            name = {8: f"{name[1]}L", 16: name[1:], 32: f"E{name[1:]}",
                    64: f"R{name[1:]}"}.get(self.enc.sz, "")
        return IMPLIED.get(name)

    def tracked_read(self, e: A.Node, name: str, otherwise: Expr | None) -> Expr:
        t = self.tracked.get(name)
        if t is not None and name in self.live:
            if t.initial is None and f"l_{name}" not in self.assigned:
                raise self.fail(e, f"'{name}' may be read before it has a value")
            return Var(t.type, f"l_{name}")
        if otherwise is None:
            raise self.fail(e, f"'{name}' is not read by this instruction")
        return otherwise

    def operand(self, e: A.Name) -> Value:
        o: XOperand = self.operands[e.name]
        if o.name in self.tracked:
            return self.tracked_read(e, o.name, self.tracked[o.name].initial)
        if o.mem is not None:
            if not o.mem.bits:
                raise self.fail(e, f"'{e.name}' is an address only")
            return Var(Bits(o.width), f"m_{o.name}")
        if o.regclass:
            return self.register(o)
        if o.fixed >= 0:
            return IntVal.const(o.fixed)
        if o.source is Src.REL:
            x = Binary(_ADDR, Op.ADD, StateRead(_ADDR, "PC"),
                       Imm(_ADDR, o.name))
            return x if self.enc.sz == 64 else \
                Binary(_ADDR, Op.AND, x, Const(_ADDR, (1 << self.enc.sz) - 1))
        return Imm(Bits(o.width), o.name)
