# SPDX-License-Identifier: MIT
"""IEEE-754 arithmetic in Python: exact integers, rounded once.

The same choices as runtime/fp (struct rx_fpenv) and another way to the result:
no fixed-width significand, so that the two check each other. Values are bit
patterns. A format is the number of its bits, or BF16.
"""
from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from math import isqrt
from typing import Callable

RNE, RTZ, RDN, RUP, RMM, RTO, RTO_INF = range(7)
NX, UF, OF, DZ, NV, ID = 1, 2, 4, 8, 16, 32
NAN_CANON, NAN_ARM, NAN_SSE, NAN_X87 = range(4)
TOINT_RISCV, TOINT_ARM, TOINT_X86 = range(3)
FLUSH_NONE, FLUSH_UF, FLUSH_UF_NX = range(3)
MM_NUMBER, MM_NAN, MM_NUM2008, MM_X86 = range(4)
LESS, EQUAL, GREATER, UNORDERED = -1, 0, 1, 2
BF16 = -16


@dataclass(slots=True)
class Env:
    """What an ISA chooses; flags accumulate. The defaults are RISC-V's."""

    round: int = RNE
    flags: int = 0
    nan: int = NAN_CANON
    toint: int = TOINT_RISCV
    tiny_before: bool = False
    flush_in: bool = False
    flag_in: bool = False
    flush_out: int = FLUSH_NONE
    trap: int = 0  # flags that are not masked; see struct rx_fpenv
    prec: int = 0  # of the 80-bit format, see ieee80
    up: int = 0
    widened: bool = False


def sse(round: int = RNE) -> Env:
    return Env(round, nan=NAN_SSE, toint=TOINT_X86, flag_in=True)


def x87(round: int = RNE, prec: int = 64, trap: int = 0) -> Env:
    return Env(round, nan=NAN_X87, toint=TOINT_X86, flag_in=True, trap=trap, prec=prec)


@dataclass(frozen=True)
class Format:
    width: int
    prec: int  # counting the hidden bit
    emax: int

    @property
    def emin(self) -> int:
        return 1 - self.emax

    @property
    def inf(self) -> int:
        return (2 * self.emax + 1) << (self.prec - 1)

    @property
    def quiet(self) -> int:
        return 1 << (self.prec - 2)

    @property
    def sign(self) -> int:
        return 1 << (self.width - 1)

    def unpack(self, bits: int, env: Env) -> Num:
        return _unpack(self, bits, env)

    def pack(self, n: Num, env: Env) -> int:
        """Rounds to the format."""
        return _pack(self, n, env)

    pack_result = pack  # of an arithmetic operation


FORMATS = {16: Format(16, 11, 15), 32: Format(32, 24, 127), 64: Format(64, 53, 1023),
           BF16: Format(16, 8, 127)}


class Kind(Enum):
    ZERO = 0
    FINITE = 1
    INF = 2
    QNAN = 3
    SNAN = 4
    BAD = 5  # what the x87 does not support


NANS = (Kind.QNAN, Kind.SNAN, Kind.BAD)
_INVALID = (Kind.SNAN, Kind.BAD)


@dataclass(frozen=True, slots=True)
class Num:
    """FINITE: (-1)^sign * sig * 2^exp, plus less than one unit if sticky. NaN: sig is
    the fraction, aligned to 63 bits."""

    kind: Kind
    sign: int
    sig: int = 0
    exp: int = 0
    sticky: bool = False
    denormal: bool = False


def unpack(f: Format, bits: int, env: Env) -> Num:
    return f.unpack(bits, env)


def _unpack(f: Format, bits: int, env: Env) -> Num:
    sign = bits >> (f.width - 1) & 1
    frac = bits & ((1 << (f.prec - 1)) - 1)
    e = bits >> (f.prec - 1) & (2 * f.emax + 1)
    if e == 2 * f.emax + 1:
        kind = Kind.INF if not frac else Kind.QNAN if frac & f.quiet else Kind.SNAN
        return Num(kind, sign, frac << (64 - f.prec))
    if e:
        return Num(Kind.FINITE, sign, frac | 1 << (f.prec - 1), e - f.emax - f.prec + 1)
    if frac and env.flush_in:
        _used(True, env)
        frac = 0
    if not frac:
        return Num(Kind.ZERO, sign)
    return Num(Kind.FINITE, sign, frac, f.emin - f.prec + 1, denormal=True)


def _used(denormal: bool, env: Env) -> None:
    if (denormal or env.widened) and env.flag_in:
        env.flags |= ID


def _increment(direction: int, sign: int, odd: int, half: int) -> int:
    """Does a magnitude grow? half: the rest is 0 nothing, 1 less than, 2 exactly,
    3 more than half a unit."""
    if direction in (RTZ, RTO, RTO_INF):
        return 0
    if direction in (RDN, RUP):
        return int(half > 0 and sign == (direction == RDN))
    return int(half == 3 or half == 2 and (direction == RMM or odd == 1))


def round_to(n: Num, exp: int, direction: int) -> tuple[int, bool]:
    """Magnitude in units of 2^exp, and whether that is exact."""
    drop = exp - n.exp
    if drop <= 0:
        if n.sticky:
            raise ValueError("a sticky number has too few bits")
        return n.sig << -drop, True
    m, rest = n.sig >> drop, n.sig & ((1 << drop) - 1)
    middle = 1 << (drop - 1)
    if not rest and not n.sticky:
        return m, True
    half = 1 if rest < middle else 2 if rest == middle and not n.sticky else 3
    if direction in (RTO, RTO_INF):
        return m | 1, False
    return m + _increment(direction, n.sign, m & 1, half), False


def pack(f: Format, n: Num, env: Env) -> int:
    """Rounds to the format."""
    return f.pack(n, env)


def _pack(f: Format, n: Num, env: Env) -> int:
    top = n.sign << (f.width - 1)
    if n.kind is Kind.ZERO:
        return top
    if n.kind is Kind.INF:
        return top | f.inf
    if n.kind in NANS:
        return top | f.inf | n.sig >> (64 - f.prec)
    lead = n.exp + n.sig.bit_length() - 1  # the value is in [2^lead, 2^(lead+1))
    if lead < f.emin:
        return top | _pack_tiny(f, n, lead, env)
    m, exact = round_to(n, lead - f.prec + 1, env.round)
    if m >> f.prec:
        m, lead = m >> 1, lead + 1
    if lead > f.emax:
        env.flags |= OF
        if not env.trap & OF or not exact:
            env.flags |= NX
        to_inf = env.round in (RNE, RMM, RTO_INF) or env.round == (RDN if n.sign else RUP)
        return top | f.inf - (not to_inf)
    if not exact:
        env.flags |= NX
    return top | (m + ((lead + f.emax - 1) << (f.prec - 1)))


def _pack_tiny(f: Format, n: Num, lead: int, env: Env) -> int:
    tiny = True
    if not env.tiny_before and lead == f.emin - 1:
        tiny = not round_to(n, lead - f.prec + 1, env.round)[0] >> f.prec
    if tiny and env.flush_out:
        env.flags |= UF | (NX if env.flush_out == FLUSH_UF_NX else 0)
        return 0
    if tiny and env.trap & UF:  # inexact if it were with an exponent without limits
        exact = round_to(n, lead - f.prec + 1, env.round)[1]
        env.flags |= UF | (0 if exact else NX)
        return 0
    m, exact = round_to(n, f.emin - f.prec + 1, env.round)
    if not exact:
        env.flags |= NX | (UF if tiny else 0)
    return m


def made_nan(env: Env) -> Num:
    """The NaN that an operation makes by itself."""
    return Num(Kind.QNAN, int(env.nan >= NAN_SSE), 1 << 62)


def _invalid(env: Env) -> Num:
    env.flags |= NV
    return made_nan(env)


def choose(ops: tuple[Num, ...], env: Env) -> Num:
    """The NaN that an operation with NaN operands returns."""
    nans = [x for x in ops if x.kind in NANS]
    signalling = [x for x in nans if x.kind in _INVALID]
    if signalling:
        env.flags |= NV
    if env.nan == NAN_CANON or any(x.kind is Kind.BAD for x in nans):
        return made_nan(env)
    if env.nan == NAN_X87:
        best = max(nans, key=lambda x: (x.sig, -x.sign))
        return Num(Kind.QNAN, best.sign, best.sig | 1 << 62)
    first = nans[0] if env.nan == NAN_SSE or not signalling else signalling[0]
    return Num(Kind.QNAN, first.sign, first.sig | 1 << 62)


def _has_nan(*ops: Num) -> bool:
    return any(x.kind in NANS for x in ops)


def _any_denormal(*ops: Num) -> bool:
    return any(x.denormal for x in ops)


def _sum(a: Num, b: Num, env: Env) -> Num:
    """No NaN."""
    if a.kind is Kind.INF or b.kind is Kind.INF:
        if a.kind is b.kind and a.sign != b.sign:
            return _invalid(env)
        return a if a.kind is Kind.INF else b
    exp = min(x.exp for x in (a, b) if x.kind is Kind.FINITE) \
        if Kind.FINITE in (a.kind, b.kind) else 0
    total = sum((-1) ** x.sign * (x.sig << (x.exp - exp))
                for x in (a, b) if x.kind is Kind.FINITE)
    if total == 0:
        same = a.sign == b.sign and Kind.FINITE not in (a.kind, b.kind)
        return Num(Kind.ZERO, a.sign if same else int(env.round == RDN))
    return Num(Kind.FINITE, int(total < 0), abs(total), exp)


def _product(a: Num, b: Num) -> Num:
    """Neither NaN nor infinity times zero."""
    sign = a.sign ^ b.sign
    if Kind.ZERO in (a.kind, b.kind):
        return Num(Kind.ZERO, sign)
    if Kind.INF in (a.kind, b.kind):
        return Num(Kind.INF, sign)
    return Num(Kind.FINITE, sign, a.sig * b.sig, a.exp + b.exp)


def _no_product(a: Num, b: Num) -> bool:
    return {a.kind, b.kind} == {Kind.ZERO, Kind.INF}


def _flip(n: Num) -> Num:
    return Num(n.kind, n.sign ^ 1, n.sig, n.exp, n.sticky, n.denormal)


def _add(a: Num, b: Num, env: Env) -> Num:
    if _has_nan(a, b):
        return choose((a, b), env)
    _used(_any_denormal(a, b), env)
    return _sum(a, b, env)


def _mul(a: Num, b: Num, env: Env) -> Num:
    if _has_nan(a, b):
        return choose((a, b), env)
    if _no_product(a, b):
        return _invalid(env)
    _used(_any_denormal(a, b), env)
    return _product(a, b)


def _muladd(a: Num, b: Num, c: Num, env: Env) -> Num:
    if _has_nan(a, b, c):
        if _no_product(a, b) and env.nan != NAN_SSE:
            env.flags |= NV
            if c.kind is Kind.QNAN:
                return made_nan(env)
        return choose((c, a, b) if env.nan == NAN_ARM else (a, b, c), env)
    if _no_product(a, b):
        return _invalid(env)
    product = _product(a, b)
    if product.kind is Kind.INF and c.kind is Kind.INF and product.sign != c.sign:
        return _invalid(env)
    _used(_any_denormal(a, b, c), env)
    return _sum(product, c, env)


def _div(a: Num, b: Num, env: Env) -> Num:
    if _has_nan(a, b):
        return choose((a, b), env)
    if a.kind is b.kind and a.kind is not Kind.FINITE:
        return _invalid(env)
    sign = a.sign ^ b.sign
    if b.kind is Kind.ZERO and a.kind is Kind.FINITE:
        env.flags |= DZ
        return Num(Kind.INF, sign)
    _used(_any_denormal(a, b), env)
    if a.kind is Kind.INF or b.kind is Kind.ZERO:
        return Num(Kind.INF, sign)
    if a.kind is Kind.ZERO or b.kind is Kind.INF:
        return Num(Kind.ZERO, sign)
    q, r = divmod(a.sig << 130, b.sig)
    return Num(Kind.FINITE, sign, q, a.exp - b.exp - 130, r != 0)


def _sqrt(a: Num, env: Env) -> Num:
    if _has_nan(a):
        return choose((a,), env)
    if a.kind is Kind.ZERO:
        return a
    if a.sign:
        return _invalid(env)
    _used(a.denormal, env)
    if a.kind is Kind.INF:
        return a
    shift = 256 + (a.exp & 1)
    s = isqrt(a.sig << shift)
    return Num(Kind.FINITE, 0, s, (a.exp - shift) // 2, s * s != a.sig << shift)


def _unary(core: Callable[..., Num]) -> Callable[..., int]:
    def op(fmt: int, args: tuple[int, ...], env: Env, dst: int = 0) -> int:
        f = FORMATS[fmt]
        return f.pack_result(core(*(unpack(f, x, env) for x in args), env), env)
    return op


add, mul, div, sqrt, muladd = map(_unary, (_add, _mul, _div, _sqrt, _muladd))
sub = _unary(lambda a, b, env: _add(a, b if b.kind in NANS else _flip(b), env))


def rint(fmt: int, a: int, exact: bool, env: Env) -> int:
    """To an integral value; exact: NX where the value changes."""
    f = FORMATS[fmt]
    n = unpack(f, a, env)
    if n.kind in NANS:
        return pack(f, choose((n,), env), env)
    if n.kind is not Kind.FINITE or n.exp >= 0:
        return pack(f, n, env)
    m, same = round_to(n, 0, env.round)
    if exact and not same:
        env.flags |= NX
    return pack(f, Num(Kind.FINITE if m else Kind.ZERO, n.sign, m, 0), env)


def _order(a: Num, b: Num) -> int:
    def key(n: Num) -> tuple[int, int]:
        s = -1 if n.sign else 1
        return {Kind.ZERO: (0, 0), Kind.FINITE: (0, s), Kind.INF: (s, 0)}[n.kind]
    if a.kind is b.kind is Kind.FINITE:
        exp = min(a.exp, b.exp)
        x, y = ((-1) ** n.sign * (n.sig << (n.exp - exp)) for n in (a, b))
        return (x > y) - (x < y)
    return (key(a) > key(b)) - (key(a) < key(b))


def compare(fmt: int, a: int, b: int, signal: bool, env: Env) -> int:
    f = FORMATS[fmt]
    x, y = unpack(f, a, env), unpack(f, b, env)
    if _has_nan(x, y):
        if signal or x.kind in _INVALID or y.kind in _INVALID:
            env.flags |= NV
        return UNORDERED
    _used(_any_denormal(x, y), env)
    return _order(x, y)


def minmax(fmt: int, a: int, b: int, greatest: bool, rule: int, env: Env) -> int:
    f = FORMATS[fmt]
    x, y = unpack(f, a, env), unpack(f, b, env)
    if _has_nan(x, y):
        signalling = Kind.SNAN in (x.kind, y.kind)
        if signalling or rule == MM_X86:
            env.flags |= NV
        both = x.kind in NANS and y.kind in NANS
        if rule == MM_X86:
            first = False
        elif rule == MM_NAN or both or rule == MM_NUM2008 and signalling:
            return pack(f, choose((x, y), env), env)
        else:
            first = y.kind in NANS
    else:
        _used(_any_denormal(x, y), env)
        order = _order(x, y)
        if order == EQUAL and rule != MM_X86:
            first = x.sign != greatest
        else:
            first = order == (GREATER if greatest else LESS)
    n, bits = (x, a) if first else (y, b)
    return n.sign << (f.width - 1) if n.kind is Kind.ZERO else bits


def class_of(fmt: int, a: int) -> int:
    """One bit, as RISC-V numbers them."""
    n = unpack(FORMATS[fmt], a, Env())
    if n.kind in NANS:
        return 1 << {Kind.SNAN: 8, Kind.QNAN: 9, Kind.BAD: 10}[n.kind]
    rank = 3 if n.kind is Kind.INF else 0 if n.kind is Kind.ZERO else 1 if n.denormal else 2
    return 1 << (3 - rank if n.sign else 4 + rank)


def to_int(fmt: int, a: int, width: int, signed: bool, env: Env, point: int = 0) -> int:
    """The integer as a bit pattern of that width; point: bits behind the point."""
    n = unpack(FORMATS[fmt], a, env)
    n = replace(n, exp=n.exp + point) if n.kind is Kind.FINITE else n
    mask = (1 << width) - 1
    least, greatest = (-(1 << (width - 1)), mask >> 1) if signed else (0, mask)
    exact = True
    v = 0
    if n.kind is Kind.FINITE:
        m, exact = round_to(n, 0, env.round) if n.exp < 0 else (n.sig << n.exp, True)
        v = -m if n.sign else m
    if n.kind in (Kind.ZERO, Kind.FINITE) and least <= v <= greatest:
        if not exact:
            env.flags |= NX
        return v & mask
    env.flags |= NV
    if env.toint == TOINT_X86:
        return (least if signed else greatest) & mask
    if n.kind in NANS:
        return 0 if env.toint == TOINT_ARM else greatest
    return (least if n.sign else greatest) & mask


def from_int(fmt: int, v: int, env: Env, point: int = 0) -> int:
    """v: an exact integer, or number with bits behind the point."""
    n = Num(Kind.FINITE, int(v < 0), abs(v), -point) if v else Num(Kind.ZERO, 0)
    return pack(FORMATS[fmt], n, env)


def convert(fmt: int, a: int, dst: int, env: Env) -> int:
    """From one format to another."""
    n = unpack(FORMATS[fmt], a, env)
    if n.kind in NANS:
        n = choose((n,), env)
    else:
        _used(n.denormal, env)
    return pack(FORMATS[dst], n, env)


def from_text(fmt: int, text: str) -> int:
    """A decimal fraction, rounded to nearest."""
    digits, _, rest = text.partition(".")
    num, den = int(digits + rest), 10 ** len(rest)
    if num == 0:
        return 0
    q, r = divmod(num << 1200, den)
    return pack(FORMATS[fmt], Num(Kind.FINITE, 0, q, -1200, r != 0), Env())
