# SPDX-License-Identifier: MIT
"""A small ISA whose instructions are given by their meaning, for tests of the
semantic side of the generator.

An entry's name says its format and number: r0..r9 (rd, rs1, rs2), v (rd, rs1, sh),
i (rd, rs1, imm), f (fd, fs1, fs2, rm), g (rd, fs1, fs2), b (rs1, rs2, bimm).
"""
from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
for folder in (TOP / "tools" / "asl-parser", TOP):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from gen.front import isatable  # noqa: E402
from gen.front.bodies import check_bodies  # noqa: E402
from gen.front.isafile import load  # noqa: E402
from gen.front.overrides import read_overrides  # noqa: E402
from gen.front.text import Source  # noqa: E402
from gen.model.checked import Isa, Meaning  # noqa: E402
from gen.model.registers import Registers  # noqa: E402
from gen.passes.layout import layout  # noqa: E402
from gen.passes.refine import refine  # noqa: E402
from gen.support.errors import Errors, Stop  # noqa: E402

FILES = {
    "mini.isa": """isa mini
unit 2
length 2 unless 1..0=3
length 4
encodings ext
fields    fields.tbl
registers regs.tbl
operands  ops.tbl
entries   mini.asl
""",
    "fields.tbl": """field rd 11..7
field rs1 19..15
field rs2 24..20
field sh 25..20
field imm 31..20
field bhi 31..25
field blo 11..7
field rm 14..12
""",
    "regs.tbl": """class gpr numbered x drop 0 -> 4
0 zero ra sp gp
class fpr numbered f
0 fa fb fc fg
""",
    "ops.tbl": """operand rd   rd:w@0  gpr u5  rd
operand rs1  rs1:r@1 gpr u5  rs1
operand rs2  rs2:r@2 gpr u5  rs2
operand fd   fd:w@0  fpr u5  rd
operand fs1  fs1:r@1 fpr u5  rs1
operand fs2  fs2:r@2 fpr u5  rs2
operand imm  imm     -   s64 imm
operand sh   sh      -   u6  sh
operand bimm bimm    -   s64 bhi : blo : '0'
operand rm   rm      -   u3  rm
""",
    "isa.tbl": """isa mini prefix=rx_mini state=rx_mini header=mini.h bits=64 \
fpenv=RX_FPENV_RISCV fp_class=fpr fp_done=rx_mini_done fp_flags=rx_mini_flags fma_key=KEY_FMA
class gpr field=x width=64
class fpr field=f width=64 requires=rx_mini_check key=KEY_FS
view S class=fpr width=32 box=yes
view H class=fpr width=16 box=yes
view D class=fpr width=64
view L class=gpr width=32 above=keep
view Z class=gpr width=16 above=zero
rounding rm dynamic=7 key=KEY_RNE resolve=rx_mini_round
exception Trap code=5
hook Look(bits(64)) -> bits(64) c="look(cpu, {0})"
hook Is(boolean) -> boolean c="is(cpu, {0})"
hook Poke(bits(64)) c="poke(cpu, {0})"
hook Stop() c="stop(cpu)" ends=yes
""",
}
FORMATS = {"r": "rd rs1 rs2 31..25={n} 14..12=0 6..0=3",
           "v": "rd rs1 sh 31..26={n} 14..12=1 6..0=3",
           "i": "rd rs1 imm 14..12={n} 6..0=7", "f": "rd rs1 rs2 rm 31..25={n} 6..0=11",
           "g": "rd rs1 rs2 31..25={n} 14..12=0 6..0=15", "b": "rs1 rs2 bhi blo 14..12={n} 6..0=19"}
_ENTRY = re.compile(r"^([a-z])(\d+) ", re.M)


def encodings(asl: str) -> str:
    """Encoding lines of the entries, in their order."""
    return "".join(f"{k}{n} {FORMATS[k].format(n=n)}\n" for k, n in _ENTRY.findall(asl))


def build(files: dict[str, str]) -> tuple[Isa | None, list[str]]:
    """The ISA with some files replaced, or what is wrong with it."""
    parts = FILES | files
    parts.setdefault("ext", encodings(parts["mini.asl"]))
    errors = Errors()
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        for name, text in parts.items():
            (top / name).parent.mkdir(exist_ok=True)
            (top / name).write_text(text)
        try:
            enc = layout(load(top / "mini.isa", "spec/mini/mini.isa", errors), errors)
            table = isatable.read(Source(top / "isa.tbl", "spec/mini/isa.tbl"), errors)
            overrides = read_overrides(top / "overrides", "spec/overrides/mini",
                                       {i.name for i in enc.insns}, errors)
            errors.check()
            checked = check_bodies(enc, table.info(), overrides, errors)
            meanings = refine(checked, table.info(), errors, verify_each=True)
            errors.check()
        except Stop:
            return None, errors.lines()
    none = Registers("mini", (), (), (), 0, (), (), (), ())
    return Isa(table.info(), enc, meanings, tuple(table.fusions), none,
               overrides=tuple(overrides.values())), []


def accept(asl: str, **files: str) -> Isa:
    """The same of text that must be accepted."""
    isa, lines = build({"mini.asl": asl, **{k.replace("_", ".", 1): v for k, v in files.items()}})
    if isa is None:
        raise AssertionError("\n".join(lines))
    return isa


def meaning(body: str, form: str = "r0 rd, rs1, rs2") -> Meaning:
    """Of one instruction."""
    return accept(f"{form}  {body}\n").meanings[0]


