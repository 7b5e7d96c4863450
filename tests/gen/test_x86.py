# SPDX-License-Identifier: MIT
"""x86 opcode tables: their reader, expansion, and the proof that rows do not overlap."""
from __future__ import annotations

import random
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "tools" / "asl-parser")]

from enclib import TOP, sections  # noqa: E402
from gen.front import x86_file  # noqa: E402
from gen.isas import ISAS  # noqa: E402
from gen.model.encoding import Insn, IsaEncodings  # noqa: E402
from gen.model.prefixed import KEY, Src, bits, meet, within  # noqa: E402
from gen.passes.prefixed_overlap import check_prefixed, left_over, without  # noqa: E402
from gen.support.errors import Errors, Stop  # noqa: E402
from test_encoding import damage  # noqa: E402

CASES = HERE / "refused" / "opc"
REGNAMES = (TOP / "spec" / "x86" / "regnames.tbl").read_text()


def build(text: str) -> tuple[IsaEncodings | None, list[str]]:
    """The ISA of one table, or what is wrong with it."""
    errors = Errors()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "t.opc").write_text(text)
        (Path(folder) / "regnames.tbl").write_text(REGNAMES)
        try:
            isa = x86_file.load(Path(folder), "spec/x86", ("t.opc",), "x86", errors)
            check_prefixed(isa, errors)
            errors.check()
        except Stop:
            return None, errors.lines()
    return isa, []


def insns(line: str, feature: str = "BASE") -> list[Insn]:
    isa, lines = build(f"[{feature}]\n{line}\n")
    if isa is None:
        raise AssertionError("\n".join(lines))
    return list(isa.insns)


class Refused(unittest.TestCase):
    """Every case file, with exactly the messages that it expects."""

    def test_cases(self) -> None:
        names = sorted(p.stem for p in CASES.glob("*.case"))
        self.assertGreater(len(names), 8)
        for name in names:
            with self.subTest(name):
                parts = sections((CASES / f"{name}.case").read_text())
                isa, lines = build(parts["t.opc"])
                self.assertEqual(lines, parts["expect"].splitlines())
                self.assertEqual(isa is None, bool(lines))

    def test_damaged(self) -> None:
        """Changed, dropped and doubled characters and lines: messages, no crash."""
        rng = random.Random(3)
        lines = [line for f in ("integer", "avx", "x87") for line in
                 (TOP / "spec" / "x86" / f"{f}.opc").read_text().split("\n")]
        accepted = 0
        for _ in range(400):
            text = "[F]\nwords fp = eq lt\n" + "\n".join(rng.sample(lines, 3)) + "\n"
            for _ in range(rng.randrange(3)):
                text = damage(text, rng)
            isa, messages = build(text)
            self.assertEqual(isa is None, bool(messages))
            for m in messages:
                self.assertRegex(m, r"^spec/x86/t\.opc:\d+:\d+: (error|note): .|^stopped after")
            accepted += isa is not None
        self.assertTrue(100 < accepted < 390, accepted)


class Expansion(unittest.TestCase):
    """One line is all its forms."""

    def test_sizes_and_forms(self) -> None:
        found = insns("ADD rm:rw, r | 00+w /r | lock sz=8,16,32,64")
        self.assertEqual([i.name for i in found][:3], ["add.r8.r8", "add.m8.r8", "lock.add.m8.r8"])
        self.assertEqual(len(found), 12)
        self.assertEqual({(i.encoding.sz, i.encoding.opcode) for i in found},
                         {(8, 0), (16, 1), (32, 1), (64, 1)})
        wide = next(i for i in found if i.name == "lock.add.m64.r64")
        dst, src = wide.operands
        self.assertEqual((dst.name, dst.source, dst.access, dst.mem.bits),
                         ("dst", Src.MEM, "rw", 64))
        self.assertEqual((src.name, src.source, src.access, src.place.slot),
                         ("src", Src.REG, "r", 0))
        self.assertEqual(wide.encoding.modes, {64})
        self.assertEqual([i.encoding.att for i in found[::3]], ["addb", "addw", "addl", "addq"])

    def test_groups_and_conditions(self) -> None:
        found = insns(",BLSR,,BLSI r:w, rm | VEX.LZ.NP.0F38 F3 /n | sz=32,64")
        self.assertEqual([(i.encoding.mnemonic, i.encoding.reg) for i in found[::4]],
                         [("BLSR", 1), ("BLSI", 3)])
        self.assertEqual(found[0].operands[0].source, Src.VVVV)
        found = insns("SET{cc} rm8:w | 0F 90+n /r")
        self.assertEqual(len(found), 32)
        self.assertEqual([(i.encoding.intel, i.encoding.opcode) for i in found[4:9:2]],
                         [("setb", 0x92), ("setae", 0x93), ("sete", 0x94)])
        self.assertEqual([a for a, _ in found[4].encoding.aliases], ["setc", "setnae"])
        self.assertEqual(found[5].operands[-1].fixed, 2)

    def test_vectors(self) -> None:
        found = insns("VADDPS v:w{kz}, v, vm/b32 | EVEX.vl.NP.0F.W0 58 /r | er vl=128,256,512")
        names = [i.name for i in found]
        self.assertEqual(len(names), 10)
        self.assertIn("vaddps.zmm.zmm.b32.k", names)
        self.assertIn("vaddps.zmm.zmm.zmm.k.er", names)
        scales = {i.name: i.encoding.scale for i in found}
        self.assertEqual((scales["vaddps.zmm.zmm.m512.k"], scales["vaddps.ymm.ymm.b32.k"]), (6, 2))
        mem = next(o for o in found[names.index("vaddps.zmm.zmm.b32.k")].operands if o.mem)
        self.assertEqual((mem.mem.bits, mem.mem.broadcast), (32, 16))
        self.assertEqual([o.source for o in found[0].operands],
                         [Src.REG, Src.MASK, Src.ZEROING, Src.VVVV, Src.RM])

    def test_destination_in_vvvv(self) -> None:
        found = insns("ADD ndd=r:w, dst=rm, src=r | EVEX.LZ.MAP4.ND1 00+w /r | nf sz=64")
        self.assertEqual([o.source for o in found[0].operands], [Src.VVVV, Src.RM, Src.REG])
        self.assertEqual([i.encoding.nf for i in found], [False, True, False, True])

    def test_promoted(self) -> None:
        """apx= is more lines of the same opcode."""
        isa, lines = build(
            "[BASE]\nnonf ADC\nADC,SUB rm:rw, r | 10+w+8n /r | lock sz=8,64 apx=nd,nf\n")
        self.assertEqual(lines, [])
        names = [i.name for i in isa.insns]
        for name in ("adc.r64.r64.evex", "adc.r64.r64.r64.evex", "sub.r64.m64.r64.evex.nf",
                     "sub.m8.r8.evex.nf"):
            self.assertIn(name, names)
        self.assertFalse([n for n in names if n.startswith("adc") and n.endswith("nf")])
        ndd = isa.insn("sub.r64.m64.r64.evex")
        self.assertEqual([(o.name, o.access) for o in ndd.operands],
                         [("ndd", "w"), ("dst", "r"), ("src", "r")])
        self.assertEqual((ndd.encoding.map, ndd.encoding.opcode, ndd.encoding.extension),
                         (4, 0x19, "APX_F"))

    def test_whole_tables(self) -> None:
        """Names are unique, ids dense, and every register operand has a place."""
        errors = Errors()
        enc = ISAS["x86"].encodings(TOP / "spec", errors, False)
        self.assertEqual([i.id for i in enc.insns], list(range(1, len(enc.insns) + 1)))
        self.assertEqual(len({i.ident for i in enc.insns}), len(enc.insns))
        for i in enc.insns:
            for o in i.operands:
                if o.source in (Src.REG, Src.RM, Src.VVVV, Src.OPCODE, Src.IMM, Src.REL):
                    self.assertIsNotNone(o.place, f"{i.name} {o.name}")


class Cubes(unittest.TestCase):
    """Sets of keys."""

    def test_without(self) -> None:
        """What is left and what is cut share nothing, and nothing is lost."""
        rng = random.Random(1)
        fields = {"REG": 3, "W": 1, "L": 2}
        keys = [bits(REG=r, W=w, L=n) for r in range(8) for w in range(2) for n in range(4)]

        def cube() -> dict[str, tuple[int, int]]:
            out = {}
            for f, width in fields.items():
                mask = rng.randrange(1 << width)
                if mask:
                    out[f] = (mask, rng.randrange(1 << width) & mask)
            return out

        for _ in range(500):
            a, b = cube(), cube()
            rest = without(a, b)
            for k in keys:
                inside = within(k, a) and not within(k, b)
                self.assertEqual(sum(within(k, r) for r in rest), int(inside))
            self.assertEqual(meet(a, b), any(within(k, a) and within(k, b) for k in keys))
            self.assertEqual(left_over((a,), [b]) is None,
                             all(not within(k, a) or within(k, b) for k in keys))

    def test_key_is_the_runtime_s(self) -> None:
        """core/prefixed.h has every field, at places that share nothing."""
        text = (TOP / "runtime" / "core" / "prefixed.h").read_text()
        taken: set[int] = set()
        for f, width in KEY.items():
            at = int(text.split(f"\tRX_PX_{f} = ")[1].split(",")[0])
            own = set(range(at, at + width))
            self.assertFalse(own & taken, f)
            taken |= own
        self.assertLess(max(taken), 64)


if __name__ == "__main__":
    unittest.main()
