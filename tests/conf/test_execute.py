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
DATA, DATA_SIZE = 0x80400000, 0x2000  # tests/conf/cases.h
NEXT, JUMP, FAULT = range(3)
ILLEGAL, LOAD, STORE_MISALIGNED, STORE = 2, 5, 6, 7


class Memory:
    """The window, zeros but for one block; holes around it."""

    def __init__(self, at: int, block: bytes) -> None:
        self.bytes = {at + k: b for k, b in enumerate(block)} if at else {}

    def check(self, addr: int, size: int, cause: int) -> None:
        for a in range(addr, addr + size):
            if not DATA <= a < DATA + DATA_SIZE:
                raise Fault("access", cause)

    def load(self, addr: int, size: int) -> int:
        self.check(addr, size, LOAD)
        return int.from_bytes(bytes(self.bytes.get(addr + k, 0) for k in range(size)), "little")

    def store(self, addr: int, size: int, value: int) -> None:
        self.check(addr, size, STORE)
        for k, b in enumerate(value.to_bytes(size, "little")):
            self.bytes[addr + k] = b

    def rmw(self, addr: int, size: int) -> None:
        if addr % size:
            raise Fault("misaligned", STORE_MISALIGNED)
        self.check(addr, size, STORE)

    def block(self, at: int, size: int) -> bytes:
        return bytes(self.bytes.get(at + k, 0) for k in range(size))


def registers(text: str) -> list[int]:
    raw = bytes.fromhex(text)
    return [int.from_bytes(raw[k:k + 8], "little") for k in range(0, len(raw), 8)]


class Execute(unittest.TestCase):
    def setUp(self) -> None:
        self.program = Path(os.environ.get("builddir", ".")) / "tests" / "conf" / "conf_rv64"
        if not self.program.exists():
            self.skipTest("tests/conf/conf_rv64 is not built (needs CUnit)")
        errors = Errors()
        self.isa = ISAS["rv64"].load(TOP / "spec", errors, False)
        errors.check()

    def lines(self):
        env = dict(os.environ, srcdir=str(TOP))
        done = subprocess.run([str(self.program), "--dump", str(EVERY)], env=env, text=True,
                              capture_output=True, check=True)
        return (line.split(" ") for line in done.stdout.splitlines())

    def one(self, meaning, fields: list[str]) -> str:
        """What differs, "" nothing."""
        word, pc, at = (int(v, 16) for v in fields[1:4])
        memory = Memory(at, bytes.fromhex(fields[4]))
        outcome, cause, value = int(fields[6]), int(fields[7]), int(fields[8], 16)
        state = State(pc, {"gpr": registers(fields[5])}, memory.load, memory.store, memory.rmw)
        try:
            execute(self.isa, meaning, word, state)
            got = (NEXT, 0) if state.next_pc == pc + meaning.insn.encoding.length else \
                (JUMP, state.next_pc)
            want = (outcome, value if outcome == JUMP else cause)
        except Fault as f:
            got, want = (FAULT, f.value or ILLEGAL), (outcome, cause)
        if got != want:
            return f"{got}, not {want}"
        if state.regs["gpr"] != registers(fields[10]):
            return f"registers {state.regs['gpr']}, not {registers(fields[10])}"
        after = bytes.fromhex(fields[9])
        if at and memory.block(at, len(after)) != after:
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
