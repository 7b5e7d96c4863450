#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Records what the oracles say about every case.

    record.py [--check]

Writes tests/conf/rv64.vec.zst (results, see tests/conf/vectors.h) and
spec/riscv/verified.tbl (which oracle judged how many cases). Two oracles that
disagree are an error, unless it is listed in qemu.py why. --check writes nothing
and fails where the recording differs.
"""
from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from qemu import (OLD_LACKS, OLD_WRONG, TOP, Qemu, Unavailable, all_oracles, build,
                  extensions)

VECTORS = TOP / "tests" / "conf" / "rv64.vec.zst"
INDEX = TOP / "spec" / "riscv" / "verified.tbl"

HEAD = """\
# verified.tbl - recorded results of single instructions (tests/conf/rv64.vec.zst), by oracle.
# SPDX-License-Identifier: MIT
#
# INSN CASES ORACLE; written by tests/diff/record.py
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """An oracle's results of one instruction."""

    head: str  # "NAME SEED FIRST COUNT HASH"
    data: bytes

    @property
    def records(self) -> list[bytes]:
        out, at = [], 0
        while at < len(self.data):
            end = at + 2 + int.from_bytes(self.data[at:at + 2], "little")
            out.append(self.data[at:end])
            at = end
        return out

    @property
    def judged(self) -> int:
        return sum(r[2] & 0x7F != 3 for r in self.records)


def ask(qemu: Qemu, program: Path) -> tuple[list[str], dict[str, Answer]]:
    """Reasons, and answers by name."""
    done = subprocess.run([*qemu.command, str(program)], capture_output=True)
    if done.returncode:
        raise SystemExit(f"record.py: {qemu.name}: exit status {done.returncode}:"
                         f" {done.stderr.decode()}")
    text, at = done.stdout, 0
    why: list[str] = []
    answers: dict[str, Answer] = {}
    while at < len(text):
        end = text.index(b"\n", at)
        line = text[at:end].decode()
        at = end + 1
        if line.startswith("why "):
            why.append(line)
            continue
        head, _, size = line.removeprefix("insn ").rpartition(" ")
        answers[head.split()[0]] = Answer(head, text[at:at + int(size)])
        at += int(size)
    return why, answers


def differences(a: Answer, b: Answer) -> list[int]:
    """Cases on which two oracles disagree; what is not judged agrees."""
    pairs = zip(a.records, b.records, strict=True)
    return [k for k, (x, y) in enumerate(pairs) if x != y and 3 not in (x[2] & 0x7F, y[2] & 0x7F)]


def compare(new: dict[str, Answer], old: dict[str, Answer],
            names: list[str]) -> dict[str, list[str]]:
    """Who judged each instruction; exits when oracles disagree."""
    where = extensions()
    judges: dict[str, list[str]] = {}
    wrong = []
    for name, answer in new.items():
        judges[name] = [names[0]]
        if name not in old or where[name] in OLD_LACKS:
            continue
        apart = differences(answer, old[name])
        if not apart:
            judges[name].append(names[1])
        elif any(fnmatch(name, pattern) for pattern in OLD_WRONG):
            judges[name].append(f"{names[1]} but {len(apart)}")
        else:
            wrong.append(f"{name}: {len(apart)} cases, the first is {apart[0]}")
    if wrong:
        raise SystemExit("record.py: the oracles disagree:\n" + "\n".join(wrong))
    return judges


def others(answers: dict[str, Answer]) -> str:
    """Lines of the index that other recordings make (record_rvv.py)."""
    lines = INDEX.read_text().splitlines(True)
    return "".join(x for x in lines if x[:1].isalpha() and x.split()[0] not in answers)


def main() -> int:
    p = argparse.ArgumentParser(description="Records what the oracles say about every case.")
    p.add_argument("--check", action="store_true", help="compare with the recording, write nothing")
    args = p.parse_args()
    oracles = all_oracles()
    if oracles[0].major < 9:
        raise Unavailable("no QEMU 9 or newer for Zfa, Zicond and Zcb: set QEMU_RISCV64_NEW,"
                          " or a mirror with bookworm-backports")
    with tempfile.TemporaryDirectory() as tmp:
        program = build(Path(tmp))
        results = [ask(q, program) for q in oracles]
        why, answers = results[0]
        judges = compare(answers, results[1][1] if len(results) > 1 else {},
                         [q.name for q in oracles])
        blob = "".join(line + "\n" for line in why).encode()
        index = HEAD + others(answers)
        for name, a in answers.items():
            by = ", ".join(judges[name])
            blob += f"insn {a.head} {len(a.data)} {by}\n".encode() + a.data
            index += f"{name:<16} {a.judged:<5} {by}\n" if a.judged else ""
        plain = Path(tmp) / "vec"
        plain.write_bytes(blob)
        packed = subprocess.run(["zstd", "-q", "-19", "-c", str(plain)], capture_output=True,
                                check=True).stdout
    if args.check:
        same = subprocess.run(["zstd", "-q", "-dc", str(VECTORS)], capture_output=True,
                              check=True).stdout == blob
        print("record.py: the recording " + ("holds" if same else "differs"))
        return 0 if same else 1
    VECTORS.write_bytes(packed)
    INDEX.write_text(index)
    cases = sum(a.judged for a in answers.values())
    print(f"record.py: {len(answers)} instructions, {cases} cases, {len(packed)} bytes, by"
          f" {', '.join(q.name for q in oracles)}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Unavailable as e:
        print(f"record.py: {e}", file=sys.stderr)
        sys.exit(3)
