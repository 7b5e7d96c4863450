"""Expressions: precedence, slices, literals. SPDX-License-Identifier: MIT"""
import unittest
from fractions import Fraction

from aslparser import AslErrors, ast, parse_expr

from helper import errors, full

PRECEDENCE = [
    ("a + b * c", "(a + (b * c))"),
    ("a * b + c", "((a * b) + c)"),
    ("a - b - c", "((a - b) - c)"),
    ("a - b + c", "((a - b) + c)"),
    ("a - (b + c)", "(a - (b + c))"),
    ("1 << n - 1", "((1 << n) - 1)"),
    ("a DIV b * c MOD d", "(((a DIV b) * c) MOD d)"),
    ("a * b ^ c", "(a * (b ^ c))"),
    ("a ^ -b", "(a ^ (- b))"),
    ("(a ^ b) ^ c", "((a ^ b) ^ c)"),
    ("-a * b", "((- a) * b)"),
    ("- - a", "(- (- a))"),
    ("!a && b", "((! a) && b)"),
    ("NOT a AND b", "((NOT a) AND b)"),
    ("NOT(a)", "(NOT a)"),
    ("a AND b AND c", "((a AND b) AND c)"),
    ("a : b : c", "((a : b) : c)"),
    ("a : b * c", "(a : (b * c))"),
    ("a : b == c", "((a : b) == c)"),
    ("a AND b == c", "((a AND b) == c)"),
    ("a + 1 < b - 1", "((a + 1) < (b - 1))"),
    ("a == b && c != d", "((a == b) && (c != d))"),
    ("a && b && c", "((a && b) && c)"),
    ("a || (b && c)", "(a || (b && c))"),
    ("a + 1 IN {1, 2 .. 3} && b", "(((a + 1) IN {1, 2 .. 3}) && b)"),
    ("if a then b else c + d", "(a ? b : (c + d))"),
    ("if a then b elsif c then d else if e then f else g",
     "(a ? b c ? d : (e ? f : g))"),
    ("if if a then b else c then d else e", "((a ? b : c) ? d : e)"),
]

SLICES = [          # text, what it means with blanks around a less-than
    ("x<7:0>", ast.Slice), ("x<i>", ast.Slice), ("x<i +: 8>", ast.Slice),
    ("x<a, b:c>", ast.Slice), ("F(a)<1>", ast.Slice), ("X[n]<1>", ast.Slice),
    ("(a + b)<1>", ast.Slice), ("x<7:0><1>", ast.Slice),
    ("x<y<1>>", ast.Slice), ("x<n>>1>", ast.Slice), ("x<y<n>>1>>", ast.Slice),
    ("PSTATE.<N,Z>", ast.Fields), ("PSTATE.<N,Z><1>", ast.Slice),
    ("x<(a < b)>", ast.Slice),
    ("a<b", ast.Binary), ("a < b", ast.Binary), ("a <b", ast.Binary),
    ("a<b && c>d", ast.Binary), ("a<b || c>(d)", ast.Binary),
    ("a<b<1>", ast.Binary), ("x<1> == y", ast.Binary),
    ("x<1>==y", ast.Binary), ("x<1>-y", ast.Binary), ("a<b+c", ast.Binary),
    ("3<x", ast.Binary), ("a<n>>1", ast.Binary), ("x<1> > y", ast.Binary),
    ("x<1>>y<1>", ast.Binary), ("a<=b", ast.Binary),
    ("x<1> IN {'1'}", ast.Binary), ("x<7:4>:x<3:0>", ast.Binary),
]


class Expressions(unittest.TestCase):
    def test_precedence(self):
        for text, meaning in PRECEDENCE:
            with self.subTest(text):
                self.assertEqual(full(parse_expr(text, "f")), meaning)

    def test_slice_or_less_than(self):
        for text, kind in SLICES:
            with self.subTest(text):
                self.assertIs(type(parse_expr(text, "f")), kind)

    def test_slice_or_less_than_in_arguments(self):
        for text, count in (("F(a<b, c>d)", 2), ("F(a<b, c>)", 1),
                            ("F(a<b, c>=d)", 2), ("F(a<b>=c)", 1),
                            ("F(x<1>==c)", 1), ("F(a<b, c>-d)", 1)):
            with self.subTest(text):
                got = errors("expr", text)
                if count == 1 and ">=c" in text and ">==" not in text:
                    self.assertEqual(
                        got, ["1:6: '<' and '>=' cannot be chained; write "
                              "parentheses"])
                else:
                    self.assertEqual(len(parse_expr(text, "f").args), count)

    def test_literals(self):
        for text, want in (
                ("12", ast.IntLit), ("0x1F", ast.IntLit),
                ("1_000", ast.IntLit), ("1.50", ast.RealLit),
                ("'01 10'", ast.BitsLit), ("''", ast.BitsLit),
                ("'0x 1'", ast.MaskLit), ('"a // b"', ast.StrLit),
                ("TRUE", ast.BoolLit), ("bits(8) UNKNOWN", ast.Unknown),
                ('T IMPLEMENTATION_DEFINED "x"', ast.ImplDefExpr)):
            with self.subTest(text):
                self.assertIs(type(parse_expr(text, "f")), want)
        self.assertEqual(parse_expr("0x1_F", "f").value, 31)
        self.assertEqual(parse_expr("1_000", "f").value, 1000)
        self.assertEqual(parse_expr("1.50", "f").value, Fraction(3, 2))
        self.assertEqual(parse_expr("'01 10'", "f").bits, "0110")
        self.assertEqual(parse_expr("'0x 1'", "f").bits, "0x1")
        self.assertIs(parse_expr("FALSE", "f").value, False)

    def test_names(self):
        self.assertEqual(parse_expr("AArch64.X", "f").name, "AArch64.X")
        call = parse_expr("AArch64.F(x)", "f")
        self.assertEqual((call.func, len(call.args)), ("AArch64.F", 1))
        self.assertEqual(parse_expr("a.b.F()", "f").func, "a.b.F")
        self.assertEqual(parse_expr("PSTATE.IN", "f").name, "IN")

    def test_line_ends_mean_nothing(self):
        self.assertEqual(full(parse_expr("a\n+\n\tb\n", "f")), "(a + b)")

    def test_comments(self):
        self.assertEqual(full(parse_expr(
            "a /* x\n * y */ + // z\n b", "f")), "(a + b)")

    def test_extensions_can_be_switched_off(self):
        for text in ("UNKNOWN", "a + UNDEFINED"):
            parse_expr(text, "f")
            with self.assertRaises(AslErrors) as got:
                parse_expr(text, "f", extensions=False)
            self.assertIn("extension", str(got.exception))


if __name__ == "__main__":
    unittest.main()
