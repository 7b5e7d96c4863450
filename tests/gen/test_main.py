# SPDX-License-Identifier: MIT
"""python3 -m gen as a whole: exit codes, messages, what is written and when."""
from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
LIMIT = 600  # seconds: nothing hangs


def run(*args: str | Path, seed: str = "0", **kw) -> subprocess.CompletedProcess[str]:
    """The generator, from a folder that has nothing to do with it."""
    env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONDONTWRITEBYTECODE": "1"}
    env["PYTHONPATH"] = str(TOP)
    return subprocess.run([sys.executable, "-m", "gen", *map(str, args)], cwd="/", env=env,
                          capture_output=True, text=True, **kw)


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


class Folder(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dir = Path(folder.name)


class Whole(Folder):
    def test_everything(self) -> None:
        """Determinism, time stamps; verifiers find nothing."""
        first = run("--out", self.dir / "a", seed="1")
        self.assertEqual(first.returncode, 0, first.stderr)
        self.assertEqual(first.stdout, "")
        second = run("--out", self.dir / "b", "--verify-each", "--quiet", seed="4711")
        self.assertEqual((second.returncode, second.stderr), (0, ""))
        one, two = files(self.dir / "a"), files(self.dir / "b")
        self.assertEqual(one.keys(), two.keys())
        for name in one:
            self.assertEqual(one[name], two[name], name)
            os.utime(self.dir / "a" / name, (1000, 1000))
        changed = self.dir / "a" / "rv64" / "isa.h"
        changed.write_text("something else\n")
        self.assertEqual(run("--out", self.dir / "a", "--quiet").returncode, 0)
        self.assertEqual(files(self.dir / "a"), one)
        times = {n for n in one if (self.dir / "a" / n).stat().st_mtime != 1000}
        self.assertEqual(times, {"rv64/isa.h"})

    def test_outputs_are_listed(self) -> None:
        listed = run("--print-outputs").stdout.split()
        self.assertEqual(run("--out", self.dir, "--quiet").returncode, 0)
        self.assertEqual(sorted(listed), sorted(f"generated/{n}" for n in files(self.dir)))
        self.assertEqual(run("--print-outputs", "--isa", "smir").stdout.split(),
                         [n for n in listed if "/smir/" in n])

    def test_summary_counts(self) -> None:
        err = run("--out", self.dir, "--isa", "rv64").stderr
        m = re.fullmatch(r"rv64: (\d+) encodings, (\d+) generated, 0 overridden, 0 skipped; "
                         r"(\d+) files in \d+\.\d s\n", err)
        self.assertIsNotNone(m, err)
        self.assertEqual(m[1], m[2])
        self.assertGreater(int(m[1]), 300)
        self.assertEqual(int(m[3]), len(files(self.dir)))

    def test_progress_on_a_terminal(self) -> None:
        lead, side = pty.openpty()
        try:
            env = {**os.environ, "PYTHONPATH": str(TOP), "PYTHONDONTWRITEBYTECODE": "1"}
            done = subprocess.run([sys.executable, "-m", "gen", "--out", str(self.dir), "--isa",
                                   "rv64"], cwd="/", env=env, stderr=side, timeout=LIMIT)
            shown = os.read(lead, 1 << 16).decode()
        finally:
            os.close(lead)
            os.close(side)
        self.assertEqual(done.returncode, 0)
        self.assertIn("%] rv64 exec", shown)
        self.assertIn("\r\033[K[  0%]", shown)
        self.assertRegex(shown.split("\r\033[K")[-1], r"^rv64: \d+ encodings")


class Refused(Folder):
    """The real specification with one thing wrong."""

    def setUp(self) -> None:
        super().setUp()
        self.spec = self.dir / "spec"
        shutil.copytree(TOP / "spec", self.spec)

    def edit(self, file: str, old: str, new: str) -> int:
        """Replaces the first occurrence; its line."""
        path = self.spec / file
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new, 1))
        return text[:text.index(old)].count("\n") + 1

    def refused(self, *messages: str) -> None:
        done = run("--spec", self.spec, "--out", self.dir / "out", "--isa", "rv64")
        self.assertEqual(done.returncode, 1, done.stderr)
        got = done.stderr.splitlines()
        self.assertEqual(got, list(messages))
        self.assertFalse((self.dir / "out").exists(), "files were written")

    def test_body(self) -> None:
        line = self.edit("riscv/i.asl", "rd = rs1 + imm12;", "rd = rs1 + imm13;")
        self.refused(f"spec/riscv/i.asl:{line}:54: error: addi: 'imm13' is not declared",
                     *(f"spec/riscv/i.asl:{line}:54: error: {n}: 'imm13' is not declared"
                       for n in ("c.addi4spn", "c.addi", "c.addi16sp")))

    def test_fuse(self) -> None:
        path = self.spec / "riscv/isa.tbl"
        path.write_text(path.read_text() + "fuse add frob\n")
        n = len(path.read_text().splitlines())
        self.refused(f"spec/riscv/isa.tbl:{n}:1: error: fuse: there is no instruction or set "
                     "'frob'")

    def test_register_class(self) -> None:
        line = self.edit("riscv/isa.tbl", "class gpr field=x ", "class gpr field=xx ")
        self.refused(f"spec/riscv/isa.tbl:{line}:1: error: class gpr: the state has no register "
                     "xx of 64 bits")

    def test_missing_files(self) -> None:
        (self.spec / "riscv/isa.tbl").unlink()
        self.refused("spec/riscv/isa.tbl:1:1: error: cannot read: No such file or directory")

    def test_no_text(self) -> None:
        (self.spec / "riscv/isa.tbl").write_bytes(b"isa \xff\n")
        self.refused("spec/riscv/isa.tbl:1:1: error: cannot read: not UTF-8 text")

    def test_override_of_nothing(self) -> None:
        (self.spec / "overrides" / "rv64").mkdir(parents=True)
        (self.spec / "overrides" / "rv64" / "a.toml").write_text('\n["frob"]\nfunction = "f"\n')
        self.refused("spec/overrides/rv64/a.toml:2:1: error: there is no instruction 'frob'")

    def test_override_is_counted(self) -> None:
        self.edit("riscv/priv.asl", "Wfi();", "")
        (self.spec / "overrides" / "rv64").mkdir(parents=True)
        (self.spec / "overrides" / "rv64" / "a.toml").write_text(
            '["wfi"]\nfunction = "by_hand"\nwhy = "a test"\nref = "none"\n')
        done = run("--spec", self.spec, "--out", self.dir / "out", "--isa", "rv64")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(" 1 overridden, 0 skipped", done.stderr)


class Usage(Folder):
    def test_codes(self) -> None:
        self.assertEqual(run("--frob").returncode, 2)
        self.assertEqual(run("--isa", "z80").returncode, 2)
        self.assertEqual(run("--help").returncode, 0)

    def test_output_that_cannot_be_written(self) -> None:
        (self.dir / "file").write_text("")
        done = run("--out", self.dir / "file", "--isa", "smir", "--quiet")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, f"{self.dir}/file/smir/ops.h: cannot write: "
                                      "Not a directory\n")

    def test_a_bug_is_no_input_error(self) -> None:
        code = ("import sys, runpy; sys.argv = ['gen', '--isa', 'smir', '--out', sys.argv[1]]\n"
                "import gen.back.smir_ops as b; b.generate = lambda *a: 1 / 0\n"
                "runpy.run_module('gen', run_name='__main__')\n")
        env = {**os.environ, "PYTHONPATH": f"{TOP}:{TOP / 'tools' / 'asl-parser'}"}
        done = subprocess.run([sys.executable, "-c", code, str(self.dir)], env=env,
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 70)
        self.assertIn("ZeroDivisionError", done.stderr)


if __name__ == "__main__":
    unittest.main()
