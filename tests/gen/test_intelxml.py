# SPDX-License-Identifier: MIT
"""--intel-xml: a guide of our own words beside spec/x86: what agrees, differs, is
waived, does not parse, and files that are refused."""
from __future__ import annotations

import lzma
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import semlib  # noqa: E402
from gen import intelxml  # noqa: E402
from gen.front.text import Source  # noqa: E402
from gen.isas import ISAS  # noqa: E402
from gen.model.checked import Isa  # noqa: E402
from gen.support.errors import Errors, SpecError  # noqa: E402

GUIDE = """<intrinsics_list version="0">
<intrinsic name="right" tech="AVX_ALL">
  <return etype="SI8" type="__m256i" varname="dst"/>
  <parameter etype="SI8" type="__m256i" varname="a"/>
  <parameter etype="SI8" type="__m256i" varname="b"/>
  <operation>FOR j := 0 to 31 : dst.int8[j] := Saturate8(a.int8[j] + b.int8[j])</operation>
  <instruction name="VPADDSB" form="ymm, ymm, ymm"/>
</intrinsic>
<intrinsic name="wrong" tech="SSE_ALL">
  <return etype="SI8" type="__m128i" varname="dst"/>
  <parameter etype="SI8" type="__m128i" varname="a"/>
  <parameter etype="SI8" type="__m128i" varname="b"/>
  <operation>FOR j := 0 to 15 : dst.int8[j] := Saturate8(a.int8[j] - b.int8[j])</operation>
  <instruction name="PADDSB" form="xmm, xmm"/>
</intrinsic>
<intrinsic name="_mm512_mask_odd" tech="AVX-512">
  <return etype="FP32" type="__m512" varname="dst"/>
  <parameter etype="FP32" type="__m512" varname="src"/>
  <parameter etype="MASK" type="__mmask16" varname="k"/>
  <parameter etype="FP32" type="__m512" varname="a"/>
  <parameter etype="FP32" type="__m512" varname="b"/>
  <parameter etype="IMM" type="int" varname="rounding"/>
  <operation>
    FOR j := 0 to 15
      i := j*32
      dst[i+31:i] := k[j] ? a[i+31:i] + b[i+31:i] : src[i+31:i]
    ENDFOR
  </operation>
  <instruction name="VADDPS" form="zmm {k}, zmm, zmm {er}"/>
</intrinsic>
<intrinsic name="stores" tech="SSE_ALL">
  <return type="void"/>
  <parameter etype="FP32" type="float*" varname="p"/>
  <parameter etype="FP32" type="__m128" varname="a"/>
  <operation>MEM[p+127:p] := a[127:0]</operation>
  <instruction name="MOVUPS" form="m128, xmm"/>
</intrinsic>
<intrinsic name="broken" tech="SSE_ALL">
  <operation>prose, not a program</operation>
</intrinsic>
<intrinsic name="unknown" tech="SSE_ALL">
  <return etype="FP32" type="__m128" varname="dst"/>
  <parameter etype="FP32" type="__m128" varname="a"/>
  <operation>dst := Wobble(a)</operation>
  <instruction name="MOVAPS" form="xmm, xmm"/>
</intrinsic>
</intrinsics_list>
"""


class Guide(unittest.TestCase):
    isa: Isa

    @classmethod
    def setUpClass(cls) -> None:
        errors = Errors()
        cls.isa = ISAS["x86"].load(semlib.TOP / "spec", errors, verify=False)
        errors.check()

    def check(self, waivers: str, guide: str | bytes = GUIDE, pack: bool = False
              ) -> tuple[list[str], bool]:
        with tempfile.TemporaryDirectory() as folder:
            top = Path(folder)
            (top / "x86").mkdir()
            (top / "x86" / "intel-waivers.tbl").write_text(waivers)
            file = top / "g.xml"  # what is packed is seen from its contents
            data = guide if isinstance(guide, bytes) else guide.encode()
            file.write_bytes(lzma.compress(data) if pack else data)
            lines, good = intelxml.check(self.isa, file, top)
            return [x.replace(f"{file}", "g.xml") for x in lines], good

    def test_report(self) -> None:
        lines, good = self.check("")
        self.assertFalse(good)
        text = "\n".join(lines)
        self.assertIn("g.xml:9:1: wrong (PADDSB xmm, xmm): the text gives 0x", text)
        self.assertIn("g.xml:39:19: broken does not parse: expected", text)
        self.assertIn("not compared, 1: Wobble() is not defined", text)
        self.assertEqual(lines[-1], "5 of 6 texts parse; 5 entries name an instruction of ours, 4 "
                                    "meanings are compared on 8 inputs each: 3 agree, 0 "
                                    "differences are waived, 1 are not")

    def test_waived(self) -> None:
        lines, good = self.check("wrong ours Nobody subtracts\n", pack=True)
        self.assertTrue(good)
        self.assertTrue(lines[-1].endswith("1 differences are waived, 0 are not"))

    def test_waivers_must_be_needed_and_whole(self) -> None:
        lines, good = self.check("wrong ours Nobody subtracts\nright ours Nobody x\n")
        self.assertFalse(good)
        self.assertIn("spec/x86/intel-waivers.tbl:2: error: right does not differ: the waiver is "
                      "not needed", "\n".join(lines).replace(":1: error", ": error"))
        lines, good = self.check("wrong maybe Nobody x\nwrong ours\n")
        self.assertFalse(good)
        self.assertEqual(len(lines), 2)

    def one(self, operation: str, more: str = "") -> str:
        """A guide of one entry, as the official file writes them."""
        return f"""<intrinsics_list version="3.6.9" date="07/12/2024">
<intrinsic name="_mm_adds_epi8" tech="SSE_ALL">
\t<return etype="SI8" type="__m128i" varname="dst" />
\t<parameter etype="SI8" type="__m128i" varname="a" />
\t<parameter etype="SI8" type="__m128i" varname="b" />
\t<description>Add packed signed 8-bit integers, caf\xe9</description>
\t<operation>{operation}</operation>
\t<instruction form="xmm, xmm" name="PADDSB" xed="PADDSB_XMMdq_XMMdq" />{more}
\t<CPUID>SSE2</CPUID>
\t<header>emmintrin.h</header>
</intrinsic>
</intrinsics_list>
"""

    RIGHT = """
FOR j := 0 to 15
\ti := j*8
\tdst[i+7:i] := Saturate8( a[i+7:i] + b[i+7:i] )
ENDFOR
\t"""

    def test_encodings(self) -> None:
        """Whatever the file is written in; with markup in the text."""
        text = self.one(self.RIGHT)
        for data in (text, text.replace("\n", "\r\n"), "\ufeff" + text, text.encode("utf-16"),
                     ("<?xml version='1.0' encoding='ISO-8859-1'?>" + text).encode("latin-1"),
                     self.one(f"<![CDATA[{self.RIGHT}]]>"),
                     self.one(f"<!-- x > y -->{self.RIGHT}<?tool?>")):
            lines, good = self.check("", data)
            self.assertTrue(good, lines)
            self.assertIn("1 agree", lines[-1])
        for data in (text.encode("utf-16")[:-1], text.encode("latin-1"),
                     "<?xml version='1.0' encoding='nope'?>" + text):
            with self.assertRaisesRegex(SpecError, "is not written in|bad XML"):
                self.check("", data)

    def test_places_behind_markup(self) -> None:
        lines, _ = self.check("", self.one("<!-- \xe9\n -->dst := a &amp; &lt; b"))
        self.assertIn("g.xml:8:20: _mm_adds_epi8 does not parse", lines[0])

    def test_waiver_of_another_file(self) -> None:
        """What the file has no entry of is not missed."""
        lines, good = self.check("_mm_other_epi8 ours Nobody x\n", self.one(self.RIGHT))
        self.assertTrue(good, lines)

    def test_several_instructions(self) -> None:
        more = '<instruction form="mm, mm" name="PADDSB"/><instruction form="zmm" name="NOP"/>'
        lines, _ = self.check("", self.one(self.RIGHT, more))
        self.assertIn("not compared, 1: 'b' has 128 bits, the operand 64", lines)
        self.assertIn("1 meanings are compared", lines[-1])

    def test_texts_that_never_end(self) -> None:
        for text, message in (("x := a\nFOR j := 0 to 60\n x := x * x\nENDFOR\ndst := x", "bits"),
                              ("DO WHILE 1\n dst := a\nOD", "steps|long"),
                              ("FOR j := 0 to 99999999999\n dst := a\nENDFOR", "steps|long"),
                              ("DEFINE F(x) {\n RETURN F(x)\n}\ndst := F(a)", "deep|call"),
                              ("dst[99999999999:0] := a", "slice"), ("dst := a / 0", "zero")):
            lines, _ = self.check("", self.one(text))
            self.assertRegex(lines[0], f"not compared, 1: .*({message})")

    def test_files_that_are_refused(self) -> None:
        for data, message in ((GUIDE[:-30], "bad XML"), ("<a/>", "expected <intrinsics_list>"),
                              ("<!DOCTYPE a>" + GUIDE, "document type")):
            with self.assertRaisesRegex(SpecError, message):
                self.check("", data)
        with self.assertRaisesRegex(SpecError, "cannot read"):
            intelxml.check(self.isa, Path("nowhere.xml"), semlib.TOP / "spec")

    def test_waivers_of_the_tree(self) -> None:
        errors = Errors()
        table = intelxml.read_waivers(Source(semlib.TOP / "spec" / "x86" / "intel-waivers.tbl",
                                             "t"), errors)
        self.assertEqual(errors.lines(), [])
        self.assertTrue(table)


if __name__ == "__main__":
    unittest.main()
