# SPDX-License-Identifier: MIT
"""Meanings executed in Python on recorded cases: the meaning of every integer
instruction, as the generator understood it, against other implementations."""
from __future__ import annotations

import os
import subprocess
import sys
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP), str(TOP / "tools" / "asl-parser")]

from gen.isas import ISAS  # noqa: E402
from gen.model.sem import Hook, walk_stmts  # noqa: E402
from gen.support.errors import Errors  # noqa: E402
from gen.model.execute import Fault, State, Unsupported, execute  # noqa: E402

EVERY = 3  # of the recorded cases
DATA, DATA_SIZE = 0x80400000, 0x2000  # tests/conf/case.h
NEXT, JUMP, FAULT = range(3)
# causes of tests/conf/case.h, by mcause; those of memory's own are no mcause
ACCESS, MISALIGNED = 104, 105
CAUSES = {0: 1, 2: 1, 3: 2, ACCESS: 4, MISALIGNED: 5}


class Memory:
    """The window with a case's patches; holes around it."""

    def __init__(self, background: bytes, patches: list[tuple[int, bytes]]) -> None:
        self.bytes = bytearray(background)
        for at, data in patches:
            self.bytes[at:at + len(data)] = data

    def check(self, addr: int, size: int) -> int:
        """The offset."""
        if not DATA <= addr <= DATA + DATA_SIZE - size:
            raise Fault("access", ACCESS)
        return addr - DATA

    def load(self, addr: int, size: int) -> int:
        at = self.check(addr, size)
        return int.from_bytes(self.bytes[at:at + size], "little")

    def store(self, addr: int, size: int, value: int) -> None:
        at = self.check(addr, size)
        self.bytes[at:at + size] = value.to_bytes(size, "little")

    def rmw(self, addr: int, size: int) -> None:
        if addr % size:
            raise Fault("misaligned", MISALIGNED)
        self.check(addr, size)


def registers(text: str) -> list[int]:
    """x: the first of an image."""
    raw = bytes.fromhex(text)
    return [int.from_bytes(raw[k:k + 8], "little") for k in range(0, 256, 8)]


def patches(words: list[str]) -> list[tuple[int, bytes]]:
    """Offsets and bytes up to a "-"; takes them from the list."""
    out = []
    while (at := words.pop(0)) != "-":
        out.append((int(at, 16), bytes.fromhex(words.pop(0))))
    return out


class Execute(unittest.TestCase):
    def setUp(self) -> None:
        self.program = Path(os.environ.get("builddir", ".")) / "tests" / "conf" / "conf"
        if not self.program.exists():
            self.skipTest("tests/conf/conf is not built (needs CUnit)")
        errors = Errors()
        self.isa = ISAS["rv64"].load(TOP / "spec", errors, False)
        errors.check()

    def lines(self):
        env = dict(os.environ, srcdir=str(TOP))
        done = subprocess.run([str(self.program), "--isa", "rv64", "--dump", str(EVERY)],
                              env=env, text=True, capture_output=True, check=True)
        background, *lines = done.stdout.splitlines()
        self.background = bytes.fromhex(background)
        return (line.split() for line in lines)

    def one(self, meaning, fields: list[str]) -> str:
        """What differs, "" nothing."""
        code, pc, before, *words = fields[1:]
        word, at = int.from_bytes(bytes.fromhex(code), "little"), int(pc, 16)
        memory = Memory(self.background, patches(words))
        outcome, cause, value = int(words[0]), int(words[1]), int(words[2], 16)
        state = State(at, {"gpr": registers(before)}, memory.load, memory.store, memory.rmw)
        try:
            execute(self.isa, meaning, word, state)
            got = (NEXT, 0) if state.next_pc == at + meaning.insn.encoding.length else \
                (JUMP, state.next_pc)
            want = (outcome, value if outcome == JUMP else cause)
        except Fault as f:
            got, want = (FAULT, CAUSES.get(f.value or 0)), (outcome, cause)
        if got != want:
            return f"{got}, not {want}"
        if state.regs["gpr"] != registers(words[3]):
            return f"registers {state.regs['gpr']}, not {registers(words[3])}"
        for start, after in patches(words[4:]):
            if memory.bytes[start:start + len(after)] != after:
                return "memory"
        return ""

    def test_recorded_cases(self) -> None:
        meanings = {m.insn.name: m for m in self.isa.meanings}
        counts: dict[str, int] = {}
        skipped: set[str] = set()
        wrong: list[str] = []
        for fields in self.lines():
            name = fields[0]
            if name in skipped:
                continue
            try:
                what = self.one(meanings[name], fields)
            except Unsupported:
                skipped.add(name)
                continue
            counts[name] = counts.get(name, 0) + 1
            if what:
                wrong.append(f"{name} {fields[1]}: {what}")
        self.assertEqual(wrong[:5], [])
        self.assertGreater(len(counts), 150)
        self.assertGreater(min(counts.values()), 20)
        self.assertFalse(skipped & {
            m.insn.name for m in self.isa.meanings
            if not m.eff.fp and not any(isinstance(s, Hook) for s in walk_stmts(m.sem.body))})


if __name__ == "__main__":
    unittest.main()
