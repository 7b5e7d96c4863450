# SPDX-License-Identifier: MIT
"""Operands that are computed when decoding: C and Python agree on every value,
and the assembler's inverse finds bits with the same value."""
from __future__ import annotations

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import clib  # noqa: E402
from gen.model.opfuncs import OPFUNCS, OpFunc  # noqa: E402

MAIN = """#include <inttypes.h>
#include <stdio.h>
#include "core/opfuncs.c"
#include "core/opfuncs_move.c"
#include "core/opfuncs_t32.c"

static void show(const char *name, bool valid, uint64_t v, bool found, uint32_t raw)
{
	printf("%s %d %" PRIu64 " %d %u\\n", name, valid, valid ? v : 0, valid && found,
	       valid && found ? raw : 0);
}

int main(void)
{
	uint32_t raw, back;
	bool valid, found;
"""
LOOP = """	for (raw = 0; raw < %d; raw += %d) {
		valid = %s_valid(raw);
		back = raw & %#x;
		found = valid && %s_encode(%s(raw), &back);
		show("%s", valid, valid ? %s(raw) : 0, found, back);
	}
"""


def step(f: OpFunc) -> int:
    """All values of up to 18 bits; of wider ones some of all kinds."""
    return 1 if f.raw <= 18 else 61


@unittest.skipIf(clib.MISSING, clib.MISSING)
class Functions(unittest.TestCase):
    def test_every_value(self) -> None:
        text = MAIN
        for f in OPFUNCS.values():
            text += LOOP % (1 << f.raw, step(f), f.c, f.given, f.c, f.c, f.name, f.c)
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder) / "opfuncs"
            clib.compile_c(text + "\treturn 0;\n}\n", program)
            lines = subprocess.run([program], check=True, capture_output=True,
                                   text=True).stdout.splitlines()
        rows = iter(lines)
        for f in OPFUNCS.values():
            seen: dict[tuple[int, int], int] = {}
            for raw in range(0, 1 << f.raw, step(f)):
                name, valid, value, found, back = next(rows).split()
                want = f.decode(raw)
                self.assertEqual((f.name, want is not None, want or 0),
                                 (name, valid == "1", int(value)), f"{raw:#x}")
                if want is not None:
                    self.assertEqual(found, "1", f"{f.name} {raw:#x}: no way back")
                    self.assertEqual(f.decode(int(back)), want)
                    key = want, raw & f.given
                    self.assertEqual(seen.setdefault(key, int(back)), int(back))

    def test_known_counts(self) -> None:
        """Numbers of logical immediates, as the architecture has them."""
        for name, count in (("bitmask32", 1302), ("bitmask64", 5334), ("fpimm64", 256)):
            f = OPFUNCS[name]
            values = {f.decode(raw) for raw in range(1 << f.raw)} - {None}
            self.assertEqual(len(values), count)
        self.assertEqual(OPFUNCS["fpimm32"].decode(0x70), 0x3f800000)
        self.assertEqual(OPFUNCS["bitmask64"].decode(0b1_000000_000111), 0xff)


if __name__ == "__main__":
    unittest.main()
