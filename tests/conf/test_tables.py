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

USAGE = "expected access HOOK load|store SIZE, choose OPERAND VALUES, skip INSN REASON, " \
        "partly INSN REASON, vendor INSN VENDOR REASON, state REG FILL, " \
        "cause EXCEPTION CAUSE, after INSN INSN, " \
        "align REG BYTES, alone INSN, aim FUNCTION, settle FUNCTION, fill WORD, mode KEY, " \
        "page BYTES, strict 1, valid 1, base ADDRESS, only PATTERN ... or include TABLE"
REFUSED = (
    ("access Lr\n", "", f"t:1:1: error: {USAGE}"),
    ("access Lr fetch 4\n", "", "t:1:1: error: expected load or store, found 'fetch'"),
    ("access Lx load 4\n", "", "t:1:1: error: there is no hook 'Lx'"),
    ("access Lr load 65\n", "", "t:1:1: error: 65 is too large, the limit is 64"),
    ("# one\nchoose csr 1 x\n", "", "t:2:1: error: 'x' is no number"),
    ("skip sub too hard\n", "", "t:1:1: error: there is no instruction 'sub'"),
    ("state x any\n", "", "t:1:1: error: expected one of general, float, vector, predicate, bits, "
     "choice, target, extended, found 'any'"),
    ("state x[ general\n", "", "t:1:1: error: expected REG, NAME=REG[N] or NAME=REG[N..N], found "
     "'x['"),
    ("state x bits 1 2\n", "", "t:1:1: error: bits has one value, choice one or more, the others "
     "none"),
    ("cause illegal bad\n", "", f"t:1:1: error: {USAGE}"),
    ("skip m/* none\n", "", "t:1:1: error: there is no instruction 'm/*'"),
    ("after add ld\n", "", "t:1:1: error: there is no instruction 'ld'"),
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
        tests = read(Source(Path(tmp, "t"), "t"), Source(Path(tmp, "v"), "v"),
                     {"add": "i", "ecall": "s"},
                     {"Lr"}, errors)
    return tests, errors.lines()


class Tables(unittest.TestCase):
    def test_read(self) -> None:
        tests, wrong = run("access Lr load 4  # why\nchoose csr 1 0x10\nskip ecall a call\n"
                           "partly add but not all\n", "add 3 QEMU 1, QEMU 2\n")
        self.assertEqual(wrong, [])
        self.assertEqual((tests.access("Lr").store, tests.access("Lr").size), (False, 4))
        tests, wrong = run("state x general\nstate f bits 0x1f\n"
                           "state m=c[6..7] choice 1 2\nstate sa0=c[0] target\n"
                           "cause misaligned access address\n"
                           "after add ecall\nalign x[2] 16\nfill 0x100073\nmode 3\n", "")
        self.assertEqual(wrong, [])
        self.assertEqual([(s.name, s.reg, s.first, s.count, s.fill.value, s.values)
                          for s in tests.states],
                         [("x", "x", 0, 0, "general", ()), ("f", "f", 0, 0, "bits", (31,)),
                          ("m", "c", 6, 2, "choice", (1, 2)), ("sa0", "c", 0, 1, "target", ())])
        self.assertEqual([(c.exception, c.cause, c.address) for c in tests.causes],
                         [("misaligned", "access", True)])
        self.assertEqual([(a.reg, a.number, a.bytes) for a in tests.aligns], [("x", 2, 16)])
        self.assertEqual((tests.after("add"), tests.fill, tests.mode), ("ecall", 0x100073, 3))

    def test_notes(self) -> None:
        tests, wrong = run("skip ecall a call\npartly add but not all\nchoose csr 1 0x10\n",
                           "add 3 QEMU 1, QEMU 2\n")
        self.assertEqual(wrong, [])
        self.assertEqual(tests.choice("csr").values, (1, 16))
        self.assertEqual(run("skip s/* system\n", "")[0].skip("ecall", "s"), "system")
        self.assertEqual((tests.skip("ecall"), tests.missing("add")), ("a call", "but not all"))
        self.assertEqual([(v.insn, v.cases, v.oracle) for v in tests.verified],
                         [("add", 3, "QEMU 1, QEMU 2")])

    def test_refused(self) -> None:
        for table, verified, message in REFUSED:
            with self.subTest(message):
                self.assertEqual(run(table, verified)[1], [message])


if __name__ == "__main__":
    unittest.main()
