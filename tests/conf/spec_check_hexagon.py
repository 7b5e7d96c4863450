#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hexagon's opcode tables against public ones.

    spec_check_hexagon.py SPECDATA

SPECDATA/hexagon: hexagon-opcodes.csv (pattern and syntax of each tag) and
llvm-Hexagon.csv (what an extender may replace). Every opcode of spec/hexagon must
have the same bits, the same syntax and the same extendable operand.
"""
from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
LINE = re.compile(r'([A-Z]\w*_\w+)\s+(?:(\w+):)?([01A-Za-z-]+)\s+"([^"]*)"(.*)$')
OWN_SPACE = "E"  # ends of loops, which have no words
EXTENDABLE, SIGNED = 1 << 23, 1 << 28


def squeeze(syntax: str) -> str:
    """Syntax without what the two tables spell differently."""
    s = re.sub(r"[\s{}]", "", syntax)
    s = re.sub(r"\b(R[a-z]+)\.([HL])32", lambda m: f"{m[1]}32.{m[2].lower()}", s)
    s = re.sub(r"jumpr:n?t", "jumpr", s)
    return s.lower()


def same_syntax(ours: str, theirs: str) -> bool:
    a, b = squeeze(ours), squeeze(theirs)
    loose = re.compile(r":raw|:nt|:t\b|#|r29|r31|\(\)|,|rx32|rdd32=|\(rs32\)|;")
    return a == b or loose.sub("", a) == loose.sub("", b)


def main(folder: str) -> int:
    root = Path(folder) / "hexagon"
    with open(root / "hexagon-opcodes.csv", encoding="utf-8") as f:
        tags = {r["tag"]: r for r in csv.DictReader(f)}
    with open(root / "llvm-Hexagon.csv", encoding="utf-8") as f:
        llvm = {r["name"]: r for r in csv.DictReader(f)}
    checked = bad = 0
    for table in sorted((TOP / "spec" / "hexagon").glob("*.tbl")):
        for number, text in enumerate(table.read_text().splitlines(), 1):
            m = LINE.match(text)
            if not m or m[2] == OWN_SPACE:
                continue
            checked += 1
            row, wrong = tags.get(m[1]), []
            if row is None:
                wrong.append("no such tag")
            else:
                if re.sub(r"\s", "", row["encoding"]) != m[3]:
                    wrong.append(f"pattern {row['encoding']}")
                if not same_syntax(m[4], row["syntax"]):
                    wrong.append(f"syntax {row['syntax']}")
            flags = int(llvm[m[1]]["tsflags"], 2) if m[1] in llvm else 0
            extends = "ext=" in m[5] or "must=" in m[5]
            if "({gp+}" not in m[4] and bool(flags & EXTENDABLE) != extends:
                wrong.append("whether an extender may be before it")
            for w in wrong:
                bad += 1
                print(f"spec/hexagon/{table.name}:{number}: {m[1]}: {w}")
    print(f"hexagon: {checked} of {len(tags)} opcodes compared, {bad} differences")
    return 1 if bad or not checked else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
