# SPDX-License-Identifier: MIT
"""The x87's 80-bit format in Python, beside gen.model.ieee and as runtime/fp has it.

Operations that work alike are those of ieee with the format 80; here is what is
the x87's own: the encoding with an explicit integer bit, precision control,
results of exceptions that are not masked, C1, sine and cosine.
"""
from __future__ import annotations

from fractions import Fraction

from . import ieee
from .ieee import DZ, ID, NV, NX, OF, UF, Env, Format, Kind, Num, round_to

WIDTH, ADJUST = 80, 24576
INTEGER = 1 << 63
PI66 = Fraction(0xC90FDAA22168C234C, 1 << 66)  # the period of processors is twice that
LIMIT = 63  # sine and cosine are of magnitudes below 2^63
_BEFORE = NV | DZ | ID


class F80(Format):
    """Unpacked and packed in its own way."""

    @property
    def inf(self) -> int:
        return 0x7FFF << 64 | INTEGER

    @property
    def quiet(self) -> int:
        return 1 << 62

    def unpack(self, bits: int, env: Env) -> Num:
        sign, e, sig = bits >> 79 & 1, bits >> 64 & 0x7FFF, bits & (2 * INTEGER - 1)
        if e == 0:
            return Num(Kind.FINITE, sign, sig, self.emin - 63, denormal=True) if sig \
                else Num(Kind.ZERO, sign)
        if not sig & INTEGER:
            return Num(Kind.BAD, sign)
        frac = sig - INTEGER
        if e == 0x7FFF:
            kind = Kind.INF if not frac else Kind.QNAN if frac & self.quiet else Kind.SNAN
            return Num(kind, sign, frac)
        return Num(Kind.FINITE, sign, sig, e - self.emax - 63)

    def pack(self, n: Num, env: Env) -> int:
        return _round(n, 64, env)

    def pack_result(self, n: Num, env: Env) -> int:
        """Of the operations that precision control applies to."""
        return _round(n, env.prec or 64, env)


FORMAT = F80(WIDTH, 64, 16383)
ieee.FORMATS[WIDTH] = FORMAT


def _encode(sign: int, e: int, sig: int) -> int:
    return sign << 79 | e << 64 | sig


def _lead(n: Num) -> int:
    return n.exp + n.sig.bit_length() - 1


def _round(n: Num, prec: int, env: Env) -> int:
    env.up = 0
    if env.flags & env.trap & _BEFORE:
        return 0
    match n.kind:
        case Kind.ZERO:
            return _encode(n.sign, 0, 0)
        case Kind.INF:
            return _encode(n.sign, 0x7FFF, INTEGER)
        case Kind.QNAN | Kind.SNAN:
            return _encode(n.sign, 0x7FFF, INTEGER | n.sig)
    lead = _lead(n)
    if lead < FORMAT.emin:
        m, _ = round_to(n, lead - prec + 1, env.round)
        tiny = lead < FORMAT.emin - 1 or not m >> prec
        if not tiny or not env.trap & UF:
            return _denormal(n, prec, tiny, env)
        env.flags |= UF
        n = Num(n.kind, n.sign, n.sig, n.exp + ADJUST, n.sticky)
        lead += ADJUST
    m, exact = round_to(n, lead - prec + 1, env.round)
    env.up = int(_grew(m, lead - prec + 1, n, exact))
    if not exact:
        env.flags |= NX
    if m >> prec:
        m, lead = m >> 1, lead + 1
    if lead > FORMAT.emax:
        if not env.trap & OF:
            return _overflow(n.sign, prec, env)
        env.flags |= OF
        lead -= ADJUST
    return _encode(n.sign, lead + FORMAT.emax, m << (64 - prec))


def _grew(m: int, exp: int, n: Num, exact: bool) -> bool:
    """Is m * 2^exp more than the magnitude of n?"""
    return not exact and Fraction(2) ** exp * m > Fraction(2) ** n.exp * n.sig


def _denormal(n: Num, prec: int, tiny: bool, env: Env) -> int:
    unit = FORMAT.emin - prec + 1
    m, exact = round_to(n, unit, env.round)
    if not exact:
        env.flags |= NX | (UF if tiny else 0)
    env.up = int(_grew(m, unit, n, exact))
    sig = m << (64 - prec)
    return _encode(n.sign, sig >> 63, sig)


def _overflow(sign: int, prec: int, env: Env) -> int:
    env.flags |= OF | NX
    env.up = int(env.round in (ieee.RNE, ieee.RMM)
                 or env.round == (ieee.RDN if sign else ieee.RUP))
    if env.up:
        return _encode(sign, 0x7FFF, INTEGER)
    return _encode(sign, 0x7FFE, (1 << 64) - (1 << (64 - prec)))


def _value(n: Num) -> Fraction | None:
    """The magnitude; None: infinity."""
    if n.kind is Kind.ZERO:
        return Fraction(0)
    return Fraction(2) ** n.exp * n.sig if n.kind is Kind.FINITE else None


def _more(r: Num, n: Num) -> int:
    """Is the magnitude of a result r greater? No NaN."""
    a, b = _value(r), _value(n)
    return int(b is not None and (a is None or a > b))


def rint(a: int, exact: bool, env: Env) -> int:
    n = FORMAT.unpack(a, env)
    env.up = 0
    if n.denormal and env.flag_in:
        env.flags |= ID
        if env.trap & ID:
            return 0
    r = ieee.rint(WIDTH, a, exact, env)
    if n.kind in (Kind.ZERO, Kind.FINITE):
        env.up = _more(FORMAT.unpack(r, env), n)
    return r


def to_int(a: int, width: int, env: Env) -> int:
    v = ieee.to_int(WIDTH, a, width, True, env)
    env.up = 0
    if not env.flags & NV:
        n = FORMAT.unpack(a, env)
        env.up = int((1 << width) - v > _value(n) if n.sign and v else v > _value(n))
    return v


def narrow(a: int, dst: int, env: Env) -> int:
    """To f32 or f64, which raises no ID."""
    n = FORMAT.unpack(a, env)
    if n.kind in ieee.NANS:
        n = ieee.choose((n,), env)
    f = ieee.FORMATS[dst]
    r = ieee.pack(f, n, env)
    env.up = 0
    if env.flags & env.trap & (OF | UF):
        env.flags &= ~NX
    elif n.kind not in ieee.NANS:
        env.up = _more(ieee.unpack(f, r, Env()), n)
    return r


def extend(a: int, src: int, env: Env) -> int:
    """From f32 or f64; a trap of ID keeps nothing back."""
    trap, env.trap = env.trap, env.trap & ~ID
    r = ieee.convert(src, a, WIDTH, env)
    env.trap = trap
    return r


def widen(a: int, src: int, env: Env) -> int:
    n = ieee.unpack(ieee.FORMATS[src], a, Env())
    env.widened |= n.denormal
    env.up = 0
    return FORMAT.pack(n, Env())


def _series(x: Fraction, k: int) -> Fraction:
    """x^k / k! - x^(k+2) / (k+2)! + ..., to 2^-200 of itself."""
    term = total = x ** k
    square = x * x
    for j in range(k + 2, k + 60, 2):
        term = -term * square / (j * (j - 1))
        term = Fraction(round(term * (1 << 400)), 1 << 400) if abs(term) > 0 else term
        total += term
    return total


def _wave(n: Num, turn: int) -> Num:
    """The sine of n and turn quarters of the period."""
    x = _value(n)
    if x < Fraction(1, 1 << 90):  # 1, or a bit less than x
        near = Num(Kind.FINITE, 0, 1, 0) if turn else n
        return Num(Kind.FINITE, near.sign, (near.sig << 300) - 1, near.exp - 300, True)
    quarter = PI66 / 2
    q = round(x / quarter)
    t = x - q * quarter
    q += turn
    s = _series(abs(t), 0) if q & 1 else _series(abs(t), 1)
    negative = bool(q & 2) ^ (not q & 1 and t < 0) ^ (not turn and n.sign == 1)
    scale = 300 - (s.numerator.bit_length() - s.denominator.bit_length())
    return Num(Kind.FINITE, int(negative), int(s * Fraction(2) ** scale), -scale, True)


def _sine(a: int, turn: int, env: Env) -> int:
    n = FORMAT.unpack(a, env)
    env.up = 0
    if n.kind in ieee.NANS:
        return FORMAT.pack(ieee.choose((n,), env), env)
    if n.kind is Kind.INF:
        env.flags |= NV
        return FORMAT.pack(ieee.made_nan(env), env)
    if n.kind is Kind.ZERO:
        return FORMAT.pack(Num(Kind.FINITE, 0, 1, 0) if turn else n, env)
    if _lead(n) >= LIMIT:
        return a
    if n.denormal and env.flag_in:
        env.flags |= ID
    return FORMAT.pack(_wave(n, turn), env)


def sin(a: int, env: Env) -> int:
    return _sine(a, 0, env)


def cos(a: int, env: Env) -> int:
    return _sine(a, 1, env)
