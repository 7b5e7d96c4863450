# SPDX-License-Identifier: MIT
"""Lane bodies (spec/x86/*.xml) to meanings of encodings.

One family serves all forms of its instructions. What differs between them is the
destination's policy, stated here once:

    legacy SSE          bits above the operand stay
    VEX, EVEX           bits above it become zero
    {k}                 lanes whose mask bit is 0 keep what they hold
    {k}{z}              ... become zero; masks k0 leave no lane out
    memory, masked      such lanes are not accessed (class E4NF: they are)
    broadcast           one element for all lanes, read if any lane wants it
    {er} {sae}          own rounding; no flags, no exceptions

Memory operands are read once, before anything else; of a class that wants it,
misaligned ones raise GP. IEEE operations see MXCSR; unmasked exceptions raise
before anything but MXCSR's flags is written.
"""
from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from gen.front import intel_nodes as n
from gen.front.intval import IntVal, to_bits
from gen.front.simd_family import Family, FormDecl
from gen.front.simd_expressions import VECTORS
from gen.front.simd_lanes import LEFT, LaneBody, mask_start
from gen.front.simd_values import ADDR, BIT, DIRECTIONS, const, is_one
from gen.front import x86_mmx
from gen.model.encoding import Insn
from gen.model.isa import IsaInfo
from gen.model.lanes import (Elem, Lanes, SetElem, VecCopy, VecLocal, VecOp, VecState, VecVar,
                             ZeroAbove)
from gen.model.prefixed import Prefixed, Space, Src, XOperand
from gen.model.sem import (BOOL, Access, Binary, Bits, Check, Const, Decoded, Expr, Ext, FpStatus,
                           If, Imm, Let, Load, Lookup, Op, OperandAddr, Raise, RegNum, RegRead,
                           RegWrite, Select, Sem, Slice, StateWrite, Stmt, Store, Unary, Var)
from gen.support.errors import Errors, SpecError

VECTOR_BYTES = 64


def named_operands(insn: Insn) -> list[XOperand]:
    """Operands without masks, rounding and the like: what forms name."""
    return [o for o in insn.operands if o.shown and o.source not in
            (Src.MASK, Src.ZEROING, Src.ROUND, Src.SAE, Src.STATIC)]


@dataclass(frozen=True, slots=True)
class ExcClass:
    """An exception class of the manual: which alignment memory needs, whether a mask
    suppresses faults of lanes, and whether RFLAGS.AC matters to short operands."""

    align: str = ""  # "legacy": SSE's 16 bytes; "vector": always
    suppress: bool = True
    checked: bool = True


CLASSES = {"1": ExcClass("vector"), "2": ExcClass("legacy"), "3": ExcClass(),
           "4": ExcClass("legacy"), "4NF": ExcClass("legacy", False), "4U": ExcClass(),
           "5": ExcClass(), "6": ExcClass(), "11": ExcClass(checked=False), "12": ExcClass()}


class SimdBody(LaneBody):
    """One encoding."""

    def __init__(self, insn: Insn, isa: IsaInfo, family: Family, form: FormDecl) -> None:
        super().__init__(insn, isa, family)
        self.enc: Prefixed = insn.encoding
        self.form = form
        self.cls = CLASSES[family.cls]
        self.addr: dict[str, Expr] = {}
        self.flags: dict[str, Expr] = {}
        self.mask: Expr | None = None
        self.zeroing: Expr | None = None
        self.dst: XOperand | None = None
        if self.quiet():
            rounding = self.operand(Src.ROUND)
            self.fpenv = "quiet"
            self.direction = Lookup(Bits(8), Ext(ADDR, False, Imm(Bits(2), rounding.name)),
                                    DIRECTIONS) if rounding is not None else None
        ops = named_operands(insn)
        if len(ops) != len(form.names):
            raise self.broken(f"{insn.name} has {len(ops)} operands, the form names "
                              f"{len(form.names)}")
        for o, names in zip(ops, form.names):
            for name in names:
                self.bound[name] = o
        for o in insn.operands:
            if o.source is Src.MASK:
                self.bound.setdefault("k", o)

    def broken(self, message: str) -> SpecError:
        return SpecError(self.form.span, message)

    # ---- the whole ---------------------------------------------------------

    def check(self) -> Sem:
        self.prologue()
        start = len(self.out)
        if any("w" in o.access and o.regclass == "k" and o.name != "mask"
               for o in self.bound.values()):
            self.out.append(mask_start())
            self.mask_result = Var(ADDR, self.out[-1].name)
        self.block(self.family.body)
        for name, copy in self.copies.items():
            size = self.insn.operand(name).width // 8
            self.out[start:start] = [VecLocal(copy.name, size, zero=False),
                                     VecCopy(copy, VecOp(name), const(64, size))]
        self.epilogue()
        return Sem(tuple(self.out))

    def operand(self, source: Src) -> XOperand | None:
        return next((o for o in self.insn.operands if o.source is source), None)

    @property
    def mmx(self) -> bool:
        return any(o.regclass == x86_mmx.MMX for o in self.insn.operands)

    def prologue(self) -> None:
        if self.mmx:
            self.out += x86_mmx.before()
        mask = self.operand(Src.MASK)
        if self.family.own_mask:
            self.registers_differ()
        if mask is not None:
            all_ones = Const(ADDR, (1 << 64) - 1)
            read = RegRead(ADDR, mask.name)
            if not self.family.own_mask:
                read = Select(ADDR, Binary(BOOL, Op.EQ, RegNum(Bits(8), mask.name),
                                           Const(Bits(8), 0)), all_ones, read)
            self.mask = self.bind(read)
            if self.family.own_mask:
                self.out.append(Let(LEFT, self.mask, mutable=True))
        zeroing = self.operand(Src.ZEROING)
        if zeroing is not None:
            self.zeroing = is_one(Imm(BIT, zeroing.name))
        for o in dict.fromkeys(self.bound.values()):
            if o.mem is not None and not o.mem.index:
                self.memory(o)

    def registers_differ(self) -> None:
        """Of gathers: destination, indexes, and a mask that is a vector."""
        numbers: list[Expr] = [Ext(ADDR, False, RegNum(Bits(8), o.name))
                               for o in self.insn.operands if "w" in o.access
                               and o.regclass == "vec"]
        for a, b in combinations((*numbers, Decoded(ADDR, "VINDEX")), 2):
            self.out.append(If(Binary(BOOL, Op.EQ, a, b), (Raise("UD", const(64, 0)),)))

    def memory(self, o: XOperand) -> None:
        """Address, alignment, and what is read before all else."""
        self.addr[o.name] = self.bind(OperandAddr(ADDR, o.name, None, "linear"))
        size = o.mem.bits // 8
        legacy = self.cls.align == "legacy" and self.enc.space is Space.LEGACY
        if size >= 16 and (legacy or self.cls.align == "vector"):
            low = Binary(ADDR, Op.AND, self.addr[o.name], const(64, size - 1))
            wrong: Expr = Binary(BOOL, Op.NE, low, const(64, 0))
            if self.mask is not None:  # nothing is accessed: nothing is wrong
                wrong = Binary(BOOL, Op.LAND, wrong, self.any_lane())
            self.out.append(If(wrong, (Raise("GP", const(64, 0)),)))
        name = f"m_{o.name}"
        total = size * max(o.mem.broadcast, 1)
        self.vectors[o.name] = VecVar(name)
        if "r" not in o.access:
            self.out.append(VecLocal(name, total))
            return
        if self.mask is not None and self.cls.suppress and not o.mem.broadcast \
                and not self.family.scalar:
            self.suppressed.add(o.name)
            if 16 < o.mem.bits < 128:
                probe = Check("ProbeAligned", (self.addr[o.name], const(64, size)))
                self.out.append(If(self.any_lane(), (probe,)))
            return
        self.out.append(VecLocal(name, total))
        stmts = self.loads(o, name, size)
        if self.mask is not None and self.cls.suppress:
            stmts = (If(self.any_lane(), stmts),)
        self.out += stmts

    def any_lane(self) -> Expr:
        """Does the mask leave a lane in?"""
        lanes = 1 if self.family.scalar else self.lanes
        want = Binary(ADDR, Op.AND, self.mask, const(64, (1 << lanes) - 1))
        return Binary(BOOL, Op.NE, want, const(64, 0))

    def loads(self, o: XOperand, name: str, size: int) -> tuple[Stmt, ...]:
        """Memory to a local; an element that is broadcast to all its places."""
        value = self.temp()
        if size <= 8:
            load = Load(value, self.addr[o.name], self.access(o, size))
            read = Var(Bits(8 * size), value)
            if not o.mem.broadcast:
                return load, SetElem(VecVar(name), const(64, 0), read)
            q = self.temp()
            put = SetElem(VecVar(name), Var(ADDR, q), read)
            return load, Lanes(q, const(64, o.mem.broadcast), (put,))
        q = self.temp()
        part = self.behind(o, self.scaled(Var(ADDR, q), 8))
        return (Lanes(q, const(64, size // 8), (
            Load(value, part, self.access(o, 8)),
            SetElem(VecVar(name), Var(ADDR, q), Var(ADDR, value)))),)

    def behind(self, o: XOperand, offset: Expr) -> Expr:
        """An address inside of the operand; address sizes cut where it begins only."""
        return Binary(ADDR, Op.ADD, self.addr[o.name], offset)

    def access(self, o: XOperand, size: int) -> Access:
        """Whole vectors and gathers are not checked by RFLAGS.AC."""
        whole = o.mem.bits >= 128 or o.mem.index or not self.cls.checked
        return Access(size, how=("operand", "unaligned") if whole else ("operand",))

    @staticmethod
    def scaled(x: Expr, size: int) -> Expr:
        return Binary(ADDR, Op.MUL, x, const(64, size)) if size > 1 else x

    def quiet(self) -> bool:
        """Embedded rounding or {sae}: no flags and no exceptions."""
        return self.enc.space is Space.EVEX and self.enc.b == 1 and not self.enc.memory

    def epilogue(self) -> None:
        o = self.dst
        to_memory = o is not None and o.mem is not None
        if self.floats:
            self.exceptions()  # flags stay where the store faults
        if to_memory:
            self.probe(o)
            self.stores(o)
        elif o is not None and o.regclass == "vec":
            for x in self.insn.operands:
                if x.regclass == "vec" and "w" in x.access:
                    self.clear_above(x)
        elif o is not None and o.regclass == "k":
            self.out.append(RegWrite(o.name, None, self.mask_result))
        for name, value in self.flags.items():
            self.out.append(StateWrite(name, value))
        if self.mmx:
            self.out += x86_mmx.after(self.insn.operands)

    def exceptions(self) -> None:
        """Flags to MXCSR, and #XM."""
        if not self.quiet():
            self.out.append(Check("FpEnd", (FpStatus(Bits(8), "flags"),)))

    def clear_above(self, o: XOperand) -> None:
        """Bits above a destination, as its encoding has it."""
        if self.enc.space is not Space.LEGACY and o.width < 8 * VECTOR_BYTES:
            self.out.append(ZeroAbove(VecOp(o.name), const(64, o.width // 8),
                                      const(64, VECTOR_BYTES)))

    # ---- memory destinations -----------------------------------------------

    def pieces(self, o: XOperand) -> tuple[int, int]:
        """Bytes and number of accesses."""
        size = o.mem.bits // 8
        if self.mask is not None:
            part = self.family.elem.bits // 8
            return part, size // part
        return (size, 1) if size <= 8 else (8, size // 8)

    def each(self, o: XOperand, body: tuple[Stmt, ...], q: str) -> Stmt:
        active = self.lane_active(Var(ADDR, q)) if self.mask is not None else None
        return Lanes(q, const(64, self.pieces(o)[1]), body, active=active)

    def probe(self, o: XOperand) -> None:
        """All that will be written can be, so that a fault leaves nothing behind."""
        size, count = self.pieces(o)
        if count == 1:
            return
        if self.mask is None:
            self.out.append(Check("ProbeWrite", (self.addr[o.name],
                                                 const(64, o.mem.bits // 8))))
            return
        want = self.bind(Binary(ADDR, Op.AND, self.mask, const(64, (1 << count) - 1)))
        first = self.scaled(Unary(ADDR, Op.CTZ, want), size)
        last = Binary(ADDR, Op.SUB, const(64, 63), Unary(ADDR, Op.CLZ, want))
        last = Binary(ADDR, Op.ADD, self.scaled(last, size), const(64, size - 1))
        ends = (self.behind(o, x) for x in (first, last))
        mask = self.operand(Src.MASK)
        number = Ext(ADDR, False, RegNum(Bits(8), mask.name))
        self.out.append(If(Binary(BOOL, Op.NE, want, const(64, 0)),
                           (Check("ProbeMasked", (*ends, number)),)))

    def stores(self, o: XOperand) -> None:
        size, count = self.pieces(o)
        vec, typ = self.vectors[o.name], Bits(8 * size)
        if count == 1:
            self.out.append(Store(self.addr[o.name], Elem(typ, vec, const(64, 0)),
                                  self.access(o, size)))
            return
        q = self.temp()
        at = self.behind(o, self.scaled(Var(ADDR, q), size))
        self.out.append(self.each(o, (Store(at, Elem(typ, vec, Var(ADDR, q)),
                                            self.access(o, size)),), q))

    # ---- what LaneBody asks for --------------------------------------------

    def lane_active(self, index: Expr) -> Expr:
        """The mask's bit of a lane."""
        assert self.mask is not None
        if isinstance(index, Const):
            return is_one(Slice(BIT, index.value, self.mask))
        return is_one(Slice(BIT, 0, Binary(ADDR, Op.LSHR, self.mask, index)))

    def lane_load(self, o: XOperand, index: Expr, width: int) -> Expr:
        """An element of a memory operand, read when its lane is computed."""
        t = self.temp()
        at = self.behind(o, self.scaled(index, width // 8))
        self.out.append(Load(t, at, self.access(o, width // 8)))
        return Var(Bits(width), t)

    def index_element(self, o: XOperand, i: IntVal, width: int) -> Expr:
        """An element of the vector of indexes of a memory operand."""
        return Elem(Bits(width), VecState("vec", Decoded(ADDR, "VINDEX")), to_bits(i, 64))

    def gathered(self, index: IntVal, width: int, at: n.Expr) -> Expr:
        """Memory at the operand's base plus a scaled index."""
        o = next((o for o in self.bound.values() if o.mem is not None and o.mem.index), None)
        if o is None:
            raise self.fail(at, "MEM is for instructions with a vector of indexes")
        scaled = Binary(ADDR, Op.SHL, self.as_bits(index, 64, at),
                        Ext(ADDR, False, Decoded(Bits(2), "SCALE")))
        t = self.temp()
        self.out.append(Load(t, OperandAddr(ADDR, o.name, scaled, "vsib"),
                             self.access(o, width // 8)))
        return Var(Bits(width), t)

    def write_gpr(self, o: XOperand, value: Expr) -> None:
        width = self.isa.classes[o.regclass].width
        view = None if o.width == width else f"R{o.width}"
        self.out.append(RegWrite(o.name, view, value))


_TECH = {"": tuple(Space), "SSE_ALL": (Space.LEGACY,), "AVX_ALL": (Space.VEX,),
         "AVX-512": (Space.EVEX,)}
_CLASSES = {"", "k", "gpr", *VECTORS}


def _kind(o: XOperand) -> str:
    """As forms ask for it."""
    if o.mem is not None:
        return "m"
    return "r" if o.regclass.startswith("gpr") else "v" if o.regclass else "i"


def _fits(o: XOperand, kinds: str) -> bool:
    """Is it what a form wants: kinds, and perhaps a width?"""
    letters = kinds.rstrip("0123456789")
    return _kind(o) in letters and kinds[len(letters):] in ("", str(o.width))


class SimdBodies:
    """All families by the mnemonics of their instructions."""

    def __init__(self, families: list[Family], info: IsaInfo, errors: Errors) -> None:
        self.info, self.errors = info, errors
        self.by_name: dict[str, list[tuple[Family, FormDecl]]] = {}
        self.used: set[FormDecl] = set()
        self.broken: set[str] = set()
        for f in families:
            for form in f.forms:
                if form.tech not in _TECH:
                    errors.add(form.span, f"tech is one of {', '.join(filter(None, _TECH))}")
                self.by_name.setdefault(form.mnemonic, []).append((f, form))

    def find(self, insn: Insn) -> tuple[Family, FormDecl] | None:
        """The family that means this encoding."""
        enc: Prefixed = insn.encoding
        if any(o.regclass not in _CLASSES for o in insn.operands):
            return None
        shown = named_operands(insn)
        name = enc.mnemonic.split("/")[0].replace("{p}", "")
        hits = [(f, form) for f, form in self.by_name.get(name, ())
                if enc.space in _TECH.get(form.tech, ()) and len(form.names) == len(shown)
                and all(_fits(o, kinds) for o, kinds in zip(shown, form.kinds))]
        if len(hits) > 1:
            raise SpecError(hits[1][1].span, f"{name}: another family has this meaning, too: "
                                             f"{hits[0][1].span}")
        return hits[0] if hits else None

    def check(self, insn: Insn) -> Sem | None:
        """Its meaning; None: not stated here, or wrong. What is wrong with a family is
        said of its first encoding."""
        try:
            found = self.find(insn)
            if found is None or found[0].name in self.broken:
                return None
        except SpecError as e:
            self.errors.take(e)
            return None
        self.used.add(found[1])
        try:
            return SimdBody(insn, self.info, *found).check()
        except SpecError as e:
            self.broken.add(found[0].name)
            self.errors.take(e)
            return None

    def finish(self) -> None:
        """Every line must mean something."""
        for forms in self.by_name.values():
            for f, form in forms:
                if form not in self.used:
                    self.errors.add(form.span, f"{form.mnemonic}: no encoding has this mnemonic "
                                               "and this number of operands")
