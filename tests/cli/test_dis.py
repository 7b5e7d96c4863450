# SPDX-License-Identifier: MIT
"""rax dis and rax asm."""

from __future__ import annotations

import random
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
# pylint: disable=wrong-import-position
from guest import GuestTest, rax


def run(command: str, *args: str, data: bytes = b"") -> tuple[int, list[str]]:
    """Exit code and lines of a command."""
    done = rax(command, "--isa", "rv64", *args, data=data)
    assert done.stderr == b"", done.stderr
    return done.returncode, done.stdout.decode("ascii").splitlines()


class Disassemble(GuestTest):
    """rax dis."""

    def test_items(self) -> None:
        """Bytes as in a dump, values, several instructions, several items."""
        for text, want in (
            ("93001000", ["addi ra, zero, 1"]),
            ("0x00100093", ["addi ra, zero, 1"]),
            ("0X100093", ["addi ra, zero, 1"]),
            (" 93 00 10 00 ", ["addi ra, zero, 1"]),
            ("0100", ["c.nop"]), ("0x1", ["c.nop"]), ("0x0001", ["c.nop"]),
            ("010093001000", ["c.nop", "addi ra, zero, 1"]),
            ("73230034", ["csrrs t1, mscratch, zero"]),
        ):
            self.assertEqual(run("dis", text), (0, want), text)
        self.assertEqual(run("dis", "0100", "93001000"),
                         (0, ["c.nop", "addi ra, zero, 1"]))

    def test_errors(self) -> None:
        """What is no instruction is a line on standard output."""
        for text in ("", " ", "9", "930010", "93", "zz", "9300100g", "0x",
                     "0xg", "ffffffff", "0x7fffffff", "93001000 9",
                     "0x0000000000100093", "\u00e4", "0x" + "1" * 99,
                     "0x00000001", "9 3001000"):
            code, lines = run("dis", text)
            self.assertEqual((code, len(lines)), (1, 1), text)
            self.assertRegex(lines[0], "^error: .", text)
        self.assertEqual(run("dis", "0100zz")[1][0][:6], "error:")

    def test_stdin(self) -> None:
        """Every line has one answer, whatever it holds."""
        data = (b"93001000\n0x00100093\r\n\nff\n \n\x00\n" + b"9" * 100000
                + b"\n\xff\xfe\xc3\xa4\n93001000 93001000\n%s%n\n  0100\n0100")
        code, lines = run("dis", "-", data=data)
        self.assertEqual(code, 1)
        good = {0: "addi ra, zero, 1", 1: "addi ra, zero, 1", 10: "c.nop",
                11: "c.nop"}
        self.assertEqual(len(lines), 12)
        for number, line in enumerate(lines):
            if number in good:
                self.assertEqual(line, good[number])
            else:
                self.assertRegex(line, "^error: .")
        self.assertEqual(run("dis", "-"), (0, []))
        self.assertEqual(run("dis", "0100", "-", data=b"0100\n"),
                         (0, ["c.nop"] * 2))

    def test_garbage(self) -> None:
        """Random lines: as many answers as lines."""
        rand = random.Random(1)
        lines = [bytes(rand.choice(b"0123456789abcdefxX \t\xff-%")
                       for _ in range(rand.randrange(20)))
                 for _ in range(3000)]
        _, answers = run("dis", "-", data=b"\n".join(lines) + b"\n")
        self.assertEqual(len(answers), len(lines))

    def test_usage(self) -> None:
        """Mistakes of the command line go to standard error."""
        self.refused(2, "usage: rax dis", "dis")
        self.refused(2, "usage: rax dis", "dis", "93001000")
        self.refused(2, "usage: rax asm", "asm", "--isa", "rv64")
        self.refused(2, "--isa wants ISA", "dis", "--isa")
        self.refused(2, "did you mean 'rv64'", "dis", "--isa", "rv46", "00")
        self.refused(2, "did you mean '--isa'", "dis", "--ias", "rv64", "00")
        self.assertEqual(rax("dis", "--help").returncode, 0)


class Assemble(GuestTest):
    """rax asm."""

    def test_items(self) -> None:
        """One instruction an item."""
        for text, want in (
            ("addi ra, zero, 1", "93001000"), ("c.nop", "0100"),
            ("  addi   ra,zero,1 ", "93001000"),
            ("csrrs t1, mhartid, zero", "732340f1"),
        ):
            self.assertEqual(run("asm", text), (0, [want]), text)

    def test_errors(self) -> None:
        """Texts that are no instruction."""
        for text in ("", "addi", "addi ra, zero", "addi ra, zero, 1, 2",
                     "addi ra, zero, 4096", "addi q9, zero, 1", "frob a0",
                     "addi ra, zero, 1 x", "addi\nra", "\u00e4", "x" * 5000,
                     ",", "lw a0, 4(", "lw a0, 99999(a1)", "beq a0, a1, 3"):
            code, lines = run("asm", text)
            self.assertEqual((code, len(lines)), (1, 1), text)
            self.assertRegex(lines[0], "^error: .", text)

    def test_stdin(self) -> None:
        """Every line has one answer."""
        rand = random.Random(2)
        words = ["addi", "ra", "zero", "1", ",", "(", ")", "fadd.s", "-", "0x",
                 "\xff", "99999999999999999999", "%s", "c.nop", " ", "\t"]
        lines = ["".join(rand.choice(words) for _ in range(rand.randrange(9)))
                 for _ in range(3000)] + ["x" * 50000, ""]
        _, answers = run("asm", "-", data="".join(
            line + "\n" for line in lines).encode("latin-1"))
        self.assertEqual(len(answers), len(lines))

    def test_round_trip(self) -> None:
        """What dis prints, asm reads: random words."""
        rand = random.Random(3)
        words = [f"{rand.getrandbits(32) | 3:08x}" for _ in range(4000)]
        words = [bytes.fromhex(w)[::-1].hex() for w in words]
        _, texts = run("dis", "-", data="\n".join(words).encode())
        pairs = [(w, t) for w, t in zip(words, texts)
                 if not t.startswith("error:")]
        self.assertGreater(len(pairs), 500)
        code, back = run("asm", "-", data="\n".join(
            t for _, t in pairs).encode())
        bad = [(w, t, b) for (w, t), b in zip(pairs, back) if w != b
               # bits without a meaning are lost
               and run("dis", b)[1] != [t]]
        self.assertEqual((code, bad), (0, []))


class Syntaxes(GuestTest):
    """--syntax and --explain."""

    def answer(self, command: str, isa: str, *args: str) -> tuple[int, list[str]]:
        """Exit code and lines."""
        done = rax(command, "--isa", isa, *args)
        self.assertEqual(done.stderr, b"")
        return done.returncode, done.stdout.decode("ascii").splitlines()

    def test_x86(self) -> None:
        """Modes and spellings."""
        for isa, args, want in (
            ("x86-64", ("480108",), "add qword ptr [rax], rcx"),
            ("x86-64", ("--syntax", "intel", "480108"), "add qword ptr [rax], rcx"),
            ("x86-64", ("--syntax=att", "480108"), "addq %rcx, (%rax)"),
            ("x86-32", ("40",), "inc eax"),
            ("x86-16", ("40",), "inc ax"),
            ("x86-64", ("0x90",), "nop"),
            ("x86-64", ("40",), "error: the instruction is cut off after 1 bytes"),
            ("x86-64", ("0f04",), "error: 0f04 is not an instruction of x86-64"),
        ):
            code = int(want.startswith("error"))
            self.assertEqual(self.answer("dis", isa, *args), (code, [want]), args)
            if not code:
                back = self.answer("asm", isa, *args[:-1], want)[1][0]
                self.assertEqual(back, args[-1].removeprefix("0x"))

    def test_explain(self) -> None:
        """The encoding, where it is stated, and each field."""
        code, lines = self.answer("dis", "x86-64", "--explain", "f0480108")
        self.assertEqual((code, lines[0]), (0, "lock add qword ptr [rax], rcx"))
        self.assertRegex(lines[1], r"^  encoding = lock\.add\.m64\.r64, feature BASE, "
                                   r"spec/x86/integer\.opc:\d+$")
        self.assertEqual(lines[2:], ["  opcode = 01, W = 1", "  ModRM.rm = qword ptr [rax]",
                                     "  ModRM.reg = rcx"])
        code, lines = self.answer("dis", "rv64", "--explain", "93001000")
        self.assertEqual(lines[2:], ["  rd = ra, bits 11..7", "  rs1 = zero, bits 19..15",
                                     "  imm12 = 1, bits 31..20"])

    def test_refused(self) -> None:
        """Syntaxes that there are not, options in the wrong place."""
        for isa, word in (("x86-64", "known: intel, att"), ("rv64", "has no syntax 'masm'")):
            for command, item in (("dis", "90"), ("asm", "nop")):
                code, lines = self.answer(command, isa, "--syntax", "masm", item)
                self.assertEqual(code, 1)
                self.assertIn(word, lines[0])
        self.refused(2, "--syntax wants NAME", "dis", "--syntax")
        self.refused(2, "unknown option '--explain'", "asm", "--isa", "rv64", "--explain", "c.nop")
        self.refused(2, "unknown option '--syntax'", "lift", "--isa", "rv64", "--syntax", "x",
                     "0100")
        self.refused(2, "did you mean '--explain'", "dis", "--isa", "rv64", "--explian", "0100")


if __name__ == "__main__":
    unittest.main()
