# SPDX-License-Identifier: MIT
"""Pure primitives: one row each, with every meaning that it has.

A row is what ASL bodies call, what Python computes (tests), the C function
(core/prims.h) and the operation of SMIR, whose name is the row's in lower
case. Flag recipes are rows: the flags of a sum are a function of its operands,
not of the sum, and cost nothing where nobody reads them.

Everything is a bit vector. The first argument's width is the width of the
operation; C gets it as the first argument of the call where `sized` says so.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

ANY = 0  # a width that may be any, the same in all arguments that say ANY


@dataclass(frozen=True, slots=True)
class Pure:
    """args: widths; result: a width, ANY: that of the operation. python: width
    and values to the value, cut to the result's width by the caller.
    lifts: SMIR has it (widths up to 64)."""

    name: str
    args: tuple[int, ...]
    result: int
    python: Callable[..., int]
    c: str
    sized: bool = True
    lifts: bool = True

    @property
    def smir(self) -> str:
        return self.name.lower()

    def call(self, width: int, args: list[str]) -> str:
        """C of the call."""
        first = [str(width)] if self.sized else []
        return f"{self.c}({', '.join([*first, *args])})"

    def result_width(self, widths: list[int]) -> int | None:
        """Width of the result, None if the arguments do not fit."""
        own = [w for w, a in zip(widths, self.args) if a == ANY]
        if len(widths) != len(self.args) or len(set(own)) > 1 \
                or any(a not in (ANY, w) for w, a in zip(widths, self.args)):
            return None
        return self.result or widths[0]


def _signed(w: int, a: int) -> int:
    return a - (1 << w) if a >> (w - 1) else a


def _add_nzcv(w: int, a: int, b: int, c: int) -> int:
    total = a + b + c
    r = total & ((1 << w) - 1)
    n, z, carry = r >> (w - 1), r == 0, total >> w
    v = (a ^ r) & (b ^ r) & (1 << (w - 1))
    return n << 3 | z << 2 | carry << 1 | (v != 0)


def _logic_nzcv(w: int, r: int) -> int:
    return (r >> (w - 1)) << 3 | (r == 0) << 2


def _gather(a: int, mask: int) -> int:
    out = n = 0
    while mask:
        low = mask & -mask
        out |= (a & low != 0) << n
        mask, n = mask ^ low, n + 1
    return out


def _scatter(a: int, mask: int) -> int:
    out = 0
    while mask:
        low = mask & -mask
        out |= low if a & 1 else 0
        mask, a = mask ^ low, a >> 1
    return out


def _reverse(w: int, a: int) -> int:
    return int(f"{a:0{w}b}"[::-1], 2)


def _x87_exceptions(w: int, flags: int, fault: int) -> int:
    if fault:
        return 1
    return sum((flags >> f & 1) << k for k, f in enumerate((4, 5, 3, 2, 1, 0)))


def _x87_status(w: int, sw: int, cw: int, exceptions: int, fault: int) -> int:
    sw = sw & ~0x8280 | exceptions | fault << 6
    return sw | 0x8080 if sw & ~cw & 0x3F else sw


def _condition(w: int, nzcv: int, cond: int) -> int:
    n, z, c, v = (nzcv >> k & 1 for k in (3, 2, 1, 0))
    holds = (z, c, n, v, c and not z, n == v, n == v and not z, 1)[cond >> 1]
    return int(bool(holds) != (cond & 1 and cond != 15))


def _crc(w: int, data: int, crc: int, poly: int) -> int:
    """Reflected, without inversions."""
    crc ^= data
    for _ in range(w):
        crc = crc >> 1 ^ (poly if crc & 1 else 0)
    return crc


PURE: dict[str, Pure] = {p.name: p for p in (
    # N Z C V, from bit 3 down, of a + b + carry; of a result
    Pure("AddNZCV", (ANY, ANY, 1), 4, _add_nzcv, "rx_p_add_nzcv"),
    Pure("LogicNZCV", (ANY,), 4, _logic_nzcv, "rx_p_logic_nzcv"),
    # carry and overflow of a + b + carry and of a - b - borrow
    Pure("AddCarry", (ANY, ANY, 1), 1, lambda w, a, b, c: (a + b + c) >> w, "rx_p_add_carry"),
    Pure("AddOverflow", (ANY, ANY, 1), 1, lambda w, a, b, c: _add_nzcv(w, a, b, c) & 1,
         "rx_p_add_overflow"),
    Pure("SubBorrow", (ANY, ANY, 1), 1, lambda w, a, b, c: int(a < b + c), "rx_p_sub_borrow"),
    Pure("SubOverflow", (ANY, ANY, 1), 1,
         lambda w, a, b, c: _add_nzcv(w, a, b ^ ((1 << w) - 1), 1 - c) & 1, "rx_p_sub_overflow"),
    # even number of ones in the low byte
    Pure("Parity", (ANY,), 1, lambda w, a: ~(a & 255).bit_count() & 1, "rx_p_parity",
         sized=False),
    # exceptions in the x87's order from RX_FP_* and a stack fault; the status word
    # with these, no C1, and the summary: status, control, exceptions, stack fault
    Pure("X87Exceptions", (8, 1), 6, _x87_exceptions, "rx_p_x87_exceptions", sized=False,
         lifts=False),
    Pure("X87Status", (16, 16, 6, 1), 16, _x87_status, "rx_p_x87_status", sized=False,
         lifts=False),
    # does a condition (Arm's numbers) hold for N Z C V
    Pure("ConditionHolds", (4, 4), 1, _condition, "rx_p_condition_holds", sized=False),
    # RX_FP_* flags as FPSR has them
    Pure("FPSRFlags", (8,), 8, lambda w, f: sum((f >> k & 1) << b for k, b in
                                                enumerate((4, 3, 2, 1, 0, 7))),
         "rx_p_fpsr_flags", sized=False, lifts=False),
    # data of some width into a CRC, lowest bit first
    Pure("CRC32", (ANY, 32), 32, lambda w, a, c: _crc(w, a, c, 0xedb88320), "rx_p_crc32"),
    Pure("CRC32C", (ANY, 32), 32, lambda w, a, c: _crc(w, a, c, 0x82f63b78), "rx_p_crc32c"),
    # the bits of a under the ones of a mask, put together; and back
    Pure("BitExtract", (ANY, ANY), ANY, lambda w, a, m: _gather(a, m), "rx_p_bit_extract",
         sized=False),
    Pure("BitDeposit", (ANY, ANY), ANY, lambda w, a, m: _scatter(a, m), "rx_p_bit_deposit",
         sized=False),
    Pure("BitReverse", (ANY,), ANY, _reverse, "rx_p_bit_reverse"),
)}
