# SPDX-License-Identifier: MIT
"""Executors: the exact engine and every slow path. Encodings whose code is the
same text share one function."""
from __future__ import annotations

from dataclasses import dataclass

from gen.back.cstmt import exec_lines
from gen.model.checked import Isa, Meaning

SHARDS = 4


@dataclass(frozen=True, slots=True)
class Function:
    name: str
    comment: str
    lines: tuple[str, ...]
    attr: str = ""  # in front of its definition


def functions(isa: Isa) -> tuple[list[Function], dict[str, str]]:
    """The distinct executors, and the function of each instruction."""
    by_text: dict[tuple[str, ...], str] = {}
    out: list[Function] = []
    names: dict[str, str] = {}
    pre = f"rg_{isa.info.name}_x"
    for m in isa.meanings:
        lines = tuple(exec_lines(m.insn, m.sem, m.eff, isa.info, isa.enc))
        name = by_text.get(lines)
        if name is None:
            name = by_text[lines] = f"{pre}_{m.insn.ident}"
            out.append(Function(name, origin(isa, m), lines,
                                "RX_LANES_FN " if m.eff.lanes else ""))
        names[m.insn.name] = name
    return out, names


def origin(isa: Isa, m: Meaning) -> str:
    """Where it is stated, for the comment above generated functions."""
    return f"{isa.info.name}.{m.insn.name}  {m.insn.encoding.span.origin}  {m.insn.span.origin}"


def shard(items: list, n: int) -> list[list]:
    """n runs of nearly equal length."""
    return [items[len(items) * k // n:len(items) * (k + 1) // n] for k in range(n)]


def generate(isa: Isa, env) -> dict[str, str]:
    funcs, names = functions(isa)
    name = isa.info.name
    table = [names[m.insn.name] for m in isa.meanings]
    common = dict(isa=name, info=isa.info)
    out = {}
    for k, part in enumerate(shard(funcs, SHARDS)):
        out[f"{name}/exec_{k}.c"] = env.get_template("exec/exec.c.j2").render(
            **common, functions=part, part=k)
    out[f"{name}/exec.h"] = env.get_template("exec/exec.h.j2").render(
        **common, functions=funcs)
    out[f"{name}/exec_table.c"] = env.get_template("exec/exec_table.c.j2").render(
        **common, table=table)
    return out
