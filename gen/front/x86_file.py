# SPDX-License-Identifier: MIT
"""An x86 instruction set from its opcode tables."""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gen.front.operands import Operands, read_regnames
from gen.front.text import Source
from gen.front.x86_expand import expand
from gen.front.x86_table import read_lines
from gen.model.encoding import Insn, IsaEncodings, LengthRule, Span
from gen.model.prefixed import Prefixed, lacks, meet, slots
from gen.support.errors import Errors, SpecError, Stop

MAX_LENGTH = 15


def _resolve_over(insns: list[Insn], errors: Errors) -> list[Insn]:
    """Mnemonics behind over= to the encodings that are meant: those of the same
    slot that share a key."""
    out = []
    for i in insns:
        e: Prefixed = i.encoding
        if not e.over:
            out.append(i)
            continue
        own = set(slots(i))
        names = [o.name for o in insns
                 if o.encoding.mnemonic.split("/")[0] == e.over[0] and o is not i
                 and own & set(slots(o)) and any(meet(a, b) for a in e.cubes
                                                 for b in o.encoding.cubes)]
        if not names:
            errors.add(e.span, f"{e.name} takes precedence over {e.over[0]} and has nothing in "
                               "common with it")
        out.append(replace(i, encoding=replace(e, over=tuple(names))))
    return out


def _with_lacks(insns: list[Insn]) -> list[Insn]:
    """Encodings with a feature whose absence reveals another one want it."""
    names = lacks(tuple(insns))

    def one(i: Insn) -> Insn:
        e: Prefixed = i.encoding
        if not e.lacking:
            return i
        bit = 1 << names.index(e.lacking)
        cubes = tuple(c | {"LACK": (bit, 0)} for c in e.cubes)
        return replace(i, encoding=replace(e, cubes=cubes))

    return [one(i) for i in insns]


def load(folder: Path, shown: str, files: tuple[str, ...], name: str,
         errors: Errors) -> IsaEncodings:
    """The ISA of these tables; raises errors.Stop when something is wrong."""
    def source(file: str) -> Source:
        return Source(folder / file, f"{shown}/{file}")

    try:
        ops = Operands()
        read_regnames(source("regnames.tbl"), ops, errors)
        lines = [line for f in files for line in read_lines(source(f), errors)]
        insns = _with_lacks(_resolve_over(expand(lines, errors), errors))
    except SpecError as e:
        errors.take(e)
        raise Stop from None
    errors.check()
    return IsaEncodings(name, 1, (LengthRule(0, 0, MAX_LENGTH),), tuple(insns),
                        tuple(ops.regs.values()), (), Span(f"{shown}/{files[0]}", 1),
                        syntaxes=True)
