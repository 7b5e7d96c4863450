# SPDX-License-Identifier: MIT
"""Static properties of encodings (struct rx_insn_info) and the ISA's facade."""
from __future__ import annotations

from gen.model.checked import Isa, Meaning
from gen.model.effects import Flow
from gen.model.pure import PURE

_FLAGS = {
    Flow.BRANCH: "RX_INSN_ENDS_BLOCK | RX_INSN_BRANCH",
    Flow.JUMP: "RX_INSN_ENDS_BLOCK | RX_INSN_JUMP",
    Flow.INDIRECT: "RX_INSN_ENDS_BLOCK | RX_INSN_INDIRECT",
    Flow.OTHER: "RX_INSN_ENDS_BLOCK",
}


def flags(m: Meaning) -> str:
    out = [_FLAGS[m.eff.flow]] if m.eff.flow in _FLAGS else []
    if m.eff.memory:
        out.append("RX_INSN_MEMORY")
    return " | ".join(out) or "0"


def generate(isa: Isa, env) -> dict[str, str]:
    rows = [(m.insn.name, m.insn.encoding.span.origin, m.insn.encoding.extension, flags(m))
            for m in isa.meanings]
    name, rules = isa.info.name, isa.info.fp_rules
    lengths = sorted({r.length for r in isa.enc.lengths} | {isa.enc.unit})
    values = dict(isa=name, info=isa.info, fast=isa.fast, rows=rows,
                  shortest=lengths[0], longest=lengths[-1] * (isa.enc.group.most if isa.enc.group
                                                              else 1),
                  high_unit=isa.enc.unit if isa.enc.first_high else 0,
                  group="group_" if isa.enc.group else "", syntaxes=isa.enc.syntaxes,
                  checks=[h for h in isa.info.hooks.values() if h.check],
                  accrued=PURE[rules.by].call(8, ["flags"]) if rules else "")
    return {f"{name}/info.c": env.get_template("info/info.c.j2").render(**values),
            f"{name}/isa.h": env.get_template("info/isa.h.j2").render(**values),
            f"{name}/isa.c": env.get_template("info/isa.c.j2").render(**values)}
