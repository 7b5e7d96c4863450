# SPDX-License-Identifier: MIT
"""Reading line-oriented specification files and bit expressions in them."""
from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

from gen.model.encoding import Span
from gen.support.errors import SpecError


_NAME = re.compile(r"[A-Za-z0-9_.+-]+")
MAX_BIT = 127  # in the longest instruction of any ISA
_INTEGER = re.compile(r"0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+")


def integer(text: str, at: Span, most: int = (1 << 64) - 1) -> int:
    """A decimal, hexadecimal or binary number from 0 to most."""
    if not _INTEGER.fullmatch(text):
        raise SpecError(at, f"'{text}' is no number")
    digits = text.lstrip("0") or "0"
    value = int(text, 10 if text.isdigit() else 0) if len(digits) <= 70 else most + 1
    if value > most:
        raise SpecError(at, f"{text[:70]} is too large, the limit is {most}")
    return value


@dataclass(frozen=True, slots=True)
class Source:
    """A file: where it is, and how messages and origins call it."""

    path: Path
    shown: str

    def beside(self, name: str) -> Source:
        """A file of the same folder."""
        return Source(self.path.parent / name, self.shown.rpartition("/")[0] + "/" + name)

    def lines(self) -> list[str]:
        """Lines without their ends; SpecError if the file cannot be read."""
        try:
            return self.path.read_text(encoding="utf-8").split("\n")
        except (OSError, ValueError) as e:
            reason = e.strerror if isinstance(e, OSError) else "not UTF-8 text"
            raise SpecError(Span(self.shown, 1), f"cannot read: {reason}") from None


_TOKEN = re.compile(r"\s*(?:(?P<word>[A-Za-z_][A-Za-z0-9_.]*)"
                    r"|(?P<num>0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)"
                    r"|'(?P<bits>[01 ]*)'|(?P<op>->|\.\.|[^\s\w']))")


class Cursor:
    """Reads tokens from one line and knows the column of each."""

    def __init__(self, text: str, span: Span):
        self.text = text
        self.pos = 0
        self._span = span  # of text[0]

    def here(self) -> Span:
        rest = self.text[self.pos:]
        skip = len(rest) - len(rest.lstrip())
        return Span(self._span.file, self._span.line, self._span.col + self.pos + skip)

    def fail(self, expected: str) -> SpecError:
        rest = self.text[self.pos:].split()
        found = f"'{rest[0]}'" if rest else "end of line"
        return SpecError(self.here(), f"expected {expected}, found {found}")

    def at_end(self) -> bool:
        return not self.text[self.pos:].strip()

    def rest(self) -> str:
        """Everything up to the end of the line."""
        out = self.text[self.pos:].strip()
        self.pos = len(self.text)
        return out

    def raw(self, expected: str) -> str:
        """The next run of characters without white space."""
        m = re.compile(r"\s*(\S+)").match(self.text, self.pos)
        if not m:
            raise self.fail(expected)
        self.pos = m.end()
        return m[1]

    def _take(self, group: str) -> str | None:
        m = _TOKEN.match(self.text, self.pos)
        if not m or m[group] is None:
            return None
        self.pos = m.end()
        return m[group]

    def word(self, expected: str) -> str:
        w = self._take("word")
        if w is None:
            raise self.fail(expected)
        return w

    def identifier(self, expected: str) -> str:
        """A word that may be part of C identifiers."""
        at = self.here()
        w = self.word(expected)
        if not w.isidentifier():
            raise SpecError(at, f"expected {expected}, found '{w}'")
        return w

    def name(self, expected: str) -> str:
        """A mnemonic or another word of assembly text."""
        at = self.here()
        w = self.raw(expected)
        if not _NAME.fullmatch(w):
            raise SpecError(at, f"expected {expected}, found '{w}'")
        return w

    def number(self, expected: str = "a number", most: int = (1 << 64) - 1) -> int:
        at = self.here()
        n = self._take("num")
        if n is None:
            raise self.fail(expected)
        return integer(n, at, most)

    def bit(self) -> int:
        """The number of a bit in a word."""
        return self.number("a bit number", MAX_BIT)

    def bits(self) -> str | None:
        """A bit literal such as '010', None if there is none."""
        b = self._take("bits")
        return b.replace(" ", "") if b is not None else None

    def accept(self, op: str) -> bool:
        m = _TOKEN.match(self.text, self.pos)
        if m and op in (m["op"], m["word"]):
            self.pos = m.end()
            return True
        return False

    def expect(self, op: str) -> None:
        if not self.accept(op):
            raise self.fail(f"'{op}'")

    def end(self) -> None:
        if not self.at_end():
            raise self.fail("end of line")


def rows(source: Source) -> Iterator[Cursor]:
    """Lines of a table that hold something; # starts a comment."""
    for number, line in enumerate(source.lines(), 1):
        text = line.split("#", 1)[0].rstrip()
        if text.strip():
            yield Cursor(text, Span(source.shown, number))


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bit expression: bits hi..lo of a field (all: hi < 0), or
    constant bits; count > 1 repeats it."""

    field: str
    hi: int
    lo: int
    const: str
    span: Span


@dataclass(frozen=True, slots=True)
class BitExpr:
    """Concatenation, most significant part first. widen: total width that
    copies of the sign (or zeros) fill up, 0 none."""

    parts: tuple[Part, ...]
    widen: int
    signed: bool
    span: Span

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(p.field for p in self.parts if p.field)


def _part(c: Cursor) -> Part:
    span = c.here()
    bits = c.bits()
    if bits is not None:
        if not bits:
            raise SpecError(span, "a bit literal must hold at least one bit")
        return Part("", 0, 0, bits, span)
    name = c.word("a field or a bit literal")
    hi = lo = -1
    if c.accept("<"):
        hi = lo = c.bit()
        if c.accept(":"):
            lo = c.bit()
        c.expect(">")
        if lo > hi:
            raise SpecError(span, f"{name}<{hi}:{lo}>: the higher bit comes first")
    return Part(name, hi, lo, "", span)


def bit_expr(c: Cursor) -> BitExpr:
    """PART : PART ...; SignExtend(PART : ..., WIDTH); ZeroExtend(...)."""
    span = c.here()
    start = c.pos
    signed = c.accept("SignExtend")
    widens = signed or c.accept("ZeroExtend")
    if widens and not c.accept("("):
        c.pos = start
        widens = False
    parts = [_part(c)]
    while c.accept(":"):
        parts.append(_part(c))
    width = 0
    if widens:
        c.expect(",")
        width = c.number("a width", 64)
        c.expect(")")
    return BitExpr(tuple(parts), width, signed, span)
