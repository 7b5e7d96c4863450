# SPDX-License-Identifier: MIT
"""Operands that are computed when an instruction is decoded.

Most immediates are bits of the word, put together. Some are a function of
them (Arm's bit-mask and floating-point immediates): a row gives the function
in Python and the names of the C ones in core/opfuncs.h: NAME(raw) decodes,
NAME_valid(raw) says whether there is a value, NAME_encode(value, &raw) is the
inverse, which picks the encoding that assemblers pick.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable


@dataclass(frozen=True, slots=True)
class OpFunc:
    """raw: bits that the word holds; width: of the value. decode: None where
    the bits are reserved."""

    name: str
    raw: int
    width: int
    decode: Callable[[int], int | None]

    @property
    def c(self) -> str:
        return f"rx_d_{self.name}"


def _bit_mask(raw: int, width: int) -> int | None:
    """raw is N:immr:imms (Arm ARM, shared pseudocode DecodeBitMasks, immediate)."""
    n, immr, imms = raw >> 12, raw >> 6 & 63, raw & 63
    size = (n << 6 | (~imms & 63)).bit_length() - 1
    if size < 1 or 1 << size > width:
        return None
    esize = 1 << size
    s, r = imms & (esize - 1), immr & (esize - 1)
    if s == esize - 1:
        return None
    ones = (1 << (s + 1)) - 1
    element = (ones >> r | ones << (esize - r)) & ((1 << esize) - 1)
    return sum(element << k for k in range(0, width, esize))


def _fp_immediate(raw: int, exponent: int, fraction: int) -> int:
    """abcdefgh (Arm ARM, VFPExpandImm)."""
    sign, b, low, frac = raw >> 7, raw >> 6 & 1, raw >> 4 & 3, raw & 15
    exp = (1 - b) << (exponent - 1) | (((1 << (exponent - 3)) - 1) << 2 if b else 0) | low
    return (sign << exponent | exp) << fraction | frac << (fraction - 4)


OPFUNCS: dict[str, OpFunc] = {f.name: f for f in (
    OpFunc("bitmask32", 13, 32, lambda raw: _bit_mask(raw, 32)),
    OpFunc("bitmask64", 13, 64, lambda raw: _bit_mask(raw, 64)),
    OpFunc("fpimm16", 8, 16, lambda raw: _fp_immediate(raw, 5, 10)),
    OpFunc("fpimm32", 8, 32, lambda raw: _fp_immediate(raw, 8, 23)),
    OpFunc("fpimm64", 8, 64, lambda raw: _fp_immediate(raw, 11, 52)),
)}
