"""No input makes the parser crash, hang or slow. SPDX-License-Identifier: MIT"""
import random
import time
import unittest

import aslparser
from aslparser import dump

from helper import KINDS, read
from randast import RandomTree

LIMIT = 4.0         # seconds for one hostile input; they take under 0.5
PIECES = [" ", "\n", "    ", "\t", "\0", "é", "(", ")", "<", ">", "[", "]",
          "{", "}", "if", "then", "else", "elsif", "case", "of", "when",
          "otherwise", "=>", "for", "to", "while", "do", "repeat", "until",
          "try", "catch", "'", '"', "/*", "//", ";", ":", ",", "-", "=",
          "lane", "array", "__execute", "__encoding", "__decode", "0x",
          "SEE", "UNKNOWN", "&&", ">>", ">=", "..", "+:", ".<", "type",
          "is", "enumeration", "__register", "__guard", "__field"]
HOSTILE = {
    "parens": "x = " + "(" * 5000 + "a" + ")" * 5000 + ";",
    "open parens": "(" * 50000,
    "unary": "x = " + "-" * 5000 + "a;",
    "chain": "x = " + "a+" * 5000 + "a;",
    "indexes": "x = a" + "[1]" * 5000 + ";",
    "fields": "x." * 5000 + "y = 1;",
    "calls": "f(" * 5000 + ")" * 5000 + ";",
    "one-line ifs": "if a then " * 5000 + "x();",
    "if expressions": "x = " + "if a then " * 3000 + "b;",
    "if else": "x = " + "if a then b else " * 3000 + "b;",
    "less-thans": "x = a" + "<b" * 30000 + ";",
    "slices": "x = a" + "<b" * 30000 + ">" * 30000 + ";",
    "shifts": "x = " + "a<" * 3000 + "b" + ">>" * 3000 + ";",
    "slice equals": "x<1>=" * 10000 + "1;",
    "less or equal": "a<" * 20000 + ">=" * 20000,
    "headers": "if x then\n" * 3000,
    "blocks": "".join(" " * i + "if x then\n" for i in range(300)),
    "whens": "case x of when '0' " * 2000,
    "comments": "/*" * 30000,
    "quotes": "'" * 30000,
    "strings": '"' * 30000,
    "empty statements": ";" * 30000,
    "elses": "else " * 10000,
    "lanes": "lane " * 10000,
    "digits": "x = " + "0" * 100000 + ";",
    "unfinished lines": "x = 1 \n" * 5000,
    "long tuple": "(" + "a, " * 20000 + "b) = c;",
    "open blocks": "repeat " * 3000,
    "types": "array [0 .. 1] of " * 3000 + "T x;",
    "instructions": "__instruction I\n" * 3000,
    "blank lines": "\n" * 100000,
}


class Robust(unittest.TestCase):
    def parse(self, kind, text):
        """Parse; anything but AslErrors or a tree that can be used fails
        the test."""
        start = time.process_time()
        try:
            tree = KINDS[kind](text, "f")
            self.assertEqual(KINDS[kind](dump(tree), "f"), tree)
        except aslparser.AslErrors as e:
            self.assertTrue(0 < len(e.errors) <= 20)
            for x in e.errors:
                self.assertNotIn("something else", x.message)
                self.assertNotIn("\n", x.message)
                self.assertGreaterEqual(min(x.span[1:]), 1, x)
        self.assertLess(time.process_time() - start, LIMIT)

    def test_truncated(self):
        for path, kind in read("corpus"):
            text = path.read_text("utf-8")
            for n in range(0, len(text), 11):
                with self.subTest(path.name, n=n):
                    self.parse(kind, text[:n])
                    self.parse("body", text[n:n + 200])

    def test_mutated(self):
        r = random.Random(1)
        corpus = [(p.read_text("utf-8"), kind) for p, kind in read("corpus")]
        for n in range(600):
            text, kind = corpus[n % len(corpus)]
            if n % 2:
                text, kind = dump(RandomTree(n).body(2)), "body"
            chars = list(text)
            for _ in range(r.randint(1, 6)):
                at = r.randrange(len(chars) + 1)
                what = r.random()
                if what < .4:
                    chars[at:at] = r.choice(PIECES)
                elif what < .7:
                    del chars[at:at + r.randint(1, 8)]
                else:
                    other = r.randrange(len(chars) + 1)
                    chars[at:at] = chars[other:other + r.randint(1, 60)]
            with self.subTest(n=n):
                self.parse(kind, "".join(chars))

    def test_soup(self):
        r = random.Random(2)
        for n in range(500):
            with self.subTest(n=n):
                text = " ".join(r.choices(PIECES + ["x", "1", "'0'"], k=30))
                for kind in KINDS:
                    self.parse(kind, text)

    def test_hostile(self):
        for name, text in HOSTILE.items():
            with self.subTest(name):
                for kind in KINDS:
                    self.parse(kind, text)

    def test_deep_trees_can_be_used(self):
        """What the limits allow is safe to print, compare and hash."""
        cond = "a" + " + (a" * 120 + ")" * 120
        text = "".join(" " * i + f"if {cond} == 1 then\n" for i in range(47))
        body = aslparser.parse_body(text + " " * 47 + "x = 1;", "f")
        again = aslparser.parse_body(dump(body), "f")
        self.assertEqual(again, body)
        self.assertEqual(hash(again), hash(body))
        self.assertIn("IntLit", repr(body))


if __name__ == "__main__":
    unittest.main()
