# SPDX-License-Identifier: MIT
"""Compares `rax dis` and `rax asm` with llvm-mc, in whole spaces of words.

    llvm_mc.py RAX [COUNT [SEED]]

All halfwords, and COUNT (300000) random words: fixed bits of each instruction
with random others, a third of them with one bit wrong. The text must be what
`llvm-mc -disassemble -M no-aliases` prints, and assembling it must give the
bytes back. Where the two are known to differ a rule below says why; what no
rule explains is an error. Exit codes: 0, 1 differences, 77 without llvm-mc.
"""
from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gen.front.isafile import load  # noqa: E402
from gen.support.errors import Errors  # noqa: E402

TOP = Path(__file__).resolve().parents[2]
WANTED = ("m a f d c zba zbb zbc zbs zfh zfa zcb zicond zicbom zicboz zicbop zawrs svinval "
          "zihintpause").split()
NONE = "error"

# (reason, what llvm-mc prints, what rax prints); the first that fits counts
_NEW = (r"(fli|fminm|fmaxm|fround|froundnx|fleq|fltq|fcvtmod|czero|cbo|sinval|sfence\.w|"
        r"sfence\.inval|wrs|c\.(lbu|lhu|lh|sb|sh|zext|sext|not|mul)\b)")
RULES = [
    ("an extension that this llvm-mc lacks", NONE, _NEW),
    ("vectors, a sample, of which llvm-mc is not told", NONE, r"v"),
    ("a prefetch hint that this llvm-mc prints as ori", r"ori zero, ", r"prefetch\.[irw] "),
    ("reserved fields of fence, which hardware ignores", NONE, r"fence[ .]"),
    ("an empty set, which new versions print as 0", r"fence .*unknown", r"fence .*\b0"),
    ("rounding modes of exact conversions", NONE, r"fcvt\.(d\.(s|w|wu|h)|s\.h) "),
    ("shifts by 0, which new versions print so", r"c\.s\w+64 ", r"c\.s\w+ \w+, 0$"),
    ("c.lui with 0 is reserved", r"c\.lui \w+, 0$", NONE),
    ("sign of the hint c.lui zero", r"c\.lui zero, -", r"c\.lui zero, 1048"),
    ("fflags alone has names of its own", r"csrr[sw] \w+, fflags, ", r"f[rs]flags "),
    ("user-mode traps were withdrawn", r"uret$", NONE),
]


_CSR = re.compile(r"(csrr\w+ \w+, )(\w+)(, \w+)$")


def explain(theirs: str, ours: str) -> str:
    """The reason of a difference, "" if there is none."""
    a, b = _CSR.match(theirs), _CSR.match(ours)
    if a and b and (a[1], a[3]) == (b[1], b[3]) and a[2].isdigit() != b[2].isdigit():
        return "a CSR that only one of them names"
    for reason, rt, ro in RULES:
        if re.match(rt, theirs) and re.match(ro, ours):
            return reason
    return ""


def llvm_mc(items: list[str], attributes: str) -> list[str]:
    """Text of each hex string, "error" for what is none."""
    text = "\n".join(" ".join(f"0x{h[k:k + 2]}" for k in range(0, len(h), 2)) for h in items)
    p = subprocess.run(["llvm-mc", "-disassemble", "-triple=riscv64", f"-mattr={attributes}",
                        "-M", "no-aliases"], input=text + "\n", text=True, capture_output=True)
    bad = {int(m[1]) - 1 for m in re.finditer(r"<stdin>:(\d+):\d+: warning: invalid", p.stderr)}
    lines = (" ".join(x.split()) for x in p.stdout.split("\n")
             if x.startswith("\t") and not x.startswith("\t.text"))
    out = [NONE if k in bad else next(lines) for k in range(len(items))]
    if next(lines, None) is not None:
        raise RuntimeError("llvm-mc printed more lines than it was asked for")
    return out


def attributes() -> str:
    """Those of WANTED that llvm-mc knows."""
    p = subprocess.run(["llvm-mc", "-triple=riscv64", "-mattr=help"], input="", text=True,
                       capture_output=True)
    known = set(re.findall(r"^  (\S+) +- ", p.stderr + p.stdout, re.M))
    return ",".join(f"+{a}" for a in WANTED if a in known)


def rax(path: str, command: str, items: list[str]) -> list[str]:
    p = subprocess.run([path, command, "--isa", "rv64", "-"], input="\n".join(items) + "\n",
                       text=True, capture_output=True)
    out = p.stdout.split("\n")[:-1]
    if len(out) != len(items):
        raise RuntimeError(f"rax {command}: {len(out)} lines for {len(items)}")
    return [NONE if x.startswith("error: ") else x for x in out]


def words(count: int, seed: int) -> list[str]:
    isa = load(TOP / "spec" / "riscv" / "rv64.isa", "spec/riscv/rv64.isa", Errors())
    encodings = [i.encoding for i in isa.insns if i.encoding.length == 4]
    rng = random.Random(seed)
    out = []
    for k in range(count):
        e = encodings[k % len(encodings)]
        w = e.match | rng.getrandbits(32) & ~e.mask
        if rng.random() < 0.33:
            w ^= 1 << rng.randrange(2, 32)
        if w & 0x1c != 0x1c:  # longer formats, which llvm-mc reads on from
            out.append(w.to_bytes(4, "little").hex())
    return out


def compare(path: str, what: str, items: list[str], attrs: str) -> int:
    theirs, ours = llvm_mc(items, attrs), rax(path, "dis", items)
    back = iter(rax(path, "asm", [x for x in ours if x != NONE]))
    bad = 0
    reasons: Counter[str] = Counter()
    for h, t, o in zip(items, theirs, ours):
        b = next(back) if o != NONE else h
        if b != h:
            print(f"{h}: rax asm '{o}' gives {b}")
            bad += 1
        if t == o:
            continue
        reason = explain(t, o)
        if reason:
            reasons[reason] += 1
        else:
            print(f"{h}: llvm-mc '{t}', rax '{o}'")
            bad += 1
    valid = sum(o != NONE for o in ours)
    print(f"{what}: {len(items)}, {valid} are instructions, {bad} differences")
    for reason, n in reasons.most_common():
        print(f"  {n} explained: {reason}")
    return bad


def main(argv: list[str]) -> int:
    if not shutil.which("llvm-mc"):
        print("llvm-mc is not installed (Debian: apt-get install llvm)")
        return 77
    attrs = attributes()
    count = int(argv[1]) if len(argv) > 1 else 300000
    seed = int(argv[2]) if len(argv) > 2 else 1
    half = [w.to_bytes(2, "little").hex() for w in range(0x10000) if w & 3 != 3]
    bad = compare(argv[0], "halfwords", half, attrs)
    bad += compare(argv[0], f"words (seed {seed})", words(count, seed), attrs)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
