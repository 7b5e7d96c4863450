# SPDX-License-Identifier: MIT
"""difftest.tbl: tables that include others, vendors' choices, and what is refused."""
from __future__ import annotations

import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parents[1] / "tools" / "asl-parser")]

from gen.front import testtable  # noqa: E402
from gen.front.text import Source  # noqa: E402
from gen.model.tests import Tests  # noqa: E402
from gen.support.errors import Errors  # noqa: E402

INSNS = {"add": "BASE", "push.es": "BASE", "fadd": "X87"}
BAD = (
    ("state r", "2:1: error: expected access HOOK"),
    ("state r nothing", "2:1: error: expected one of general"),
    ("state r[1 general", "2:1: error: expected REG, NAME=REG[N]"),
    ("state f bits", "2:1: error: bits has one value"),
    ("state f choice 1 zzz", "2:1: error: 'zzz' is no number"),
    ("state f choice 0x10000000000000000", "2:1: error: 0x10000000000000000 is too large"),
    ("state x=r[2] general\nstate x=r[3] general", "3:1: error: 'x' stands here twice"),
    ("vendor add GenuineIntel", "2:1: error: expected vendor INSN VENDOR REASON"),
    ("vendor sub GenuineIntel why", "2:1: error: there is no instruction 'sub'"),
    ("skip sub why", "2:1: error: there is no instruction 'sub'"),
    ("partly X87/f* it\npartly X88/f* it", "3:1: error: there is no instruction 'X88/f*'"),
    ("cause 5 nonsense", "2:1: error: expected access HOOK"),
    ("mode zzz", "2:1: error: 'zzz' is no number"),
    ("after add sub", "2:1: error: there is no instruction 'sub'"),
    ("access H load 4", "2:1: error: there is no hook 'H'"),
    ("include nowhere.tbl", "nowhere.tbl:1:1: error: cannot read"),
)


def read(text: str, other: str = "") -> tuple[Tests, list[str]]:
    errors = Errors()
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        (top / "t.tbl").write_text(text)
        (top / "other.tbl").write_text(other)
        (top / "v.tbl").write_text("# none\n")
        tests = testtable.read(Source(top / "t.tbl", "spec/t.tbl"), Source(top / "v.tbl", "v"),
                               INSNS, set(), errors)
    return tests, errors.lines()


class Table(unittest.TestCase):
    def test_refused(self) -> None:
        for text, message in BAD:
            with self.subTest(text):
                _, lines = read(f"# a comment\n{text}\n")
                self.assertEqual(len(lines), 1, lines)
                self.assertIn(message, lines[0])
                self.assertTrue(lines[0].startswith("spec/"), lines)

    def test_include(self) -> None:
        """Lines about the same state replace those of the table that is included."""
        tests, lines = read("include other.tbl\nstate r=r[0..7]:4 general\nmode 5\n",
                            "state r=r[0..15] general\nstate f bits 3\nmode 4\nskip add why\n")
        self.assertEqual(lines, [])
        self.assertEqual([(s.name, s.count, s.bytes) for s in tests.states],
                         [("r", 8, 4), ("f", 0, 0)])
        self.assertEqual(tests.mode, 5)
        self.assertEqual(tests.skip("add"), "why")

    def test_include_once(self) -> None:
        _, lines = read("include other.tbl\n", "include t.tbl\n")
        self.assertEqual(len(lines), 1)
        self.assertTrue(lines[0].startswith("spec/other.tbl:1:"), lines)

    def test_vendor(self) -> None:
        tests, lines = read("vendor push.* GenuineIntel 16 bits are  stored\n")
        self.assertEqual(lines, [])
        self.assertEqual(tests.vendor("push.es"), ("GenuineIntel", "16 bits are  stored"))
        self.assertEqual(tests.vendor("add"), ("", ""))


if __name__ == "__main__":
    unittest.main()
