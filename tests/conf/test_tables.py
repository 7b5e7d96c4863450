# SPDX-License-Identifier: MIT
"""difftest.tbl and verified.tbl: what is read, and what is refused."""
from __future__ import annotations

import sys
import tempfile
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP), str(TOP / "tools" / "asl-parser")]

from gen.front.testtable import read  # noqa: E402
from gen.front.text import Source  # noqa: E402
from gen.support.errors import Errors  # noqa: E402

USAGE = "expected access HOOK load|store SIZE, choose OPERAND VALUES, skip INSN REASON or " \
        "partly INSN REASON"
REFUSED = (
    ("access Lr\n", "", f"t:1:1: error: {USAGE}"),
    ("access Lr fetch 4\n", "", "t:1:1: error: expected load or store, found 'fetch'"),
    ("access Lx load 4\n", "", "t:1:1: error: there is no hook 'Lx'"),
    ("access Lr load 65\n", "", "t:1:1: error: 65 is too large, the limit is 64"),
    ("# one\nchoose csr 1 x\n", "", "t:2:1: error: 'x' is no number"),
    ("skip sub too hard\n", "", "t:1:1: error: there is no instruction 'sub'"),
    ("guess add\n", "", f"t:1:1: error: {USAGE}"),
    ("", "add 3\n", "v:1:1: error: expected INSN CASES ORACLE"),
    ("", "sub 3 QEMU\n", "v:1:1: error: there is no instruction 'sub'"),
    ("", "add many QEMU\n", "v:1:1: error: 'many' is no number"),
    ("", "add 3 QEMU\nadd 3 QEMU\n", "v:2:1: error: 'add' stands here twice"),
)


def run(table: str, verified: str):
    """The tables, and what is wrong."""
    errors = Errors()
    with tempfile.TemporaryDirectory() as tmp:
        for name, text in (("t", table), ("v", verified)):
            Path(tmp, name).write_text(text)
        tests = read(Source(Path(tmp, "t"), "t"), Source(Path(tmp, "v"), "v"), {"add", "ecall"},
                     {"Lr"}, errors)
    return tests, errors.lines()


class Tables(unittest.TestCase):
    def test_read(self) -> None:
        tests, wrong = run("access Lr load 4  # why\nchoose csr 1 0x10\nskip ecall a call\n"
                           "partly add but not all\n", "add 3 QEMU 1, QEMU 2\n")
        self.assertEqual(wrong, [])
        self.assertEqual((tests.access("Lr").store, tests.access("Lr").size), (False, 4))
        self.assertEqual(tests.choice("csr").values, (1, 16))
        self.assertEqual((tests.skip("ecall"), tests.missing("add")), ("a call", "but not all"))
        self.assertEqual([(v.insn, v.cases, v.oracle) for v in tests.verified],
                         [("add", 3, "QEMU 1, QEMU 2")])

    def test_refused(self) -> None:
        for table, verified, message in REFUSED:
            with self.subTest(message):
                self.assertEqual(run(table, verified)[1], [message])


if __name__ == "__main__":
    unittest.main()
