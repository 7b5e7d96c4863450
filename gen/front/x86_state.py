# SPDX-License-Identifier: MIT
"""What x86 bodies name without declaring it: flags, implied registers, conditions."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

from gen.model.sem import BOOL, Binary, Bits, Const, Expr, Op, Unary

FLAGS = ("OF", "SF", "ZF", "AF", "PF", "CF", "DF")


class Flags(dict):
    """Flags of an operation: letter of the flag to its value, bits(1)."""


@dataclass(frozen=True, slots=True)
class Implied:
    """Bits lo .. lo + width - 1 of a register that is a scalar of the state."""

    reg: str
    width: int
    lo: int = 0


def _implied() -> dict[str, Implied]:
    out: dict[str, Implied] = {}
    for n in ("AX", "CX", "DX", "BX", "SP", "BP", "SI", "DI"):
        out[f"R{n}"] = Implied(f"R{n}", 64)
        out[f"E{n}"] = Implied(f"R{n}", 32)
        out[n] = Implied(f"R{n}", 16)
        if n.endswith("X"):
            out[f"{n[0]}L"] = Implied(f"R{n}", 8)
            out[f"{n[0]}H"] = Implied(f"R{n}", 8, 8)
    return out


IMPLIED = _implied()


def condition(cc: int, flag: Callable[[str], Expr]) -> Expr:
    """The condition that Jcc, SETcc and CMOVcc number so."""
    def on(name: str) -> Expr:
        return Binary(BOOL, Op.EQ, flag(name), Const(Bits(1), 1))

    def either(a: Expr, b: Expr) -> Expr:
        return Binary(BOOL, Op.LOR, a, b)

    def differ(a: str, b: str) -> Expr:
        return Binary(BOOL, Op.NE, flag(a), flag(b))

    made = (lambda: on("OF"), lambda: on("CF"), lambda: on("ZF"),
            lambda: either(on("CF"), on("ZF")), lambda: on("SF"), lambda: on("PF"),
            lambda: differ("SF", "OF"), lambda: either(on("ZF"), differ("SF", "OF")))
    x = made[cc >> 1]()
    return Unary(BOOL, Op.LNOT, x) if cc & 1 else x
