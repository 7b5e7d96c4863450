# SPDX-License-Identifier: MIT
"""Compares `rax dis --isa x86-64|x86-32|x86-16` with llvm-mc, on random bytes.

    llvm_mc_x86.py RAX [COUNT [SEED]]

COUNT (6000) cases a mode and syntax: random prefixes, an opcode that may be
known, noise. What rax decodes is given to llvm-mc with exactly that length: it
must be one instruction, of the same text. Where the two are known to differ a
rule below says why; what no rule explains is an error. Exit codes: 0, 1
differences, 77 without llvm-mc.
"""
from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from collections import Counter

NONE = "error"
TRIPLES = {"64": "x86_64", "32": "i386", "16": "i386-unknown-unknown-code16"}
WANTED = ("avx avx2 avx512f avx512bw avx512vl avx512dq avx512vbmi avx512ifma fma bmi bmi2 lzcnt "
          "popcnt sse4.2 cx16").split()
_PREFIX = "(26|2e|36|3e|64|65|66|67|f0|f2|f3)"

# (reason, bytes, what llvm-mc prints, what rax prints); the first that fits counts
RULES = [
    ("registers 16 to 31, which this llvm-mc lacks", r"^(\w\w)*?(d5|62)", "", ""),
    ("REX that a prefix follows counts for nothing", rf"^(\w\w)*?4\w({_PREFIX}|4\w)", "", ""),
    ("66 before a near branch: Intel ignores it in 64-bit mode", r"66", "", r"j\w+|call|ret"),
    ("66 counts beside a prefix that means nothing", r"66", "", ""),
    ("hints that this llvm-mc lacks", r"0f1[89a-f]", "", r"nop|endbr"),
    ("ModRM.mod of control and debug registers is ignored", r"0f2[0-3]", NONE, "mov"),
    ("aliases in the opcode maps", r"(c0|c1|d\w|f6|f7|8\w)", NONE, "sh|sa|test|f"),
    ("CBW and CWD of 16-bit code, which this llvm-mc takes for the wide ones", r"9[89]",
     r"(repn?e? )?(cwde|cdq|cwtl|cltd)", r"(repn?e? )?(cbw|cwd|cbtw|cwtd)"),
    ("an immediate of RET has no sign", r"c2", r"(repn?e? )?ret\w* \$?-", r"ret\w* \$?\d"),
    ("an address of 32 bits in 64-bit mode", r"67", r"(repn?e? )?mov", "movabs"),
    ("xacquire, xrelease", _PREFIX, r"(lock )?x(acquire|release)", ""),
    ("FCOMIP is called fcompi", "", r"(repn?e? )?fu?compi", r"fu?comip"),
    ("new versions name a gather's element", r"^(\w\w)*?c4", "vpgather.*mmword", "vpgather"),
    ("several of F2 and F3", r"^(\w\w)*?f[23]f[23]", "", ""),
    ("67 beside F3 and F2", r"^(\w\w)*?(67f[23]|f[23]67)", NONE, ""),
    ("67 before VEX", r"67(\w\w)*?c[45]", "", "v"),
    ("F2 and F3 mean nothing to BSF and BSR", r"f[23](\w\w)*?0fb[cd]", "", "bs[fr]|lzcnt|tzcnt"),
    ("the size of 16 bits counts beside a prefix that means nothing",
     r"^(\w\w)*?f[23](\w\w)*?0f", "",
     r"(lock )?(cmov|set|j\w+|mov[sz]|xadd|cmpxchg|sh[lr]d|bt|pop|push|imul|xchg)"),
    ("REX.W is stronger than 66", r"4[89a-f]", "", "push|pop"),
]
# prefixes that mean nothing here, which llvm-mc prints all the same
_NOTHING = re.compile(r"^((lock )?)((rep|repne|xacquire|xrelease|data16|addr32|lock|rex64"
                      r"|[c-gs]s) )+")


def case(rng: random.Random, mode: str) -> bytes:
    b: list[int] = []
    for _ in range(rng.choice((0, 0, 0, 1, 1, 2))):
        b.append(rng.choice((0x66, 0x67, 0xF2, 0xF3, 0xF0, 0x2E, 0x64, 0x65, 0x3E, 0x26, 0x36)))
    if mode == "64" and rng.random() < .4:
        b.append(0x40 | rng.randrange(16))
    vector = rng.choice((0x28, 0x29, 0x58, 0x59, 0x5C, 0x5D, 0x5E, 0x5F, 0xC2, 0xEC, 0x6F, 0x7F))
    match rng.randrange(6):
        case 0:
            b.append(rng.randrange(256))
        case 1 | 2:
            b += [0x0F, rng.randrange(256)]
        case 3:
            b = [0xC5, rng.randrange(256), vector]
        case 4:
            b = [0xC4, rng.randrange(256) & 0xE0 | rng.choice((1, 2)), rng.randrange(256),
                 rng.choice((vector, 0xF2, 0xF3, 0xF5, 0xF7, 0xB8, 0x90))]
        case _:
            b = [0x62, rng.randrange(256) & 0xF0 | 1, rng.randrange(256) | 4, rng.randrange(256),
                 vector]
    return bytes((b + [rng.randrange(256) for _ in range(14)])[:15])


def rax(path: str, mode: str, syntax: str, cases: list[bytes]) -> list[tuple[bytes, str]]:
    """What rax decodes of each case, and its text."""
    items = [c[:n] for c in cases for n in range(1, 16)]
    p = subprocess.run([path, "dis", "--isa", f"x86-{mode}", "--syntax", syntax, "-"],
                       input="\n".join(i.hex() for i in items) + "\n", text=True,
                       capture_output=True)
    out = p.stdout.split("\n")[:-1]
    if len(out) != len(items):
        raise RuntimeError(f"rax dis: {len(out)} lines for {len(items)}")
    known = [(i, t) for i, t in zip(items, out) if not t.startswith("error: ")]
    if len({c for c, _ in known}) > len({k // 15 for k, t in enumerate(out)
                                         if not t.startswith("error: ")}):
        raise RuntimeError("rax dis: bytes that are an instruction with two lengths")
    return known


def llvm_mc(mode: str, syntax: str, known: list[bytes]) -> list[str]:
    """Text of each, "error" for what is not one instruction."""
    mark, pre = 0x40000000, "0x66 " if mode == "16" else ""
    text = "".join("[" + " ".join(f"0x{x:02x}" for x in c) + "]\n[" + pre + "0xb8 "
                   + " ".join(f"0x{x:02x}" for x in (mark + k).to_bytes(4, "little")) + "]\n"
                   for k, c in enumerate(known))
    p = subprocess.run(["llvm-mc", "-disassemble", f"-triple={TRIPLES[mode]}",
                        f"-output-asm-variant={int(syntax == 'intel')}",
                        "-mattr=" + ",".join(f"+{a}" for a in WANTED)],
                       input=text, text=True, capture_output=True)
    out = [NONE] * len(known)
    lines: list[str] = []
    for line in re.sub(r"[ \t]*#.*", "", p.stdout).split("\n"):
        m = re.match(r"\tmovl?\t(?:eax, (\d+)|\$(\d+), %eax)$", line)
        if m and 0 <= (k := int(m[1] or m[2]) - mark) < len(known):
            out[k] = " ".join(" ".join(lines).split()) or NONE
            lines = []
        elif line.startswith("\t") and line.strip() not in (".text", ".code16"):
            lines.append(line)
    return out


def spelled(text: str) -> str:
    """Without what new versions print otherwise."""
    return re.sub(r"\b1\*", "", text)


def explain(data: bytes, theirs: str, ours: str) -> str:
    for reason, rd, rt, ro in RULES:
        if re.search(rd, data.hex()) and re.match(rt, theirs) and re.match(ro, ours):
            return reason
    return ""


def compare(path: str, mode: str, syntax: str, cases: list[bytes]) -> int:
    known = rax(path, mode, syntax, cases)
    reasons: Counter[str] = Counter()
    bad = same = 0
    for (data, ours), theirs in zip(known, llvm_mc(mode, syntax, [c for c, _ in known])):
        if spelled(theirs) == spelled(ours):
            same += 1
            continue
        bare = _NOTHING.sub(r"\1", theirs)
        if bare != theirs and spelled(bare) == spelled(ours):
            reasons["a prefix that means nothing is printed"] += 1
            continue
        reason = explain(data, theirs, ours)
        reasons[reason or "not explained"] += 1
        if not reason:
            print(f"{data.hex()}: llvm-mc '{theirs}', rax '{ours}'")
            bad += 1
    print(f"x86-{mode} {syntax}: {len(cases)} cases, {len(known)} are instructions, {same} alike, "
          f"{bad} differences")
    for reason, n in reasons.most_common():
        print(f"  {n} explained: {reason}")
    return bad if known else 1


def main(argv: list[str]) -> int:
    if not shutil.which("llvm-mc"):
        print("llvm-mc is not installed (Debian: apt-get install llvm)")
        return 77
    count = int(argv[1]) if len(argv) > 1 else 6000
    seed = int(argv[2]) if len(argv) > 2 else 1
    bad = 0
    for mode in TRIPLES:
        for syntax in ("intel", "att"):
            rng = random.Random(f"{seed} {mode} {syntax}")
            bad += compare(argv[0], mode, syntax, [case(rng, mode) for _ in range(count)])
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
