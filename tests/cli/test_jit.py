# SPDX-License-Identifier: MIT
"""The options of the compiler: --jit, --jit-dump, --jit-heat, --stats."""

from __future__ import annotations

import os
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
# pylint: disable=wrong-import-position
from guest import GuestTest, finish, rax

# 5000 calls of a function that adds to memory; a2 counts.
CALLS = [
    "la s0, cell", "addi a2, zero, 0", "lui s1, 1", "addi s1, s1, 904",
    "again:", "jal ra, @add", "addi s1, s1, -1", "bne s1, zero, @again",
    *finish(),
    "add:", "ld t0, 0(s0)", "addi t0, t0, 3", "sd t0, 0(s0)",
    "addi a2, a2, 1", "jalr zero, 0(ra)",
    ".zero 4096", "cell:", ".zero 16",  # not beside code
]


def has_jit() -> bool:
    """Does this build, on this processor, compile?"""
    return b"--engine" not in rax("--engine", "jit", "--kernel", "/dev/null").stderr


@unittest.skipUnless(has_jit(), "this build or processor has no JIT")
class Jit(GuestTest):
    """A program that is hot enough to be compiled."""

    def figures(self, *args: str) -> dict[str, int]:
        """What --stats prints, by name."""
        done = rax("--kernel", self.program(CALLS), "--stats", *args)
        self.assertEqual(done.returncode, 0, done.stderr)
        return {name: int(value) for value, name in
                re.findall(r"^ *(\d+) (.+)$", done.stderr.decode(), re.M)}

    def test_default(self) -> None:
        """It is the default, and --jit off, or the environment, turns it off."""
        regions = "regions compiled"
        self.assertGreater(self.figures()[regions], 0)
        self.assertNotIn(regions, self.figures("--jit", "off"))
        self.assertNotIn(regions, self.figures("--engine", "step"))
        os.environ["RAX_NO_JIT"] = "1"
        try:
            self.assertNotIn(regions, self.figures())
            self.assertGreater(self.figures("--jit", "on")[regions], 0)
        finally:
            del os.environ["RAX_NO_JIT"]

    def test_heat(self) -> None:
        """What is never hot is not compiled."""
        self.assertEqual(self.figures("--jit-heat", "100000")["regions compiled"], 0)
        self.assertGreater(self.figures("--jit-heat", "1")["regions compiled"], 0)

    def test_verify(self) -> None:
        """Two machines, and nothing to say."""
        path = self.program(CALLS)
        for args in (["--jit", "verify"], ["--jit", "verify", "--jit-heat", "1"]):
            done = rax("--kernel", path, *args)
            self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_same_state(self) -> None:
        """Each level of the optimiser ends in the state of the step engine."""
        path = self.program(CALLS)
        hashes = {rax("--kernel", path, "--clock", "icount", "--state-hash", *args).stderr
                  for args in (["--engine", "step"], ["--jit-level", "0"],
                               ["--jit-level", "1"], ["--jit-level", "2"])}
        self.assertEqual(len(hashes), 1, hashes)

    def test_dump(self) -> None:
        """The dump has guest code, operations, passes and host code."""
        path = self.program(CALLS)
        dump = path.with_suffix(".jit")
        self.assertEqual(rax("--kernel", path, "--jit-dump", dump).returncode, 0)
        text = dump.read_text(encoding="ascii")
        for part in ("region at", "addi t0, t0, 3", "  lifted", "add.i64", "  after dead",
                     "  home 0: ", "  code of", "ret\n"):
            self.assertIn(part, text)
        self.assertNotIn("not stated", text)

    def test_bad(self) -> None:
        """Contradictions and files that cannot be written."""
        path = self.program(CALLS)
        for args, words in ((["--jit", "verify", "--engine", "smir"], b"contradict"),
                            (["--jit", "off", "--engine", "jit"], b"contradict"),
                            (["--jit", "maybe"], b"--jit"),
                            (["--jit-level", "3"], b"--jit-level"),
                            (["--jit-heat", "0"], b"--jit-heat"),
                            (["--jit-dump", "/nowhere/x"], b"cannot write /nowhere/x")):
            done = rax("--kernel", path, *args)
            self.assertNotEqual(done.returncode, 0, args)
            self.assertIn(words, done.stderr)
            self.assertEqual(done.stderr.count(b"\n"), 1, done.stderr)


if __name__ == "__main__":
    unittest.main()
