# SPDX-License-Identifier: MIT
"""Encoders of a machine with prefixes and opcode maps (x86), one C function an
encoding, for code that emits code in 64-bit mode.

The bytes that an encoding fixes are constants of its function; REX or VEX, ModRM
and SIB are put together in line (core/prefixed_put.h). What is rare, registers 16
to 31 and the bytes ah to dh, segments, absolute addresses, and EVEX, goes to
rx_px_encode(), which says what is right: a test compares both over all functions.
"""
from __future__ import annotations

from gen.back.decode import ident
from gen.model.encoding import Insn, IsaEncodings
from gen.model.prefixed import BANKS, Prefixed, Space, Src, XOperand

_PP = {"": 0, "NP": 0, "66": 1, "F3": 2, "F2": 3}
_MANDATORY = (0, 0x66, 0xf3, 0xf2)  # by that number
_MAPS = ([], [0x0f], [0x0f, 0x38], [0x0f, 0x3a])
_FIELDS = {Src.REG: "reg", Src.RM: "rm", Src.OPCODE: "rm", Src.VVVV: "vvvv", Src.IS4: "is4",
           Src.IMM: "imm", Src.IMM2: "imm2", Src.REL: "imm", Src.MASK: "mask",
           Src.ZEROING: "zeroing", Src.ROUND: "round", Src.MOFFS: "imm"}
_WIDE = ("imm", "imm2")
_REGISTERS = (Src.REG, Src.RM, Src.OPCODE, Src.VVVV, Src.IS4)
_NOT_IN_LINE = (Src.MASK, Src.ZEROING, Src.ROUND, Src.SAE, Src.MOFFS)


def pp_of(e: Prefixed) -> int:
    """The mandatory prefix: 0 none, 1 66, 2 F3, 3 F2."""
    if e.space is not Space.LEGACY and not e.pp:
        return 1 if e.sz == 16 else 0
    return _PP[e.pp]


def w_of(e: Prefixed) -> int:
    """W, -1: any."""
    return e.cubes[0]["W"][1] if "W" in e.cubes[0] else -1


def osize_of(e: Prefixed) -> int:
    """The size that 66 selects in a mode of the other size; 0: 66 is no matter."""
    sized = any("O16" in c for c in e.cubes)
    return 16 if sized and e.sz == 16 else 32 if sized and e.sz == 32 else 0


def _in_line(insn: Insn) -> bool:
    e: Prefixed = insn.encoding
    return 64 in e.modes and e.space is not Space.EVEX and 0 not in e.imms \
        and not any(o.source in _NOT_IN_LINE or (o.mem and o.mem.index) for o in insn.operands)


class _Function:
    """The statements of one function."""

    def __init__(self, isa: IsaEncodings, insn: Insn) -> None:
        self.e: Prefixed = insn.encoding
        self.counts = {r.name: len(r.names) for r in isa.regs}
        self.by: dict[Src, XOperand] = {o.source: o for o in insn.operands}
        self.rm = self.by.get(Src.RM) or self.by.get(Src.OPCODE)
        self.mem = self.by.get(Src.MEM) if self.e.memory else None
        self.lines: list[str] = []

    def guard(self) -> str:
        """Whether the operands are the usual ones, "": they always are."""
        limits: dict[int, list[str]] = {}
        for source in _REGISTERS:
            if o := self.by.get(source):
                limits.setdefault(min(self.counts[o.names], 16), []).append(o.name)
        tests = []
        for limit, names in limits.items():  # below a power of two all are if their OR is
            at_once = names if limit & (limit - 1) else [" | ".join(names)]
            tests += [f"({n}) < {limit}" if " " in n else f"{n} < {limit}" for n in at_once]
        memory = [f"rx_px_usual({self.mem.name})"] if self.mem else []
        return " && ".join(memory + tests)

    def put(self, *values: int | str) -> None:
        """Bytes: constants, C."""
        self.lines += [f"*p++ = {v if isinstance(v, str) else f'{v:#04x}'};" for v in values]

    def high_bits(self) -> str:
        """R, X and B."""
        reg = self.by.get(Src.REG)
        parts = [f"rx_px_high({reg.name}) << 2"] if reg else []
        if self.mem:
            parts.append(f"rx_px_high_mem({self.mem.name})")
        elif self.rm:
            parts.append(f"rx_px_high({self.rm.name})")
        return " | ".join(parts)

    def legacy(self) -> None:
        """Up to the opcode."""
        e, high = self.e, self.high_bits()
        first = [0xf3] * (e.rep in ("rep", "repe")) + [0xf2] * (e.rep == "repne") + \
            [0x66] * (osize_of(e) == 16) + [0xf0] * e.lock + [_MANDATORY[pp_of(e)]] * bool(pp_of(e))
        self.put(*first)
        forced = " | ".join(f"({o.name} > 3)" for o in (self.by.get(Src.REG), self.rm)
                            if o and BANKS[o.names] == "BYTE")
        if w_of(e) == 1:
            self.put("(uint8_t)(0x48" + (f" | {high})" if high else ")"))
        elif high:
            self.lines.append(f"p = rx_px_put_rex(p, {high}, {forced or 'false'});")
        self.put(*_MAPS[e.map])

    def vex(self) -> None:
        """Up to the opcode."""
        e, wide = self.e, w_of(self.e) == 1
        vvvv = self.by.get(Src.VVVV)
        last = (e.l == 1) << 2 | pp_of(e)
        field = f"(~{vvvv.name} & 15u) << 3 | {last}" if vvvv else f"{0x78 | last:#04x}"
        short = "true" if e.map == 1 and not wide else "false"
        self.lines.append(f"p = rx_px_put_vex(p, {self.high_bits() or 0}, {e.map}, "
                          f"{int(wide)}, {field}, {short});")

    def opcode(self) -> None:
        """Opcode and ModRM."""
        e, reg = self.e, self.by.get(Src.REG)
        if not e.modrm:
            self.put(f"(uint8_t)({e.opcode:#04x} + ({self.rm.name} & 7))"
                     if self.rm else e.opcode)
            return
        self.put(e.opcode)
        field = str(e.reg) if e.reg >= 0 else f"{reg.name} & 7u" if reg else "0"
        if self.mem:
            self.lines.append(f"p = rx_px_put_mem(p, {field}, {self.mem.name});")
            return
        low = str(e.rm) if e.rm >= 0 else f"{self.rm.name} & 7u" if self.rm else "0"
        self.put(f"(uint8_t)(0xc0 | ({field}) << 3 | ({low}))")

    def immediates(self) -> None:
        """Behind all else."""
        if is4 := self.by.get(Src.IS4):
            imm = self.by.get(Src.IMM)
            self.put(f"(uint8_t)({is4.name} << 4" + (f" | ({imm.name} & 15))" if imm else ")"))
            return
        names = [next((o.name for s, o in self.by.items() if _FIELDS.get(s) == f), "0")
                 for f in _WIDE]
        self.lines += [f"p = rx_px_put_imm(p, {n}, {size});"
                       for n, size in zip(names, self.e.imms)]

    def body(self) -> list[str]:
        """All of it."""
        if self.e.space is Space.LEGACY:
            self.legacy()
        else:
            self.vex()
        self.opcode()
        self.immediates()
        return self.lines


def function(isa: IsaEncodings, insn: Insn) -> dict[str, object]:
    """The encoder of one encoding: registers by number, memory by its parts.
    body: its statements, [] if rx_px_encode() does all; rare: what it leaves to that;
    args: the parameters as parts of the struct that rx_px_encode() takes; memory: one of
    them is memory."""
    params, sets, args = [], [], []
    for o in insn.operands:
        if o.source in _FIELDS:
            name = _FIELDS[o.source]
            params.append(("uint64_t " if name in _WIDE else "uint8_t ") + o.name)
            sets.append(f"v.{name} = {o.name};")
            args.append(f"v->{name}")
        elif o.source is Src.MEM:
            params.append(f"const struct rx_px_values *{o.name}")
            sets.insert(0, f"v = *{o.name};")
            args.append("v")
    f = _Function(isa, insn)
    in_line = _in_line(insn)
    return {"name": f"rg_{isa.name}_emit_{insn.ident}", "id": ident(isa, insn),
            "short": insn.ident, "origin": f"{insn.name}  {insn.span.origin}",
            "params": ", ".join(["uint8_t *out", *params]), "sets": sets,
            "memory": int("v" in args), "args": ", ".join(["out", *args]),
            "body": f.body() if in_line else [], "usual": f.guard() if in_line else ""}
