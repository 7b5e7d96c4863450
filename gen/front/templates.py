# SPDX-License-Identifier: MIT
"""Entries: mnemonic, assembly operands, meaning.

    amoadd.w  .aqrl rd, rs2, (rs1)  rd = ...;
    pause     =fence 'w, 0' / -     WaitHint();

Operands are tokens of the operand table; other characters stand for
themselves. ``-`` none; ``.tok`` glued to the mnemonic; ``=word`` another
mnemonic; ``'text'`` as it is; ``[... tok=0]`` may be left out at the end,
which means these values; ``{tok}`` is there for the body and not in the text;
`` / `` another spelling that is accepted. Two spaces end the operands; the
body follows, also on further lines that are indented.
"""
from __future__ import annotations

import re
from dataclasses import dataclass

from gen.front.operands import MAX_VALUE, Operands, operands_of
from gen.front.text import Source, integer
from gen.model.encoding import (Body, Encoding, Lit, Operand, Opt, Piece, Ref, Span, SyntaxKind,
                                Template)
from gen.support.errors import Errors, SpecError


@dataclass(frozen=True, slots=True)
class Entry:
    """As it stands in the file."""

    name: str
    operands: str
    operands_span: Span
    body: Body | None
    span: Span


def _body(first: str, first_span: Span, more: list[tuple[str, Span]]) -> Body | None:
    """The body with the indentation taken off that its further lines share."""
    lines: list[str] = []
    spans: list[Span] = []
    if first.strip():
        lines.append(first.rstrip())
        spans.append(first_span)
    filled = [t for t, _ in more if t.strip()]
    margin = min((len(t) - len(t.lstrip()) for t in filled), default=0)
    for text, span in more:
        lines.append(text[margin:].rstrip())
        spans.append(Span(span.file, span.line, margin + 1))
    while lines and not lines[-1]:
        lines.pop()
        spans.pop()
    return Body("\n".join(lines) + "\n", tuple(spans)) if lines else None


_HEAD = re.compile(r"(\S+)(\s+)((?:'[^']*'|\S)+(?: (?:'[^']*'|\S)+)*)(\s{2,}(.*))?$")


def read_entries(source: Source, errors: Errors) -> list[Entry]:
    """Reads a file of entries; comments are // to the end of the line."""
    out: list[Entry] = []
    head: re.Match[str] | None = None
    head_line = 0
    more: list[tuple[str, Span]] = []

    def finish() -> None:
        nonlocal head
        if head is None:
            return
        span = Span(source.shown, head_line)
        body = _body(head[5] or "", Span(source.shown, head_line, head.start(5) + 1), more)
        out.append(Entry(head[1], head[3], Span(source.shown, head_line, head.start(3) + 1),
                         body, span))
        head = None

    for number, text in enumerate(source.lines(), 1):
        if not text.strip() or text.startswith("//"):
            if head is not None:
                more.append(("", Span(source.shown, number)))
            continue
        if text[0] in " \t":
            if head is None:
                errors.add(Span(source.shown, number), "an indented line without an entry above it")
            else:
                more.append((text.expandtabs(8), Span(source.shown, number)))
            continue
        finish()
        more = []
        head_line = number
        plain = re.sub(r"\s*//.*$", "", text) if "  " not in text.strip() else text
        head = _HEAD.match(plain.rstrip())
        if head is None:
            errors.add(Span(source.shown, number),
                       f"{text.split()[0]}: expected assembly operands, or - for none")
    finish()
    return out


_PIECE = re.compile(r"(?P<tok>[A-Za-z_]\w*)(?:=(?P<dflt>\d+))?|'(?P<lit>[^']*)'"
                    r"|(?P<hide>\{)(?P<hidden>[A-Za-z_]\w*)\}|(?P<open>\[)|(?P<close>\])"
                    r"|(?P<punct>[^\w\s'\[\]{}=/]+ ?|\s+)")


class _Reader:
    """Reads one spelling of one entry."""

    def __init__(self, text: str, span: Span, enc: Encoding, ops: Operands):
        self.text, self.span, self.enc, self.ops = text, span, enc, ops
        self.operands: list[Operand] = []

    def at(self, pos: int) -> Span:
        return Span(self.span.file, self.span.line, self.span.col + pos)

    def use(self, token: str, pos: int) -> None:
        decl = self.ops.decls.get(token)
        if decl is None:
            raise SpecError(self.at(pos), f"no operand is called {token}; "
                            "quote it if it is plain text")
        if any(o.token == token for o in self.operands):
            raise SpecError(self.at(pos), f"{token} stands in the template twice")
        for o in operands_of(decl, self.enc, self.at(pos)):
            other = next((p for p in self.operands if p.name == o.name), None)
            if other:
                raise SpecError(self.at(pos), f"{token} and {other.token} both mean "
                                f"'{o.name}' in the body")
            self.operands.append(o)

    def ref(self, m: re.Match[str], pieces: list[Piece]) -> Piece:
        """A token; an optional one takes the separator before it along."""
        token = m["tok"]
        self.use(token, m.start())
        decl = self.ops.decls[token]
        if decl.optional is None:
            return Ref(token)
        inner: list[Piece] = [Ref(token)]
        if pieces and isinstance(pieces[-1], Lit):
            before, comma, rest = pieces.pop().text.partition(",")
            if comma and before:  # "), " of "(rs1), vm": the bracket stays
                pieces.append(Lit(before))
                before = ""
            inner.insert(0, Lit(before + comma + rest))
        return Opt(tuple(inner), ((token, decl.optional),), decl.shown)

    def read(self) -> Template:
        mnemonic, suffix, pos, text = self.enc.name, "", 0, self.text
        m = re.match(r"=([A-Za-z0-9_.+-]+)\s*", text)
        if m:
            mnemonic, pos = m[1], m.end()
        m = re.compile(r"\.([A-Za-z_]\w*)\s*").match(text, pos)
        if m:
            suffix = m[1]
            self.use(suffix, m.start(1))
            pos = m.end()
        pieces: list[Piece] = []
        if text[pos:].strip() != "-":
            pieces = self.pieces(pos)
        return Template(mnemonic, suffix, tuple(pieces), self.span)

    def pieces(self, pos: int) -> list[Piece]:
        outer: list[Piece] = []
        group: list[Piece] | None = None
        defaults: list[tuple[str, int]] = []
        while pos < len(self.text):
            m = _PIECE.match(self.text, pos)
            if not m:
                raise SpecError(self.at(pos), f"'{self.text[pos]}' has no meaning here")
            into = outer if group is None else group
            if outer and isinstance(outer[-1], Opt) and not m["hide"] and m[0].strip():
                raise SpecError(self.at(pos), "only the last operands can be left out")
            if m["tok"]:
                if (m["dflt"] is not None) != (group is not None):
                    raise SpecError(self.at(pos), f"{m['tok']}: a value stands behind each "
                                    "operand in brackets and nowhere else")
                if m["dflt"] is not None:
                    self.use(m["tok"], m.start())
                    into.append(Ref(m["tok"]))
                    defaults.append((m["tok"], integer(m["dflt"], self.at(pos), MAX_VALUE)))
                else:
                    into.append(self.ref(m, into))
            elif m["hidden"]:
                self.use(m["hidden"], m.start("hidden"))
            elif m["open"]:
                if group is not None:
                    raise SpecError(self.at(pos), "brackets inside brackets")
                group = []
            elif m["close"]:
                if not group:
                    raise SpecError(self.at(pos), "nothing stands in these brackets")
                outer.append(Opt(tuple(group), tuple(defaults), False))
                group = None
            else:
                into.append(Lit(m["lit"] if m["lit"] is not None else m["punct"]))
            pos = m.end()
        if group is not None:
            raise SpecError(self.at(len(self.text)), "']' is missing")
        while outer and isinstance(outer[-1], Lit) and not outer[-1].text.strip():
            outer.pop()
        return outer


def _uncovered(enc: Encoding, operands: list[Operand]) -> str:
    """Name of a field with a bit that no operand holds, '' if there is none."""
    covered = 0
    for o in operands:
        for b in o.bits:
            if not b.is_const:
                covered |= ((1 << b.width) - 1) << b.lo
    return next((f.name for f in enc.fields if f.mask & ~covered), "")


def _wordless(enc: Encoding, o: Operand, ops: Operands) -> int | None:
    """A value of an operand that is written as a word and has none, although
    the encoding allows it."""
    if o.syntax.kind is not SyntaxKind.ENUM or o.syntax.numbers:
        return None
    words = {v for v, _ in ops.tables[o.syntax.table].words}
    for value in range(1 << min(o.encoded, 16)):
        word = mask = 0
        at = o.encoded
        for b in o.bits:
            at -= b.width
            if not b.is_const:
                mask |= ((1 << b.width) - 1) << b.lo
                word |= (value >> at & ((1 << b.width) - 1)) << b.lo
        never = any(not c.mask & ~mask and word & c.mask in c.values for c in enc.constraints)
        if value not in words and not never:
            return value
    return None


def read_templates(entry: Entry, enc: Encoding,
                   ops: Operands) -> tuple[tuple[Template, ...], tuple[Operand, ...]]:
    """Spellings and operands of an entry; SpecError if they do not fit enc."""
    templates: list[Template] = []
    operands: list[Operand] = []
    pos = 0
    for text in entry.operands.split(" / "):
        span = entry.operands_span
        reader = _Reader(text, Span(span.file, span.line, span.col + pos), enc, ops)
        templates.append(reader.read())
        tokens = {o.token for o in reader.operands}
        if len(templates) == 1:
            operands = reader.operands
        elif tokens != {o.token for o in operands}:
            raise SpecError(reader.span, f"{enc.name}: all spellings need the same operands")
        pos += len(text) + 3
    missing = _uncovered(enc, operands)
    if missing:
        raise SpecError(entry.operands_span,
                        f"{enc.name}: no operand holds all of field {missing}, "
                        "so the text cannot be assembled again")
    for o in operands:
        value = _wordless(enc, o, ops)
        if value is not None:
            raise SpecError(entry.operands_span, f"{enc.name}: table {o.syntax.table} has no word "
                            f"for {value}, which {o.token} can be")
    return tuple(templates), tuple(operands)
