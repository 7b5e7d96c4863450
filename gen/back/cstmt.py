# SPDX-License-Identifier: MIT
"""C text of statements, in two dialects.

exec: the exact executor; faults return RX_FAULT, control is a status.
thr: the fast handler; whatever is not the fast way bails out to the executor
before anything is committed. A fused handler is several bodies in one function,
told apart by the record index k (names get it as suffix).
"""
from __future__ import annotations

import re

from gen.back import cgroup
from gen.back.cexpr import CExpr, ctype, narrow
from gen.back.clanes import LaneText, NotFast
from gen.model import prims
from gen.model.effects import Effects, Flow
from gen.model.encoding import Insn, IsaEncodings, Operand
from gen.model.isa import Above, IsaInfo
from gen.model.lanes import VECTOR_WRITES, Elem, Lanes, TryLoad, VecLocal
from gen.model.sem import (Access, Assign, Atomic, Binary, Bits, Bool, Branch, Check, Decoded,
                           Done, Expr, Ext, FpLet, FpOp, FpStatus, Hook, If, Imm, Let, Load,
                           Lookup, Native, Op, OperandAddr, Raise, RegNum, RegRead, RegWrite,
                           Rmw, Sem, StateRead, StateWrite, Stmt, Store, all_exprs, walk_stmts)


_LOOPS = {Op.CLMUL, Op.CLMULH}  # loops, which need more registers than handlers have


class Emitter(LaneText):
    """Emits one body. forward: C of operand reads that a fused predecessor knows."""

    def __init__(self, insn: Insn, isa: IsaInfo, enc: IsaEncodings, eff: Effects, *,
                 fast: str | None = None, k: int = 0, single: bool = True,
                 forward: dict[tuple[str, str | None], str] | None = None) -> None:
        self.insn, self.isa, self.enc, self.eff = insn, isa, enc, eff
        self.fast = fast  # None: exec dialect; else the rounding direction ("" any)
        self.k = k
        self.forward = forward or {}
        self.rec = "i" if single else f"i[{k}]"
        self.arrow = "->" if single else "."
        self.sfx = "" if single else f"_{k}"
        self.expr = CExpr(self.leaf, self.sfx)
        self.lines: list[str] = []
        self.depth = 1
        self.written: dict[tuple[str, str | None], str] = {}  # operand and view -> C of the value
        self.done = False  # thr: something is committed, the executor cannot take over
        self.tables = 0
        # exec: environments, by what FpLet.env calls them: their names in C, and
        # what they hold of a direction
        self.envs: dict[str, str] = {"": "env"} if not isa.fpenvs else {}
        self.round = {"env": _DYNAMIC if eff.rounds else ""}
        self.pointers: dict[str, str] = {}
        self.faulting: list[tuple[Stmt, ...]] = []

    # ---- leaves ------------------------------------------------------------

    def member(self, text: str) -> str:
        return f"{self.rec}{self.arrow}{text}"

    def operand(self, name: str) -> Operand:
        return self.insn.operand(name)

    def imm64(self, op: Operand) -> str:
        """The operand extended to 64 bits as declared."""
        p = op.place
        if not p.in_imm:  # slots hold no signed values, see passes.layout
            return f"(uint64_t){self.member(f'r[{p.slot}]')}"
        raw = self.member("imm")
        if p.width == 64:
            return raw
        part = narrow(f"({raw} >> {p.shift})" if p.shift else raw, p.width)
        return f"(uint64_t)rx_sext({part}, {p.width})" if op.signed else part

    def regnum(self, op: Operand) -> str:
        if op.number >= 0:
            return str(op.number)
        if op.place.in_imm:
            return f"({self.member('imm')} >> {op.place.shift} & {(1 << op.place.width) - 1:#x})"
        n = self.member(f"r[{op.place.slot}]")
        return f"({n} & {(1 << op.place.width) - 1:#x})" if op.place.width else n

    def reg(self, op: Operand, plus: int = 0) -> str:
        cls = self.isa.classes[op.regclass]
        n = self.regnum(op)
        if plus:
            n = f"({n} + {plus}u) % {len(self.enc.reg(op.regclass).names)}"
        return f"{cls.at}(c, {n})" if cls.at else f"c->{cls.state}[{n}]"

    def leaf(self, e: Expr) -> str:
        match e:
            case Imm(operand=n):
                op = self.operand(n)
                return narrow(self.imm64(op), op.width) if op.signed else self.imm64(op)
            case RegRead(operand=n, view=v, plus=plus):
                return not plus and self.forward.get((n, v)) \
                    or self.reg_read(self.operand(n), v, plus)
            case RegNum(operand=n):
                op = self.operand(n)
                names = next((r for r in self.enc.regs if r.name == op.regclass), None)
                drop = names and (names.moved or "w" in op.access and names.drop)
                num = self.regnum(op)
                if drop:
                    return f"(uint64_t)({num} == {drop[1]} ? {drop[0]} : {num})"
                return f"(uint64_t){num}"
            case Lookup():
                return self.lookup(e)
            case Elem():
                return self.elem(e)
            case StateRead(name="PC"):
                return self.member("pc")
            case StateRead(name="Extended"):
                return f"({self.member('left')} & RX_GROUP_EXTENDED)"
            case StateRead(name="NextPC"):
                return f"({self.member('pc')} + {self.member('len')})"
            case StateRead(type=t, name=n):
                return f"({ctype(t)})c->{self.isa.scalars[n].field}"
            case OperandAddr(plus=p, part=part):
                plus = self.e(p) if p is not None else "0"
                if self.rec != "i":
                    raise NotFast
                return self.isa.addresses[part].c.format(plus)
            case FpStatus(what="round", env=env):
                return f"{self.environment(env)}.round"
            case FpStatus(what=w):
                return " | ".join(f"(uint64_t){v}.{w}" for n, v in self.envs.items()
                                  if n not in self.isa.quiet) or "0"
            case Decoded(type=t, name=n):
                if self.k or self.rec != "i":
                    raise NotFast
                return f"({ctype(t)}){self.isa.decoded[n].c}"
        raise TypeError(e)

    def reg_read(self, op: Operand, view: str | None, plus: int) -> str:
        cls = self.isa.classes[op.regclass]
        if cgroup.special(cls):
            return cgroup.read(cls, op, self.regnum(op))
        v, reg = self.isa.views[view] if view else None, self.reg(op, plus)
        if v is None or v.width == self.isa.classes[op.regclass].width:
            return reg
        return f"rx_unbox{v.width}({reg})" if v.box else narrow(reg, v.width)

    def lookup(self, e: Lookup) -> str:
        name = f"table{self.tables or ''}{self.sfx}"
        self.tables += 1
        width = next(w for w in (8, 16, 32, 64) if e.type.width <= w)
        self.put(f"static const uint{width}_t {name}[] = {{")
        for j in range(0, len(e.values), 4):
            self.put("\t" + " ".join(f"UINT64_C({v:#x})," for v in e.values[j:j + 4]))
        self.put("};")
        return f"{name}[{self.e(e.index)}]"

    def e(self, e: Expr) -> str:
        # an immediate is stored extended: do not cut and extend it again
        if isinstance(e, Ext) and isinstance(e.a, Imm) and e.type == Bits(64) \
                and e.signed == self.operand(e.a.operand).signed:
            return self.imm64(self.operand(e.a.operand))
        return self.expr.emit(e)

    def condition(self, e: Expr) -> str:
        """In the parentheses that if wants, and no more: compilers warn of them."""
        text = self.e(e)
        return text if isinstance(e, Binary) else f"({text})"

    # ---- statements --------------------------------------------------------

    def put(self, text: str) -> None:
        self.lines.append("\t" * self.depth + text)

    def body(self, stmts: tuple[Stmt, ...]) -> None:
        if self.fast is not None and any(isinstance(e, Binary) and e.op in _LOOPS
                                         for e in all_exprs(stmts)):
            raise NotFast
        for s in stmts:
            self.stmt(s)

    def stmt(self, s: Stmt) -> None:
        match s:
            case Let(name=n, value=v):
                self.put(f"{ctype(v.type)} {n}{self.sfx} = {self.e(v)};")
            case Assign(name=n, value=v):
                self.put(f"{n}{self.sfx} = {self.e(v)};")
            case Load():
                self.load(s)
            case Store():
                self.store(s)
            case Rmw():
                self.rmw(s)
            case Atomic():
                self.atomic(s)
            case Hook():
                self.hook(s)
            case Check(hook=h, args=args):
                self.hook(Hook(None, h, args))
            case FpLet():
                self.fp(s)
            case RegWrite():
                self.write(s)
            case StateWrite(name=n, value=v):
                value = self.e(v)
                self.put(f"c->{self.isa.scalars[n].field} = {value};")
                self.done = True
            case If():
                self.if_(s)
            case Branch(target=t):
                self.jump(t)
            case Done():
                if self.fast is not None:
                    raise NotFast
                self.put("return RX_NEXT;")
            case Raise():
                self.raise_(s)
            case Native(function=f):
                if self.fast is not None:
                    raise NotFast
                self.put(f"return {f}(cpu, i);")
            case VecLocal() | TryLoad() | Lanes():
                self.lane_stmt(s)
            case _ if isinstance(s, VECTOR_WRITES):
                self.lane_stmt(s)
            case _:
                raise TypeError(s)

    def if_(self, s: If) -> None:
        if self.fast is not None:
            self.fast_branch(s)
            return
        before = dict(self.round)
        self.put(f"if {self.condition(s.cond)} {{")
        self.nested(s.then)
        if s.other:
            self.put("} else {")
            self.round = dict(before)
            self.nested(s.other)
        self.put("}")
        self.round = {}

    def nested(self, stmts: tuple[Stmt, ...]) -> None:
        self.depth += 1
        self.body(stmts)
        self.depth -= 1

    def fast_branch(self, s: If) -> None:
        if self.eff.flow is not Flow.BRANCH or not isinstance(s.then[0], Branch):
            raise NotFast
        self.put(f"if {self.condition(s.cond)}")
        self.put(f"\tRX_THR_TAKEN({self.k});")
        self.put(f"RX_THR_FALL({self.k});")

    def jump(self, target: Expr) -> None:
        if self.isa.group:
            self.put(f"rx_group_branch(&c->group, {self.e(target)});")
        elif self.fast is None:
            self.put(f"cpu->pc = {self.e(target)};")
            self.put("return RX_JUMP;")
        elif self.eff.flow is Flow.JUMP:
            self.put(f"RX_THR_TAKEN({self.k});")
        else:
            self.put(f"RX_THR_GOTO({self.k}, {self.e(target)});")

    def raise_(self, s: Raise) -> None:
        if self.fast is not None:
            raise NotFast
        p = self.isa.prefix
        if s.exc == "UNDEFINED":
            call = f"{p}_illegal(cpu)"
        else:
            v = self.e(s.value) if s.value is not None else "0"
            call = f"{p}_raise(cpu, {self.isa.exceptions[s.exc]}, {v})"
        if self.faulting:
            self.put(f"st = {call};")
            self.depth -= 1
            self.leave("st")
            self.depth += 1
        else:
            self.put(f"return {call};")

    def bail(self, unless: str) -> None:
        """thr: the fast way, or back to the executor while that is possible."""
        if self.done:
            raise NotFast
        self.put(f"if (!{unless})")
        self.put(f"\tRX_THR_BAIL_AT({self.k});")

    def check(self, status: str) -> None:
        self.put(f"if (RX_UNLIKELY({status} != RX_NEXT)) {{" if self.faulting else
                 f"if (RX_UNLIKELY({status} != RX_NEXT))")
        self.leave(status)
        if self.faulting:
            self.put("}")

    def leave(self, status: str) -> None:
        """Returns a fault, behind what commits nevertheless."""
        self.depth += 1
        faulting, self.faulting = self.faulting, []
        for stmts in reversed(faulting):
            self.body(stmts)
        for name in self.eff.writes if faulting else ():
            if self.isa.classes[name].done:
                self.put(f"{self.isa.classes[name].done}(cpu);")
        self.faulting = faulting
        self.put(f"return {status};")
        self.depth -= 1

    def result(self, name: str, call: str) -> str:
        """exec: calls what returns struct rx_val; the C of its value."""
        self.put(f"struct rx_val {name}_v = {call};")
        self.check(f"{name}_v.status")
        return f"{name}_v.v"

    # ---- registers ---------------------------------------------------------

    def write(self, s: RegWrite) -> None:
        op = self.operand(s.operand)
        value = self.e(s.value)
        name = f"v_{s.operand}{self.sfx}"
        cls = self.isa.classes[op.regclass]
        if cgroup.special(cls):
            self.put(cgroup.write(cls, self.regnum(op), value))
            return
        if self.fast is not None and self.sfx and not s.plus:
            self.put(f"const uint64_t {name} = {value};")
            value = name
            self.written[(s.operand, s.view)] = name
        reg = self.reg(op, s.plus)
        if cls.aligned and op.number in (-1, cls.aligned[0]):
            index, multiple = cls.aligned
            low = multiple - 1 if op.number >= 0 else f"({self.regnum(op)} == {index} ? " \
                f"{multiple - 1}u : 0u)"
            value = f"({value}) & ~(uint64_t){low}"
        self.put(f"{reg} = {self.stored(op, s.view, value, reg)};")
        self.done = True

    def stored(self, op: Operand, view: str | None, value: str, reg: str) -> str:
        """What the register holds afterwards: the view's write policy."""
        v = self.isa.views[view] if view else None
        if v is None or v.width == self.isa.classes[op.regclass].width:
            return value
        match v.above:
            case Above.ONES:
                return f"rx_box{v.width}({value})"
            case Above.ZERO:
                return value
            case Above.KEEP:
                return f"({reg} >> {v.width} << {v.width}) | {value}"

    # ---- memory ------------------------------------------------------------

    def load(self, s: Load) -> None:
        n, bits = f"{s.name}{self.sfx}", s.access.size * 8
        if self.fast is not None and bits > 64:
            raise NotFast
        if self.fast is not None:
            self.put(f"uint{bits}_t {n};")
            self.bail(f"rx_thr_load{bits}(tlb, {self.e(s.addr)}, &{n})")
            return
        if bits > 64:
            self.put(f"unsigned __int128 {n} = 0;")
            self.put(f"st = {self.isa.prefix}_load_wide(cpu, {self.e(s.addr)}, {s.access.size}, "
                     f"{self.how(s.access)}, &{n});")
            self.check("st")
            return
        v = self.result(n, f"{self.isa.prefix}_load(cpu, {self.e(s.addr)}, {s.access.size}, "
                           f"{self.how(s.access)})")
        self.put(f"const uint64_t {n} = {v};")

    def store(self, s: Store) -> None:
        bits = s.access.size * 8
        addr, v = self.e(s.addr), self.e(s.value)
        if self.fast is not None and bits > 64:
            raise NotFast
        if self.fast is not None:
            cast = "" if bits == 64 else f"(uint{bits}_t)"
            self.bail(f"rx_thr_store{bits}(tlb, {addr}, {cast}({v}))")
            self.done = True
            return
        wide = "_wide" if bits > 64 else ""
        self.put(f"st = {self.isa.prefix}_store{wide}(cpu, {addr}, {s.access.size}, {v}, "
                 f"{self.how(s.access)});")
        self.check("st")

    def how(self, a: Access) -> str:
        """Flags of an access."""
        return " | ".join(self.isa.accesses[h] for h in a.how) or "0"

    def atomic(self, s: Atomic) -> None:
        """Once more while another processor wrote in between."""
        if self.fast is not None:
            raise NotFast
        n, bits, size, how = s.name, s.access.size * 8, s.access.size, self.how(s.access)
        self.put(f"const uint64_t {n}_a = {self.e(s.addr)};")
        v = self.result(n, f"{self.isa.prefix}_atomic_load(cpu, {n}_a, {size}, {how})")
        self.put(f"uint64_t {n} = {narrow(v, bits)};")
        self.put(f"{n}_again:;")
        self.body(s.body)
        self.put(f"{n}_v = {self.isa.prefix}_atomic_swap(cpu, {n}_a, {size}, {n}, "
                 f"{self.e(s.value)}, {how});")
        self.check(f"{n}_v.status")
        self.put(f"if (RX_UNLIKELY({n}_v.v != {n})) {{")
        self.put(f"\t{n} = {n}_v.v;")
        self.put(f"\tgoto {n}_again;")
        self.put("}")

    def rmw(self, s: Rmw) -> None:
        n, bits = f"{s.name}{self.sfx}", s.access.size * 8
        if self.fast is not None:
            self.put(f"void *{n}_p = rx_thr_host_rw(tlb, {self.e(s.addr)}, {s.access.size});")
            self.bail(f"{n}_p")
            self.put(f"const uint64_t {n} = rx_rmw_host{bits}({n}_p, RX_RMW_{s.op.upper()}, "
                     f"(uint{bits}_t)({self.e(s.value)}));")
            self.done = True
            return
        order = " | ".join(f"{self.e(o)} << {j}" for j, o in enumerate(s.access.order)) or "0"
        v = self.result(n, f"{self.isa.prefix}_amo(cpu, {self.e(s.addr)}, {s.access.size}, "
                           f"RX_RMW_{s.op.upper()}, {self.e(s.value)}, (unsigned)({order}))")
        self.put(f"const uint64_t {n} = {narrow(v, bits)};")

    def hook(self, s: Hook) -> None:
        if self.fast is not None:
            raise NotFast
        h = self.isa.hooks[s.hook]
        call = h.c.format(*(self.e(a) for a in s.args))
        if h.result is None:
            self.put(f"st = {call};")
            self.check("st")
            return
        v = self.result(s.name, call)
        if isinstance(h.result, Bool):
            self.put(f"const bool {s.name} = {v} != 0;")
        else:
            self.put(f"const uint64_t {s.name} = {v};")

    # ---- IEEE operations ---------------------------------------------------

    def environment(self, name: str) -> str:
        """What it is called in C."""
        return self.envs.setdefault(name, f"env_{name}" if self.envs else "env")

    def fp(self, s: FpLet) -> None:
        args = [self.e(a) for a in s.op.args]
        if self.fast is not None:
            self.fast_fp(s, args)
            return
        want = _DYNAMIC if s.round is not None else "" if s.fixed is None else str(s.fixed)
        if s.env and s.round is not None:
            want = self.e(s.round)
        env = self.environment(s.env)
        if want and want != self.round.get(env, ""):
            self.put(f"{env}.round = {want};")
            self.round[env] = want
        self.put(f"const {ctype(s.op.type)} {s.name} = {prims.exec_c(s.op, args, env)};")

    def fast_fp(self, s: FpLet, args: list[str]) -> None:
        n, op = f"{s.name}{self.sfx}", s.op
        variants = prims.fast_variants(op)
        directions = {v: k for k, v in prims.ROUND_VALUE.items()}
        key = self.fast if s.round is not None else \
            "" if s.fixed is None else directions.get(s.fixed)
        if key not in variants:
            raise NotFast
        if op.name == "SIntToFP":
            args = [f"(int{op.fmt}_t)({a})" for a in args]
        if op.name == "FPToSInt":
            w = op.type.width
            self.put(f"int{w}_t {n}_i;")
            self.bail(f"{variants[key]}({', '.join(args)}, &{n}_i)")
            self.put(f"const uint{w}_t {n} = (uint{w}_t){n}_i;")
            return
        self.put(f"{self.host_type(op)} {n};")
        self.bail(f"{variants[key]}({', '.join(args)}, &{n})")

    @staticmethod
    def host_type(op: FpOp) -> str:
        return "bool" if isinstance(op.type, Bool) else f"uint{op.type.width}_t"


_DYNAMIC = "(uint8_t)fp.v"  # the direction that the rounding operand selects


class Exec:
    """The body of an executor: what is checked first, meaning, what is noted last."""

    def __init__(self, insn: Insn, sem: Sem, eff: Effects, isa: IsaInfo,
                 enc: IsaEncodings) -> None:
        self.insn, self.sem, self.eff, self.isa = insn, sem, eff, isa
        self.em = Emitter(insn, isa, enc, eff)

    def prologue(self) -> None:
        em, isa = self.em, self.isa
        for name in self.eff.uses:
            if isa.classes[name].requires:
                em.put(f"st = {isa.classes[name].requires}(cpu);")
                em.check("st")
        if not self.eff.fp:
            return
        em.put(f"st = {isa.classes[isa.fp_class].requires}(cpu);")
        em.check("st")
        if self.eff.rounds:
            op = self.insn.operand(isa.rounding.operand)
            em.put(f"fp = {isa.rounding.resolve}(cpu, (unsigned){em.imm64(op)});")
            em.check("fp.status")
            if self.eff.round_flags:
                em.put(f"env.round = {_DYNAMIC};")

    def epilogue(self) -> None:
        eff, isa = self.eff, self.isa
        if eff.fp and (eff.writes_fp or eff.round_flags):
            flags = "env.flags" if eff.round_flags else "0"
            self.em.put(f"{isa.fp_done if eff.writes_fp else isa.fp_flags}(cpu, {flags});")
        for name in eff.writes:
            if isa.classes[name].done:
                self.em.put(f"{isa.classes[name].done}(cpu);")

    def lines(self) -> list[str]:
        body = self.sem.body
        ends = (Raise, Native) if self.isa.group else (Branch, Raise, Native)
        control = bool(body) and not self.isa.group \
            and any(isinstance(s, (Branch, Native)) for s in walk_stmts(body[-1:]))
        self.prologue()
        self.em.body(body[:-1] if control else body)
        self.epilogue()
        if control:
            self.em.body(body[-1:])
        if not body or not isinstance(body[-1], ends):
            self.em.put("return RX_NEXT;")
        pointers = [f"\tuint8_t *const {n} = {v};" for n, v in self.em.pointers.items()]
        return self.head("\n".join(pointers + self.em.lines), pointers) + self.em.lines

    def head(self, text: str, pointers: list[str]) -> list[str]:
        """Declarations of what the text uses; parameters that it does not."""
        def used(name: str) -> bool:
            return re.search(rf"(?<!->)\b{name}\b", text) is not None

        decl = []
        envs = {v: self.isa.fpenvs[n] if n else f"{self.isa.fpenv}(0)"
                for n, v in self.em.envs.items() if used(v)}
        if used("c") or any(re.search(r"\bc\b", e) for e in envs.values()):
            decl.append(f"\tstruct {self.isa.state} *c = (struct {self.isa.state} *)cpu;")
        if used("st"):
            decl.append("\tenum rx_exec st;")
        if used("fp"):
            decl.append("\tstruct rx_val fp;")
        decl += [f"\tstruct rx_fpenv {v} = {e};" for v, e in envs.items()]
        decl += pointers
        void = [] if used("i") else ["\t(void)i;"]
        if not used("cpu") and not used("c"):
            void.append("\t(void)cpu;")
        return decl + ([""] if decl else []) + void


def exec_lines(insn: Insn, sem: Sem, eff: Effects, isa: IsaInfo, enc: IsaEncodings) -> list[str]:
    """Body of the executor."""
    return Exec(insn, sem, eff, isa, enc).lines()
