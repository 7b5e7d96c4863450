# SPDX-License-Identifier: MIT
"""Compares the encodings of rv64 with riscv-opcodes.

    spec_check.py SPECDATA

SPECDATA/riscv-opcodes holds its `extensions` folder and `arg_lut.csv`. For
each of our instructions the fixed bits and the places of the fields must be
the same; intended differences are listed below. The other way round, an
instruction of an extension that we take must not be missing. Exit code 1 when
something differs.
"""
from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gen.front.isafile import load  # noqa: E402
from gen.model.encoding import Encoding  # noqa: E402
from gen.support.errors import Errors, Stop  # noqa: E402

TOP = Path(__file__).resolve().parents[2]

# ours alone: definitions of the manual's text, or a hint's exact word
OWN = {"unimp": "the canonical illegal instruction", "c.unimp": "the illegal halfword",
       "vsetvli.w": "vsetvli with a vtype that has words", "vsetivli.w": "likewise",
       "vlseg2e32.v": "vle32.v with two fields"}
EXACT = {"fence.tso": "other values of its reserved fields are plain fences",
         "vle32.v": "one field"}
SAMPLES = {"rv_v"}  # of which we have a part only

def read(specdata: Path) -> tuple[dict[str, tuple[int, int, list[str]]], dict[str, str]]:
    """mask, match and fields by name; the file of each plain (not pseudo) line."""
    out: dict[str, tuple[int, int, list[str]]] = {}
    plain: dict[str, str] = {}
    for path in sorted((specdata / "riscv-opcodes" / "extensions").glob("rv*")):
        if path.name.startswith("rv32"):
            continue
        for line in path.read_text().split("\n"):
            words = line.split("#")[0].split()
            if not words or words[0] == "$import":
                continue
            pseudo = words[0] == "$pseudo_op"
            if pseudo:
                words = words[2:]
            mask = match = 0
            fields = []
            for w in words[1:]:
                m = re.fullmatch(r"(\d+)(?:\.\.(\d+))?=(\S+)", w)
                if not m:
                    fields.append(w)
                    continue
                hi, lo = int(m[1]), int(m[2] or m[1])
                mask |= ((1 << (hi - lo + 1)) - 1) << lo
                match |= int(m[3], 0) << lo
            if not pseudo:
                plain[words[0]] = path.name
            if not pseudo or words[0] not in out:
                out[words[0]] = (mask, match, fields)
    return out, plain


def compare(e: Encoding, theirs: tuple[int, int, list[str]],
            lut: dict[str, tuple[int, int]]) -> str:
    mask, match, fields = theirs
    if e.name in EXACT:
        if e.mask & mask != mask or e.match & mask != match:
            return f"{e.match:#x}/{e.mask:#x} is no case of {match:#x}/{mask:#x}"
        return ""
    if (e.mask, e.match) != (mask, match):
        return f"bits {e.match:#x}/{e.mask:#x}, theirs {match:#x}/{mask:#x}"
    ours = sorted((f.hi, f.lo) for f in e.fields)
    want = sorted(lut[f] for f in fields if f in lut)
    if unknown := [f for f in fields if f not in lut]:
        return f"their fields {unknown} are not in arg_lut.csv"
    return "" if ours == want else f"fields at {ours}, theirs at {want}"


def main() -> int:
    specdata = Path(sys.argv[1])
    errors = Errors()
    try:
        isa = load(TOP / "spec" / "riscv" / "rv64.isa", "spec/riscv/rv64.isa", errors)
    except Stop:
        print("\n".join(errors.lines()), file=sys.stderr)
        return 1
    lut = {}
    for line in (specdata / "riscv-opcodes" / "arg_lut.csv").read_text().split("\n"):
        if line.strip():
            name, hi, lo = (x.strip().strip('"') for x in line.split(","))
            lut[name] = (int(hi), int(lo))
    theirs, plain = read(specdata)
    bad = 0
    for i in isa.insns:
        if i.name in OWN:
            continue
        fault = compare(i.encoding, theirs[i.name], lut) if i.name in theirs else "not there"
        if fault:
            print(f"{i.encoding.span}: {i.name}: {fault}")
            bad += 1
    have = {i.name for i in isa.insns}
    files = {i.encoding.extension for i in isa.insns}
    for name, file in sorted(plain.items()):
        if file in files and file not in SAMPLES and name not in have:
            print(f"{file}: {name} is not in spec/riscv")
            bad += 1
    print(f"{len(isa.insns)} instructions compared, {bad} differences, "
          f"{len(OWN)} not in riscv-opcodes")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
