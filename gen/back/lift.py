# SPDX-License-Identifier: MIT
"""Lifters: C that emits SMIR for one decoded instruction.

What depends on the encoding alone (immediates, register numbers, the pc) is
computed while lifting, in C; everything else becomes operations. Bits above a
value's width are zero in the SMIR type that holds it. An instruction that
calls into the ISA's runtime becomes one `call` of its executor.
"""
from __future__ import annotations

from gen.back.cstmt import Emitter
from gen.back.exec import Function, origin, shard
from gen.back.lift_elems import NotLifted
from gen.back.lift_fp import FpLifter
from gen.back.lift_group import Grouped
from gen.back.lift_needed import needed
from gen.back.lift_vec import LaneExpressions
from gen.model.checked import Isa, Meaning
from gen.model.isa import Above, View
from gen.model.lanes import Elem, Lanes, SetElem, Vec, VecVar
from gen.model.pure import PURE, Pure
from gen.model.sem import (BOOL, Assign, Binary, Bits, Bool, Branch, COMPARES, Check, Const, Done,
                           Expr, Ext, FpLet, FpStatus, Hook, If, Let, Load, Lookup, Op,
                           OperandAddr, Prim, Raise, RegRead, RegWrite, Rmw, Select, Slice,
                           StateRead, StateWrite, Stmt, Store, Unary, Unknown, Var, is_static,
                           walk_stmts)

SHARDS = 4
_GROWS = {Op.ADD, Op.SUB, Op.MUL, Op.SHL, Op.NEG, Op.NOT, Op.UDIV, Op.CLMUL, Op.ORCB}
_SIGNED = {Op.ASHR, Op.SDIV, Op.SREM, Op.SLT, Op.SLE}
_BOOLEAN = {Op.LAND: "AND", Op.LOR: "OR"}
_WORDS = {Op.UDIV, Op.SDIV, Op.UREM, Op.SREM}  # on up to 64 bits only
_WHOLE = {Op.ROTR, Op.CLMULH, Op.BSWAP}  # only defined on whole SMIR types


def bits(t) -> int:
    return 1 if isinstance(t, Bool) else t.width


def container(t) -> int:
    """Width of the SMIR type that holds a value."""
    return 1 if isinstance(t, Bool) else next(w for w in (8, 16, 32, 64, 128) if t.width <= w)


class Lifter(LaneExpressions, FpLifter):
    """Emits the lifter of one instruction."""

    container = staticmethod(container)

    def __init__(self, isa: Isa, m: Meaning) -> None:
        self.isa, self.m = isa, m
        self.c = Emitter(m.insn, isa.info, isa.enc, m.eff)  # static expressions
        self.lines: list[str] = []
        self.count = 0
        self.vars: dict[str, str] = {}
        self.open = True  # the SMIR block has no end yet
        self.early = False  # the instruction may end before its text does
        self.round = ""
        self.wrote = False  # guest state: nothing may fault behind that
        self.accruals = set()
        self.pred = ""  # C of the condition of what is being lifted, "" always
        self.aliases: dict[str, Vec] = {}  # locals that are 128 bits of a vector
        self.locals = {}
        self.lets = {}
        self.lane_vars, self.pending, self.woven = {}, {}, {}
        self.stored = False

    # ---- C -----------------------------------------------------------------

    def put(self, text: str) -> None:
        self.lines.append("\t" + text)

    def bind(self, text: str) -> str:
        self.count += 1
        self.put(f"const rx_sv v{self.count} = {text};")
        return f"v{self.count}"

    def static(self, e: Expr) -> str:
        """C of a static expression; the tables that it needs come before."""
        text = self.c.e(e)
        self.lines += self.c.lines
        self.c.lines = []
        return text

    def op(self, name: str, width: int, *args: str) -> str:
        return self.bind(f"rx_smir_op{len(args)}(f, RX_S_{name}, RX_I{width}, {', '.join(args)})")

    def const(self, text: str | int, width: int) -> str:
        if isinstance(text, int):
            text = str(text) if text < 10 else f"UINT64_C({text:#x})"
        return self.bind(f"rx_smir_const(f, RX_I{width}, {text})")

    # ---- widths ------------------------------------------------------------

    def masked(self, v: str, t) -> str:
        """Clears bits between the type's width and its container's."""
        w, n = container(t), bits(t)
        if n == w:
            return v
        if w <= 64:
            return self.op("AND", w, v, self.const((1 << n) - 1, w))
        up = self.const(w - n, w)
        return self.op("LSHR", w, self.op("SHL", w, v, up), up)

    def filled(self, v: str, t) -> str:
        """Copies of the sign between the type's width and its container's."""
        w, n = container(t), bits(t)
        if n == w:
            return v
        up = self.const(w - n, w)
        return self.op("ASHR", w, self.op("SHL", w, v, up), up)

    # ---- expressions -------------------------------------------------------

    def expr(self, e: Expr) -> str:
        w = container(e.type)
        if is_static(e) and (w <= 64 or isinstance(e, Const)):
            if w > 64 and e.value >> 64:
                low, high = (self.op("ZEXT", 128, self.const(x & (1 << 64) - 1, 64))
                             for x in (e.value, e.value >> 64))
                return self.op("OR", 128, low, self.op("SHL", 128, high, self.const(64, 128)))
            return self.const(e.value if w > 64 else self.static(e), w)
        match e:
            case Var(name=n):
                return self.vars[n]
            case RegRead():
                return self.register(e)
            case Unary():
                return self.unary(e)
            case Binary():
                return self.binary(e)
            case Ext(a=a):
                return self.extend(self.expr(a), a.type, e.type, e.signed)
            case Slice(a=a, lo=lo):
                return self.slice(e, a, lo)
            case Select(cond=c, a=a, b=b) if is_static(c):
                either = f"{self.expr(a)} : {self.expr(b)}"
                return self.bind(f"{self.static(c)} ? {either}")
            case FpStatus(what="round"):
                return self.round
            case Select(cond=c, a=a, b=b):
                return self.op("SELECT", w, self.expr(c), self.expr(a), self.expr(b))
            case Lookup(index=x, values=values):
                return self.lookup(e, x, values)
            case StateRead():
                return self.scalar_read(e)
            case Unknown():  # as executors have it
                return self.const(0, w)
            case Elem():
                return self.get_elem(e)
            case Prim(name=n, args=args):
                return self.prim(e, PURE[n], args)
            case OperandAddr(plus=p, part=part):
                plus = self.expr(p) if p is not None else "0"
                return self.bind(self.isa.info.addresses[part].lift.format(plus))
        raise NotLifted

    def unary(self, e: Unary) -> str:
        a, w, n = self.expr(e.a), container(e.type), bits(e.type)
        if e.op is Op.LNOT:
            return self.op("NOT", 1, a)
        if n != w and e.op in _WHOLE:
            raise NotLifted
        if n != w and e.op is Op.CTZ:
            a = self.op("OR", w, a, self.const(1 << n, w))
        v = self.op(e.op.name, w, a)
        if n != w and e.op is Op.CLZ:
            v = self.op("SUB", w, v, self.const(w - n, w))
        return self.masked(v, e.type) if e.op in _GROWS else v

    def binary(self, e: Binary) -> str:
        a, b = self.expr(e.a), self.expr(e.b)
        t = e.a.type
        w = container(t)
        if e.op in _BOOLEAN:
            return self.op(_BOOLEAN[e.op], 1, a, b)
        if e.op in _WHOLE and bits(t) != w or e.op in _WORDS and w > 64:
            raise NotLifted
        if e.op in _SIGNED:
            a = self.filled(a, t)
            if e.op is not Op.ASHR:
                b = self.filled(b, t)
        v = self.op(e.op.name, w, a, b)  # the type of a comparison is that of its operands
        if e.op in COMPARES:
            return v
        return self.masked(v, e.type) if e.op in _GROWS | _SIGNED else v

    def extend(self, v: str, src, dst, signed: bool) -> str:
        a, b, n = container(src), container(dst), bits(src)
        if dst.width < n:
            return self.masked(self.op("TRUNC", b, v) if b < a else v, dst)
        if signed:
            v = self.filled(v, src)
        if b > a:
            v = self.op("SEXT" if signed else "ZEXT", b, v)
        return self.masked(v, dst) if signed else v

    def slice(self, e: Slice, a: Expr, lo: int) -> str:
        v, w, b = self.expr(a), container(a.type), container(e.type)
        if lo:
            v = self.op("LSHR", w, v, self.const(lo, w))
        if b < w:
            v = self.op("TRUNC", b, v)
        return self.masked(v, e.type) if lo + e.type.width < a.type.width else v

    def lookup(self, e: Lookup, x: Expr, values: tuple[int, ...]) -> str:
        w = container(e.type)
        index = self.extend(self.expr(x), x.type, Bits(64), False)
        name = f"table_{self.count}"
        self.put(f"static const uint64_t {name}[] = {{")
        for j in range(0, len(values), 4):
            self.put("\t" + " ".join(f"UINT64_C({v:#x})," for v in values[j:j + 4]))
        self.put("};")
        return self.bind(f"rx_smir_lookup(f, RX_I{w}, {index}, {name}, {len(values)})")

    def prim(self, e: Prim, p: Pure, args: tuple[Expr, ...]) -> str:
        w = container(args[0].type)
        if not p.lifts or p.sized and bits(args[0].type) != w:
            raise NotLifted
        values = [self.expr(a) for a in args]
        return self.op(p.smir.upper(), w, *values)

    # ---- registers ---------------------------------------------------------

    def offset(self, name: str, plus: int) -> str:
        op = self.m.insn.operand(name)
        cls, n = self.isa.info.classes[op.regclass], self.c.regnum(op)
        if plus:
            n = f"(({n} + {plus}u) % {len(self.isa.enc.reg(op.regclass).names)})"
        if cls.at:
            return f"{cls.at}_AT({n})"
        return f"offsetof(struct {self.isa.info.state}, {cls.state}[0]) + " \
               f"{cls.width // 8} * (size_t){n}"

    def view(self, name: str | None):
        return self.isa.info.views[name] if name else None

    def drop(self, name: str) -> tuple[int, int] | None:
        cls = self.m.insn.operand(name).regclass
        return next((r.drop for r in self.isa.enc.regs if r.name == cls), None)

    def register(self, e: RegRead) -> str:
        cls = self.isa.info.classes[self.m.insn.operand(e.operand).regclass]
        view, w = self.view(e.view), cls.width
        if w > 64:
            raise NotLifted
        get = f"rx_smir_get(f, RX_I{w}, {self.offset(e.operand, e.plus)})"
        drop = self.drop(e.operand)
        if drop and e.plus:
            raise NotLifted
        if drop:
            num = self.c.regnum(self.m.insn.operand(e.operand))
            get = f"{num} == {drop[0]} ? rx_smir_const(f, RX_I{w}, 0) : {get}"
        v = self.bind(get)
        if not view or view.width == w:
            return v
        if not view.box:
            v = self.op("TRUNC", container(e.type), v) if container(e.type) < w else v
            return self.masked(v, e.type)
        above = self.op("LSHR", w, v, self.const(view.width, w))
        boxed = self.op("EQ", w, above, self.const((1 << w - view.width) - 1, w))
        return self.op("SELECT", view.width, boxed, self.op("TRUNC", view.width, v),
                       self.const(f"RX_F{view.width}_NAN", view.width))

    def write(self, s: RegWrite) -> None:
        cls = self.isa.info.classes[self.m.insn.operand(s.operand).regclass]
        view, w = self.view(s.view), cls.width
        drop = self.drop(s.operand)
        if w > 64 or drop and s.plus:
            raise NotLifted
        v = self.expr(s.value)
        if view and view.width < w:
            v = self.above(s, view, w, v)
        if cls.aligned:
            index, multiple = cls.aligned
            num = self.c.regnum(self.m.insn.operand(s.operand))
            mask = f"rx_smir_const(f, RX_I{w}, {(1 << w) - multiple:#x})"
            v = self.bind(f"{num} == {index} ? rx_smir_op2(f, RX_S_AND, RX_I{w}, {v}, {mask}) "
                          f": {v}")
        put = f"rx_smir_put(f, RX_I{w}, {self.offset(s.operand, s.plus)}, {v});"
        if drop:
            self.put(f"if ({self.c.regnum(self.m.insn.operand(s.operand))} != {drop[1]})")
            put = "\t" + put
        self.put(put)

    def above(self, s: RegWrite, view: View, w: int, v: str) -> str:
        """The whole register behind a write of its low part: the write policy."""
        if container(s.value.type) < w:
            v = self.op("ZEXT", w, v)
        high = ((1 << w - view.width) - 1) << view.width
        match view.above:
            case Above.ONES:
                return self.op("OR", w, v, self.const(high, w))
            case Above.KEEP:
                old = self.bind(f"rx_smir_get(f, RX_I{w}, {self.offset(s.operand, s.plus)})")
                return self.op("OR", w, v, self.op("AND", w, old, self.const(high, w)))
        return v

    def scalar(self, name: str) -> tuple[int, str]:
        """Width and offset of a scalar; the field is as wide as its C type."""
        s = self.isa.info.scalars[name]
        return self.isa.regs.reg(s.reg).width, f"offsetof(struct {self.isa.info.state}, {s.field})"

    def scalar_read(self, e: StateRead) -> str:
        w, at = self.scalar(e.name)
        v = self.bind(f"rx_smir_get(f, RX_I{w}, {at})")
        c = container(e.type)
        return v if c == w else self.op("TRUNC" if c < w else "ZEXT", c, v)

    def scalar_write(self, s: StateWrite) -> None:
        w, at = self.scalar(s.name)
        v, c = self.expr(s.value), container(s.value.type)
        if c != w:
            v = self.op("TRUNC" if c > w else "ZEXT", w, v)
        if s.early:
            self.put(f"(void)rx_smir_op(f, RX_S_EARLY, RX_I{w}, {v}, 0, 0, 0, {at});")
        else:
            self.put(f"rx_smir_put(f, RX_I{w}, {at}, {v});")

    # ---- statements --------------------------------------------------------

    def body(self, stmts: tuple[Stmt, ...]) -> None:
        for s in stmts:
            if not self.open:
                return
            self.stmt(s)

    def stmt(self, s: Stmt) -> None:
        match s:
            case Let(name=n, value=v) if self.accrues(v):
                self.accruals.add(n)
            case Let(name=n, value=v):
                self.vars[n] = self.expr(v)
                if isinstance(v, Elem) and container(v.type) == 128 and v.index == _FIRST:
                    self.aliases[n] = v.source
            case Assign(name=n, value=v):
                new = self.expr(v)
                self.vars[n] = new if not self.pred else \
                    self.op("SELECT", container(v.type), self.pred, new, self.vars[n])
            case Load(name=n, addr=a, access=acc) if acc.size <= 8 and self.pred:
                self.vars[n] = self.load_if(8 * acc.size, a, self.c.how(acc))
            case Load(name=n, addr=a, access=acc) if acc.size in _ACCESSES:
                self.faults()
                self.vars[n] = self.bind(f"rx_smir_load(f, RX_I{acc.size * 8}, {self.address(a)}, "
                                         f"{self.c.how(acc)})")
            case Store(addr=a, value=v, access=acc) if acc.size in _ACCESSES:
                self.faults()
                addr = self.address(a)
                self.put(f"rx_smir_store(f, RX_I{acc.size * 8}, {addr}, {self.expr(v)}, "
                         f"{self.c.how(acc)});")
            case Rmw():
                self.rmw(s)
            case FpLet():
                self.fp(s)
            case RegWrite():
                self.wrote = True
                self.write(s)
            case StateWrite(name=n, value=v) if self.accrues(v):
                self.accrue()
            case StateWrite(early=early):
                self.wrote |= not early
                self.scalar_write(s)
            case Raise():
                self.raise_(s, ())
            case Hook(name=n, hook=h, args=args) if self.isa.info.hooks[h].lift:
                self.hook(n, h, args)
            case Check(hook=h) if self.isa.info.hooks[h].lift:
                self.faults()
                self.put(f"(void){self.isa.info.hooks[h].lift};")
            case Check(hook=h, args=args) if self.isa.info.hooks[h].check:
                self.check(h, args)
            case Branch(target=t):
                self.put(f"rx_smir_exit(f, {self.address(t)});")
                self.open = False
            case If(cond=c, then=(Branch(target=t),), other=()):
                cond = self.expr(c)
                self.put(f"rx_smir_exit_if(f, {cond}, {self.address(t)});")
            case If(cond=c, then=(Raise() as r,), other=other):
                self.raise_(r, _conjuncts(c))
                self.body(other)
            case If(cond=c, then=then, other=(Raise() as r,)):
                self.raise_(r, (Unary(BOOL, Op.LNOT, c),))
                self.body(then)
            case If(cond=c, then=then, other=other) if _predicable((s,)):
                cond, outer = self.expr(c), self.pred
                for stmts, yes in ((then, cond), (other, self.op("NOT", 1, cond) if other else "")):
                    self.pred = self.op("AND", 1, outer, yes) if outer and stmts else yes
                    self.body(stmts)
                self.pred = outer
            case If() if not self.pred:
                self.if_(s)
            case Done():
                self.early = True
                self.put("rx_smir_br(f, end, 0, NULL);")
                self.open = False
            case _:
                self.lane_stmt(s)

    def address(self, e: Expr) -> str:
        return self.extend(self.expr(e), e.type, Bits(64), False)

    def faults(self) -> None:
        """Something may fault here: a write before it would have to be undone."""
        if self.wrote:
            raise NotLifted

    def raise_(self, s: Raise, conds: tuple[Expr, ...]) -> None:
        """Where all of these hold. What the encoding decides is decided when lifting."""
        self.faults()
        static = [self.static(c) for c in conds if is_static(c)]
        dynamic = [c for c in conds if not is_static(c)]
        start = len(self.lines)
        parts = ([self.pred] if self.pred else []) + [self.expr(c) for c in dynamic]
        cond = parts[0] if parts else self.const(1, 1)
        for c in parts[1:]:
            cond = self.op("AND", 1, cond, c)
        value = self.const(0, 64) if s.value is None else self.address(s.value)
        code = "RX_EXC_UNDEFINED" if s.exc == "UNDEFINED" else \
            f"UINT32_C({self.isa.info.exceptions[s.exc]:#x})"
        self.put(f"rx_smir_raise_if(f, {cond}, {code}, {value});")
        if static:
            inner = ["\t" + x for x in self.lines[start:]]
            self.lines[start:] = [f"\tif ({' && '.join(static)}) {{", *inner, "\t}"]

    def load_if(self, width: int, address: Expr, how: str) -> str:
        """Where the condition holds; elsewhere it is 0."""
        self.faults()
        a, bits = self.address(address), self.op("ZEXT", 64, self.pred)
        v = self.bind(f"rx_smir_op(f, RX_S_LOADIF, RX_V64, {a}, {bits}, 0, 0, "
                      f"{width} | (uint64_t)({how}) << 8)")
        v = self.bind(f"rx_smir_op(f, RX_S_VGET, RX_V64, {v}, {self.const(0, 64)}, 0, 0, {width})")
        return v if width == 64 else self.op("TRUNC", width, v)

    def hook(self, name: str | None, hook: str, args: tuple[Expr, ...]) -> None:
        self.faults()
        text = self.isa.info.hooks[hook].lift.format(*(self.expr(a) for a in args))
        if name is None:
            self.put(f"{text};")
        else:
            self.vars[name] = self.bind(text)

    def check(self, hook: str, args: tuple[Expr, ...]) -> None:
        self.faults()
        number = [h.name for h in self.isa.info.hooks.values() if h.check].index(hook)
        values = [self.expr(a) for a in args[:2]] + [self.const(0, 64)] * (2 - len(args))
        if len(args) > 2:
            if not is_static(args[2]):
                raise NotLifted
            number = f"{number} | ({self.static(args[2])}) << 8"
        self.put(f"(void)rx_smir_op(f, RX_S_CHECKIF, RX_VOID, {self.pred or self.const(1, 1)}, "
                 f"{values[0]}, {values[1]}, 0, {number});")

    def rmw(self, s: Rmw) -> None:
        self.faults()
        addr, v = self.address(s.addr), self.expr(s.value)
        order = " | ".join(f"{self.static(o)} << {j}" for j, o in enumerate(s.access.order))
        self.vars[s.name] = self.bind(
            f"rx_smir_rmw(f, RX_I{s.access.size * 8}, RX_RMW_{s.op.upper()}, {addr}, {v}, "
            f"(unsigned)({order or '0'}))")

    def if_(self, s: If) -> None:
        """Two blocks and one behind them, whose parameters are the variables
        that either assigns."""
        cond, before, k = self.expr(s.cond), dict(self.vars), self.count
        both = list(walk_stmts(s.then)) + list(walk_stmts(s.other))
        types = {x.name: container(x.value.type) for x in both
                 if isinstance(x, Assign) and x.name in before}
        names = sorted(types)
        kinds = ", ".join(f"RX_I{types[n]}" for n in names) or "RX_VOID"
        self.put(f"static const uint8_t types_{k}[] = {{ {kinds} }};")
        self.put(f"rx_sv p_{k};")
        self.put(f"const uint32_t yes_{k} = rx_smir_block(f, 0, NULL, NULL);")
        self.put(f"const uint32_t no_{k} = rx_smir_block(f, 0, NULL, NULL);")
        self.put(f"const uint32_t on_{k} = rx_smir_block(f, {len(names)}, types_{k}, &p_{k});")
        self.put(f"rx_smir_brcond(f, {cond}, yes_{k}, 0, NULL, no_{k}, 0, NULL);")
        goes_on, wrote, after = False, self.wrote, self.wrote
        for label, stmts in ((f"yes_{k}", s.then), (f"no_{k}", s.other)):
            self.vars, self.open, self.wrote = dict(before), True, wrote
            self.put(f"rx_smir_begin(f, {label});")
            self.body(stmts)
            if self.open:
                goes_on = True
                after |= self.wrote
                args = ", ".join(self.vars[n] for n in names) or "0"
                self.put(f"const rx_sv args_{label}[] = {{ {args} }};")
                self.put(f"rx_smir_br(f, on_{k}, {len(names)}, args_{label});")
        if not goes_on:  # a block that nothing reaches would not verify
            raise NotLifted
        self.put(f"rx_smir_begin(f, on_{k});")
        self.put(f"(void)p_{k};")
        self.vars, self.open, self.wrote = before, True, after
        self.vars.update({n: f"p_{k} + {j}" for j, n in enumerate(names)})

    # ---- the whole ---------------------------------------------------------

    def prologue(self) -> None:
        """What the executor checks first, see cstmt.exec_lines()."""
        info, eff = self.isa.info, self.m.eff
        if any(info.classes[n].requires for n in eff.uses) \
                or any(info.classes[n].done for n in eff.writes):
            raise NotLifted  # SMIR has no check of a class
        self.environment()
        if not eff.fp:
            return
        self.put("rx_smir_fpcheck(f);")
        if eff.rounds:
            operand = self.c.imm64(self.m.insn.operand(info.rounding.operand))
            self.round = self.bind(f"rx_smir_fpround(f, {operand})")

    def epilogue(self) -> None:
        eff = self.m.eff
        if eff.fp and (eff.writes_fp or eff.round_flags):
            if not self.open:
                raise NotLifted
            name = "FPDONE" if eff.writes_fp else "FPFLAGS"
            self.put(f"(void)rx_smir_op0(f, RX_S_{name}, RX_VOID);")

    def run(self) -> list[str] | None:
        """The body, or None: lift as a call."""
        try:
            self.prologue()
            self.body(self.m.sem.body)
            self.epilogue()
        except NotLifted:
            return None
        if self.early:  # what ends in between meets what ends here
            self.lines.insert(0, "\tconst uint32_t end = rx_smir_block(f, 0, NULL, NULL);")
            if self.open:
                self.put("rx_smir_br(f, end, 0, NULL);")
            self.put("rx_smir_begin(f, end);")
        self.lines = needed(self.lines)
        text = "\n".join(self.lines)
        void = [f"\t(void){n};" for n, use in (("f", "(f"), ("i", "i->")) if use not in text]
        return self.lines + void


_FIRST = Const(Bits(64), 0)
_ACCESSES = (1, 2, 4, 8, 16)


def _predicable(stmts: tuple[Stmt, ...]) -> bool:
    """Can all of it be done whatever the condition, if only what is seen of it is selected?"""
    return all(isinstance(s, (Let, Assign, FpLet, If, Load, Lanes))
               or isinstance(s, SetElem) and isinstance(s.target, VecVar)
               or isinstance(s, Check) for s in walk_stmts(stmts))


def _conjuncts(e: Expr) -> tuple[Expr, ...]:
    if isinstance(e, Binary) and e.op is Op.LAND:
        return *_conjuncts(e.a), *_conjuncts(e.b)
    return (e,)


class GroupLifter(Grouped, Lifter):
    """Emits the lifter of a member of a group."""


def lifters(isa: Isa) -> tuple[list[Function], dict[str, str]]:
    """The distinct native lifters, and the one of each instruction that has one."""
    by_text: dict[tuple[str, ...], str] = {}
    out: list[Function] = []
    names: dict[str, str] = {}
    for m in isa.meanings:
        lines = (GroupLifter if isa.info.group else Lifter)(isa, m).run()
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
    call = "NULL" if isa.info.group else "rx_smir_lift_call"  # a group is one as a whole
    table = [names.get(m.insn.name, call) for m in isa.meanings]
    values = dict(isa=name, info=isa.info)
    out = {}
    for k, part in enumerate(shard(funcs, SHARDS)):
        out[f"{name}/lift_{k}.c"] = env.get_template("lift/lift.c.j2").render(
            **values, functions=part, part=k)
    out[f"{name}/lift.h"] = env.get_template("lift/lift.h.j2").render(**values, functions=funcs)
    out[f"{name}/lift_table.c"] = env.get_template("lift/lift_table.c.j2").render(
        **values, table=table, call=call)
    return out
