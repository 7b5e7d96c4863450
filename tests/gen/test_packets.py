# SPDX-License-Identifier: MIT
"""Front end of packets: tables that are refused, and the rules that the real ones say."""
from __future__ import annotations

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from enclib import TOP, sections  # noqa: E402
from gen.front.packetisa import load  # noqa: E402
from gen.isas import ISAS  # noqa: E402
from gen.back.group import generate  # noqa: E402
from gen.passes.layout import check_layout, layout  # noqa: E402
from gen.passes.overlap import check_overlap  # noqa: E402
from gen.support.errors import Errors, Stop  # noqa: E402
from gen.support.render import environment  # noqa: E402

CASES = Path(__file__).resolve().parent / "refused" / "packet"


def case(name: str) -> dict[str, str]:
    return sections((CASES / f"{name}.case").read_text())


def build(files: dict[str, str]) -> list[str]:
    """What is wrong with the ISA mini.isa of these files."""
    errors = Errors()
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text)
        try:
            isa = layout(load(Path(folder) / "mini.isa", "spec/mini/mini.isa", errors), errors)
            check_layout(isa, errors)
            check_overlap(isa, errors)
            errors.check()
        except Stop:
            return errors.lines()
    return []


class Refused(unittest.TestCase):
    """Every case file, with exactly the messages that it expects."""

    def test_cases(self) -> None:
        base = case("base")
        names = sorted(p.stem for p in CASES.glob("*.case"))
        self.assertGreater(len(names), 12)
        for name in names:
            with self.subTest(name):
                files = dict(base, **case(name))
                expect = files.pop("expect").splitlines()
                self.assertEqual(build(files), expect)
                self.assertEqual(bool(expect), name != "base")


class Rules(unittest.TestCase):
    """Rows of the table that the decoder of packets reads."""

    @classmethod
    def setUpClass(cls) -> None:
        errors = Errors()
        isa = ISAS["hexagon"].load(TOP / "spec", errors, False)
        text = generate(isa, environment())["hexagon/group.c"]
        cls.rows = {r.partition("]")[0]: r for r in text.split("[RG_HEXAGON_")[1:]}

    def test_writes(self) -> None:
        """The main result first; a pair is two registers; conditions are noted."""
        self.assertIn("{ { 3, 0, 0, 1, 0, 1 }, { 3, 1, 0, 1, 0, 1 },", self.rows["L2_LOADRI_PI"])
        self.assertIn("{ { 3, 0, 0, 2, 0, 1 }, { 0,", self.rows["A2_ADDP"])
        self.assertIn("{ { 3, 1, 0, 1, 1, 1 }, { 0,", self.rows["A2_PADDT"])

    def test_flags(self) -> None:
        self.assertIn("RX_MEMBER_NOT", self.rows["A2_PADDF"])
        self.assertNotIn("RX_MEMBER_NOT", self.rows["A2_PADDT"])
        self.assertIn("RX_MEMBER_MAYBE", self.rows["J2_JUMPT"])
        self.assertNotIn("RX_MEMBER_MAYBE", self.rows["J2_JUMP"])
        self.assertIn("RX_MEMBER_VECTOR", self.rows["V6_VADDB"])
        self.assertIn("RX_MEMBER_SOLO", self.rows["J2_TRAP0"])


if __name__ == "__main__":
    unittest.main()
