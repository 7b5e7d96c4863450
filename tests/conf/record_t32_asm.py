# SPDX-License-Identifier: MIT
"""Records t32_asm.tsv, pairs of T32 assembly text and bytes.

    record_t32_asm.py SPECDATA RAX > t32_asm.tsv

Every encoding gets three words of its own, which `llvm-mc` on the PATH prints; an
encoding that it does not know has none. What begins an IT or VPT block comes last
there, with the block's instructions behind it: texts of ours are those outside of
blocks. SPECDATA/llvm-mc/ARM.csv.xz has pairs from the tests of LLVM's assembler:
those whose text llvm-mc assembles to the bytes too are texts that must be accepted.
RAX is the program that is compared first; where it differs nothing is recorded but
a line on standard error. Kinds: `both` texts are what the disassembler prints,
`asm` ones are only accepted.
"""
from __future__ import annotations

import csv
import io
import lzma
import random
import re
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP), str(TOP / "tools" / "asl-parser")]

from gen.front.asl.load import load  # noqa: E402
from gen.model.encoding import Encoding  # noqa: E402
from gen.support.errors import Errors  # noqa: E402
from record_asm import add_accepted, print_head, run_llvm, run_rax, spaced  # noqa: E402

MC = ("llvm-mc", "--triple=thumbv8.1m.main", "-show-encoding", "-mattr=+mve.fp,+fp64,+dsp")
EACH, TRIES = 3, 60
# vadd.i8 q0, q2, q2 and add.w r7, r8, r9: what a block may hold
BLOCKS = {"VPST": "04ef4408", "VPT": "04ef4408", "IT": "08eb0907"}


def mc(lines: list[str], *how: str) -> dict[str, str]:
    """Texts by bytes, of what llvm-mc makes of the lines."""
    return run_llvm(MC, lines, *how, comment="@")


def rax(program: str, what: str, lines: list[str]) -> list[str]:
    """What rax says to each line."""
    return run_rax(program, "t32", what, lines)


def data(e: Encoding, word: int) -> str:
    """Bytes; the first halfword is on top."""
    return b"".join((word >> k & 0xffff).to_bytes(2, "little")
                    for k in reversed(range(0, 8 * e.length, 16))).hex()


def words() -> tuple[list[str], dict[str, str]]:
    """Some words of each encoding, as bytes; what follows those that begin blocks."""
    errors, rng, out = Errors(), random.Random(32), {}
    blocks: dict[str, str] = {}
    isa = load(TOP / "spec" / "arm" / "t32" / "t32.isa", "spec/arm/t32/t32.isa", errors)
    for i in isa.insns:
        e = i.encoding
        free = sum(f.mask for f in e.fields) & ~e.mask
        tried = (rng.getrandbits(32) & free | e.match | e.default for _ in range(TRIES))
        for word in [w for w in tried if e.matches(w)][:EACH]:
            out[data(e, word)] = None
            for head, inside in BLOCKS.items():
                if i.name == head or head == "VPT" and i.name.startswith("VPT_"):
                    blocks[data(e, word)] = inside
    return list(out), blocks


def vectors(specdata: Path) -> list[tuple[str, str]]:
    """Texts and bytes of LLVM's tests, as written."""
    file = io.TextIOWrapper(lzma.open(specdata / "llvm-mc" / "ARM.csv.xz"))
    out = {}
    for row in csv.DictReader(file):
        text = re.sub(r"\s+", " ", re.sub(r"\s*(@|//|;).*$", "", row["asm"])).strip()
        if "thumb" in row["triple"] and len(row["bytes"]) in (4, 8) \
                and re.fullmatch(r"[a-z][\w.]*( [\w#.,\[\]!{} -]+)?", text):
            out[text] = row["bytes"]
    return sorted(out.items())


def main() -> int:
    specdata, program = Path(sys.argv[1]), sys.argv[2]
    own, blocks = words()
    first = [w for w in own if w not in blocks]
    lines = first + [x for w in blocks for x in (w, *[blocks[w]] * 4)]
    theirs, ours = mc([spaced(w) for w in lines], "--disassemble"), rax(program, "dis", own)
    print_head("t32_asm.tsv", "record_t32_asm.py")
    rows: dict[str, str] = {}
    back = dict(zip(own, rax(program, "asm", ours), strict=True))
    for w, text in zip(own, ours, strict=True):
        if w not in theirs:
            continue
        if theirs[w] != text:
            print(f"{w}: '{text}', llvm-mc says '{theirs[w]}'", file=sys.stderr)
        elif back[w] == w:  # some words print like others
            rows[text] = f"both\t{text}\t{w}"
    add_accepted(rows, vectors(specdata), program, "t32", mc)
    print("\n".join(rows[t] for t in sorted(rows)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
