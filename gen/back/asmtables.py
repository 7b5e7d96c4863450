# SPDX-License-Identifier: MIT
"""Tables for core/asmtext.h, shared by the disassembler and the assembler."""
from __future__ import annotations

from dataclasses import dataclass, field

from gen.model.encoding import (CondKind, Insn, IsaEncodings, Lit, Operand, Opt, Piece, Plain, Ref,
                                SyntaxKind, Template)
from gen.support.errors import SpecError

_OP, _OPT, _SHOWN, _END, _PLAIN = 1, 2, 3, 4, 5
_KINDS = {SyntaxKind.REG: "RX_ASM_REG", SyntaxKind.INT: "RX_ASM_INT",
          SyntaxKind.ENUM: "RX_ASM_WORD", SyntaxKind.FRACTION: "RX_ASM_FRACTION",
          SyntaxKind.SET: "RX_ASM_SET", SyntaxKind.LIST: "RX_ASM_LIST",
          SyntaxKind.REGISTERS: "RX_ASM_REGISTERS",
          SyntaxKind.CONST: "RX_ASM_CONST", SyntaxKind.TARGET: "RX_ASM_TARGET"}
_MAX_CONST = 16
_COND = {CondKind.IS: "RX_ASM_IS", CondKind.NOT: "RX_ASM_NOT", CondKind.SAME: "RX_ASM_SAME"}


def c_string(data: list[int]) -> str:
    """A C string literal of these bytes; octal escapes cannot run on."""
    out = []
    for b in data:
        if chr(b) in '"\\':
            out.append("\\" + chr(b))
        elif 32 <= b < 127:
            out.append(chr(b))
        else:
            out.append(f"\\{b:03o}")
    return '"' + "".join(out) + '"'


@dataclass(frozen=True, slots=True)
class Form:
    """A spelling as C literals; suffix: its operand's index plus 1, or 0; conds:
    first condition of an alias."""

    template: Template
    text: str
    suffix: int
    conds: int


def _printed(insn: Insn, token: str) -> Operand:
    """The instruction's operand that a token prints."""
    return sorted((o for o in insn.operands if o.token == token), key=lambda o: o.access != "r")[0]


@dataclass(slots=True)
class AsmTables:
    """Unique operands and bit lists of an ISA, as C initialisers, and the forms
    of each instruction."""

    isa: IsaEncodings
    forms: dict[str, tuple[Form, ...]] = field(default_factory=dict)
    all: dict[str, str] = field(default_factory=dict)  # operands that say the whole word
    conds: list[str] = field(default_factory=list)
    operands: dict[str, int] = field(default_factory=dict)
    bits: list[str] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    _lists: dict[tuple[str, ...], int] = field(default_factory=dict)

    def _bits(self, o: Operand) -> tuple[int, int]:
        rows: list[str] = []
        for b in o.bits:
            if not b.is_const:
                rows.append(f"{{ {b.lo}, {b.width}, 0 }}")
                continue
            if b.const >> _MAX_CONST:
                raise SpecError(o.span, f"operand {o.token}: constants over {_MAX_CONST} bits "
                                "are not implemented")
            rows.append(f"{{ -1, {b.width}, {b.const} }}")
        key = tuple(rows)
        if key not in self._lists:
            self._lists[key] = len(self.bits)
            self.bits.extend(rows)
        return self._lists[key], len(rows)

    def _table(self, o: Operand) -> int:
        match o.syntax.kind:
            case SyntaxKind.REG | SyntaxKind.REGISTERS:
                return [r.name for r in self.isa.regs].index(o.syntax.table or o.regclass)
            case SyntaxKind.ENUM | SyntaxKind.LIST:
                return [t.name for t in self.isa.tables].index(o.syntax.table)
            case SyntaxKind.SET:
                if o.syntax.table not in self.letters:
                    self.letters.append(o.syntax.table)
                return self.letters.index(o.syntax.table)
        return 0

    def _row(self, o: Operand, missing: int) -> int:
        """Index of an operand's row. Without a place, it is bits of the word."""
        p, c = o.place, f"rx_d_{o.function}"
        flags = ["RX_ASM_SIGNED"] * o.signed + ["RX_ASM_NUMBERS"] * o.syntax.numbers \
            + ["RX_ASM_HEX"] * o.syntax.hex + ["RX_ASM_EXTENDS"] * (o.extends >= 0) \
            + ["RX_ASM_MUST"] * o.must + ["RX_ASM_PRODUCER"] * o.producer
        bits = o.held if o.function else o.encoded
        place = ("RX_ASM_IN_WORD", 0, bits) if p is None else \
            ("RX_ASM_IN_IMM" if p.in_imm else p.slot, p.shift, p.width)
        first, count = self._bits(o)
        row = ", ".join(map(str, (
            f'"{o.name}"', _KINDS[o.syntax.kind], " | ".join(flags) or 0, self._table(o), bits,
            *place, count, first, missing,
            f"&(const struct rx_asm_function){{ {c}_valid, {c}, {c}_encode }}" if o.function
            else "NULL")))
        return self.operands.setdefault(f"{{ {row} }}", len(self.operands))

    def _operand(self, insn: Insn, template: Template, token: str, missing: int) -> int:
        """Index of the operand that a token of the template prints: the text's
        own, else of the instruction's the one that is read, if it has several."""
        own = [o for o in template.operands if o.token == token]
        return self._row(own[0] if own else _printed(insn, token), missing)

    def _op(self, index: int) -> list[int]:
        return [_OP, index % 255 + 1, index // 255 + 1]

    def _piece(self, insn: Insn, t: Template, piece: Piece, missing: dict[str, int]) -> list[int]:
        match piece:
            case Lit(text=text):
                return list(text.encode())
            case Plain(text=text):
                return [_PLAIN, *text.encode(), _END]
            case Ref(token=token):
                return self._op(self._operand(insn, t, token, missing.get(token, 0)))
            case Opt(pieces=pieces, defaults=defaults, printed=printed):
                values = dict(defaults)
                inner = [b for q in pieces for b in self._piece(insn, t, q, values)]
                return [_SHOWN if printed else _OPT, *inner, _END]
        raise TypeError(piece)

    def _text(self, insn: Insn, template: Template) -> str:
        """The template as a C string literal."""
        return c_string([b for p in template.pieces for b in self._piece(insn, template, p, {})])

    def _suffix(self, insn: Insn, template: Template) -> int:
        """Index of the suffix operand plus 1; 0 without one."""
        return self._operand(insn, template, template.suffix, 0) + 1 if template.suffix else 0

    def _conds(self, t: Template) -> int:
        """Index of the first condition of an alias."""
        first = len(self.conds)
        for c in t.when:
            self.conds.append(f"{{ {c.mask:#x}, {c.value:#x}, {c.other}, {_COND[c.kind]} }}")
        return first

    def add(self, insn: Insn) -> None:
        self.forms[insn.name] = tuple(Form(t, self._text(insn, t), self._suffix(insn, t),
                                           self._conds(t)) for t in insn.templates)
        if any(t.alias or t.operands for t in insn.templates):
            rows = dict.fromkeys(self._row(o, 0) for o in insn.operands if not o.is_const)
            self.all[insn.name] = c_string([b for r in rows for b in self._op(r)])


def asm_tables(isa: IsaEncodings) -> AsmTables:
    """The tables of a laid-out ISA; the same each time."""
    tables = AsmTables(isa)
    for insn in isa.insns:
        tables.add(insn)
    return tables
