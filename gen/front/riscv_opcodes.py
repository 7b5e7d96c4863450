# SPDX-License-Identifier: MIT
"""Encoding lines in the format of riscv-opcodes.

    add  rd rs1 rs2  31..25=0 14..12=0 6..2=0xc 1..0=3
    $pseudo_op rv_i::fence pause  31..28=0 ...

A ``$pseudo_op`` line describes words that its base covers too. It is an
encoding of its own, with precedence over the base, when the ISA has an entry
for its name, and an alias that needs nothing otherwise. ``$import`` lines
name encodings of other files and add nothing.
"""
from __future__ import annotations

import re
from dataclasses import dataclass

from gen.front.text import MAX_BIT, Cursor, Source, integer, rows
from gen.model.encoding import Constraint, Encoding, Field, LengthRule, Span
from gen.support.errors import Errors, SpecError

_FIXED = re.compile(r"(\d+)(?:\.\.(\d+))?=(\S+)$")


@dataclass(frozen=True, slots=True)
class Never:
    """Values that the concatenation of some fields may not have."""

    fields: tuple[str, ...]
    values: tuple[int, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Args:
    """Contents of a field table."""

    fields: dict[str, Field]
    never: tuple[Never, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """An encoding line; base: (file, name) of a $pseudo_op."""

    name: str
    base: tuple[str, str] | None
    words: tuple[tuple[str, Span], ...]
    extension: str
    span: Span


def _field_row(c: Cursor, fields: dict[str, Field]) -> None:
    span = c.here()
    name = c.word("a field name")
    hi = c.bit()
    c.expect("..")
    lo = c.bit()
    c.end()
    if lo > hi:
        raise SpecError(span, f"field {name}: the higher bit comes first")
    if name in fields:
        raise SpecError(span, f"field {name} is defined twice")
    fields[name] = Field(name, hi, lo)


def _never_row(c: Cursor, fields: dict[str, Field]) -> Never:
    span = c.here()
    names = []
    while not names or c.accept(":"):
        at = c.here()
        names.append(c.word("a field name"))
        if names[-1] not in fields:
            raise SpecError(at, f"no field is called {names[-1]}; define it above")
    c.expect("=")
    width = sum(fields[n].width for n in names)
    values = []
    while not values or c.accept(","):
        at = c.here()
        values.append(c.number("a value"))
        if values[-1] >> width:
            raise SpecError(at, f"{values[-1]} does not fit in {width} bits")
    c.end()
    return Never(tuple(names), tuple(values), span)


def read_args(source: Source, errors: Errors) -> Args:
    """Reads a field table (see spec/riscv/args.tbl)."""
    fields: dict[str, Field] = {}
    never: list[Never] = []
    for c in rows(source):
        try:
            if c.accept("field"):
                _field_row(c, fields)
            elif c.accept("never"):
                never.append(_never_row(c, fields))
            else:
                raise c.fail("'field' or 'never'")
        except SpecError as e:
            errors.take(e)
    return Args(fields, tuple(never))


def read_lines(source: Source, errors: Errors) -> list[Line]:
    """Reads one file of encoding lines; its name is the extension's."""
    out: list[Line] = []
    extension = source.path.name
    for c in rows(source):
        try:
            base = None
            if c.text.startswith("$"):
                directive = c.raw("a directive")
                if directive == "$import":
                    continue
                if directive != "$pseudo_op":
                    raise SpecError(c.here(), f"{directive} is not known; "
                                    "$pseudo_op and $import are")
                at = c.here()
                file, _, name = c.raw("FILE::NAME of the base").partition("::")
                if not name:
                    raise SpecError(at, f"expected FILE::NAME of the base, found '{file}'")
                base = (file, name)
            span = c.here()
            name = c.name("a mnemonic")
            words = []
            while not c.at_end():
                at = c.here()
                words.append((c.raw("a field"), at))
            out.append(Line(name, base, tuple(words), extension, span))
        except SpecError as e:
            errors.take(e)
    return out


def _fixed(word: str, m: re.Match[str], at: Span) -> tuple[int, int, int]:
    hi = integer(m[1], at, MAX_BIT)
    lo = integer(m[2], at, MAX_BIT) if m[2] else hi
    if lo > hi:
        raise SpecError(at, f"{word}: the higher bit comes first")
    value = integer(m[3], at, (1 << MAX_BIT + 1) - 1)
    if value >> (hi - lo + 1):
        raise SpecError(at, f"{word}: {value} does not fit in {hi - lo + 1} bits")
    return hi, lo, value


def _length(name: str, mask: int, match: int, rules: tuple[LengthRule, ...], span: Span) -> int:
    for r in rules:
        if r.mask & mask != r.mask:
            raise SpecError(span, f"{name} does not fix the bits {r.mask:#x} "
                                  "that decide its length")
        if not r.mask or match & r.mask != r.avoid:
            return r.length
    raise SpecError(span, f"{name} has no length")


def _constraints(args: Args, fields: list[Field]) -> tuple[Constraint, ...]:
    out = []
    names = {f.name: f for f in fields}
    for n in args.never:
        if not all(f in names for f in n.fields):
            continue
        values = []
        for v in n.values:
            word = 0
            for name in reversed(n.fields):
                f = names[name]
                word |= (v & ((1 << f.width) - 1)) << f.lo
                v >>= f.width
            values.append(word)
        text = f"{' : '.join(n.fields)} != {', '.join(map(str, n.values))}"
        mask = sum(names[f].mask for f in n.fields)
        out.append(Constraint(text, mask, tuple(values), n.span))
    return tuple(out)


def encoding(line: Line, args: Args, rules: tuple[LengthRule, ...]) -> Encoding:
    """The encoding of a line; SpecError if its bits do not add up."""
    mask = match = seen = 0
    fields: list[Field] = []
    for word, at in line.words:
        m = _FIXED.match(word)
        if m:
            hi, lo, value = _fixed(word, m, at)
            bits = ((1 << (hi - lo + 1)) - 1) << lo
            mask |= bits
            match |= value << lo
        elif word in args.fields:
            bits = args.fields[word].mask
            fields.append(args.fields[word])
        else:
            raise SpecError(at, f"no field is called {word}")
        if seen & bits:
            raise SpecError(at, f"{word} covers bits that stand in {line.name} already")
        seen |= bits
    length = _length(line.name, mask, match, rules, line.span)
    top = 8 * length
    if seen >> top:
        raise SpecError(line.span, f"{line.name} is {length} bytes long "
                        f"and has no bit {seen.bit_length() - 1}")
    missing = ~seen & ((1 << top) - 1)
    if missing:
        raise SpecError(line.span, f"{line.name}: bit {missing.bit_length() - 1} "
                        "is neither fixed nor in a field")
    over = (line.base[1],) if line.base else ()
    return Encoding(line.name, mask, match, length, tuple(fields), _constraints(args, fields),
                    line.extension, over, line.span)
