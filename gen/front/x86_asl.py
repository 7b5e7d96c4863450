# SPDX-License-Identifier: MIT
"""Reader of the meanings of x86 instructions (spec/x86/*.asl).

    MNEMONIC[/N][, MNEMONIC...]   body
              more of it

An entry begins in the first column with the mnemonics that the opcode tables
have (`J{cc}` for a group); /N: only forms with N operands that are shown. The
body is ASL (gen/front/x86_bodies.py says what it may name); `//` begins a comment.
"""
from __future__ import annotations

import re

from gen.front.text import Source
from gen.model.encoding import Body, Span
from gen.support.errors import Errors, SpecError

_KEY = re.compile(r"[A-Z][A-Z0-9]*(?:\{\w+\})?[A-Z0-9]*(?:/\d)?$")


def read_entries(source: Source, errors: Errors, out: dict[str, Body]) -> None:
    """Adds bodies by key: "ADD", "IMUL/2", "J{cc}"."""
    keys: list[str] = []
    lines: list[str] = []
    places: list[Span] = []

    def finish() -> None:
        indent = min((len(x) - len(x.lstrip()) for x in lines), default=0)
        text = "\n".join(x[indent:] for x in lines)
        for key in keys:
            out[key] = Body(text, tuple(Span(p.file, p.line, indent + 1) for p in places))

    for number, raw in enumerate(source.lines(), 1):
        text = raw.split("//", 1)[0].rstrip()
        if not text:
            continue
        try:
            if not text[0].isspace():
                finish()
                keys, lines, places = [], [], []
                text, keys = _head(text, Span(source.shown, number))
                for key in keys:
                    if key in out:
                        raise SpecError(Span(source.shown, number),
                                        f"{key} is stated twice; the other one: "
                                        f"{out[key].lines[0]}")
            elif not keys:
                raise SpecError(Span(source.shown, number), "expected a mnemonic in column 1")
            if text.strip():
                lines.append(text)
                places.append(Span(source.shown, number))
        except SpecError as e:
            errors.take(e)
            keys = []
    finish()


def _head(text: str, at: Span) -> tuple[str, list[str]]:
    """Blanks in the mnemonics' place, and the mnemonics."""
    keys: list[str] = []
    pos = 0
    while True:
        m = re.match(r"\s*([^\s,]+)", text[pos:])
        if not m or not _KEY.match(m[1]):
            raise SpecError(Span(at.file, at.line, pos + 1), "expected a mnemonic")
        keys.append(m[1])
        pos += m.end()
        if text[pos:pos + 1] != ",":
            break
        pos += 1
    return " " * pos + text[pos:], keys
