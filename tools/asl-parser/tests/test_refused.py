"""Inputs that must be refused, with every message. SPDX-License-Identifier: MIT

``refused/NAME.KIND.asl`` is the input, ``refused/NAME.KIND.err`` what is
printed for it, the file's name being NAME.
"""
import unittest

import aslparser

from helper import KINDS, errors, read


class Refused(unittest.TestCase):
    def test_folder(self):
        for path, kind in read("refused"):
            with self.subTest(path.name):
                expected = path.with_suffix(".err").read_text("utf-8")
                name = path.name.split(".")[0]
                with self.assertRaises(aslparser.AslErrors) as got:
                    KINDS[kind](path.read_text("utf-8"), name)
                self.assertEqual(str(got.exception) + "\n", expected)

    def test_wrong_kind_of_item(self):
        decl, insn = "integer x;\n", (
            "__instruction I\n    __encoding E\n"
            "        __instruction_set A64\n        __opcode '00000000'\n"
            "    __execute\n        x = 1;\n")
        self.assertEqual(len(aslparser.parse_decls(decl, "f")), 1)
        self.assertEqual(len(aslparser.parse_instructions(insn, "f")), 1)
        with self.assertRaises(aslparser.AslErrors) as got:
            aslparser.parse_decls(decl + insn, "f")
        self.assertEqual(str(got.exception), "f:2:1: error: expected a "
                         "declaration, found an instruction")
        with self.assertRaises(aslparser.AslErrors) as got:
            aslparser.parse_instructions(insn + decl, "f")
        self.assertEqual(str(got.exception), "f:7:1: error: expected an "
                         "instruction, found a declaration")

    def test_places_are_offset(self):
        self.assertEqual(
            errors("body", "x = ;\ny = ;", line=10, col=21),
            ["10:25: expected an expression, found ';'",
             "11:5: expected an expression, found ';'"])
        self.assertEqual(errors("expr", "a +", line=3, col=9),
                         ["3:12: expected an expression, found the end of "
                          "the input"])

    def test_errors_do_not_hide_later_ones(self):
        """One bad line among good ones is one error, and one more behind
        it is found as well."""
        good = ["if a then\n    b();\n", "x = 1;\n", "repeat c(); until d;\n",
                "case x of\n    when '0' y = 1;\n", "for i = 0 to 3\n    ;\n"]
        bad = ["x = = 1;\n", "if a b() then\n    c();\nelse\n    d();\n",
               "case x\n    when '0' y = 1;\n", "for = 3\n    a();\n",
               "x = f(1;\n", "y = 2\n", "while\n    a();\n", ") = 1;\n"]
        for n, text in enumerate(bad):
            with self.subTest(text):
                lines = good[:2] + [text] + good[2:] + [bad[n - 1]] + good
                self.assertEqual(len(errors("body", "".join(lines))), 2)


if __name__ == "__main__":
    unittest.main()
