# SPDX-License-Identifier: MIT
"""gen.model.ieee against runtime/fp: every operation, format, rule and direction."""
from __future__ import annotations

import ctypes
import random
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import clib  # noqa: E402
import semlib  # noqa: E402
from gen.model import ieee  # noqa: E402


class CEnv(ctypes.Structure):
    """struct rx_fpenv"""

    _fields_ = [(n, ctypes.c_uint8) for n in ("round", "flags", "nan", "toint", "tiny_before",
                                              "flush_in", "flag_in", "flush_out", "trap", "prec",
                                              "up", "widened")]


class Library:
    """runtime/fp as a shared object."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "fp.so"
        runtime = semlib.TOP / "runtime"
        subprocess.run([*clib.COMPILER, "-std=gnu11", "-O1", "-shared", "-fPIC", f"-I{runtime}",
                        f"-I{runtime / 'include'}", "-o", str(path),
                        *map(str, sorted((runtime / "fp").glob("*.c")))], check=True)
        self.lib = ctypes.CDLL(str(path))

    def call(self, name: str, result: int, args: list[tuple[int, int]], env: ieee.Env,
             *rest: int) -> tuple[int, int]:
        """Bits of the result, flags. args: width and value."""
        types = {16: ctypes.c_uint16, 32: ctypes.c_uint32, 64: ctypes.c_uint64}
        f = self.lib[name]
        f.restype = types[result]
        c = CEnv(env.round, 0, env.nan, env.toint, env.tiny_before, env.flush_in, env.flag_in,
                 env.flush_out, env.trap)
        r = f(*(types[w](v) for w, v in args), *(ctypes.c_int(x) for x in rest), ctypes.byref(c))
        return r, c.flags

    def close(self) -> None:
        self.folder.cleanup()


def values(rng: random.Random, width: int) -> int:
    """Specials, neighbours of powers of two, random patterns."""
    f = ieee.FORMATS[width]
    kind = rng.randrange(6)
    bits = rng.getrandbits(width)
    if kind == 0:
        return rng.choice([0, 1, f.inf, f.inf - 1, f.inf | f.quiet, f.inf | 1, 1 << (f.prec - 1),
                           (1 << (f.prec - 1)) - 1]) | rng.getrandbits(1) << (width - 1)
    if kind == 1:  # near one
        e = f.emax + rng.randrange(-3, 4)
        return e << (f.prec - 1) | rng.choice([0, 1, bits & (f.quiet - 1)]) | (bits & f.sign)
    if kind == 2:  # near the least exponent
        return rng.randrange(0, 4) << (f.prec - 1) | bits & (f.quiet - 1) | bits & f.sign
    return bits


def environments(rng: random.Random) -> ieee.Env:
    return rng.choice([
        ieee.Env(rng.randrange(7)), ieee.sse(rng.randrange(4)),
        ieee.Env(rng.randrange(4), nan=ieee.NAN_ARM, toint=ieee.TOINT_ARM, tiny_before=True,
                 flush_in=rng.random() < .5, flag_in=rng.random() < .5,
                 flush_out=rng.randrange(3)),
        ieee.Env(rng.randrange(4), nan=ieee.NAN_SSE, toint=ieee.TOINT_X86, flag_in=True,
                 flush_in=rng.random() < .5, flush_out=rng.choice([0, 2])),
        ieee.Env(rng.randrange(4), nan=ieee.NAN_SSE, toint=ieee.TOINT_X86, flag_in=True,
                 trap=rng.choice([ieee.UF, ieee.OF, ieee.OF | ieee.UF, 63]))])


@unittest.skipIf(clib.MISSING, clib.MISSING)
class Agreement(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.c = Library()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.c.close()

    def agree(self, what: str, env: ieee.Env, got: int, want: tuple[int, int],
              args: object) -> None:
        self.assertEqual((got, env.flags), want, f"{what} of {args} with {env}")

    def run_all(self, w: int, rounds: int) -> None:
        rng = random.Random(w)
        for _ in range(rounds):
            env = environments(rng)
            a, b, c = (values(rng, w) for _ in range(3))
            for name, op, args in (("add", ieee.add, (a, b)), ("sub", ieee.sub, (a, b)),
                                   ("mul", ieee.mul, (a, b)), ("div", ieee.div, (a, b)),
                                   ("sqrt", ieee.sqrt, (a,)), ("muladd", ieee.muladd, (a, b, c))):
                env.flags = 0
                got = op(w, args, env)
                want = self.c.call(f"rx_f{w}_{name}", w, [(w, x) for x in args], env)
                self.agree(name, env, got, want, [hex(x) for x in args])
            self.others(w, a, b, env, rng)

    def others(self, w: int, a: int, b: int, env: ieee.Env, rng: random.Random) -> None:
        for exact in (False, True):
            env.flags = 0
            got = ieee.rint(w, a, exact, env)
            self.agree("rint", env, got, self.c.call(f"rx_f{w}_rint", w, [(w, a)], env,
                                                     int(exact)), hex(a))
        for rule in range(4):
            for greatest, name in ((False, "min"), (True, "max")):
                env.flags = 0
                got = ieee.minmax(w, a, b, greatest, rule, env)
                want = self.c.call(f"rx_f{w}_{name}", w, [(w, a), (w, b)], env, rule)
                self.agree(f"{name} {rule}", env, got, want, (hex(a), hex(b)))
        for signal in (False, True):
            env.flags = 0
            got = ieee.compare(w, a, b, signal, env) & 0xFFFFFFFF
            want = self.c.call(f"rx_f{w}_compare", 32, [(w, a), (w, b)], env, int(signal))
            self.agree("compare", env, got, want, (hex(a), hex(b)))
        for width in (32, 64):
            for signed, letter in ((True, "i"), (False, "u")):
                env.flags = 0
                got = ieee.to_int(w, a, width, signed, env)
                want = self.c.call(f"rx_f{w}_to_{letter}{width}", width, [(w, a)], env)
                self.agree("to_int", env, got, want, hex(a))
                v = rng.getrandbits(width) >> rng.randrange(width)
                env.flags = 0
                exact = v - (1 << width) if signed and v >> (width - 1) else v
                got = ieee.from_int(w, exact, env)
                want = self.c.call(f"rx_f{w}_from_{letter}{width}", w, [(width, v)], env)
                self.agree("from_int", env, got, want, hex(v))
        self.fixed(w, a, env, rng)
        for dst in {16, 32, 64} - {w}:
            env.flags = 0
            got = ieee.convert(w, a, dst, env)
            self.agree("convert", env, got, self.c.call(f"rx_f{w}_to_f{dst}", dst, [(w, a)], env),
                       hex(a))
        env.flags = 0
        f = self.c.lib[f"rx_f{w}_class"]
        f.restype = ctypes.c_uint32
        self.assertEqual(ieee.class_of(w, a), f(ctypes.c_uint64(a)), hex(a))

    def fixed(self, w: int, a: int, env: ieee.Env, rng: random.Random) -> None:
        """Numbers with bits behind the point."""
        width, signed, point = rng.choice((16, 32, 64)), rng.random() < .5, rng.randrange(65)
        env.flags = 0
        got = ieee.to_int(w, a, width, signed, env, point)
        more = [(64, point), (32, width), (32, int(signed))]
        want = self.c.call(f"rx_f{w}_to_fixed", 64, [(w, a), *more], env)
        self.agree(f"to_fixed {more}", env, got, want, hex(a))
        v = rng.getrandbits(width) >> rng.randrange(width)
        env.flags = 0
        exact = v - (1 << width) if signed and v >> (width - 1) else v
        got = ieee.from_int(w, exact, env, point)
        want = self.c.call(f"rx_f{w}_from_fixed", w, [(64, v), *more], env)
        self.agree(f"from_fixed {more}", env, got, want, hex(v))

    def test_f16(self) -> None:
        self.run_all(16, 1500)

    def test_f32(self) -> None:
        self.run_all(32, 1500)

    def test_f64(self) -> None:
        self.run_all(64, 1500)


class Text(unittest.TestCase):
    def test_decimal_fractions(self) -> None:
        self.assertEqual(ieee.from_text(32, "1.0"), 0x3F800000)
        self.assertEqual(ieee.from_text(64, "0.1"), 0x3FB999999999999A)
        self.assertEqual(ieee.from_text(16, "0.0"), 0)
        self.assertEqual(ieee.from_text(32, "90.0"), 0x42B40000)


if __name__ == "__main__":
    unittest.main()
