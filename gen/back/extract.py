# SPDX-License-Identifier: MIT
"""C text that takes operand values out of a word and puts them into it."""
from __future__ import annotations

from gen.model.encoding import BitSrc, IsaEncodings, Operand
from gen.model.opfuncs import OPFUNCS


def merge(bits: tuple[BitSrc, ...]) -> list[BitSrc]:
    """Neighbouring parts that are one run of the word, or constants, joined."""
    out: list[BitSrc] = []
    for b in bits:
        last = out[-1] if out else None
        if last and not b.is_const and last.lo == b.lo + b.width:
            out[-1] = BitSrc(last.width + b.width, b.lo)
        elif last and b.is_const and last.is_const:
            out[-1] = BitSrc(last.width + b.width, const=last.const << b.width | b.const)
        else:
            out.append(b)
    return out


def _sum(bits: list[BitSrc], at: int) -> str:
    """Bits of the word w as an unsigned expression; at: where the last one goes."""
    terms = []
    for b in reversed(bits):
        if not b.is_const:
            v = f"w >> {b.lo}" if b.lo else "w"
            v = f"{v} & {(1 << b.width) - 1:#x}"
            wide = "(uint64_t)" if at + b.width > 32 else ""
            terms.append(f"{wide}({v}) << {at}" if at else f"({v})" if len(bits) > 1 else v)
        elif b.const:
            c = b.const << at
            terms.append(f"UINT64_C({c:#x})" if c >> 32 else f"{c:#x}u")
        at += b.width
    terms.reverse()
    return " | ".join(terms) if terms else "0"


def raw_value(o: Operand) -> str:
    """The operand's bits in a 32-bit word w, before its function."""
    return _sum(merge(o.bits), 0)


def value(o: Operand) -> str:
    """The operand's value in a 32-bit word w: int64_t if signed, else unsigned."""
    if o.function:
        return f"{OPFUNCS[o.function].c}({raw_value(o)})"
    width = o.encoded
    bits = list(o.bits)
    if not o.signed or o.is_const and not bits[0].const >> (bits[0].width - 1):
        return _sum(merge(o.bits), 0)
    top = bits[0]
    if width > 32 or top.is_const:
        return f"rx_sext({_sum(merge(o.bits), 0)}, {width})"
    # left-align in 32 bits; copies of the sign bit come for free
    while len(bits) > 1 and bits[1] == BitSrc(1, top.lo) and top.width == 1:
        bits.pop(0)
        width -= 1
    top = merge(tuple(bits))[0]
    if top.width == width and top.lo + top.width == 32:
        return f"(int32_t)w >> {32 - width}"
    return f"rx_sext({_sum(merge(tuple(bits)), 0)}, {width})"


def register(o: Operand, isa: IsaEncodings) -> str:
    """The register number of the operand, dropped writes redirected."""
    text = value(o)
    names = isa.reg(o.regclass)
    place = names.moved or (names.drop if "w" in o.access else None)
    if place is None:
        return text
    index, slot = place
    if o.is_const:
        return str(slot if o.value(0) == index else o.value(0))
    at = o.encoded
    for b in o.bits:
        at -= b.width
        if b.is_const and b.const != index >> at & ((1 << b.width) - 1):
            return text  # it can never be that register
    return f"({text}) == {index} ? {slot} : {text}"


def scatter(o: Operand, name: str) -> list[str]:
    """Terms that put value ``name`` of the operand into a word."""
    out = []
    at = o.encoded
    parts = merge(o.bits)
    seen = 0
    for b in parts:
        at -= b.width
        if b.is_const:
            continue
        mask = ((1 << b.width) - 1) << b.lo
        if not mask & ~seen:
            continue
        seen |= mask
        v = f"({name} >> {at} & {(1 << b.width) - 1:#x})" if at else \
            f"({name} & {(1 << b.width) - 1:#x})"
        out.append(f"{v} << {b.lo}" if b.lo else v)
    return out
