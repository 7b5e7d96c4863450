# SPDX-License-Identifier: MIT
"""Records x86_asm.tsv, assembly text and bytes of x86 by other assemblers.

    record_x86_asm.py SPECDATA RAX > x86_asm.tsv

SPECDATA/llvm-mc/X86.csv.xz holds pairs from the tests of LLVM's assembler;
taken is one for each encoding, whichever syntax comes first, and one for each
encoding whose text we print otherwise. Encodings without a pair get one from
`llvm-mc`, if that knows them. RAX, the program built from this tree, says which
encoding a pair is of, and in which direction it holds; pairs of our mnemonics
that hold in neither are counted by reason on standard error.
"""
from __future__ import annotations

import csv
import io
import lzma
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP), str(TOP / "tools" / "asl-parser")]

from gen.isas import ISAS  # noqa: E402
from gen.model.encoding import Insn  # noqa: E402
from gen.model.prefixed import Src, XOperand  # noqa: E402
from gen.support.errors import Errors  # noqa: E402

# files whose texts belong to other bytes, or to another mode
SKIP = re.compile(r"x86-32\.txt|intel-syntax-encoding|code16gcc|index-operations|address-size"
                  r"|marked-up|invalid|ret\.s|pr22028|x86-16\.s")
PREFIX = re.compile(r"^((lock|repe?|repz|repne|repnz|\{\w+\}|notrack|data16|xacquire|xrelease"
                    r"|addr32|cs|ds|es|fs|gs|ss)[;\s]+)*")

REGISTER = re.compile(r"(?<!\w)([re]?[abcd]x|r\d+[bwd]?|[re]?[sd]i|[re]?[sb]p|[abcd][lh]"
                      r"|[xyz]?mm\d+|st\(\d|k\d)\b")

# why a pair of LLVM's does not hold
REASONS = (
    (r"^j\w+ 32767$|^jmp 32767$", "66 before a near branch: Intel ignores it in 64-bit mode"),
    (r"\b(notrack|bnd|data16|addr32|xacquire|xrelease)\b", "a prefix that means nothing here"),
    (r"^xchg[wl]? %?e?ax, %?e?ax$", "an exchange that is NOP"),
    (r"^f(sub|div)r?p %st\(1\), %st$", "an operand order that one assembler knew"),
    (r"^movslq %eax, %ax$", "a source of 32 bits for 16"),
    (r"\{\{|<imm|<mem|^v?\w+p[sd]$", "a pattern, no text"),
    (r"^(nop|or[lq] .*|incl .*|addq .*|movsl|rep stosq)$", "a prefix stands on its own line"),
    (r"^bextrq \$", "an instruction of another extension"),
    (r"^bt \$", "memory without a size"),
)


@dataclass(frozen=True, slots=True)
class Pair:
    mode: str  # 64 32
    syntax: str
    text: str
    data: str


def norm(text: str) -> str:
    return re.sub(r"\s+", " ", re.split(r"#|//", text)[0]).strip().lower()


def run_rax(rax: str, command: str, mode: str, syntax: str, items: list[str]) -> list[str]:
    """Answers to the items; an explanation's lines are joined by tabs."""
    extra = ["--explain"] if command == "dis" else []
    done = subprocess.run([rax, command, "--isa", f"x86-{mode}", "--syntax", syntax, *extra, "-"],
                          input="\n".join(items) + "\n", text=True, capture_output=True)
    return done.stdout.replace("\n  ", "\t").split("\n")


def vectors(specdata: Path, names: set[str]) -> list[Pair]:
    text = lzma.open(specdata / "llvm-mc" / "X86.csv.xz", "rt").read()
    out: dict[Pair, None] = {}
    for row in csv.DictReader(io.StringIO(text)):
        asm = norm(row["asm"])
        if SKIP.search(row["file"]) or not row["bytes"] or "code16" in row["triple"]:
            continue
        mode = "64" if "x86_64" in row["triple"] else "32"
        intel = "%" not in asm and "$" not in asm and ("[" in asm or REGISTER.search(asm))
        syntax = "intel" if intel or "intel" in row["file"] and "%" not in asm else "att"
        if PREFIX.sub("", asm).split(" ")[0] in names:
            out[Pair(mode, syntax, asm, row["bytes"])] = None
    return list(out)


def _sample(o: XOperand, n: int) -> str:
    """Text of operand number n, Intel's."""
    regs = {"gpr8": "cl", "gpr16": "cx", "gpr32": "ecx", "gpr64": "rcx", "xmm": f"xmm{n}",
            "ymm": f"ymm{n}", "zmm": f"zmm{n}", "mmx": "mm3", "k": "k2", "seg": "fs", "cr": "cr3",
            "dr": "dr7", "st": "st(2)", "st0": "st"}
    sizes = {8: "byte", 16: "word", 32: "dword", 64: "qword", 80: "tbyte", 128: "xmmword",
             256: "ymmword", 512: "zmmword"}
    match o.source:
        case Src.MEM:
            m = o.mem
            size = f"{sizes[m.bits]} ptr " if m.bits in sizes else ""
            index = f"{m.index}9" if m.index else "rsi"
            return f"{size}[rbx + 4*{index} + 64]" + (f"{{1to{m.broadcast}}}" if m.broadcast
                                                      else "")
        case Src.STRING:
            seg = "" if o.mem.seg else "es:"
            return f"{sizes[o.mem.bits]} ptr {seg}[{'rdi' if o.mem.base == 7 else 'rsi'}]"
        case Src.MOFFS:
            return f"{sizes[o.mem.bits]} ptr [4886718345]"
        case Src.IMM | Src.IMM2 | Src.REL:
            return str({1: 17, 2: 1234, 4: 123456, 8: 81985529216486895}[o.nbytes or 4])
        case Src.ROUND:
            return "{rz-sae}"
        case Src.SAE:
            return "{sae}"
        case Src.FIXED:
            return {"gpr8": ("al", "cl"), "gpr16": ("ax", "cx", "dx"), "gpr32": ("eax",),
                    "gpr64": ("rax",), "seg": ("es", "cs", "ss", "ds", "fs", "gs"),
                    "st0": ("st",), "xmm": ("xmm0",)}[o.names][o.fixed]
    return regs[o.names]


def sample(i: Insn) -> str:
    """A text of the encoding."""
    e = i.encoding
    parts: list[str] = []
    for o in i.operands:
        if not o.shown or o.source in (Src.STATIC, Src.ZEROING) or o.source is Src.FIXED \
                and not o.regclass:
            continue
        if o.source is Src.MASK:
            parts[-1] += " {k3}"
        else:
            parts.append(_sample(o, len(parts)))
    prefix = ("lock " if e.lock else "") + (f"{e.rep} ".replace("repe", "rep") if e.rep else "")
    return f"{prefix}{e.intel.replace('{p}', '')} {', '.join(parts)}".strip()


def llvm_mc(texts: list[str]) -> list[str]:
    """Bytes of each text in 64-bit mode, "" where llvm-mc refuses."""
    lines = "".join(f"{t}\nmovabs rax, {0x5000000000000 + k}\n" for k, t in enumerate(texts))
    done = subprocess.run(
        ["llvm-mc", "-triple=x86_64", "-show-encoding", "-x86-asm-syntax=intel",
         "-output-asm-variant=1", "-mattr=+avx,+avx2,+fma,+avx512f,+avx512bw,+avx512vl,+avx512dq,"
         "+avx512vbmi,+bmi,+bmi2,+lzcnt,+popcnt,+cx16"], input=lines, text=True,
        capture_output=True)
    out = [""] * len(texts)
    data = ""
    for line in done.stdout.split("\n"):
        m = re.search(r"encoding: \[([^]]*)\]", line)
        mark = re.match(r"\tmovabs\trax, (\d+)", line)
        if mark and int(mark[1]) >= 0x5000000000000:
            out[int(mark[1]) - 0x5000000000000] = data
            data = ""
        elif m and re.fullmatch(r"(0x\w\w,?)+", m[1]):
            data += m[1].replace("0x", "").replace(",", "")
        elif m:
            data = ""
    return out


def judge(rax: str, pairs: list[Pair]) -> dict[Pair, tuple[str, str]]:
    """Kind and encoding of each pair; kind "": it does not hold."""
    out = {}
    for mode in ("64", "32"):
        for syntax in ("intel", "att"):
            these = [p for p in pairs if (p.mode, p.syntax) == (mode, syntax)]
            dis = run_rax(rax, "dis", mode, syntax, [p.data for p in these])
            asm = run_rax(rax, "asm", mode, syntax, [p.text for p in these])
            for p, d, a in zip(these, dis, asm):
                text, *more = d.split("\t")
                name = re.match(r"encoding = ([^,]+)", more[0])[1] if more else ""
                printed, assembled = norm(text) == p.text, a == p.data
                kind = "both" if printed and assembled else "dis" if printed else \
                    "asm" if assembled and name else ""
                out[p] = kind, name
    return out


def main() -> int:
    specdata, rax = Path(sys.argv[1]), sys.argv[2]
    enc = ISAS["x86"].encodings(TOP / "spec", Errors(), False)
    names = {n.replace("{p}", w) for i in enc.insns for pair in
             ((i.encoding.intel, i.encoding.att), *i.encoding.aliases) for n in pair
             for w in ("", *i.encoding.words)}
    found: dict[tuple[str, str], Pair] = {}
    kinds: Counter[str] = Counter()
    failed: list[Pair] = []
    for p, (kind, name) in judge(rax, vectors(specdata, names)).items():
        kinds[kind or "none"] += 1
        if kind:
            found.setdefault((name, kind), p)
        else:
            failed.append(p)
    have = {name for name, _ in found}
    rest = [i for i in enc.insns if i.name not in have]
    texts = [sample(i) for i in rest]
    extra = [Pair("64", "intel", norm(t), b) for t, b in zip(texts, llvm_mc(texts)) if b]
    for p, (kind, name) in judge(rax, extra).items():
        if kind == "both" and name not in have:
            found[name, kind] = p
            have.add(name)
    print("# x86_asm.tsv - assembly text and bytes, see record_x86_asm.py. "
          "SPDX-License-Identifier: MIT")
    print("# KIND (both: what is printed and assembled; asm, dis: only that), MODE, SYNTAX, TEXT, "
          "BYTES")
    for (_, kind), p in sorted(found.items(), key=lambda x: (x[0][0], x[0][1])):
        print(f"{kind}\t{p.mode}\t{p.syntax}\t{p.text}\t{p.data}")
    report(kinds, failed, len(have), len(enc.insns))
    if "-v" in sys.argv:
        print("\n".join(i.name for i in enc.insns if i.name not in have), file=sys.stderr)
    return 0


def report(kinds: Counter[str], failed: list[Pair], covered: int, total: int) -> None:
    why: Counter[str] = Counter()
    for p in failed:
        reason = next((r for pattern, r in REASONS if re.search(pattern, p.text)), "")
        why[reason or "not explained"] += 1
        if not reason:
            print(p, file=sys.stderr)
    print(f"{dict(kinds)}; {covered} of {total} encodings have a pair", file=sys.stderr)
    for reason, n in why.most_common():
        print(f"{n:5} {reason}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
