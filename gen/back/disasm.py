# SPDX-License-Identifier: MIT
"""Tables that print decoded instructions, and the names of registers."""
from __future__ import annotations

import jinja2

from gen.back.asmtables import Form, asm_tables, c_string
from gen.model.checked import Isa
from gen.model.encoding import RegNames, ValueTable


def _pairs(items: list[tuple[int, str]]) -> list[str]:
    return [f"{{ {value}, {c_string(list(word.encode()))} }}" for value, word in items]


def _class(r: RegNames) -> dict[str, object]:
    drop = r.moved or r.drop or (-1, -1)
    return {"name": r.name, "names": [f'"{n}"' for n in r.names],
            "aliases": _pairs([(n, a) for a, n in r.aliases]), "index": drop[0], "slot": drop[1]}


def _words(t: ValueTable) -> dict[str, object]:
    return {"name": t.name, "words": _pairs(list(t.words)), "aliases": _pairs(list(t.aliases))}


def _form(f: Form) -> str:
    return f'{{ {c_string(list(f.template.mnemonic.encode()))}, {f.text}, {f.suffix}, {f.conds}, ' \
           f'{len(f.template.when)} }}'


def _spellings(forms: tuple[Form, ...]) -> tuple[list[Form], list[Form]]:
    """Those that are no aliases, and those that are."""
    return [f for f in forms if not f.template.alias], [f for f in forms if f.template.alias]


def generate(whole: Isa, env: jinja2.Environment) -> dict[str, str]:
    """disasm.c and disasm.h of a laid-out ISA."""
    isa = whole.enc
    tables = asm_tables(isa)
    forms, aliases = [], []
    for i in isa.insns:
        (main, *_), mine = _spellings(tables.forms[i.name])
        order = tables.all.get(i.name, "NULL")
        forms.append(f"{_form(main)[:-2]}, {i.encoding.match:#x}, {order}, "
                     f"{len(aliases)}, {len(mine)} }}")
        aliases += [_form(f) for f in mine]
    text = env.get_template("disasm/disasm.c.j2").render(
        isa=isa.name, bits_of_pc=whole.info.bits, forms=forms, spellings=aliases,
        conds=tables.conds, operands=list(tables.operands), bits=tables.bits,
        letters=[f'"{x}"' for x in tables.letters], classes=[_class(r) for r in isa.regs],
        words=[_words(t) for t in isa.tables])
    header = env.get_template("disasm/disasm.h.j2").render(isa=isa.name)
    return {f"{isa.name}/disasm.c": text, f"{isa.name}/disasm.h": header}
