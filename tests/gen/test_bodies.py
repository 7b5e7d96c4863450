# SPDX-License-Identifier: MIT
"""Bodies of instructions: what is refused, and what passes make of the rest."""
from __future__ import annotations

import sys
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import clib  # noqa: E402
import semlib  # noqa: E402
from enclib import sections  # noqa: E402
from gen.back import exec as back_exec  # noqa: E402
from gen.back.cstmt import Emitter, NotFast, exec_lines  # noqa: E402
from gen.model.effects import Flow  # noqa: E402
from gen.model.isa import IsaInfo  # noqa: E402
from gen.model.sem import (BOOL, Assign, Binary, Bits, Branch, Const, Expr, Ext, If,  # noqa: E402
                           Let, Load, Op, Raise, RegRead, RegWrite, Select, Sem, Slice, Stmt,
                           Store, Unary, Var)
from gen.passes.verify import Broken, verify  # noqa: E402
from gen.support.render import environment  # noqa: E402

CASES = HERE / "refused" / "body"


class Refused(unittest.TestCase):
    """Each case has exactly the messages that its file lists."""

    def check(self, path: Path) -> None:
        parts = sections(path.read_text())
        expected = parts.pop("expect", "")
        self.assertTrue(expected.strip(), f"{path.name} has no expectation")
        _, lines = semlib.build(parts)
        self.assertEqual("\n".join(lines) + "\n", expected)


for _path in sorted(CASES.glob("*.case")):
    setattr(Refused, f"test_{_path.stem}", lambda self, p=_path: self.check(p))


def kinds(body: tuple[Stmt, ...]) -> str:
    """Names of the statements: "Let RegWrite"."""
    return " ".join(type(s).__name__ for s in body)


def text(isa: semlib.Isa, k: int = 0) -> str:
    """C of the k-th executor."""
    m = isa.meanings[k]
    return "\n".join(exec_lines(m.insn, m.sem, m.eff, isa.info, isa.enc))


def fast(isa: semlib.Isa, k: int = 0, direction: str = "") -> str | None:
    """C of the fast handler, None if there is none."""
    m = isa.meanings[k]
    em = Emitter(m.insn, isa.info, isa.enc, m.eff, fast=direction)
    try:
        em.body(m.sem.body)
    except NotFast:
        return None
    return "\n".join(em.lines)


class Commit(unittest.TestCase):
    def body(self, asl: str, form: str = "r0 rd, rs1, rs2") -> tuple[Stmt, ...]:
        return semlib.meaning(asl, form).sem.body

    def test_source_order_stays_where_it_does(self) -> None:
        self.assertEqual(kinds(self.body("rd = NextPC;  Branch(PC + 4);")), "RegWrite Branch")
        self.assertEqual(kinds(self.body("rd = Mem[rs1, 8];")), "Load RegWrite")

    def test_a_write_waits_for_reads_and_faults(self) -> None:
        body = self.body("rd = NextPC;  Branch(rs1);")
        self.assertEqual(kinds(body), "Let Let RegWrite Branch")
        self.assertEqual(body[1].value, RegRead(Bits(64), "rs1"))
        self.assertEqual(body[3].target, Var(Bits(64), body[1].name))
        self.assertEqual(kinds(self.body("rd = rs1;  Mem[rs2, 8] = 5;")), "Let Store RegWrite")
        self.assertEqual(kinds(self.body("rd = rs1;  if rs2 == 0 then Trap();")),
                         "Let If RegWrite")

    def test_two_writes_wait_in_their_order(self) -> None:
        body = self.body("rd = rs1;  rd = rs2;  Poke(0);")
        self.assertEqual(kinds(body), "Let Let Hook RegWrite RegWrite")
        self.assertEqual([s.value.name for s in body[3:]], [s.name for s in body[:2]])

    def test_a_waiting_value_is_not_changed_by_assignments(self) -> None:
        body = self.body("bits(64) x = rs1;\n    rd = x;\n    x = rs2;\n    Poke(x);")
        self.assertEqual(kinds(body), "Let Let Assign Hook RegWrite")
        self.assertEqual(body[4].value.name, body[1].name)

    def test_integers_keep_their_value(self) -> None:
        body = self.body("bits(64) x = rs1;\n    integer n = UInt(x<3:0>);\n    x = rs2;\n"
                         "    rd = LSL(x, n);")
        self.assertEqual(kinds(body), "Let Let Assign RegWrite")
        shift = body[3].value
        self.assertIn(body[1].name, str(shift.b))
        self.assertNotIn("l_x", str(shift.b))

    def test_conditional_branch_behind_a_write(self) -> None:
        body = self.body("rd = rs1;  if rs1 == rs2 then Branch(PC + 8);")
        self.assertEqual(kinds(body), "Let Let RegWrite If")
        self.assertIsInstance(body[3].cond, Var)

    def test_inside_an_if(self) -> None:
        body = self.body("if rs1 == 0 then\n        rd = 1;\n        Poke(rs2);\n"
                         "    else\n        rd = 2;")
        self.assertEqual(kinds(body), "If")
        self.assertEqual(kinds(body[0].then), "Let Hook RegWrite")


class Effects(unittest.TestCase):
    def flow(self, asl: str, form: str = "b0 rs1, rs2, bimm") -> Flow:
        return semlib.meaning(asl, form).eff.flow

    def test_flow(self) -> None:
        self.assertEqual(self.flow("Branch(PC + bimm);"), Flow.JUMP)
        self.assertEqual(self.flow("Branch(PC - bimm<63:0>);"), Flow.INDIRECT)
        self.assertEqual(self.flow("if rs1 == 0 then Branch(PC + bimm);"), Flow.BRANCH)
        self.assertEqual(self.flow("if rs1 == 0 then Branch(PC + bimm);\n    else Branch(rs2);"),
                         Flow.INDIRECT)
        self.assertEqual(self.flow("Branch(rs1);"), Flow.INDIRECT)
        self.assertEqual(self.flow("Stop();"), Flow.OTHER)
        self.assertEqual(self.flow("if rs1 == 0 then Stop();"), Flow.OTHER)
        self.assertEqual(self.flow("UNDEFINED;"), Flow.OTHER)
        self.assertEqual(self.flow("Poke(rs1);"), Flow.NEXT)

    def test_an_immediate_that_is_not_whole_is_no_link(self) -> None:
        """The engines add the whole imm to the pc."""
        isa = semlib.accept("f0 fd, fs1, fs2, rm  Branch(PC + ZeroExtend(rm, 64));\n")
        self.assertEqual(isa.meanings[0].eff.flow, Flow.JUMP)
        isa = semlib.accept("f0 fd, fs1, fs2, rm  Branch(PC + SignExtend(rm, 64));\n")
        self.assertEqual(isa.meanings[0].eff.flow, Flow.INDIRECT)

    def test_facts(self) -> None:
        e = semlib.meaning("S[fd] = FPAdd(S[fs1], S[fs2], rm);", "f0 fd, fs1, fs2, rm").eff
        self.assertEqual((e.fp, e.rounds, e.round_flags, e.writes_fp, e.memory),
                         (True, True, True, True, False))
        e = semlib.meaning("rd = ZeroExtend(FPClass(S[fs1]), 64);", "g0 rd, fs1, fs2").eff
        self.assertEqual((e.fp, e.rounds, e.round_flags, e.writes_fp), (True, False, False, False))
        e = semlib.meaning("rd = Mem[rs1, 1] : rs2<55:0>;").eff
        self.assertEqual((e.fp, e.memory), (False, True))

    def test_binding_time(self) -> None:
        m = semlib.meaning("bits(64) a = imm<63:0>;\n    bits(64) b = a + PC;\n"
                           "    bits(64) d = b;\n    bits(64) e = 1;\n"
                           "    if rs1 == 0 then e = a;\n    if a == 0 then d = 7;\n"
                           "    bits(64) g = e;\n    rd = b + d + e + g;", "i0 rd, rs1, imm")
        self.assertEqual(m.eff.static, {"l_a", "l_b", "l_d"})

    def test_unknown_bits(self) -> None:
        def mask(asl: str) -> tuple[tuple[str, int], ...]:
            return semlib.meaning(asl).eff.unknown

        self.assertEqual(mask("rd = rs1;"), ())
        self.assertEqual(mask("rd = UNKNOWN;"), (("rd", (1 << 64) - 1),))
        self.assertEqual(mask("rd = rs1<63:8> : bits(8) UNKNOWN;"), (("rd", 0xff),))
        self.assertEqual(mask("rd = rs1<63:8> : (bits(16) UNKNOWN)<15:8>;"), (("rd", 0xff),))
        self.assertEqual(mask("rd = if rs1 == 0 then UNDEFINED else rs2;"),
                         (("rd", (1 << 64) - 1),))
        self.assertEqual(mask("rd = (bits(64) UNKNOWN) AND ZeroExtend('1', 64);"), (("rd", 1),))
        self.assertEqual(mask("rd = SignExtend(bits(4) UNKNOWN, 64);"),
                         (("rd", (1 << 64) - 1),))
        self.assertEqual(mask("rd = rs1 + ZeroExtend(bit UNKNOWN, 64);"),
                         (("rd", (1 << 64) - 1),))
        self.assertEqual(mask("bits(64) x = UNKNOWN;\n    x = rs1;\n    rd = x << 8;"),
                         (("rd", (1 << 64) - 256),))
        self.assertIn("c->x[i->r[0]] = UINT64_C(0);",
                      text(semlib.accept("r0 rd, rs1, rs2  rd = UNKNOWN;\n")))


class Verifier(unittest.TestCase):
    """What the checker never builds."""

    def broken(self, *body: Stmt, committed: bool = False) -> None:
        isa = semlib.accept("r0 rd, rs1, rs2  rd = rs1;\n")
        with self.assertRaises(Broken):
            verify(isa.meanings[0].insn, Sem(body), isa.info, committed)

    def value(self, e: Expr) -> None:
        self.broken(Let("x", e))

    def test_expressions(self) -> None:
        a, b = RegRead(Bits(64), "rs1"), Const(Bits(32), 1)
        for e in (Const(Bits(8), 256), Const(Bits(0), 0), Const(Bits(129), 0), Var(BOOL, "y"),
                  RegRead(Bits(32), "rs1"), RegRead(Bits(64), "rd"), RegRead(Bits(64), "rs9"),
                  RegRead(Bits(64), "rs1", "D"), Binary(Bits(64), Op.ADD, a, b),
                  Binary(Bits(32), Op.ADD, a, a), Binary(Bits(64), Op.EQ, a, a),
                  Binary(Bits(64), Op.NOT, a, a), Binary(Bits(64), Op.SHL, a, Const(Bits(64), 64)),
                  Unary(Bits(64), Op.ADD, a), Unary(BOOL, Op.LNOT, a),
                  Unary(Bits(7), Op.BSWAP, Const(Bits(7), 1)), Ext(Bits(64), False, a),
                  Slice(Bits(8), 60, a), Slice(Bits(8), -1, a), Select(Bits(64), a, a, a),
                  Select(Bits(64), Const(BOOL, 1), a, b)):
            with self.subTest(str(e)):
                self.value(e)

    def test_statements(self) -> None:
        a, b = RegRead(Bits(64), "rs1"), Const(Bits(32), 1)
        x = Let("x", a)
        for body in ((x, x), (Assign("x", a),), (x, Assign("x", a)), (RegWrite("rd", None, b),),
                     (RegWrite("rs1", None, a),), (Branch(b),), (If(a, ()),), (Raise("No"),),
                     (Raise("Trap", b),), (If(Const(BOOL, 1), (x,)), Let("y", Var(Bits(64), "x"))),
                     (replace(Let("x", a, True), value=a), Assign("x", b))):
            with self.subTest(str(body)):
                self.broken(*body)

    def test_order(self) -> None:
        from gen.model.sem import Access
        a = RegRead(Bits(64), "rs1")
        w, zero = RegWrite("rd", None, Const(Bits(64), 1)), Const(Bits(64), 0)
        for body in ((w, RegWrite("rd", None, a)), (w, Load("t", zero, Access(8))),
                     (w, Store(zero, zero, Access(8))), (w, Branch(a)), (Branch(zero), w),
                     (If(Const(BOOL, 1), (w, Raise("Trap"))),)):
            with self.subTest(str(body)):
                self.broken(*body, committed=True)


class Emitted(unittest.TestCase):
    """C of statements."""

    def c(self, asl: str, form: str = "r0 rd, rs1, rs2") -> str:
        return text(semlib.accept(f"{form}  {asl}\n"))

    def test_write_policies(self) -> None:
        self.assertIn("c->x[i->r[0]] = (c->x[i->r[0]] >> 32 << 32) | (uint32_t)(c->x[i->r[1]]);",
                      self.c("L[rd] = L[rs1];"))
        self.assertIn("c->x[i->r[0]] = (uint16_t)(c->x[i->r[1]]);", self.c("Z[rd] = Z[rs1];"))
        self.assertIn("c->f[i->r[0]] = rx_box32(rx_unbox32(c->f[i->r[1]]));",
                      self.c("S[fd] = S[fs1];", "f0 fd, fs1, fs2, rm"))
        self.assertIn("c->f[i->r[0]] = c->f[i->r[1]];", self.c("D[fd] = D[fs1];",
                                                               "f0 fd, fs1, fs2, rm"))

    def test_a_constant_direction_does_not_stay(self) -> None:
        c = self.c("bits(32) x = FPMul(S[fs1], S[fs2], 1);\n    S[fd] = FPAdd(x, S[fs2], rm);",
                   "f0 fd, fs1, fs2, rm")
        order = [line.strip() for line in c.splitlines() if "env.round" in line or "rx_f32" in line]
        self.assertEqual([line.split(" = ")[0] for line in order],
                         ["env.round", "env.round", "const uint64_t t1", "env.round",
                          "const uint64_t t2"])
        self.assertIn("env.round = 1;", order[1])
        self.assertIn("fp.v", order[3])

    def test_two_tables_have_two_names(self) -> None:
        c = self.c("rd = Table(UInt(rs1<0>), 64, 1, 2) + Table(UInt(rs2<0>), 64, 3, 4);")
        self.assertIn("uint64_t table[]", c)
        self.assertIn("uint64_t table1[]", c)

    def test_flags_are_noted_before_control_leaves(self) -> None:
        c = self.c("boolean less = FPLess(S[fs1], S[fs2]);\n    rd = NextPC;\n"
                   "    if less then Branch(PC + 8);", "g0 rd, fs1, fs2")
        self.assertLess(c.index("rx_mini_flags(cpu, env.flags);"), c.index("return RX_JUMP;"))
        self.assertLess(c.index("c->x[i->r[0]] ="), c.index("return RX_JUMP;"))

    def test_fast_forms(self) -> None:
        def of(asl: str, form: str = "r0 rd, rs1, rs2", direction: str = "") -> str | None:
            return fast(semlib.accept(f"{form}  {asl}\n"), 0, direction)

        self.assertIn("rx_thr_load32(tlb", of("rd = ZeroExtend(Mem[rs1, 4], 64);"))
        self.assertIn("RX_THR_FALL(0);", of("if rs1 == 0 then Branch(PC + bimm);",
                                            "b0 rs1, rs2, bimm"))
        self.assertIn("rx_host_f32_add(", of("S[fd] = FPAdd(S[fs1], S[fs2], rm);",
                                             "f0 fd, fs1, fs2, rm", "rne"))
        for asl in ("if rs1 == 0 then rd = rs2;", "UNDEFINED;", "Poke(rs1);", "rd = Look(rs1);"):
            self.assertIsNone(of(asl), asl)
        # the executor could not take over any more
        self.assertIsNone(of("Mem[fs1, 8] = fs2;\n    rd = if FPLess(fs1, fs2) then 1 else 0;",
                             "g0 rd, fs1, fs2"))

    def test_overrides(self) -> None:
        isa = semlib.accept("r0 rd, rs1, rs2\nr1 rd, rs1, rs2  rd = rs1;\n", **{
            "overrides/a_toml": '["r0"]\nfunction = "by_hand"\neffects = ["memory", "ends"]\n'
                                'why = "no words"\nref = "1.2"\n'})
        self.assertEqual(text(isa), "\treturn by_hand(cpu, i);")
        self.assertIsNone(fast(isa))
        e = isa.meanings[0].eff
        self.assertEqual((e.flow, e.memory), (Flow.OTHER, True))
        self.assertEqual([(o.insn, o.why, o.ref) for o in isa.overrides],
                         [("r0", "no words", "1.2")])

    def test_renamed_views_chain(self) -> None:
        isa = semlib.accept(
            "f0 fd, fs1, fs2, rm  S[fd] = FPAdd(S[fs1], S[fs2], rm);\n"
            "f1 fd, fs1, fs2, rm  as f0 (S = H)\nf2 fd, fs1, fs2, rm  as f1 (H = D)\n")
        for k, f in enumerate(("rx_f32_add", "rx_f16_add", "rx_f64_add")):
            self.assertIn(f, text(isa, k))

    @unittest.skipIf(clib.MISSING, clib.MISSING)
    def test_executors_compile(self) -> None:
        """Every kind of statement, without warnings, whatever locals are called."""
        isa = semlib.accept("".join(f"{line}\n" for line in COMPILED))
        out = back_exec.generate(isa, environment())
        body = "".join(out[k] for k in sorted(out)
                       if k.startswith("mini/exec_") and "table" not in k)
        lines = [x for x in body.splitlines() if not x.startswith("#include")]
        with tempfile.TemporaryDirectory() as folder:
            clib.compile_c(PRELUDE + declarations(out["mini/exec.h"], isa.info)
                           + "\n".join(lines) + "\n", Path(folder) / "exec.o", "-c", "-O2",
                           "-Wshadow", "-Wstrict-prototypes", "-Wmissing-prototypes")


COMPILED = [
    "r0 rd, rs1, rs2  bits(64) c = rs1;\n    bits(64) i = rs2;\n    bits(64) cpu = c + i;\n"
    "    bits(64) st = cpu;\n    bits(64) t1 = st;\n    bits(64) int = t1;\n    rd = int;",
    "r1 rd, rs1, rs2  bits(8) x;\n    if rs1 == 0 then\n        x = rs2<7:0>;\n    else\n"
    "        x = 5;\n    rd = ZeroExtend(x, 64);",
    "r2 rd, rs1, rs2  boolean b = Is(rs1 == rs2);\n    if b && rs1 != 0 then rd = Min(1, 2);",
    "r3 rd, rs1, rs2  rd = Mem[rs1, 2] : Mem[rs2, 4] : Mem[rs1 + 8, 1] : '00000000';",
    "r4 rd, rs1, rs2  rd = SignExtend(AtomicSMax(rs1, rs2<31:0>, '1', '0'), 64);",
    "r5 rd, rs1, rs2  rd = Look(rs1);",
    "r6 rd, rs1, rs2  if rs1 == 0 then Trap(rs2);\n    elsif rs1 == 1 then UNDEFINED;\n"
    "    else Poke(rs2);\n    ",
    "r7 rd, rs1, rs2  rd = Table(UInt(rs1<2:0>), 9, 1, 2, 3, 4, 5, 6, 7, 511) : Zeros(55);",
    "r8 rd, rs1, rs2  rd = (UInt(rs1<62:0> : rs2) + 1)<100:37>;",
    "r9 rd, rs1, rs2  L[rd] = NOT(L[rs1]);",
    "b0 rs1, rs2, bimm  if SInt(rs1) < bimm then Branch(PC + bimm);",
    "f0 fd, fs1, fs2, rm  S[fd] = FPMulAdd(S[fs1], FPNeg(S[fs2]), FPConvert(D[fs1], 32, rm), 2);",
    "g0 rd, fs1, fs2  bits(64) x = FPToUInt(S[fs1], 64, 1);\n"
    "    rd = if FPEqual(H[fs1], H[fs2]) then x else 0;",
    "g1 rd, fs1, fs2  rd = ZeroExtend(FPClass(H[fs1]), 64);",
    "v0 rd, rs1, sh  integer n = sh;\n    rd = LSL(rs1, n) + n;",
    "i0 rd, rs1, imm  Stop();",
    "i1 rd, rs1, imm  ;",
]
PRELUDE = """#include "core/arith.h"
#include "core/insn.h"
#include "core/rmw.h"
#include "core/val.h"
#include "core/cpu.h"
#include "fp/box.h"
#include "fp/fp.h"
"""


def declarations(header: str, info: IsaInfo) -> str:
    """What a real ISA's runtime declares."""
    functions = "".join(x + "\n" for x in header.splitlines() if x.startswith("rx_executor "))
    return f"""
struct {info.state} {{ struct rx_cpu cpu; uint64_t x[5], f[4]; }};
struct rx_val rx_mini_load(struct rx_cpu *, uint64_t, unsigned, unsigned);
enum rx_exec rx_mini_store(struct rx_cpu *, uint64_t, unsigned, uint64_t, unsigned);
struct rx_val rx_mini_amo(struct rx_cpu *, uint64_t, unsigned, enum rx_rmw, uint64_t, unsigned);
enum rx_exec rx_mini_check(struct rx_cpu *);
struct rx_val rx_mini_round(struct rx_cpu *, unsigned);
void rx_mini_done(struct rx_cpu *, unsigned);
void rx_mini_flags(struct rx_cpu *, unsigned);
enum rx_exec rx_mini_illegal(struct rx_cpu *);
enum rx_exec rx_mini_raise(struct rx_cpu *, unsigned, uint64_t);
struct rx_val look(struct rx_cpu *, uint64_t);
struct rx_val is(struct rx_cpu *, bool);
enum rx_exec poke(struct rx_cpu *, uint64_t);
enum rx_exec stop(struct rx_cpu *);
{functions}"""


if __name__ == "__main__":
    unittest.main()
