# SPDX-License-Identifier: MIT
"""Operands that are computed when an instruction is decoded.

Most immediates are bits of the word, put together. Some are a function of
them (Arm's bit-mask and floating-point immediates): a row gives the function
in Python and the names of the C ones in core/opfuncs.h: NAME(raw) decodes,
NAME_valid(raw) says whether there is a value, NAME_encode(value, &raw) is the
inverse, which picks the encoding that assemblers pick; there, raw holds what
other operands have said of these bits already.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable


@dataclass(frozen=True, slots=True)
class OpFunc:
    """raw: bits that the word holds; width: of the value. decode: None where
    the bits are reserved. given: bits of raw that other operands say."""

    name: str
    raw: int
    width: int
    decode: Callable[[int], int | None]
    given: int = 0

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


def _fraction(raw: int) -> int:
    """The value of such an immediate, in 128ths."""
    power = (raw >> 4 & 7) ^ 4
    value = (16 + (raw & 15)) << power
    return -value & 0xffff if raw >> 7 else value


def _if(ok: bool, value: int) -> int | None:
    return value if ok else None


def _wide(raw: int, width: int, invert: bool) -> int | None:
    """hw:imm16 of MOVZ or MOVN, where MOV means that (Arm ARM, MOV (wide immediate))."""
    hw, imm = raw >> 16, raw & 0xffff
    if 16 * hw >= width or hw and not imm or invert and width == 32 and imm == 0xffff:
        return None
    value = imm << 16 * hw
    return value ^ ((1 << width) - 1) if invert else value


def _move_mask(raw: int, width: int) -> int | None:
    """Where neither MOVZ nor MOVN has the value (Arm ARM, MoveWidePreferred)."""
    value = _bit_mask(raw, width)
    if value is None:
        return None
    for x in (value, value ^ ((1 << width) - 1)):
        if any(not x & ~(0xffff << k) for k in range(0, width, 16)):
            return None
    return value


def _bf(raw: int) -> tuple[int, int]:
    """immr, imms of a bit-field instruction."""
    return raw >> 6, raw & 63


def _lsl(raw: int, width: int) -> int | None:
    r, s = _bf(raw)
    return _if(s < width - 1 and s + 1 == r, width - 1 - s)


def _insert(raw: int, width: int) -> int | None:
    """Width of a field that moves up."""
    r, s = _bf(raw)
    return _if(s < r < width, s + 1)


def _extract(raw: int) -> int | None:
    """Width of a field that moves down."""
    r, s = _bf(raw)
    return _if(s >= r, s - r + 1)


def _thumb_imm(raw: int) -> int:
    """i:imm3:imm8 (Arm ARM, ThumbExpandImm); unpredictable zeros are zero."""
    imm, kind = raw & 0xff, raw >> 8
    if kind < 4:
        return imm * (0x1, 0x10001, 0x1000100, 0x1010101)[kind]
    value, by = 0x80 | raw & 0x7f, raw >> 7
    return (value >> by | value << (32 - by)) & 0xffffffff


def _insert_high(raw: int) -> int | None:
    """msb:lsb of BFI as a width."""
    msb, lsb = raw >> 5, raw & 31
    return _if(msb >= lsb, msb - lsb + 1)


def _extract_low(raw: int) -> int | None:
    """widthm1:lsb of UBFX as a width."""
    width, lsb = (raw >> 5) + 1, raw & 31
    return _if(lsb + width <= 32, width)


def _it_mask(raw: int) -> int | None:
    """firstcond<0>:mask of IT; above the lowest 1 of the mask its bits say else."""
    mask = raw & 15
    above = 15 & ~(mask ^ (mask - 1))
    return _if(mask != 0, mask ^ (above if raw >> 4 else 0))


def _thumb_far(raw: int) -> int:
    """S:J1:J2:imm10:imm11 of B and BL: J1 and J2 are inverted unless S is set."""
    flip = 0 if raw >> 23 else 3
    return (raw ^ flip << 21) << 1


OPFUNCS: dict[str, OpFunc] = {f.name: f for f in (
    OpFunc("bitmask32", 13, 32, lambda raw: _bit_mask(raw, 32)),
    OpFunc("bitmask64", 13, 64, lambda raw: _bit_mask(raw, 64)),
    OpFunc("fpimm16", 8, 16, lambda raw: _fp_immediate(raw, 5, 10)),
    OpFunc("fpimm32", 8, 32, lambda raw: _fp_immediate(raw, 8, 23)),
    OpFunc("fpimm64", 8, 64, lambda raw: _fp_immediate(raw, 11, 52)),
    OpFunc("fpfraction", 8, 16, _fraction),
    # constants of MOV; printed as numbers with a sign
    *(OpFunc(f"movmask{w}", 13, w, lambda raw, w=w: _move_mask(raw, w)) for w in (32, 64)),
    *(OpFunc(f"movz{w}", 18, w, lambda raw, w=w: _wide(raw, w, False)) for w in (32, 64)),
    *(OpFunc(f"movn{w}", 18, w, lambda raw, w=w: _wide(raw, w, True)) for w in (32, 64)),
    # bit fields by their names: immr:imms, immr
    *(OpFunc(f"bflsl{w}", 12, 6, lambda raw, w=w: _lsl(raw, w)) for w in (32, 64)),
    *(OpFunc(f"neg{w}", 6, 6, lambda raw, w=w: _if(raw < w, -raw % w)) for w in (32, 64)),
    *(OpFunc(f"bfiwidth{w}", 12, 7, lambda raw, w=w: _insert(raw, w), 0xfc0) for w in (32, 64)),
    OpFunc("bfxwidth", 12, 7, _extract, 0xfc0),
    # the numbers of a list's further registers
    *(OpFunc(f"next{k}", 5, 5, lambda raw, k=k: (raw + k) % 32) for k in (1, 2, 3)),
    # bits behind the point of a number: what the field has is below
    *(OpFunc(f"below{1 << n}", n, n + 1, lambda raw, n=n: (1 << n) - raw) for n in (5, 6, 7)),
    OpFunc("thumbimm", 12, 32, _thumb_imm),
    OpFunc("thumbfar", 24, 25, _thumb_far),
    OpFunc("itmask", 5, 4, _it_mask, 0x10),
    # bits that stay together, whatever the instruction asks of them
    OpFunc("whole16", 16, 16, lambda raw: raw),
    # shifts right by 0 are by 32; one more; the width of a field from msb:lsb
    OpFunc("shift32", 5, 6, lambda raw: raw or 32),
    OpFunc("plus1", 5, 6, lambda raw: raw + 1),
    OpFunc("bfwidth", 10, 6, _insert_high, 0x1f),
    OpFunc("xwidth", 10, 6, _extract_low, 0x1f),
    # the opposite of a condition that has one
    OpFunc("notcond", 4, 4, lambda raw: _if(raw < 14, raw ^ 1)),
)}
