# SPDX-License-Identifier: MIT
"""Records a64_asm.tsv, pairs of A64 assembly text and bytes.

    record_a64_asm.py SPECDATA RAX > a64_asm.tsv

Every encoding gets two words of its own, which `llvm-mc` on the PATH prints;
an encoding that it does not know has none. SPECDATA/llvm-mc/AArch64.csv.xz has
pairs from the tests of LLVM's assembler: those whose text llvm-mc assembles to
the bytes too are texts that must be accepted. RAX is the program that is
compared first; where it differs nothing is recorded but a line on standard
error. Kinds: `both` texts are what the disassembler prints, `asm` ones are only
accepted.
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
from gen.support.errors import Errors  # noqa: E402
from record_asm import add_accepted, print_head, run_llvm, run_rax, spaced  # noqa: E402

MC = ("llvm-mc", "--triple=aarch64", "-show-encoding",
      "-mattr=+v8.7a,+fullfp16,+crypto,+aes,+sha2,+sha3,+lse,+crc,+rcpc,+ras,+flagm,+sve,+sme,"
      "+sme-f64,+sme-i64,+bf16")
EACH = 2


def mc(lines: list[str], *how: str) -> dict[str, str]:
    """Texts by bytes, of what llvm-mc makes of the lines."""
    return run_llvm(MC, lines, *how)


def rax(program: str, what: str, lines: list[str]) -> list[str]:
    """What rax says to each line."""
    return run_rax(program, "a64", what, lines)


def words() -> list[str]:
    """Some words of each encoding, as bytes."""
    errors, rng, out = Errors(), random.Random(64), []
    isa = load(TOP / "spec" / "arm" / "a64" / "a64.isa", "spec/arm/a64/a64.isa", errors)
    for i in isa.insns:
        e = i.encoding
        free = sum(f.mask for f in e.fields) & ~e.mask
        for _ in range(EACH):
            word = rng.getrandbits(32) & free | e.match | e.default
            out.append(word.to_bytes(4, "little").hex())
    return out


def vectors(specdata: Path) -> list[tuple[str, str]]:
    """Texts and bytes of LLVM's tests, as written."""
    file = io.TextIOWrapper(lzma.open(specdata / "llvm-mc" / "AArch64.csv.xz"))
    out = {}
    for row in csv.DictReader(file):
        text = re.sub(r"\s+", " ", re.sub(r"\s*(//|;).*$", "", row["asm"])).strip().lower()
        if len(row["bytes"]) == 8 and re.fullmatch(r"[a-z][\w.]*( [\w#.,\[\]!{} -]+)?", text):
            out[text] = row["bytes"]
    return sorted(out.items())


def main() -> int:
    specdata, program = Path(sys.argv[1]), sys.argv[2]
    own = list(dict.fromkeys(words()))
    theirs, ours = mc([spaced(w) for w in own], "--disassemble"), rax(program, "dis", own)
    print_head("a64_asm.tsv", "record_a64_asm.py")
    rows: dict[str, str] = {}
    exact = mc(list(theirs.values()))  # some words print like others
    for data, text in zip(own, ours, strict=True):
        if data not in theirs or data not in exact:
            continue
        if theirs[data] != text:
            print(f"{data}: '{text}', llvm-mc says '{theirs[data]}'", file=sys.stderr)
            continue
        rows[text] = f"both\t{text}\t{data}"
    add_accepted(rows, vectors(specdata), program, "a64", mc)
    print("\n".join(rows[t] for t in sorted(rows)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
