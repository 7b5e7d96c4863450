# SPDX-License-Identifier: MIT
"""C text of statements, in two dialects.

exec: the exact executor; faults return RX_FAULT, control is a status.
thr: the fast handler; whatever is not the fast way bails out to the executor
before anything is committed. A fused handler is several bodies in one function,
told apart by the record index k (names get it as suffix).
"""
from __future__ import annotations

from gen.back.cexpr import CExpr, ctype, narrow
from gen.model import prims
from gen.model.encoding import Insn, IsaEncodings, Operand
from gen.model.isa import IsaInfo
from gen.model.sem import (Assign, Bits, Bool, Branch, Ext, FpLet, Hook, If, Imm, Let, Load, Lookup,
                           RegNum,
                           Raise, RegRead, RegWrite, Rmw, Sem, StateRead, Stmt, Store)
from gen.passes.effects import Effects, Flow


class NotFast(Exception):
    """This body has no fast form."""


class Emitter:
    """Emits one body. forward: C of operand reads that a fused predecessor knows."""

    def __init__(self, insn: Insn, isa: IsaInfo, enc: IsaEncodings, eff: Effects, *,
                 fast: str | None = None, k: int = 0, single: bool = True,
                 forward: dict[str, str] | None = None) -> None:
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
        self.written: dict[str, str] = {}  # operand -> C of the value written

    # ---- leaves ------------------------------------------------------------

    def member(self, text: str) -> str:
        return f"{self.rec}{self.arrow}{text}"

    def operand(self, name: str) -> Operand:
        return self.insn.operand(name)

    def imm64(self, op: Operand) -> str:
        """The operand extended to 64 bits as declared."""
        p = op.place
        if not p.in_imm:
            raw = self.member(f"r[{p.slot}]")
            return f"rx_sext({raw}, {op.width})" if op.signed else f"(uint64_t){raw}"
        raw = self.member("imm")
        if p.width == 64:
            return raw
        part = narrow(f"({raw} >> {p.shift})" if p.shift else raw, p.width)
        return f"(uint64_t)rx_sext({part}, {p.width})" if op.signed else part

    def regnum(self, op: Operand) -> str:
        return self.member(f"r[{op.place.slot}]")

    def reg(self, op: Operand) -> str:
        cls = self.isa.classes[op.regclass]
        return f"c->{cls.state}[{self.regnum(op)}]"

    def leaf(self, e) -> str:
        match e:
            case Imm(operand=n):
                op = self.operand(n)
                return narrow(self.imm64(op), op.width) if op.signed else self.imm64(op)
            case RegRead(operand=n, view=v):
                if (n, v) in self.forward:
                    return self.forward[(n, v)]
                op = self.operand(n)
                if v is None or not self.isa.views[v].box:
                    return self.reg(op)
                return f"rx_unbox{self.isa.views[v].width}({self.reg(op)})"
            case RegNum(operand=n):
                op = self.operand(n)
                drop = next((r.drop for r in self.enc.regs if r.name == op.regclass), None)
                num = self.regnum(op)
                if "w" in op.access and drop:
                    return f"(uint64_t)({num} == {drop[1]} ? {drop[0]} : {num})"
                return f"(uint64_t){num}"
            case Lookup(type=t, index=x, values=values):
                name = f"table{self.sfx}"
                self.put(f"static const uint{max(t.width, 8)}_t {name}[] = {{")
                for j in range(0, len(values), 4):
                    self.put("\t" + " ".join(f"UINT64_C({v:#x})," for v in values[j:j + 4]))
                self.put("};")
                return f"{name}[{self.e(x)}]"
            case StateRead(name="PC"):
                return self.member("pc")
            case StateRead(name="NextPC"):
                return f"({self.member('pc')} + {self.member('len')})"
        raise TypeError(e)

    def e(self, e) -> str:
        # an immediate is stored extended: do not cut and extend it again
        if isinstance(e, Ext) and isinstance(e.a, Imm) and e.type == Bits(64) \
                and e.signed == self.operand(e.a.operand).signed:
            return self.imm64(self.operand(e.a.operand))
        return self.expr.emit(e)

    # ---- statements --------------------------------------------------------

    def put(self, text: str) -> None:
        self.lines.append("\t" * self.depth + text)

    def body(self, stmts: tuple[Stmt, ...]) -> None:
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
            case Hook():
                self.hook(s)
            case FpLet():
                self.fp(s)
            case RegWrite():
                self.write(s)
            case If():
                self.branch_if(s) if self.eff.flow is Flow.BRANCH else self.plain_if(s)
            case Branch(target=t):
                self.jump(t)
            case Raise(exc=exc):
                self.raise_(s)
            case _:
                raise TypeError(s)

    def plain_if(self, s: If) -> None:
        if self.fast is not None:
            raise NotFast
        self.put(f"if ({self.e(s.cond)}) {{")
        self.depth += 1
        self.body(s.then)
        self.depth -= 1
        if s.other:
            self.put("} else {")
            self.depth += 1
            self.body(s.other)
            self.depth -= 1
        self.put("}")

    def branch_if(self, s: If) -> None:
        target = s.then[0].target
        if self.fast is None:
            self.put(f"if ({self.e(s.cond)}) {{")
            self.put(f"\tcpu->pc = {self.e(target)};")
            self.put("\treturn RX_JUMP;")
            self.put("}")
        else:
            self.put(f"if ({self.e(s.cond)})")
            self.put(f"\tRX_THR_TAKEN({self.k});")
            self.put(f"RX_THR_FALL({self.k});")

    def jump(self, target) -> None:
        if self.fast is None:
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
            self.put(f"return {p}_illegal(cpu);")
        else:
            v = self.e(s.value) if s.value is not None else "0"
            self.put(f"return {p}_raise(cpu, {self.isa.exceptions[s.exc]}, {v});")

    def bail(self) -> str:
        return f"RX_THR_BAIL_AT({self.k});"

    def write(self, s: RegWrite) -> None:
        op = self.operand(s.operand)
        value = self.e(s.value)
        view = self.isa.views[s.view] if s.view else None
        name = f"v_{s.operand}{self.sfx}"
        if self.fast is not None and self.sfx:
            self.put(f"const uint64_t {name} = {value};")
            value = name
            self.written[(s.operand, s.view)] = name
        if view and view.box:
            value = f"rx_box{view.width}({value})"
        self.put(f"{self.reg(op)} = {value};")

    def load(self, s: Load) -> None:
        n, bits = f"{s.name}{self.sfx}", s.access.size * 8
        if bits > 64:
            raise NotFast
        if self.fast is not None:
            self.put(f"uint{bits}_t {n};")
            self.put(f"if (!rx_thr_load{bits}(tlb, {self.e(s.addr)}, &{n}))")
            self.put("\t" + self.bail())
            return
        self.put(f"struct rx_val {n}_v = {self.isa.prefix}_load(cpu, {self.e(s.addr)}, "
                 f"{s.access.size}, 0);")
        self.check(f"{n}_v.status")
        self.put(f"const uint64_t {n} = {n}_v.v;")

    def check(self, status: str) -> None:
        self.put(f"if (RX_UNLIKELY({status} != RX_NEXT))")
        self.put(f"\treturn {status};")

    def store(self, s: Store) -> None:
        bits = s.access.size * 8
        addr, v = self.e(s.addr), self.e(s.value)
        if self.fast is not None:
            cast = "" if bits == 64 else f"(uint{bits}_t)"
            self.put(f"if (!rx_thr_store{bits}(tlb, {addr}, {cast}({v})))")
            self.put("\t" + self.bail())
            return
        self.put(f"st = {self.isa.prefix}_store(cpu, {addr}, {s.access.size}, {v}, 0);")
        self.check("st")

    def rmw(self, s: Rmw) -> None:
        n, bits = f"{s.name}{self.sfx}", s.access.size * 8
        if self.fast is not None:
            if bits not in (32, 64):
                raise NotFast
            self.put(f"void *{n}_p = rx_thr_host_rw(tlb, {self.e(s.addr)}, {s.access.size});")
            self.put(f"if (!{n}_p)")
            self.put("\t" + self.bail())
            self.put(f"const uint64_t {n} = rx_rmw_host{bits}({n}_p, RX_RMW_{s.op.upper()}, "
                     f"(uint{bits}_t)({self.e(s.value)}));")
            return
        order = " | ".join(f"{self.e(o)} << {j}" for j, o in enumerate(s.access.order)) or "0"
        self.put(f"struct rx_val {n}_v = {self.isa.prefix}_amo(cpu, {self.e(s.addr)}, "
                 f"{s.access.size}, RX_RMW_{s.op.upper()}, {self.e(s.value)}, "
                 f"(unsigned)({order}));")
        self.check(f"{n}_v.status")
        self.put(f"const uint64_t {n} = {narrow(f'{n}_v.v', bits)};")

    def hook(self, s: Hook) -> None:
        if self.fast is not None:
            raise NotFast
        h = self.isa.hooks[s.hook]
        call = h.c.format(*(self.e(a) for a in s.args))
        if h.result is None:
            self.put(f"st = {call};")
            self.check("st")
            return
        self.put(f"struct rx_val {s.name}_v = {call};")
        self.check(f"{s.name}_v.status")
        self.put(f"const uint64_t {s.name} = {s.name}_v.v;")

    def fp(self, s: FpLet) -> None:
        n, op = f"{s.name}{self.sfx}", s.op
        args = [self.e(a) for a in op.args]
        if self.fast is None:
            if s.fixed is not None:
                self.put(f"env.round = {s.fixed};")
            t = "bool" if isinstance(op.type, Bool) else "uint64_t"
            self.put(f"const {t} {n} = {prims.exec_c(op, args)};")
            return
        p = prims.FP[op.name]
        variants = prims.fast_variants(op)
        key = self.fast if s.round is not None else \
            {v: k for k, v in prims.ROUND_VALUE.items()}.get(s.fixed, "?") if s.fixed is not None \
            else ""
        if key not in variants:
            raise NotFast
        t = self.host_type(op)
        self.put(f"{t} {n};")
        casts = [f"(int{op.fmt}_t)({a})" for a in args] if op.name == "SIntToFP" else args
        if p.result == "int" and op.name == "FPToSInt":
            self.lines[-1] = "\t" * self.depth + f"int{op.type.width}_t {n}_i;"
            self.put(f"if (!{variants[key]}({', '.join(casts)}, &{n}_i))")
            self.put("\t" + self.bail())
            self.put(f"const uint{op.type.width}_t {n} = (uint{op.type.width}_t){n}_i;")
            return
        self.put(f"if (!{variants[key]}({', '.join(casts)}, &{n}))")
        self.put("\t" + self.bail())

    @staticmethod
    def host_type(op) -> str:
        return "bool" if isinstance(op.type, Bool) else f"uint{op.type.width}_t"


def exec_lines(insn: Insn, sem: Sem, eff: Effects, isa: IsaInfo, enc: IsaEncodings) -> list[str]:
    """Body of the executor."""
    em = Emitter(insn, isa, enc, eff)
    pre: list[str] = []
    p = pre.append
    if eff.fp:
        p("\tstruct rx_val fp;") if eff.rounds else None
        if eff.round_flags:
            p(f"\tstruct rx_fpenv env = {isa.fpenv}(0);")
        p(f"\tst = {isa.classes[isa.fp_class].requires}(cpu);")
        p("\tif (RX_UNLIKELY(st != RX_NEXT))")
        p("\t\treturn st;")
        if eff.rounds:
            op = insn.operand(isa.rounding.operand)
            p(f"\tfp = {isa.rounding.resolve}(cpu, (unsigned){em.imm64(op)});")
            p("\tif (RX_UNLIKELY(fp.status != RX_NEXT))")
            p("\t\treturn fp.status;")
            if eff.round_flags:
                p("\tenv.round = (uint8_t)fp.v;")
    em.body(sem.body)
    lines = pre + em.lines
    if eff.fp and (eff.writes_fp or eff.round_flags):
        flags = "env.flags" if eff.round_flags else "0"
        lines.append(f"\t{isa.fp_done if eff.writes_fp else isa.fp_flags}(cpu, {flags});")
    if not lines or not lines[-1].startswith("\treturn"):
        lines.append("\treturn RX_NEXT;")
    text = "\n".join(lines)
    head = []
    if "c->" in text:
        head.append(f"\tstruct {isa.state} *c = (struct {isa.state} *)cpu;")
    if " st = " in text or "\tst = " in text:
        head.append("\tenum rx_exec st;")
    if "i->" not in text:
        head.append("\t(void)i;")
    if "cpu" not in text + "".join(head):
        head.append("\t(void)cpu;")
    # declarations first: struct rx_val fp is in `pre`, before statements
    decl = [x for x in head if "(void)" not in x]
    void = [x for x in head if "(void)" in x]
    first = [x for x in lines if x.startswith(("\tstruct rx_val fp;", "\tstruct rx_fpenv env"))]
    rest = [x for x in lines if x not in first]
    return decl + first + ([""] if decl + first else []) + void + rest
