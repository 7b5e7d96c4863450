"""The tables: no conflicts, nothing on disk, soon made. SPDX-License-Identifier: MIT"""
import logging
import os
import subprocess
import sys
import tempfile
import threading
import unittest

from ply import yacc

import aslparser
from aslparser import ast, parser

from helper import HERE


class Grammar(unittest.TestCase):
    def test_no_conflicts(self):
        log = logging.getLogger("aslparser.test")
        log.propagate = False
        with self.assertLogs(log, "WARNING") as got:
            log.warning("the end")
            parser.build_tables(log, yacc.NullLogger())
        self.assertEqual([r.getMessage() for r in got.records], ["the end"])

    def test_start_is_fast_and_leaves_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            env = dict(os.environ, PYTHONPATH=str(HERE.parent),
                       PYTHONDONTWRITEBYTECODE="1")
            code = ("import time; t = time.process_time(); import aslparser; "
                    "aslparser.parse_body('x = 1;', 'f'); "
                    "print(time.process_time() - t)")
            out = subprocess.run([sys.executable, "-c", code], cwd=folder,
                                 env=env, capture_output=True, text=True,
                                 check=True)
            self.assertLess(float(out.stdout), 2.0)
            self.assertEqual(out.stderr, "")
            self.assertEqual(os.listdir(folder), [])

    def test_a_foreign_table_is_not_used(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "parsetab.py"), "w") as f:
                f.write("raise SystemExit('imported')\n")
            env = dict(os.environ, PYTHONPATH=f"{folder}:{HERE.parent}")
            code = "import aslparser; aslparser.parse_expr('x', 'f')"
            subprocess.run([sys.executable, "-c", code], env=env, check=True)

    def test_threads(self):
        text = (HERE / "corpus" / "nasty.file.asl").read_text("utf-8")
        want = aslparser.parse_source(text, "f")
        got = []
        threads = [threading.Thread(target=lambda: got.append(
            aslparser.parse_source(text, "f"))) for _ in range(4)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(got, [want] * 4)

    def test_nodes_are_frozen_and_slotted(self):
        for cls in vars(ast).values():
            if isinstance(cls, type) and issubclass(cls, ast.Node):
                self.assertTrue(cls.__dataclass_params__.frozen, cls)
                self.assertIn("__slots__", vars(cls))
        with self.assertRaises(AttributeError):
            aslparser.parse_expr("x", "f").name = "y"


if __name__ == "__main__":
    unittest.main()
