# SPDX-License-Identifier: MIT
"""Encodings of a machine with prefixes and opcode maps (x86).

An instruction is found in three steps: prefixes are collected, the opcode map
and byte select a slot, and the rows of the slot are compared with the *key*:
everything else that tells encodings apart (prefixes, W, L, ModRM digits, mode,
...). A row is a cube over the key's fields (KEY); `passes.prefixed_overlap`
proves that no two rows of a slot meet without a stated priority.

An `Insn` is one encoding after specialisation: operand size, vector length,
register or memory form, LOCK, REP, broadcast, embedded rounding. Its
`encoding` is a `Prefixed`, its operands are `XOperand`s.

The decoded instruction (struct rx_insn)
----------------------------------------
    r[0]  register of ModRM.reg
    r[1]  register of ModRM.rm, or of the opcode byte (50+r); memory forms:
          bits 5..0 base register, 32 none, 33 rip; bits 7..6 address size
          (0 64 bits, 1 32, 2 16)
    r[2]  register of VEX/EVEX.vvvv; memory forms: bits 4..0 of it, bits 7..5
          segment override (0 none, 1 es, 2 cs, 3 ss, 4 ds, 5 fs, 6 gs)
    r[3]  memory forms: bits 5..0 index register, 32 or more: none (33 in an
          encoding that names none needlessly, riz); bits 7..6 log2 of the
          scale; a vector index (VSIB) likewise
    imm   forms with memory, VEX or EVEX: bits 31..0 displacement (signed,
          multiplied by N already), bits 63..32 immediate; where that has 8
          bits only: 42..40 mask register, 43 zeroing, 45..44 rounding;
          other forms: all of it is the immediate, extended to 64 bits as the
          operand says; two immediates: 31..0 and 63..32. A relative target is
          relative to the *start* of the instruction
Register numbers are those of the operand's class; gpr8 numbers 32..35 are ah,
ch, dh, bh. Fixed registers (al, cl, dx) have no place: `fixed` is the number.
`passes/prefixed_layout` and the tables of back/prefixed say the same with
`Place`s: use `operand.place`, not this picture.
"""
from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from gen.model.encoding import Insn, Operand, Place, Span

MODES = (64, 32, 16)  # by the low bits of the mode key
NO_REG = 32  # base or index: there is none
RIP = 33  # base: the address of the next instruction
HIGH = 32  # gpr8: number of ah


class Space(Enum):
    LEGACY = "legacy"
    VEX = "vex"
    EVEX = "evex"


# fields of the key and their widths; core/prefixed.h has the same names
KEY = {
    "REG": 3, "RM": 3, "MOD3": 1,  # ModRM; MOD3: it names a register
    "W": 1, "P66": 1, "PF3": 1, "PF2": 1,  # PF2, PF3: the later of the two
    "L": 2, "B": 1, "Z": 1, "AAA": 3, "KN": 1,  # EVEX; KN: aaa is not 0
    "V0": 1, "V4": 1,  # vvvv, and its fifth bit, name no register
    "LOCK": 1, "M64": 1, "O16": 1, "ASZ": 2,  # mode, effective operand and address size
    "RXB": 1,  # the opcode's register has a number above 7
    "LACK": 16,  # features that the processor lacks
}

# how numbers of the registers with these names are made of bits (core/prefixed.h)
BANKS = {"gpr8": "BYTE", "gpr16": "GENERAL", "gpr32": "GENERAL", "gpr64": "GENERAL",
         "xmm": "VECTOR", "ymm": "VECTOR", "zmm": "VECTOR", "k": "EIGHT", "mmx": "SAME",
         "seg": "SAME", "st": "SAME", "st0": "SAME", "cr": "SIXTEEN", "dr": "SIXTEEN"}

Cube = dict[str, tuple[int, int]]  # field -> (mask, value)
PP = {"NP": (0, 0, 0), "66": (1, 0, 0), "F3": (0, 1, 0), "F2": (0, 0, 1)}  # P66 PF3 PF2


class Src(Enum):
    """Where an operand comes from."""

    REG = "reg"  # ModRM.reg
    RM = "rm"  # ModRM.rm, a register
    MEM = "mem"  # ModRM memory
    VVVV = "vvvv"
    OPCODE = "opcode"  # low bits of the opcode byte
    IS4 = "is4"  # upper half of the immediate byte
    IMM = "imm"
    IMM2 = "imm2"
    REL = "rel"  # immediate, relative to the next instruction
    MOFFS = "moffs"  # absolute address in the place of an immediate
    STRING = "string"  # memory at a fixed register
    MASK = "mask"  # EVEX.aaa
    ZEROING = "zeroing"  # EVEX.z
    ROUND = "round"  # EVEX.L'L when it selects a rounding direction
    SAE = "sae"  # no value: exceptions are suppressed
    FIXED = "fixed"  # a register or the number 1, by the opcode
    STATIC = "static"  # a constant of this encoding that bodies may ask for


@dataclass(frozen=True, slots=True)
class Mem:
    """What a memory operand is. bits: of the access, 0: address only (LEA).
    index: class of a vector index. broadcast: one element, repeated that many
    times. base, seg: of STRING operands, the register's number and whether the
    segment may be overridden."""

    bits: int
    index: str = ""
    broadcast: int = 0
    base: int = -1
    seg: bool = True


@dataclass(frozen=True, slots=True)
class XOperand(Operand):
    """width: bits that bodies see. regclass: gpr gpr8 vec k mmx st seg cr dr.
    names: class of the register's names (gpr32, xmm). shown: stands in the
    assembly text. fixed: a constant number. nbytes: of an immediate."""

    source: Src = Src.FIXED
    mem: Mem | None = None
    names: str = ""
    shown: bool = True
    fixed: int = -1
    nbytes: int = 0

    @property
    def is_const(self) -> bool:
        return self.source in (Src.FIXED, Src.STATIC)

    @property
    def number(self) -> int:
        return self.fixed if self.source is Src.FIXED else -1

    @property
    def encoded(self) -> int:
        """Bits that the encoding holds."""
        if self.place is None:
            return 0
        return self.place.width or 8


@dataclass(frozen=True, slots=True)
class Prefixed:
    """One encoding. cubes: keys that select it. pp: the mandatory prefix, ""
    none. osize: operand size that prefixes have to select, 0 any. w, l, reg,
    rm: -1 any (or an operand). scale: log2 of N of disp8*N. over: encodings that
    this one takes precedence over."""

    name: str  # "add.m64.r64"
    mnemonic: str  # of the table, "ADD", "J{cc}"
    intel: str  # as printed
    att: str
    aliases: tuple[tuple[str, str], ...]  # more spellings, Intel and AT&T
    group: int  # number in the mnemonic's group
    words: tuple[str, ...]  # for the values of the immediate, printed at {p} of the names
    space: Space
    map: int
    opcode: int
    cubes: tuple[Cube, ...]
    pp: str
    osize: int
    w: int
    l: int  # noqa: E741
    modrm: bool
    reg: int
    rm: int
    modes: frozenset[int]  # 16 32 64
    scale: int
    b: int  # EVEX.b
    nf: bool
    lock: bool
    rep: str  # "" rep repe repne
    sz: int  # operand size of the operation, 0: it has none
    vl: int  # vector length in bits, 0 none
    extension: str
    lacking: str  # feature whose absence makes the bytes something else, or ""
    over: tuple[str, ...]
    flags: frozenset[str]
    memory: bool  # ModRM names memory
    imms: tuple[int, ...]  # bytes of immediates; 0: as many as addresses have
    span: Span


def meet(a: Cube, b: Cube) -> bool:
    """Is there a key of both?"""
    return all(not (m & b[f][0]) & (v ^ b[f][1]) for f, (m, v) in a.items() if f in b)


def within(a: Cube, b: Cube) -> bool:
    """Is every key of a one of b?"""
    return all(f in a and not m & ~a[f][0] and not (a[f][1] ^ v) & m for f, (m, v) in b.items())


def bits(**fields: int) -> Cube:
    """A cube with these fields fixed."""
    return {f: ((1 << KEY[f]) - 1, v) for f, v in fields.items()}


def place_of(o: XOperand, low: bool, memory: bool, two: bool) -> Place | None:
    """Where the operand lives in struct rx_insn. low: the displacement has the
    lower half of imm; two: there are two immediates."""
    match o.source:
        case Src.REG:
            return Place(0)
        case Src.RM | Src.OPCODE:
            return Place(1)
        case Src.VVVV:
            return Place(2, 0, 5 if memory else 0)
        case Src.MASK:
            return Place(-1, 40, 3)
        case Src.ZEROING:
            return Place(-1, 43, 1)
        case Src.ROUND:
            return Place(-1, 44, 2)
        case Src.IS4:
            return Place(-1, 36, 4)
        case Src.IMM if low:
            return Place(-1, 32, 8 * o.nbytes if o.nbytes < 4 else 32)
        case Src.IMM if two:
            return Place(-1, 0, 32)
        case Src.IMM2:
            return Place(-1, 32, 32)
        case Src.IMM | Src.REL:
            return Place(-1, 0, 64)
    return None


def slots(insn: Insn) -> list[tuple[Space, int, int]]:
    """Space, map and opcode bytes: eight of them if they hold a register."""
    e = insn.encoding
    count = 8 if any(o.source is Src.OPCODE for o in insn.operands) else 1
    return [(e.space, e.map, e.opcode + k) for k in range(count)]


def lacks(insns: tuple[Insn, ...]) -> list[str]:
    """Features that are bits of the key's LACK, from bit 0 up."""
    return sorted({i.encoding.lacking for i in insns} - {""})
