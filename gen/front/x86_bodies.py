# SPDX-License-Identifier: MIT
"""Meanings of x86 instructions: bodies in ASL for all forms of a mnemonic.

A body is written once and checked for each encoding, where `sz` is the operand
size. It names
    operands        as the opcode tables do (dst, src, ...): registers of their
                    width, memory, immediates (bits of the operand's width)
    CF PF AF ZF SF DF OF  flags; several in one assignment: OSZAPC = ...
    RAX EAX AX AL AH ..., rAX rDX ... of the operand size: implied registers
    AddWithCarry(a, b, c), SubWithBorrow(a, b, c)  -> (result, OSZAPC)
    FlagsOf(x) -> SZP; LogicFlags(x) -> OSZPC; Condition(cc) -> boolean
    Push(x, n), Pop(n) -> 8 * n bits, Pop(n, m): of n bytes, m of them
    Branch(target); Advance(rSI) by one element; SetStack(x)
    EffectiveAddress(op), IsMemory(op), IsSegment(op), Bits(op), BitIndex(op)
and first of all one of Displace(op, BitBytes(op2)), KeepUnlessAssigned(op),
    LoadFirst(op), NotCodeSegment(op), RepCuts(registers)

Reads see the body's own writes: what is written waits in locals, and all is
committed at the end, memory first. An operand that is both read and written is
written back in any case (so that 32 bits clear the upper half), one that is
only written (or is KeepUnlessAssigned) keeps its old value where the body assigned
    nothing. Memory operands
are read once, at the start. LOCK makes the whole body an atomic update; REP one
iteration of itself.
"""
from __future__ import annotations

from dataclasses import replace

from aslparser import AslErrors, ast as A, parse_body

from gen.front.bodies import place
from gen.front.intval import IntVal, Value, to_bits
from gen.front.x86_frame import Tracked, X86Frame, zeroes_upper
from gen.front.x86_simd import SimdBodies
from gen.front.x86_state import FLAGS, Flags, Implied, condition
from gen.model.encoding import Body, Insn
from gen.model.isa import IsaInfo
from gen.model.override import Override
from gen.model.prefixed import Src, XOperand
from gen.model.sem import (Access, Assign, BOOL, Binary, Bits, Const, Expr, Ext, If, Let, Load,
                           Native, Op, OperandAddr, Prim, Raise, RegNum, Select, Sem, Slice,
                           StateRead, Stmt, Store, Unknown, Var)
from gen.support.errors import Errors, SpecError

_ADDR = Bits(64)
_BIT = Bits(1)


def _bit(cond: Expr) -> Expr:
    return Select(_BIT, cond, Const(_BIT, 1), Const(_BIT, 0))


class X86Checker(X86Frame):
    """Checks one encoding's body."""

    # ---- assignments -------------------------------------------------------

    def assign(self, target: A.Expr, value: A.Expr) -> None:
        match target:
            case A.Tuple(items=items):
                self.assign_all(target, items, value)
            case A.Name(name=n) if self.find(n) is None:
                self.assign_name(target, n, self.expr(value), value)
            case _:
                super().assign(target, value)

    def assign_all(self, target: A.Expr, items: tuple[A.Expr, ...], value: A.Expr) -> None:
        values = self.several(value) if isinstance(value, A.Call) else None
        if values is None or len(values) != len(items):
            raise self.fail(target, "the right side has no such values")
        for t, v in zip(items, values):
            if isinstance(t, A.Name):
                self.assign_name(t, t.name, v, value)
            elif not isinstance(t, A.Hole):
                raise self.fail(t, "expected a name or '-'")

    def assign_name(self, target: A.Expr, n: str, v: Value | Flags, at: A.Expr) -> None:
        if isinstance(v, Unknown) and v.type is None and set(n) <= set("OSZAPC"):
            v = Flags({letter: Unknown(_BIT) for letter in n})
        if isinstance(v, Flags):
            if not n or any(letter not in v for letter in n):
                raise self.fail(target, f"'{n}' is none of the flags {''.join(v)}")
            for letter in n:
                self.write(f"{letter}F", v[letter], StateRead(_BIT, f"{letter}F"))
        elif n in FLAGS:
            self.write(n, self.coerce(v, _BIT, at), StateRead(_BIT, n))
        elif i := self.implied(n):
            self.write_implied(i, self.coerce(v, Bits(i.width), at))
        elif n in self.tracked:
            self.write(n, self.coerce(v, self.tracked[n].type, at), self.tracked[n].initial)
        elif n in self.operands:
            raise self.fail(target, f"operand '{n}' is not declared as written")
        else:
            raise self.fail(target, f"'{n}' is not declared")

    def write_implied(self, i: Implied, v: Expr) -> None:
        """Registers that no operand names: the write policy of their width."""
        old = StateRead(_ADDR, i.reg)
        if i.width == 32:
            v = Ext(_ADDR, False, v)
        elif i.width < 32:
            t = self.tracked.get(i.reg)
            full = Var(_ADDR, f"l_{i.reg}") if t is not None and i.reg in self.live else old
            mask = ((1 << i.width) - 1) << i.lo
            v = Ext(_ADDR, False, v)
            if i.lo:
                v = Binary(_ADDR, Op.SHL, v, Const(_ADDR, i.lo))
            v = Binary(_ADDR, Op.OR, v, Binary(_ADDR, Op.AND, full,
                                               Const(_ADDR, ~mask & (1 << 64) - 1)))
        self.write(i.reg, v, old)

    def write(self, name: str, v: Expr, initial: Expr | None) -> None:
        t = self.tracked.setdefault(name, Tracked(v.type, initial))
        local = f"l_{name}"
        if name not in self.live and self.depth == 0:
            self.out.append(Let(local, v, mutable=True))
        else:
            if name not in self.live:
                self.hoisted.append(Let(local, t.initial or Const(t.type, 0), mutable=True))
                if t.keep:
                    t.flag = f"w_{name}"
                    self.hoisted.append(Let(t.flag, Const(BOOL, 0), mutable=True))
            self.out.append(Assign(local, v))
            if t.flag:
                self.out.append(Assign(t.flag, Const(BOOL, 1)))
        self.live.add(name)
        self.assigned.add(local)

    # ---- control -----------------------------------------------------------

    def nested(self, body: tuple[A.Stmt, ...]) -> tuple[tuple[Stmt, ...], set[str] | None]:
        self.depth += 1
        try:
            return super().nested(body)
        finally:
            self.depth -= 1

    def if_stmt(self, s: A.If, arms: tuple[A.Arm, ...]) -> None:
        cond = self.boolean(arms[0].cond)
        if isinstance(cond, Const):  # the form decides
            if cond.value:
                self.inline(arms[0].body)
            elif len(arms) > 1:
                self.if_stmt(s, arms[1:])
            else:
                self.inline(s.otherwise)
            return
        body = arms[0].body
        if len(body) == 1 and isinstance(body[0], A.CallStmt) and body[0].call.func == "Branch" \
                and len(arms) == 1 and not s.otherwise and self.depth == 0:
            self.jump(body[0].call, self.bind(cond))
            return
        super().if_stmt(s, arms)

    def inline(self, body: tuple[A.Stmt, ...]) -> None:
        self.scopes.append({})
        self.block(body)
        self.leave()

    def if_expr(self, e: A.IfExpr, arms: tuple[A.IfArm, ...]) -> Value:
        cond = self.boolean(arms[0].cond)
        if isinstance(cond, Const):
            if cond.value:
                return self.expr(arms[0].value)
            return self.if_expr(e, arms[1:]) if len(arms) > 1 else self.expr(e.otherwise)
        return super().if_expr(e, arms)

    def jump(self, c: A.Call, cond: Expr | None) -> None:
        """To a target of the operand size; in 64-bit mode it must be canonical."""
        if self.branch is not None or self.depth:
            raise self.fail(c, "a body branches once, and not inside other statements")
        (arg,) = self.args(c, 1)
        v = self.bits(arg)
        direct = isinstance(arg, A.Name) and arg.name in self.operands \
            and self.operands[arg.name].source is Src.REL
        if v.type != _ADDR:
            v = Ext(_ADDR, False, v)
        if not direct:
            v = self.bind(v)
            self.canonical(v)
        self.branch = cond, v

    def canonical(self, v: Expr) -> None:
        """GP(0) unless the upper bits of an address are all the same. (Intel; AMD
        faults when it fetches there.)"""
        mask = StateRead(_ADDR, "NONCANON")
        upper = Binary(_ADDR, Op.AND, v, mask)
        bad = Binary(BOOL, Op.LAND, Binary(BOOL, Op.NE, upper, Const(_ADDR, 0)),
                     Binary(BOOL, Op.NE, upper, mask))
        late = any(isinstance(s, Store) for s in self.out)  # of CALL: the address is pushed
        self.out.append(If(bad, (Raise("GP", Const(_ADDR, 0), late),)))

    # ---- calls -------------------------------------------------------------

    def call_stmt(self, c: A.Call) -> None:
        if c.func == "Branch":
            self.jump(c, None)
        elif c.func == "Push":
            x, n = self.args(c, 2)
            self.push(self.bits(x), self.static(n))
        elif c.func == "SetStack":
            (x,) = self.args(c, 1)
            self.set_stack(self.typed(x, _ADDR))
        elif c.func == "Advance":
            (x,) = self.args(c, 1)
            self.advance(x)
        elif c.func == "Release":
            (x,) = self.args(c, 1)
            v = self.bits(x)
            reg, _ = self.stack(Ext(_ADDR, False, v) if v.type != _ADDR else v)
            self.write("RSP", reg, StateRead(_ADDR, "RSP"))
        elif c.func in self.FIRST:
            raise self.fail(c, f"{c.func} is a body's first statement")
        else:
            super().call_stmt(c)

    def call(self, c: A.Call) -> Value:
        match c.func:
            case "Condition":
                (x,) = self.args(c, 1)
                return condition(self.static(x), lambda f: self.name(A.Name(c.span, f)))
            case "FlagsOf" | "LogicFlags":
                (x,) = self.args(c, 1)
                v = self.bits(x)
                flags = self.flags_of(v if isinstance(v, (Var, Const)) else self.bind(v))
                if c.func == "LogicFlags":
                    flags |= {"O": Const(_BIT, 0), "C": Const(_BIT, 0)}
                return Flags(flags)
            case "Pop":
                n = [self.static(x) for x in c.args]
                if len(n) not in (1, 2):
                    raise self.fail(c, "Pop takes the bytes to leave and those to read")
                return self.pop(*n)
            case "IsMemory":
                (x,) = self.args(c, 1)
                return Const(BOOL, int(self.operand_of(x).mem is not None))
            case "IsSegment":
                (x,) = self.args(c, 1)
                return Const(BOOL, int(self.operand_of(x).regclass == "seg"))
            case "Bits":
                (x,) = self.args(c, 1)
                return IntVal.const(self.operand_of(x).width)
            case "Clear":
                self.args(c, 0)
                return Flags({letter: Const(_BIT, 0) for letter in "OSZAPC"})
            case "BitIndex":
                (x,) = self.args(c, 1)
                n = self.enc.sz.bit_length() - 2
                return IntVal.of(Slice(Bits(n + 1), 0, self.bits(x)), False)
            case "BitBytes":
                (x,) = self.args(c, 1)
                return self.bit_bytes(self.operand_of(x), self.bits(x))
            case "EffectiveAddress":
                (x,) = self.args(c, 1)
                return OperandAddr(_ADDR, self.operand_of(x).name, None, "offset")
        return super().call(c)

    def bit_bytes(self, o: XOperand, v: Expr) -> Expr:
        """How far from the operand a bit's word is: an offset in a register is
        signed and may be any; one in an immediate stays inside."""
        if not o.regclass:
            return Const(_ADDR, 0)
        n = self.enc.sz.bit_length() - 1
        v = v if v.type == _ADDR else Ext(_ADDR, True, v)
        words = Binary(_ADDR, Op.ASHR, v, Const(_ADDR, n))
        return Binary(_ADDR, Op.SHL, words, Const(_ADDR, n - 3))

    def operand_of(self, e: A.Expr) -> XOperand:
        if not isinstance(e, A.Name) or e.name not in self.operands:
            raise self.fail(e, "expected an operand")
        return self.operands[e.name]

    def flags_of(self, r: Expr) -> dict[str, Expr]:
        w = r.type.width
        return {"S": Slice(_BIT, w - 1, r), "Z": _bit(Binary(BOOL, Op.EQ, r, Const(r.type, 0))),
                "P": Prim(_BIT, "Parity", (r,))}

    def several(self, c: A.Call) -> tuple[Value | Flags, ...] | None:
        """Functions of more than one value."""
        if c.func not in ("AddWithCarry", "SubWithBorrow"):
            return None
        x, y, z = self.args(c, 3)
        a, carry = self.bits(x), self.typed(z, _BIT)
        b = self.expr(y)
        b = self.coerce(b, a.type, y) if isinstance(b, IntVal) else b
        if a.type != b.type:
            raise self.fail(c, f"{c.func} of {a.type} and {b.type}")
        a, b = (v if isinstance(v, (Var, Const)) else self.bind(v) for v in (a, b))
        add = c.func == "AddWithCarry"
        op, prim = (Op.ADD, "Add") if add else (Op.SUB, "Sub")
        r = Binary(a.type, op, a, b)
        if carry != Const(_BIT, 0):
            r = Binary(a.type, op, r, Ext(a.type, False, carry))
            carry = self.bind(carry)
        r = self.bind(r)
        three = (a, b, carry)
        half = Binary(a.type, Op.XOR, Binary(a.type, Op.XOR, a, b), r)
        flags = self.flags_of(r)
        flags |= {"C": Prim(_BIT, "AddCarry" if add else "SubBorrow", three),
                  "O": Prim(_BIT, f"{prim}Overflow", three), "A": Slice(_BIT, 4, half)}
        return r, Flags(flags)

    # ---- stack and strings -------------------------------------------------

    def stack(self, offset: int | Expr) -> tuple[Expr, Expr]:
        """The stack pointer moved by offset bytes: the register, the address."""
        if isinstance(offset, int):
            offset = Const(_ADDR, offset % (1 << 64))
        rsp = self.tracked_read(None, "RSP", StateRead(_ADDR, "RSP"))
        mask = StateRead(_ADDR, "SPMASK")
        low = Binary(_ADDR, Op.AND, Binary(_ADDR, Op.ADD, rsp, offset), mask)
        kept = Binary(_ADDR, Op.AND, rsp, _not(mask))
        return Binary(_ADDR, Op.OR, low, kept), \
            Binary(_ADDR, Op.ADD, low, StateRead(_ADDR, "SSBASE"))

    def set_stack(self, v: Expr) -> None:
        """The stack pointer becomes v, as far as the stack's size has it."""
        mask = StateRead(_ADDR, "SPMASK")
        rsp = self.tracked_read(None, "RSP", StateRead(_ADDR, "RSP"))
        self.write("RSP", Binary(_ADDR, Op.OR, Binary(_ADDR, Op.AND, v, mask),
                                 Binary(_ADDR, Op.AND, rsp, _not(mask))),
                   StateRead(_ADDR, "RSP"))

    def push(self, v: Expr, n: int) -> None:
        """The stack moves by n bytes, all of v is stored."""
        v = v if isinstance(v, (Var, Const)) else self.bind(v)
        reg, addr = self.stack(-n)
        self.out.append(Store(self.bind(addr), v, Access(v.type.width // 8, how=("stack",))))
        self.write("RSP", reg, StateRead(_ADDR, "RSP"))

    def pop(self, n: int, size: int = 0) -> Expr:
        """n bytes from the stack, of which the first `size` are read (0: all)."""
        reg, _ = self.stack(n)
        name, n_read = self.temp(), size or n
        self.out.append(Load(name, self.bind(self.stack(0)[1]), Access(n_read, how=("stack",))))
        self.write("RSP", reg, StateRead(_ADDR, "RSP"))
        self.popped += n
        return Var(Bits(8 * n_read), name)

    def advance(self, e: A.Expr) -> None:
        i = self.implied(e.name) if isinstance(e, A.Name) else None
        if i is None:
            raise self.fail(e, "Advance takes an index register")
        n = self.enc.sz // 8
        down = Binary(BOOL, Op.EQ, StateRead(_BIT, "DF"), Const(_BIT, 1))
        delta = Select(_ADDR, down, Const(_ADDR, (1 << 64) - n), Const(_ADDR, n))
        reg = StateRead(_ADDR, i.reg)
        self.write(i.reg, self.moved(reg, delta), reg)

    def load_first(self, c: A.Call) -> None:
        (x,) = self.args(c, 1)
        self.first = self.operand_of(x).name

    def rep_cuts(self, c: A.Call) -> None:
        self.cut = [a.name for a in c.args if isinstance(a, A.Name)]

    def not_cs(self, c: A.Call) -> None:
        (x,) = self.args(c, 1)
        o = self.operand_of(x)
        if o.regclass == "seg":
            number = RegNum(Bits(8), o.name)
            self.out.append(If(Binary(BOOL, Op.EQ, number, Const(Bits(8), 1)),
                               (Raise("UNDEFINED"),)))

    def keep(self, c: A.Call) -> None:
        """Of a register: memory is written back."""
        (x,) = self.args(c, 1)
        o = self.operand_of(x)
        if o.regclass:
            self.tracked[o.name].keep = True

    def displace(self, c: A.Call) -> None:
        x, y = self.args(c, 2)
        o = self.operand_of(x)
        if o.mem is None:
            return
        v = self.expr(y)
        self.displaced[o.name] = to_bits(v, 64) if isinstance(v, IntVal) else \
            self.coerce(v, _ADDR, y)


X86Checker.FIRST = {
    "Displace": X86Checker.displace,
    "KeepUnlessAssigned": X86Checker.keep,
    "RepCuts": X86Checker.rep_cuts,
    "LoadFirst": X86Checker.load_first,
    "NotCodeSegment": X86Checker.not_cs,
}


def _not(e: Expr) -> Expr:
    return Binary(e.type, Op.XOR, e, Const(e.type, (1 << e.type.width) - 1))


class X86Bodies:
    """All encodings with their meanings; each text is parsed once."""

    def __init__(self, entries: dict[str, Body], info: IsaInfo, errors: Errors,
                 checkers: dict[str, type[X86Checker]]) -> None:
        self.entries, self.info, self.errors = entries, info, errors
        self.checkers = checkers
        self.parsed: dict[str, tuple[A.Stmt, ...] | None] = {}
        self.used: set[str] = set()

    def key(self, insn: Insn) -> str:
        shown = sum(o.shown for o in insn.operands if o.name != "ndd")
        exact = f"{insn.encoding.mnemonic}/{shown}"
        return exact if exact in self.entries else insn.encoding.mnemonic

    def parse(self, key: str) -> tuple[A.Stmt, ...] | None:
        if key not in self.parsed:
            body = self.entries[key]
            try:
                self.parsed[key] = parse_body(body.text, "")
            except AslErrors as e:
                self.parsed[key] = None
                for err in e.errors:
                    self.errors.add(place(body, err.span.line, err.span.col),
                                    f"{key}: {err.message}")
        return self.parsed[key]

    def check(self, insn: Insn) -> Sem | None:
        """None: not stated, or wrong."""
        key = self.key(insn)
        if key not in self.entries or any(o.regclass and o.regclass not in self.info.classes
                                          for o in insn.operands):
            return None  # control and debug registers have no meaning yet
        self.used.add(key)
        stmts, body = self.parse(key), self.entries[key]
        if stmts is None:
            return None
        try:
            checker = self.checkers.get(insn.encoding.extension, X86Checker)
            return checker(insn, self.info, self.errors, lambda node: place(
                body, node.span.line, node.span.col)).check(stmts)
        except SpecError as e:
            self.errors.take(e)
            return None


def check_x86(insns: tuple[Insn, ...], entries: dict[str, Body], info: IsaInfo,
              overrides: dict[str, Override], simd: SimdBodies, errors: Errors,
              checkers: dict[str, type[X86Checker]]) -> list[tuple[Insn, Sem]]:
    """Every encoding with its meaning. What is not stated is an executor that
    says so; a body without an encoding is an error. checkers: of bodies of a
    feature, where they have one of their own."""
    bodies = X86Bodies(entries, info, errors, checkers)
    out = []
    for insn in insns:
        insn = replace(insn, operands=tuple(
            replace(o, regclass="gpr") if o.name == "ndd" or zeroes_upper(insn.encoding, o) else
            replace(o, width=64) if o.source is Src.REL else o for o in insn.operands))
        override = overrides.get(insn.name)
        sem = Sem((override.native,)) if override else bodies.check(insn) or simd.check(insn)
        key = bodies.key(insn)
        if key in entries:
            insn = replace(insn, span=entries[key].lines[0])
        out.append((insn, sem or Sem((Native(f"{info.prefix}_unstated", False, True, False),))))
    simd.finish()
    for key in entries.keys() - bodies.used:
        errors.add(entries[key].lines[0], f"{key}: no encoding has this mnemonic")
    return out
