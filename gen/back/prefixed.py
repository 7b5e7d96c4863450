# SPDX-License-Identifier: MIT
"""Tables of a machine with prefixes and opcode maps, for core/prefixed.h: its
decoder, disassembler and assembler, and one encoder function per encoding."""
from __future__ import annotations

from dataclasses import dataclass, field

import jinja2

from gen.back.asmtables import c_string
from gen.back.decode import ident
from gen.back.emitters import function, osize_of, pp_of, w_of
from gen.model.checked import Isa
from gen.model.encoding import Insn, IsaEncodings
from gen.model.prefixed import (BANKS, Cube, Prefixed, Space, Src, XOperand, lacks,
                                slots)
from gen.support.errors import SpecError

_SPACES = {Space.LEGACY: "RX_PX_LEGACY", Space.VEX: "RX_PX_VEX", Space.EVEX: "RX_PX_EVEX"}
_MODES = {64: 1, 32: 2, 16: 4}
_FLAGS = {"star": "RX_PX_F_STAR", "straight": "RX_PX_F_STRAIGHT", "evex": "RX_PX_F_EVEX"}
_ADDRESS = ("gpr64", "gpr32", "gpr16")
_SYNTAXES = ("intel", "att")
WORD = "\1"  # in names; RX_PX_WORD


def _cube(cube: Cube) -> tuple[str, str]:
    """C of a row's mask and match."""
    mask = [f"RX_PX_K({f}, {m:#x})" for f, (m, _) in cube.items() if m]
    match = [f"RX_PX_K({f}, {v:#x})" for f, (_, v) in cube.items() if v]
    return " | ".join(mask) or "0", " | ".join(match) or "0"


@dataclass(slots=True)
class _Tables:
    """Shared parts as C initialisers, each once."""

    isa: IsaEncodings
    operands: dict[str, int] = field(default_factory=dict)
    lists: list[str] = field(default_factory=list)
    wordlists: list[tuple[str, ...]] = field(default_factory=lambda: [()])
    strings: dict[str, int] = field(default_factory=dict)
    size: int = 0  # of all strings
    _known: dict[tuple[int, ...], int] = field(default_factory=dict)

    def string(self, text: str) -> int:
        """Offset of a name among all of them."""
        if text not in self.strings:
            self.strings[text] = self.size
            self.size += len(text) + 1
        return self.strings[text]

    def words(self, e: Prefixed) -> int:
        """Number of the list of words, 0: none."""
        if e.words not in self.wordlists:
            self.wordlists.append(e.words)
        return self.wordlists.index(e.words)

    def cls(self, name: str) -> int:
        return [r.name for r in self.isa.regs].index(name) + 1 if name else 0

    def operand(self, o: XOperand, string: bool, left_out: bool) -> int:
        """Index of an operand. string: of an instruction with string memory;
        left_out: a register of the stack may be left out."""
        minus = o.nbytes == 1 or o.nbytes == 8 or 8 * o.nbytes < o.width
        flags = ["RX_PX_O_SIGNED"] * o.signed + ["RX_PX_O_MINUS"] * (o.signed and minus)
        flags += ["RX_PX_O_ES"] * (o.mem is not None and not o.mem.seg)
        flags += ["RX_PX_O_HIDDEN"] * (not o.shown)
        if left_out and o.source is Src.RM:
            flags.append("RX_PX_O_OPTIONAL")
        if o.source is Src.FIXED:
            flags += ["RX_PX_O_SILENT"] * (not o.regclass)
            flags += ["RX_PX_O_OPTIONAL"] * (not o.regclass or o.regclass == "st" or string)
        mem = o.mem
        value = mem.base if mem and o.source is Src.STRING else \
            1 if left_out and o.source is Src.RM else max(o.fixed, 0)
        broadcast = mem.broadcast.bit_length() - 1 if mem and mem.broadcast else 0
        bits = mem.bits if mem else o.width if o.source in (Src.IMM, Src.IMM2) else 0
        cls = self.cls(mem.index if mem and mem.index else o.names)
        row = f"{{ RX_PX_S_{o.source.name}, {cls}, {value}, {' | '.join(flags) or 0}, " \
              f"{o.nbytes}, {broadcast}, {bits} }}"
        return self.operands.setdefault(row, len(self.operands))

    def list(self, insn: Insn) -> tuple[int, int]:
        """First and number of the instruction's operands in the list."""
        string = any(o.source is Src.STRING for o in insn.operands)
        left_out = "st1" in insn.encoding.flags
        ops = tuple(self.operand(o, string, left_out) for o in insn.operands
                    if o.source is not Src.STATIC)
        if ops not in self._known:
            self._known[ops] = len(self.lists)
            self.lists.extend(map(str, ops))
        return self._known[ops], len(ops)


def _flags(e: Prefixed) -> str:
    out = ["RX_PX_F_MODRM"] * e.modrm + ["RX_PX_F_MEMORY"] * e.memory
    out += ["RX_PX_F_LOCK"] * e.lock + ["RX_PX_F_NF"] * e.nf
    out += {"": [], "rep": ["RX_PX_F_REP"], "repe": ["RX_PX_F_REP", "RX_PX_F_REPE"],
            "repne": ["RX_PX_F_REPNE"]}[e.rep]
    out += [_FLAGS[f] for f in sorted(e.flags) if f in _FLAGS and not (f == "evex" and e.nf)]
    return " | ".join(out) or "0"


def _code(insn: Insn, tables: _Tables) -> str:
    e: Prefixed = insn.encoding
    first, n = tables.list(insn)
    modes = " | ".join(str(_MODES[m]) for m in sorted(e.modes))
    imms = ["RX_PX_IMM_ADDRESS" if b == 0 else str(b) for b in e.imms] + ["0", "0"]
    intel, att = (tables.string(n.replace("{p}", WORD)) for n in (e.intel, e.att))
    return f"{{ {{ {intel}, {att} }}, {first}, {n}, {_SPACES[e.space]}, {e.map}, " \
           f"{e.opcode:#04x}, {pp_of(e)}, {w_of(e)}, {e.l}, {e.reg}, {e.rm}, {e.b}, {e.scale}, " \
           f"{osize_of(e)}, {modes}, {{ {imms[0]}, {imms[1]} }}, {tables.words(e)}, {_flags(e)} }}"


@dataclass(frozen=True, slots=True)
class _Map:
    """First rows of the 257 opcodes of a map."""

    name: str
    space: str
    map: int
    first: list[str]


def _rows(isa: IsaEncodings) -> tuple[list[str], list[_Map]]:
    over = isa.precedence()
    by_slot: dict[tuple[Space, int, int], list[Insn]] = {}
    for i in isa.insns:
        for s in slots(i):
            by_slot.setdefault(s, []).append(i)
    rows: list[str] = []
    maps: list[_Map] = []
    for space, m in sorted({s[:2] for s in by_slot}, key=lambda s: (s[0].value, s[1])):
        first = []
        for op in range(256):
            insns = by_slot.get((space, m, op), [])
            insns.sort(key=lambda i: (-len(over[i.name]), i.id))
            flag = "M | " if any(i.encoding.modrm for i in insns) else ""
            first.append(f"{flag}{len(rows)}")
            for i in insns:
                for c in i.encoding.cubes:
                    mask, match = _cube(c)
                    rows.append(f"{{ {mask}, {match}, {ident(isa, i)} }}")
        first.append(str(len(rows)))
        maps.append(_Map(f"{space.value}_{m}", _SPACES[space], m, first))
    return rows, maps


def _entries(isa: IsaEncodings, syntax: int, tables: _Tables) -> list[str]:
    """Spellings of one syntax with the value of the word in it plus 1, 0 for
    none; AT&T's suffixes may be left out."""
    out = set()
    for i in isa.insns:
        e: Prefixed = i.encoding
        for pair in ((e.intel, e.att), *e.aliases):
            for name in {pair[syntax], pair[0] if pair[1].startswith(pair[0]) else pair[syntax]}:
                out.add((name.replace("{p}", ""), i.id, ident(isa, i), 0))
                out |= {(name.replace("{p}", w), i.id, ident(isa, i), k)
                        for k, w in enumerate(e.words, 1)}
    return [f"{{ {tables.string(n)}, {i}, {w} }}"
            for n, _, i, w in sorted(out, key=lambda x: (x[0].encode(), x[1], x[3]))]


def _classes(isa: IsaEncodings) -> list[dict[str, object]]:
    return [{"name": r.name, "names": [f'"{n}"' for n in r.names], "bank": BANKS[r.name]}
            for r in isa.regs]


def generate(whole: Isa, env: jinja2.Environment) -> dict[str, str]:
    """Tables and the functions over them."""
    isa = whole.enc
    tables = _Tables(isa)
    codes = [(ident(isa, i), _code(i, tables)) for i in isa.insns]
    entries = [_entries(isa, k, tables) for k in range(2)]
    if len(tables.lists) > 0xffff:
        raise SpecError(isa.span, "the lists of operands pass 65535")
    rows, maps = _rows(isa)
    names = [r.name for r in isa.regs]
    values = dict(
        isa=isa.name, codes=codes, operands=list(tables.operands), lists=tables.lists, rows=rows,
        maps=maps, classes=_classes(isa), entries=entries,
        strings=[c_string(list(x.encode())) for x in tables.strings],
        syntaxes=_SYNTAXES, address=[names.index(n) + 1 for n in _ADDRESS],
        seg=names.index("seg") + 1, mask=names.index("k") + 1, lacks=lacks(isa.insns),
        functions=[function(isa, i) for i in isa.insns], wordlists=[
            [f'"{w}"' for w in words] for words in tables.wordlists[1:]])
    return {f"{isa.name}/{f}": env.get_template(f"prefixed/{f}.j2").render(**values)
            for f in ("decode.h", "disasm.h", "encode.h", "emit.h", "emitters.h", "tables.h",
                      "decode.c", "prefixed.c")}
