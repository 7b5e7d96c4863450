# SPDX-License-Identifier: MIT
"""The operation table of SMIR as a C header and as a page of documentation."""
from __future__ import annotations

from dataclasses import dataclass

from gen.model.pure import PURE
from gen.model.smir import SmirOp, SmirTable

_NARGS = 4


@dataclass(frozen=True, slots=True)
class Row:
    """One line of RX_SMIR_OPS: C of each column."""

    id: str
    name: str
    result: str
    args: str
    imm: str
    imm_at: int
    blocks: int
    effect: str
    types: str


def _kind(a: str, table: SmirTable) -> str:
    if a in table.sets:
        return f"RX_SK_{a.upper()}"
    return f"RX_SK_{a.upper()}" if a in ("T", "N", "W") else f"RX_{a.upper()}"


def _row(op: SmirOp, table: SmirTable) -> Row:
    args = [_kind(a, table) for a in op.values]
    args += ["RX_VOID"] * (_NARGS - len(args))
    return Row(
        op.name.upper(), op.name, "RX_VOID" if op.result == "-" else _kind(op.result, table),
        ", ".join(args), f"RX_SMIR_{(op.imm or 'none').upper()}",
        op.args.index(op.imm) if op.imm else 0, op.blocks,
        f"RX_SE_{op.effect.upper()}",
        " | ".join(f"1u << RX_{t.upper()}" for t in op.types) or "0")


def generate(table: SmirTable, env) -> dict[str, str]:
    rows = [_row(o, table) for o in table.ops]
    sets = {n: " | ".join(f"1u << RX_{t.upper()}" for t in ts) for n, ts in table.sets.items()}
    by_effect = [(e, [o for o in table.ops if o.effect == e.name]) for e in table.effects]
    names = {ts: n for n, ts in reversed(table.sets.items())}
    values = dict(table=table, rows=rows, sets=sets, by_effect=by_effect, names=names)
    return {
        "smir/ops.h": env.get_template("smir/ops.h.j2").render(**values),
        "smir/prims.h": env.get_template("smir/prims.h.j2").render(
            rows=[p for p in PURE.values() if p.lifts]),
        "smir/smir.md": env.get_template("smir/smir.md.j2").render(**values),
    }
