# SPDX-License-Identifier: MIT
"""Front end of encodings, operands and templates; inputs that are refused."""
from __future__ import annotations

import random
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from enclib import CASES, TOP, build, case, load, mini, rv64  # noqa: E402
from gen.front.templates import read_entries  # noqa: E402
from gen.front.text import Cursor, Source, bit_expr  # noqa: E402
from gen.model.encoding import Lit, Opt, Ref, Span  # noqa: E402
from gen.support.errors import Errors, SpecError, Stop  # noqa: E402


def damage(text: str, rng: random.Random) -> str:
    """The text with one thing wrong with it."""
    at = rng.randrange(len(text) + 1)
    end = min(len(text), at + rng.choice((1, 1, 2, 40)))
    match rng.randrange(5):
        case 0:
            return text[:at] + text[end:]
        case 1:
            return text[:end] + text[at:]
        case 2:
            return text[:at] + rng.choice("x09:=<>'|;,@-[]{}()\n\t #/$\u00b2\u0663\0") + text[at:]
        case 3:
            return text[:at] + rng.choice(("999999999999", "9" * 5000, "0x", "-1")) + text[at:]
    return text[:at]


class Refused(unittest.TestCase):
    """Every case file, with exactly the messages that it expects."""

    def test_cases(self) -> None:
        base = case("base")
        names = sorted(p.stem for p in CASES.glob("*.case"))
        self.assertGreater(len(names), 15)
        for name in names:
            with self.subTest(name):
                files = dict(base, **case(name))
                expect = files.pop("expect").splitlines()
                isa, lines = build(files)
                self.assertEqual(lines, expect)
                self.assertEqual(isa is None, bool(expect))

    def test_stops_after_20(self) -> None:
        files = case("base")
        files.pop("expect")
        files["fields.tbl"] = "field x\n" * 50
        _, lines = build(files)
        self.assertEqual(len(lines), 21)
        self.assertEqual(lines[-1], "stopped after 20 errors")

    def test_damaged(self) -> None:
        """Changed, dropped and doubled characters and lines: messages, no crash."""
        rng = random.Random(5)
        base = case("base")
        base.pop("expect")
        accepted = 0
        for _ in range(3000):
            files = dict(base)
            for _ in range(rng.randrange(1, 4)):
                name = rng.choice(sorted(files))
                files[name] = damage(files[name], rng)
            isa, lines = build(files)
            self.assertEqual(isa is None, bool(lines))
            for line in lines:
                self.assertRegex(line, r"^spec/mini/[\w.]+:\d+:\d+: (error|note): .|^stopped after")
            accepted += isa is not None
        self.assertTrue(100 < accepted < 2000, accepted)

    def test_missing_and_binary_files(self) -> None:
        errors = Errors()
        with self.assertRaises(Stop):
            load(TOP / "nosuch.isa", "nosuch.isa", errors)
        self.assertEqual(errors.lines(),
                         ["nosuch.isa:1:1: error: cannot read: No such file or directory"])
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "x.isa"
            path.write_bytes(b"isa \xff\xfe\0")
            errors = Errors()
            with self.assertRaises(Stop):
                load(path, "x.isa", errors)
        self.assertEqual(errors.lines(), ["x.isa:1:1: error: cannot read: not UTF-8 text"])

    def test_not_text(self) -> None:
        with self.assertRaises(SpecError) as e:
            Source(TOP / "spec", "spec/x").lines()
        self.assertEqual(str(e.exception), "spec/x:1:1: error: cannot read: Is a directory")

    def test_errors_by_place(self) -> None:
        errors = Errors()
        errors.check()
        errors.add(Span("b", 2, 1), "second")
        errors.add(Span("a", 9, 3), "first", (Span("c", 1, 1), "see"))
        self.assertEqual(errors.lines(), ["a:9:3: error: first", "c:1:1: note: see",
                                          "b:2:1: error: second"])
        with self.assertRaises(Stop):
            errors.check()


class Text(unittest.TestCase):
    """Cursor and bit expressions."""

    def cursor(self, text: str) -> Cursor:
        return Cursor(text, Span("f", 7))

    def test_numbers(self) -> None:
        c = self.cursor("12 0x1F 0b101 007 x")
        self.assertEqual([c.number() for _ in range(4)], [12, 31, 5, 7])
        self.assertEqual(c.word("a word"), "x")
        self.assertTrue(c.at_end())
        with self.assertRaises(SpecError) as e:
            c.number()
        self.assertEqual(str(e.exception), "f:7:20: error: expected a number, found end of line")

    def test_bit_expr(self) -> None:
        e = bit_expr(self.cursor("a<3> : b : c<7:5> : '01 0'"))
        self.assertEqual([(p.field, p.hi, p.lo, p.const) for p in e.parts],
                         [("a", 3, 3, ""), ("b", -1, -1, ""), ("c", 7, 5, ""), ("", 0, 0, "010")])
        self.assertEqual(e.fields, {"a", "b", "c"})
        e = bit_expr(self.cursor("SignExtend(a : b, 20)"))
        self.assertEqual((e.widen, e.signed, len(e.parts)), (20, True, 2))


class Entries(unittest.TestCase):
    """Entry files."""

    def entries(self, text: str):
        errors = Errors()
        with tempfile.NamedTemporaryFile("w", suffix=".asl") as f:
            f.write(text)
            f.flush()
            out = read_entries(Source(Path(f.name), "x.asl"), errors)
        self.assertEqual(errors.lines(), [])
        return out

    def test_bodies(self) -> None:
        a, b, c, d = self.entries(
            "// comment\n"
            "a    rd, imm(rs1)  rd = 1;\n"
            "b    -\n"
            "     if x then\n"
            "\n"
            "         y = 1;\n"
            "// more\n"
            "     z = 2;\n"
            "c    =fence 'w, 0' / -    one;\n"
            "        two;\n"
            "d    rs1\n")
        self.assertEqual((a.name, a.operands, a.body.text), ("a", "rd, imm(rs1)", "rd = 1;\n"))
        self.assertEqual(a.body.lines, (Span("x.asl", 2, 20),))
        self.assertEqual((b.operands, b.body.text),
                         ("-", "if x then\n\n    y = 1;\n\nz = 2;\n"))
        self.assertEqual([s.line for s in b.body.lines], [4, 5, 6, 7, 8])
        self.assertEqual(b.body.lines[0].col, 6)
        self.assertEqual((c.operands, c.body.text), ("=fence 'w, 0' / -", "one;\ntwo;\n"))
        self.assertEqual((d.operands, d.body), ("rs1", None))


class Model(unittest.TestCase):
    """What the base ISA and rv64 become."""

    def test_base(self) -> None:
        isa = mini()
        add = isa.insn("add")
        self.assertEqual((add.id, add.encoding.mask, add.encoding.match, add.encoding.length),
                         (1, 0x7f, 3, 4))
        self.assertEqual(add.templates[0].pieces,
                         (Ref("rd"), Lit(", "), Ref("rs1"), Lit(", "), Ref("imm"),
                          Opt((Lit(", "), Ref("f3")), (("f3", 0),), True)))
        self.assertTrue(add.encoding.matches(0x00004003))
        self.assertFalse(add.encoding.matches(0x00005003))
        self.assertEqual(add.operand("imm").value(0xfff00003), -1)
        self.assertEqual(add.body.text, "rd = rs1 + imm;\n")
        inc = isa.insn("inc")
        self.assertEqual(inc.encoding.length, 2)
        self.assertEqual(inc.operand("wide").value(0x8001), -256)
        self.assertEqual(inc.operand("wide").value(0x0041), 1)

    def test_unused_pseudo_op_is_an_alias(self) -> None:
        isa = mini(ext="add rd rs1 imm f3 6..0=3\ninc rd op lo 1..0=1\n"
                       "$pseudo_op ext::inc nothing 15..2=0 1..0=1\n$import other::x\n")
        self.assertEqual([i.name for i in isa.insns], ["add", "inc"])

    def test_rv64(self) -> None:
        isa = rv64()
        self.assertEqual(len(isa.insns), len({i.ident for i in isa.insns}))
        for name, word, operand, value in (
                ("jal", 0xfffff06f, "jimm20", -2), ("beq", 0x80000063, "bimm12", -4096),
                ("c.lui", 0x7401, "imm20", 0xfffe0), ("c.addi4spn", 0x0040, "imm12", 4),
                ("c.addi4spn", 0x1fe0, "imm12", 1020), ("c.j", 0xb001, "jimm20", -2048),
                ("c.fldsp", 0x3ffe, "imm12", 504), ("prefetch.r", 0x7e136013, "imm12", 2016)):
            with self.subTest(name, word=word):
                insn = isa.insn(name)
                self.assertTrue(insn.encoding.matches(word))
                self.assertEqual(insn.operand(operand).value(word), value)
        self.assertEqual(isa.insn("pause").encoding.over, ("fence",))
        self.assertEqual(isa.insn("add").encoding.span.origin,
                         f"spec/riscv/rv_i:{isa.insn('add').encoding.span.line}")


if __name__ == "__main__":
    unittest.main()
