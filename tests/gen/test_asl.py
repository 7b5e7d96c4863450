# SPDX-License-Identifier: MIT
"""Instruction files in ASL: what is refused, specialisation, a user's files."""
from __future__ import annotations

import io
import random
import sys
import tempfile
import unittest
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import semlib  # noqa: E402,F401
from enclib import sections  # noqa: E402
from gen.__main__ import main  # noqa: E402
from gen.front import bodies  # noqa: E402
from gen.front.asl import load as aslfile  # noqa: E402
from gen.armasl import UserFront  # noqa: E402
from gen.model.encoding import Insn, IsaEncodings  # noqa: E402
from gen.passes.layout import check_layout, layout  # noqa: E402
from gen.passes.overlap import check_overlap  # noqa: E402
from gen.support.errors import Errors, Stop  # noqa: E402

CASES = HERE / "refused" / "asl"


def case(name: str) -> dict[str, str]:
    return sections((CASES / f"{name}.case").read_text())


def build(files: dict[str, str], front=aslfile) -> tuple[IsaEncodings | None, list[str]]:
    """The ISA of these files with checked bodies, or what is wrong."""
    errors = Errors()
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text)
        try:
            path, shown = Path(folder) / "mini.isa", "spec/mini/mini.isa"
            isa = layout(front.load(path, shown, errors), errors)
            check_layout(isa, errors)
            check_overlap(isa, errors)
            errors.check()
            loader, _, _ = aslfile.read(path, shown, errors)
            bodies.check_bodies(isa, loader.lib.info, {}, errors)
            errors.check()
        except Stop:
            return None, errors.lines()
    return isa, []


def base(**parts: str) -> dict[str, str]:
    files = case("base")
    files.pop("expect")
    return files | {k.replace("_", "."): v for k, v in parts.items()}


def insns(**parts: str) -> dict[str, Insn]:
    isa, lines = build(base(**parts))
    if isa is None:
        raise AssertionError("\n".join(lines))
    return {i.name: i for i in isa.insns}


class Refused(unittest.TestCase):
    """Every case file, with exactly the messages that it expects."""

    def test_cases(self) -> None:
        names = sorted(p.stem for p in CASES.glob("*.case"))
        self.assertGreater(len(names), 30)
        for name in names:
            with self.subTest(name):
                files = base() | case(name)
                expect = files.pop("expect").splitlines()
                isa, lines = build(files)
                self.assertEqual(lines, expect)
                self.assertEqual(isa is None, bool(expect))
                self.assertEqual(name == "base", not expect)

    def test_damaged(self) -> None:
        """Dropped, doubled and exchanged characters: messages, no crash."""
        rng = random.Random(64)
        accepted = 0
        for _ in range(400):
            files = base()
            name = rng.choice(sorted(files.keys() - {"isa.tbl", "regnames.tbl"}))
            text = files[name]
            at = rng.randrange(len(text))
            end = min(len(text), at + rng.choice((1, 1, 3, 30)))
            files[name] = rng.choice((text[:at] + text[end:], text[:end] + text[at:],
                                      text[:at] + rng.choice("x09'(){}<>=:?|\n") + text[end:]))
            isa, lines = build(files)
            self.assertEqual(isa is None, bool(lines))
            for line in lines:
                self.assertRegex(line, r"^spec/mini/[\w.]+:\d+:\d+: (error|note): .|^stopped after")
            accepted += isa is not None
        self.assertTrue(20 < accepted < 300, accepted)


class Specialised(unittest.TestCase):
    def test_names(self) -> None:
        """The static fields: sf by the widths, op and size by the text."""
        found = insns()
        self.assertEqual(len(found), 2 * 2 * 3 + 1)
        self.assertIn("SUM_sf1_op0_size10", found)
        self.assertNotIn("SUM_sf1_op0_size11", found)

    def test_words(self) -> None:
        e = insns()["SUM_sf1_op1_size01"].encoding
        self.assertEqual((e.mask, e.match), (0xffc00000, 0xc0400000))
        self.assertEqual(e.length, 4)

    def test_text(self) -> None:
        i = insns()["SUM_sf0_op1_size01"]
        self.assertEqual([t.mnemonic for t in i.templates], ["not.h", "nsum.h"])
        self.assertEqual([t.alias for t in i.templates], [True, False])
        self.assertEqual({o.syntax.table for o in i.operands if o.regclass}, {"W"})

    def test_operands(self) -> None:
        i = insns()["GO"]
        self.assertEqual({o.token for o in i.operands}, {"Rn", "where", "imm"} & {
            o.token for o in i.operands} | {"Rn"})

    def test_register_numbers_are_no_static_fields(self) -> None:
        text = base()["insns.asl"].replace("X[UInt(Rn), N] +", "(if UInt(Rn) == 3 then Zeros(N) "
                                           "else X[UInt(Rn), N]) +")
        self.assertEqual(len(insns(insns_asl=text)), 13)


class User(unittest.TestCase):
    """Files in the layout that Arm publishes."""

    OURS = base()["insns.asl"]

    def report(self, **files: str) -> tuple[dict[str, Insn], list[str]]:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                (Path(folder) / f"{name}.asl").write_text(text)
            front = UserFront(Path(folder))
            isa, lines = build(base(), front)
            self.assertEqual(lines, [])
            return ({i.name: i for i in isa.insns},
                    [t.replace(folder + "/", "") for t in front.report.text()])

    def instruction(self, execute: str, opcode: str = "xx000000 xxxxxxxx xxxxxxxx xxxxxxxx",
                    decode: str = "") -> str:
        return f"""
__instruction user
    __encoding user
        __instruction_set M
        __field sf 31 +: 1
        __field negated 30 +: 1
        __field size 22 +: 2
        __field imm 10 +: 12
        __field n 5 +: 5
        __field d 0 +: 5
        __opcode '{opcode}'
        __guard TRUE
        __decode
            integer size_of = if sf == '1' then 64 else 32;
            {decode or 'integer m = UInt(n);'}
    __execute
        {execute}
"""

    def test_translated(self) -> None:
        found, lines = self.report(a=self.instruction(
            "bits(size_of) x = X[m]; if negated == '1' then x = Flip(x); X[UInt(d)] = x;"),
            b="bits(W) Flip(bits(W) x)\n    return NOT(x);\n")
        self.assertEqual(lines, ["1 encodings: 1 translated, 0 in part, 0 not; "
                                 "12 of our 13 instructions have their meaning"])
        ours = insns()
        self.assertEqual(found.keys(), ours.keys())
        for name, i in found.items():
            self.assertEqual([t.mnemonic for t in i.templates],
                             [t.mnemonic for t in ours[name].templates])
            self.assertEqual(i.body.tree == ours[name].body.tree, name == "GO")

    def test_implied_width_of_functions(self) -> None:
        _, lines = self.report(a=self.instruction(
            "bits(size_of) x = Twice(m); X[UInt(d)] = x;"),
            b="bits(W) Twice(integer r)\n    bits(W) x = X[r];\n    return x + x;\n")
        self.assertIn("1 translated", lines[-1])

    def test_undefined(self) -> None:
        _, lines = self.report(a=self.instruction("X[UInt(d), 64] = X[m, 64];",
                                                  decode="integer m = UInt(n); "
                                                         "if size == '01' then UNDEFINED;"))
        self.assertEqual(lines[-1], "1 encodings: 0 translated, 1 in part, 0 not; "
                                    "8 of our 13 instructions have their meaning")
        self.assertRegex(lines[0], r"^a\.asl:3:5: user: SUM_\w+ is UNDEFINED here and not with us$")

    def test_not_translated(self) -> None:
        for text, message in (
                (self.instruction("X[UInt(d), 64] = Nothing();"),
                 "a.asl:17:26: user: there is no function 'Nothing' (12 instructions)"),
                (self.instruction("X[UInt(d), 64] = Zeros(64);", "11111111 " * 3 + "xxxxxxxx"),
                 "a.asl:3:5: user: no instruction of ours has this encoding, so it has no text"),
                (self.instruction("if imm == '000000000000' then X[UInt(d), imm] = Zeros(3);"),
                 "a.asl:17:39: user: the width of a register must be known (12 instructions)"),
                (self.instruction("if then;"),
                 "a.asl:17:12: user: expected an expression, found 'then'")):
            with self.subTest(message):
                found, lines = self.report(a=text)
                self.assertEqual(lines[0], message)
                self.assertIn("0 translated, 0 in part, 1 not; 0 of our 13", lines[-1])

    def test_other_sets(self) -> None:
        _, lines = self.report(a=self.instruction("").replace("set M", "set T32"))
        self.assertEqual(lines, ["0 encodings: 0 translated, 0 in part, 0 not; "
                                 "0 of our 13 instructions have their meaning",
                                 "1 encodings of T32 are of no concern"])


class Public(unittest.TestCase):
    """tests/gen/arm_asl beside spec/arm/a64."""

    def test_report_and_files(self) -> None:
        with tempfile.TemporaryDirectory() as folder, redirect_stdout(io.StringIO()) as out:
            code = main(["--arm-asl", str(HERE / "arm_asl"), "--out", folder, "--quiet"])
            self.assertEqual(code, 0)
            self.assertTrue((Path(folder) / "a64" / "decode.c").is_file())
        lines = out.getvalue().replace(f"{HERE}/arm_asl/", "").splitlines()
        self.assertEqual(lines[:6], [
            "instrs.asl:116:23: clz_user: there is no function 'Counted' (2 instructions)",
            "instrs.asl:119:5: nowhere_user: no instruction of ours has this encoding, so it "
            "has no text",
            "instrs.asl:135:12: broken_user: expected an expression, found 'then'",
            "instrs.asl:249:17: guard_user: a guard is TRUE, IsFeatureImplemented(FEAT_...) or "
            "Have...()",
            "instrs.asl:258:25: shift_user: an integer of more than 16384 bits",
            "instrs.asl:264:13: register_user: there is no register 32 of X"])
        self.assertRegex(lines[6], r"^13 encodings: 7 translated, 0 in part, 6 not; 67 of our \d+ ")
        self.assertEqual(lines[7:], ["1 encodings of T32 are of no concern"])

    def test_bad_files(self) -> None:
        """Each costs a line, and the others are read."""
        files = {"junk.asl": b"\xff\xfe\x00", "nul.asl": b"integer x\0;\n", "empty.asl": b"",
                 "half.asl": b"__instruction a\n    __encoding b\n        __opcode '1"}
        with tempfile.TemporaryDirectory() as folder, redirect_stdout(io.StringIO()) as out:
            for name, data in files.items():
                (Path(folder) / name).write_bytes(data)
            (Path(folder) / "gone.asl").symlink_to("nowhere")
            code = main(["--arm-asl", folder, "--out", f"{folder}/out", "--quiet"])
        self.assertEqual(code, 0)
        lines = out.getvalue().replace(f"{folder}/", "").splitlines()
        self.assertEqual([x.split(": ")[0] for x in lines[:4]],
                         ["gone.asl:1:1", "half.asl:1:15", "junk.asl:1:1", "nul.asl:1:10"])
        self.assertRegex(lines[4], r"^1 encodings: 0 translated, 0 in part, 1 not; 0 of our \d+ ")

    def test_no_folder(self) -> None:
        with redirect_stderr(io.StringIO()) as err:
            self.assertEqual(main(["--arm-asl", str(HERE / "nowhere")]), 2)
        self.assertRegex(err.getvalue(), "nowhere is no folder")


if __name__ == "__main__":
    unittest.main()
