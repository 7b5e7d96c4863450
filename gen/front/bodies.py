# SPDX-License-Identifier: MIT
"""Bodies of instructions: parsed and checked.

A body is ASL text, or `as NAME` with an optional renaming of register views,
`as fadd.s (S = D)`: the meaning of another instruction, stated once, read with
this instruction's operands. An instruction with an override has no body.
"""
from __future__ import annotations

import re
from typing import Mapping

from aslparser import AslErrors, ast as A, parse_body

from gen.front.check import BodyChecker
from gen.model.encoding import Body, Insn, IsaEncodings, Span
from gen.model.isa import IsaInfo
from gen.model.override import Override
from gen.model.sem import BOOL, Binary, Bits, Const, If, Op, RegRead, Sem, Slice
from gen.support.errors import Errors, SpecError

_AS = re.compile(r"as\s+([^\s;]+)(?:\s*\(([^)]*)\))?\s*;?\s*")
_RENAME = re.compile(r"(\w+)\s*=\s*(\w+)")


def place(body: Body, line: int, col: int) -> Span:
    """Where line, col of the body's text (from 1) stand in the file."""
    k = min(max(line, 1), len(body.lines)) - 1
    at = body.lines[k]
    return Span(at.file, at.line, at.col + col - 1)


class _Bodies:
    """Resolves and parses; each text is parsed once."""

    def __init__(self, enc: IsaEncodings, info: IsaInfo, errors: Errors) -> None:
        self.info = info
        self.errors = errors
        self.by_name = {i.name: i for i in enc.insns}
        self.parsed: dict[str, tuple[A.Stmt, ...] | None] = {}

    def renaming(self, insn: Insn, text: str, at: Span) -> dict[str, str]:
        """The names of `(S = D, ...)`."""
        out: dict[str, str] = {}
        for pair in filter(None, (p.strip() for p in text.split(","))):
            r = _RENAME.fullmatch(pair)
            if not r:
                raise SpecError(at, f"{insn.name}: expected VIEW = VIEW, found '{pair}'")
            for name in r.groups():
                if name not in self.info.views:
                    raise SpecError(at, f"{insn.name}: there is no register view '{name}'")
            if r[1] in out:
                raise SpecError(at, f"{insn.name}: {r[1]} is renamed twice")
            out[r[1]] = r[2]
        return out

    def resolve(self, insn: Insn, seen: tuple[str, ...] = ()
                ) -> tuple[Insn, dict[str, str], set[str]]:
        """The instruction whose ASL text this one's meaning is, what views of that
        text are called here, and the names on the way that it need not have."""
        if insn.body is None:
            raise SpecError(insn.span, f"{insn.name} has no body")
        m = _AS.fullmatch(insn.body.text)
        if not m:
            return insn, {}, set()
        at = insn.body.lines[0]
        target = self.by_name.get(m[1])
        if target is None:
            raise SpecError(at, f"{insn.name}: there is no instruction '{m[1]}'")
        if m[1] in (*seen, insn.name):
            raise SpecError(at, f"{insn.name}: '{m[1]}' refers back to this instruction")
        own = self.renaming(insn, m[2] or "", at)
        source, inner, between = self.resolve(target, (*seen, insn.name))
        rename = {name: own.get(to, to) for name, to in inner.items()}
        return source, own | rename, between | set(inner.values())

    def parse(self, source: Insn) -> tuple[A.Stmt, ...] | None:
        """The syntax tree; its errors are reported once."""
        if source.name not in self.parsed:
            try:
                self.parsed[source.name] = parse_body(source.body.text, "")
            except AslErrors as e:
                self.parsed[source.name] = None
                for err in e.errors:
                    self.errors.add(place(source.body, err.span.line, err.span.col),
                                    f"{source.name}: {err.message}")
        return self.parsed[source.name]

    def check_tree(self, insn: Insn, tree: tuple[A.Stmt, ...]) -> Sem | None:
        """A body whose tree a front end has made; its nodes know their files."""
        def own(node: A.Node) -> Span:
            return Span(node.span.file, node.span.line, node.span.col)

        return BodyChecker(insn, self.info, self.errors, own).check(tree)

    def check(self, insn: Insn) -> Sem | None:
        if insn.body is not None and insn.body.tree is not None:
            return self.check_tree(insn, insn.body.tree)
        source, rename, between = self.resolve(insn)
        stmts = self.parse(source)
        if stmts is None:
            return None
        checker = BodyChecker(insn, self.info, self.errors,
                              lambda n: place(source.body, n.span.line, n.span.col), rename)
        sem = checker.check(stmts)
        unused = rename.keys() - checker.renamed - between if sem is not None else ()
        for name in sorted(unused):
            self.errors.add(insn.body.lines[0], f"{insn.name}: {source.name} does not use the "
                                                f"view {name}")
        return sem


def guarded(insn: Insn, sem: Sem, info: IsaInfo) -> Sem:
    """The meaning under the condition that the encoding states."""
    if insn.guard is None:
        return sem
    name, sense = insn.guard.operand, insn.guard.sense
    bit = Slice(Bits(1), 0, RegRead(Bits(info.classes[insn.operand(name).regclass].width), name))
    return Sem((If(Binary(BOOL, Op.EQ, bit, Const(Bits(1), int(sense))), sem.body),))


def check_bodies(enc: IsaEncodings, info: IsaInfo, overrides: Mapping[str, Override],
                 errors: Errors) -> list[tuple[Insn, Sem]]:
    """Every instruction with its meaning; what is wrong goes to errors.
    overrides: by instruction."""
    bodies = _Bodies(enc, info, errors)
    out = []
    for insn in enc.insns:
        try:
            override = overrides.get(insn.name)
            if override is None:
                sem = bodies.check(insn)
            elif insn.body is not None:
                raise SpecError(override.span, f"{insn.name} has a body too: "
                                               "its meaning would be stated twice")
            else:
                sem = Sem((override.native,))
            if sem is not None:
                out.append((insn, guarded(insn, sem, info)))
        except SpecError as e:
            errors.take(e)
    return out
