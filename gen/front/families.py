# SPDX-License-Identifier: MIT
"""Meanings of opcodes: `TAG  body`, several opcodes at once by alternatives.

    L2_loadr{b|ub|i}_{io|pi}   Rd = {SignExtend(Mem[Rs, 1], 32)|...};

A group `{a|b}` of the head makes one entry for each alternative. A group of the
body takes the alternative of the head's first group with as many, `{2:a|b}` of
the second one. Further lines of a body are indented; // begins a comment.

    define NAME(a, b)  text with a and b

makes `NAME(x, y)` in later bodies of all files short for the text.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product

from gen.front.text import Source
from gen.model.encoding import Body, Span
from gen.support.errors import Errors, SpecError

_GROUP = re.compile(r"\{([^{}]*)\}")
_DEFINE = re.compile(r"define (\w+)\(([^)]*)\)\s+(.*)$")
_NAME = re.compile(r"[A-Za-z_]\w*")
_NUMBERS = ("1:", "2:", "3:", "4:")
_DEPTH = 64  # definitions in a line
Defines = dict[str, tuple[list[str], str]]
_HEAD = re.compile(r"(\S+)(\s+(.*))?$")


@dataclass(frozen=True, slots=True)
class Meant:
    """An opcode's body as written."""

    name: str
    body: Body
    span: Span


def _expand(head: str, lines: list[tuple[str, Span]], span: Span,
            defines: Defines) -> list[Meant]:
    groups = [m.split("|") for m in _GROUP.findall(head)]
    out = []
    for choice in product(*(range(len(g)) for g in groups)):
        picks = list(choice)
        name = _GROUP.sub(lambda m: m[1].split("|")[picks.pop(0)], head)

        def pick(m: re.Match[str]) -> str:
            number, _, rest = m[1].rpartition(":") if m[1][:2] in _NUMBERS else ("", "", m[1])
            options = rest.split("|")
            for n, (g, k) in enumerate(zip(groups, choice), 1):
                if len(g) == len(options) and number in ("", str(n)):
                    return options[k]
            raise SpecError(span, f"{{{m[1]}}}: the head has no group of {len(options)}")

        text = [(_replace(_GROUP.sub(pick, t), defines, s), s) for t, s in lines]
        out.append(Meant(name, Body("\n".join(t for t, _ in text) + "\n",
                                    tuple(s for _, s in text)), span))
    return out


def _arguments(text: str, start: int) -> tuple[list[str], int] | None:
    """Arguments behind the bracket at start, and where the call ends."""
    depth, begin, out = 0, start + 1, []
    for k in range(start, len(text)):
        if text[k] in "([{":
            depth += 1
        elif text[k] in ")]}":
            depth -= 1
        if depth == 0 or depth == 1 and text[k] == ",":
            out.append(text[begin:k].strip())
            begin = k + 1
        if depth == 0:
            return out, k + 1
    return None


def _replace(text: str, defines: Defines, at: Span) -> str:
    """The text with every use of a definition replaced, inner ones too."""
    for _ in range(_DEPTH):
        for name, (params, body) in defines.items():
            m = re.search(rf"\b{name}\(", text)
            if not m:
                continue
            call = _arguments(text, m.end() - 1)
            if call is None or len(call[0]) != len(params):
                raise SpecError(at, f"{name} takes {len(params)} arguments")
            values = dict(zip(params, call[0]))
            new = _NAME.sub(lambda w: values.get(w[0], w[0]), body)
            text = text[:m.start()] + new + text[call[1]:]
            break
        else:
            return text
    raise SpecError(at, "definitions go round in circles")


def level(lines: list[tuple[str, Span]], own: int) -> None:
    """Takes off the indentation that the further lines share."""
    more = lines[own:]
    starts = [s.col - 1 for _, s in lines[:own]]  # the head's text, too
    margin = min([len(t) - len(t.lstrip()) for t, _ in more] + starts, default=0)
    lines[own:] = [(t[margin:], Span(s.file, s.line, margin + 1)) for t, s in more]


def read_families(source: Source, errors: Errors, defines: Defines) -> list[Meant]:
    """defines: of the files before, added to."""
    out: list[Meant] = []
    head, span = "", Span(source.shown, 1)
    lines: list[tuple[str, Span]] = []
    own = 0  # lines of the head itself

    def finish() -> None:
        if not head:
            return
        try:
            level(lines, own)
            if d := _DEFINE.match(head + " " + " ".join(t for t, _ in lines)):
                defines[d[1]] = [p.strip() for p in d[2].split(",")], d[3]
                return
            if not lines:
                raise SpecError(span, f"{head} has no body (`;` says that it does nothing)")
            out.extend(_expand(head, [(_replace(t, defines, s), s) for t, s in lines], span,
                               defines))
        except SpecError as e:
            errors.take(e)

    for number, text in enumerate(source.lines(), 1):
        if not text.strip() or text.lstrip().startswith("//"):
            continue
        if text[0] in " \t":
            if not head:
                errors.add(Span(source.shown, number), "an indented line without an entry above it")
            lines.append((text.expandtabs(8).rstrip(), Span(source.shown, number)))
            continue
        finish()
        m = _HEAD.match(text.rstrip())
        head, span, lines = m[1], Span(source.shown, number), []
        own = 0
        if m[3]:
            own = 1
            lines.append((m[3], Span(source.shown, number, m.start(3) + 1)))
    finish()
    return out
