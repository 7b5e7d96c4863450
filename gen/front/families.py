# SPDX-License-Identifier: MIT
"""Meanings of opcodes: `TAG  body`, several opcodes at once by alternatives.

    L2_loadr{b|ub|i}_{io|pi}   Rd = {SignExtend(Mem[Rs, 1], 32)|...};

A group `{a|b}` of the head makes one entry for each alternative. A group of the
body takes the alternative of the head's first group with as many. Further lines
of a body are indented; // begins a comment.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product

from gen.front.text import Source
from gen.model.encoding import Body, Span
from gen.support.errors import Errors, SpecError

_GROUP = re.compile(r"\{([^{}]*)\}")
_HEAD = re.compile(r"(\S+)(\s+(.*))?$")


@dataclass(frozen=True, slots=True)
class Meant:
    """An opcode's body as written."""

    name: str
    body: Body
    span: Span


def _expand(head: str, lines: list[tuple[str, Span]], span: Span) -> list[Meant]:
    groups = [m.split("|") for m in _GROUP.findall(head)]
    out = []
    for choice in product(*(range(len(g)) for g in groups)):
        picks = list(choice)
        name = _GROUP.sub(lambda m: m[1].split("|")[picks.pop(0)], head)

        def pick(m: re.Match[str]) -> str:
            options = m[1].split("|")
            for g, k in zip(groups, choice):
                if len(g) == len(options):
                    return options[k]
            raise SpecError(span, f"{{{m[1]}}}: the head has no group of {len(options)}")

        text = [(_GROUP.sub(pick, t), s) for t, s in lines]
        out.append(Meant(name, Body("\n".join(t for t, _ in text) + "\n",
                                    tuple(s for _, s in text)), span))
    return out


def read_families(source: Source, errors: Errors) -> list[Meant]:
    out: list[Meant] = []
    head, span = "", Span(source.shown, 1)
    lines: list[tuple[str, Span]] = []

    def finish() -> None:
        if not head:
            return
        try:
            if not lines:
                raise SpecError(span, f"{head} has no body (`;` says that it does nothing)")
            out.extend(_expand(head, lines, span))
        except SpecError as e:
            errors.take(e)

    for number, text in enumerate(source.lines(), 1):
        if not text.strip() or text.lstrip().startswith("//"):
            continue
        if text[0] in " \t":
            if not head:
                errors.add(Span(source.shown, number), "an indented line without an entry above it")
            plain = text.expandtabs(8).strip()
            lines.append((plain, Span(source.shown, number, text.find(plain[0]) + 1)))
            continue
        finish()
        m = _HEAD.match(text.rstrip())
        head, span, lines = m[1], Span(source.shown, number), []
        if m[3]:
            lines.append((m[3], Span(source.shown, number, m.start(3) + 1)))
    finish()
    return out
