# SPDX-License-Identifier: MIT
"""The options of the compiler: --jit, --jit-dump, --jit-heat, --stats; rax jit-dump."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
# pylint: disable=wrong-import-position
from guest import BASE, LIMIT, GuestTest, finish, load, put, rax, rax_program

# 5000 calls of a function that adds to memory; a2 counts.
CALLS = [
    "la s0, cell", "addi a2, zero, 0", "lui s1, 1", "addi s1, s1, 904",
    "again:", "jal ra, @add", "addi s1, s1, -1", "bne s1, zero, @again",
    *finish(),
    "add:", "ld t0, 0(s0)", "addi t0, t0, 3", "sd t0, 0(s0)",
    "addi a2, a2, 1", "jalr zero, 0(ra)",
    ".zero 4096", "cell:", ".zero 16",  # not beside code
]

# 5000 times what hosts may lack instructions for, with FS dirty and some numbers in memory
FLOAT = [
    "lui t0, 6", "csrrs zero, mstatus, t0", "lui s1, 1", "addi s1, s1, 904",
    "addi a1, zero, 3", "fcvt.d.w fa0, a1", "addi a1, zero, 7", "fcvt.d.w fa1, a1",
    "again:", "fmadd.d fa2, fa0, fa1, fa2", "clz a2, s1", "ctz a3, s1", "cpop a4, s1",
    "fsflags a7, zero",
    "add a5, a5, a2", "add a5, a5, a3", "add a5, a5, a4",
    "addi s1, s1, -1", "bne s1, zero, @again", "fmv.x.d a6, fa2",
    *finish(),
]


def has_jit() -> bool:
    """Does this build, on this processor, compile?"""
    return b"--engine" not in rax("--engine", "jit", "--kernel", "/dev/null").stderr


@unittest.skipUnless(has_jit(), "this build or processor has no JIT")
class Jit(GuestTest):
    """A program that is hot enough to be compiled."""

    def figures(self, *args: str, source: list[str] | None = None) -> dict[str, int]:
        """What --stats prints, by name."""
        done = rax("--kernel", self.program(source or CALLS), "--stats", *args)
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

    def test_end_of_memory(self) -> None:
        """A loop that runs out of memory faults there, wherever its copies begin.

        Writing fflags makes what the base was put to unknown to the optimiser.
        """
        end = BASE + (16 << 20)
        source = ["la t0, trap", "csrrw zero, mtvec, t0", *load("t0", 0x6000),
                  "csrrs zero, mstatus, t0", "fmv.d.x fa0, zero", *load("s1", 40),
                  "again:", "andi t3, s1, 7", "slli t3, t3, 3", *load("a5", end - 0x1000),
                  "sub a5, a5, t3", *load("a2", end + 0x1000),
                  "loop:", "addi a5, a5, 8", "fsflags zero, zero", "ld a4, 0(a5)",
                  "add a3, a3, a4", "bltu a5, a2, @loop",
                  "trap:", "csrrs t1, mtval, zero", "add s3, s3, t1", "addi s1, s1, -1",
                  "bne s1, zero, @again", *finish()]
        self.ends_alike(source)

    def ends_alike(self, source: list[str]) -> None:
        """The program ends in one state, stepped and compiled."""
        path = self.program(source)
        for args in (["--engine", "step"], ["--jit-heat", "5"], ["--jit-heat", "20"],
                     ["--jit-heat", "50"], ["--jit-heat", "100"]):
            done = rax("--kernel", path, "--memory", "16M", "--clock", "icount",
                       "--state-hash", *args)
            self.assertEqual(done.returncode, 0, (args, done.stderr))
            expected = done.stderr if "step" in args else expected
            self.assertEqual(done.stderr, expected, args)

    def test_page_that_may_be_read(self) -> None:
        """A loop loads, and sometimes stores, where stores are watched: there is code.

        Alone its first block looks for loads; a trace looks for loads and stores at once.
        """
        source = [*load("s1", 400), *load("s5", 1 << 20), "la s0, function", *load("s3", 380),
                  "outer:", "jalr ra, 0(s0)", "slt a4, s3, s1", *load("s2", 11),
                  "addi a1, zero, 0",
                  "loop:", "ld a0, 0(s0)", "beq a1, zero, @skip", "xor a0, a0, s5",
                  "sd a0, 0(s0)",
                  "skip:", "slti a1, s2, 7", "or a1, a1, a4", "addi s2, s2, -1",
                  "bne s2, zero, @loop", "addi s1, s1, -1", "bne s1, zero, @outer",
                  *finish(), ".zero 4096",
                  "function:", "addi a3, a3, 2", "jalr zero, 0(ra)", ".zero 4096"]
        self.ends_alike(source)

    def test_many_sites(self) -> None:
        """Loops with more accesses far from each other than compiled code has sites for."""
        def far(base: str, step: int, last: int) -> list[str]:
            return [f"ld t3, {at}({base})" for at in range(-2048, last, step)]

        source = [line for n, reg in enumerate(("s0", "s4", "s5", "s6", "s2"))
                  for line in load(reg, BASE + ((4 + n) << 20) + 0x800)]
        source += [*load("s1", 300), "outer:", *far("s2", 290, 272)]
        for n, (one, other) in enumerate((("s0", "s4"), ("s5", "s6"))):
            source += ["beq s0, zero, @out", *load("t1", 5), f"inner{n}:",
                       *far(one, 290, 2040)[:14], *far(other, 290, 2040)[:13],
                       "addi t1, t1, -1", f"bne t1, zero, @inner{n}"]
        source += [*far("s2", 290, 272), "addi s1, s1, -1", "bne s1, zero, @outer", "out:",
                   *finish()]
        self.ends_alike(source)

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

    def test_counts(self) -> None:
        """Instructions and exits add up; more heat leaves more to the threaded engine."""
        cold = self.figures("--jit-heat", "4000")
        for args in ((), ("--jit-heat", "1"), ("--jit-level", "0"), ("--jit", "verify")):
            found = self.figures(*args)
            runs = found.get("regions run", 0) + found.get("regions run and verified", 0)
            self.assertEqual(runs, sum(n for name, n in found.items()
                                       if name.startswith("exits: ")), found)
            self.assertGreater(runs, 0)
            parts = [found[f"instructions run {how}"] for how in
                     ("in code of their own", "by calls of executors", "by the threaded engine")]
            self.assertEqual(sum(parts), found["instructions"], found)
            self.assertGreater(parts[0], cold["instructions run in code of their own"])
            self.assertEqual("regions run and verified" in found, "verify" in args)

    def test_refused(self) -> None:
        """What is lifted and optimised verifies, where that is looked at."""
        self.assertEqual(self.figures("--jit", "verify")["blocks refused by the verifier"], 0)
        self.assertEqual(self.figures().get("blocks refused by the verifier", 0), 0)

    def test_host_mask(self) -> None:
        """Features of the host that are not used; a host without them is no other guest."""
        path = self.program(FLOAT)
        state = rax("--kernel", path, "--clock", "icount", "--state-hash", "--jit", "off").stderr
        self.assertIn(b"state ", state)
        for mask in ("fma", "lzcnt,bmi1", "popcnt", "avx2", "fma,lzcnt,bmi1,popcnt", "avx", "bmi2"):
            done = rax("--kernel", path, "--clock", "icount", "--state-hash", "--host-mask", mask,
                       "--jit-heat", "1")
            self.assertEqual(done.stderr, state, mask)
        for mask, insns in (("fma", "vfn?m[as]"), ("lzcnt", "lzcnt"), ("popcnt", "popcnt"),
                            ("bmi1", "andn|bextr|bls(?:i|r|msk)|tzcnt")):
            code = [re.findall(rf"^    +[0-9a-f]+  [0-9a-f]+ +((?:{insns})\w*) ",
                               rax("jit-dump", path, *args).stdout.decode(), re.M)
                    for args in ((), ("--host-mask", mask))]
            self.assertGreater(len(code[0]), 0, mask)
            self.assertEqual(code[1], [], mask)
        self.assertNotIn("regions compiled", self.figures("--host-mask", "avx"))
        os.environ["RAX_HOST_MASK"] = "bmi2"
        try:
            self.assertNotIn("regions compiled", self.figures())
        finally:
            del os.environ["RAX_HOST_MASK"]
        self.refused(2, "no feature 'sse9'.*avx, avx2, fma, ", "--host-mask", "fma,sse9", path)
        self.refused(1, "lacks AVX or BMI2", "--host-mask", "avx", "--engine", "jit", path)

    def test_bad(self) -> None:
        """Contradictions and files that cannot be written."""
        path = self.program(CALLS)
        for args, words in ((["--jit", "verify", "--engine", "smir"], b"contradict"),
                            (["--jit", "off", "--engine", "jit"], b"contradict"),
                            (["--jit", "maybe"], b"--jit"),
                            (["--jit-level", "3"], b"--jit-level"),
                            (["--jit-heat", "0"], b"--jit-heat"),
                            (["--jit-cache", "64K"], b"--jit-cache"),
                            (["--jit-dump", "/nowhere/x"], b"cannot write /nowhere/x")):
            done = rax("--kernel", path, *args)
            self.assertNotEqual(done.returncode, 0, args)
            self.assertIn(words, done.stderr)
            self.assertEqual(done.stderr.count(b"\n"), 1, done.stderr)


@unittest.skipUnless(has_jit(), "this build or processor has no JIT")
class Dump(GuestTest):
    """rax jit-dump."""

    LOOP = "1305f5ff e31e05fe 67800000"  # a0 down to 0, return

    def lines(self, *args: str | Path, code: int = 0, data: bytes = b"") -> list[str]:
        """What it prints."""
        done = rax("jit-dump", *args, data=data)
        self.assertEqual((done.returncode, done.stderr), (code, b""))
        return done.stdout.decode("ascii").splitlines()

    def regions(self, lines: list[str]) -> list[str]:
        """One region a string; each has all parts, and host code without gaps."""
        found = ("\n".join(lines) + "\n").split("region at ")
        self.assertEqual(found[0], "")
        for text in found[1:]:
            for part in ("  lifted\n@0:\n", "  after fold\n@0:\n", "  after dead\n",
                         "  home 0: ", "  code of ", "  entries and exits: "):
                self.assertIn(part, text)
            self.assertNotIn("not stated", text)
            code = re.findall(r"^    +([0-9a-f]{8,}) ([0-9a-f]+) ", text.replace("  ", " ")
                              .replace("\n ", "\n    "), re.M)
            self.assertGreater(len(code), 20)
            for (this, data), (following, _) in zip(code, code[1:]):
                self.assertEqual(int(this, 16) + len(data) // 2, int(following, 16), text)
        return found[1:]

    def test_run(self) -> None:
        """Of a run: what --jit-dump FILE has, and the console goes nowhere."""
        path = self.program(put("hello") + CALLS)
        text = self.lines(path)
        self.assertGreater(len(self.regions(text)), 0)
        self.assertIn("addi t0, t0, 3", "\n".join(text))
        self.assertNotIn("hello", "\n".join(text))
        dump = path.with_suffix(".jit")
        self.assertEqual(rax(path, "--jit-dump", dump).returncode, 0)
        self.assertEqual([line for line in dump.read_text().splitlines() if line[:4] != "    "],
                         [line for line in text if line[:4] != "    "])

    def test_bytes(self) -> None:
        """Of bytes: the loop is one region with its three blocks' code."""
        for args, data in ((("--isa", "rv64", self.LOOP), b""),
                           (("--isa=rv64", "-"), self.LOOP.encode() + b"\n")):
            text = [line for line in self.lines(*args, data=data) if line]
            region, = self.regions(text)
            self.assertEqual(set(re.findall("code of ([0-9a-f]+), loops around it: ([0-9])",
                                            region)), {("0", "1"), ("8", "0")})
            self.assertIn("after cse", region)
        region, = self.regions(self.lines("--isa", "rv64", "--jit-level", "1", self.LOOP))
        self.assertNotIn("after cse", region)
        # two functions that do not know each other
        self.assertEqual(len(self.regions(self.lines("--isa", "rv64", self.LOOP, self.LOOP))), 2)
        self.assertEqual(len(self.regions(self.lines("--isa", "rv64", self.LOOP * 2))), 2)

    def test_isas(self) -> None:
        """Code of every ISA that blocks are compiled of."""
        for isa, code, insn in (("a64", "20040091", "add x0, x1, #1"),
                                ("x86-64", "488d4301", "lea rax, [rbx + 1]"),
                                ("x86-32", "8d4301", "lea eax, [ebx + 1]"),
                                ("t32", "0846", "mov r0, r1"),
                                ("hexagon", "004201f200c443f2",
                                 "{ p0 = cmp.eq(r1,r2); p0 = cmp.gt(r3,r4) }")):
            self.assertIn(insn, "\n".join(self.lines("--isa", isa, code)))

    def test_recorded(self) -> None:
        """What is recorded of every ISA, 40 instructions at once: all of it verifies behind
        each pass, and host code is what spec/x86 states."""
        folder = Path(__file__).resolve().parents[1] / "conf"
        for isa, file, mode in (("rv64", "rv64", ""), ("a64", "a64", ""), ("t32", "t32", ""),
                                ("hexagon", "hexagon", ""),
                                ("x86-64", "x86", "64"), ("x86-32", "x86", "32")):
            rows = [line.split("\t") for line in
                    (folder / f"{file}_asm.tsv").read_text().splitlines() if line[0] != "#"]
            codes = sorted({row[-1] for row in rows if not mode or row[1] == mode})
            shown = rax("dis", "--isa", isa, "-", data="\n".join(codes).encode())
            codes = [code for code, text in zip(codes, shown.stdout.decode().splitlines())
                     if not text.startswith("error")]
            self.assertGreater(len(codes), 200, isa)
            some = ["".join(codes[k:k + 40]) for k in range(0, len(codes), 40)]
            for level in range(3):
                done = rax("jit-dump", "--isa", isa, "--jit-level", str(level), "-",
                           data="\n".join(some[level::3]).encode())
                text = done.stdout.decode()
                self.assertEqual((done.returncode, done.stderr), (0, b""), isa)
                bad = re.findall(r"^.*(?:does not verify|not stated|^error: ).*$", text, re.M)
                self.assertEqual(bad, [], isa)
                self.assertGreater(text.count("  code of "), len(some) // 4)

    def test_refused(self) -> None:
        """Input that is no code, options that are none."""
        for code, words in (("ffffffff", "not an instruction"), ("9300", "cut off"),
                            ("xyz", "not hexadecimal")):
            text, = self.lines("--isa", "rv64", code, code=1)
            self.assertRegex(text, f"^error: .*{words}")
        self.refused(2, "--jit-level is 3", "jit-dump", "--isa", "rv64", "--jit-level", "3", "00")
        self.refused(2, "did you mean '--jit-level'", "jit-dump", "--isa", "rv64", "--jit-levl")
        self.refused(2, "there is no 'rv65'", "jit-dump", "--isa", "rv65", "00")
        path = self.program(CALLS)
        for args in (("--engine", "step"), ("--jit", "off"), ("--jit-dump", "x")):
            self.refused(2, f"leave {args[0]} out", "jit-dump", path, *args)
        self.refused(2, "nothing to run", "jit-dump", "--smp", "2")
        cold = rax("jit-dump", path, "--jit-heat", "1000000")
        self.assertEqual((cold.returncode, cold.stdout), (0, b""))
        self.assertRegex(cold.stderr, b"nothing was hot enough")


@unittest.skipUnless(has_jit(), "this build or processor has no JIT")
class Perf(GuestTest):
    """--jit-perf: files for Linux's profiler."""

    def run_in_folder(self, kind: str) -> int:
        """Runs a guest in the test's folder; returns rax's process number."""
        path = self.program(CALLS)
        # pylint: disable=consider-using-with
        child = subprocess.Popen([rax_program(), "--kernel", path, "--jit-heat", "1",
                                  "--jit-perf", kind, "--jit-dump", "dump"], cwd=self.tmp,
                                 stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.assertEqual((child.communicate(timeout=LIMIT)[1], child.returncode), (b"", 0))
        return child.pid

    def dumped(self) -> set[tuple[int, str]]:
        """Where the code of blocks is, says the dump of the same run."""
        text = (self.tmp / "dump").read_text()
        return {(int(at, 16), pc) for pc, at in re.findall(
            r"^  code of ([0-9a-f]+), .*\n +([0-9a-f]+) ", text, re.M)}

    def test_map(self) -> None:
        """Addresses, sizes and names, one a line."""
        path = Path(f"/tmp/perf-{self.run_in_folder('map')}.map")
        try:
            lines = path.read_text(encoding="ascii").splitlines()
        finally:
            path.unlink()
        found = [re.fullmatch("([0-9a-f]+) ([0-9a-f]+) rax:(block|ways):([0-9a-f]+)", line)
                 for line in lines]
        self.assertNotIn(None, found)
        blocks = {(int(m[1], 16), m[4]) for m in found if m and m[3] == "block"}
        self.assertEqual(blocks, self.dumped())
        self.assertIn("ways", {m[3] for m in found if m})
        spans = sorted((int(m[1], 16), int(m[2], 16)) for m in found if m)
        for (start, size), (following, _) in zip(spans, spans[1:]):
            self.assertGreater(size, 0)
            self.assertLessEqual(start + size, following)

    def test_dump(self) -> None:
        """Header, code in the order of time, and an end."""
        pid = self.run_in_folder("dump")
        data = (self.tmp / f"jit-{pid}.dump").read_bytes()
        magic, version, size, machine, _, owner, _, flags = struct.unpack_from("<6IQQ", data)
        self.assertEqual((magic, version, size, machine, owner, flags),
                         (0x4a695444, 1, 40, 62, pid, 0))
        at, last, blocks, kind = size, 0, set(), 0
        while at < len(data):
            kind, size, when = struct.unpack_from("<IIQ", data, at)
            self.assertGreaterEqual(when, last)
            last = when
            if kind == 0:
                process, _, vma, code, length, index = struct.unpack_from("<IIQQQQ", data, at + 16)
                name, rest = data[at + 56:at + size].split(b"\0", 1)
                self.assertEqual((process, vma, index), (pid, code, len(blocks)))
                self.assertEqual(len(rest), length)
                blocks.add((code, name.decode()))
            at += size
        self.assertEqual((kind, at), (3, len(data)))
        self.assertEqual({(code, name[10:]) for code, name in blocks
                          if name.startswith("rax:block:")}, self.dumped())

    def test_refused(self) -> None:
        """A kind that there is not, and a folder that cannot be written."""
        self.refused(2, "there is no 'flame'", "--jit-perf", "flame", self.program(CALLS))
        done = subprocess.run([rax_program(), "--jit-perf", "dump", self.program(CALLS)],
                              cwd="/proc", capture_output=True, check=False, timeout=LIMIT)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, rb"\Arax: cannot write jit-\d+.dump: .*\n\Z")


if __name__ == "__main__":
    unittest.main()
