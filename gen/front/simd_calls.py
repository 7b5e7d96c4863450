# SPDX-License-Identifier: MIT
"""Functions that lane bodies call."""
from __future__ import annotations

import re
from typing import TYPE_CHECKING, Callable

from gen.front import intel_nodes as n
from gen.front.intel_values import INTEGER_PREDICATES, PREDICATES
from gen.front.intval import IntVal, choose, int_binary, int_compare, to_bits
from gen.front.simd_values import DIRECTIONS, Float, Fraction, Value, const, fraction
from gen.model.sem import (BOOL, Assign, Binary, Bits, Const, Expr, FpStatus, If, Let, Lookup, Op,
                           Select, Var)

if TYPE_CHECKING:
    from gen.front.simd_expressions import LaneExpressions

Made = Callable[["LaneExpressions", n.Call, list[Value]], Value]
_TABLE: list[tuple[re.Pattern[str], int, Callable[..., Made]]] = []
RTZ = 1  # enum rx_round


def _function(pattern: str, args: int) -> Callable[[Callable[..., Made]], Callable[..., Made]]:
    def note(make: Callable[..., Made]) -> Callable[..., Made]:
        _TABLE.append((re.compile(pattern), args, make))
        return make
    return note


def call(b: "LaneExpressions", e: n.Call) -> Value:
    """The value of a call: a function that the text defines, or one of these."""
    define = b.defines.get(e.name)
    if define is not None:
        return _defined(b, e, define)
    for pattern, args, make in _TABLE:
        hit = pattern.fullmatch(e.name)
        if not hit:
            continue
        if len(e.args) != args:
            raise b.fail(e, f"{e.name} takes {args} argument{'s' * (args != 1)}, not "
                            f"{len(e.args)}")
        return make(*hit.groups())(b, e, [b.expr(a) for a in e.args])
    raise b.fail(e, f"{e.name}() is not defined")


def _defined(b: "LaneExpressions", e: n.Call, d: n.Define) -> Value:
    """A function of the text: its statements stand here, the last one is RETURN."""
    names = d.names()
    if len(names) != len(e.args):
        raise b.fail(e, f"{d.name} takes {len(names)} arguments, not {len(e.args)}")
    if not d.body or not isinstance(d.body[-1], n.Return) or d.body[-1].value is None:
        raise b.fail(e, f"{d.name} must end with RETURN and a value")
    values = [b.named(b.expr(a)) for a in e.args]
    saved, defines = b.locals, b.defines
    b.locals = dict(zip(names, values))
    b.defines = {k: v for k, v in defines.items() if k != d.name}  # no recursion
    try:
        b.block(d.body[:-1])
        return b.expr(d.body[-1].value)
    finally:
        b.locals, b.defines = saved, defines


@_function(r"Saturate(U?)(8|16|32|64)", 1)
def _saturate(unsigned: str, width: str) -> Made:
    return lambda b, e, a: b.saturate(b.as_int(a[0], e), int(width), not unsigned)


@_function(r"(Sign|Zero)Extend(8|16|32|64)", 1)
def _extend(kind: str, width: str) -> Made:
    def f(b: "LaneExpressions", e: n.Call, a: list[Value]) -> Value:
        v = b.as_int(a[0], e)
        if v.origin is None:
            raise b.fail(e, f"{e.name} of what has no width")
        if v.origin[0].type.width > int(width):
            raise b.fail(e, f"{e.name} of {v.origin[0].type.width} bits")
        return IntVal.of(v.origin[0], kind == "Sign")
    return f


@_function(r"Truncate(8|16|32|64)", 1)
def _truncate(width: str) -> Made:
    return lambda b, e, a: IntVal.of(b.as_bits(b.as_int(a[0], e), int(width), e), False)


@_function(r"Signed", 1)
def _signed() -> Made:
    def f(b: "LaneExpressions", e: n.Call, a: list[Value]) -> Value:
        v = b.as_int(a[0], e)
        return IntVal.of(v.origin[0], True) if v.origin is not None else v
    return f


@_function(r"ABS", 1)
def _abs() -> Made:
    def f(b: "LaneExpressions", e: n.Call, a: list[Value]) -> Value:
        fail = lambda m: b.fail(e, m)  # noqa: E731
        if isinstance(a[0], Float):
            x = b.rounded(a[0])
            return Float(Binary(x.type, Op.AND, x, const(a[0].fmt, (1 << (a[0].fmt - 1)) - 1)),
                         a[0].fmt)
        v = b.named(b.as_int(a[0], e))
        minus = int_binary("-", IntVal.const(0), v, fail)
        r = choose(int_compare("<", v, IntVal.const(0), fail), minus, v, fail)
        return IntVal(r.expr, r.width, 0, max(abs(v.lo), abs(v.hi)))
    return f


@_function(r"(MIN|MAX)", 2)
def _minmax(which: str) -> Made:
    def f(b: "LaneExpressions", e: n.Call, a: list[Value]) -> Value:
        if isinstance(a[0], Float):
            fmt = a[0].fmt
            xs = (b.as_float(v, fmt, lambda m: b.fail(e, m)) for v in a)
            return Float(b.fp("FPMinX86" if which == "MIN" else "FPMaxX86", Bits(fmt), fmt, *xs),
                         fmt)
        x, y = (b.named(b.as_int(v, e)) for v in a)
        return b.extremum(which == "MAX", x, y, lambda m: b.fail(e, m))
    return f


@_function(r"SQRT", 1)
def _sqrt() -> Made:
    def f(b: "LaneExpressions", e: n.Call, a: list[Value]) -> Value:
        if not isinstance(a[0], Float):
            raise b.fail(e, "SQRT takes a float")
        fmt = a[0].fmt
        return Float(b.fp("FPSqrt", Bits(fmt), fmt, b.rounded(a[0])), fmt)
    return f


def _bit(number: Expr, mask: int) -> Expr:
    return Binary(BOOL, Op.NE, Binary(number.type, Op.AND, number, const(64, mask)), const(64, 0))


def _directed(b: "LaneExpressions", number: Expr, env: str) -> Expr:
    """The direction in bits 1 and 0 of a number, or with bit 2 the environment's."""
    own = Lookup(Bits(8), Binary(number.type, Op.AND, number, const(64, 3)), DIRECTIONS)
    return Select(Bits(8), _bit(number, 4), FpStatus(Bits(8), "round", env), own)


@_function(r"ROUND", 2)
def _round() -> Made:
    """ROUND(x, control) to an integral value; control: bit 3 no exception for inexact ones."""
    def f(b: "LaneExpressions", e: n.Call, a: list[Value]) -> Value:
        if not isinstance(a[0], Float):
            raise b.fail(e, "ROUND takes a float")
        fmt, control = a[0].fmt, to_bits(b.as_int(a[1], e), 64)
        exact = Select(Bits(fmt), _bit(control, 8), const(fmt, 0), const(fmt, 1))
        return Float(b.fp("FPRoundToIntMaybe", Bits(fmt), fmt, b.rounded(a[0]), exact,
                          direction=_directed(b, control, b.fpenv)), fmt)
    return f


@_function(r"Convert_FP16_To_FP32", 1)
def _from_half() -> Made:
    """F16C: MXCSR's DAZ is not looked at, and denormal halves raise nothing."""
    def f(b: "LaneExpressions", e: n.Call, a: list[Value]) -> Value:
        if not isinstance(a[0], Float) or a[0].fmt != 16:
            raise b.fail(e, f"{e.name} takes a float of 16 bits")
        return Float(b.fp("FPConvert", Bits(32), 16, b.rounded(a[0]), env="from_half"), 32)
    return f


@_function(r"Convert_FP32_To_FP16", 2)
def _to_half() -> Made:
    """F16C, with the direction's number: MXCSR's FTZ is not looked at."""
    def f(b: "LaneExpressions", e: n.Call, a: list[Value]) -> Value:
        if not isinstance(a[0], Float) or a[0].fmt != 32:
            raise b.fail(e, f"{e.name} takes a float of 32 bits")
        by = _directed(b, to_bits(b.as_int(a[1], e), 64), "to_half")
        return Float(b.fp("FPConvert", Bits(16), 32, b.rounded(a[0]), direction=by,
                          env="to_half"), 16)
    return f


@_function(r"FP(16|32|64)", 1)
def _convert(width: str) -> Made:
    fmt = int(width)

    def f(b: "LaneExpressions", e: n.Call, a: list[Value]) -> Value:
        v = a[0]
        if isinstance(v, Fraction):
            return Float(const(fmt, fraction(fmt, v.text)), fmt)
        if isinstance(v, Float):
            x = b.rounded(v)
            return v if v.fmt == fmt else Float(b.fp("FPConvert", Bits(fmt), v.fmt, x), fmt)
        v = b.as_int(v, e)
        x, is_signed = v.origin if v.origin is not None else (to_bits(v, 64), v.lo < 0)
        w = x.type.width
        w = 32 if w <= 32 else 64
        x = to_bits(v, w) if x.type.width != w else x
        return Float(b.fp("SIntToFP" if is_signed else "UIntToFP", Bits(fmt), w, x), fmt)
    return f


@_function(r"Convert_FP(16|32|64)_To_(U?)Int(32|64)(_Truncate)?", 1)
def _to_int(src: str, unsigned: str, width: str, truncate: str | None) -> Made:
    def f(b: "LaneExpressions", e: n.Call, a: list[Value]) -> Value:
        if not isinstance(a[0], Float) or a[0].fmt != int(src):
            raise b.fail(e, f"{e.name} takes a float of {src} bits")
        name = "FPToUInt" if unsigned else "FPToSInt"
        r = b.fp(name, Bits(int(width)), int(src), b.rounded(a[0]),
                 fixed=RTZ if truncate else None)
        return IntVal.of(r, not unsigned)
    return f


@_function(r"Less(Quiet)?", 2)
def _less(quiet: str | None) -> Made:
    """a < b, with or without an exception for quiet NaNs."""
    def f(b: "LaneExpressions", e: n.Call, a: list[Value]) -> Value:
        if not isinstance(a[0], Float):
            raise b.fail(e, f"{e.name} takes floats")
        fmt = a[0].fmt
        x, y = (b.as_float(v, fmt, lambda m: b.fail(e, m)) for v in a)
        return b.fp("FPLessQuiet" if quiet else "FPLess", BOOL, fmt, x, y)
    return f


# of predicate n, in the order of the immediate's numbers: which of < = > unordered
# make it true (bits 0 to 3), and whether quiet NaNs raise
_ORDER = [f"_CMP_{x}" for x in (
    "EQ_OQ LT_OS LE_OS UNORD_Q NEQ_UQ NLT_US NLE_US ORD_Q EQ_UQ NGE_US NGT_US FALSE_OQ NEQ_OQ "
    "GE_OS GT_OS TRUE_UQ EQ_OS LT_OQ LE_OQ UNORD_S NEQ_US NLT_UQ NLE_UQ ORD_S EQ_US NGE_UQ NGT_UQ "
    "FALSE_OS NEQ_OS GE_OQ GT_OQ TRUE_US").split()]
_TRUE_FOR = tuple(sum(1 << (r + 1) for r in PREDICATES[x][0]) for x in _ORDER)
_SIGNALS = tuple(int(PREDICATES[x][1]) for x in _ORDER)


@_function(r"Compare", 3)
def _compare() -> Made:
    """Compare(number of the predicate, a, b)"""
    def f(b: "LaneExpressions", e: n.Call, a: list[Value]) -> Value:
        number = b.as_int(a[0], e)
        if isinstance(a[1], Float):
            return _compare_floats(b, e, number, a[1], a[2])
        x, y = (b.named(b.as_int(v, e)) for v in a[1:])
        if number.hi > 7:
            raise b.fail(e, "predicates of integers are 0 to 7")
        fail = lambda m: b.fail(e, m)  # noqa: E731
        masks = tuple(sum(1 << (r + 1) for r in rels) for rels in INTEGER_PREDICATES.values())
        return _chosen(b, number, masks, int_compare("<", x, y, fail),
                       int_compare("==", x, y, fail), None)
    return f


def _compare_floats(b: "LaneExpressions", e: n.Call, number: IntVal, x: Float, y: Value) -> Expr:
    if number.hi > 31:
        raise b.fail(e, "predicates of floats are 0 to 31")
    fmt = x.fmt
    u = b.bind(b.rounded(x))
    v = b.bind(b.as_float(y, fmt, lambda m: b.fail(e, m)))
    index = b.bind(to_bits(number, 64))
    name = f"l_{b.temp()}"
    b.out.append(Let(name, Const(BOOL, 0), mutable=True))
    outer, b.out = b.out, []
    b.out.append(Assign(name, b.fp("FPLess", BOOL, fmt, u, v)))
    loud, b.out = tuple(b.out), []
    b.out.append(Assign(name, b.fp("FPLessQuiet", BOOL, fmt, u, v)))
    quiet, b.out = tuple(b.out), outer
    signals = Binary(BOOL, Op.EQ, Lookup(Bits(8), index, _SIGNALS), Const(Bits(8), 1))
    b.out.append(If(signals, loud, quiet))
    unordered = b.bind(Binary(BOOL, Op.LOR, b.is_nan(u, fmt), b.is_nan(v, fmt)))
    equal = b.fp("FPEqual", BOOL, fmt, u, v)
    return _chosen(b, number, _TRUE_FOR, Var(BOOL, name), equal, unordered)


def _chosen(b: "LaneExpressions", number: IntVal, masks: tuple[int, ...], less: Expr, equal: Expr,
            unordered: Expr | None) -> Expr:
    """Is the relation one of those of the predicate? Bits: < = > unordered."""
    typ = Bits(8)
    rel: Expr = Select(typ, less, const(8, 1), Select(typ, equal, const(8, 2), const(8, 4)))
    if unordered is not None:
        rel = Select(typ, unordered, const(8, 8), rel)
    wanted = Lookup(typ, to_bits(number, 64), masks)
    return Binary(BOOL, Op.NE, Binary(typ, Op.AND, wanted, b.bind(rel)), const(8, 0))
