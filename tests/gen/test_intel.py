# SPDX-License-Identifier: MIT
"""Intel's operation language: what is refused, trees, execution of texts."""
from __future__ import annotations

import logging
import random
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import semlib  # noqa: E402,F401
from enclib import sections  # noqa: E402
from aslparser import AslErrors  # noqa: E402
from gen.front import intel_nodes as n, intel_xml  # noqa: E402
from gen.front.intel_eval import Memory, Raised, Run, Variable, elem_of  # noqa: E402
from gen.front.intel_parser import build_tables, parse  # noqa: E402
from gen.front.intel_values import EvalError  # noqa: E402
from gen.model import ieee  # noqa: E402
from gen.support.errors import Errors, SpecError, Stop  # noqa: E402
from ply import yacc  # noqa: E402

CASES = HERE / "refused" / "intel"


def refused(parts: dict[str, str]) -> list[str]:
    """What is wrong with a text or a document."""
    if "op" in parts:
        try:
            parse(parts["op"], "text")
        except AslErrors as e:
            return [str(x) for x in e.errors]
        return []
    errors = Errors()
    try:
        for entry in intel_xml.read_guide(parts["xml"].encode(), "a.xml", errors, strict=True):
            for op in entry.operations:
                try:
                    parse(op.text, "a.xml", place=op.place)
                except AslErrors as e:
                    for x in e.errors:
                        errors.add(x.span, x.message)
    except SpecError as e:
        errors.take(e)
    except Stop:
        pass
    return errors.lines()


class Refused(unittest.TestCase):
    """Each case has exactly the messages that its file lists."""

    def check(self, path: Path) -> None:
        parts = sections(path.read_text())
        expected = parts.pop("expect")
        self.assertTrue(expected.strip(), f"{path.name} has no expectation")
        self.assertEqual("\n".join(refused(parts)) + "\n", expected)


for _path in sorted(CASES.glob("*.case")):
    setattr(Refused, f"test_{_path.stem}", lambda self, p=_path: self.check(p))


class Grammar(unittest.TestCase):
    def test_no_conflicts(self) -> None:
        class Log(yacc.NullLogger):
            def warning(self, *args: object, **kwargs: object) -> None:
                raise AssertionError(args)
        build_tables(Log(), logging.getLogger("nobody"))

    def test_precedence(self) -> None:
        for text, same in (("a + b * c", "a + (b * c)"), ("a AND b == c", "a AND (b == c)"),
                           ("a << 1 + b", "a << (1 + b)"), ("NOT a AND b", "(NOT a) AND b"),
                           ("a OR b AND c", "a OR (b AND c)"), ("-a[3:0] * b", "(-a[3:0]) * b"),
                           ("p ? a : q ? b : c", "p ? a : (q ? b : c)"),
                           ("a XOR b OR c", "(a XOR b) OR c"), ("a - b - c", "(a - b) - c"),
                           ("x == 1 ? 2 : 3", "(x == 1) ? 2 : 3")):
            self.assertEqual(parse(f"x := {text}", ""), parse(f"x := {same}", ""), text)

    def test_line_ends(self) -> None:
        one = parse("IF a\nx := b + c\nELSE IF d\nx := (e + f)\nELSE\ny := 1\nFI", "")
        two = parse("IF a x := b +\n  c; ELSE IF d\n x := (e\n + f) ELSE y := 1 FI", "")
        self.assertEqual(one, two)
        self.assertEqual(parse("x := a + \\\n b", ""), parse("x := a + b // c", ""))

    def test_statements(self) -> None:
        body = parse("CASE x[1:0] OF\n0: y := 1\n1, 2: y := 2; z := 3\nDEFAULT: BREAK\nESAC\n"
                     "DEFINE f(a, b[7:0]) {\nRETURN a\n}\nenum E { A := 0, B := 7 }\n"
                     "BYTE t[2] = { 1,\n 0x2 }\nDO WHILE x > 0\nx >>= 1\nOD\n#GP\n"
                     "FOR j := 3 DOWNTO 0 : y += j\n", "")
        self.assertEqual([type(s).__name__ for s in body],
                         ["Case", "Define", "Enum", "Table", "While", "Fault", "For"])
        case = body[0]
        assert isinstance(case, n.Case)
        self.assertEqual([len(labels) for labels, _ in case.arms], [1, 2, 0])
        self.assertEqual(body[1].names(), ("a", "b"))

    def test_spans(self) -> None:
        (s,) = parse("\n  x := a[i+7:i]", "f", line=10)
        self.assertEqual((s.span.line, s.span.col, s.span.end_col), (11, 3, 16))
        self.assertEqual(s.value.span.col, 8)

    def test_places_in_xml(self) -> None:
        data = b'<a>\n  <b c="&gt;">x := a &lt; )\n&amp;&amp; )</b>\n</a>'
        node = intel_xml.read_tree(data, "f").nodes[0]
        self.assertEqual(node.text, "x := a < )\n&& )")
        with self.assertRaises(AslErrors) as e:
            parse(node.text, "f", place=node.place)
        self.assertEqual([(x.span.line, x.span.col) for x in e.exception.errors], [(2, 27), (3, 1)])

    def test_any_cut_of_a_text_is_an_error_or_a_tree(self) -> None:
        text = ("FOR j := 0 TO 7\n\tIF k[j]\n\t\tdst.fp32[j] := a.fp32[j] * -b[31:0]\n\tELSE IF x\n"
                "\t\t#DE\n\tFI\nENDFOR\nCASE y OF\n1: z := MEM[p+7:p]\nESAC\n")
        rng = random.Random(1)
        for k in range(300):
            at, to = sorted(rng.randrange(len(text) + 1) for _ in range(2))
            broken = text[:at] + rng.choice(["", ")", "[", "ELSE ", "\n", ":="]) + text[to:]
            try:
                parse(broken, "f")
            except AslErrors as e:
                self.assertTrue(all(x.span.line >= 1 and x.message for x in e.errors))


class Texts(unittest.TestCase):
    def run_text(self, text: str, memory: int = 0, **vars: tuple[int, int, str]) -> Run:
        values = {name: Variable(v, w, elem_of(t)) for name, (v, w, t) in vars.items()}
        values.setdefault("dst", Variable(0, 128, None))
        run = Run(values, Memory(memory), ieee.sse())
        run.run(parse(text, "f"))
        return run

    def dst(self, text: str, **vars: tuple[int, int, str]) -> int:
        return self.run_text(text, **vars).vars["dst"].bits

    def test_saturation(self) -> None:
        text = "FOR j := 0 TO 1 : dst.int8[j] := Saturate8(a.int8[j] + b.int8[j])"
        self.assertEqual(self.dst(text, a=(0x807F, 16, ""), b=(0xFF01, 16, "")), 0x807F)
        text = "FOR j := 0 TO 1 : dst.uint8[j] := SaturateU8(a.uint8[j] - b.uint8[j])"
        self.assertEqual(self.dst(text, a=(0x8005, 16, ""), b=(0x0106, 16, "")), 0x7F00)

    def test_element_types_decide(self) -> None:
        text = "dst[0] := a[7:0] > b[7:0]"
        self.assertEqual(self.dst(text, a=(0x80, 8, "UI8"), b=(1, 8, "UI8")), 1)
        self.assertEqual(self.dst(text, a=(0x80, 8, "SI8"), b=(1, 8, "SI8")), 0)
        text = "dst[31:0] := a[31:0] + b[31:0]"
        self.assertEqual(self.dst(text, a=(0x3F800000, 32, "FP32"), b=(0x3F800000, 32, "FP32")),
                         0x40000000)

    def test_products_round_once_with_their_sum(self) -> None:
        one, tiny = 0x3F800001, 0xBF800002  # (1 + e)^2 - (1 + 2e) = e^2
        fused = "dst.fp32[0] := (a.fp32[0] * a.fp32[0]) + c.fp32[0]"
        apart = "t := a.fp32[0] * a.fp32[0]\ndst.fp32[0] := t + c.fp32[0]"
        arg = {"a": (one, 32, ""), "c": (tiny, 32, "")}
        self.assertEqual(self.dst(fused, **arg), 0x28800000)
        self.assertEqual(self.dst(apart, **arg), 0)

    def test_nan(self) -> None:
        text = "dst[0] := a.fp32[0] == NaN\ndst[1] := a.fp32[0] != NaN"
        self.assertEqual(self.dst(text, a=(0x7FC00000, 32, "")), 1)
        self.assertEqual(self.dst(text, a=(0x7F800000, 32, "")), 2)

    def test_slices_of_values_and_reversed_ones(self) -> None:
        self.assertEqual(self.dst("dst[63:0] := (a * a)[127:64]", a=(3 << 62, 64, "UI64")),
                         (9 << 124) >> 64)
        self.assertEqual(self.dst("dst[7:0] := a[0:7]", a=(0b10010000, 8, "")), 0b1001)

    def test_functions_loops_and_faults(self) -> None:
        text = ("DEFINE ones(x) {\nc := 0\nDO WHILE x > 0\nc += x[0]\nx >>= 1\nOD\nRETURN c\n}\n"
                "dst[7:0] := ones(a[15:0])")
        self.assertEqual(self.dst(text, a=(0xF0F1, 16, "")), 9)
        with self.assertRaises(Raised):
            self.dst("IF a == 0\n#DE\nFI", a=(0, 8, ""))
        with self.assertRaisesRegex(EvalError, "too long"):
            self.dst("DO WHILE 1\nx := 1\nOD")
        with self.assertRaisesRegex(EvalError, "calls itself too often"):
            self.dst("DEFINE f(x) {\nRETURN f(x)\n}\ndst[0] := f(a)", a=(0, 8, ""))

    def test_memory_counts_bits(self) -> None:
        run = self.run_text("MEM[p+7:p] := MEM[p+15:p+8] + 1", 0x4100, p=(1 << 20, 64, "UI64"))
        self.assertEqual(run.memory.bits, 0x4142)
        with self.assertRaisesRegex(EvalError, "outside"):
            self.run_text("x := MEM[p+7:p]", 0, p=(0, 64, "UI64"))

    def test_case_and_operators_by_name(self) -> None:
        text = ("CASE i[2:0] OF\n1: OP := _MM_CMPINT_LT\n6: OP := _MM_CMPINT_NLE\nESAC\n"
                "dst[0] := a.int8[0] OP b.int8[0]")
        args = {"a": (0xFF, 8, ""), "b": (1, 8, "")}
        self.assertEqual(self.dst(text, i=(1, 8, ""), **args), 1)
        self.assertEqual(self.dst(text, i=(6, 8, ""), **args), 0)

    def test_what_has_no_meaning(self) -> None:
        for text in ("dst[0] := nothing", "dst[0] := f(a)", "dst[3:7] := a", "dst.tile[0] := 1",
                     "dst[7:0] := a / 0", "dst[7:0] := a << -1"):
            with self.assertRaises(EvalError, msg=text):
                self.dst(text, a=(1, 8, "UI8"))


if __name__ == "__main__":
    unittest.main()
