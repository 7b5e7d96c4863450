# SPDX-License-Identifier: MIT
"""Vectors in the model: made-up bodies by executor, lifted, and by meaning.

The meaning is read off the body as it was before the passes: reads see the
registers before the instruction, a fault that is precise undoes everything.
"""
from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[1]
for folder in (HERE, TOP, TOP / "tools/asl-parser"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

import clib  # noqa: E402
from gen.back import smir_ops  # noqa: E402
from gen.back.cstmt import exec_lines  # noqa: E402
from gen.back.lift import Lifter  # noqa: E402
from gen.isas import ISAS  # noqa: E402
from gen.model.checked import Meaning  # noqa: E402
from gen.model.encoding import BitSrc, Operand, Place, Span, Syntax, SyntaxKind  # noqa: E402
from gen.model.execute import Fault, State, _Run  # noqa: E402
from gen.model.isa import RegClass, Scalar  # noqa: E402
from gen.model.lanes import (Elem, Form, Lanes, SetElem, TryLoad, VecCopy,  # noqa: E402
                             VecLocal, VecOp, VecState, VecVar, ZeroAbove)
from gen.model.sem import (BOOL, Access, Assign, Binary, Bits, Const, Expr, Ext, If,  # noqa: E402
                           Let, Load, Op, RegRead, RegWrite, Select, Sem, Slice, StateRead,
                           StateWrite, Stmt, Store, Unary, Var)
from gen.passes.effects import effects  # noqa: E402
from gen.passes.commit import commit  # noqa: E402
from gen.passes.lanes import lanes  # noqa: E402
from gen.passes.verify import verify  # noqa: E402
from gen.support.errors import Errors  # noqa: E402
from gen.support.render import environment  # noqa: E402

B1, B8, B16, B32, B64 = (Bits(w) for w in (1, 8, 16, 32, 64))
AT = Span("test", 1)
J, VD, VA, VB = Var(B64, "j"), VecOp("vd"), VecOp("va"), VecOp("vb")
K = StateRead(B64, "k")
MEM = 64


def n(v: int, t: Bits = B64) -> Const:
    return Const(t, v % (1 << t.width))


def bop(op: Op, a: Expr, b: Expr) -> Binary:
    cond = op in (Op.EQ, Op.NE, Op.ULT, Op.ULE, Op.SLT, Op.SLE, Op.LAND, Op.LOR)
    return Binary(BOOL if cond else a.type, op, a, b)


def a(t: Bits, k: Expr = J) -> Elem:
    return Elem(t, VA, k)


def b(t: Bits, k: Expr = J) -> Elem:
    return Elem(t, VB, k)


def put(v: Expr, k: Expr = J) -> SetElem:
    return SetElem(VD, k, v)


def loop(count: Expr | int, *body: Stmt, **more) -> Lanes:
    return Lanes("j", n(count) if isinstance(count, int) else count, body, **more)


def bit(x: Expr) -> Expr:
    """Is bit j of a scalar set?"""
    return bop(Op.EQ, Slice(B1, 0, Binary(B64, Op.LSHR, x, J)), n(1, B1))


def saturated() -> Expr:
    s = bop(Op.ADD, Ext(B16, True, a(B8)), Ext(B16, True, b(B8)))
    high = Select(B16, bop(Op.SLT, n(127, B16), s), n(127, B16), s)
    return Slice(B8, 0, Select(B16, bop(Op.SLT, high, n(-128, B16)), n(-128, B16), high))


def load(at: Expr, name: str = "t", size: int = 4) -> Load:
    return Load(name, at, Access(size))


X = RegRead(B64, "x")
FOUR = bop(Op.ADD, X, bop(Op.MUL, J, n(4)))
T, S = Var(B32, "t"), Var(B32, "s")
COUNT = bop(Op.AND, K, n(15))

# name: body, form of its first loop, is it lifted
BODIES: dict[str, tuple[tuple[Stmt, ...], Form, bool]] = {
    "map": ((loop(4, put(bop(Op.ADD, a(B32), b(B32)))), ZeroAbove(VD, n(16), n(64))),
            Form.MAP, True),
    "map64": ((loop(8, put(bop(Op.SUB, a(B64), b(B64)))),), Form.MAP, True),
    "logic": ((loop(8, put(bop(Op.XOR, a(B8), Unary(B8, Op.NOT, b(B8))))),), Form.MAP, True),
    "saturate": ((loop(32, put(saturated())),), Form.MAP, True),
    "shift": ((loop(16, put(Binary(B16, Op.ASHR, a(B16), n(3, B16)))),), Form.MAP, True),
    "scalar": ((loop(16, put(bop(Op.MUL, a(B32), Slice(B32, 0, X)))),), Form.MAP, True),
    "symbolic": ((loop(COUNT, put(bop(Op.ADD, a(B32), b(B32)))),), Form.MAP, False),
    "widen": ((loop(4, put(Ext(B64, True, a(B32)))),), Form.WIDEN, True),
    "narrow": ((loop(8, put(Slice(B16, 8, a(B32)))),), Form.NARROW, True),
    "masked": ((loop(4, put(bop(Op.ADD, a(B32), b(B32))), active=bit(K)),), Form.MAP, True),
    "zeroed": ((loop(4, put(bop(Op.ADD, a(B32), b(B32))), active=bit(K),
                     inactive=(put(n(0, B32)),)),), Form.MAP, True),
    "other": ((loop(4, put(bop(Op.ADD, a(B32), b(B32))), active=bit(K),
                    inactive=(put(a(B32)),)),), Form.MAP, True),
    "predicate": ((loop(8, put(bop(Op.ADD, a(B64), b(B64))),
                        active=bop(Op.EQ, Elem(B1, VecState("q", n(3)), J), n(1, B1))),),
                  Form.MAP, True),
    "compare": ((loop(16, put(Select(B32, bop(Op.LAND, bop(Op.SLT, a(B32), b(B32)),
                                              bop(Op.NE, b(B32), n(0, B32))),
                                     n(-1, B32), n(0, B32)))),), Form.MAP, True),
    "branchy": ((loop(16, Let("t", a(B32), mutable=True),
                      If(bop(Op.ULT, T, b(B32)), (Assign("t", bop(Op.SUB, b(B32), T)),)),
                      put(T)),), Form.MAP, True),
    "reverse": ((loop(16, put(a(B32, bop(Op.XOR, J, n(15))))),), Form.PERMUTE, True),
    "parts": ((loop(64, put(saturated())),), Form.MAP, True),
    "number": ((loop(32, put(bop(Op.MUL, a(B16), bop(Op.ADD, Slice(B16, 0, J), n(3, B16))))),),
               Form.MAP, True),
    "apart": ((VecLocal("l", 32), loop(16, SetElem(VecVar("l"), J, bop(
        Op.ADD, a(B16, bop(Op.MUL, n(2), J)), a(B16, bop(Op.ADD, bop(Op.MUL, J, n(2)), n(1)))))),
               VecCopy(VD, VecVar("l"), n(32))), Form.PERMUTE, True),
    "woven": ((VecLocal("l", 64),
               loop(16, SetElem(VecVar("l"), bop(Op.MUL, n(2), J), a(B16)),
                    SetElem(VecVar("l"), bop(Op.ADD, bop(Op.MUL, n(2), J), n(1)),
                            b(B16, bop(Op.ADD, J, n(16))))),
               VecCopy(VD, VecVar("l"), n(64))), Form.PERMUTE, True),
    "any": ((Let("s", n(0, B1), mutable=True),
             loop(32, put(Slice(B16, 0, bop(Op.ADD, Ext(B32, False, a(B16)),
                                            Ext(B32, False, b(B16))))),
                  Assign("s", Select(B1, bop(Op.ULT, a(B16), b(B16)), n(1, B1), Var(B1, "s")))),
             StateWrite("k", Ext(B64, False, Var(B1, "s")))), Form.SCAN, True),
    "each": ((Let("s", n(0), mutable=True),
              loop(16, Assign("s", bop(Op.OR, Var(B64, "s"), Select(
                  B64, bop(Op.SLT, a(B32), b(B32)), Binary(B64, Op.SHL, n(1), J), n(0)))),
                   active=bit(K)),
              StateWrite("k", Var(B64, "s"))), Form.REDUCE, True),
    "table": ((loop(64, If(bop(Op.ULT, a(B8), n(64, B8)),
                           (put(b(B8, Ext(B64, False, a(B8)))),), (put(n(0, B8)),))),),
              Form.PERMUTE, False),
    "chosen": ((loop(64, put(b(B8, Ext(B64, False, bop(Op.AND, a(B8), n(63, B8)))))),),
               Form.PERMUTE, True),
    "few": ((loop(3, put(bop(Op.ADD, a(B64), b(B64)))),), Form.MAP, True),
    "sum": ((Let("s", n(0, B32), mutable=True),
             loop(COUNT, Assign("s", bop(Op.ADD, S, a(B32)))),
             SetElem(VD, n(0), S)), Form.REDUCE, False),
    "scan": ((Let("s", n(0, B32), mutable=True),
              loop(16, Assign("s", bop(Op.ADD, S, a(B32))), put(S))), Form.SCAN, False),
    "compress": ((Let("m", n(0), mutable=True),
                  loop(16, If(bit(K), (put(a(B32), Var(B64, "m")),
                                       Assign("m", bop(Op.ADD, Var(B64, "m"), n(1))))))),
                 Form.COMPRESS, False),
    "locals": ((VecLocal("l", 32), loop(4, SetElem(VecVar("l"), J, a(B32))),
                VecCopy(VD, VecVar("l"), n(32))), Form.MAP, True),
    "element": ((SetElem(VD, n(3), bop(Op.ADD, a(B32, n(1)), b(B32, n(2)))),
                 loop(1, RegWrite("x", None, X)))[:1], Form.OTHER, True),
    "load": ((loop(8, load(FOUR), put(T)),), Form.MEMORY, True),
    "mload": ((loop(8, load(FOUR), put(T), active=bit(K), inactive=(put(n(0, B32)),)),),
              Form.MEMORY, True),
    "mstore": ((VecLocal("l", 16), loop(4, SetElem(VecVar("l"), J, a(B32))),
                loop(4, Store(FOUR, Elem(B32, VecVar("l"), J), Access(4)), active=bit(K),
                     progress=True)), Form.MAP, False),
    "resume": ((loop(8, load(FOUR), put(T), start=bop(Op.AND, K, n(7)), progress=True,
                     on_fault=(StateWrite("k", J),)), StateWrite("k", n(0))),
               Form.MEMORY, False),
    "store": ((loop(4, Store(FOUR, a(B32), Access(4)), progress=True,
                    on_fault=(StateWrite("k", J),)),), Form.MEMORY, False),
    "first": ((Let("g", n(1, B1), mutable=True),
               loop(8, If(bop(Op.EQ, Var(B1, "g"), n(1, B1)),
                          (TryLoad("t", "ok", FOUR, Access(4)),
                           If(Var(BOOL, "ok"), (put(T),), (Assign("g", n(0, B1)),)))))),
              Form.MEMORY, False),
}
NUMBERS = ((0, 1, 2), (0, 0, 1), (0, 1, 0), (1, 1, 1), (3, 2, 3))
STATES = 40
SOURCES = ("smir/build.c", "smir/verify.c", "smir/resolve.c", "smir/interp.c", "smir/eval_prim.c",
           "smir/eval_wide.c", "smir/eval_vec.c", "smir/eval_fp.c", "base/error.c")


def operand(name: str, cls: str, access: str, slot: int) -> Operand:
    return Operand(name, name, cls, access, 5, False, (BitSrc(5, 5 * slot),),
                   Syntax(SyntaxKind.REG), slot, Place(slot), AT)


def mini():
    """RV64 with a class of four vectors instead, and an instruction of them."""
    isa = ISAS["rv64"].load(TOP / "spec", Errors(), False)
    classes = {"q": RegClass("q", "q", 512, "", "", AT, True, count=4),
               "r": RegClass("r", "x", 64, "", "", AT)}
    info = replace(isa.info, name="mini", prefix="rx_mini", state="state", classes=classes,
                   views={}, scalars={"k": Scalar("k", "k", 64, (1 << 64) - 1, AT)}, fp_class="",
                   lanes=None)
    reg = isa.regs.reg("traps")
    regs = replace(isa.regs, regs=(replace(reg, name="k", member=""),))
    names = isa.enc.reg("fpr")
    enc = replace(isa.enc, regs=(replace(names, name="q"), replace(names, name="r")))
    insn = replace(isa.enc.insn("add"), operands=(
        operand("vd", "q", "w", 0), operand("va", "q", "r", 1), operand("vb", "q", "r", 2),
        operand("x", "r", "r", 3)))
    return replace(isa, info=info, regs=regs, enc=enc), insn


class Before(_Run):
    """Reads see the vectors before the instruction."""

    def elem(self, v, index: int, width: int) -> int:
        if not isinstance(v, VecVar):
            now, self.state.vectors = self.state.vectors, self.old
            try:
                return super().elem(v, index, width)
            finally:
                self.state.vectors = now
        return super().elem(v, index, width)


def word(numbers: tuple[int, ...]) -> int:
    return sum(v << 5 * k for k, v in enumerate((*numbers, 5)))


class Bytes:
    """A state as the program reads and writes it."""

    def __init__(self, data: bytes) -> None:
        self.q, self.x = bytearray(data[:256]), data[256:320]
        self.k, self.mem = int.from_bytes(data[320:328], "little"), bytearray(data[328:])

    def data(self) -> bytes:
        return bytes(self.q) + self.x + self.k.to_bytes(8, "little") + bytes(self.mem)


def meaning(isa, m: Meaning, numbers: tuple[int, ...], data: bytes) -> tuple[int, bytes]:
    s = Bytes(data)

    def access(at: int, size: int) -> None:
        if at > MEM - size:
            raise Fault("access")

    def read(at: int, size: int) -> int:
        access(at, size)
        return int.from_bytes(s.mem[at:at + size], "little")

    def write(at: int, size: int, v: int) -> None:
        access(at, size)
        s.mem[at:at + size] = v.to_bytes(size, "little")

    xs = [int.from_bytes(s.x[8 * k:8 * k + 8], "little") for k in range(8)]
    state = State(0, {"r": xs, "q": []}, read, write, access, scalars={"k": s.k},
                  vectors={"q": (s.q, 64)})
    run = Before(isa, m, word(numbers), state)
    run.old = {"q": (bytearray(s.q), 64)}
    progress = any(isinstance(x, Lanes) and x.progress for x in m.sem.body)
    try:
        run.body(m.sem.body)
    except Fault:
        if not progress:
            return 1, data
        s.k = run.scalars.get("k", s.k)
        return 1, s.data()
    s.k = run.scalars.get("k", s.k)
    return 0, s.data()


def states() -> list[bytes]:
    r = random.Random(5)
    out = []
    for _ in range(STATES):
        q = bytes(r.choice((0, 1, 127, 128, 255, r.randrange(256))) for _ in range(256))
        xs = [r.getrandbits(64) for _ in range(8)]
        xs[5] = r.choice((0, 4, 20, 36, 48, 60, 64, 1 << 40))
        out.append(q + b"".join(x.to_bytes(8, "little") for x in xs)
                   + r.getrandbits(64).to_bytes(8, "little") + r.randbytes(MEM))
    return out


@unittest.skipIf(clib.MISSING, clib.MISSING)
class LaneBodies(unittest.TestCase):
    def test_all(self) -> None:
        isa, insn = mini()
        text, execs, lifts, before = "", [], [], []
        for name, (body, form, native) in BODIES.items():
            sem = Sem(body)
            verify(insn, sem, isa.info, committed=False)
            before.append(Meaning(insn, sem, effects(insn, sem, isa.info)))
            sem = commit(insn, lanes(insn, sem, isa.info), isa.info)
            verify(insn, sem, isa.info, committed=True)
            m = Meaning(insn, sem, effects(insn, sem, isa.info))
            found = next((s.form for s in sem.body if isinstance(s, Lanes)), Form.OTHER)
            self.assertEqual(found, form, name)
            lines = exec_lines(insn, sem, m.eff, isa.info, isa.enc)
            text += f"static enum rx_exec x_{name}(struct rx_cpu *cpu, const struct rx_insn *i)" \
                    "\n{\n" + "\n".join(lines) + "\n}\n"
            execs.append(f"x_{name}")
            lines = Lifter(isa, m).run()
            self.assertEqual(lines is not None, native, name)
            lifts.append(f"l_{name}" if lines else "NULL")
            if lines:
                text += f"static void l_{name}(struct rx_smir_fn *f, const struct rx_insn *i)" \
                        "\n{\n" + "\n".join(lines) + "\n}\n"
        numbers = ", ".join("{ %d, %d, %d }" % x for x in NUMBERS)
        text += f"#define EXECUTORS {', '.join(execs)}\n#define LIFTERS {', '.join(lifts)}\n" \
                f"#define NUMBERS {{ {numbers} }}\n"
        cases = states()
        with tempfile.TemporaryDirectory() as folder:
            got = self.run_c(Path(folder), text, b"".join(cases))
        size = 1 + len(cases[0])
        at = 0
        for data in cases:
            for m, name in zip(before, BODIES):
                for numbers in NUMBERS:
                    want = meaning(isa, m, numbers, data)
                    for kind in ("executor", "lifted"):
                        status, after = got[at], got[at + 1:at + size]
                        at += size
                        if status != 2:
                            self.assertEqual((status, after.hex()), (want[0], want[1].hex()),
                                             f"{name} {numbers} {kind}")
        self.assertEqual(at, len(got))

    def run_c(self, folder: Path, text: str, states: bytes) -> bytes:
        table = ISAS["smir"].load(TOP / "spec", Errors(), False)
        (folder / "smir").mkdir()
        for path, made in smir_ops.generate(table, environment()).items():
            (folder / path).write_text(made)
        (folder / "made.h").write_text(text)
        cc = os.environ.get("CC", "cc").split()
        subprocess.run(
            [*cc, "-std=gnu11", "-w", "-O1", f"-I{TOP}/runtime", f"-I{TOP}/runtime/include",
             f"-I{folder}", str(HERE / "lanes_run.c"), *(f"{TOP}/runtime/{s}" for s in SOURCES),
             *map(str, sorted((TOP / "runtime/fp").glob("*.c"))),
             "-o", str(folder / "run")], check=True)
        return subprocess.run([str(folder / "run")], input=states, capture_output=True,
                              check=True).stdout


if __name__ == "__main__":
    unittest.main()
