# SPDX-License-Identifier: MIT
"""Reader of packet.tbl: how words make a group (spec/hexagon/packet.tbl)."""
from __future__ import annotations

import re
from dataclasses import dataclass, field

from gen.front.text import Cursor, Source, integer, rows
from gen.model.encoding import Field, Span
from gen.model.group import KINDS, UNIT_SETS, GroupRules, Tail
from gen.support.errors import Errors, SpecError

_RANGE = re.compile(r"(\d+)\.\.(\d+)$")
_BITS = 31


def _field(c: Cursor, name: str) -> Field:
    at = c.here()
    m = _RANGE.match(c.raw("HI..LO"))
    if not m:
        raise SpecError(at, "expected HI..LO")
    hi, lo = (integer(x, at, _BITS) for x in m.groups())
    if lo > hi:
        raise SpecError(at, "the higher bit comes first")
    return Field(name, hi, lo)


def _setting(c: Cursor, key: str) -> int:
    c.expect(key)
    c.expect("=")
    return c.number()


@dataclass(slots=True)
class _Table:
    """Lines read so far."""

    span: Span
    words: tuple[int, int] = (0, 0)
    parse: tuple[Field, int, int] | None = None
    spaces: dict[str, int] = field(default_factory=dict)
    extender: tuple[str, int] = ("", 0)
    kind: tuple[Field, ...] = ()
    halves: list[Field] = field(default_factory=list)
    pairs: dict[int, tuple[str, str]] = field(default_factory=dict)
    tails: list[Tail] = field(default_factory=list)
    fixed: dict[str, tuple[str, int, bool]] = field(default_factory=dict)
    slots: dict[int, int] = field(default_factory=dict)
    many: set[str] = field(default_factory=set)
    once: tuple[str, ...] = ()
    branches: int = 0
    apart: list[tuple[str, str]] = field(default_factory=list)
    plain: set[str] = field(default_factory=set)
    parts: list[str] = field(default_factory=list)
    units: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def words_line(self, c: Cursor) -> None:
        size = c.number("a number of bytes", 4)
        c.expect("most")
        self.words = size, c.number("a number of words", 8)

    def parse_line(self, c: Cursor) -> None:
        bits = _field(c, "parse")
        self.parse = bits, _setting(c, "end"), _setting(c, "pair")

    def space_line(self, c: Cursor) -> None:
        at = c.here()
        name = c.identifier("a name")
        number = c.number("a number", 15)
        if name in self.spaces or number in self.spaces.values():
            raise SpecError(at, f"space {name}: the name or the number is taken")
        self.spaces[name] = number

    def extender_line(self, c: Cursor) -> None:
        self.extender = c.name("an instruction"), _setting(c, "keeps")

    def kind_line(self, c: Cursor) -> None:
        fields = []
        while not c.at_end():
            fields.append(_field(c, "kind"))
        self.kind = tuple(fields)

    def half_line(self, c: Cursor) -> None:
        self.halves.append(_field(c, "half"))

    def pair_line(self, c: Cursor) -> None:
        at = c.here()
        number = c.number("a kind")
        spaces = c.identifier("a space"), c.identifier("a space")
        for s in spaces:
            if s not in self.spaces:
                raise SpecError(at, f"there is no space {s} above")
        if number in self.pairs:
            raise SpecError(at, f"pair {number} is there already")
        self.pairs[number] = spaces

    def tail_line(self, c: Cursor) -> None:
        name, first = c.name("an instruction"), c.number("parse bits")
        self.tails.append(Tail(name, first, None if c.accept("-") else c.number("parse bits or -")))

    def fixed_line(self, c: Cursor) -> None:
        at = c.here()
        name = c.identifier("a name")
        if name in self.fixed:
            raise SpecError(at, f"{name} is fixed already")
        self.fixed[name] = c.identifier("a register class"), c.number("a number", 255), \
            c.accept("new")
        if c.accept("many"):
            self.many.add(name)

    def once_line(self, c: Cursor) -> None:
        while not c.at_end():
            self.once += (c.identifier("a register class"),)

    def branches_line(self, c: Cursor) -> None:
        self.branches = c.number("how many branches", 8)

    def apart_line(self, c: Cursor) -> None:
        pair = []
        for _ in range(2):
            at = c.here()
            pair.append(c.raw("a kind of members"))
            if pair[-1] not in KINDS:
                raise SpecError(at, f"'{pair[-1]}' is no kind of members; {', '.join(KINDS)} are")
        self.apart.append((pair[0], pair[1]))

    def plain_line(self, c: Cursor) -> None:
        while not c.at_end():
            self.plain.add(c.identifier("the name of a table"))

    def parts_line(self, c: Cursor) -> None:
        while not c.at_end():
            self.parts.append(c.identifier("a part of the processor"))

    def unit_line(self, c: Cursor) -> None:
        at = c.here()
        name = c.identifier("a name")
        if name in self.units:
            raise SpecError(at, f"unit {name} is there already")
        sets = []
        while not c.at_end():
            at = c.here()
            words = c.raw("parts").split("+")
            if not set(words) <= set(self.parts):
                raise SpecError(at, f"'{'+'.join(words)}': parts are {', '.join(self.parts)}")
            sets.append(sum(1 << self.parts.index(w) for w in set(words)))
        if not 0 < len(sets) <= UNIT_SETS:
            raise SpecError(at, f"a unit is one of 1 to {UNIT_SETS} sets of parts")
        self.units[name] = tuple(sets)

    def slots_line(self, c: Cursor) -> None:
        top = c.number("the top bits", 15)
        at = c.here()
        if top in self.slots:
            raise SpecError(at, f"slots of {top} are there already")
        self.slots[top] = slot_mask(c.raw("slots"), self.words[1], at)

    def rules(self) -> GroupRules:
        if not self.words[0] or self.parse is None or len(self.halves) != 2 or not self.kind \
                or not self.extender[0]:
            raise SpecError(self.span, "words, parse, extender, kind and two halves are needed")
        if self.halves[0].width != self.halves[1].width:
            raise SpecError(self.span, "the halves have different widths")
        bits, end, pair = self.parse
        return GroupRules(*self.words, bits, end, pair, self.spaces, *self.extender, self.kind,
                          tuple(self.halves), self.pairs, tuple(self.tails), self.fixed,
                          self.slots, frozenset(self.many), self.once, self.branches,
                          tuple(self.apart), frozenset(self.plain), self.units, self.span)


def slot_mask(text: str, most: int, at: Span) -> int:
    """Bits of the digits: '23' is slots 2 and 3; as many as words of a group."""
    if not re.fullmatch(r"[0-7]+", text):
        raise SpecError(at, f"expected digits of slots, found '{text}'")
    if int(max(text)) >= most:
        raise SpecError(at, f"there is no slot {max(text)}, a group has {most}")
    return sum(1 << int(d) for d in set(text))


def read_packets(source: Source, errors: Errors) -> GroupRules | None:
    """The rules, or None and errors."""
    table = _Table(Span(source.shown, 1))
    before = len(errors)
    for c in rows(source):
        try:
            at = c.here()
            key = c.word("a keyword")
            read = getattr(table, f"{key}_line", None)
            if read is None:
                raise SpecError(at, f"'{key}' is not known; words, parse, space, extender, kind, "
                                "half, pair, tail, fixed, slots, once, branches, apart, plain, "
                                "parts and unit are")
            read(c)
            c.end()
        except SpecError as e:
            errors.take(e)
    if len(errors) != before:
        return None
    try:
        return table.rules()
    except SpecError as e:
        errors.take(e)
        return None
