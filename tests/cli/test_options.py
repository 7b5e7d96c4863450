# SPDX-License-Identifier: MIT
"""The command line and configuration files."""

from __future__ import annotations

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
# pylint: disable=wrong-import-position
from guest import GuestTest, finish, put, rax


class CommandLine(GuestTest):
    """Words, options and their values."""

    def test_nothing(self) -> None:
        """No arguments: one line, exit code 2."""
        self.refused(2, "nothing to run.*--help")
        self.refused(2, "nothing to run", "--smp", "2")

    def test_help(self) -> None:
        """--help lists what there is, and fits a terminal."""
        done = rax("--help")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        text = done.stdout.decode()
        for word in ("--kernel FILE", "--smp N", "--icount-shift N",
                     "(1 to 16; default: 1)", "1M to 512G", "Exit codes:",
                     "124", "Ctrl-A x"):
            self.assertIn(word, text)
        self.assertLessEqual(max(map(len, text.splitlines())), 80)
        self.assertEqual(rax("-h").stdout, done.stdout)

    def test_version(self) -> None:
        """--version is one line."""
        done = rax("--version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout.decode(), r"\Arax \d\S*\n\Z")

    def test_misspelled(self) -> None:
        """Unknown options name the nearest one."""
        for wrong, right in (
            ("--kernle", "--kernel"), ("--enigne", "--engine"),
            ("--max-insn", "--max-insns"), ("--icount_shift",
                                            "--icount-shift"),
            ("--cmd", "--cmdline"), ("-kernel", "--kernel"),
            ("--memroy=1G", "--memory"), ("--hepl", "--help"),
        ):
            self.refused(2, f"did you mean '{right}'", wrong)
        self.refused(2, r"unknown option '--zzzzzzzz'; see rax --help",
                     "--zzzzzzzz")
        self.refused(2, "unknown option '-x'", "-x")
        self.refused(2, "unknown option", "--" + "x" * 5000)
        self.refused(2, "unknown option", "--\n\x1b[31m\u00e4")

    def test_choices(self) -> None:
        """Unknown names of engines and so on name the nearest one."""
        for option, wrong, right in (
            ("--engine", "thraeded", "threaded"), ("--verify", "stp", "step"),
            ("--clock", "icuont", "icount"),
            ("--machine", "riscv_virt", "riscv-virt"),
        ):
            self.refused(2, f"'{wrong}'; did you mean '{right}'", option,
                         wrong, "x")
        self.refused(2, "there is no ''", "--engine", "", "x")

    def test_values(self) -> None:
        """Numbers that are none, and numbers out of range."""
        for option, value in (
            ("--smp", "0"), ("--smp", "17"), ("--smp", "-1"), ("--smp", "+1"),
            ("--smp", "two"), ("--smp", ""), ("--smp", " 1"), ("--smp", "1x"),
            ("--smp", "1K"), ("--smp", "0x"), ("--smp", "9" * 30),
            ("--memory", "0"), ("--memory", "1"), ("--memory", "513G"),
            ("--memory", "1X"), ("--memory", "G"), ("--memory", "1GG"),
            ("--memory", "99999999999T"), ("--icount-shift", "21"),
            ("--rtc-epoch", "9223372037"), ("--seed", "0x1ffffffffffffffff"),
            ("--max-insns", "1e9"),
        ):
            self.refused(2, f"{option} (is|wants) ", option, value, "x")
        self.refused(2, "multiple of 4 KiB", "--memory", "1048577",
                     self.program(finish()))

    def test_missing(self) -> None:
        """Options without their value, flags with one, words too many."""
        self.refused(2, "--kernel wants FILE", "--kernel")
        self.refused(2, "--state-hash takes no value", "--state-hash=1", "x")
        self.refused(2, "one word too many", "a", "b")
        self.refused(2, "one word too many", "--kernel", "a", "b")
        self.refused(2, "wants the name of a file", "--kernel", "")
        self.refused(2, "wants the name of a file", "--disk=", "x")
        self.refused(2, "at most 6", *["--disk=x"] * 7,
                     self.program(finish()))

    def test_spellings(self) -> None:
        """--name value, --name=value, a bare word, and -- are the same."""
        guest = self.program(put("hi") + finish())
        for args in (["--kernel", guest], [f"--kernel={guest}"], [guest],
                     ["--", guest], ["--smp", "0x1", guest],
                     ["--memory=2M", guest], ["--memory", "2048KiB", guest]):
            done = rax(*args)
            self.assertEqual((done.returncode, done.stdout, done.stderr),
                             (0, b"hi", b""), str(args))


class ConfigFile(GuestTest):
    """--config."""

    def config(self, text: str | bytes) -> Path:
        """A configuration file."""
        return self.file("rax.toml", text)

    def test_runs(self) -> None:
        """All kinds of values; the command line wins."""
        guest = self.program(put("hi") + finish())
        file = self.config(
            f'# a guest\nkernel = "{guest}"\nmemory = "4M"\nsmp = 2\n'
            'engine = "step"\nclock = "icount"\nstate-hash = true\n'
            'disk = []\n')
        done = rax("--config", file)
        self.assertEqual((done.returncode, done.stdout), (0, b"hi"))
        self.assertRegex(done.stderr, rb"\Astate [0-9a-f]{16} after \d+ ")
        other = self.program(put("other") + finish(), "other.elf")
        for args in ([other], ["--kernel", other]):
            self.assertEqual(rax("--config", file, *args).stdout, b"other")
        self.assertEqual(rax(other, "--config", file).stdout, b"other")

    def test_refused(self) -> None:
        """Each mistake has its place: FILE:LINE:COLUMN."""
        for text, where, what in (
            ("kernle = 'x'\n", "1:1", "did you mean 'kernel'"),
            ("smp = 2\n\n  memroy = '1G'\n", "3:3", "did you mean 'memory'"),
            ("icount_shift = 1\n", "1:1", "did you mean 'icount-shift'"),
            ("smp = 99\n", "1:1", "--smp is 99"),
            ("smp = [1, 2]\n", "1:11", "one value"),
            ("engine = 'smri'\n", "1:1", "did you mean 'smir'"),
            ("state-hash = 1\n", "1:1", "true or false"),
            ("smp = 1.5\n", "1:8", "floating"),
            ("[machine]\nsmp = 1\n", "1:2", "table"),
            ("config = 'x'\n", "1:1", "cannot stand"),
            ("kernel = 'x\n", "1:12", ""),
            ("smp = 1\nsmp = 2\n", "2:1", ""),
        ):
            file = self.config(text)
            self.refused(2, f"rax.toml:{where}: .*{what}", "--config", file)

    def test_files(self) -> None:
        """Files that are not there, or are something else."""
        self.refused(2, "none.toml: .*No such file", "--config",
                     self.tmp / "none.toml")
        self.refused(2, "directory", "--config", self.tmp)
        self.refused(2, r"rax.toml:2:118: not valid UTF-8", "--config",
                     self.config(bytes(range(256)) * 4))
        self.refused(2, "nothing to run", "--config", self.config(""))
        self.refused(2, "larger than the limit", "--config",
                     self.config(b"#" * (1 << 20) + b"##"))


if __name__ == "__main__":
    unittest.main()
