# SPDX-License-Identifier: MIT
"""Register tables: reading, refusing, and what is generated from them."""
from __future__ import annotations

import re
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[1]
for folder in (TOP, HERE):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from enclib import sections  # noqa: E402
from gen.back import csr, regs  # noqa: E402
from gen.front.operands import Operands, read_regnames  # noqa: E402
from gen.front.registers import read_registers  # noqa: E402
from gen.front.text import Source  # noqa: E402
from gen.model.registers import Registers  # noqa: E402
from gen.support.errors import Errors, Stop  # noqa: E402
from gen.support.render import environment  # noqa: E402

CASES = HERE / "refused" / "regs"
DUO = {"duo": ("left", "right")}


def build(files: dict[str, str]) -> tuple[Registers | None, list[str]]:
    """The tables in t.tbl, or what is wrong with them."""
    errors = Errors()
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text)
        try:
            return read_registers([Source(Path(folder) / "t.tbl", "spec/toy/t.tbl")],
                                  DUO, errors), []
        except Stop:
            return None, errors.lines()


def toy(text: str) -> dict[str, str]:
    """Generated files of a table that must be accepted."""
    numbers = "".join(f"{k:#x} r{k}\n" for k in range(16))
    model, lines = build({"n.tbl": numbers, "t.tbl": "isa toy\nnumbers 4 n.tbl\n" + text})
    if model is None:
        raise AssertionError("\n".join(lines))
    return regs.generate(model, environment()) | csr.generate(model, environment())


def function(text: str, name: str) -> str:
    """Body of a generated function."""
    m = re.search(rf"\b{name}\([^)]*\)\n{{\n(.*?)\n}}\n", text, re.S)
    return m[1] if m else ""


class Refused(unittest.TestCase):
    """Each case has exactly the messages that its file lists."""

    def check(self, path: Path) -> None:
        parts = sections(path.read_text())
        expected = parts.pop("expect", None)
        self.assertIsNotNone(expected, f"{path.name} has no expectation")
        self.assertTrue(expected.strip())
        _, lines = build(parts)
        self.assertEqual("\n".join(lines) + "\n", expected)


for _path in sorted(CASES.glob("*.case")):
    setattr(Refused, f"test_{_path.stem}", lambda self, p=_path: self.check(p))


class Generated(unittest.TestCase):
    def test_struct_and_table(self) -> None:
        out = toy("reg a u64[3] general names=duo scratch=2\nreg b u8 system reset=7\n"
                  "reg pc u64 pc member=cpu.pc\nreg w u32[2] hidden reset=0x10\n"
                  "embed e struct thing\ninclude x/y.h\n")
        header, source = out["toy/regs.h"], out["toy/regs.c"]
        members = re.search(r"struct rx_toy {\n(.*?)};", header, re.S)[1]
        self.assertEqual([line.split(";")[0].strip() for line in members.splitlines()],
                         ["struct rx_cpu cpu", "uint64_t a[3]", "uint8_t b", "uint32_t w[2]",
                          "struct thing e"])
        self.assertIn('#include "x/y.h"', header)
        self.assertEqual(re.findall(r"REG\((\".*)\)", source), [
            '"left", a[0], 8, RX_REG_GENERAL', '"right", a[1], 8, RX_REG_GENERAL',
            '"b", b, 1, RX_REG_SYSTEM', '"pc", cpu.pc, 8, RX_REG_PC',
            '"w0", w[0], 4, RX_REG_HIDDEN', '"w1", w[1], 4, RX_REG_HIDDEN'])
        reset = function(source, "rg_toy_reset_regs")
        self.assertIn("c->b = UINT64_C(0x7);", reset)
        self.assertIn("k < 2; k++)\n\t\tc->w[k] = UINT64_C(0x10);", reset)
        self.assertIn("k < 3; k++)\n\t\tc->a[k]", reset)  # the scratch element too
        self.assertNotIn("pc", reset)
        self.assertIn("RG_TOY_REG_W = 4,", header)
        self.assertIn("RG_TOY_NREGS = 6,", header)

    def test_fields_make_masks(self) -> None:
        out = toy("effect hot it is hot\ncsr r1\nfield r1 A 3:2 rw effect=hot\n"
                  "field r1 B 7 ro\nfield r1 C 9:8 fixed=2\nfield r1 D 0 rw\n")
        self.assertIn("#define RG_TOY_R1_A UINT64_C(0xc)\n#define RG_TOY_R1_A_SHIFT 2\n",
                      out["toy/regs.h"])
        body = function(out["toy/csr.c"], "write_r1")
        self.assertIn("uint64_t mask = UINT64_C(0xd);", body)
        self.assertIn("if ((old ^ now) & UINT64_C(0xc))\n\t\trx_toy_effect_hot(c);", body)
        self.assertIn("c->r1 = UINT64_C(0x200);", function(out["toy/regs.c"],
                                                          "rg_toy_reset_regs"))

    def test_views(self) -> None:
        out = toy("csr r1 legal=fix\ncsr r2 view=r1 gate=r3\ncsr r3\n"
                  "field r1 A 0 rw view=r2\nfield r1 B 1 rw view=r2:ro\nfield r1 C 2 rw\n")
        text = out["toy/csr.c"]
        self.assertIn("return c->r1 & c->r3 & UINT64_C(0x3);", function(text, "read_r2"))
        body = function(text, "write_r2")
        self.assertIn("uint64_t mask = UINT64_C(0x1) & c->r3;", body)
        self.assertIn("now = rx_toy_legal_fix(c, n, old, now);", body)
        self.assertNotIn("uint64_t r2;", out["toy/regs.h"])

    def test_ranges_and_constants(self) -> None:
        out = toy("reg v u64[4] system\ncsr r4..r7 in=v mask=0xff\ncsr r8..r9 value=5\n")
        text = out["toy/csr.c"]
        self.assertIn("return c->v[n - 0x4];", function(text, "read_r4"))
        self.assertIn("return UINT64_C(0x5);", function(text, "read_r8"))
        self.assertEqual(re.findall(r"\[(0x\d+)\] = (\d+),", text),
                         [("0x004", "1"), ("0x005", "1"), ("0x006", "1"), ("0x007", "1"),
                          ("0x008", "2"), ("0x009", "2")])

    def test_conditions(self) -> None:
        out = toy("when a one\nwhen b two\ncsr r1 when=a\ncsr r2 when=a,b\n")
        rows = re.search(r"csrs\[\] = {\n(.*?)\n};", out["toy/csr.c"], re.S)[1].splitlines()
        self.assertTrue(rows[1].endswith("rx_toy_when_a },"))
        self.assertTrue(rows[2].endswith("when_r2 },"))
        self.assertIn("return rx_toy_when_a(c, n) && rx_toy_when_b(c, n);",
                      function(out["toy/csr.c"], "when_r2"))

    def test_computed(self) -> None:
        out = toy("csr r1 read=clock\ncsr r2 read=x write=y\ncsr r3 read=z\nfield r3 A 0 rw\n")
        rows = re.search(r"csrs\[\] = {\n(.*?)\n};", out["toy/csr.c"], re.S)[1].splitlines()
        self.assertIn("{ rx_toy_read_clock, NULL, ignore, NULL }", rows[1])
        self.assertIn("{ rx_toy_read_x, NULL, rx_toy_write_y, NULL }", rows[2])
        # stored and computed: set and clear start from what is stored
        self.assertIn("{ rx_toy_read_z, base_r3, write_r3, NULL }", rows[3])
        self.assertIn("return c->r3;", function(out["toy/csr.c"], "base_r3"))


class RiscV(unittest.TestCase):
    """The real tables, against facts of the manual that they do not repeat."""

    @classmethod
    def setUpClass(cls) -> None:
        errors = Errors()
        spec = TOP / "spec" / "riscv"

        def source(name: str) -> Source:
            return Source(spec / name, f"spec/riscv/{name}")

        operands = Operands()
        read_regnames(source("regnames.tbl"), operands, errors)
        names = {k: v.names for k, v in operands.regs.items()}
        cls.model = read_registers([source(n) for n in ("state.tbl", "fields.tbl", "csrs.tbl")],
                                   names, errors)
        cls.csrs = {n: c for c in cls.model.csrs for n in c.names}
        cls.numbers = dict(reversed(line.split()) for line in
                           (spec / "csrnames.tbl").read_text().splitlines()
                           if line and not line.startswith("#"))

    def test_masks(self) -> None:
        for name, mask in (("mstatus", 0x7E7FAA), ("sstatus", 0xC6722), ("mie", 0xAAA),
                           ("mip", 0x222), ("sip", 0x2), ("sie", 0x222), ("mideleg", 0x222),
                           ("menvcfg", 0xE0000000000000F1), ("mcounteren", 0xFFFFFFFF)):
            self.assertEqual(self.csrs[name].write_mask, mask, name)

    def test_read_only_numbers_have_no_writer(self) -> None:
        for name, c in self.csrs.items():
            if int(self.numbers[name], 16) >> 10 == 3:
                self.assertFalse(c.write or c.storage, name)

    def test_numbers(self) -> None:
        self.assertGreaterEqual(len(self.numbers), 330)
        for name, number in (("fflags", 1), ("mstatus", 0x300), ("pmpaddr63", 0x3EF),
                             ("hpmcounter31", 0xC1F), ("mtopi", 0xFB0), ("satp", 0x180)):
            self.assertEqual(int(self.numbers[name], 16), number)

    def test_order_is_stable(self) -> None:
        first = regs.generate(self.model, environment())
        self.assertEqual(first, regs.generate(self.model, environment()))
        for path, text in first.items():
            self.assertTrue(path.startswith("rv64/"))
            self.assertLess(len(text.splitlines()), 4000)

    def test_generator_names_no_isa(self) -> None:
        for path in ("gen/front/registers.py", "gen/model/registers.py", "gen/back/regs.py",
                     *(f"gen/templates/regs/{n}.j2" for n in ("regs.h", "regs.c", "csr.c"))):
            self.assertNotRegex((TOP / path).read_text().lower(), r"risc|rv64|mstatus", path)


if __name__ == "__main__":
    unittest.main()
