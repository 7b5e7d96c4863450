# SPDX-License-Identifier: MIT
"""gen.model.ieee80 against runtime/fp: the x87's format, precisions, traps, C1."""
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
from gen.model import ieee, ieee80  # noqa: E402
from test_ieee import CEnv, values  # noqa: E402

W = 80
# name, C expression of a, b (80 bits) and m (64), Python
OPS = [(op, f"rx_f80_{op}(a, b, env)",
        lambda a, b, m, e, op=op: getattr(ieee, op)(W, (a, b), e))
       for op in ("add", "sub", "mul", "div")]
OPS += [
    ("sqrt", "rx_f80_sqrt(a, env)", lambda a, b, m, e: ieee.sqrt(W, (a,), e)),
    ("rint", "rx_f80_rint(a, true, env)", lambda a, b, m, e: ieee80.rint(a, True, e)),
    ("sin", "rx_f80_sin(a, env)", lambda a, b, m, e: ieee80.sin(a, e)),
    ("cos", "rx_f80_cos(a, env)", lambda a, b, m, e: ieee80.cos(a, e)),
    ("compare", "(unsigned)rx_f80_compare(a, b, true, env) & 3",
     lambda a, b, m, e: ieee.compare(W, a, b, True, e) & 3),
    ("quiet", "(unsigned)rx_f80_compare(a, b, false, env) & 3",
     lambda a, b, m, e: ieee.compare(W, a, b, False, e) & 3),
    ("class", "rx_f80_class(a)", lambda a, b, m, e: ieee.class_of(W, a)),
    ("from_i64", "rx_f80_from_i64((int64_t)m, env)",
     lambda a, b, m, e: ieee.from_int(W, m - (m >> 63 << 64), e)),
]
OPS += [(f"to_i{w}", f"(uint{w}_t)rx_f80_to_i{w}(a, env)",
         lambda a, b, m, e, w=w: ieee80.to_int(a, w, e)) for w in (16, 32, 64)]
for _w in (32, 64):
    OPS += [
        (f"to_f{_w}", f"rx_f80_to_f{_w}(a, env)",
         lambda a, b, m, e, w=_w: ieee80.narrow(a, w, e)),
        (f"from_f{_w}", f"rx_f{_w}_to_f80((uint{_w}_t)m, env)",
         lambda a, b, m, e, w=_w: ieee80.extend(m & (1 << w) - 1, w, e)),
        (f"add_f{_w}", f"rx_f80_add(a, rx_f{_w}_widen((uint{_w}_t)m, env), env)",
         lambda a, b, m, e, w=_w: ieee.add(
             W, (a, ieee80.widen(m & (1 << w) - 1, w, e)), e)),
    ]
_SHIM = """#include "fp/fp.h"
#include <string.h>
void call(unsigned op, const unsigned char *in, unsigned char *out, struct rx_fpenv *env);
void call(unsigned op, const unsigned char *in, unsigned char *out, struct rx_fpenv *env)
{
    rx_f80 a, b, r = 0;
    uint64_t m;

    memcpy(&a, in, 16);
    memcpy(&b, in + 16, 16);
    memcpy(&m, in + 32, 8);
    switch (op) {
%s
    }
    memcpy(out, &r, 16);
}
"""


def number(rng: random.Random) -> int:
    """Any bits of the sign; specials, few bits, near one and near the ends."""
    sig = rng.getrandbits(64) & ~((1 << rng.choice([0, 0, 11, 40, 62])) - 1)
    if rng.randrange(12):
        sig |= 1 << 63
    if not rng.randrange(10):
        sig = rng.choice([0, 1, 1 << 63, (1 << 63) + 1, (1 << 64) - 1, 3 << 62, (1 << 63) - 1])
    e = rng.choice([rng.getrandbits(15), 16383 + rng.randrange(-70, 70), rng.randrange(3),
                    0x7FFF - rng.randrange(3), 16383 + rng.choice([-150, -149, -1075, 1023, 127])])
    return rng.getrandbits(1) << 79 | e << 64 | sig


class Test(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        if clib.MISSING:
            raise unittest.SkipTest(clib.MISSING)
        cls.folder = tempfile.TemporaryDirectory()
        path = Path(cls.folder.name) / "f80.so"
        shim = path.with_suffix(".c")
        cases = (f"    case {k}:\n        r = (rx_f80)({c});\n        break;"
                 for k, (_, c, _) in enumerate(OPS))
        shim.write_text(_SHIM % "\n".join(cases))
        runtime = semlib.TOP / "runtime"
        subprocess.run([*clib.COMPILER, "-std=gnu11", "-O1", "-shared", "-fPIC", f"-I{runtime}",
                        f"-I{runtime / 'include'}", "-o", str(path), str(shim),
                        *map(str, sorted((runtime / "fp").glob("*.c")))], check=True)
        cls.lib = ctypes.CDLL(str(path))

    @classmethod
    def tearDownClass(cls) -> None:
        cls.folder.cleanup()

    def c(self, k: int, a: int, b: int, m: int, env: ieee.Env) -> tuple[int, int, int]:
        data = a.to_bytes(16, "little") + b.to_bytes(16, "little") + m.to_bytes(8, "little")
        out = ctypes.create_string_buffer(16)
        c = CEnv(env.round, 0, env.nan, env.toint, 0, 0, env.flag_in, 0, env.trap, env.prec)
        self.lib.call(k, data, out, ctypes.byref(c))
        return int.from_bytes(out.raw, "little"), c.flags, c.up

    def test_same(self) -> None:
        rng = random.Random(80)
        for k, (name, _, python) in enumerate(OPS):
            with self.subTest(name):
                for _ in range(300 if name in ("sin", "cos") else 1500):
                    a, b, m = number(rng), number(rng), rng.getrandbits(64)
                    if "_f32" in name or "_f64" in name:
                        m = values(rng, 32 if "32" in name else 64)
                    if not rng.randrange(8):
                        b = a ^ rng.getrandbits(1) << 79 ^ rng.getrandbits(1)
                    env = ieee.x87(rng.randrange(4), rng.choice([24, 53, 64]),
                                   rng.choice([0, rng.getrandbits(6)]))
                    want = self.c(k, a, b, m, env)
                    got = python(a, b, m, env), env.flags, env.up
                    self.assertEqual([hex(x) for x in got], [hex(x) for x in want],
                                     f"{name} {a:#x} {b:#x} {m:#x} {env}")


if __name__ == "__main__":
    unittest.main()
