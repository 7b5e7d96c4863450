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
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP), str(TOP / "tools" / "asl-parser")]

from gen.front.asl.load import load  # noqa: E402
from gen.support.errors import Errors  # noqa: E402

MC = ("llvm-mc", "--triple=aarch64", "-show-encoding",
      "-mattr=+v8.7a,+fullfp16,+crypto,+aes,+sha2,+sha3,+lse,+crc,+rcpc,+ras,+flagm,+sve,+sme,"
      "+sme-f64,+sme-i64,+bf16")
EACH = 2


def mc(lines: list[str], *how: str) -> dict[str, str]:
    """Texts by bytes, of what llvm-mc makes of the lines."""
    done = subprocess.run([*MC, *how], input="\n".join(lines) + "\n", capture_output=True,
                          text=True)
    out = {}
    for line in done.stdout.split("\n"):
        m = re.match(r"\t(.*?)\s*// encoding: \[((?:0x..,?){4})\]$", line)
        if m:
            out[m[2].replace("0x", "").replace(",", "")] = re.sub(r"\s+", " ", m[1])
    return out


def rax(program: str, what: str, lines: list[str]) -> list[str]:
    done = subprocess.run([program, what, "--isa", "a64", "-"], input="\n".join(lines) + "\n",
                          capture_output=True, text=True)
    return done.stdout.split("\n")[:-1]


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


def spaced(data: str) -> str:
    return " ".join("0x" + data[k:k + 2] for k in range(0, 8, 2))


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
    print("# a64_asm.tsv - assembly text and bytes, see record_a64_asm.py. "
          "SPDX-License-Identifier: MIT")
    print("# KIND (both: also what is printed; asm: only accepted), TEXT, BYTES")
    rows: dict[str, str] = {}
    exact = mc(list(theirs.values()))  # some words print like others
    for data, text in zip(own, ours, strict=True):
        if data not in theirs or data not in exact:
            continue
        if theirs[data] != text:
            print(f"{data}: '{text}', llvm-mc says '{theirs[data]}'", file=sys.stderr)
            continue
        rows[text] = f"both\t{text}\t{data}"
    pairs = vectors(specdata)
    printed = rax(program, "dis", [b for _, b in pairs])
    stated = [p for p, t in zip(pairs, printed, strict=True) if not t.startswith("error")]
    right = {}
    for text, data in stated:
        if data in mc([text]):
            right[text] = data
    for (text, data), got in zip(right.items(), rax(program, "asm", list(right)), strict=True):
        if got.split()[:1] != [data]:
            print(f"{text}: {got}, llvm-mc says {data}", file=sys.stderr)
        elif text not in rows:
            kind = "both" if rax(program, "dis", [data])[0] == text else "asm"
            rows[text] = f"{kind}\t{text}\t{data}"
    print("\n".join(rows[t] for t in sorted(rows)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
