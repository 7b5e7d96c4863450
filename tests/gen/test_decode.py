# SPDX-License-Identifier: MIT
"""Overlap proof, operand layout, decision trees, extraction and encoding."""
from __future__ import annotations

import random
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from enclib import mini, rv64  # noqa: E402
from gen.back.asmtables import asm_tables, c_string  # noqa: E402
from gen.back.decode import Chain, Node, tree  # noqa: E402
from gen.back.extract import merge, scatter, value  # noqa: E402
from gen.model.encoding import BitSrc, Constraint, Encoding, Span  # noqa: E402
from gen.passes.overlap import common_word, word_of  # noqa: E402

NOWHERE = Span("x", 1)


def enc(pattern: str, *never: tuple[str, str], name: str = "e",
        over: tuple[str, ...] = ()) -> Encoding:
    """From a pattern of 0, 1 and x; never: patterns of forbidden words."""
    def parse(p: str) -> tuple[int, int]:
        return int(re.sub("[01]", "1", p).replace("x", "0"), 2), int(p.replace("x", "0"), 2)
    mask, match = parse(pattern)
    rules = tuple(Constraint("", parse(p)[0], (parse(p)[1],), NOWHERE) for p in never)
    return Encoding(name, mask, match, len(pattern) // 8, (), rules, "", over, NOWHERE)


class Overlap(unittest.TestCase):
    """The questions that the proof asks, against trying all words."""

    def test_against_all_words(self) -> None:
        rng = random.Random(1)
        answers = set()
        for _ in range(400):
            def pattern(fixed: float) -> str:
                return "".join(rng.choice("01") if rng.random() < fixed else "x" for _ in range(8))
            es = [enc(pattern(0.3), *(pattern(0.4) for _ in range(rng.randrange(4))))
                  for _ in range(rng.randrange(2, 5))]
            words = [w for w in range(256) if all(e.matches(w) for e in es[:2])]
            found = common_word(es[0], es[1])
            self.assertEqual(found is not None, bool(words))
            self.assertTrue(found is None or found in words)
            own = [w for w in range(256) if es[0].matches(w) and
                   not any(e.matches(w) for e in es[1:])]
            found = word_of(es[0], es[1:])
            self.assertEqual(found is not None, bool(own), (es, own))
            self.assertTrue(found is None or found in own)
            answers.add((bool(words), bool(own)))
        self.assertEqual(len(answers), 4)

    def test_precedence_is_transitive(self) -> None:
        isa = mini(ext="add rd rs1 imm f3 6..0=3\ninc rd op lo 1..0=1\n"
                       "$pseudo_op ext::inc dec 11..7=1 op lo 1..0=1\n"
                       "$pseudo_op ext::dec neg 11..7=1 15..12=3 lo 1..0=1\n",
                   mini_asl="add rd, rs1, imm, f3\ninc rd, wide\ndec wide\nneg lo\n",
                   ops_tbl="operand rd rd:w gpr u5 rd\noperand rs1 rs1:r gpr u5 rs1\n"
                           "operand imm imm - s64 imm\noperand f3 f3 - u3 f3\n"
                           "operand wide wide - s64 op : lo\noperand lo lo - u5 lo\n")
        self.assertEqual(isa.precedence()["neg"], {"dec", "inc"})


class Layout(unittest.TestCase):
    """Places of operands."""

    def places(self, name: str) -> dict[str, tuple[int, int, int]]:
        insn = ISA.insn(name)
        return {o.name: (o.place.slot, o.place.shift, o.place.width) for o in insn.operands}

    def test_places(self) -> None:
        imm = (-1, 0, 64)
        for name, want in {
                "add": {"rd": (0, 0, 0), "rs1": (1, 0, 0), "rs2": (2, 0, 0)},
                "sd": {"rs1": (1, 0, 0), "rs2": (2, 0, 0), "imm12": imm},
                "fmadd.d": {"fd": (0, 0, 0), "fs1": (1, 0, 0), "fs2": (2, 0, 0),
                            "fs3": (3, 0, 0), "rm": imm},
                "csrrwi": {"rd": (0, 0, 0), "csr": imm, "zimm5": (1, 0, 0)},
                "fence": {"any_rd": imm, "any_rs1": (0, 0, 0), "pred": (1, 0, 0),
                          "succ": (2, 0, 0), "fm": (3, 0, 0)}}.items():
            with self.subTest(name):
                self.assertEqual(self.places(name), want)

    def test_compressed_ones_agree(self) -> None:
        """So that one executor serves both."""
        for short, long in (("c.add", "add"), ("c.addi", "addi"), ("c.lw", "lw"), ("c.sd", "sd"),
                            ("c.fldsp", "fld"), ("c.slli", "slli"), ("c.lui", "lui"),
                            ("c.addi4spn", "addi"), ("c.addi16sp", "addi")):
            with self.subTest(short):
                self.assertEqual(self.places(short), self.places(long))

    def test_packing(self) -> None:
        isa = mini(fields_tbl="".join(f"field {n} {7 + 3 * k + 2}..{7 + 3 * k}\n"
                                      for k, n in enumerate("abcdefgh")) +
                   "field z 31..31\nfield rd 11..7\nfield op 15..12\nfield lo 6..2\n",
                   ext="inc rd op lo 1..0=1\nmany a b c d e f g h z 6..0=3\n",
                   ops_tbl="operand rd rd:w gpr u5 rd\noperand wide wide - s64 op : lo\n" +
                   "".join(f"operand {n} {n} - s8 {n}\n" for n in "abcdefghz"),
                   mini_asl="inc rd, wide\nmany a, b, c, d, e, f, g, h, z\n")
        places = [o.place for o in isa.insn("many").operands]
        self.assertEqual([(p.slot, p.shift, p.width) for p in places],
                         [(-1, 3 * k, 3) for k in range(8)] + [(-1, 24, 1)])


def walk(node: Node | None, word: int) -> str:
    """What the tree finds, as the generated code does it."""
    while node is not None:
        if isinstance(node, Chain):
            for i in node.insns:
                e = i.encoding
                if not (word ^ e.match) & e.mask & ~node.known and \
                        all(c.holds(word) for c in e.constraints):
                    return i.name
            return ""
        v = word >> node.lo & ((1 << node.width) - 1)
        node = next((n for k, n in node.cases if k == v), node.other)
    return ""


class Tree(unittest.TestCase):
    """The decision tree against looking at every encoding."""

    def test_rv64(self) -> None:
        over = ISA.precedence()
        rng = random.Random(2)
        hits: set[str] = set()
        for length, known in ((2, 0), (4, 3)):
            insns = sorted((i for i in ISA.insns if i.encoding.length == length),
                           key=lambda i: (-len(over[i.name]), i.id))
            root = tree(insns, known)
            for k in range(60 * len(insns)):
                e = insns[k % len(insns)].encoding
                word = e.match | rng.getrandbits(8 * length) & ~e.mask
                if rng.random() < 0.3:
                    word ^= 1 << rng.randrange(2, 8 * length)
                fits = [i for i in insns if i.encoding.matches(word)]
                best = [i.name for i in fits if not any(i.name in over[j.name] for j in fits)]
                self.assertLessEqual(len(best), 1)
                self.assertEqual(walk(root, word), best[0] if best else "", hex(word))
                hits.update(best)
        self.assertEqual(hits, {i.name for i in ISA.insns})


def c_value(text: str, w: int) -> int:
    """Evaluates extracted C in Python."""
    text = re.sub(r"(0x[0-9a-f]+|\d+)u\b", r"\1", text)
    text = text.replace("(int32_t)w", "(w - (w >> 31 << 32))").replace("(uint32_t)", "")
    return eval(text, {"w": w, "rx_sext": lambda v, n: v - (v >> (n - 1) << n)})


class Extract(unittest.TestCase):
    """C expressions that take operands apart and put them together."""

    def test_values_and_back(self) -> None:
        rng = random.Random(3)
        for insn in ISA.insns:
            e = insn.encoding
            for _ in range(20):
                w = e.match | rng.getrandbits(8 * e.length) & ~e.mask
                back = e.match
                for o in insn.operands:
                    self.assertEqual(c_value(value(o), w), o.value(w), (insn.name, o.name))
                    for term in scatter(o, "value"):
                        back |= eval(term, {"value": o.value(w) & 0xffffffff})
                self.assertEqual(back, w, insn.name)

    def test_merge(self) -> None:
        self.assertEqual(merge((BitSrc(1, 8), BitSrc(3, 5), BitSrc(1, const=1),
                                BitSrc(2, const=0), BitSrc(1, 4))),
                         [BitSrc(4, 5), BitSrc(3, const=4), BitSrc(1, 4)])

    def test_c_string(self) -> None:
        self.assertEqual(c_string([1, 2, 255, *b'a"\\1', 0]), '"\\001\\002\\377a\\"\\\\1\\000"')

    def test_tables_are_stable(self) -> None:
        a, b = asm_tables(ISA), asm_tables(ISA)
        self.assertEqual((list(a.operands), a.bits, a.forms), (list(b.operands), b.bits, b.forms))


ISA = rv64()

if __name__ == "__main__":
    unittest.main()
