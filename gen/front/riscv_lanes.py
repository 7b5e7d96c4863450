# SPDX-License-Identifier: MIT
"""RISC-V "V": what holds for all vector instructions.

The `elem` part of an operand's row (spec/riscv/operands.tbl) says what its
elements are:

    sew 2sew            SEW, 2 * SEW (EMUL grows with it)
    8 16 32 64          EEW of loads and stores
    bit                 a mask register
    one 2one            element 0 of one register, of SEW or 2 * SEW bits
    f...                one of these, IEEE values: 16, 32 and 64 bits only
    ...xN               a segment's N fields, in as many groups
    apart               a destination that no source may overlap
    start0              vstart must be 0

Manual: "Vector Register Grouping", "Vector Operands", "Vector Masking",
"Prestart, Active, Inactive, Body, and Tail Element Definitions". Agnostic
elements stay undisturbed.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, replace

from gen.front.intval import Value
from gen.model.encoding import Insn, Operand
from gen.model.isa import IsaInfo
from gen.model.lanes import Elem, Lanes, VecState
from gen.model.sem import (BOOL, Binary, Bits, Const, Expr, Ext, If, Imm, Load, Op, Raise, RegNum,
                           RegRead, Rmw, Select, Slice, StateRead, StateWrite, Stmt, Store, Var,
                           walk_stmts)

_SEWS = (8, 16, 32, 64)
_FLOATS = (16, 32, 64)  # Zvfh has the first
_MAX_LMUL, _MIN_LMUL = 3, -3  # logarithms
_ELEM = re.compile(r"(f?)(?:([124]?)(sew|one)|(bit)|(8|16|32|64))(?:x([2-8]))?$")
_BYTE = Bits(8)
_INDEX = Bits(64)


@dataclass(frozen=True, slots=True)
class Kind:
    """What an operand's elements are. scale: of SEW, 0: eew holds; whole: a
    group of registers, not one register."""

    scale: int
    eew: int
    whole: bool
    float: bool
    fields: int
    apart: bool
    start0: bool


def kind(o: Operand) -> Kind:
    words = (o.elem or "sew").split()
    m = _ELEM.match(words[0])
    if not m or any(w not in ("apart", "start0") for w in words[1:]):
        raise ValueError(f"operand {o.token}: elem {o.elem} is not known")
    scale = int(m[2] or 1) if m[3] else 0
    return Kind(scale, 1 if m[4] else int(m[5] or 0), m[3] == "sew" or bool(m[5]), bool(m[1]),
                int(m[6] or 1), "apart" in words, "start0" in words)


def _c(v: int) -> Const:
    return Const(_BYTE, v % 256)


def _both(a: Expr, b: Expr) -> Expr:
    return Binary(BOOL, Op.LAND, a, b)


def _scalar(isa: IsaInfo, name: str, width: int) -> Expr:
    s = isa.scalars[name]
    x = StateRead(Bits(s.width), name)
    return Ext(Bits(width), False, x) if s.width < width else x


def _inner(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    """vstart is the outermost loop's lane."""
    out = []
    for s in body:
        if isinstance(s, If):
            s = If(s.cond, _inner(s.then), _inner(s.other))
        elif isinstance(s, Lanes):
            s = replace(s, on_fault=())
        out.append(s)
    return tuple(out)


class RiscvLanes:
    """See lane_rules.LaneRules."""

    def __init__(self, insn: Insn, isa: IsaInfo) -> None:
        self.insn, self.isa = insn, isa
        self.vectors = [o for o in insn.operands
                        if o.regclass and isa.classes[o.regclass].vector]
        self.kinds = {o.name: kind(o) for o in self.vectors}
        self.sew: int | None = None

    def cases(self, names: frozenset[str]) -> list[tuple[Expr | None, dict[str, int]]]:
        if not names & {"SEW", "lane"}:
            return [(None, {})]
        out: list[tuple[Expr | None, dict[str, int]]] = []
        for k, sew in enumerate(_SEWS):
            widths = {x.scale * sew: x.float for x in self.kinds.values() if x.scale}
            if all(w in (_FLOATS if f else _SEWS) for w, f in widths.items()):
                sel = Binary(BOOL, Op.EQ, StateRead(_BYTE, "vsew"), _c(k))
                out.append((sel, {"SEW": sew}))
        return out

    def element(self, consts: dict[str, int]) -> int:
        return consts["SEW"]

    def width(self, o: Operand, width: int) -> int:
        k = self.kinds[o.name]
        return k.eew or k.scale * width

    def scalar(self, o: Operand, v: Value, width: int) -> Value | None:
        """x registers are cut to SEW; immediates are integers."""
        if isinstance(v, RegRead) and v.type.width > width:
            return Slice(Bits(width), 0, v)
        return None

    # ---- groups ------------------------------------------------------------

    def emul(self, o: Operand) -> Expr:
        """Logarithm of an operand's EMUL, two's complement in 8 bits."""
        k = self.kinds[o.name]
        lmul = StateRead(_BYTE, "vlmul")
        if not k.whole:
            return _c(0)
        if k.scale:
            log = k.scale.bit_length() - 1
            return Binary(_BYTE, Op.ADD, lmul, _c(log)) if log else lmul
        log = k.eew.bit_length() - 1 - 3
        rest = Binary(_BYTE, Op.SUB, lmul, StateRead(_BYTE, "vsew"))
        return Binary(_BYTE, Op.ADD, rest, _c(log)) if log else rest

    def size(self, o: Operand) -> Expr:
        """Registers of one group."""
        e = self.emul(o)
        if isinstance(e, Const):
            return _c(1)
        up = Binary(BOOL, Op.SLT, e, _c(1))
        low = Binary(_BYTE, Op.AND, e, _c(7))
        return Select(_BYTE, up, _c(1), Binary(_BYTE, Op.SHL, _c(1), low))

    def registers(self, name: str, groups: Expr) -> Expr:
        o = self.insn.operand(name)
        return Binary(_INDEX, Op.MUL, groups, Ext(_INDEX, False, self.size(o)))

    # ---- checks ------------------------------------------------------------

    def before(self) -> list[Stmt]:
        bad: list[Expr] = [Binary(BOOL, Op.NE, _scalar(self.isa, "vill", 8), _c(0))]
        for o in self.vectors:
            bad += self.group(o)
        for d in self.vectors:
            if "w" in d.access:
                for s in self.vectors:
                    if "r" in s.access and s.bits != d.bits:
                        bad += self.overlap(d, s)
                bad += self.target(d)
        return [If(c, (Raise("UNDEFINED"),)) for c in bad]

    def number(self, o: Operand) -> Expr:
        return RegNum(_BYTE, o.name)

    def group(self, o: Operand) -> list[Expr]:
        """EMUL in range, the first register a multiple of the group's size."""
        k = self.kinds[o.name]
        if not k.whole:
            return []
        e, out = self.emul(o), []
        high = _MAX_LMUL if k.fields == 1 else _MAX_LMUL - (k.fields - 1).bit_length()
        if k.scale != 1 or k.fields > 1:
            out.append(Binary(BOOL, Op.SLT, _c(high), e))
        if not k.scale:
            out.append(Binary(BOOL, Op.SLT, e, _c(_MIN_LMUL)))
        last = Binary(_BYTE, Op.SUB, self.size(o), _c(1))
        out.append(Binary(BOOL, Op.NE, Binary(_BYTE, Op.AND, self.number(o), last), _c(0)))
        if k.fields > 1:
            end = Binary(_BYTE, Op.ADD, self.number(o),
                         Binary(_BYTE, Op.MUL, self.size(o), _c(k.fields)))
            out.append(Binary(BOOL, Op.ULT, _c(32), end))
        return out

    def target(self, d: Operand) -> list[Expr]:
        k, out = self.kinds[d.name], []
        if k.start0 or not k.whole and k.eew != 1:
            out.append(Binary(BOOL, Op.NE, _scalar(self.isa, "vstart", 16), Const(Bits(16), 0)))
        vm = self.insn.operand("vm")
        if vm is not None and k.whole:
            masked = Binary(BOOL, Op.EQ, Imm(Bits(vm.width), "vm"), Const(Bits(vm.width), 0))
            out.append(_both(masked, Binary(BOOL, Op.EQ, self.number(d), _c(0))))
        return out

    def overlap(self, d: Operand, s: Operand) -> list[Expr]:
        """Overlaps of a destination and a source that are reserved."""
        kd, ks = self.kinds[d.name], self.kinds[s.name]
        if not kd.whole and kd.eew != 1 or not ks.whole and ks.eew != 1:
            return []  # element 0
        nd, ns = self.number(d), self.number(s)
        dsize = self.size(d)
        if kd.fields > 1:
            dsize = Binary(_BYTE, Op.MUL, dsize, _c(kd.fields))
        dend = Binary(_BYTE, Op.ADD, nd, dsize)
        send = Binary(_BYTE, Op.ADD, ns, self.size(s))
        meet = _both(Binary(BOOL, Op.ULT, nd, send), Binary(BOOL, Op.ULT, ns, dend))
        if kd.apart:
            return [meet]
        wd, ws = kd.eew or kd.scale, ks.eew or ks.scale
        if kd.scale and ks.scale and wd > ws:  # the highest part of the destination only
            low = Binary(BOOL, Op.SLT, self.emul(s), _c(0))
            return [_both(meet, Binary(BOOL, Op.LOR, low, Binary(BOOL, Op.NE, dend, send)))]
        if (kd.eew == 1 and ks.eew != 1) or kd.scale and ks.scale and wd < ws:
            return [_both(meet, Binary(BOOL, Op.NE, nd, ns))]
        return []

    # ---- loops -------------------------------------------------------------

    def active(self, lane: Expr) -> Expr:
        vm = self.insn.operand("vm")
        if vm is None:
            return Const(BOOL, 1)
        cls = next(c for c in self.isa.classes.values() if c.vector)
        all_lanes = Binary(BOOL, Op.NE, Imm(Bits(vm.width), "vm"), Const(Bits(vm.width), 0))
        bit = Elem(Bits(1), VecState(cls.state, Const(_INDEX, 0)), lane)
        return Binary(BOOL, Op.LOR, all_lanes, Binary(BOOL, Op.NE, bit, Const(Bits(1), 0)))

    def loop(self, s: Lanes) -> Lanes:
        s = replace(s, apart=True, body=_inner(s.body))
        if not any(isinstance(x, (Load, Store, Rmw)) for x in walk_stmts(s.body)):
            return s
        width = self.isa.scalars["vstart"].width
        at = Slice(Bits(width), 0, Var(_INDEX, s.var))
        return replace(s, progress=True, on_fault=(StateWrite("vstart", at),))

    def short(self, s: Lanes) -> Lanes:
        return self.loop(replace(s, start=_scalar(self.isa, "vstart", 64),
                                 count=_scalar(self.isa, "vl", 64),
                                 active=self.active(Var(_INDEX, s.var))))

    def after(self) -> list[Stmt]:
        width = self.isa.scalars["vstart"].width
        return [StateWrite("vstart", Const(Bits(width), 0))]
