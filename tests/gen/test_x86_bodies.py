# SPDX-License-Identifier: MIT
"""Bodies of x86 instructions: what they become for each form, and what is refused."""
from __future__ import annotations

import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
for folder in (ROOT / "tools" / "asl-parser", ROOT):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from gen.front.text import Source  # noqa: E402
from gen.front.x86_asl import read_entries  # noqa: E402
from gen.isas import ISAS  # noqa: E402
from gen.model.sem import (Atomic, Branch, If, Load, Raise, RegWrite, StateWrite,  # noqa: E402
                           Store, walk_stmts)
from gen.support.errors import Errors  # noqa: E402

_isa = None


def meaning(name: str):
    global _isa
    if _isa is None:
        _isa = ISAS["x86"].load(ROOT / "spec", Errors(), True)
    return _isa.meaning(name)


def kinds(name: str) -> list[type]:
    return [type(s) for s in walk_stmts(meaning(name).sem.body)]


class Forms(unittest.TestCase):
    def test_memory_is_read_for_write_then_stored(self) -> None:
        body = meaning("add.m32.r32").sem.body
        load = next(s for s in body if isinstance(s, Load))
        store = next(s for s in body if isinstance(s, Store))
        self.assertEqual(load.access.how, ("operand", "rw"))
        self.assertEqual(load.addr, store.addr)
        self.assertLess(body.index(store),
                        min(k for k, s in enumerate(body) if isinstance(s, StateWrite)))

    def test_lock_is_one_atomic_update(self) -> None:
        found = kinds("lock.adc.m64.r64")
        self.assertEqual(found.count(Atomic), 1)
        self.assertNotIn(Load, found)
        self.assertNotIn(Store, found)

    def test_32_bits_are_written_though_nothing_is_assigned(self) -> None:
        body = meaning("cmove.r32.r32").sem.body
        self.assertTrue(any(isinstance(s, RegWrite) for s in body))
        # what keeps its old value is written under a condition
        self.assertFalse(any(isinstance(s, RegWrite) for s in meaning("bsf.r32.r32").sem.body))

    def test_rep_is_one_iteration(self) -> None:
        body = meaning("rep.movsb").sem.body
        self.assertIsInstance(body[-1], Branch)
        loop = next(s for s in body if isinstance(s, If))
        self.assertEqual(sum(isinstance(s, (Load, Store)) for s in loop.then), 2)
        early = [s.name for s in body if isinstance(s, StateWrite) and s.early]
        self.assertEqual(early, ["RSI", "RDI"])

    def test_call_pushes_before_it_looks_at_the_target(self) -> None:
        found = [s for s in walk_stmts(meaning("call.r64").sem.body)
                 if isinstance(s, (Store, Raise))]
        self.assertEqual([type(s) for s in found], [Store, Raise])
        self.assertTrue(found[1].late)

    def test_nf_leaves_flags_alone(self) -> None:
        self.assertNotIn(StateWrite, kinds("add.r64.r64.evex.nf"))

    def test_undefined_flags_are_known(self) -> None:
        self.assertEqual(dict(meaning("and.r64.r64").eff.unknown), {"AF": 1})


class Reader(unittest.TestCase):
    def read(self, text: str) -> tuple[dict, list[str]]:
        with tempfile.TemporaryDirectory() as tmp:
            path = Path(tmp) / "x.asl"
            path.write_text(text, encoding="utf-8")
            errors, out = Errors(), {}
            read_entries(Source(path, "x.asl"), errors, out)
            return out, errors.lines()

    def test_several_mnemonics_share_a_body(self) -> None:
        out, errors = self.read("A, B{cc}/2  x = 1;\n            y = 2;\n// no\n")
        self.assertEqual(errors, [])
        self.assertEqual(out["A"], out["B{cc}/2"])
        self.assertEqual(out["A"].text, "x = 1;\ny = 2;")
        self.assertEqual((out["A"].lines[1].line, out["A"].lines[1].col), (2, 13))

    def test_mistakes_have_a_place(self) -> None:
        for text, want in (("  x = 1;", "x.asl:1:1: error: expected a mnemonic in column 1"),
                           ("add x;", "x.asl:1:1: error: expected a mnemonic"),
                           ("A x;\nA y;", "x.asl:2:1: error: A is stated twice; the other one: "
                                          "x.asl:1:3")):
            with self.subTest(text=text):
                _, errors = self.read(text)
                self.assertEqual(errors[:1], [want])


if __name__ == "__main__":
    unittest.main()
