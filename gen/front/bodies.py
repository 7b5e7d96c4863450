# SPDX-License-Identifier: MIT
"""Bodies of instructions: parsed, checked, committed.

A body is ASL text, or `as NAME` with an optional renaming of register views,
`as fadd.s (S = D)`: the meaning of another instruction, stated once, read with
this instruction's operands.
"""
from __future__ import annotations

import re

from aslparser import AslErrors, parse_body

from gen.front.check import BodyChecker
from gen.model.checked import Meaning
from gen.model.encoding import Body, Insn, IsaEncodings, Span
from gen.model.isa import IsaInfo
from gen.passes.commit import commit
from gen.passes.effects import effects
from gen.support.errors import Errors, SpecError

_AS = re.compile(r"as\s+(\S+)(?:\s*\(([^)]*)\))?\s*;?\s*")
_RENAME = re.compile(r"(\w+)\s*=\s*(\w+)")


def resolve(insn: Insn, by_name: dict[str, Insn], rename: dict[str, str],
            seen: tuple[str, ...] = ()) -> Body:
    """The ASL text behind `as` references; fills rename."""
    if insn.body is None:
        raise SpecError(insn.span, f"{insn.name} has no body")
    m = _AS.fullmatch(insn.body.text)
    if not m:
        return insn.body
    at = insn.body.lines[0]
    target = by_name.get(m[1])
    if target is None:
        raise SpecError(at, f"{insn.name}: there is no instruction '{m[1]}'")
    if m[1] in (*seen, insn.name):
        raise SpecError(at, f"{insn.name}: '{m[1]}' refers back to this instruction")
    for pair in (m[2] or "").split(","):
        if pair.strip():
            r = _RENAME.fullmatch(pair.strip())
            if not r:
                raise SpecError(at, f"{insn.name}: expected VIEW = VIEW, found '{pair.strip()}'")
            rename.setdefault(r[1], r[2])
    return resolve(target, by_name, rename, (*seen, insn.name))


def place(body: Body, line: int, col: int) -> Span:
    """Where line, col of the body's text (from 1) stand in the file."""
    k = min(max(line, 1), len(body.lines)) - 1
    at = body.lines[k]
    return Span(at.file, at.line, at.col + col - 1)


def meanings(enc: IsaEncodings, info: IsaInfo, errors: Errors) -> tuple[Meaning, ...]:
    """Every instruction's meaning; what is wrong goes to errors."""
    by_name = {i.name: i for i in enc.insns}
    parsed: dict[str, tuple] = {}
    out = []
    for insn in enc.insns:
        rename: dict[str, str] = {}
        try:
            body = resolve(insn, by_name, rename)
            stmts = parsed.get(body.text)
            if stmts is None:
                stmts = parsed[body.text] = parse_body(body.text, "")
        except AslErrors as e:
            for err in e.errors:
                errors.add(place(body, err.span.line, err.span.col), f"{insn.name}: {err.message}")
            continue
        except SpecError as e:
            errors.take(e)
            continue
        local = Errors()
        sem = BodyChecker(insn, info, local, rename).check(stmts)
        for span, message, notes in local._found:
            errors.add(place(body, span.line, span.col), message, *notes)
        if sem is None:
            continue
        try:
            sem = commit(insn, sem)
        except SpecError as e:
            errors.take(e)
            continue
        out.append(Meaning(insn, sem, effects(insn, sem, info)))
    return tuple(out)
