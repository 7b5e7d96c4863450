# SPDX-License-Identifier: MIT
"""Meanings of x87 instructions: the frame that all of them have.

A body says what is computed from values; everything else is stated here:

before  #NM where CR0 says so, then the *deferred* exception: what an earlier
        instruction raised and no mask held back has set FSW.ES, and is raised as
        #MF by the next instruction that waits (SDM volume 1, 8.6). Memory is
        read, then stack faults are found: an empty register that is read, a
        full one that a push would overwrite (8.5.1.1).
after   If an exception that is not masked keeps the result back, the destination,
        TOP and the tags stay as they are; nothing else is undone, the instruction
        is complete, and the next one faults. Else the result is written, with the
        value "indefinite" after a masked stack fault, and the stack moves. FIP
        follows every instruction, FDP and FOP those that leave an exception
        pending (what CPUID calls FDP_EXCPTN_ONLY; older processors set them
        always).

Bodies name CC (C3, C2, C0 as FPOrder gives them), C1, C2, TOP; FPConvert and
FPWiden to the width that a value has are that value; OutOfRange(x): |x| >= 2^63;
Empty(op): its tag. In the opcode tables `stp`
is the register that a push makes ST(0); pop, pop2: registers that are popped
behind; free: the tag of the operand is emptied; any: it may be empty. control: no frame but #NM and
#MF; FSW FCW FTW FIP FDP FOP have names. nowait: no #MF; mp: #NM needs CR0.MP; mmx: CR0.EM is #UD.
"""
from __future__ import annotations

from aslparser import ast as A

from gen.front.intval import IntVal, Value
from gen.front import x86_mmx
from gen.front.x86_bodies import X86Checker
from gen.model.prefixed import Src, XOperand
from gen.model.sem import (BOOL, Access, Binary, Bits, Const, Decoded, Expr, Ext, FpLet, FpStatus,
                           If, Op, OperandAddr, Prim, Raise, RegNum, RegWrite, Select,
                           Slice, StateRead, StateWrite, Stmt, Store, Unary, Var, walk_stmts)
from gen.support.errors import SpecError

_BIT, _TOP, _BYTE, _SIX, _WORD = Bits(1), Bits(3), Bits(8), Bits(6), Bits(16)
_LONG, F80 = Bits(64), Bits(80)
INDEFINITE = {80: 0xFFFF_C000_0000_0000_0000, 64: 0xFFF8_0000_0000_0000, 32: 0xFFC0_0000}
_CONTROL = {"FSW": _WORD, "FCW": _WORD, "FTW": _BYTE, "FIP": _LONG, "FDP": _LONG, "FOP": Bits(11)}
_FRAME = {"CC": _TOP, "C1": _BIT, "C2": _BIT, "TOP": _TOP}
_EM, _TS, _MP = 4, 8, 2  # of CR0
_IE, _DE, _ZE, _OE, _UE = 1, 2, 4, 8, 16
_ST = "st"  # the register class
_PUSHED = 7  # the number of `stp`


def _state(name: str) -> Expr:
    return StateRead(_CONTROL[name], name)


def _is(bit: Expr) -> Expr:
    return Binary(BOOL, Op.NE, bit, Const(bit.type, 0))


def _and(a: Expr, mask: int) -> Expr:
    return Binary(a.type, Op.AND, a, Const(a.type, mask))


def _or(a: Expr, b: Expr) -> Expr:
    return Binary(a.type, Op.OR, a, b)


def _shifted(bit: Expr, to: int) -> Expr:
    """A narrow value at a place in a word."""
    return Binary(_WORD, Op.SHL, Ext(_WORD, False, bit), Const(_WORD, to))


class X87Checker(X86Checker):
    """Checks one encoding's body and puts the frame around it."""

    fpenv = "x87"
    bound_top: Expr | None = None

    @property
    def control(self) -> bool:
        return "control" in self.enc.flags

    # ---- before ------------------------------------------------------------

    def load_operands(self) -> None:
        if "mmx" in self.enc.flags:
            self.out += x86_mmx.before()
            super().load_operands()
            return
        cr0 = StateRead(_LONG, "CR0")
        mask = _TS | (_MP if "mp" in self.enc.flags else _EM)
        bits = _and(cr0, mask)
        absent = Binary(BOOL, Op.EQ, bits, Const(_LONG, mask)) if "mp" in self.enc.flags \
            else _is(bits)
        self.out.append(If(absent, (Raise("NM"),)))
        if "nowait" not in self.enc.flags:
            self.out.append(If(_is(_and(_state("FSW"), 0x80)), (Raise("MF"),)))
        super().load_operands()
        if not self.control:
            self.look_at_stack()

    def stack_operands(self, access: str) -> list[XOperand]:
        return [o for o in self.insn.operands if o.regclass == _ST and access in o.access]

    def look_at_stack(self) -> None:
        under: Expr = Const(_BIT, 0)
        for o in self.stack_operands("r" if "any" not in self.enc.flags else "?"):
            empty = self.bind(self.empty(o))
            under = empty if under == Const(_BIT, 0) else _or(under, empty)
            if len(self.stack_operands("w")) > 1:  # FXCH: each register for itself
                self.tracked[o.name].initial = Select(
                    F80, _is(empty), Const(F80, INDEFINITE[80]), self.register(o))
        self.over: Expr = Const(_BIT, 0)
        if self.pushes:
            full = Binary(_BIT, Op.XOR, self.empty(self.stack_operands("w")[0]), Const(_BIT, 1))
            if isinstance(under, Const):
                self.over = self.bind(full)
            else:  # an empty operand is found first
                self.over = self.bind(Binary(_BIT, Op.AND, full, Binary(
                    _BIT, Op.XOR, under, Const(_BIT, 1))))
        self.fault = under if isinstance(self.over, Const) else \
            self.over if isinstance(under, Const) else self.bind(_or(under, self.over))
        if not isinstance(self.fault, (Const, Var)):
            self.fault = self.bind(self.fault)

    @property
    def top(self) -> Expr:
        if self.bound_top is None:
            self.bound_top = self.bind(Slice(_TOP, 11, _state("FSW")))
        return self.bound_top

    @property
    def pushes(self) -> bool:
        return any(o.fixed == _PUSHED for o in self.stack_operands("w"))

    def slot(self, o: XOperand) -> Expr:
        """The number of the physical register."""
        n: Expr = Const(_TOP, o.fixed) if o.source is Src.FIXED else \
            Slice(_TOP, 0, RegNum(_BYTE, o.name))
        return self.top if n == Const(_TOP, 0) else Binary(_TOP, Op.ADD, self.top, n)

    def empty(self, o: XOperand) -> Expr:
        return Slice(_BIT, 0, Binary(_BYTE, Op.LSHR, _state("FTW"),
                                     Ext(_BYTE, False, self.slot(o))))

    # ---- names -------------------------------------------------------------

    def name(self, e: A.Name) -> Value:
        if self.find(e.name) is None:
            if self.control and e.name in _CONTROL:
                return self.tracked_read(e, e.name, _state(e.name))
            if e.name == "FCW":
                return _state("FCW")
            if not self.control and self.status_field(e.name) is not None:
                return self.tracked_read(e, e.name, self.status_field(e.name))
        return super().name(e)

    def status_field(self, name: str) -> Expr | None:
        """Fields of the status word that bodies may read."""
        bit = {"C1": 9, "C2": 10}.get(name)
        if bit is not None:
            return Slice(_BIT, bit, _state("FSW"))
        return self.top if name == "TOP" else None

    def assign_name(self, target: A.Expr, n: str, v: object, at: A.Expr) -> None:
        if self.control and n in _CONTROL:
            self.write(n, self.coerce(v, _CONTROL[n], at), _state(n))
        elif not self.control and n in _FRAME:
            self.write(n, self.coerce(v, _FRAME[n], at), self.status_field(n))
        else:
            super().assign_name(target, n, v, at)

    def call(self, c: A.Call) -> Value:
        if c.func in ("FPConvert", "FPWiden") and len(c.args) == 2:
            v = self.bits(c.args[0])
            if v.type.width == self.static(c.args[1]):
                return v
        if c.func == "Width":
            (x,) = self.args(c, 1)
            return IntVal.const(self.operand_of(x).width)
        if c.func == "Empty":
            (x,) = self.args(c, 1)
            return self.empty(self.operand_of(x))
        if c.func == "OutOfRange":
            (x,) = self.args(c, 1)
            return self.out_of_range(self.typed(x, F80))
        return super().call(c)

    @staticmethod
    def out_of_range(v: Expr) -> Expr:
        """Is the magnitude of a number 2^63 or more? Bits(1)."""
        e = Slice(Bits(15), 64, v)
        far = Binary(BOOL, Op.LAND, Binary(BOOL, Op.ULE, Const(e.type, 16383 + 63), e),
                     Binary(BOOL, Op.NE, e, Const(e.type, 0x7FFF)))
        return Select(_BIT, far, Slice(_BIT, 63, v), Const(_BIT, 0))

    # ---- after -------------------------------------------------------------

    def finish(self) -> tuple[Stmt, ...]:
        if self.control:
            super().finish()
            for n in _CONTROL:
                if n in self.tracked:
                    self.commit(n, lambda v, n=n: StateWrite(n, v))
            return tuple(self.out)
        self.out = [*self.hoisted, *self.out]
        exc, c1 = self.raised()
        trap = self.bind(Binary(_SIX, Op.AND, exc, Unary(_SIX, Op.NOT,
                                                         Slice(_SIX, 0, _state("FCW")))))
        go = self.bind(Binary(BOOL, Op.EQ, _and(trap, self.keeping()), Const(_SIX, 0)))
        status = self.bind(self.status(exc, c1, go))
        tags = self.bind(Select(_BYTE, go, self.tags(), _state("FTW")))
        written = [(o, self.result(o)) for o in self.insn.operands if o.name in self.tracked]
        flags = [(f, self.bind(self.after_fault(Var(_BIT, f"l_{f}"), f in ("ZF", "PF", "CF"))))
                 for f in ("OF", "SF", "ZF", "AF", "PF", "CF") if f in self.live]
        for o, v in written:
            if o.mem is not None:
                addr = self.bind(self.address(o))
                self.out.append(If(go, (Store(addr, v, Access(o.width // 8, how=self.access(
                    o).how)),)))
        pointers = self.pointers(trap)
        stack = tuple(RegWrite(o.name, None, v) for o, v in written if o.mem is None)
        if stack:
            self.out.append(If(go, stack))
        self.out += [StateWrite(f, v) for f, v in flags]
        self.out += [*pointers, StateWrite("FTW", tags), StateWrite("FSW", status)]
        return tuple(self.out)

    def raised(self) -> tuple[Expr, Expr]:
        """Exceptions in the order of the status word, and C1."""
        flags: Expr = Const(_BYTE, 0)
        up: Expr = Const(_BIT, 0)
        if any(isinstance(s, FpLet) for s in walk_stmts(tuple(self.out))):
            flags = FpStatus(_BYTE, "flags")
            up = Slice(_BIT, 0, FpStatus(_BYTE, "up"))
        if "C1" in self.live:
            up = Var(_BIT, "l_C1")
        exc = self.bind(Prim(_SIX, "X87Exceptions", (flags, self.fault)))
        return exc, self.bind(self.select(self.over, up))

    def select(self, faulty: Expr, otherwise: Expr) -> Expr:
        """By stack fault."""
        if isinstance(self.fault, Const) or faulty == otherwise:
            return otherwise
        return Select(otherwise.type, _is(self.fault), faulty, otherwise)

    def after_fault(self, v: Expr, one: bool) -> Expr:
        return self.select(Const(v.type, int(one)), v)

    def keeping(self) -> int:
        """The exceptions that keep a result back where they are not masked."""
        memory = any(o.mem is not None and "w" in o.access for o in self.insn.operands)
        loads = self.pushes and any(o.mem is not None for o in self.insn.operands)
        return _IE | _ZE | (0 if loads else _DE) | (_OE | _UE if memory else 0)

    def status(self, exc: Expr, c1: Expr, go: Expr) -> Expr:
        sw: Expr = Prim(_WORD, "X87Status", (_state("FSW"), _state("FCW"), exc, self.fault))
        if c1 != Const(_BIT, 0):
            sw = _or(sw, _shifted(c1, 9))
        if "CC" in self.live:
            cc = self.bind(self.select(Const(_TOP, 7), Var(_TOP, "l_CC")))
            sw = _or(_and(sw, 0xBAFF), _or(_shifted(Slice(_BIT, 2, cc), 14),
                                           _or(_shifted(Slice(_BIT, 1, cc), 10),
                                               _shifted(Slice(_BIT, 0, cc), 8))))
        if "C2" in self.live:
            c2 = self.select(Const(_BIT, 0), Var(_BIT, "l_C2"))
            sw = _or(_and(sw, 0xFBFF), _shifted(c2, 10))
        if "TOP" in self.live:
            moved: Expr = Var(_TOP, "l_TOP")
        elif self.delta():
            moved = Binary(_TOP, Op.ADD, self.top, Const(_TOP, self.delta() % 8))
        else:
            return sw
        return _or(_and(sw, 0xC7FF), _shifted(Select(_TOP, go, moved, self.top), 11))

    def delta(self) -> int:
        return -1 if self.pushes else self.pops()

    def pops(self) -> int:
        return 2 if "pop2" in self.enc.flags else int("pop" in self.enc.flags)

    def tags(self) -> Expr:
        """The tags when the result is delivered."""
        def bit(place: Expr) -> Expr:
            return Binary(_BYTE, Op.SHL, Const(_BYTE, 1), Ext(_BYTE, False, place))

        out = _state("FTW")
        for o in self.stack_operands("w"):
            out = Binary(_BYTE, Op.AND, out, Unary(_BYTE, Op.NOT, bit(self.slot(o))))
        freed = [self.slot(o) for o in self.insn.operands
                 if o.regclass == _ST and "free" in self.enc.flags]
        freed += [Binary(_TOP, Op.ADD, self.top, Const(_TOP, k)) for k in range(self.pops())]
        for p in freed:
            out = _or(out, bit(p))
        return out

    def result(self, o: XOperand) -> Expr:
        """What an operand is assigned, or the indefinite value."""
        t = self.tracked[o.name]
        if o.name not in self.live or t.initial is None and f"l_{o.name}" not in self.assigned:
            raise SpecError(self.insn.span, f"{self.insn.name}: {o.name} is not assigned")
        v: Expr = Var(t.type, f"l_{o.name}")
        if len(self.stack_operands("w")) > 1:
            return v
        last = [s for s in walk_stmts(tuple(self.out)) if isinstance(s, FpLet)][-1:]
        whole = last and last[0].op.name == "FPToSInt"
        bad = 1 << (o.width - 1) if whole else INDEFINITE[o.width]
        return self.bind(self.select(Const(t.type, bad), v))

    def pointers(self, trap: Expr) -> list[Stmt]:
        """FIP, and where an exception will be pending FOP and FDP."""
        pending = _is(trap)
        out: list[Stmt] = [StateWrite("FIP", StateRead(_LONG, "PC")), self.kept(
            "FOP", pending, Decoded(_CONTROL["FOP"], "X87OPCODE"))]
        memory = next((o for o in self.insn.operands if o.mem is not None), None)
        if memory is not None:
            at = OperandAddr(_LONG, memory.name, None, "offset")
            out.append(self.kept("FDP", pending, at))
        return out

    def kept(self, name: str, cond: Expr, value: Expr) -> Stmt:
        return StateWrite(name, self.bind(Select(value.type, cond, value, _state(name))))
