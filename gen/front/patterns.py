# SPDX-License-Identifier: MIT
"""Opcode tables of patterns: one line an opcode.

    TAG  PATTERN  "SYNTAX"  [slots=23] [ext=i | must=I] [over=TAG] [solo=yes|plain]
        [late=yes] [first=cur|tmp] [empty=1] [unit=NAME]

PATTERN has a character a bit, the most significant first: 0 and 1 are fixed,
a letter is a field (its bits, from left to right), - is anything, P are the
parse bits of the word. SPACE:PATTERN is a member without a word of its own.
ext: the field whose immediate an extender may replace; must: it always does.
over: the opcode that this one is a special case of. solo: it is alone in its
group, or beside plain members only. empty: slots that nobody takes beside it.
unit: what it needs besides a slot (packet rules). late: no other member may read
what it writes as a new value.
first: it runs before the others, which see its vector; tmp: and nobody else.

    alias TAG "SYNTAX" FIELD=NUMBER ...

another spelling of an opcode above, printed where its fields have these values.
"""
from __future__ import annotations

import re
from dataclasses import dataclass

from gen.front.packets import slot_mask
from gen.front.text import Source
from gen.model.encoding import Constraint, Encoding, Field, Span
from gen.model.group import GroupRules
from gen.support.errors import Errors, SpecError

_LINE = re.compile(r'(\S+)\s+(?:(\w+):)?([01A-Za-z-]+)\s+"([^"]*)"((?:\s+\w+=\S+)*)\s*$')
_ALIAS = re.compile(r'alias\s+(\S+)\s+"([^"]*)"((?:\s+\w=\d+)+)\s*$')
_PARSE = "P"
_WORDS = ("slots", "ext", "must", "over", "solo", "late", "first", "empty", "unit")
_VALUES = {"solo": ("yes", "plain"), "late": ("yes",), "first": ("cur", "tmp")}


@dataclass(frozen=True, slots=True)
class Alias:
    syntax: str
    when: tuple[tuple[int, int], ...]  # mask and value of the word
    span: Span


@dataclass(frozen=True, slots=True)
class Opcode:
    """A line. letters: for each field letter its bits, the most significant
    first; ext: letter of the extendable immediate, "" none."""

    encoding: Encoding
    syntax: str
    syntax_span: Span
    letters: dict[str, tuple[int, ...]]
    slots: int
    ext: str
    must: bool
    solo: bool
    late: bool
    first: str
    plain: bool
    empty: int
    unit: str
    aliases: list[Alias]


def _runs(letter: str, bits: tuple[int, ...]) -> list[Field]:
    """Fields of a letter's bits: runs of neighbours."""
    out: list[Field] = []
    for b in bits:
        if out and out[-1].lo == b + 1:
            out[-1] = Field(letter, out[-1].hi, b)
        else:
            out.append(Field(letter, b, b))
    return out if len(out) == 1 else [Field(f"{letter}{k}", f.hi, f.lo)
                                      for k, f in enumerate(out)]


class _Reader:
    def __init__(self, rules: GroupRules, shown: str) -> None:
        self.rules, self.shown = rules, shown
        self.extension = shown.rpartition("/")[2].partition(".")[0]

    def line(self, text: str, number: int) -> Opcode:
        m = _LINE.match(text)
        span = Span(self.shown, number)
        if not m:
            raise SpecError(span, 'expected TAG PATTERN "SYNTAX" [KEY=VALUE ...]')
        tag, space, pattern, syntax, rest = m.groups()
        at = Span(self.shown, number, m.start(3) + 1)
        given = self.settings(rest, Span(self.shown, number, m.start(5) + 1))
        mask, match, letters, rules = self.bits(space, pattern, at)
        ext = given.get("ext") or given.get("must") or ""
        if ext and ext not in letters:
            raise SpecError(at, f"{tag} has no field {ext} to extend")
        slots = slot_mask(given["slots"], self.rules.most, at) if "slots" in given \
            else self.slots(space, pattern)
        default = 0 if space else self.rules.end << self.rules.parse.lo
        fields = tuple(f for c, b in letters.items() for f in _runs(c, b))
        over = (given["over"],) if "over" in given else ()
        enc = Encoding(tag, mask, match, self.rules.unit, fields, rules, self.extension, over,
                       span, default)
        return Opcode(enc, syntax, Span(self.shown, number, m.start(4) + 1), letters, slots, ext,
                      "must" in given, given.get("solo") == "yes", "late" in given,
                      given.get("first", ""), given.get("solo") == "plain",
                      slot_mask(given["empty"], self.rules.most, at) if "empty" in given else 0,
                      self.unit(given.get("unit", ""), at), [])

    def unit(self, name: str, at: Span) -> str:
        if name and name not in self.rules.units:
            raise SpecError(at, f"there is no unit {name} in the packet rules")
        return name

    def alias(self, text: str, number: int, above: list[Opcode]) -> None:
        """Adds the spelling to its opcode."""
        m = _ALIAS.match(text)
        span = Span(self.shown, number)
        if not m:
            raise SpecError(span, 'expected alias TAG "SYNTAX" FIELD=NUMBER ...')
        op = next((o for o in above if o.encoding.name == m[1]), None)
        if op is None:
            raise SpecError(span, f"there is no opcode {m[1]} above")
        when = []
        for letter, value in (p.split("=") for p in m[3].split()):
            bits = op.letters.get(letter, ())
            if not bits or int(value) >> len(bits):
                raise SpecError(span, f"{m[1]} has no field {letter} that holds {value}")
            word = sum((int(value) >> len(bits) - 1 - k & 1) << b for k, b in enumerate(bits))
            when.append((sum(1 << b for b in bits), word))
        op.aliases.append(Alias(m[2], tuple(when), Span(self.shown, number, m.start(2) + 1)))

    @staticmethod
    def settings(rest: str, at: Span) -> dict[str, str]:
        out: dict[str, str] = {}
        for pair in rest.split():
            key, _, value = pair.partition("=")
            if key not in _WORDS:
                raise SpecError(at, f"'{key}' is not known; {', '.join(_WORDS)} are")
            if value not in _VALUES.get(key, (value,)):
                raise SpecError(at, f"{key}={value}: it is one of {', '.join(_VALUES[key])}")
            if key in out:
                raise SpecError(at, f"{key}= is given twice")
            out[key] = value
        return out

    def bits(self, space: str | None, pattern: str, at: Span
             ) -> tuple[int, int, dict[str, tuple[int, ...]], tuple[Constraint, ...]]:
        r = self.rules
        width = 8 * r.unit
        mask = match = 0
        if space:
            if space not in r.spaces:
                raise SpecError(at, f"there is no space {space} in the packet rules")
            width = r.halves[0].width
            mask, match = r.word_of(space)
        if len(pattern) != width:
            raise SpecError(at, f"{len(pattern)} characters, a pattern has {width}")
        letters: dict[str, list[int]] = {}
        parse: list[int] = []
        for k, c in enumerate(pattern):
            bit = width - 1 - k
            if c in "01":
                mask |= 1 << bit
                match |= int(c) << bit
            elif c == _PARSE:
                parse.append(bit)
            elif c != "-":
                letters.setdefault(c, []).append(bit)
        if space:
            if parse:
                raise SpecError(at, "a short member has no parse bits")
            constraints = ()
        else:
            if parse != list(range(r.parse.hi, r.parse.lo - 1, -1)):
                raise SpecError(at, f"P must stand for bits {r.parse.hi}..{r.parse.lo}")
            pair = Constraint("parse bits are not those of a pair", r.parse.mask,
                              (r.pair << r.parse.lo,), at)
            constraints = (pair,)
        return mask, match, {c: tuple(b) for c, b in letters.items()}, constraints

    def slots(self, space: str | None, pattern: str) -> int:
        top = pattern[:4]
        if space or not set(top) <= set("01"):
            return 0
        return self.rules.slots.get(int(top, 2), 0)


def read_patterns(source: Source, rules: GroupRules, errors: Errors) -> list[Opcode]:
    """Opcodes of a table; # begins a comment only at the start of a line."""
    reader = _Reader(rules, source.shown)
    out = []
    for number, text in enumerate(source.lines(), 1):
        if not text.strip() or text.startswith("#"):
            continue
        try:
            if text.startswith("alias "):
                reader.alias(text.rstrip(), number, out)
            else:
                out.append(reader.line(text.rstrip(), number))
        except SpecError as e:
            errors.take(e)
    return out
