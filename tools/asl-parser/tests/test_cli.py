"""python3 -m aslparser. SPDX-License-Identifier: MIT"""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import aslparser

from helper import HERE


def run(*args, text=None):
    return subprocess.run([sys.executable, "-m", "aslparser", *map(str, args)],
                          cwd=HERE.parent, input=text, capture_output=True,
                          text=True, timeout=60)


class CommandLine(unittest.TestCase):
    good = HERE / "corpus" / "nasty.file.asl"
    bad = HERE / "refused" / "types.file.asl"

    def test_check(self):
        for args in (["--check", self.good], [self.good, self.good]):
            got = run(*args)
            self.assertEqual((got.returncode, got.stdout, got.stderr),
                             (0, "", ""))

    def test_errors(self):
        got = run("--check", self.bad, self.good)
        want = self.bad.with_suffix(".err").read_text("utf-8")
        self.assertEqual(got.returncode, 1)
        self.assertEqual(got.stdout, "")
        self.assertEqual(got.stderr, want.replace("types:", f"{self.bad}:"))

    def test_good_files_are_dumped_beside_bad_ones(self):
        got = run("--dump", self.bad, self.good)
        self.assertEqual(got.returncode, 1)
        self.assertIn("Proc()", got.stdout)

    def test_dump(self):
        got = run("--dump", self.good)
        tree = aslparser.parse_file(self.good)
        self.assertEqual(got.stdout, aslparser.dump(tree))
        again = run("--dump", "-", text=got.stdout)
        self.assertEqual((again.returncode, again.stdout), (0, got.stdout))

    def test_body_and_tree(self):
        got = run("--ast", "--body", "-", text="x = a<7:0> + 1;\n")
        self.assertEqual(got.returncode, 0)
        self.assertEqual(got.stdout, "\n".join([
            "Assign  [1:1]", "  target:", "    Name name='x'  [1:1]",
            "  value:", "    Binary op='+'  [1:5]", "      left:",
            "        Slice  [1:5]", "          base:",
            "            Name name='a'  [1:5]", "          parts:",
            "            BitRange  [1:7]", "              hi:",
            "                IntLit value=7 hex=False  [1:7]",
            "              lo:",
            "                IntLit value=0 hex=False  [1:9]",
            "      right:", "        IntLit value=1 hex=False  [1:14]", ""]))

    def test_extensions(self):
        got = run("--body", "--no-extensions", "-", text="x = UNKNOWN;\n")
        self.assertEqual(got.returncode, 1)
        self.assertIn("-:1:5: error: UNKNOWN without a type", got.stderr)

    def test_usage(self):
        for args in ([], ["--dump"], ["--nonsense", "x"],
                     ["--dump", "--ast", "x"]):
            got = run(*args)
            self.assertEqual(got.returncode, 2, args)
            self.assertIn("usage:", got.stderr)
        got = run("--version")
        self.assertEqual((got.returncode, got.stdout),
                         (0, f"aslparser {aslparser.__version__}\n"))
        got = run("--help")
        self.assertEqual(got.returncode, 0)
        self.assertIn("--dump", got.stdout)

    def test_text_is_utf8_whatever_the_locale(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "e.asl"
            path.write_bytes('x = "é";\n'.encode())
            got = subprocess.run(
                [sys.executable, "-m", "aslparser", "--dump", "--body", path],
                cwd=HERE.parent, capture_output=True, timeout=60,
                env=dict(os.environ, PYTHONIOENCODING="ascii"))
            self.assertEqual((got.returncode, got.stdout, got.stderr),
                             (0, path.read_bytes(), b""))

    def test_unreadable(self):
        got = run("no/such/file.asl")
        self.assertEqual((got.returncode, got.stderr), (
            1, "no/such/file.asl: error: No such file or directory\n"))
        got = run(HERE)
        self.assertEqual(got.returncode, 1)
        self.assertEqual(len(got.stderr.splitlines()), 1)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "latin.asl"
            path.write_bytes(b"integer x;\n// caf\xe9\n")
            got = run(path)
            self.assertEqual((got.returncode, got.stderr), (
                1, f"{path}:2:7: error: this is no UTF-8 text "
                "(byte 0xE9)\n"))


if __name__ == "__main__":
    unittest.main()
