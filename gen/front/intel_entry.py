# SPDX-License-Identifier: MIT
"""Entries of the guide on concrete inputs: variables of their parameters, results."""
from __future__ import annotations

import random
import re
from dataclasses import dataclass

from gen.model import ieee

from . import intel_nodes as n
from .intel_eval import Memory, Run, Variable, elem_of
from .intel_values import Elem
from .intel_xml import Intrinsic, Parameter

POINTER = 64
_WIDTHS = {"char": 8, "short": 16, "int": 32, "unsigned": 32, "float": 32, "double": 64,
           "_Float16": 16, "__bf16": 16, "__bfloat16": 16, "size_t": 64, "long": 64,
           "__int8": 8, "__int16": 16, "__int32": 32, "__int64": 64}
_VECTOR = re.compile(r"__m(64|128|256|512)(d|i|h|bh)?")
_MASK = re.compile(r"__mmask(\d+)")


def is_pointer(p: Parameter) -> bool:
    return "*" in p.type


def width_of(p: Parameter) -> int | None:
    """Bits of a parameter; None: a type that is not known here."""
    if is_pointer(p):
        return POINTER
    words = [w for w in p.type.replace("const", "").replace("expr", "").split()]
    text = words[-1] if words else ""
    hit = _VECTOR.fullmatch(text) or _MASK.fullmatch(text)
    if hit:
        return int(hit.group(1))
    if text.endswith("_ENUM"):
        return 32
    if words in (["unsigned", "long"], ["long", "long"]):
        return 64
    return _WIDTHS.get(text)


def elements(p: Parameter) -> Elem | None:
    """Their type, from the attribute or from C's."""
    if is_pointer(p):
        return Elem("u", POINTER)
    if p.etype == "IMM":
        return Elem("u", p.immwidth) if p.immwidth else None
    elem = elem_of(p.etype)
    if elem is None and _VECTOR.fullmatch(p.type.split()[-1] if p.type
                                                                 else "") is None:
        signed = p.type in ("int", "char", "short", "__int64", "__int32", "const int")
        w = width_of(p)
        return Elem("s" if signed else "u", w) if w else None
    return elem


_FLOATS = (0x0000, 0x8000, 0x3C00, 0xBC00, 0x7C00, 0xFC00, 0x7E00, 0x7D01, 0x0001, 0x8001, 0x03FF,
           0x0400, 0x7BFF, 0xFBFF, 0x3555, 0x4248)  # halves; others are made of them


def lane(rng: random.Random, elem: Elem | None, width: int) -> int:
    """One element: boundaries, neighbours, random."""
    top = (1 << width) - 1
    if elem is not None and elem.kind == "f":
        kind = rng.randrange(8)
        if kind == 0:
            half = rng.choice(_FLOATS)
            return half if elem.width == 16 else \
                ieee.convert(16, half, elem.width, ieee.Env(nan=ieee.NAN_SSE))
        if kind == 1:
            return rng.getrandbits(width)
        f = ieee.FORMATS[elem.width]  # of a size at which sums and products do not vanish
        e = f.emax + rng.randrange(-6, 7)
        frac = rng.getrandbits(f.prec - 1) if rng.randrange(3) else rng.getrandbits(3) << f.prec - 4
        return rng.getrandbits(1) << (width - 1) | e << (f.prec - 1) | frac
    kind = rng.randrange(6)
    if kind == 0:
        return rng.choice((0, 1, top, top >> 1, (top >> 1) + 1, top - 1)) & top
    if kind == 1:
        return rng.randrange(0, 70) & top
    if kind == 2:
        return -rng.randrange(0, 70) & top
    return rng.getrandbits(width)


def vector(rng: random.Random, elem: Elem | None, width: int) -> int:
    size = elem.bits if elem is not None and elem.bits <= width else min(width, 64)
    return sum(lane(rng, elem, size) << at for at in range(0, width, size))


@dataclass(frozen=True, slots=True)
class Outcome:
    """Bits of the result (None: void) and of memory."""

    result: int | None
    memory: int


def variables(e: Intrinsic, values: dict[str, int]) -> dict[str, Variable]:
    """Names as texts use them."""
    out: dict[str, Variable] = {}
    for p in e.params:
        width = width_of(p)
        if width is None:
            raise ValueError(f"a parameter of type {p.type}")
        out[p.name] = Variable(values[p.name], width, elements(p))
    width = width_of(e.result)
    if width is not None and e.result.name:
        out[e.result.name] = Variable(out.get(e.result.name, Variable()).bits, width,
                                      elements(e.result))
    out.setdefault("k", Variable(0, None, None, declared=False))
    return out


def evaluate(e: Intrinsic, body: tuple[n.Stmt, ...], values: dict[str, int], memory: Memory,
             env: ieee.Env) -> Outcome:
    """Runs the text of an entry. EvalError: it cannot be run."""
    run = Run(variables(e, values), memory, env, e.result.name or "dst")
    run.run(body)
    width = width_of(e.result)
    if width is None:
        return Outcome(None, memory.bits)
    return Outcome(run.vars[e.result.name or "dst"].bits & ((1 << width) - 1), memory.bits)
