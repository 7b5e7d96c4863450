# SPDX-License-Identifier: MIT
"""The frame of x87 instructions (gen.front.x86_x87): their meanings, executed in Python."""
from __future__ import annotations

import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import semlib  # noqa: E402
from gen.isas import ISAS  # noqa: E402
from gen.model import ieee  # noqa: E402
from gen.model.execute import Fault, State, execute  # noqa: E402
from gen.support.errors import Errors  # noqa: E402

ONE, TWO, THREE = 0x3FFF << 64 | 1 << 63, 0x4000 << 64 | 1 << 63, 0x4000 << 64 | 3 << 62
NAN, INF, HUGE = 0xFFFF << 64 | 3 << 62, 0x7FFF << 64 | 1 << 63, (0x7FFF << 64) - 1
IE, DE, ZE, OE, UE, PE, SF, ES = 1, 2, 4, 8, 16, 32, 64, 0x8080
C0, C1, C2, C3 = 0x100, 0x200, 0x400, 0x4000
TS, MP, EM = 8, 2, 4


class Fpu:
    """A processor with nothing but an x87: physical registers and some memory."""

    def __init__(self, isa, cw: int = 0x37F) -> None:
        self.isa = isa
        self.meanings = {m.insn.name: m for m in isa.meanings}
        self.r = [0] * 8
        self.cr0 = 0
        self.s = {"FCW": cw, "FSW": 0, "FTW": 0xFF, "FIP": 0, "FDP": 0, "FOP": 0, "CF": 0,
                  "PF": 0, "ZF": 0, "AF": 1, "SF": 1, "OF": 1, "RAX": 0}
        self.mem = 0
        self.pc = 0x1000

    @property
    def top(self) -> int:
        return self.s["FSW"] >> 11 & 7

    def st(self, n: int) -> int | None:
        """A register of the stack; None: it is empty."""
        k = (self.top + n) % 8
        return None if self.s["FTW"] >> k & 1 else self.r[k]

    def run(self, name: str, n: int = 0) -> None:
        """One instruction; n: the operand that is a number of a stack register."""
        m = self.meanings[name]
        top = self.top
        env = ieee.x87((ieee.RNE, ieee.RDN, ieee.RUP, ieee.RTZ)[self.s["FCW"] >> 10 & 3],
                       (24, 64, 53, 64)[self.s["FCW"] >> 8 & 3],
                       sum(f for k, f in enumerate((16, 32, 8, 4, 2, 1))
                           if not self.s["FCW"] >> k & 1))
        word = {o.name: o.fixed if o.fixed >= 0 else n for o in m.insn.operands}
        state = State(self.pc, {"st": [self.r[(top + k) % 8] for k in range(8)],
                                "gpr": [0] * 32},
                      lambda a, size: self.mem & (1 << 8 * size) - 1, self.store,
                      lambda a, size: None, scalars=self.s | {"CR0": self.cr0},
                      fpenvs={"x87": env}, address=lambda o, part, plus: 0x5000 + plus,
                      decoded={"X87OPCODE": 0x123})
        execute(self.isa, m, word, state, 2)
        for k in range(8):
            self.r[(top + k) % 8] = state.regs["st"][k]
        self.s = {k: state.scalars[k] for k in self.s}
        self.pc += 2

    def store(self, address: int, size: int, value: int) -> None:
        self.mem = value


class Test(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        errors = Errors()
        cls.isa = ISAS["x86"].load(semlib.TOP / "spec", errors, verify=True)
        errors.check()

    def fpu(self, *names: str, unmask: int = 0) -> Fpu:
        f = Fpu(self.isa, 0x37F & ~unmask)
        for name in names:
            f.run(name)
        return f

    def faults(self, f: Fpu, name: str, exc: str) -> None:
        before = dict(f.s), list(f.r)
        with self.assertRaises(Fault) as caught:
            f.run(name)
        self.assertEqual(caught.exception.args[0], exc)
        self.assertEqual((f.s, f.r), before)

    def test_stack(self) -> None:
        f = self.fpu("fldz", "fld1", "fld1")
        self.assertEqual((f.top, f.s["FTW"], f.s["FIP"]), (5, 0x1F, 0x1004))
        f.run("fadd.st0.st", 1)
        self.assertEqual((f.st(0), f.st(1), f.st(2)), (TWO, ONE, 0))
        f.run("faddp.st.st0", 1)
        self.assertEqual((f.st(0), f.st(1), f.st(2), f.top), (THREE, 0, None, 6))
        f.run("fxch.st", 1)
        self.assertEqual((f.st(0), f.st(1)), (0, THREE))
        f.run("fincstp")
        self.assertEqual((f.top, f.st(0), f.st(7), f.s["FTW"]), (7, THREE, 0, 0x3F))
        f.run("ffree.st", 0)
        self.assertEqual((f.st(0), f.s["FTW"]), (None, 0xBF))

    def test_deferred(self) -> None:
        f = self.fpu("fldz", "fld1", unmask=ZE)
        f.run("fdiv.st0.st", 1)  # completes, changes nothing, leaves it pending
        self.assertEqual((f.st(0), f.s["FSW"], f.s["FOP"]), (ONE, 6 << 11 | ZE | ES, 0x123))
        for name in ("fnop", "fld1", "fldcw.m16", "wait"):
            self.faults(f, name, "MF")
        f.run("fnstsw.m16")  # does not wait
        self.assertEqual(f.mem, 6 << 11 | ZE | ES)
        f.run("fnclex")
        f.run("fdivr.st0.st", 1)
        self.assertEqual((f.st(0), f.s["FSW"]), (0, 6 << 11))

    def test_unmasking_makes_pending(self) -> None:
        f = self.fpu("fldz", "fld1")
        f.run("fdiv.st0.st", 1)
        self.assertEqual((f.st(0), f.s["FSW"]), (INF, 6 << 11 | ZE))
        f.mem = 0xFFFF & ~ZE
        f.run("fldcw.m16")
        self.assertEqual((f.s["FCW"], f.s["FSW"]), (0x1F7B, 6 << 11 | ZE | ES))
        self.faults(f, "fld1", "MF")

    def test_stack_faults(self) -> None:
        f = self.fpu("fchs")
        self.assertEqual((f.st(0), f.s["FSW"]), (NAN, IE | SF))
        f = self.fpu("fchs", unmask=IE)
        self.assertEqual((f.st(0), f.s["FSW"]), (None, IE | SF | ES))
        f = self.fpu(*["fld1"] * 8)
        f.run("fldz")
        self.assertEqual((f.st(0), f.top, f.s["FSW"] & 0x7FF), (NAN, 7, IE | SF | C1))
        f = self.fpu(*["fld1"] * 8, unmask=IE)
        f.run("fldz")
        self.assertEqual((f.st(0), f.top, f.s["FSW"] & 0x7FF), (ONE, 0, IE | SF | C1 | 0x80))
        f = self.fpu("fld1")
        f.run("fxch.st", 3)
        self.assertEqual((f.st(0), f.st(3), f.s["FSW"] & 0x7FF), (NAN, ONE, IE | SF))
        f = self.fpu("fld1", "fcompp")
        self.assertEqual((f.top, f.s["FTW"], f.s["FSW"] & 0x47FF),
                         (1, 0xFF, IE | SF | C0 | C2 | C3))
        f = self.fpu("fistp.m16")
        self.assertEqual((f.mem, f.top), (0x8000, 1))

    def test_stores(self) -> None:
        for name, unmask, mem, flags in (("fst.m32", 0, 0x7F800000, OE | PE | C1),
                                         ("fst.m32", OE, 7, OE | 0x80),
                                         ("fistp.m32", 0, 0x80000000, IE),
                                         ("fistp.m32", IE, 7, IE | 0x80)):
            f = self.fpu("fld1", unmask=unmask)
            f.r[7], f.mem = HUGE, 7
            f.run(name)
            self.assertEqual((f.mem, f.s["FSW"] & 0x7FF), (mem, flags), (name, unmask))
            self.assertEqual(f.top, 0 if name == "fistp.m32" and not unmask else 7)
            self.assertEqual((f.s["FDP"], f.s["FOP"]), (0x5000, 0x123) if unmask else (0, 0))

    def test_flags(self) -> None:
        f = self.fpu("fldz", "fld1")
        f.run("fcomi.st0.st", 1)
        self.assertEqual([f.s[x + "F"] for x in "ZPCOSA"], [0] * 6)
        f.run("fcomi.st0.st", 4)  # empty
        self.assertEqual([f.s[x + "F"] for x in "ZPCOSA"], [1, 1, 1, 0, 0, 0])

    def test_absent(self) -> None:
        f = self.fpu()
        for cr0, absent in ((TS, True), (EM, True), (MP, False)):
            f.cr0 = cr0
            for name in ("fld1", "fnstsw.m16", "fninit", "fldcw.m16"):
                if absent:
                    self.faults(f, name, "NM")
        f.cr0 = TS
        f.run("wait")
        f.cr0 = TS | MP
        self.faults(f, "wait", "NM")

    def test_ranges(self) -> None:
        f = self.fpu("fld1")
        f.r[7] = (16383 + 63) << 64 | 1 << 63
        f.run("fsin")
        self.assertEqual((f.st(0), f.s["FSW"] & (C2 | 0x3F)), ((16383 + 63) << 64 | 1 << 63, C2))


if __name__ == "__main__":
    unittest.main()
