# SPDX-License-Identifier: MIT
"""Values of Intel's operation language, and its helper functions.

The language has no types: what `+` means follows from where a value comes from.
Integers are exact and are cut where they are stored; what was read at the width
of its elements is signed or a float if the elements are. A product of floats
stays exact until it is stored, so that a * b + c rounds once.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Callable

from gen.model import ieee


MAX_EXACT = 1 << 14  # bits of an integer


class EvalError(Exception):
    """The text cannot be evaluated: what it says has no meaning here."""


@dataclass(frozen=True, slots=True)
class Elem:
    """Type of elements: letter f (float), s (signed) or u, and format or width."""

    kind: str
    width: int

    @property
    def bits(self) -> int:
        return abs(self.width)


@dataclass(frozen=True, slots=True)
class Val:
    """v: an exact integer (elem None), or bits. width: of the bits, None where the
    integer has no width. product: factors of a float not yet rounded."""

    v: int
    width: int | None = None
    elem: Elem | None = None
    product: tuple[int, int, bool] | None = None  # a, b, negative
    truth: bool = False  # of a comparison
    word: str = ""  # NaN, INF or the name of a comparison
    real: str = ""  # a decimal fraction whose format is open

    @property
    def fmt(self) -> int:
        """The float format, 0 if this is none."""
        e = self.elem
        return e.width if e is not None and e.kind == "f" and self.width == e.bits else 0


def exact(v: int) -> Val:
    if v.bit_length() > MAX_EXACT:
        raise EvalError(f"a number has more than {MAX_EXACT} bits")
    return Val(v)


def truth(b: bool) -> Val:
    return Val(int(b), 1, truth=True)


def floating(fmt: int, bits: int) -> Val:
    return Val(bits, abs(fmt), Elem("f", fmt))


def integer(x: Val) -> int:
    """The exact integer that a value stands for; bits of a float count as bits."""
    if x.real or x.word:
        raise EvalError(f"'{x.real or x.word}' is no integer")
    e = x.elem
    if e is not None and e.kind == "s" and x.width == e.width and x.v >> (e.width - 1):
        return x.v - (1 << e.width)
    return x.v


class Machine:
    """The floating-point environment."""

    def __init__(self, env: ieee.Env) -> None:
        self.env = env

    def bits(self, x: Val) -> int:
        """The bits of a value, a product rounded."""
        if x.product is not None:
            a, b, negative = x.product
            r = ieee.mul(x.fmt, (a, b), self.env)
            return r ^ (negative << (abs(x.fmt) - 1))
        return x.v

    def as_float(self, x: Val, fmt: int) -> int:
        """The bits of a value as a number of that format."""
        if x.real:
            return ieee.from_text(fmt, x.real)
        if x.word == "INF":
            return ieee.FORMATS[fmt].inf
        if x.fmt == fmt:
            return self.bits(x)
        if x.fmt:
            return ieee.convert(x.fmt, self.bits(x), fmt, self.env)
        return ieee.from_int(fmt, integer(x), self.env)

    def cut(self, x: Val, width: int) -> int:
        """What a place of that width holds after the assignment of x."""
        if x.real:
            return ieee.from_text(width, x.real)
        if x.word == "INF":
            return ieee.FORMATS[width].inf
        if x.word:
            raise EvalError(f"'{x.word}' cannot be stored")
        v = integer(x) if x.product is None and not x.fmt else self.bits(x)
        return v & ((1 << width) - 1)

    def arith(self, op: str, a: Val, b: Val) -> Val:
        fmt = a.fmt or b.fmt
        if a.real or b.real and not fmt:
            fmt = fmt or (64 if a.real and b.real else 0)
        if fmt:
            return self.float_arith(op, a, b, fmt)
        x, y = integer(a), integer(b)
        if op in "+-*":
            return exact(x * y if op == "*" else x + y if op == "+" else x - y)
        if y == 0:
            raise EvalError("division by zero")
        if op == "%":
            return exact(x % y)
        q = abs(x) // abs(y)
        return exact(q if (x < 0) == (y < 0) else -q)

    def float_arith(self, op: str, a: Val, b: Val, fmt: int) -> Val:
        if op == "*":
            x, y = self.as_float(a, fmt), self.as_float(b, fmt)
            return Val(0, abs(fmt), Elem("f", fmt), product=(x, y, False))
        sign = 1 << (abs(fmt) - 1)
        if op in "+-" and (a.product or b.product):
            p, other = (a, b) if a.product else (b, a)
            assert p.product is not None
            x, y, negative = p.product
            c = self.as_float(other, fmt)
            if op == "-" and p is b:
                negative = not negative
            elif op == "-":
                c ^= 0 if _is_nan(fmt, c) else sign
            if not _is_nan(fmt, x):
                x ^= sign * negative
            elif not _is_nan(fmt, y):
                y ^= sign * negative
            return floating(fmt, ieee.muladd(fmt, (x, y, c), self.env))
        x, y = self.as_float(a, fmt), self.as_float(b, fmt)
        call = {"+": ieee.add, "-": ieee.sub, "/": ieee.div}.get(op)
        if call is None:
            raise EvalError(f"no '{op}' of floats")
        return floating(fmt, call(fmt, (x, y), self.env))

    def compare(self, op: str, a: Val, b: Val) -> Val:
        if "NaN" in (a.word, b.word):
            x = b if a.word else a
            if not x.fmt:
                raise EvalError("only a float is compared with NaN")
            return truth(_is_nan(x.fmt, self.bits(x)) == (op == "=="))
        fmt = a.fmt or b.fmt
        if fmt:
            rel = ieee.compare(fmt, self.as_float(a, fmt), self.as_float(b, fmt),
                               op not in ("==", "!="), self.env)
            return truth(rel in {"==": (0,), "!=": (-1, 1, 2), "<": (-1,), "<=": (-1, 0),
                                 ">": (1,), ">=": (0, 1)}[op])
        x, y = integer(a), integer(b)
        return truth({"==": x == y, "!=": x != y, "<": x < y, "<=": x <= y, ">": x > y,
                      ">=": x >= y}[op])

    def logic(self, op: str, a: Val, b: Val) -> Val:
        x, y = self.raw(a), self.raw(b)
        v = x & y if op == "&" else x | y if op == "|" else x ^ y
        width = max(a.width, b.width) if a.width is not None and b.width is not None else None
        return Val(v, width, truth=a.truth and b.truth)

    def raw(self, x: Val) -> int:
        """Bits where there are such, else the integer."""
        if x.real:
            raise EvalError("a decimal fraction has no bits here")
        return self.bits(x) if x.width is not None else integer(x)

    def shift(self, op: str, a: Val, b: Val) -> Val:
        n = integer(b)
        if n < 0:
            raise EvalError("shift by a negative number")
        if op in ("<<<", ">>>"):
            w = a.width or 32
            v, n = self.cut(a, w), n % w
            n = n if op == "<<<" else (w - n) % w
            return Val((v << n | v >> (w - n)) & ((1 << w) - 1), w)
        x = integer(a) if not a.fmt else self.bits(a)
        if op == "<<":
            return exact(x << n if n < 8192 else 0)
        v = x >> min(n, 8192)
        if a.width is not None and a.elem is not None and a.elem.kind == "s":
            return Val(v & ((1 << a.width) - 1), a.width, a.elem)
        return Val(v, a.width) if v >= 0 and a.width is not None else exact(v)

    def negate(self, x: Val) -> Val:
        if x.real:
            return Val(0, 64, real="-" + x.real)
        if x.product is not None:
            a, b, negative = x.product
            return Val(0, x.width, x.elem, product=(a, b, not negative))
        if x.fmt:
            return floating(x.fmt, x.v ^ (1 << (abs(x.fmt) - 1)))
        return exact(-integer(x))

    def invert(self, x: Val) -> Val:
        if x.truth:
            return truth(not x.v)
        if x.width is None:
            return exact(~integer(x))
        return Val(self.bits(x) ^ ((1 << x.width) - 1), x.width)


def _is_nan(fmt: int, bits: int) -> bool:
    f = ieee.FORMATS[fmt]
    return bits & (f.sign - 1) > f.inf


def saturate(v: int, width: int, signed: bool) -> int:
    lo, hi = (-(1 << (width - 1)), (1 << (width - 1)) - 1) if signed else (0, (1 << width) - 1)
    return min(max(v, lo), hi)


def as_signed(x: Val) -> int:
    """Bits of a value with its own width, as two's complement; an integer as it is."""
    if x.width is None or x.elem is not None and x.elem.kind == "s":
        return integer(x)
    return x.v - (1 << x.width) if x.v >> (x.width - 1) & 1 else x.v


Helper = Callable[[Machine, list[Val]], Val]
_PATTERNS: list[tuple[re.Pattern[str], Callable[..., Helper]]] = []
_FLOATS = {"FP16": 16, "FP32": 32, "FP64": 64, "BF16": ieee.BF16}
# _CMP_*: relations that make it true; signalling. Order of enum: < = > unordered.
PREDICATES: dict[str, tuple[set[int], bool]] = {}
for _names, _rels, _signals in (
        ("EQ_OQ EQ_OS", {0}, "QS"), ("LT_OS LT_OQ", {-1}, "SQ"), ("LE_OS LE_OQ", {-1, 0}, "SQ"),
        ("UNORD_Q UNORD_S", {2}, "QS"), ("NEQ_UQ NEQ_US", {-1, 1, 2}, "QS"),
        ("NLT_US NLT_UQ", {0, 1, 2}, "SQ"), ("NLE_US NLE_UQ", {1, 2}, "SQ"),
        ("ORD_Q ORD_S", {-1, 0, 1}, "QS"), ("EQ_UQ EQ_US", {0, 2}, "QS"),
        ("NGE_US NGE_UQ", {-1, 2}, "SQ"), ("NGT_US NGT_UQ", {-1, 0, 2}, "SQ"),
        ("FALSE_OQ FALSE_OS", set(), "QS"), ("NEQ_OQ NEQ_OS", {-1, 1}, "QS"),
        ("GE_OS GE_OQ", {0, 1}, "SQ"), ("GT_OS GT_OQ", {1}, "SQ"),
        ("TRUE_UQ TRUE_US", {-1, 0, 1, 2}, "QS")):
    for _n, _s in zip(_names.split(), _signals):
        PREDICATES["_CMP_" + _n] = (_rels, _s == "S")
INTEGER_PREDICATES = {"EQ": {0}, "LT": {-1}, "LE": {-1, 0}, "FALSE": set(), "NE": {-1, 1},
                      "NLT": {0, 1}, "NLE": {1}, "TRUE": {-1, 0, 1}}


def chosen(m: Machine, op: str, a: Val, b: Val) -> Val:
    """a OP b, where OP names a comparison."""
    if op.startswith("_MM_CMPINT_"):
        x, y = integer(a), integer(b)
        return truth(((x > y) - (x < y)) in INTEGER_PREDICATES[op[11:]])
    rels, signal = PREDICATES[op]
    fmt = a.fmt or b.fmt
    if not fmt:
        raise EvalError(f"{op} of what is no float")
    return truth(ieee.compare(fmt, m.as_float(a, fmt), m.as_float(b, fmt), signal, m.env) in rels)


def _pattern(text: str) -> Callable[[Callable[..., Helper]], Callable[..., Helper]]:
    def note(make: Callable[..., Helper]) -> Callable[..., Helper]:
        _PATTERNS.append((re.compile(text), make))
        return make
    return note


@_pattern(r"Saturate(U?)(\d+)")
def _saturate(unsigned: str, width: str) -> Helper:
    w = int(width)
    return lambda m, a: Val(saturate(integer(a[0]), w, not unsigned) & ((1 << w) - 1), w,
                            Elem("u" if unsigned else "s", w))


@_pattern(r"(SIGNED|UNSIGNED)_DWORD_SATURATE")
def _dword_saturate(kind: str) -> Helper:
    return _saturate("U" if kind == "UNSIGNED" else "", "32")


@_pattern(r"SignExtend(\d*)")
def _sign_extend(width: str) -> Helper:
    if not width:
        return lambda m, a: exact(as_signed(a[0]))
    w = int(width)
    return lambda m, a: Val(as_signed(a[0]) & ((1 << w) - 1), w, Elem("s", w))


@_pattern(r"(?:ZeroExtend|Truncate)(\d*)")
def _zero_extend(width: str) -> Helper:
    if not width:
        return lambda m, a: exact(m.raw(a[0]))
    w = int(width)
    return lambda m, a: Val(m.raw(a[0]) & ((1 << w) - 1), w)


@_pattern(r"Signed")
def _signed() -> Helper:
    return lambda m, a: exact(as_signed(a[0]))


@_pattern(r"Int(\d*)")
def _int(width: str) -> Helper:
    if not width:
        return lambda m, a: exact(as_signed(a[0]))
    w = int(width)
    return lambda m, a: Val(integer(a[0]) & ((1 << w) - 1), w, Elem("s", w))


@_pattern(r"ABS")
def _abs() -> Helper:
    def f(m: Machine, a: list[Val]) -> Val:
        x = a[0]
        if x.fmt:
            return floating(x.fmt, m.bits(x) & ~(1 << (abs(x.fmt) - 1)))
        return exact(abs(integer(x)))
    return f


@_pattern(r"(MIN|MAX)")
def _minmax(which: str) -> Helper:
    def f(m: Machine, a: list[Val]) -> Val:
        fmt = a[0].fmt or a[1].fmt
        if fmt:
            x, y = (m.as_float(v, fmt) for v in a)
            return floating(fmt, ieee.minmax(fmt, x, y, which == "MAX", ieee.MM_X86, m.env))
        x, y = integer(a[0]), integer(a[1])
        return exact(min(x, y) if which == "MIN" else max(x, y))
    return f


@_pattern(r"SQRT")
def _sqrt() -> Helper:
    def f(m: Machine, a: list[Val]) -> Val:
        if not a[0].fmt:
            raise EvalError("SQRT of what is no float")
        return floating(a[0].fmt, ieee.sqrt(a[0].fmt, (m.bits(a[0]),), m.env))
    return f


@_pattern(r"(FLOOR|CEIL|TRUNCATE)")
def _rint(which: str) -> Helper:
    direction = {"FLOOR": ieee.RDN, "CEIL": ieee.RUP, "TRUNCATE": ieee.RTZ}[which]

    def f(m: Machine, a: list[Val]) -> Val:
        if not a[0].fmt:
            raise EvalError(f"{which} of what is no float")
        saved, m.env.round = m.env.round, direction
        try:
            return floating(a[0].fmt, ieee.rint(a[0].fmt, m.bits(a[0]), True, m.env))
        finally:
            m.env.round = saved
    return f


@_pattern(r"ROUND")
def _round() -> Helper:
    """ROUND(x, control): SSE4.1's control, bit 2 the direction of MXCSR, bit 3 no NX."""
    def f(m: Machine, a: list[Val]) -> Val:
        control = integer(a[1])
        saved = m.env.round
        if not control & 4:
            m.env.round = (ieee.RNE, ieee.RDN, ieee.RUP, ieee.RTZ)[control & 3]
        try:
            return floating(a[0].fmt, ieee.rint(a[0].fmt, m.bits(a[0]), not control & 8, m.env))
        finally:
            m.env.round = saved
    return f


@_pattern(r"(FP16|FP32|FP64)")
def _to_float(name: str) -> Helper:
    fmt = _FLOATS[name]
    return lambda m, a: floating(fmt, m.as_float(a[0], fmt))


@_pattern(r"Cast_(FP16|FP32|FP64)")
def _cast(name: str) -> Helper:
    fmt = _FLOATS[name]
    return lambda m, a: floating(fmt, m.cut(a[0], fmt))


@_pattern(r"Convert_(FP16|FP32|FP64|BF16)_To_(FP16|FP32|FP64|BF16)")
def _float_to_float(src: str, dst: str) -> Helper:
    s, d = _FLOATS[src], _FLOATS[dst]
    if d == ieee.BF16:  # rounds to nearest, denormals are zeros, raises nothing

        def narrow(m: Machine, a: list[Val]) -> Val:
            env = ieee.Env(nan=ieee.NAN_SSE, flush_in=True, flush_out=ieee.FLUSH_UF)
            return floating(d, ieee.convert(s, m.cut(a[0], s), d, env))
        return narrow
    if s == ieee.BF16:
        return lambda m, a: floating(d, m.cut(a[0], 16) << 16)
    return lambda m, a: floating(d, ieee.convert(s, m.cut(a[0], s), d, m.env))


@_pattern(r"Convert_(FP16|FP32|FP64)_To_(U?)Int(\d+)(_Truncate)?")
def _float_to_int(src: str, unsigned: str, width: str, cut: str | None) -> Helper:
    s, w = _FLOATS[src], int(width)

    def f(m: Machine, a: list[Val]) -> Val:
        saved = m.env.round
        m.env.round = ieee.RTZ if cut else saved
        try:
            v = ieee.to_int(s, m.cut(a[0], s), w, not unsigned, m.env)
        finally:
            m.env.round = saved
        return Val(v, w, Elem("u" if unsigned else "s", w))
    return f


@_pattern(r"Convert_(U?)Int(\d+)_To_(FP16|FP32|FP64)")
def _int_to_float(unsigned: str, width: str, dst: str) -> Helper:
    w, d = int(width), _FLOATS[dst]

    def f(m: Machine, a: list[Val]) -> Val:
        v = m.cut(a[0], w)
        if not unsigned and v >> (w - 1):
            v -= 1 << w
        return floating(d, ieee.from_int(d, v, m.env))
    return f


@_pattern(r"PopCount")
def _popcount() -> Helper:
    return lambda m, a: exact(m.raw(a[0]).bit_count())


@_pattern(r"MOD2")
def _mod2() -> Helper:
    def f(m: Machine, a: list[Val]) -> Val:
        x, p = m.raw(a[0]), m.raw(a[1])
        while x.bit_length() >= p.bit_length():
            x ^= p << (x.bit_length() - p.bit_length())
        return exact(x)
    return f


@_pattern(r"IsInf")
def _isinf() -> Helper:
    def f(m: Machine, a: list[Val]) -> Val:
        fmt = a[0].fmt
        if not fmt:
            raise EvalError("IsInf of what is no float")
        g = ieee.FORMATS[fmt]
        return truth(m.bits(a[0]) & (g.sign - 1) == g.inf)
    return f


def helper(name: str) -> Helper | None:
    """A function that texts use and do not define."""
    for pattern, make in _PATTERNS:
        hit = pattern.fullmatch(name)
        if hit:
            return make(*hit.groups())
    return None
