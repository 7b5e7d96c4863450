# SPDX-License-Identifier: MIT
"""Vector instructions of x86: what families must not say, and what their
encodings do: destinations' policies, masks, memory, floating point."""
from __future__ import annotations

import struct
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import semlib  # noqa: E402,F401
from enclib import sections  # noqa: E402
from gen.front import isatable, x86_file  # noqa: E402
from gen.front.simd_family import read_families  # noqa: E402
from gen.front.text import Source  # noqa: E402
from gen.front.x86_simd import CLASSES, SimdBodies  # noqa: E402
from gen.isas import ISAS  # noqa: E402
from gen.model import ieee  # noqa: E402
from gen.model.checked import Isa, Meaning  # noqa: E402
from gen.model.execute import Fault, State, execute  # noqa: E402
from gen.support.errors import Errors, Stop  # noqa: E402

SPEC = HERE.parents[1] / "spec"
CASES = HERE / "refused" / "simd"
TABLE = """[SSE]
PADDSB x:rw, xm128 | 66 0F EC /r
ADDPS  x:rw, xm128 | NP 0F 58 /r
[AVX512F]
VADDPS v:w{kz}, v, vm/b32 | EVEX.vl.NP.0F.W0 58 /r | er vl=128,256,512
"""


def refused(xml: str) -> list[str]:
    """What is wrong with families, beside a few encodings."""
    errors = Errors()
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        (top / "t.opc").write_text(TABLE)
        (top / "t.xml").write_text(xml)
        (top / "regnames.tbl").write_text((SPEC / "x86" / "regnames.tbl").read_text())
        try:
            info = isatable.read(Source(SPEC / "x86" / "isa.tbl", "isa.tbl"), errors).info()
            enc = x86_file.load(top, "spec/x86", ("t.opc",), "x86", errors)
            families = read_families(top / "t.xml", "t.xml", frozenset(CLASSES), errors)
            errors.check()
            bodies = SimdBodies(families, info, errors)
            for insn in enc.insns:
                bodies.check(insn)
            if not len(errors):
                bodies.finish()
        except Stop:
            pass
    return errors.lines()


class Refused(unittest.TestCase):
    """Each case has exactly the messages that its file lists."""

    def check(self, path: Path) -> None:
        parts = sections(path.read_text())
        self.assertTrue(parts["expect"].strip(), f"{path.name} has no expectation")
        self.assertEqual("\n".join(refused(parts["xml"])) + "\n", parts["expect"])


for _path in sorted(CASES.glob("*.case")):
    setattr(Refused, f"test_{_path.stem}", lambda self, p=_path: self.check(p))


class Machine:
    """A small processor: vectors, masks, a page of memory with nothing behind it."""

    SIZE = 256

    def __init__(self) -> None:
        self.vec = bytearray(32 * 64)
        self.regs = {"gpr": [0] * 32, "k": [0] * 8}
        self.memory = bytearray(range(self.SIZE))
        self.env = ieee.sse()
        self.flags = 0
        self.pointer = 0
        self.decoded = {"VINDEX": 9, "SCALE": 2}
        self.scalars = {f: 1 for f in ("CF", "PF", "AF", "ZF", "SF", "OF", "DF")}
        self.accesses: list[tuple[str, int, int]] = []

    def load(self, a: int, size: int) -> int:
        self.accesses.append(("load", a, size))
        if not 0 <= a <= self.SIZE - size:
            raise Fault("PF", a)
        return int.from_bytes(self.memory[a:a + size], "little")

    def store(self, a: int, size: int, v: int) -> None:
        self.accesses.append(("store", a, size))
        if not 0 <= a <= self.SIZE - size:
            raise Fault("PF", a)
        self.memory[a:a + size] = v.to_bytes(size, "little")

    def probe(self, a: int, size: int) -> None:
        if not 0 <= a <= self.SIZE - size:
            raise Fault("PF", a)

    def end(self, flags: int) -> None:
        self.flags |= flags
        if flags & self.env.trap:
            raise Fault("XM")

    def state(self) -> State:
        return State(0, self.regs, self.load, self.store, lambda a, s: None, scalars=self.scalars,
                     vectors={"vec": (self.vec, 64)}, fpenvs={"sse": self.env, "quiet": self.env},
                     hooks={"FpEnd": self.end, "ProbeWrite": self.probe,
                            "ProbeAligned": lambda a, size: None,
                            "ProbeMasked": lambda a, b, k: self.probe(a, b - a + 1)},
                     address=lambda o, part, plus: (self.pointer + plus) % (1 << 64),
                     decoded=self.decoded)

    def set(self, n: int, fmt: str, *values: float) -> None:
        data = struct.pack(f"<{len(values)}{fmt}", *values)
        self.vec[64 * n:64 * n + len(data)] = data

    def get(self, n: int, fmt: str, count: int) -> list[float]:
        size = struct.calcsize(f"<{count}{fmt}")
        return list(struct.unpack(f"<{count}{fmt}", self.vec[64 * n:64 * n + size]))

    def block(self, n: int) -> bytes:
        return bytes(self.vec[64 * n:64 * n + 64])


class Behaviour(unittest.TestCase):
    isa: Isa

    @classmethod
    def setUpClass(cls) -> None:
        errors = Errors()
        cls.isa = ISAS["x86"].load(SPEC, errors, verify=True)
        errors.check()

    def setUp(self) -> None:
        self.m = Machine()

    def meaning(self, name: str) -> Meaning:
        m = self.isa.meaning(name)
        assert m is not None, name
        return m

    def run_one(self, name: str, **operands: int) -> None:
        """dst=1, src1=2, src2=3 and so on, unless told."""
        m = self.meaning(name)
        words = {"dst": 1, "src1": 2, "src2": 3, "src": 2, "mask": 0, "zeroing": 0} | operands
        execute(self.isa, m, words, self.m.state(), length=4)

    def test_bits_above_the_operand(self) -> None:
        self.m.vec[64:128] = b"\xAA" * 64
        self.run_one("paddsb.xmm.xmm")
        self.assertEqual(self.m.block(1)[16:], b"\xAA" * 48)
        self.run_one("vpaddsb.xmm.xmm.xmm")
        self.assertEqual(self.m.block(1), bytes(64))

    def test_saturation(self) -> None:
        self.m.set(2, "b", 127, -128, 100, -100, 5)
        self.m.set(3, "b", 1, -1, 100, -100, 6)
        self.run_one("vpaddsb.xmm.xmm.xmm")
        self.assertEqual(self.m.get(1, "b", 5), [127, -128, 127, -128, 11])

    def test_masks_merge_and_zero(self) -> None:
        for zeroing, other in ((0, 9), (1, 0)):
            self.m.set(1, "b", *[9] * 16)
            self.m.set(2, "b", *[1] * 16)
            self.m.regs["k"][3] = 0b101
            self.run_one("vpaddsb.xmm.xmm.xmm.k", mask=3, zeroing=zeroing)
            self.assertEqual(self.m.get(1, "b", 4), [1, other, 1, other])
        self.m.regs["k"][0] = 0  # k0 masks nothing
        self.run_one("vpaddsb.xmm.xmm.xmm.k", mask=0)
        self.assertEqual(self.m.get(1, "b", 4), [1] * 4)

    def test_shuffle_reads_what_was_there(self) -> None:
        self.m.set(1, "B", *range(15, -1, -1))
        self.run_one("pshufb.xmm.xmm", src=1)  # register 1 is all three
        self.assertEqual(self.m.get(1, "B", 16), list(range(16)))
        self.m.set(2, "B", *range(100, 116))
        self.m.set(3, "B", 0x80, 15, 0x1F, *[0] * 13)
        self.run_one("vpshufb.xmm.xmm.xmm")
        self.assertEqual(self.m.get(1, "B", 4), [0, 115, 115, 100])

    def test_permutation_of_all_bytes(self) -> None:
        self.m.set(3, "B", *range(64))
        self.m.set(2, "B", *[63, 64, 1] + [5] * 61)
        self.run_one("vpermb.zmm.zmm.zmm.k")
        self.assertEqual(self.m.get(1, "B", 4), [63, 0, 1, 5])

    def test_alignment(self) -> None:
        self.m.pointer = 8
        for name in ("addps.xmm.m128", "movaps.xmm.m128", "vmovaps.ymm.m256", "pshufb.xmm.m128"):
            with self.assertRaises(Fault, msg=name) as e:
                self.run_one(name)
            self.assertEqual((e.exception.exc, e.exception.value), ("GP", 0))
        for name in ("vaddps.xmm.xmm.m128", "movups.xmm.m128", "addss.xmm.m32"):
            self.run_one(name)

    def test_masked_lanes_are_not_accessed(self) -> None:
        self.m.pointer = self.m.SIZE - 8  # two lanes are there
        self.m.regs["k"][1] = 0b11
        self.run_one("vmovdqu32.zmm.m512.k", mask=1)
        self.assertEqual(self.m.accesses, [("load", 248, 4), ("load", 252, 4)])
        self.run_one("vmovdqu32.m512.zmm.k", mask=1, src=5)
        self.assertEqual(self.m.memory[-8:], bytes(8))
        self.run_one("vaddps.zmm.zmm.m512.k", mask=1)
        self.m.regs["k"][1] = 0b111
        for name in ("vmovdqu32.zmm.m512.k", "vaddps.zmm.zmm.m512.k", "vmovdqu32.m512.zmm.k"):
            with self.assertRaises(Fault, msg=name):
                self.run_one(name, mask=1)

    def test_a_store_that_faults_writes_nothing(self) -> None:
        self.m.pointer = self.m.SIZE - 8
        before = bytes(self.m.memory)
        self.m.set(2, "B", *[0xFF] * 64)
        for name in ("movups.m128.xmm", "vmovdqu32.m512.zmm.k"):
            with self.assertRaises(Fault, msg=name):
                self.run_one(name)
            self.assertEqual(bytes(self.m.memory), before)

    def test_broadcast_reads_one_element_if_any_lane_wants_it(self) -> None:
        self.m.memory[:4] = struct.pack("<f", 2.5)
        self.m.set(2, "f", *[1.0] * 16)
        self.run_one("vaddps.zmm.zmm.b32.k")
        self.assertEqual(self.m.get(1, "f", 16), [3.5] * 16)
        self.assertEqual(len(self.m.accesses), 1)
        self.m.pointer = 4 * self.m.SIZE
        self.m.regs["k"][2] = 0x10000  # no lane of sixteen
        self.run_one("vaddps.zmm.zmm.b32.k", mask=2)

    def test_scalars_take_the_rest_from_the_first_source(self) -> None:
        self.m.set(2, "f", 1.0, 7.0, 8.0, 9.0)
        self.m.set(3, "f", 2.0, 5.0, 5.0, 5.0)
        self.run_one("vaddss.xmm.xmm.xmm")
        self.assertEqual(self.m.get(1, "f", 5), [3.0, 7.0, 8.0, 9.0, 0.0])
        self.m.set(1, "f", 4.0, 1.0)
        self.run_one("vaddss.xmm.xmm.xmm.k", mask=4)
        self.assertEqual(self.m.get(1, "f", 2), [4.0, 7.0])
        self.run_one("vaddss.xmm.xmm.xmm.k", mask=4, zeroing=1)
        self.assertEqual(self.m.get(1, "f", 2), [0.0, 7.0])

    def test_flags_and_traps(self) -> None:
        self.m.set(1, "f", 1.0, 0.0, 3.0, 4.0)
        self.m.set(2, "f", 0.0, 0.0, 3.0, 3.0)
        before = self.m.block(1)
        self.m.env.trap = ieee.DZ
        with self.assertRaises(Fault) as e:
            self.run_one("divps.xmm.xmm")
        self.assertEqual(e.exception.exc, "XM")
        self.assertEqual(self.m.block(1), before)
        self.assertEqual(self.m.flags, ieee.DZ | ieee.NV | ieee.NX)
        self.m.env.trap = 0
        self.run_one("divps.xmm.xmm")
        self.assertEqual(self.m.get(1, "f", 3)[2], 1.0)

    def test_lanes_left_out_raise_nothing(self) -> None:
        self.m.set(2, "f", *[1.0] * 16)
        self.m.regs["k"][1] = 0
        self.run_one("vdivps.zmm.zmm.zmm.k", mask=1)
        self.assertEqual(self.m.flags, 0)

    def test_embedded_rounding(self) -> None:
        self.m.set(2, "f", *[1.0] * 16)
        self.m.set(3, "f", *[2.0 ** -30] * 16)
        up = struct.unpack("<f", struct.pack("<I", 0x3F800001))[0]
        for direction, want in ((0, 1.0), (1, 1.0), (2, up), (3, 1.0)):
            self.run_one("vaddps.zmm.zmm.zmm.k.er", rounding=direction)
            self.assertEqual(self.m.get(1, "f", 16), [want] * 16)
        self.assertEqual(self.m.flags, 0)

    def test_fused(self) -> None:
        one = 1.0 + 2.0 ** -52
        self.m.set(2, "d", one)
        self.m.set(3, "d", one)
        self.m.set(1, "d", -(1.0 + 2.0 ** -51))
        self.run_one("vfmadd231pd.xmm.xmm.xmm")
        self.assertEqual(self.m.get(1, "d", 1), [2.0 ** -104])

    def test_comparison_to_a_mask(self) -> None:
        nan = float("nan")
        self.m.set(2, "f", 1.0, 2.0, 3.0, nan)
        self.m.set(3, "f", 2.0, 2.0, 2.0, 2.0)
        name = next(m.insn.name for m in self.isa.meanings
                    if m.insn.name.startswith("vcmpps.k.xmm.xmm.i8")
                    or m.insn.name.startswith("vcmp{p}ps.k.xmm.xmm.i8")
                    or m.insn.encoding.mnemonic == "VCMP{p}PS" and "k.xmm.xmm.i8" in m.insn.name)
        number = next(o.name for o in self.meaning(name).insn.operands if o.name.startswith("src3"))
        for predicate, want in ((0, 0b0010), (1, 0b0001), (2, 0b0011), (3, 0b1000), (4, 0b1101),
                                (5, 0b1110), (7, 0b0111), (11, 0), (14, 0b0100), (15, 0b1111)):
            self.run_one(name, **{number: predicate})
            self.assertEqual(self.m.regs["k"][1], want, predicate)
        self.m.regs["k"][5] = 0b0011
        self.run_one(name, mask=5, **{number: 15})
        self.assertEqual(self.m.regs["k"][1], 0b0011)
        self.m.flags = 0
        self.run_one(name, **{number: 0})
        self.assertEqual(self.m.flags, 0)
        self.run_one(name, **{number: 16})  # EQ_OS signals
        self.assertEqual(self.m.flags, ieee.NV)

    def test_flags_of_comisd(self) -> None:
        nan = float("nan")
        for a, b, want in ((1.0, 2.0, (0, 0, 1)), (2.0, 2.0, (1, 0, 0)), (3.0, 2.0, (0, 0, 0)),
                           (nan, 2.0, (1, 1, 1))):
            self.m.set(1, "d", a)
            self.m.set(2, "d", b)
            self.m.flags = 0
            self.run_one("ucomisd.xmm.xmm", src1=1, src2=2)
            self.assertEqual(self.m.flags, 0)
            self.run_one("comisd.xmm.xmm", src1=1, src2=2)
            s = self.m.scalars
            self.assertEqual((s["ZF"], s["PF"], s["CF"]), want)
            self.assertEqual((s["OF"], s["SF"], s["AF"]), (0, 0, 0))
            self.assertEqual(self.m.flags, ieee.NV if a != a else 0)

    def test_conversion_of_integers(self) -> None:
        self.m.regs["gpr"][2] = (1 << 64) - 5
        self.m.set(1, "d", 1.0, 7.0)
        self.run_one("cvtsi2sd.xmm.r64")
        self.assertEqual(self.m.get(1, "d", 2), [-5.0, 7.0])
        self.run_one("cvtsi2sd.xmm.r32")
        self.assertEqual(self.m.get(1, "d", 1), [-5.0])

    def test_a_gather_clears_its_mask_as_it_goes(self) -> None:
        self.m.set(9, "i", 0, 1, 1000, 3)  # times 4: the third one is not there
        self.m.set(1, "I", *[7] * 4)
        self.m.regs["k"][1] = 0b1111
        with self.assertRaises(Fault):
            self.run_one("vpgatherdd.xmm.vxmm32.k", mask=1)
        self.assertEqual(self.m.regs["k"][1], 0b1100)
        self.assertEqual(self.m.get(1, "I", 4), [0x03020100, 0x07060504, 7, 7])
        self.m.set(9, "i", 0, 1, 2, -1)
        self.m.pointer = 16
        self.run_one("vpgatherdd.xmm.vxmm32.k", mask=1)
        self.assertEqual(self.m.regs["k"][1], 0)
        self.assertEqual(self.m.get(1, "I", 4)[2:], [0x1B1A1918, 0x0F0E0D0C])
        with self.assertRaises(Fault) as e:
            self.run_one("vpgatherdd.xmm.vxmm32.k", mask=1, dst=9)
        self.assertEqual(e.exception.exc, "UD")


if __name__ == "__main__":
    unittest.main()
