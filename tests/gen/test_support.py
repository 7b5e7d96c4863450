# SPDX-License-Identifier: MIT
"""Rendering and writing."""
from __future__ import annotations

import os
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import jinja2  # noqa: E402

from gen.support.render import environment  # noqa: E402
from gen.support.write import write_if_changed  # noqa: E402


class Support(unittest.TestCase):
    def test_unknown_names_are_errors(self) -> None:
        with self.assertRaises(jinja2.UndefinedError):
            environment().from_string("{{ nothing }}").render()
        with self.assertRaises(jinja2.UndefinedError):
            environment().from_string("{{ a.nothing }}").render(a={})

    def test_blocks_leave_no_lines(self) -> None:
        text = environment().from_string("{% for x in l %}\n  {% if x %}\n{{ x }}\n"
                                         "  {% endif %}\n{% endfor %}\n").render(l=[0, 1, 2])
        self.assertEqual(text, "1\n2\n")

    def test_unchanged_files_keep_their_time(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "new" / "a.c"
            self.assertTrue(write_if_changed(path, "one\n"))
            os.utime(path, (1000, 1000))
            self.assertFalse(write_if_changed(path, "one\n"))
            self.assertEqual(path.stat().st_mtime, 1000)
            self.assertTrue(write_if_changed(path, "two\n"))
            self.assertNotEqual(path.stat().st_mtime, 1000)
            self.assertEqual(path.read_text(), "two\n")
            self.assertEqual([p.name for p in path.parent.iterdir()], ["a.c"])

    def test_failure_leaves_the_old_file(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.c"
            path.mkdir()
            with self.assertRaises(OSError):
                write_if_changed(path, "x")
            self.assertEqual(list(Path(folder).iterdir()), [path])


if __name__ == "__main__":
    unittest.main()
