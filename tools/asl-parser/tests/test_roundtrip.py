"""parse(dump(tree)) == tree, for texts and random trees. SPDX-License-Identifier: MIT"""
import unittest

from aslparser import AslErrors, ast, dump, parse_body, parse_expr, \
    parse_source
from aslparser.span import NOWHERE

from helper import KINDS, read
from randast import RandomTree

SEEDS = 150


class RoundTrip(unittest.TestCase):
    def check(self, parse, tree):
        text = dump(tree)
        try:
            again = parse(text, "printed")
        except AslErrors as e:
            self.fail(f"{e}\n{text}")
        self.assertEqual(again, tree, text)
        self.assertEqual(dump(again), text)

    def test_corpus(self):
        for path, kind in read("corpus"):
            with self.subTest(path.name):
                self.check(KINDS[kind], KINDS[kind](path.read_text("utf-8"), "f"))

    def test_random_expressions(self):
        for seed in range(SEEDS * 3):
            with self.subTest(seed=seed):
                self.check(parse_expr, RandomTree(seed).expr(5))

    def test_random_bodies(self):
        for seed in range(SEEDS):
            with self.subTest(seed=seed):
                self.check(parse_body, RandomTree(seed).body(3))

    def test_random_files(self):
        for seed in range(SEEDS):
            with self.subTest(seed=seed):
                g = RandomTree(seed)
                items = tuple(g.pick(g.decl, g.instruction) for _ in range(4))
                self.check(parse_source, ast.SourceFile(NOWHERE, items))

    def test_every_node_is_made(self):
        """The random trees hold every class of the tree."""
        seen = set()

        def visit(x):
            if isinstance(x, tuple):
                for y in x:
                    visit(y)
            elif isinstance(x, ast.Node):
                seen.add(type(x))
                for name in type(x).__dataclass_fields__:
                    if name != "span":
                        visit(getattr(x, name))
        for seed in range(40):
            g = RandomTree(seed)
            visit((g.body(3), g.decl(), g.decl(), g.instruction()))
        bases = {ast.Node, ast.Expr, ast.Type, ast.Stmt, ast.Decl,
                 ast.SourceFile}
        every = {c for c in vars(ast).values()
                 if isinstance(c, type) and issubclass(c, ast.Node)}
        self.assertEqual(every - bases - seen, set())

    def test_dump_of_parts(self):
        body = parse_body("case x of when '0', '1' where g => a();", "f")
        self.assertEqual(dump(body[0].alts[0]),
                         "when '0', '1' where g\n    a();\n")
        self.assertEqual(dump(body[0].subject), "x")
        self.assertEqual(dump(()), "")


if __name__ == "__main__":
    unittest.main()
