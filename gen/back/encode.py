# SPDX-License-Identifier: MIT
"""The assembler: tables for text, and one function per instruction for code
that emits code."""
from __future__ import annotations

from dataclasses import dataclass

import jinja2

from gen.back.asmtables import AsmTables, asm_tables
from gen.back.decode import ident
from gen.back.extract import scatter
from gen.model.checked import Isa
from gen.model.encoding import SUFFIX_MARK, Insn, IsaEncodings, Operand
from gen.support.errors import SpecError


@dataclass(frozen=True, slots=True)
class Entry:
    """A spelling; sorted by mnemonic, aliases first (where one applies, it is what
    was meant), those that are never printed last, then by instruction, special cases
    last: the general one reads their text too, and its messages say more."""

    mnemonic: str
    order: tuple[int, int, int]
    row: str


def _entries(isa: IsaEncodings, tables: AsmTables) -> list[Entry]:
    out = []
    for i in isa.insns:
        never = False  # printed: an alias above always applies
        for f in tables.forms[i.name]:
            rank = 2 * never if f.template.alias else 1
            never |= f.template.alias and not f.template.when and not any(
                o.function for o in f.template.operands)
            endings = [(0, "")]
            if f.suffix:
                o = next(o for o in (*f.template.operands, *i.operands)
                         if o.token == f.template.suffix)
                words = isa.table(o.syntax.table)
                endings = [*words.words, *words.aliases]
            for value, ending in endings:
                head, _, tail = f.template.mnemonic.partition(SUFFIX_MARK)
                name = head + ending + tail
                row = f'{{ "{name}", {f.text}, {ident(isa, i)}, {f.suffix}, {value}, {f.conds}, ' \
                      f'{len(f.template.when)} }}'
                out.append(Entry(name, (rank, len(i.encoding.over), i.id), row))
    return sorted(out, key=lambda e: (e.mnemonic.encode(), e.order))


def _codes(isa: IsaEncodings) -> list[str]:
    known = {i.name: i for i in isa.insns}
    rows = []
    for i in isa.insns:
        over = [ident(isa, known[n]) for n in i.encoding.over if n in known] or ["0"]
        e = i.encoding
        rows.append(f"[{ident(isa, i)}] = {{ {e.mask:#x}, {e.match | e.default:#x}, {e.length}, "
                    f"{over[0]} }}")
    return rows


def _parameters(insn: Insn) -> list[Operand]:
    """One operand per token that has bits of its own, in the order of the text."""
    out: dict[str, Operand] = {}
    for o in insn.operands:
        if not o.is_const:
            out.setdefault(o.token, o)
    return list(out.values())


_KEYWORDS = frozenset("auto break case char const continue default do double else enum extern "
                      "float for goto if inline int long register restrict return short "
                      "signed sizeof static struct switch typedef union unsigned void "
                      "volatile while".split())


def _name(o: Operand) -> str:
    return o.token + "_" if o.token in _KEYWORDS else o.token


def _bits(o: Operand) -> int:
    """Of the parameter's type."""
    return 64 if o.encoded > 32 else 32


def _function(isa: IsaEncodings, insn: Insn) -> dict[str, str]:
    params = _parameters(insn)
    terms = [f"{insn.encoding.match | insn.encoding.default:#x}"]
    for o in params:
        terms += scatter(o, f"(uint{_bits(o)}_t){_name(o)}" if o.signed else _name(o))
    return {"name": f"rg_{isa.name}_encode_{insn.ident}",
            "origin": f"{insn.name}  {insn.encoding.span.origin}",
            "params": ", ".join(f"{'' if o.signed else 'u'}int{_bits(o)}_t {_name(o)}"
                                for o in params) or "void",
            "lines": [f"return {terms[0]}"] + [f"\t| {t}" for t in terms[1:]]}


def generate(whole: Isa, env: jinja2.Environment) -> dict[str, str]:
    """encode.c and encode.h of a laid-out ISA."""
    isa = whole.enc
    for i in isa.insns:
        if i.encoding.length > 4:
            raise SpecError(i.encoding.span, "encoders of more than 32 bits are not implemented")
    text = env.get_template("encode/encode.c.j2").render(
        isa=isa.name, entries=[e.row for e in _entries(isa, asm_tables(isa))], codes=_codes(isa),
        high_unit=isa.unit if isa.first_high else 0)
    header = env.get_template("encode/encode.h.j2").render(
        isa=isa.name, functions=[_function(isa, i) for i in isa.insns])
    return {f"{isa.name}/encode.c": text, f"{isa.name}/encode.h": header}
