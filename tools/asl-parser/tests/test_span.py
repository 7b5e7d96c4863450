"""Spans: every node says exactly where it stands. SPDX-License-Identifier: MIT"""
import unittest

from aslparser import ast, parse_body, parse_expr, parse_source

from helper import KINDS, read

EXACT = [
    ("  a + b", ast.Binary, "a + b"),
    ("  (a + (b * c)) ", ast.Binary, "a + (b * c)"),
    (" (a)<1> ", ast.Slice, "(a)<1>"),
    (" ((a) + (b)) : c", ast.Binary, "((a) + (b)) : c"),
    ("x<(a):(b)>", ast.BitRange, "(a):(b)"),
    ("(F)(a, (b))", None, None),
    ("PSTATE.<N, Z>", ast.Fields, "PSTATE.<N, Z>"),
    ("- (a)", ast.Unary, "- (a)"),
    ("if a then (b) else (c)", ast.IfExpr, "if a then (b) else (c)"),
    ("x IN {1 .. (2)}", ast.Range, "1 .. (2)"),
    ("bits(64) UNKNOWN", ast.Unknown, "bits(64) UNKNOWN"),
    ("[a, b]", ast.Concat, "[a, b]"), ("((a), b)", ast.Tuple, "((a), b)"),
]


def nodes(x):
    """All nodes below x, x first."""
    if isinstance(x, tuple):
        for y in x:
            yield from nodes(y)
    elif isinstance(x, ast.Node):
        yield x
        for name in type(x).__dataclass_fields__:
            if name != "span":
                yield from nodes(getattr(x, name))


def cut(text, span):
    lines = text.split("\n")[span.line - 1:span.end_line]
    lines[-1] = lines[-1][:span.end_col - 1]
    lines[0] = lines[0][span.col - 1:]
    return "\n".join(lines)


class Spans(unittest.TestCase):
    def test_exact(self):
        for text, kind, want in EXACT:
            if kind is None:
                continue
            with self.subTest(text):
                found = [n for n in nodes(parse_expr(text, "f"))
                         if type(n) is kind]
                self.assertEqual(cut(text, found[0].span), want)

    def test_statements(self):
        text = ("if a then\n    b();\nelse\n    c();   // d\n"
                "case x of\n    when '0' => e();\n    otherwise\n        f();"
                "\nx = (\n  1);\n")
        got = [cut(text, s.span) for s in parse_body(text, "f")]
        self.assertEqual("\n".join(got), text.rstrip().replace("   // d", ""))

    def test_declarations(self):
        text = ("integer f(integer a)\n    return a;\n"
                "X[integer n] = bits(8) v;\ntype T is (U a)\n")
        got = [cut(text, d.span) for d in parse_source(text, "f").items]
        self.assertEqual("\n".join(got) + "\n", text)

    def test_every_span_lies_in_its_parent(self):
        for path, kind in read("corpus"):
            text = path.read_text("utf-8")
            tree = KINDS[kind](text, "f")
            count = 0
            for n in nodes(tree):
                count += 1
                with self.subTest(f"{path.name}: {n}"):
                    self.assertEqual(n.span.file, "f")
                    self.assertTrue(cut(text, n.span).strip())
                    for child in nodes(tuple(
                            getattr(n, f) for f in type(n).__dataclass_fields__
                            if f != "span")):
                        a, b = child.span, n.span
                        self.assertGreaterEqual((a.line, a.col),
                                                (b.line, b.col))
                        self.assertLessEqual((a.end_line, a.end_col),
                                             (b.end_line, b.end_col))
            self.assertGreater(count, 50)

    def test_names(self):
        """A name's span is its text."""
        for path, kind in read("corpus"):
            text = path.read_text("utf-8")
            for n in nodes(KINDS[kind](text, "f")):
                if isinstance(n, ast.Name):
                    self.assertEqual(cut(text, n.span), n.name)


if __name__ == "__main__":
    unittest.main()
