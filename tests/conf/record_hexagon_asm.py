#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Records hexagon_asm.tsv, packets as text and bytes.

    record_hexagon_asm.py RAX > hexagon_asm.tsv

For each opcode of spec/hexagon some random words, alone in a packet, behind an
extender, or behind a producer of their new value; and some packets that show the
rules. Kept is what llvm-mc-14 disassembles to the same text. `both`: the text
gives these bytes again; `dis`: an assembler writes something else (a duplex).
"""
from __future__ import annotations

import random
import re
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
EACH = 2
TRIES = 40
NOP, TFR, CMP = 0x7f000000, 0x70610000, 0xf2010000  # r0 = r1; p0 = cmp.eq(r1,r0)
VASSIGN = 0x1e0360e0  # v0 = v0
END, MORE = 3 << 14, 1 << 14
PACKETS = (  # hardware loops, duplexes, extenders, several words
    "0080007f00c0007f", "0040007f0080007f00c0007f", "0080007f0080007f00c0007f",
    "21011048", "23001080", "05406670016302fb00c201f2", "1a460000014402b000400000a3c08491",
    "10c50110", "004100000040804941c08049", "1140717092f50224", "004201f200c443f2",
)


def run(command: list[str], text: str) -> str:
    return subprocess.run(command, input=text, capture_output=True, text=True).stdout


def squeeze(text: str) -> str:
    return re.sub(r"\s", "", text)


def llvm(code: str) -> str:
    """The packet as LLVM prints it, without white space; members in a line each."""
    line = " ".join("0x" + code[k:k + 2] for k in range(0, len(code), 2))
    out = run(["llvm-mc-14", "--triple=hexagon", "--mcpu=hexagonv69",
               "--mattr=+hvxv69,+hvx-length128b", "--disassemble"], line)
    m = re.search(r"\{(.*?)\}([^\n]*)", out, re.S)
    return squeeze("{" + "; ".join(x.strip() for x in m[1].strip().split("\n")) + "}" + m[2]) \
        if m else ""


def words(pattern: str, rng: random.Random) -> int:
    w = 0
    for c in pattern:
        w = w << 1 | (int(c) if c in "01" else 0 if c in "-P" else rng.getrandbits(1))
    return w


def candidate(pattern: str, line: str, rng: random.Random) -> str:
    w = words(pattern, rng)
    before = []
    if "must=" in line or "ext=" in line and not rng.getrandbits(2):
        before.append(rng.getrandbits(26) & 0x3fff | rng.getrandbits(12) << 16)
    if ".new" in line:
        before[:0] = [TFR, CMP]
    letters = re.search(r"([NO])([st])8\.new", line)
    if letters:  # two words back, extenders do not count; vectors among vectors
        vector = letters[1] == "O"
        before += [VASSIGN] * vector
        at = [k for k, c in enumerate(pattern) if c == letters[2]]
        for k, bit in zip(at, "010" if vector else "100"):
            w = w & ~(1 << 31 - k) | int(bit) << 31 - k
    code = [*(b | MORE for b in before), w | END]
    return b"".join(x.to_bytes(4, "little") for x in code).hex()


def main(rax: str) -> int:
    rng = random.Random(1)
    asked: list[tuple[str, str]] = []
    for table in sorted((TOP / "spec" / "hexagon").glob("*.tbl")):
        for line in table.read_text().splitlines():
            m = re.match(r'([A-Z]\w*_\w+)\s+([01A-Za-z-]{32})\s+"', line)
            if m and m[1] != "A4_ext":
                asked += [(m[1], candidate(m[2], line, rng)) for _ in range(TRIES)]
    asked += [("", p) for p in PACKETS]
    texts = run([rax, "dis", "--isa", "hexagon", "-"],
                "".join(f"{c}\n" for _, c in asked)).splitlines()
    count: dict[str, int] = {}
    kept: dict[str, str] = {}
    for (name, code), text in zip(asked, texts):
        if text.startswith("error") or name and count.get(name, 0) >= EACH:
            continue
        if llvm(code) == squeeze(text):
            count[name] = count.get(name, 0) + 1
            kept[text] = code
    back = run([rax, "asm", "--isa", "hexagon", "-"], "".join(f"{t}\n" for t in kept)).splitlines()
    print("# hexagon_asm.tsv - packets as text and bytes, see record_hexagon_asm.py. "
          "SPDX-License-Identifier: MIT")
    for (text, code), again in zip(kept.items(), back):
        print("both" if again == code else "dis", text, code, sep="\t")
    missing = sorted({n for n, _ in asked} - set(count))
    print(f"{len(kept)} packets; none for {' '.join(missing) or 'nothing'}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
