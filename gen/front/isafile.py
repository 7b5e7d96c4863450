# SPDX-License-Identifier: MIT
"""An ISA from the file that lists its parts (spec/riscv/rv64.isa)."""
from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from gen.front.operands import Operands, read_operands, read_regnames
from gen.front.riscv_opcodes import Args, Line, encoding, read_args, read_lines
from gen.front.templates import Entry, read_entries, read_templates
from gen.front.text import MAX_BIT, Cursor, Source, integer, rows
from gen.model.encoding import Insn, IsaEncodings, LengthRule, Span
from gen.model.group import GroupRules
from gen.support.errors import Errors, SpecError, Stop


@dataclass(slots=True)
class _Parts:
    """Contents of the list."""

    name: str = ""
    unit: int = 0
    lengths: list[LengthRule] = field(default_factory=list)
    files: dict[str, list[tuple[str, Span]]] = field(default_factory=dict)
    span: Span = Span("", 0)


MAX_BYTES = 16
_UNLESS = re.compile(r"(\d+)\.\.(\d+)=(\d+)$")
_LISTS = ("encodings", "fields", "registers", "operands", "entries")


def length_row(c: Cursor, most: int = MAX_BYTES) -> LengthRule:
    """`length BYTES [unless HI..LO=VALUE]`, bits of the first unit."""
    length = c.number("a number of bytes", most)
    mask = avoid = 0
    if c.accept("unless"):
        at = c.here()
        m = _UNLESS.match(c.raw("HI..LO=VALUE"))
        if not m:
            raise SpecError(at, "expected HI..LO=VALUE")
        hi, lo, value = (integer(x, at, MAX_BIT) for x in m.groups())
        if lo > hi or value >> (hi - lo + 1):
            raise SpecError(at, "expected HI..LO=VALUE with a value that fits")
        mask, avoid = ((1 << (hi - lo + 1)) - 1) << lo, value << lo
    c.end()
    return LengthRule(mask, avoid, length)


def _read_parts(source: Source, errors: Errors) -> _Parts:
    parts = _Parts(span=Span(source.shown, 1))
    for c in rows(source):
        try:
            at = c.here()
            key = c.word("a keyword")
            if key == "isa":
                parts.name, parts.span = c.identifier("a name"), at
            elif key == "unit":
                parts.unit = c.number("a number of bytes", MAX_BYTES)
            elif key == "length":
                parts.lengths.append(length_row(c))
            elif key in _LISTS:
                while not c.at_end():
                    at = c.here()
                    parts.files.setdefault(key, []).append((c.raw("a file"), at))
            else:
                raise SpecError(at, f"'{key}' is not known; isa, unit, length and "
                                f"{', '.join(_LISTS)} are")
            c.end()
        except SpecError as e:
            errors.take(e)
    if not parts.name or not parts.unit or not parts.lengths:
        errors.add(parts.span, "isa, unit and length are needed")
    errors.check()
    return parts


class Loader:
    """Reads the parts that the list names; formats differ by subclass."""

    def __init__(self, source: Source, errors: Errors):
        self.errors = errors
        self.folder = source
        self.parts = _read_parts(source, errors)
        self.args = Args({}, ())
        self.ops = Operands()
        self.rules: GroupRules | None = None  # of packets

    def each(self, key: str):
        """Sources of a list; files that cannot be read are reported at the list."""
        for name, at in self.parts.files.get(key, []):
            source = self.folder.beside(name)
            if os.path.isfile(source.path):
                yield source
            else:
                self.errors.add(at, f"there is no file {name[:70]}")

    def tables(self) -> None:
        for s in self.each("fields"):
            self.args = read_args(s, self.errors)
        for s in self.each("registers"):
            read_regnames(s, self.ops, self.errors)
        for s in self.each("operands"):
            read_operands(s, self.ops, self.errors)

    def entries(self) -> dict[str, Entry]:
        out: dict[str, Entry] = {}
        for s in self.each("entries"):
            for e in read_entries(s, self.errors):
                if e.name in out:
                    self.errors.add(e.span, f"{e.name} has an entry already",
                                    (out[e.name].span, "the other one"))
                out[e.name] = e
        return out

    def lines(self, entries: dict[str, Entry]) -> list[Line]:
        """Encoding lines that are instructions, each name once."""
        out: dict[str, Line] = {}
        files: set[str] = set()
        for s in self.each("encodings"):
            files.add(s.path.name)
            for line in read_lines(s, self.errors):
                if line.base and line.name not in entries:
                    continue
                if line.name in out:
                    self.errors.add(line.span, f"{line.name} is encoded already",
                                    (out[line.name].span, "the other one"))
                out[line.name] = line
        for line in out.values():
            if line.base and line.base[0] in files and line.base[1] not in out:
                self.errors.add(line.span, f"{line.name}: {line.base[0]} has no {line.base[1]}")
        return list(out.values())

    def insns(self) -> list[Insn]:
        entries = self.entries()
        out: list[Insn] = []
        used = set()
        for line in self.lines(entries):
            entry = entries.get(line.name)
            used.add(line.name)
            if entry is None:
                self.errors.add(line.span, f"{line.name} has an encoding and no entry")
                continue
            try:
                enc = encoding(line, self.args, tuple(self.parts.lengths))
                templates, operands = read_templates(entry, enc, self.ops)
            except SpecError as e:
                self.errors.take(e)
                continue
            out.append(Insn(len(out) + 1, enc, operands, templates, entry.body, entry.span))
        idents: dict[str, Insn] = {}
        for insn in out:
            other = idents.setdefault(insn.ident, insn)
            if other is not insn:
                self.errors.add(insn.encoding.span, f"{insn.name} and {other.name} would both be "
                                f"{insn.ident} in C", (other.encoding.span, "the other one"))
        for name in entries.keys() - used:
            self.errors.add(entries[name].span, f"{name} has an entry and no encoding")
        return out


def load(path: Path, shown: str, errors: Errors,
         loader: type[Loader] = Loader) -> IsaEncodings:
    """The ISA that the file describes; shown: its name in messages and origins
    ("spec/riscv/rv64.isa"); loader: who reads it. Raises errors.Stop when something
    is wrong."""
    try:
        reader = loader(Source(path, shown), errors)
        reader.tables()
        errors.check()
        insns = reader.insns()
        errors.check()
    except SpecError as e:
        errors.take(e)
        raise Stop from None
    p = reader.parts
    return IsaEncodings(p.name, p.unit, tuple(p.lengths), tuple(insns),
                        tuple(reader.ops.regs.values()), tuple(reader.ops.tables.values()), p.span,
                        reader.rules)
