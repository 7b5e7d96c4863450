# SPDX-License-Identifier: MIT
"""Assembly templates of instruction files, joined to them by encoding name.

    let NAME TEXT                     $NAME stands for TEXT from here on
    ENCODING  MNEMONIC OPERANDS
        MNEMONIC OPERANDS  when COND COND ...     an alias

In a text, <tok> is an operand: a row of the operand table, a field that the body
uses as a register, or a field's unsigned number; <tok.NAMES> prints a register by
the names of that class; (FIELDS?a|b|...) is the alternative that the bits of
FIELDS (f, f<hi:lo>, or several with colons) select, ! for none; {... <tok=0>} may
be left out, which means these values; \\{ and \\} are braces of the text. Everything
else stands for itself.

A condition is FIELD=VALUE, FIELD!=VALUE, FIELD=FIELD, always. Besides, an operand
that a function computes (core/opfuncs.h) must have a value. Aliases are tried in their
order; the first that applies is printed, all are accepted.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, field

from aslparser import ast as A

from gen.front.text import Source, integer
from gen.model.encoding import Cond, CondKind, Span
from gen.support.errors import Errors, SpecError


@dataclass(frozen=True, slots=True)
class Line:
    """A spelling as it stands in the file."""

    text: str
    span: Span
    when: tuple[tuple[str, Span], ...] = ()


@dataclass(slots=True)
class Entry:
    name: str
    main: Line
    aliases: list[Line] = field(default_factory=list)


_LET = re.compile(r"let\s+([A-Z]\w*)\s+(.*)$")
_USE = re.compile(r"\$([A-Z]\w*)")


class SyntaxFiles:
    """All entries by encoding name."""

    def __init__(self, errors: Errors) -> None:
        self.errors = errors
        self.entries: dict[str, Entry] = {}

    def read(self, source: Source) -> None:
        lets: dict[str, str] = {}
        entry: Entry | None = None
        for number, raw in enumerate(source.lines(), 1):
            text = re.sub(r"(^|\s)//.*$", "", raw).rstrip()
            if not text.strip():
                continue
            at = Span(source.shown, number, len(text) - len(text.lstrip()) + 1)
            try:
                if m := _LET.match(text):
                    lets[m[1]] = self.expand(m[2], lets, at)
                elif text[0].isspace():
                    if entry is None:
                        raise SpecError(at, "an alias without an encoding above it")
                    entry.aliases.append(self.alias(self.expand(text.strip(), lets, at), at))
                else:
                    entry = self.entry(self.expand(text, lets, at), at)
            except SpecError as e:
                self.errors.take(e)

    @staticmethod
    def expand(text: str, lets: dict[str, str], at: Span) -> str:
        def value(m: re.Match[str]) -> str:
            if m[1] not in lets:
                raise SpecError(at, f"${m[1]} is not defined")
            return lets[m[1]]
        return _USE.sub(value, text)

    def entry(self, text: str, at: Span) -> Entry:
        name, _, rest = text.partition(" ")
        if not rest.strip():
            raise SpecError(at, f"{name}: a mnemonic is missing")
        out = Entry(name, Line(rest.strip(), at))
        old = self.entries.setdefault(name, out)
        if old is not out:
            self.errors.add(at, f"{name} has an entry already", (old.main.span, "the other one"))
        return out

    @staticmethod
    def alias(text: str, at: Span) -> Line:
        head, when, tail = text.partition(" when ")
        if not when:
            raise SpecError(at, "an alias needs 'when' and conditions")
        return Line(head.strip(), at, tuple((c, at) for c in tail.split()))


# ---- text for one specialisation ---------------------------------------------


class Ask(Exception):
    """The text depends on bits that are not known."""

    def __init__(self, bits: frozenset[int]) -> None:
        super().__init__("bits")
        self.bits = bits


_FIELD = re.compile(r"([A-Za-z]\w*)(?:<(\d+)(?::(\d+))?>)?$")


class Fields:
    """The fields of an encoding, some of whose bits are known."""

    def __init__(self, enc: A.Encoding, known: dict[int, int]) -> None:
        self.enc, self.known = enc, known
        self.by_name = {f.name: f for f in enc.fields}

    def bits(self, text: str, at: Span) -> list[int]:
        """Bits of the word that `f`, `f<1:0>` or `f:g` names, top bit first."""
        out: list[int] = []
        for part in re.split(r":(?![^<]*>)", text):
            m = _FIELD.match(part.strip())
            f = self.by_name.get(m[1]) if m else None
            if f is None:
                raise SpecError(at, f"{self.enc.name} has no field '{part.strip()}'")
            hi = int(m[2]) if m[2] else f.width - 1
            lo = int(m[3]) if m[3] else hi if m[2] else 0
            if not 0 <= lo <= hi < f.width:
                raise SpecError(at, f"{part.strip()}: {f.name} has {f.width} bits")
            out += [f.lo + k for k in reversed(range(lo, hi + 1))]
        return out

    def value(self, bits: list[int]) -> int:
        unknown = frozenset(b for b in bits if b not in self.known)
        if unknown:
            raise Ask(unknown)
        return sum(self.known[b] << k for k, b in enumerate(reversed(bits)))

    # ---- choices -----------------------------------------------------------

    def choose(self, text: str, at: Span) -> str:
        """The text with every (FIELDS?a|b) replaced by its alternative."""
        out, pos = "", 0
        while (start := text.find("(", pos)) >= 0:
            end = _closing(text, start, at)
            inner = text[start + 1:end]
            head, mark, tail = inner.partition("?")
            if not mark:
                raise SpecError(at, f"({inner}): expected FIELDS?alternatives")
            options = _alternatives(tail)
            bits = self.bits(head, at)
            if len(options) != 1 << len(bits):
                raise SpecError(at, f"({inner}): {len(bits)} bits select one of {1 << len(bits)}, "
                                    f"not of {len(options)}")
            pick = options[self.value(bits)]
            if pick == "!":
                raise SpecError(at, f"({inner}): no text for {self.value(bits):0{len(bits)}b}, "
                                    "which is not UNDEFINED")
            out += text[pos:start] + self.choose(pick, at)
            pos = end + 1
        return out + text[pos:]

    # ---- conditions --------------------------------------------------------

    def conditions(self, line: Line) -> list[Cond] | None:
        """Conditions that are left; None where one can never hold."""
        out: list[Cond] = []
        for text, at in line.when:
            if text == "always":
                continue
            m = re.fullmatch(r"(.+?)(!?=)(.+)", text)
            if not m:
                raise SpecError(at, f"'{text}': expected FIELD=VALUE, FIELD!=VALUE or FIELD=FIELD")
            bits = self.bits(m[1], at)
            if m[3][0].isdigit():
                keep = self.constant(bits, integer(m[3], at), m[2] == "=", at)
            elif m[2] == "=":
                keep = self.same(bits, self.bits(m[3], at), at)
            else:
                raise SpecError(at, f"'{text}': != takes a number")
            if keep is False:
                return None
            if keep is not True:
                out += keep
        return out

    def constant(self, bits: list[int], value: int, same: bool, at: Span) -> bool | list[Cond]:
        if value >> len(bits):
            raise SpecError(at, f"{value} does not fit {len(bits)} bits")
        mask = want = 0
        for k, b in enumerate(reversed(bits)):
            v = value >> k & 1
            if b not in self.known:
                mask |= 1 << b
                want |= v << b
            elif self.known[b] != v:
                return not same
        if not mask:
            return same
        return [Cond(CondKind.IS if same else CondKind.NOT, mask, want)]

    def same(self, a: list[int], b: list[int], at: Span) -> bool | list[Cond]:
        if len(a) != len(b):
            raise SpecError(at, "fields of different widths are compared")
        if any(x in self.known for x in a + b):
            raise SpecError(at, "a field that is compared with another is known here")
        if a != list(range(a[0], a[0] - len(a), -1)) or b != list(range(b[0], b[0] - len(b), -1)):
            raise SpecError(at, "fields that are compared must be runs of bits")
        return [Cond(CondKind.SAME, (1 << len(a)) - 1, a[-1], b[-1])]


def _closing(text: str, start: int, at: Span) -> int:
    depth = 0
    for k in range(start, len(text)):
        depth += (text[k] == "(") - (text[k] == ")")
        if not depth:
            return k
    raise SpecError(at, "')' is missing")


def _alternatives(text: str) -> list[str]:
    out, depth = [""], 0
    for c in text:
        depth += (c == "(") - (c == ")")
        if c == "|" and not depth:
            out.append("")
        else:
            out[-1] += c
    return out
