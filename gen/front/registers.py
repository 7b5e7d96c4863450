# SPDX-License-Identifier: MIT
"""Reader of register tables: state.tbl, fields.tbl and csrs.tbl of an ISA.

Each table's statements are described at its head; any statement may stand in
any of the files. Rows are read first and resolved together, so that their
order is free.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Iterable, Mapping, Sequence

from gen.front.text import Cursor, Source, rows
from gen.model.encoding import Span
from gen.model.registers import CLASSES, Csr, Embed, Field, Reg, Registers
from gen.support.errors import Errors, SpecError

ALL = (1 << 64) - 1
_TYPE = re.compile(r"(?:u(8|16|32|64)|b([1-9]\d{1,4}))(?:\[(\d+)\])?$")
_NAME = re.compile(r"[A-Za-z_]\w*$")
_NUMBER = re.compile(r"(?:0[xX][0-9a-fA-F]+|0[bB][01]+|[1-9]\d*|0)$")
MAX_COUNT = 4096
MAX_BLOCK = 16384  # bits


@dataclass(frozen=True, slots=True)
class _Attr:
    text: str
    span: Span  # of the value

    def number(self, most: int) -> int:
        if not _NUMBER.match(self.text):
            raise SpecError(self.span, f"expected a number, found '{self.text}'")
        value = int(self.text, 0)
        if value > most:
            raise SpecError(self.span, f"{self.text} is more than {most:#x}")
        return value

    def word(self) -> str:
        if not _NAME.match(self.text):
            raise SpecError(self.span, f"expected a name, found '{self.text}'")
        return self.text

    def items(self) -> list["_Attr"]:
        out, col = [], self.span.col
        for part in self.text.split(","):
            out.append(_Attr(part, Span(self.span.file, self.span.line, col)))
            col += len(part) + 1
        return out


@dataclass(frozen=True, slots=True)
class _CsrRow:
    names: tuple[str, ...]
    number: int
    attrs: dict[str, _Attr]
    span: Span


_REG_ATTRS = ("names", "reset", "member", "scratch", "commit")
MERGES = ("last", "and", "or")
_FIELD_ATTRS = ("view", "effect")
_CSR_ATTRS = ("value", "in", "view", "gate", "mask", "reset", "when", "effect",
              "read", "legal", "write")
_STATEMENTS = ("isa", "include", "embed", "reg", "numbers", "when", "effect", "csr", "field")


def _attrs(c: Cursor, allowed: Sequence[str]) -> dict[str, _Attr]:
    """KEY=VALUE words up to the end of the line."""
    out: dict[str, _Attr] = {}
    while not c.at_end():
        at = c.here()
        key, eq, value = c.raw("KEY=VALUE").partition("=")
        if key not in allowed or not eq:
            raise SpecError(at, f"expected one of {', '.join(a + '=' for a in allowed)}"
                            f", found '{key}{eq}{value}'")
        if key in out:
            raise SpecError(at, f"{key}= is given twice")
        if not value:
            raise SpecError(at, f"{key}= has no value")
        out[key] = _Attr(value, Span(at.file, at.line, at.col + len(key) + 1))
    return out


@dataclass(slots=True)
class _Tables:
    """What the rows said, by name."""

    errors: Errors
    classes: Mapping[str, Sequence[str]]
    name: str = ""
    includes: list[str] = field(default_factory=list)
    embeds: dict[str, Embed] = field(default_factory=dict)
    regs: dict[str, Reg] = field(default_factory=dict)
    bits: int = 0
    numbers: dict[str, int] = field(default_factory=dict)
    conditions: dict[str, str] = field(default_factory=dict)
    effects: dict[str, str] = field(default_factory=dict)
    csrs: list[_CsrRow] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)


# Rows

def _once(known: Iterable[str], name: str, what: str, at: Span) -> None:
    if name in known:
        raise SpecError(at, f"{what} {name} is defined twice")


def _name(c: Cursor, what: str) -> str:
    at = c.here()
    return _Attr(c.raw(what), at).word()


def _reg_row(c: Cursor, t: _Tables, at: Span) -> None:
    name = _name(c, "a register name")
    _once(t.regs, name, "register", at)
    where = c.here()
    m = _TYPE.match(c.raw("a type"))
    count = int(m[3]) if m and m[3] else 1
    width = int(m[1] or m[2]) if m else 0
    if not m or not 1 <= count <= MAX_COUNT or width % 8 or width > MAX_BLOCK:
        raise SpecError(where, f"expected u8, u16, u32, u64 or bN (whole bytes), or an array "
                               f"[1..{MAX_COUNT}]")
    block, where = bool(m[2]), c.here()
    cls = c.raw("a class")
    if cls not in CLASSES:
        raise SpecError(where, f"expected a class ({', '.join(CLASSES)}), found '{cls}'")
    a = _attrs(c, _REG_ATTRS)
    scratch = a["scratch"].number(count - 1) if "scratch" in a else -1
    shown = count - (scratch >= 0)
    names: tuple[str, ...] = tuple(f"{name}{k}" for k in range(shown)) if m[3] else (name,)
    if scratch >= 0 and scratch != count - 1:
        raise SpecError(a["scratch"].span, "the scratch element must be the last")
    if "names" in a:
        given = t.classes.get(a["names"].text)
        if given is None:
            raise SpecError(a["names"].span, f"register class {a['names'].text} has no names; "
                            f"known: {', '.join(sorted(t.classes)) or 'none'}")
        if len(given) != shown:
            raise SpecError(a["names"].span, f"{name} has {shown} registers, "
                            f"class {a['names'].text} names {len(given)}")
        names = tuple(given)
    member = a["member"].text if "member" in a else ""
    if block and (member or "reset" in a):
        raise SpecError(at, f"{name}: a block of bytes has no member= and resets to zero")
    if member and (m[3] or "reset" in a or not re.match(r"\w+(\.\w+)+$", member)):
        raise SpecError(a["member"].span, "member= takes PART.MEMBER, of a register that is "
                        "no array and has no reset=")
    reset = a["reset"].number((1 << width) - 1) if "reset" in a else 0
    commit = a["commit"].text if "commit" in a else ""
    if commit and (commit not in MERGES or not m[3] or count > 64):
        raise SpecError(a["commit"].span, f"commit= takes {', '.join(MERGES)}, of an array of up "
                                          "to 64 registers")
    t.regs[name] = Reg(name, width, count, bool(m[3]), cls, names, reset, member, scratch, at,
                       block, commit)


def _numbers_row(c: Cursor, t: _Tables, source: Source, at: Span) -> None:
    if t.bits:
        raise SpecError(at, "numbers is given twice")
    where = c.here()
    t.bits = c.number("a number of bits")
    if not 1 <= t.bits <= 16:
        raise SpecError(where, "CSR numbers have 1 to 16 bits")
    file = c.raw("a file")
    folder = source.shown.rpartition("/")[0]
    other = Source(source.path.with_name(file), f"{folder}/{file}" if folder else file)
    seen: dict[int, str] = {}
    for row in rows(other):
        try:
            at = row.here()
            number, name = row.number("a number"), row.word("a name")
            row.end()
            if number >> t.bits:
                raise SpecError(at, f"{number:#x} has more than {t.bits} bits")
            if number in seen:
                raise SpecError(at, f"{number:#x} is {seen[number]} already")
            _once(t.numbers, name, "name", at)
            t.numbers[name], seen[number] = number, name
        except SpecError as e:
            t.errors.take(e)


def _csr_row(c: Cursor, t: _Tables, at: Span) -> None:
    where = c.here()
    first, dots, last = c.raw("a name").partition("..")
    ends = [first, last] if dots else [first]
    for n in ends:
        if n not in t.numbers:
            raise SpecError(where, f"CSR {n} has no number")
    low, high = t.numbers[first], t.numbers[ends[-1]]
    by_number = {v: k for k, v in t.numbers.items()}
    names = tuple(by_number.get(n, "") for n in range(low, high + 1))
    if not names or "" in names:
        raise SpecError(where, f"numbers from {first} to {last} are not consecutive")
    for n in names:
        _once((x for r in t.csrs for x in r.names), n, "CSR", where)
    t.csrs.append(_CsrRow(names, low, _attrs(c, _CSR_ATTRS), at))


def _field_row(c: Cursor, t: _Tables, at: Span) -> None:
    csr, name = _name(c, "a CSR"), _name(c, "a field name")
    where = c.here()
    m = re.match(r"(\d+)(?::(\d+))?$", c.raw("HI:LO"))
    hi = int(m[1]) if m else 64
    lo = int(m[2]) if m and m[2] else hi
    if hi > 63 or lo > hi:
        raise SpecError(where, "expected HI:LO, or one bit, with 63 >= HI >= LO")
    where = c.here()
    access, eq, value = c.raw("rw, ro or fixed=N").partition("=")
    if access not in ("rw", "ro", "fixed") or bool(eq) != (access == "fixed"):
        raise SpecError(where, f"expected rw, ro or fixed=N, found '{access}{eq}{value}'")
    fixed = 0
    if eq:
        fixed = _Attr(value, Span(where.file, where.line, where.col + 6)).number(
            (1 << (hi - lo + 1)) - 1)
    a = _attrs(c, _FIELD_ATTRS)
    views = []
    for item in a["view"].items() if "view" in a else ():
        view, colon, how = item.text.partition(":")
        if colon and how != "ro":
            raise SpecError(item.span, f"expected CSR or CSR:ro, found '{item.text}'")
        views.append((view, access == "rw" and not colon))
    effects = tuple(e.word() for e in a["effect"].items()) if "effect" in a else ()
    new = Field(csr, name, hi, lo, access, fixed, effects, tuple(views), at)
    for old in t.fields:
        if old.csr == csr and old.name == name:
            raise SpecError(at, f"field {csr}.{name} is defined twice")
        if old.csr == csr and old.mask & new.mask:
            raise SpecError(at, f"{csr}.{name} overlaps {csr}.{old.name} ({old.span.origin})")
    t.fields.append(new)


def _row(c: Cursor, t: _Tables, source: Source) -> None:
    at = c.here()
    key = c.word("a statement")
    if key == "isa":
        if t.name:
            raise SpecError(at, "isa is given twice")
        t.name = _name(c, "a name")
    elif key == "include":
        t.includes.append(c.raw("a header"))
    elif key == "embed":
        name = _name(c, "a member")
        _once(t.embeds, name, "member", at)
        t.embeds[name] = Embed(name, c.rest())
        if not t.embeds[name].type:
            raise c.fail("a type")
    elif key == "reg":
        _reg_row(c, t, at)
    elif key == "numbers":
        _numbers_row(c, t, source, at)
    elif key in ("when", "effect"):
        known = t.conditions if key == "when" else t.effects
        name = _name(c, "a name")
        _once(known, name, key, at)
        known[name] = c.rest()
        if not known[name]:
            raise c.fail("what it means")
    elif key == "csr":
        _csr_row(c, t, at)
    elif key == "field":
        _field_row(c, t, at)
    else:
        raise SpecError(at, f"'{key}' is no statement; there are {', '.join(_STATEMENTS)}")
    c.end()


# Resolving

def _names_of(row: _CsrRow, key: str, known: Mapping[str, str], what: str) -> tuple[str, ...]:
    out = []
    for item in row.attrs[key].items() if key in row.attrs else ():
        if item.text not in known:
            raise SpecError(item.span, f"unknown {what} {item.text}; "
                            f"known: {', '.join(sorted(known)) or 'none'}")
        out.append(item.text)
    return tuple(out)


def _own_fields(t: _Tables, name: str) -> list[Field]:
    return [f for f in t.fields if f.csr == name]


def _storage(row: _CsrRow, t: _Tables) -> tuple[str, bool]:
    """Name of the register, made where the CSR has one of its own; indexed?"""
    a, count = row.attrs, len(row.names)
    if "in" in a:
        reg = t.regs.get(a["in"].text)
        if reg is None:
            raise SpecError(a["in"].span, f"there is no register {a['in'].text}")
        if count not in (1, reg.count) or (count == 1) == reg.array:
            raise SpecError(a["in"].span, f"{reg.name} has {reg.count} elements "
                            f"for {count} CSRs")
        if "reset" in a:
            raise SpecError(a["reset"].span, f"reset= belongs to register {reg.name}")
        return reg.name, reg.array
    if "value" in a or "read" in a and not _own_fields(t, row.names[0]):
        if "reset" in a:
            raise SpecError(a["reset"].span, "a CSR without storage has no reset=")
        return "", False
    if count > 1:
        raise SpecError(row.span, "a range needs value=, read= or in=")
    name = row.names[0]
    _once(t.regs, name, "register", row.span)
    reset = a["reset"].number(ALL) if "reset" in a else 0
    for f in _own_fields(t, name):
        if f.access == "fixed":
            reset |= f.value << f.lo
    t.regs[name] = Reg(name, 64, 1, False, "system", (name,), reset, "", -1, row.span)
    return name, False


def _plain(row: _CsrRow, t: _Tables) -> Csr:
    """A CSR that is no view."""
    a, fields = row.attrs, _own_fields(t, row.names[0])
    for key, others in (("value", ("in", "mask", "reset", "effect", "legal", "write", "read")),
                        ("write", ("mask", "legal", "effect"))):
        for other in others:
            if key in a and other in a:
                raise SpecError(a[other].span, f"{key}= and {other}= exclude each other")
    if "gate" in a:
        raise SpecError(a["gate"].span, "gate= needs view=")
    if fields and "mask" in a:
        raise SpecError(a["mask"].span, f"{row.names[0]} has fields: they say what is writable")
    storage, indexed = _storage(row, t)
    width = t.regs[storage].width if storage else 64
    whole = (1 << width) - 1
    write_mask = a["mask"].number(whole) if "mask" in a else whole
    if fields:
        write_mask = sum(f.mask for f in fields if f.access == "rw")
    if not storage and "write" not in a:
        if "legal" in a:
            raise SpecError(a["legal"].span, "legal= needs storage")
        write_mask = 0
    value = a["value"].number(ALL) if "value" in a else None
    every = _names_of(row, "effect", t.effects, "effect")
    masks: dict[str, int] = {e: write_mask for e in every}
    for f in fields:
        for e in f.effects:
            if e not in t.effects:
                raise SpecError(f.span, f"unknown effect {e} of {f.csr}.{f.name}")
            masks[e] = masks.get(e, 0) | f.mask
    return Csr(row.names, row.number, storage, indexed, value, "", "", ALL, write_mask,
               _names_of(row, "when", t.conditions, "condition"),
               tuple((e, masks[e]) for e in t.effects if e in masks),
               *(a[k].word() if k in a else "" for k in ("read", "legal", "write")), row.span)


def _view(row: _CsrRow, t: _Tables, plain: Mapping[str, Csr]) -> Csr:
    a, name = row.attrs, row.names[0]
    for other in ("value", "in", "mask", "reset", "effect", "read", "legal", "write"):
        if other in a:
            raise SpecError(a[other].span, f"view= and {other}= exclude each other")
    base = plain.get(a["view"].text)
    if base is None or not base.storage or base.indexed or len(row.names) > 1:
        raise SpecError(a["view"].span, f"{a['view'].text} is no CSR with a register of its own")
    gate = ""
    if "gate" in a:
        by = plain.get(a["gate"].text)
        if by is None or not by.storage or by.indexed:
            raise SpecError(a["gate"].span, f"{a['gate'].text} is no CSR with a register "
                            "of its own")
        gate = by.storage
    shown = [(f, w) for f in _own_fields(t, base.name) for v, w in f.views if v == name]
    if not shown:
        raise SpecError(a["view"].span, f"no field of {base.name} names {name} in view=")
    return Csr(row.names, row.number, base.storage, False, None, base.name, gate,
               sum(f.mask for f, _ in shown), sum(f.mask for f, w in shown if w),
               _names_of(row, "when", t.conditions, "condition"), base.effects,
               base.read, base.legal, base.write, row.span)


def _check_fields(t: _Tables) -> None:
    rows_by_name = {n: r for r in t.csrs for n in r.names}
    for f in t.fields:
        row = rows_by_name.get(f.csr)
        if row is None or len(row.names) > 1:
            t.errors.add(f.span, f"{f.csr} is no CSR (or one of a range)")
            continue
        for v, _ in f.views:
            other = rows_by_name.get(v)
            if other is None or "view" not in other.attrs or \
                    other.attrs["view"].text != f.csr:
                t.errors.add(f.span, f"{v} is no view of {f.csr}")


def _resolve(t: _Tables) -> tuple[Csr, ...]:
    plain: dict[str, Csr] = {}
    out: list[Csr] = []
    _check_fields(t)
    for views in (False, True):
        for row in t.csrs:
            if ("view" in row.attrs) != views:
                continue
            try:
                csr = _view(row, t, plain) if views else _plain(row, t)
                out.append(csr)
                if not views:
                    plain[csr.name] = csr
            except SpecError as e:
                t.errors.take(e)
    return tuple(sorted(out, key=lambda c: c.number))


def _check_members(t: _Tables) -> None:
    """Every register, embedded member and shown name is there once."""
    seen: dict[str, Span] = {}
    for reg in t.regs.values():
        if reg.name in t.embeds or reg.name == "cpu":
            t.errors.add(reg.span, f"{reg.name} is a member of the state already")
        for n in reg.names:
            if n in seen:
                t.errors.add(reg.span, f"register name {n} is taken ({seen[n].origin})")
            seen[n] = reg.span


def read_registers(sources: Sequence[Source], classes: Mapping[str, Sequence[str]],
                   errors: Errors) -> Registers:
    """Reads the tables. classes: register names of the assembly language by
    class. Faults go to errors; raises Stop if there are any."""
    t = _Tables(errors, classes)
    pending: list[tuple[Cursor, Source]] = []
    for source in sources:
        try:
            pending.extend((c, source) for c in rows(source))
        except SpecError as e:
            errors.take(e)
    # csr rows need the numbers, wherever those are named
    pending.sort(key=lambda p: p[0].text.split()[0] == "csr")
    for c, source in pending:
        try:
            _row(c, t, source)
        except SpecError as e:
            errors.take(e)
    if not t.name:
        errors.add(Span(sources[0].shown if sources else "?", 1), "there is no 'isa NAME'")
    errors.check()
    csrs = _resolve(t)
    _check_members(t)
    errors.check()
    return Registers(t.name, tuple(t.includes), tuple(t.regs.values()),
                     tuple(t.embeds.values()), t.bits, csrs, tuple(t.fields),
                     tuple(t.conditions.items()), tuple(t.effects.items()))
