# SPDX-License-Identifier: MIT
"""Syntax strings as operand declarations: "Rd32 = add(Rs32,#s16)".

A table of letters (spec/hexagon/operands.tbl) says what a token's letters and
size mean; everything else in the string stands for itself.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from gen.front.patterns import Opcode
from gen.front.text import Cursor, Source, rows
from gen.model.encoding import (BitSrc, Cond, CondKind, Constraint, Guard, Lit, Operand, Piece,
                                Plain, Ref, RegNames, Span, Syntax, SyntaxKind, Template)
from gen.support.errors import Errors, SpecError

_TOKEN = re.compile(r"(?P<reg>\b[A-Z])(?P<letters>([a-z])\3*)(?P<size>\d+)(?P<new>\.new)?"
                    r"(?![A-Za-z0-9])"
                    r"|(?P<hash>#)(?P<imm>[A-Za-z])(?P<width>\d+)(?::(?P<scale>\d))?")
_GUARD = re.compile(r"if \((!?)([A-Z][a-z]\d+(?:\.new)?)\) ")
_SPELLED = re.compile(r"if \((!?)([a-z]\d+)(\.new)?\) ")
_EXTENDED = 32  # bits of an immediate with an extender


@dataclass(frozen=True, slots=True)
class RegKind:
    """bits: n, 0 and 1, the register's number; new: the field names a producer."""

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
            if set(bits) - set("n01") or key in out.registers:
                raise SpecError(at, "expected n, 0 and 1 for bits, once for letters and size")
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
    spelled: tuple[str, bool, bool] | None  # a guard's register by name, .new, sense
    constraints: list[Constraint]
    aliases: list[Template] = field(default_factory=list)


def _text(text: str) -> list[Piece]:
    """Plain text; {text} stands there only without an extender."""
    return [Plain(t[1:-1]) if t[0] == "{" else Lit(t)
            for t in re.split(r"(\{[^}]*\})", text) if t]


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
            pieces += _text(text[pos:m.start()])
            at = self.at(m.start())
            operand = self.register(m, at) if m["reg"] else self.immediate(m, at)
            if all(o.name != operand.name for o in self.operands):  # it may stand there twice
                self.operands.append(operand)
            pieces.append(Ref(operand.token))
            if m["reg"] and m["new"]:
                pieces.append(Lit(".new"))
            pos = m.end()
        pieces += _text(text[pos:])
        template = Template("", "", tuple(pieces), self.op.syntax_span)
        m = _SPELLED.match(text)
        spelled = (m[2], bool(m[3]), not m[1]) if m else None
        return Reading(self.operands, template, self.guard(), spelled, self.constraints)

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
                if c != "n":
                    other = 0 if c == "1" else 1 << bit
                    self.constraints.append(Constraint(f"bit {bit} is {c}", 1 << bit, (other,), at))
            return tuple(BitSrc(1, b) for b in have)
        if len(have) != kind.bits.count("n"):
            raise SpecError(at, f"a field of {len(have)} bits is not {kind.bits}")
        rest = list(have)
        return tuple(BitSrc(1, rest.pop(0)) if c == "n" else BitSrc(1, const=int(c))
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
    names = {o.name for o in reading.operands}
    for a in op.aliases:
        other = _Syntax(replace(op, syntax=a.syntax, syntax_span=a.span), letters).read()
        strange = [o.name for o in other.operands if o.name not in names]
        if strange:
            raise SpecError(a.span, f"{op.encoding.name} has no operand {strange[0]}")
        when = tuple(Cond(CondKind.IS, mask, value) for mask, value in a.when)
        reading.aliases.append(replace(other.template, alias=True, when=when))
    used = {name for o in reading.operands for name in (o.name[-1],)}
    for c in op.letters:
        if c not in used and c not in ("i", "I") or c in ("i", "I") \
                and not any(o.name == c for o in reading.operands):
            raise SpecError(op.syntax_span, f"{op.encoding.name}: no operand holds field {c}")
    return reading
