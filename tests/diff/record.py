#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Records what the oracles say about every case.

    record.py [--check] [--judge PROGRAM] ISA...

Writes tests/conf/ISA.vec.zst (see tests/conf/recording.h) and verified.tbl of
the specification (which oracle judged how many cases). Two oracles that disagree
are an error, unless qemu.py says why. --check writes nothing and fails where the
recording differs. PROGRAM: tests/diff/judge, as `make check` builds it.

x86, x86-32, x86-16: the host's processor, in ISA-PROCESSOR.vec.zst; recordings of
other processors stay, and verified.tbl is of all of them.
"""
from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from qemu import GUESTS, TOP, Guest, Qemu, Unavailable, all_oracles, build, extensions
from silicon import SPEC, SUITES, called, recording, recordings

HEAD = """\
# verified.tbl - recorded results of single instructions (tests/conf/{isa}.vec.zst), by oracle.
# SPDX-License-Identifier: MIT
#
# INSN CASES ORACLE; written by tests/diff/record.py
"""
NONE = 3  # CONF_OUT_NONE


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
        return sum(outcome(r) != NONE for r in self.records)


def outcome(record: bytes) -> int:
    return record[3 + record[2]] & 0x7F


def run(name: str, *command: str) -> bytes:
    """What judge writes."""
    done = subprocess.run(command, capture_output=True)
    if done.returncode:
        raise SystemExit(f"record.py: {name}: exit status {done.returncode}:"
                         f" {done.stderr.decode()}")
    return done.stdout


def ask(judge: str, isa: str, qemu: Qemu, program: Path) -> tuple[list[str], dict[str, Answer]]:
    """Lines that are no instruction's, and answers by name."""
    return parse(run(qemu.name, judge, "--isa", isa, "--oracle", qemu.name, "--", *qemu.command,
                     str(program)))


def parse(text: bytes) -> tuple[list[str], dict[str, Answer]]:
    """The same of a recording."""
    at = 0
    lines: list[str] = []
    answers: dict[str, Answer] = {}
    while at < len(text):
        end = text.index(b"\n", at)
        line = text[at:end].decode()
        at = end + 1
        if not line.startswith("insn "):
            lines.append(line)
            continue
        head, _, size = line.removeprefix("insn ").rpartition(" ")
        answers[head.split()[0]] = Answer(head, text[at:at + int(size)])
        at += int(size)
    return lines, answers


def differences(a: Answer, b: Answer) -> list[int]:
    """Cases on which two oracles disagree; what is not judged agrees."""
    pairs = zip(a.records, b.records, strict=True)
    return [k for k, (x, y) in enumerate(pairs) if x != y and NONE not in (outcome(x), outcome(y))]


def completed(a: Answer, b: Answer) -> Answer:
    """What the first oracle cannot judge, the second one may."""
    records = [y if outcome(x) == NONE else x for x, y in zip(a.records, b.records, strict=True)]
    return Answer(a.head, b"".join(records))


def compare(where: dict[str, str], guest: Guest, new: dict[str, Answer], old: dict[str, Answer],
            names: list[str]) -> dict[str, list[str]]:
    """Who judged each instruction, whose answers are completed; exits when oracles
    disagree."""
    judges: dict[str, list[str]] = {}
    wrong = []
    for name, answer in list(new.items()):
        judges[name] = [names[0]]
        if name not in old or not guest.judged_by_old(name, where[name]):
            continue
        apart = differences(answer, old[name])
        if not apart:
            judges[name].append(names[1])
        elif guest.wrong_in_old(name):
            judges[name].append(f"{names[1]} but {len(apart)}")
        else:
            wrong.append(f"{name}: {len(apart)} cases, the first is {apart[0]}")
        if not guest.wrong_in_old(name):
            new[name] = completed(answer, old[name])
    if wrong:
        raise SystemExit("record.py: the oracles disagree:\n" + "\n".join(wrong))
    return judges


def others(index: Path, answers: dict[str, Answer]) -> str:
    """Lines that another recording makes (record_rvv.py)."""
    lines = index.read_text().splitlines(True) if index.exists() else []
    return "".join(x for x in lines if x[:1].isalpha() and x.split()[0] not in answers)


def record(isa: str, judge: str, check: bool) -> bool:
    """False: the recording differs."""
    guest = GUESTS[isa]
    vectors = TOP / "tests" / "conf" / f"{isa}.vec.zst"
    oracles = all_oracles(guest)
    if oracles[0].major < 9:
        raise Unavailable("no QEMU 9 or newer: set QEMU_..._NEW, or a mirror with"
                          " bookworm-backports")
    with tempfile.TemporaryDirectory() as tmp:
        program = build(guest, Path(tmp))
        results = [ask(judge, isa, q, program) for q in oracles]
        lines, answers = results[0]
        judges = compare(extensions(judge, isa), guest, answers,
                         results[1][1] if len(results) > 1 else {}, [q.name for q in oracles])
        blob = "".join(line + "\n" for line in lines).encode()
        index = HEAD.format(isa=isa)
        for name, a in answers.items():
            blob += f"insn {a.head} {len(a.data)}\n".encode() + a.data
            index += f"{name:<16} {a.judged:<5} {', '.join(judges[name])}\n" if a.judged else ""
    if check:
        return holds(isa, vectors, blob)
    vectors.write_bytes(packed(blob))
    place = TOP / "spec" / guest.spec / guest.index
    place.write_text(index + others(place, answers))
    cases = sum(a.judged for a in answers.values())
    print(f"record.py: {isa}: {len(answers)} instructions, {cases} cases,"
          f" {vectors.stat().st_size} bytes, by {', '.join(q.name for q in oracles)}")
    return True


def packed(blob: bytes) -> bytes:
    with tempfile.NamedTemporaryFile() as plain:  # whose size the header tells
        plain.write(blob)
        plain.flush()
        return subprocess.run(["zstd", "-q", "-19", "--ultra", "-22", "-c", plain.name],
                              capture_output=True, check=True).stdout


def holds(isa: str, vectors: Path, blob: bytes) -> bool:
    same = vectors.exists() and subprocess.run(
        ["zstd", "-q", "-dc", str(vectors)], capture_output=True, check=True).stdout == blob
    print(f"record.py: the recording of {isa} " + ("holds" if same else "differs"))
    return same


def record_host(isa: str, judge: str, check: bool) -> bool:
    """The same by the host's processor."""
    table, cases = SUITES[isa]
    blob = run("the host", judge, "--isa", isa, "--count", str(cases))
    name = oracle_of(blob)
    vectors = recording(isa, name)
    if check:
        return holds(isa, vectors, blob)
    vectors.write_bytes(packed(blob))
    judged: dict[str, list[tuple[int, str]]] = {}
    for text in recordings(isa):
        for insn, a in parse(text)[1].items():
            if a.judged:
                judged.setdefault(insn, []).append((a.judged, called(oracle_of(text))))
    index = HEAD.format(isa=f"{isa}-*")
    for insn, by in judged.items():
        index += f"{insn:<32} {max(n for n, _ in by):<4} {', '.join(who for _, who in by)}\n"
    (TOP / "spec" / SPEC / table).write_text(index)
    answers = parse(blob)[1].values()
    print(f"record.py: {isa}: {len(answers)} instructions, {sum(a.judged for a in answers)} cases,"
          f" {vectors.stat().st_size} bytes, by {name}")
    return True


def oracle_of(text: bytes) -> str:
    return next(x for x in parse(text)[0] if x.startswith("oracle ")).removeprefix("oracle ")


def main() -> int:
    p = argparse.ArgumentParser(description="Records what the oracles say about every case.")
    p.add_argument("--check", action="store_true", help="compare with the recording, write nothing")
    p.add_argument("--judge", default=os.environ.get("builddir", ".") + "/tests/diff/judge")
    p.add_argument("isa", nargs="+", choices=sorted((*GUESTS, *SUITES)))
    args = p.parse_args()
    return 0 if all([(record_host if isa in SUITES else record)(isa, args.judge, args.check)
                     for isa in args.isa]) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Unavailable as e:
        print(f"record.py: {e}", file=sys.stderr)
        sys.exit(3)
