# SPDX-License-Identifier: MIT
"""Operand tables and register names (spec/riscv/operands.tbl, regnames.tbl)."""
from __future__ import annotations

import re
from dataclasses import dataclass, field

from gen.front.text import BitExpr, Cursor, Source, bit_expr, integer, rows
from gen.model.encoding import (BitSrc, Encoding, Operand, RegNames, Span, Syntax, SyntaxKind,
                                ValueTable)
from gen.model.opfuncs import OPFUNCS
from gen.support.errors import Errors, SpecError


MAX_VALUE = (1 << 31) - 1  # of words and of what leaving an operand out means
MAX_SLOT = 255  # register numbers of decoded instructions are bytes


@dataclass(frozen=True, slots=True)
class Bind:
    """A name for bodies; slot -1: no wish."""

    name: str
    access: str
    slot: int


@dataclass(frozen=True, slots=True)
class OperandDecl:
    """A row of the operand table. optional: the value that leaving the operand
    out means, None if it may not be left out; shown: printed all the same."""

    token: str
    binds: tuple[Bind, ...]
    regclass: str
    width: int
    signed: bool
    values: tuple[BitExpr, ...]
    syntax: Syntax
    optional: int | None
    shown: bool
    span: Span
    function: str = ""
    elem: str = ""


@dataclass(slots=True)
class Operands:
    """Everything that templates may refer to, filled from several files."""

    decls: dict[str, OperandDecl] = field(default_factory=dict)
    regs: dict[str, RegNames] = field(default_factory=dict)
    tables: dict[str, ValueTable] = field(default_factory=dict)


_BIND = re.compile(r"([A-Za-z_]\w*)(?::(r|w|n))?(?:@(\d))?$")
_WORD = re.compile(r"[A-Za-z0-9_.+-]+")
_REGISTER = re.compile(r"[A-Za-z0-9_.+:?-]+(\(\d+\))?")  # st(1) too
_TYPE = re.compile(r"([us])([0-9]{1,2})$")


def _binds(text: str, at: Span, is_reg: bool) -> tuple[Bind, ...]:
    out = []
    for part in text.split(","):
        m = _BIND.match(part)
        if not m:
            raise SpecError(at, f"expected NAME[:ACCESS][@SLOT], found '{part}'")
        if is_reg and not m[2]:
            raise SpecError(at, f"register operand {m[1]} needs an access: r, w or n")
        if not is_reg and (m[2] or m[3]):
            raise SpecError(at, f"{m[1]} is a value and has neither access nor slot")
        access = "r" if not is_reg else m[2].replace("n", "")
        out.append(Bind(m[1], access, int(m[3]) if m[3] else -1))
    return tuple(out)


def _number_or_word(c: Cursor, table: ValueTable | None) -> int:
    at = c.here()
    text = c.raw("a word or number")
    if table:
        for value, word in table.words + table.aliases:
            if word == text:
                return value
    if table and not text[0].isdigit():
        raise SpecError(at, f"'{text}' is not in the table")
    return integer(text, at, MAX_VALUE)


def _syntax(c: Cursor, regclass: str, ops: Operands) -> tuple[Syntax, int | None, bool]:
    table: ValueTable | None = None
    if c.accept("enum"):
        at = c.here()
        name = c.identifier("a table name")
        if name not in ops.tables:
            raise SpecError(at, f"no table is called {name}; define it above")
        table = ops.tables[name]
        numbers = c.accept("or")
        if numbers:
            c.expect("number")
        syntax = Syntax(SyntaxKind.ENUM, name, numbers)
    elif not regclass and c.accept("registers"):
        at = c.here()
        name = c.identifier("a register class")
        if name not in ops.regs:
            raise SpecError(at, f"no register class is called {name}")
        syntax = Syntax(SyntaxKind.REGISTERS, name)
    elif c.accept("list"):
        at, name = c.here(), c.identifier("a table name")
        if name not in ops.tables:
            raise SpecError(at, f"no table is called {name}; define it above")
        syntax = Syntax(SyntaxKind.LIST, name)
    elif c.accept("set"):
        syntax = Syntax(SyntaxKind.SET, c.word("letters"))
    elif not regclass and c.accept("fraction"):
        syntax = Syntax(SyntaxKind.FRACTION)
    elif not regclass and c.accept("hex"):
        syntax = Syntax(SyntaxKind.INT, hex=True)
    else:
        syntax = Syntax(SyntaxKind.REG if regclass else SyntaxKind.INT)
    if regclass and syntax.kind is not SyntaxKind.REG:
        raise SpecError(c.here(), "a register is printed by its name")
    optional = None
    shown = False
    if c.accept("optional"):
        optional = _number_or_word(c, table)
        shown = c.accept("shown")
    return syntax, optional, shown


def _function(c: Cursor, register: bool, width: int) -> str:
    at = c.here()
    name = c.identifier("a function of core/opfuncs.h")
    f = OPFUNCS.get(name)
    if f is None:
        raise SpecError(at, f"'{name}' is not known; {', '.join(OPFUNCS)} are")
    if register or width != f.width:
        raise SpecError(at, f"{name} gives a value of {f.width} bits")
    return name


def _operand_row(c: Cursor, ops: Operands) -> None:
    span = c.here()
    token = c.identifier("a token")
    at = c.here()
    binds_text = c.raw("what the operand binds")
    class_at = c.here()
    regclass = c.raw("a register class or -")
    regclass = "" if regclass == "-" else regclass
    if regclass and regclass not in ops.regs:
        raise SpecError(class_at, f"no register class is called {regclass}")
    binds = _binds(binds_text, at, bool(regclass))
    at = c.here()
    m = _TYPE.match(c.raw("a type such as u5"))
    if not m or not 1 <= int(m[2]) <= 64:
        raise SpecError(at, "expected a type: u or s and a width up to 64")
    function = _function(c, bool(regclass), int(m[2])) if c.accept("from") else ""
    values = [bit_expr(c)]
    while c.accept("|"):
        values.append(bit_expr(c))
    semicolon = c.accept(";")
    if c.accept("elem"):
        if not regclass:
            raise SpecError(span, f"operand {token} is no register and has no elements")
        elem, syntax, optional, shown = c.rest(), Syntax(SyntaxKind.REG), None, False
    else:
        elem = ""
        syntax, optional, shown = _syntax(c, regclass, ops)
    c.end()
    if syntax.kind is SyntaxKind.LIST:
        have = {v for v, _ in ops.tables[syntax.table].words}
        if any(1 << k not in have for k in range(int(m[2]))):
            raise SpecError(span, f"operand {token}: each bit needs a word of {syntax.table}")
    if semicolon and syntax.kind in (SyntaxKind.REG, SyntaxKind.INT) and optional is None \
            and not elem and not syntax.hex:
        raise SpecError(span, f"operand {token}: nothing stands behind the semicolon")
    if token in ops.decls:
        raise SpecError(span, f"operand {token} is defined twice",)
    ops.decls[token] = OperandDecl(token, binds, regclass, int(m[2]), m[1] == "s", tuple(values),
                                   syntax, optional, shown, span, function, elem)


def _pairs(c: Cursor) -> list[tuple[int, str]]:
    out = []
    while not c.at_end():
        at = c.here()
        value, eq, word = c.raw("VALUE=WORD").partition("=")
        if not eq or word and not _WORD.fullmatch(word):
            raise SpecError(at, f"expected VALUE=WORD, found '{value}{eq}{word}'")
        out.append((integer(value, at, MAX_VALUE), word))
    return out


def add_words(ops: Operands, name: str, pairs: list[tuple[int, str]], span: Span) -> None:
    """Adds to a value table: the first word of a value is printed, all are
    accepted. SpecError if a word has two values."""
    old = ops.tables.get(name, ValueTable(name, (), (), span))
    words, aliases = dict(old.words), list(old.aliases)
    known = {w: v for v, w in old.words + old.aliases}
    for value, word in pairs:
        if known.setdefault(word, value) != value:
            raise SpecError(span, f"table {name}: {word} stands for "
                            f"{known[word]:#x} and {value:#x}")
        if value in words:
            if words[value] != word:
                aliases.append((value, word))
        else:
            words[value] = word
    ops.tables[name] = ValueTable(name, tuple(sorted(words.items())), tuple(aliases), old.span)


def _table_row(c: Cursor, ops: Operands, source: Source, errors: Errors) -> None:
    span = c.here()
    name = c.identifier("a table name")
    if not c.accept("from"):
        add_words(ops, name, _pairs(c), span)
        return
    file = c.raw("a file")
    c.end()
    for row in rows(source.beside(file)):
        try:
            at = row.here()
            number = row.number("a value", MAX_VALUE)
            add_words(ops, name, [(number, row.name("a word"))], at)
        except SpecError as e:
            errors.take(e)


def read_operands(source: Source, ops: Operands, errors: Errors) -> None:
    """Reads an operand table. Value tables may follow the operands."""
    later: list[Cursor] = []
    for c in rows(source):
        try:
            if c.accept("operand"):
                later.append(c)
            elif c.accept("table"):
                _table_row(c, ops, source, errors)
            else:
                raise c.fail("'operand' or 'table'")
        except SpecError as e:
            errors.take(e)
    for c in later:
        try:
            _operand_row(c, ops)
        except SpecError as e:
            errors.take(e)


def _register_name(c: Cursor) -> str:
    at = c.here()
    text = c.raw("a register name")
    if not _REGISTER.fullmatch(text):
        raise SpecError(at, f"expected a register name, found '{text}'")
    return text


def read_regnames(source: Source, ops: Operands, errors: Errors) -> None:
    """Reads register names (see spec/riscv/regnames.tbl)."""
    name, prefix, span = "", "", Span(source.shown, 1)
    drop: tuple[int, int] | None = None
    moved: tuple[int, int] | None = None
    names: dict[int, str] = {}
    aliases: list[tuple[str, int]] = []

    def finish() -> None:
        if not name:
            return
        count = len(names)
        if sorted(names) != list(range(count)):
            raise SpecError(span, f"class {name}: names are missing or twice")
        numbered = [(f"{prefix}{n}", n) for n in range(count)] if prefix else []
        ops.regs[name] = RegNames(name, tuple(names[n] for n in range(count)),
                                  tuple(aliases + numbered), drop, span, moved)

    for c in rows(source):
        try:
            if c.accept("class"):
                finish()
                names, aliases, drop, moved, span = {}, [], None, None, c.here()
                name = c.identifier("a class name")
                prefix = c.word("a prefix") if c.accept("numbered") else ""
                if c.accept("drop"):
                    index = c.number("a register number")
                    c.expect("->")
                    drop = (index, c.number("a slot", MAX_SLOT))
                elif c.accept("moved"):
                    index = c.number("a register number")
                    c.expect("->")
                    moved = (index, c.number("a slot", MAX_SLOT))
                c.end()
            elif c.accept("alias"):
                alias = _register_name(c)
                c.expect("=")
                aliases.append((alias, c.number("a register number")))
                c.end()
            else:
                first = c.number("'class', 'alias' or a register number")
                while not c.at_end():
                    names[first] = _register_name(c)
                    first += 1
        except SpecError as e:
            errors.take(e)
    try:
        finish()
    except SpecError as e:
        errors.take(e)


def _resolve(value: BitExpr, enc: Encoding, decl: OperandDecl) -> tuple[BitSrc, ...]:
    """A bit expression over the fields of one encoding."""
    out: list[BitSrc] = []
    for p in value.parts:
        if not p.field:
            out.append(BitSrc(len(p.const), const=int(p.const, 2)))
            continue
        f = enc.field(p.field)
        assert f is not None
        hi, lo = (p.hi, p.lo) if p.hi >= 0 else (f.width - 1, 0)
        if hi >= f.width:
            raise SpecError(p.span, f"{p.field} has {f.width} bits and no bit {hi}")
        out.append(BitSrc(hi - lo + 1, f.lo + lo))
    have = sum(b.width for b in out)
    if value.widen:
        if value.widen <= have:
            raise SpecError(value.span, f"{have} bits cannot be extended to {value.widen}")
        top = out[0]
        if not value.signed:
            out.insert(0, BitSrc(value.widen - have))
        elif top.is_const:
            sign = top.const >> (top.width - 1)
            out.insert(0, BitSrc(value.widen - have, const=((1 << value.widen - have) - 1) * sign))
        else:
            out[:0] = [BitSrc(1, top.lo + top.width - 1)] * (value.widen - have)
        have = value.widen
    if have > decl.width and not decl.function:
        raise SpecError(value.span, f"operand {decl.token}: {have} bits do not fit its type")
    return tuple(out)


def operands_of(decl: OperandDecl, enc: Encoding, at: Span) -> tuple[Operand, ...]:
    """What a token means in an encoding; SpecError if it means nothing there."""
    names = {f.name for f in enc.fields}
    fitting = [v for v in decl.values if v.fields <= names]
    if len(fitting) != 1:
        what = "has none of the fields" if not fitting else "fits several of the values"
        raise SpecError(at, f"{enc.name} {what} of operand {decl.token} ({decl.span.origin})")
    bits = _resolve(fitting[0], enc, decl)
    width = sum(b.width for b in bits)
    if decl.function and width != OPFUNCS[decl.function].raw:
        raise SpecError(at, f"operand {decl.token}: {decl.function} takes "
                            f"{OPFUNCS[decl.function].raw} bits, not {width}")
    if decl.syntax.kind is SyntaxKind.SET and len(decl.syntax.table) != width:
        raise SpecError(decl.span, f"operand {decl.token}: {width} bits need as many letters")
    return tuple(Operand(b.name, decl.token, decl.regclass, b.access, decl.width, decl.signed,
                         bits, decl.syntax, b.slot, None, at, decl.function,
                         decl.elem) for b in decl.binds)
