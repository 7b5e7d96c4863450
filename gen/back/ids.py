# SPDX-License-Identifier: MIT
"""Numbers of instructions, for everything that is generated for an ISA."""
from __future__ import annotations

import jinja2

from gen.back.decode import ident
from gen.model.checked import Isa


def generate(whole: Isa, env: jinja2.Environment) -> dict[str, str]:
    """ids.h of the ISA."""
    isa = whole.enc
    rows = [{"ident": ident(isa, i), "name": i.name, "origin": i.encoding.span.origin}
            for i in isa.insns]
    text = env.get_template("ids/ids.h.j2").render(isa=isa.name, rows=rows, group=whole.info.group)
    return {f"{isa.name}/ids.h": text}
