#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Records what QEMU says about the vector cases (tests/conf/rvv.h).

    record_rvv.py [--check]

Writes tests/conf/rvv.vec.zst and the instructions' lines of
spec/riscv/verified.tbl; --check writes nothing and fails where the recording
differs. Needs qemu-riscv64 and a cross compiler.
"""
from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
VECTORS = TOP / "tests" / "conf" / "rvv.vec.zst"
INDEX = TOP / "spec" / "riscv" / "verified.tbl"
VLENS = (128, 256, 512, 1024)
CC, QEMU = "riscv64-linux-gnu-gcc", "qemu-riscv64"


def output(*command: str | Path) -> bytes:
    return subprocess.run([str(c) for c in command], capture_output=True, check=True).stdout


def main() -> int:
    p = argparse.ArgumentParser(description="Records what QEMU says about the vector cases.")
    p.add_argument("--check", action="store_true", help="compare with the recording, write nothing")
    args = p.parse_args()
    for tool in (CC, QEMU, "zstd"):
        if not shutil.which(tool):
            print(f"record_rvv.py: {tool} is not installed", file=sys.stderr)
            return 3
    name = "QEMU " + re.search(r"version ([\d.]+)", output(QEMU, "--version").decode())[1]
    blob, cases = b"", Counter()
    with tempfile.TemporaryDirectory() as tmp:
        program = Path(tmp) / "rvv"
        output(CC, "-O1", "-static", f"-I{TOP}", "-o", program,
               TOP / "tests/diff/guest/rvv.c", TOP / "tests/conf/rvv.c")
        for vlen in VLENS:
            run = (QEMU, "-cpu", f"rv64,v=true,vlen={vlen},elen=64,vext_spec=v1.0", program,
                   str(vlen))
            blob += output(*run)
            cases.update(output(*run, "names").decode().split())
    if args.check:
        same = output("zstd", "-q", "-dc", VECTORS) == blob
        print("record_rvv.py: the recording " + ("holds" if same else "differs"))
        return 0 if same else 1
    VECTORS.write_bytes(subprocess.run(["zstd", "-q", "-19", "-c"], input=blob,
                                       capture_output=True, check=True).stdout)
    lines = [x for x in INDEX.read_text().splitlines(True) if x.split()[:1] != []
             and x.split()[0] not in cases]
    lines += [f"{insn:<16} {n:<5} {name}\n" for insn, n in sorted(cases.items())]
    INDEX.write_text("".join(lines))
    print(f"record_rvv.py: {len(cases)} instructions, {sum(cases.values())} cases, by {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
