# SPDX-License-Identifier: MIT
"""The primitives of the meaning language: one row each, for every back end.

A row states the name in ASL bodies, the shape, the C that computes it and the
name of the SMIR operation. Integer primitives become expression nodes in
front.check; IEEE primitives are statements (``sem.FpLet``), because they read
the rounding direction and accumulate flags.
"""
from __future__ import annotations

from dataclasses import dataclass

from .sem import FpOp


@dataclass(frozen=True, slots=True)
class FpPrim:
    """An IEEE operation.

    args: number of floating-point (or integer) operands before the rounding
    operand; result: 'fmt' (as the source), 'bool', 'int' (width argument),
    'dst' (format argument), or a fixed width; rounds: takes a rounding operand;
    c: executor call ({f} source format, {d} result width, {a} arguments);
    fast: host call per fixed direction ('' where direction is irrelevant).
    smir: operation name, "" there is none, A/B: what the last operand chooses; wide:
    also on 80 bits; halves: integers of 16 bits, too.
    """

    name: str
    args: int
    result: str | int
    rounds: bool
    c: str
    fast: dict[str, str]
    smir: str
    integer_source: bool = False
    flags: bool = True
    needs_fma: bool = False
    wide: bool = False
    halves: bool = False


_RNE = 0
_RTZ = 1


def _row(*a, **k) -> tuple[str, FpPrim]:
    p = FpPrim(*a, **k)
    return p.name, p


FP: dict[str, FpPrim] = dict([
    _row("FPAdd", 2, "fmt", True, "rx_f{f}_add({a}, &env)", {"rne": "rx_host_f{f}_add"}, "fadd",
         wide=True),
    _row("FPSub", 2, "fmt", True, "rx_f{f}_sub({a}, &env)", {"rne": "rx_host_f{f}_sub"}, "fsub",
         wide=True),
    _row("FPMul", 2, "fmt", True, "rx_f{f}_mul({a}, &env)", {"rne": "rx_host_f{f}_mul"}, "fmul",
         wide=True),
    _row("FPDiv", 2, "fmt", True, "rx_f{f}_div({a}, &env)", {"rne": "rx_host_f{f}_div"}, "fdiv",
         wide=True),
    _row("FPSqrt", 1, "fmt", True, "rx_f{f}_sqrt({a}, &env)", {"rne": "rx_host_f{f}_sqrt"},
         "fsqrt", wide=True),
    _row("FPMulAdd", 3, "fmt", True, "rx_f{f}_muladd({a}, &env)",
         {"rne": "rx_host_f{f}_muladd"}, "fmuladd", needs_fma=True),
    _row("FPRoundToInt", 1, "fmt", True, "rx_f{f}_rint({a}, false, &env)", {}, "frint"),
    _row("FPRoundToIntExact", 1, "fmt", True, "rx_f{f}_rint({a}, true, &env)", {}, "frintx",
         wide=True),
    # the second operand, which the encoding decides: is it exact?
    _row("FPRoundToIntMaybe", 2, "fmt", True, "rx_f{f}_rint({a}, &env)", {}, "frint/frintx"),
    _row("FPMinimumNumber", 2, "fmt", False, "rx_f{f}_min({a}, RX_MM_NUMBER, &env)",
         {"": "rx_host_f{f}_min"}, "fminnum"),
    _row("FPMaximumNumber", 2, "fmt", False, "rx_f{f}_max({a}, RX_MM_NUMBER, &env)",
         {"": "rx_host_f{f}_max"}, "fmaxnum"),
    _row("FPMinimum", 2, "fmt", False, "rx_f{f}_min({a}, RX_MM_NAN, &env)", {}, "fmin"),
    _row("FPMaximum", 2, "fmt", False, "rx_f{f}_max({a}, RX_MM_NAN, &env)", {}, "fmax"),
    _row("FPMinNum", 2, "fmt", False, "rx_f{f}_min({a}, RX_MM_NUM2008, &env)", {},
         "fminnum08"),
    _row("FPMaxNum", 2, "fmt", False, "rx_f{f}_max({a}, RX_MM_NUM2008, &env)", {},
         "fmaxnum08"),
    _row("FPMinX86", 2, "fmt", False, "rx_f{f}_min({a}, RX_MM_X86, &env)", {}, "fminx86"),
    _row("FPMaxX86", 2, "fmt", False, "rx_f{f}_max({a}, RX_MM_X86, &env)", {}, "fmaxx86"),
    _row("FPEqual", 2, "bool", False, "rx_f{f}_eq({a}, &env)", {"": "rx_host_f{f}_eq"}, "feq"),
    _row("FPLess", 2, "bool", False, "rx_f{f}_lt({a}, &env)", {"": "rx_host_f{f}_lt"}, "flt"),
    _row("FPLessEqual", 2, "bool", False, "rx_f{f}_le({a}, &env)", {"": "rx_host_f{f}_le"}, "fle"),
    _row("FPLessQuiet", 2, "bool", False, "rx_f{f}_ltq({a}, &env)", {}, "fltq"),
    _row("FPLessEqualQuiet", 2, "bool", False, "rx_f{f}_leq({a}, &env)", {}, "fleq"),
    _row("FPClass", 1, 32, False, "rx_f{f}_class({a})", {}, "fclass", flags=False, wide=True),
    _row("FPToSInt", 1, "int", True, "(uint{d}_t)rx_f{f}_to_i{d}({a}, &env)",
         {"rtz": "rx_host_f{f}_to_i{d}_rtz", "rne": "rx_host_f{f}_to_i{d}_rne"}, "ftosi",
         wide=True),
    _row("FPToUInt", 1, "int", True, "rx_f{f}_to_u{d}({a}, &env)",
         {"rtz": "rx_host_f{f}_to_u{d}_rtz", "rne": "rx_host_f{f}_to_u{d}_rne"}, "ftoui"),
    # numbers with so many bits behind the point, the second operand
    _row("FPToFixedS", 2, "int", True, "rx_f{f}_to_fixed({a}, {d}, true, &env)", {},
         "ftosfix", halves=True),
    _row("FPToFixedU", 2, "int", True, "rx_f{f}_to_fixed({a}, {d}, false, &env)", {},
         "ftoufix", halves=True),
    _row("FixedSToFP", 2, "dst", True, "rx_f{d}_from_fixed({a}, {f}, true, &env)", {},
         "sfixtof", integer_source=True, halves=True),
    _row("FixedUToFP", 2, "dst", True, "rx_f{d}_from_fixed({a}, {f}, false, &env)", {},
         "ufixtof", integer_source=True, halves=True),
    _row("FPToSIntModulo", 1, 32, False, "(uint32_t)rx_f{f}_to_i32_mod({a}, &env)", {}, "ftosimod"),
    _row("SIntToFP", 1, "dst", True, "rx_f{d}_from_i{f}((int{f}_t)({a}), &env)",
         {"rne": "rx_host_f{d}_from_i{f}"}, "sitof", integer_source=True, wide=True),
    _row("UIntToFP", 1, "dst", True, "rx_f{d}_from_u{f}({a}, &env)",
         {"rne": "rx_host_f{d}_from_u{f}"}, "uitof", integer_source=True),
    _row("FPConvert", 1, "dst", True, "rx_f{f}_to_f{d}({a}, &env)",
         {"rne": "rx_host_f{f}_to_f{d}"}, "fcvt", wide=True),
    # to f80 without an operation: the next one raises what there is to raise
    _row("FPWiden", 1, "dst", False, "rx_f{f}_widen({a}, &env)", {}, "", wide=True),
    _row("FPSin", 1, "fmt", True, "rx_f{f}_sin({a}, &env)", {}, "", wide=True),
    _row("FPCos", 1, "fmt", True, "rx_f{f}_cos({a}, &env)", {}, "", wide=True),
    # 000 greater, 001 less, 100 equal, 111 unordered; a quiet NaN raises NV, or not
    _row("FPOrder", 2, 3, False, "rx_fp_order(rx_f{f}_compare({a}, true, &env))", {}, "forder",
         wide=True),
    _row("FPOrderQuiet", 2, 3, False, "rx_fp_order(rx_f{f}_compare({a}, false, &env))", {},
         "forderq", wide=True),
])

ROUND_VALUE = {"rne": _RNE, "rtz": _RTZ}
DIRECTIONS = 6  # of enum rx_round
FORMATS = (16, 32, 64)  # widths of floating-point operands
INTEGERS = (32, 64)  # and of integers beside them
WIDE = 80  # the x87's format: of rows that are wide; integers of it may have 16 bits
HOST_FORMATS = (32, 64)  # formats that hosts compute themselves


def integers(p: FpPrim) -> tuple[int, ...]:
    return (16, *INTEGERS) if p.halves else INTEGERS


def formats(p: FpPrim) -> tuple[int, ...]:
    return (*FORMATS, WIDE) if p.wide else FORMATS


def exec_c(op: FpOp, args: list[str], env: str = "env") -> str:
    """C of the exact operation in an environment."""
    text = FP[op.name].c.replace("&env", f"&{env}")
    return text.format(f=op.fmt, d=op.type.width if hasattr(op.type, "width") else 1,
                       a=", ".join(args))


def fast_variants(op: FpOp) -> dict[str, str]:
    """Host functions (value arguments, then a result pointer) by rounding direction."""
    p = FP[op.name]
    width = getattr(op.type, "width", None)
    fp_formats = [] if p.integer_source else [op.fmt]
    if p.result in ("fmt", "dst"):
        fp_formats.append(width)
    if any(f not in HOST_FORMATS for f in fp_formats):
        return {}
    return {d: f.format(f=op.fmt, d=width) for d, f in p.fast.items()}
