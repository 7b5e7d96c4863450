# SPDX-License-Identifier: MIT
"""Compares the encodings of A64 and T32 with the architecture's machine-readable tables.

    spec_check_a64.py SPECDATA

SPECDATA/arm-mrs/A64.csv and T32.csv have mask, value and should-be bits of every encoding.
Each word of ours must be one of theirs, and bits that should be something must
be so in ours: fixed, or what the assembler writes. Exit code 1 when something
differs. What they have and we do not is counted. The table of T32 is that of A-profile:
what only M-profile has is not compared.
"""
from __future__ import annotations

import csv
import sys
from dataclasses import dataclass, replace
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP), str(TOP / "tools" / "asl-parser")]

from gen.front.asl.load import load  # noqa: E402
from gen.model.encoding import Encoding, Insn, Span  # noqa: E402
from gen.passes.overlap import word_of  # noqa: E402
from gen.support.errors import Errors, Stop  # noqa: E402

NOWHERE = Span("", 0)
ISAS = {"A64": "a64", "T32": "t32"}
# features and instructions that A-profile has not, or has as something else
M_ONLY = ("FEAT_MVE", "MRS_APSR", "MSR_APSR", "VMRS_VMSR_P0")


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    enc: Encoding  # without the should-be bits
    should: int  # mask
    value: int


def read(path: Path) -> list[Row]:
    out = []
    with open(path, encoding="utf-8") as f:
        for r in csv.DictReader(f):
            mask, value, should = (int(r[k], 16) for k in ("mask", "value", "should_be_mask"))
            free = mask & ~should
            length = 2 if r["group"].startswith(("T32/b16", "T32/n")) else 4
            out.append(Row(r["name"], Encoding(r["name"], free, value & free, length, (), (), "",
                                               (), NOWHERE), should, value & should))
    return out


def near(a: Encoding, b: Encoding) -> bool:
    return a.length == b.length and not a.mask & b.mask & (a.match ^ b.match)


def check(insn: Insn, rows: list[Row]) -> str:
    """What is wrong with one of ours, "" nothing."""
    e = insn.encoding
    found = [r for r in rows if near(e, r.enc)]
    if not found:
        return "no word of it is in the table"
    stray = word_of(e, [r.enc for r in found])
    if stray is not None:
        return f"{stray:#010x} is in none of {', '.join(r.name for r in found[:4])}"
    for r in found:
        open_bits = r.should & ~e.mask
        if (e.default ^ r.value) & open_bits and e.mask & r.enc.mask == r.enc.mask:
            return f"bits {open_bits:#010x} should be {r.value:#010x} ({r.name})"
    return ""


def compare(name: str, specdata: Path) -> int:
    """Differences of an instruction set; they are printed."""
    errors, low = Errors(), ISAS[name]
    try:
        isa = load(TOP / "spec" / "arm" / low / f"{low}.isa", f"spec/arm/{low}/{low}.isa", errors)
    except Stop:
        print("\n".join(errors.lines()), file=sys.stderr)
        return 1
    rows = read(specdata / "arm-mrs" / f"{name}.csv")
    bad = 0
    insns = [i for i in isa.insns if not i.name.startswith(M_ONLY)
             and i.encoding.extension not in M_ONLY]
    for i in insns:
        fault = check(i, rows)
        if not fault:
            continue
        print(f"{i.encoding.span}: {i.name}: {fault}")
        bad += 1
    whole = partly = 0
    for r in rows:  # words that a constraint leaves to another encoding count as ours
        ours = [replace(i.encoding, constraints=()) for i in insns if near(i.encoding, r.enc)]
        if not ours:
            continue
        whole += (missing := word_of(r.enc, ours)) is None
        partly += missing is not None
    print(f"{name}: {len(insns)} encodings compared, {bad} differences; of {len(rows)} "
          f"encodings of the table {whole} are stated, {partly} in part")
    return bad


def main() -> int:
    return 1 if sum([compare(name, Path(sys.argv[1])) for name in ISAS]) else 0


if __name__ == "__main__":
    sys.exit(main())
