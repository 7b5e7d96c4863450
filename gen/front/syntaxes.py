# SPDX-License-Identifier: MIT
"""Syntax strings as operand declarations: "Rd32 = add(Rs32,#s16)".

A table of letters (spec/hexagon/operands.tbl) says what a token's letters and
size mean; everything else in the string stands for itself.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, field

from gen.front.patterns import Opcode
from gen.front.text import Cursor, Source, rows
from gen.model.encoding import (BitSrc, Constraint, Guard, Lit, Operand, Piece, RegNames, Ref,
                                Span, Syntax, SyntaxKind, Template)
from gen.support.errors import Errors, SpecError

_TOKEN = re.compile(r"(?P<reg>\b[A-Z])(?P<letters>([a-z])\3*)(?P<size>\d+)(?P<new>\.new)?(?![A-Za-z0-9])"
                    r"|(?P<hash>#)(?P<imm>[A-Za-z])(?P<width>\d+)(?::(?P<scale>\d))?")
_GUARD = re.compile(r"if \((!?)([A-Z][a-z]\d+(?:\.new)?)\) ")
_EXTENDED = 32  # bits of an immediate with an extender


@dataclass(frozen=True, slots=True)
class RegKind:
    """bits: n and 0, the register's number; new: the field names a producer."""

    regclass: str
    bits: str
    new: bool


@dataclass(slots=True)
class Letters:
    """The table."""

    registers: dict[tuple[str, str], RegKind] = field(default_factory=dict)
    access: dict[str, str] = field(default_factory=dict)
    immediates: dict[str, str] = field(default_factory=dict)
    guard: str = ""


def _line(c: Cursor, out: Letters, classes: dict[str, RegNames]) -> None:
    at = c.here()
    match c.word("a keyword"):
        case "register":
            key = c.identifier("letters"), c.raw("a size")
            cls, bits = c.identifier("a register class"), c.raw("bits")
            if cls not in classes:
                raise SpecError(at, f"no register class is called {cls}")
            if set(bits) - set("n0") or key in out.registers:
                raise SpecError(at, "expected n and 0 for bits, once for letters and size")
            out.registers[key] = RegKind(cls, bits, c.accept("new"))
        case "access":
            letter = c.identifier("a letter")
            out.access[letter] = c.raw("r, w or rw")
            if out.access[letter] not in ("r", "w", "rw"):
                raise SpecError(at, "access is r, w or rw")
        case "immediate":
            letter, kind = c.identifier("a letter"), c.word("a kind")
            if kind not in ("signed", "unsigned", "target"):
                raise SpecError(at, "an immediate is signed, unsigned or target")
            out.immediates[letter] = kind
        case "guard":
            out.guard = c.identifier("a register class")
        case word:
            raise SpecError(at, f"'{word}' is not known; register, access, immediate, guard are")
    c.end()


def read_letters(source: Source, classes: dict[str, RegNames], errors: Errors) -> Letters:
    out = Letters()
    for c in rows(source):
        try:
            _line(c, out, classes)
        except SpecError as e:
            errors.take(e)
    return out


@dataclass(slots=True)
class Reading:
    """What a syntax string declares."""

    operands: list[Operand]
    template: Template
    guard: Guard | None
    constraints: list[Constraint]


class _Syntax:
    """Reads one string."""

    def __init__(self, op: Opcode, letters: Letters) -> None:
        self.op, self.letters = op, letters
        self.operands: list[Operand] = []
        self.constraints: list[Constraint] = []

    def at(self, pos: int) -> Span:
        s = self.op.syntax_span
        return Span(s.file, s.line, s.col + pos)

    def field(self, letter: str, at: Span) -> tuple[int, ...]:
        bits = self.op.letters.get(letter)
        if bits is None:
            raise SpecError(at, f"{self.op.encoding.name}: the pattern has no field {letter}")
        return bits

    def read(self) -> Reading:
        text, pos = self.op.syntax, 0
        pieces: list[Piece] = []
        for m in _TOKEN.finditer(text):
            if m.start() > pos:
                pieces.append(Lit(text[pos:m.start()]))
            at = self.at(m.start())
            operand = self.register(m, at) if m["reg"] else self.immediate(m, at)
            if any(o.name == operand.name for o in self.operands):
                raise SpecError(at, f"{operand.name} stands in the syntax twice")
            if operand.syntax.kind is SyntaxKind.TARGET and pieces \
                    and isinstance(pieces[-1], Lit):
                pass
            self.operands.append(operand)
            pieces.append(Ref(operand.token))
            if m["reg"] and m["new"]:
                pieces.append(Lit(".new"))
            pos = m.end()
        if pos < len(text):
            pieces.append(Lit(text[pos:]))
        template = Template("", "", tuple(pieces), self.op.syntax_span)
        return Reading(self.operands, template, self.guard(), self.constraints)

    def guard(self) -> Guard | None:
        m = _GUARD.match(self.op.syntax)
        if not m:
            return None
        first = self.operands[0]
        return Guard(first.name, not m[1]) if first.regclass == self.letters.guard else None

    def register(self, m: re.Match[str], at: Span) -> Operand:
        letter, double = m["letters"][0], len(m["letters"])
        kind = self.letters.registers.get((m["reg"] * double, m["size"]))
        if kind is None:
            raise SpecError(at, f"the operand table has no {m['reg'] * double} {m['size']}")
        name = m["reg"] + m["letters"]
        bits = self.number(kind, self.field(letter, at), at)
        producer = kind.new
        if producer and not m["new"]:
            raise SpecError(at, f"{m[0]} is a new value and lacks .new")
        return Operand(name, name, kind.regclass, self.letters.access.get(letter, "r"),
                       8, False, bits, Syntax(SyntaxKind.REG), fresh=bool(m["new"]),
                       producer=producer, span=at)

    def number(self, kind: RegKind, have: tuple[int, ...], at: Span) -> tuple[BitSrc, ...]:
        """The register's number in terms of the word's bits."""
        if len(have) == len(kind.bits):
            for bit, c in zip(have, kind.bits):
                if c == "0":
                    self.constraints.append(Constraint(f"bit {bit} is 0", 1 << bit, (1 << bit,), at))
            return tuple(BitSrc(1, b) for b in have)
        if len(have) != kind.bits.count("n"):
            raise SpecError(at, f"a field of {len(have)} bits is not {kind.bits}")
        rest = list(have)
        return tuple(BitSrc(1, rest.pop(0)) if c == "n" else BitSrc(1, const=0)
                     for c in kind.bits)

    def immediate(self, m: re.Match[str], at: Span) -> Operand:
        letter = m["imm"]
        kind = self.letters.immediates.get(letter)
        if kind is None:
            raise SpecError(at, f"the operand table has no immediate {letter}")
        name = "I" if letter.isupper() else "i"
        have = self.field(name, at)
        width, scale = int(m["width"]), int(m["scale"] or 0)
        if len(have) != width:
            raise SpecError(at, f"{m[0]}: the pattern has {len(have)} bits")
        bits = tuple(BitSrc(1, b) for b in have)
        if scale:
            bits += (BitSrc(scale, const=0),)
        extends = self.op.ext == name
        syntax = Syntax(SyntaxKind.TARGET if kind == "target" else SyntaxKind.CONST)
        return Operand(name, name, "", "r", _EXTENDED, kind != "unsigned", bits, syntax,
                       extends=scale if extends else -1, must=extends and self.op.must, span=at)


def read_syntax(op: Opcode, letters: Letters) -> Reading:
    """Operands and template of an opcode; SpecError if they do not fit."""
    reading = _Syntax(op, letters).read()
    used = {name for o in reading.operands for name in (o.name[-1],)}
    for c in op.letters:
        if c not in used and c not in ("i", "I") or c in ("i", "I") \
                and not any(o.name == c for o in reading.operands):
            raise SpecError(op.syntax_span, f"{op.encoding.name}: no operand holds field {c}")
    return reading
