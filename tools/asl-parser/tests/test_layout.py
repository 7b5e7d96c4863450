"""Layout: blocks by indentation and on one line. SPDX-License-Identifier: MIT"""
import unittest

from aslparser import ast, dump, parse_body

from helper import errors

SAME = [
    # (a one-line or odd layout, the same in the plain layout)
    ("if c then x = 1; else x = 2;",
     "if c then\n    x = 1;\nelse\n    x = 2;\n"),
    ("if c then x = 1; y = 2; elsif d then z = 1;",
     "if c then\n    x = 1;\n    y = 2;\nelsif d then\n    z = 1;\n"),
    ("if c then x = 1;\nelsif d then y = 1;\nelse z = 1;",
     "if c then\n    x = 1;\nelsif d then\n    y = 1;\nelse\n    z = 1;\n"),
    ("x = 1; if c then y = 1;\nz = 1;",
     "x = 1;\nif c then\n    y = 1;\nz = 1;\n"),
    # a dangling else: on the same line it is the inner one's ...
    ("if a then if b then x(); else y();",
     "if a then\n    if b then\n        x();\n    else\n        y();\n"),
    ("if a then if b then x(); else y(); else z();",
     "if a then\n    if b then\n        x();\n    else\n        y();\n"
     "else\n    z();\n"),
    # ... on a line of its own it is that of the column.
    ("if a then if b then x();\nelse z();",
     "if a then\n    if b then\n        x();\nelse\n    z();\n"),
    ("if a then if b then x();\n          else z();",
     "if a then\n    if b then\n        x();\n    else\n        z();\n"),
    ("if a then x(); else\n    y();\n    z();",
     "if a then\n    x();\nelse\n    y();\n    z();\n"),
    ("if a then x();\n          y();\nz();",
     "if a then\n    x();\n    y();\nz();\n"),
    ("if a\n   && b\nthen\n    x();",
     "if a && b then\n    x();\n"),
    ("if a then\n\n  // comment\n        x();\n\n        y();\nz();",
     "if a then\n    x();\n    y();\nz();\n"),
    ("case x of when '0' a(); when '1' b(); c(); otherwise d();",
     "case x of\n    when '0'\n        a();\n    when '1'\n        b();\n"
     "        c();\n    otherwise\n        d();\n"),
    ("case x of\n  when '0' => a();\n  when '1' => b();\n              c();\n"
     "  otherwise => d();",
     "case x of\n    when '0'\n        a();\n    when '1'\n        b();\n"
     "        c();\n    otherwise\n        d();\n"),
    ("case x of\n    when '0' if c then\n                 a();\n"
     "             else b();\n    when (a, -) d();",
     "case x of\n    when '0'\n        if c then\n            a();\n"
     "        else\n            b();\n    when (a, -)\n        d();\n"),
    ("case x of\n    when {1, 2}, - (a, b) = f();\n    when A .. B [a] = c;",
     "case x of\n    when {1, 2}, -\n        (a, b) = f();\n"
     "    when A .. B\n        [a] = c;\n"),
    ("for i = 0 to 3 do a(); b();", "for i = 0 to 3\n    a();\n    b();\n"),
    ("while c do for i = 3 downto 0 do a();",
     "while c do\n    for i = 3 downto 0\n        a();\n"),
    ("repeat a(); b(); until c; d();",
     "repeat\n    a();\n    b();\nuntil c;\nd();\n"),
    ("if z then repeat if c then a(); until d; e();",
     "if z then\n    repeat\n        if c then\n            a();\n"
     "    until d;\n    e();\n"),
    ("try a(); catch e\n    when b => c();\n    otherwise d();",
     "try\n    a();\ncatch e\n    when b\n        c();\n"
     "    otherwise\n        d();\n"),
    ("x = f(a,\nb\n    );\ny = a +\n  b\n    - c;",
     "x = f(a, b);\ny = a + b - c;\n"),
    ("x = if a then\n b\nelsif c then d\nelse\ne;",
     "x = if a then b elsif c then d else e;\n"),
    ("x = (if a then b else c) + 1; if d then y();",
     "x = (if a then b else c) + 1;\nif d then\n    y();\n"),
    ("\n\n   x = 1;\r\n   y = 2;   \n\n", "x = 1;\ny = 2;\n"),
    ("x = 1;\n    // a comment may stand anywhere\n  /* this\none too */\n"
     "y = 2;", "x = 1;\ny = 2;\n"),
    ("x = 1;\n- = f();\nfor i = 0 to 3\n    - = g();",
     "x = 1;\n- = f();\nfor i = 0 to 3\n    - = g();\n"),
]


class Layout(unittest.TestCase):
    def test_layouts(self):
        for odd, plain in SAME:
            with self.subTest(odd):
                self.assertEqual(errors("body", odd), [])
                self.assertEqual(dump(parse_body(odd, "f")), plain)
                self.assertEqual(dump(parse_body(plain, "f")), plain)

    def test_empty(self):
        for text in ("", "\n \n", "// nothing\n", "/* nothing */"):
            self.assertEqual(parse_body(text, "f"), ())

    def test_body_that_begins_behind_something(self):
        """The first line's column is that of the place in the file."""
        text = "n = a;\n      if n then\n          b();\n      c();"
        body = parse_body(text, "f", 12, 7)
        self.assertEqual([type(s) for s in body],
                         [ast.Assign, ast.If, ast.CallStmt])
        self.assertEqual(body[0].span, ("f", 12, 7, 12, 13))
        self.assertEqual(body[1].arms[0].body[0].span, ("f", 14, 11, 14, 15))
        self.assertEqual(body[2].span, ("f", 15, 7, 15, 11))

    def test_first_line_right_of_the_others(self):
        body = parse_body("a();\n    b();\n    c();", "f", 1, 30)
        self.assertEqual(len(body), 3)
        body = parse_body("if a then b();\n    else c();\n    d();", "f", 1,
                          30)
        self.assertEqual([type(s) for s in body], [ast.If, ast.CallStmt])
        self.assertEqual(
            errors("body", "a();\n    b();\n  c();", line=1, col=30),
            ["3:3: this line begins in column 3, which no open block does "
             "(the next one begins in column 5)"])

    def test_lane_is_a_name_without_extensions(self):
        body = parse_body("lane = 1;", "f", extensions=False)
        self.assertEqual(body[0].target.name, "lane")
        self.assertEqual(errors("body", "lane x = 1;", extensions=False), [])
        self.assertIsInstance(
            parse_body("lane x = 1;", "f", extensions=False)[0], ast.VarDecl)


if __name__ == "__main__":
    unittest.main()
