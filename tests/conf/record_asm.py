# SPDX-License-Identifier: MIT
"""Records rv64_asm.tsv, pairs of assembly text and bytes.

    record_asm.py SPECDATA > rv64_asm.tsv

SPECDATA/llvm-mc/RISCV.csv.xz holds pairs from the tests of LLVM's assembler;
taken are those of instructions that the spec has an entry for. What SPECDATA
lacks comes from `llvm-mc` on the PATH, or from the manual's tables: every
instruction has a pair. Kinds: `both` texts are what the
disassembler prints, `asm` ones are only accepted. What recorders of other
ISAs do alike is here, too.
"""
from __future__ import annotations

import csv
import io
import lzma
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

SPEC = Path(__file__).resolve().parents[2] / "spec" / "riscv"

# other register files for the same mnemonics, other encodings of them,
# directives, the names that vendors gave to standard CSRs
SKIP = re.compile(r"zalasr|z[fdh]inx|zhinxmin|insn|xaifet|xsf|xmips|bigendian|invalid|rv32")

# texts that are input only: no rounding mode is dyn; a branch to a symbol that
# was resolved; an address that wrapped; what has a name of its own
ASM_ONLY = re.compile(r"c\.(j|beqz|bnez) .*0x|0x|csrrs \w+, fflags, zero|csrrw \w+, fflags, ")

# the spec decides: it names all CSRs of all widths
NAMED = {"csrrs t2, 931, zero"}


# operands for instructions that need a pair
SAMPLES = {"rd": "s5", "rs1": "a3", "rs2": "t2", "rd_rs1": "s1", "fd": "ft9", "fs1": "fa4",
           "fs2": "fs11", "fs3": "ft0", "imm12": "-1234", "imm20": "703710", "bimm12": "-3358",
           "shamt": "41", "csr": "mtvec", "zimm5": "19", "rm": "rup", "rm_exact": "rtz",
           "c_uimm7": "92", "c_uimm7sp": "92", "c_uimm8": "168", "c_uimm8sp": "172",
           "c_uimm9sp": "296", "c_bimm9": "-150",
           "vtype_rs2": "t2", "vm": "v0.t",
           **dict.fromkeys(("vd", "vd_apart", "vd_apart0", "vd_one", "vd_f2", "vd32", "vd32x2"),
                           "v8"), **dict.fromkeys(("vs2", "vs2_f"), "v4"),
           **dict.fromkeys(("vs1", "vs1_one", "vs1_bit", "vs1_f"), "v20"),
 "c_uimm2": "2", "fli": "0.5", "sp": "sp"}
NARROW = {"rd": "a5", "rs1": "s0", "rs2": "a2", "fd": "fa3", "fs2": "fs1"}

# what no installed assembler knows, from the manual's tables
BY_HAND = {
    "wrs.nto": "7300d000", "c.sb a2, 2(s0)": "3088", "c.zext.b s1": "e19c",
    "c.sext.b s1": "e59c", "cbo.inval (a3)": "0fa00600", "cbo.zero (a3)": "0fa04600",
    "czero.nez s5, a3, t2": "b3fa760e", "fmaxm.s ft9, fa4, fs11": "d33eb729",
    "fminm.d ft9, fa4, fs11": "d32eb72b", "fmaxm.d ft9, fa4, fs11": "d33eb72b",
    "fmaxm.h ft9, fa4, fs11": "d33eb72d", "froundnx.h ft9, fa4, rup": "d33e5744",
    "sinval.vma a3, t2": "73807616", "fence.tso": "0f003083", "c.unimp": "0000",
    "fence rw, rw, 9, s5, a3": "8f8a3693", "fence.i 291, s5, a3": "8f9a3612",
    "sfence.vma a3, t2": "73807612", "pause": "0f000001",
    "vsetvli a2, a0, 256": "57760510",
}


def run_llvm(command: tuple[str, ...], lines: list[str], *how: str,
             comment: str = "//") -> dict[str, str]:
    """Texts by bytes, of what llvm-mc makes of the lines."""
    done = subprocess.run([*command, *how], input="\n".join(lines) + "\n", capture_output=True,
                          text=True)
    out = {}
    for line in done.stdout.split("\n"):
        m = re.match(rf"\t(.*?)\s*{comment} encoding: \[((?:0x..,?)+)\]$", line)
        if m:
            out[m[2].replace("0x", "").replace(",", "")] = re.sub(r"\s+", " ", m[1])
    return out


def run_rax(program: str, isa: str, what: str, lines: list[str]) -> list[str]:
    """What `rax dis` or `rax asm` says to each line."""
    done = subprocess.run([program, what, "--isa", isa, "-"], input="\n".join(lines) + "\n",
                          capture_output=True, text=True)
    return done.stdout.split("\n")[:-1]


def spaced(data: str) -> str:
    """Bytes as llvm-mc reads them."""
    return " ".join("0x" + data[k:k + 2] for k in range(0, len(data), 2))


def add_accepted(rows: dict[str, str], pairs: list[tuple[str, str]], program: str, isa: str,
                 mc: Callable[[list[str]], dict[str, str]]) -> None:
    """
    Adds texts of LLVM's tests to the rows, by text: those that `mc` assembles to the
    bytes that stand beside them, where the bytes are an instruction of ours.
    """
    printed = run_rax(program, isa, "dis", [b for _, b in pairs])
    stated = [p for p, t in zip(pairs, printed, strict=True) if not t.startswith("error")]
    right = {text: data for text, data in stated if data in mc([text])}
    for (text, data), got in zip(right.items(), run_rax(program, isa, "asm", list(right)),
                                 strict=True):
        if got.split()[:1] != [data]:
            print(f"{text}: {got}, llvm-mc says {data}", file=sys.stderr)
        elif text not in rows:
            same = run_rax(program, isa, "dis", [data])[0] == text
            rows[text] = f"{'both' if same else 'asm'}\t{text}\t{data}"


def print_head(table: str, script: str) -> None:
    """The first lines of a table of pairs."""
    print(f"# {table} - assembly text and bytes, see {script}. SPDX-License-Identifier: MIT")
    print("# KIND (both: also what is printed; asm: only accepted), TEXT, BYTES")


def entries() -> dict[str, str]:
    """Assembly operands by mnemonic."""
    out = {}
    for file in sorted(SPEC.glob("*.asl")):
        for line in file.read_text().split("\n"):
            if line and not line[0].isspace() and not line.startswith("//"):
                name, _, rest = line.partition(" ")
                out[name] = re.split(r"\s{2,}", rest.strip())[0]
    return out


def sample(name: str, operands: str) -> str:
    """Text of an instruction with sample operands."""
    values = dict(SAMPLES, **(NARROW if name.startswith("c.") else {}))
    if name.endswith("w") and "shamt" in operands:
        values["shamt"] = "21"
    if operands == "-" or operands.startswith(("=", "[")):
        return name
    operands = re.sub(r"^\.aqrl ", "", operands).replace("'", "")
    operands = re.sub(r"\{\w+\}", "", operands)
    return f"{name} " + re.sub(r"[A-Za-z_]\w*", lambda m: values.get(m[0], m[0]), operands).strip()


def assemble(text: str) -> str | None:
    """Bytes by llvm-mc, None if it does not know the instruction."""
    p = subprocess.run(["llvm-mc", "-triple=riscv64", "-show-encoding", "-mattr="
                        "+m,+a,+f,+d,+c,+v,+zba,+zbb,+zbc,+zbs,+zfh"],
                       input=text + "\n", text=True, capture_output=True)
    m = re.search(r"encoding: \[([^]]*)\]", p.stdout)
    return m[1].replace("0x", "").replace(",", "") if m and not p.returncode else None


def vectors(specdata: Path, known: set[str]) -> dict[tuple[str, str], str]:
    text = lzma.open(specdata / "llvm-mc" / "RISCV.csv.xz", "rt").read()
    out: dict[tuple[str, str], str] = {}
    for row in csv.DictReader(io.StringIO(text)):
        asm = " ".join(row["asm"].split())
        if "riscv64" not in row["triple"].split(";") or SKIP.search(row["file"]):
            continue
        name = re.sub(r"\.(aq|rl|aqrl)$", "", asm.split()[0])
        if name not in known or asm in NAMED or re.search(r"\be\d+alt\b", asm):
            continue
        legacy = re.fullmatch(r"fcvt\.(d\.(s|w|wu|h)|s\.h)", name)
        bare = re.match(r"f(n?m(add|sub)|add|sub|mul|div|sqrt|cvt|round)", name) \
            and name != "fcvtmod.w.d" and not re.search(r", (rne|rtz|rdn|rup|rmm|dyn)$", asm)
        kind = "asm" if ASM_ONLY.search(asm) or (bare and not legacy) else "both"
        out[asm, row["bytes"]] = kind
    return out


def main() -> int:
    known = entries()
    found = vectors(Path(sys.argv[1]), set(known))
    found.update({(text, data): "asm" if known[text.split()[0]].startswith("=") else "both"
                  for text, data in BY_HAND.items()})
    have = {re.sub(r"\.(aq|rl|aqrl)$", "", asm.split()[0]) for asm, _ in found}
    for name in known:
        if name in have or re.match(r"=(\S+)|", known[name])[1] in have:
            continue
        text = sample(name, known[name])
        data = assemble(text)
        if data is None:
            print(f"llvm-mc does not assemble '{text}'", file=sys.stderr)
            return 1
        found[text, data] = "asm" if known[name].startswith("=") else "both"
    print_head("rv64_asm.tsv", "record_asm.py")
    for (asm, data), kind in sorted(found.items()):
        print(f"{kind}\t{asm}\t{data}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
