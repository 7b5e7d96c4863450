# SPDX-License-Identifier: MIT
"""Compares the x86 encodings with XED's and asmdb's tables.

    spec_check_x86.py SPECDATA

SPECDATA/x86-xed/xed-isa-flat.csv: every encoding of ours must agree with a
pattern there in map, opcode, prefix, W, length, ModRM, mode, LOCK and NF, and
in how each operand in the text is accessed; and each pattern of a mnemonic
that we have must be one of ours. SPECDATA/x86-asmdb/isa_x86.json: each of its
opcodes of such a mnemonic must be ours too. Intended differences are listed
below. Exit code 1 when something differs.
"""
from __future__ import annotations

import csv
import json
import re
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP), str(TOP / "tools" / "asl-parser")]

from gen.isas import ISAS  # noqa: E402
from gen.model.encoding import Insn  # noqa: E402
from gen.model.prefixed import Prefixed, Space, Src, slots  # noqa: E402
from gen.support.errors import Errors, Stop  # noqa: E402

CONDITION = {"b": "B", "ae": "NB", "e": "Z", "ne": "NZ", "be": "BE", "a": "NBE", "l": "L",
             "ge": "NL", "le": "LE", "g": "NLE"}
ICLASS = {"WAIT": "FWAIT", "RET": "RET_NEAR", "CALL": "CALL_NEAR", "MOVABS": "MOV", "SAL": "SHL",
          "RETF": "RET_FAR"}

# how our operands are accessed differs on purpose: names of ours, why
ACCESS = {
    r"^v?mov(ss|sd)\.xmm\.xmm": "the upper part of the destination stays",
    r"^vpgather": "masked elements of the destination stay",
    r"^p?blendv[bp]": "xmm0 is implied",
    r"^(nop|ffree|prefetch\w+)\.": "names its operand and does not access it",
}

# patterns that are left out on purpose: their text, why
# what the JIT emits is stated, and not more forms of it
MMX = "of MMX the sample has moves and three instructions"
AVX512 = "of these the sample has no form of AVX-512"
FLOATS = "|".join("""
    sqrt[ps][sd] cmps[sd] cvt(t?p[sd]2dq|dq2p[sd]|ps2p[dh]|pd2ps|ph2ps|s[sd]2s[sd]|si2ss)
    (andn?|x?or|shuf|unpck[lh]|permil)p[sd]
    mov(apd|ntp[sd]|ntdqa?|[hlu]p[sd]|s[sd]|ddup|s[hl]dup|hlps|lhps)
    insertps extractps broadcasts[sd] f(n?madd(132|213)|nmadd231|n?msub...|maddsub...|msubadd...)..
    """.split())
OMITTED = {
    r"^(FCOM|FCOMP|FSTP|FXCH) .*UNDOCUMENTED": "aliases that no manual has",
    r"^NOP 0x0F 0x(0D|18)": "prefetches, where they are instructions",
    r"^VCVTUDQ2PD .*BCRC=1.*FIX_ROUND": "a rounding that never rounds",
    r"^P(?!ADDSB|ADDUSW|SHUFB)[A-Z]+ .*no_refining_prefix": MMX,
    r"^V(?!PADDSB|PSHUFB|PERMB|PGATHER)(P[A-Z]+|MOV[DQ]) EVV": AVX512,
    rf"^v({FLOATS}) evv".upper(): AVX512,
}


ASMDB_OMITTED = {
    r"^p(?!addsb|addusw|shufb)[a-z]+ .*\bmm": MMX,
    r"^v(?!paddsb|pshufb|permb|pgather)(p[a-z]+|mov[dq]) .*(\{kz\}|\{k\}|xmm\[)": AVX512,
    rf"^v({FLOATS}) .* EVEX": AVX512,
    r"^xor\{nf\}": "its row has CMP's opcodes; XED's has XOR's",
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """A row of XED's table; None: anything."""

    iclass: str
    space: str
    map: int
    opcodes: frozenset[int]
    mod: str  # "", mem, reg
    reg: int | None
    rm: int | None
    pp: str | None
    w: int | None
    l: int | None  # noqa: E741
    m64: int | None
    lock: int | None
    nf: int | None
    nd: int | None
    b: int | None
    access: tuple[tuple[str, ...], ...]  # with and without what the opcode implies
    text: str


def _operands(text: str, implied: bool) -> tuple[str, ...]:
    """Accesses of the operands that stand in assembly text."""
    out = []
    for word in text.split():
        name, *parts = word.replace("=", ":", 1).split(":")
        if "SUPP" in parts or not re.match(r"REG\d|MEM\d|AGEN", name) \
                or parts[0] in ("MASK1()", "MASKNOT0()") or "IMPL" in parts and not implied:
            continue
        how = next((x for x in parts if re.fullmatch(r"c?r?c?w?", x) and x), "r")
        written = "w" in how
        out.append("rw" if written and ("r" in how or "c" in how) else "w" if written else "r")
    return tuple(sorted(out))


def _pattern(row: dict[str, str]) -> Pattern | None:
    text = row["pattern"]
    words = text.split()
    space = {"EVV": "evex", "VV1": "vex"}.get(words[0], "legacy")
    if words[0] in ("XOPV",) or "0x0F 0x0F" in text:
        return None
    numbers = [int(w, 16) for w in words if re.fullmatch(r"0x[0-9A-F]{2}", w)]
    m = 0
    if space == "legacy":
        if numbers[:1] == [0x0F]:
            m, numbers = 1, numbers[1:]
            if numbers[:1] in ([0x38], [0x3A]):
                m, numbers = (2 if numbers[0] == 0x38 else 3), numbers[1:]
    else:
        m = next((k for k, name in ((1, "V0F"), (2, "V0F38"), (3, "V0F3A"), (4, "MAP4"),
                                    (5, "MAP5"), (6, "MAP6"), (7, "MAP7")) if name in words), 0)
    srm = re.search(r"0b([01]{4})_([01]) SRM", text)
    if srm:
        base = int(srm[1] + srm[2], 2) << 3
        opcodes = frozenset(range(base, base + 8))
    else:
        opcodes = frozenset(numbers[:1])

    def field(name: str) -> int | None:
        found = re.search(rf"\b{name}\[0b([01]+)\]", text) or \
            re.search(rf"\b{name}=(\d)\b", text)
        if not found:
            return None
        return int(found[1], 2) if "0b" in found[0] else int(found[1])

    def flag(yes: str, no: str) -> int | None:
        return 1 if yes in words else 0 if no in words else None

    pp = None
    for name, value in (("no_refining_prefix", "NP"), ("osz_refining_prefix", "66"),
                        ("f3_refining_prefix", "F3"), ("f2_refining_prefix", "F2"),
                        ("VNP", "NP"), ("V66", "66"), ("VF3", "F3"), ("VF2", "F2")):
        if name in words:
            pp = value
    w = flag("W1", "W0") if space != "legacy" else flag("rexw_prefix", "norexw_prefix")
    nf = field("NF")
    if "NO_SCC_NF0" in words or "NO_SCC_NF1" in words:
        nf = int("NO_SCC_NF1" in words)
    vl = next((k for k, name in enumerate(("VL128", "VL256", "VL512")) if name in words), None)
    return Pattern(row["iclass"], space, m, opcodes,
                   "reg" if "MOD=3" in words else "mem" if "MOD!=3" in words else "",
                   field("REG"), field("RM"), pp, w, vl, flag("mode64", "not64"),
                   flag("lock_prefix", "nolock_prefix"), nf, field("ND"), field("BCRC"),
                   (_operands(row["operands"], True), _operands(row["operands"], False)),
                   f"{row['iclass']} {text} {row['attributes']}")


def iclass(i: Insn) -> str:
    """XED's name of the instruction."""
    e: Prefixed = i.encoding
    if "{cc}" in e.mnemonic:
        stem, _, tail = e.mnemonic.partition("{cc}")
        if stem == "SETZU":
            return "SET" + CONDITION.get(e.intel[5:], e.intel[5:].upper())
        cc = e.intel[len(stem):len(e.intel) - len(tail)]
        return stem + CONDITION.get(cc, cc.upper()) + tail
    name = e.intel.replace("{p}", "").upper()
    name = ICLASS.get(name, name).removesuffix("ZU")
    vector = any(o.regclass == "vec" for o in i.operands)
    if name in ("MOVSD", "CMPSD") and vector:
        name += "_XMM"
    if name == "MOV" and any(o.regclass in ("cr", "dr") for o in i.operands):
        name += "_" + next(o.regclass for o in i.operands if o.regclass in ("cr", "dr")).upper()
    if e.lock and name != "XCHG":
        name += "_LOCK"
    if e.rep == "repne" and name[:4] in ("MOVS", "STOS", "LODS"):
        name = "REP_" + name  # F2 does what F3 does
    elif e.rep:
        name = {"rep": "REP_", "repe": "REPE_", "repne": "REPNE_"}[e.rep] + name
    return name


def agrees(i: Insn, p: Pattern) -> bool:
    """Do the fixed parts agree?"""
    e: Prefixed = i.encoding
    mine = {s[2] for s in slots(i)}
    cube = e.cubes[0]

    def same(theirs: int | None, name: str) -> bool:
        return theirs is None or all(name not in c or not (c[name][1] ^ theirs) & c[name][0]
                                     for c in e.cubes[:1])

    if (e.space.value, e.map) != (p.space, p.map) or not mine & p.opcodes:
        return False
    if "anymod" not in e.flags and (e.modrm != bool(p.mod) or
                                    p.mod and (p.mod == "mem") != e.memory):
        return False
    pp = e.pp or None
    if pp is None and e.space is not Space.LEGACY:
        pp = "66" if cube.get("P66") == (1, 1) else "NP" if "P66" in cube else None
    if e.rep:
        pp = p.pp  # XED has the prefix in the class
    if p.pp and pp and p.pp != pp:
        return False
    if e.reg >= 0 and p.reg is not None and e.reg != p.reg or e.reg >= 0 and p.reg is None:
        return False
    round_ = any(o.source in (Src.ROUND, Src.SAE) for o in i.operands)
    broadcast = any(o.mem and o.mem.broadcast for o in i.operands)
    if e.space is Space.EVEX and e.map != 4 and p.b is not None and not e.memory \
            and p.b != int(round_):
        return False
    if e.l >= 0 and p.l is not None and e.l != p.l and not broadcast:
        return False
    return same(p.w, "W") and same(p.m64, "M64") and same(p.lock, "LOCK") and same(p.rm, "RM") \
        and (p.nf is None or p.nf == int(e.nf)) and (p.nd is None or p.nd == e.b or e.map != 4)


def access(i: Insn) -> tuple[str, ...]:
    """Accesses of the operands that stand in assembly text, but for strings."""
    string = any(o.source is Src.STRING for o in i.operands)
    return tuple(sorted(o.access for o in i.operands
                        if o.shown and (o.regclass or o.mem) and o.source not in
                        (Src.MASK, Src.STRING) and not (string and o.source is Src.FIXED)))


def compare_xed(insns: list[Insn], path: Path) -> int:
    bad = 0
    ours: dict[str, list[Insn]] = defaultdict(list)
    for i in insns:
        ours[iclass(i)].append(i)
    theirs: dict[str, list[Pattern]] = defaultdict(list)
    with path.open() as f:
        for row in csv.DictReader(f):
            if row["iclass"] in ours and (p := _pattern(row)):
                theirs[row["iclass"]].append(p)
    used: set[str] = set()
    for name, list_ in sorted(ours.items()):
        for i in list_:
            found = [p for p in theirs[name] if agrees(i, p)]
            used |= {p.text for p in found}
            if not found:
                print(f"{i.span}: {i.name}: XED has no such {name}")
                bad += 1
            elif not any(access(i) in p.access for p in found) \
                    and not any(re.search(w, i.name) for w in ACCESS):
                print(f"{i.span}: {i.name}: operands {access(i)}, XED's "
                      f"{sorted({p.access for p in found})}")
                bad += 1
    for name, list_ in sorted(theirs.items()):
        for p in list_:
            if p.text not in used and not any(re.search(o, p.text) for o in OMITTED):
                print(f"XED's {p.text} is not stated")
                bad += 1
    print(f"XED: {len(insns)} encodings of {len(ours)} classes, {len(used)} patterns, "
          f"{bad} differences")
    return bad


_ASMDB = re.compile(r"(?:\[[^]]*\]\s*)?(\S+)")
_PREFIXES = {"NP", "66", "F2", "F3"}
_SPACES = {"VEX": "vex", "EVEX": "evex"}
_DBMAPS = {"0F": 1, "0F38": 2, "0F3A": 3, "MAP4": 4, "MAP5": 5, "MAP6": 6}


def asmdb_key(op: str) -> tuple[object, ...] | None:
    """Space, map, opcodes, mandatory prefix of vectors, ModRM digit; None: not ours to read."""
    words = re.sub(r"^\[[^]]*\]\s*", "", op).split()
    space, m, pp = "legacy", 0, ""
    while words and (not re.fullmatch(r"[0-9A-F]{2}(\+\w)?", words[0])
                     or words[0] in (*_PREFIXES, "67") and len(words) > 1):
        head, *rest = words.pop(0).split(".")
        if head in ("XOP",):
            return None
        if head in _SPACES:
            space = _SPACES[head]
            m = next((_DBMAPS[r] for r in rest if r in _DBMAPS), 0)
            pp = next((r for r in rest if r in _PREFIXES), pp)
        elif head in _PREFIXES:
            pp = head
    if not words:
        return None
    if space == "legacy" and words[0] == "0F" and len(words) > 1:
        m, words = 1, words[1:]
        if words[0] in ("38", "3A"):
            m, words = (2 if words[0] == "38" else 3), words[1:]
    opcode = words.pop(0)
    digit = next((w[1:] for w in words if re.fullmatch(r"/[0-7]", w)), "")
    if words and re.fullmatch(r"[C-F][0-9A-F](\+i)?", words[0]):
        digit = str(int(words[0][:2], 16) >> 3 & 7)
    return space, m, int(opcode[:2], 16), pp if space != "legacy" else "", digit


def compare_asmdb(insns: list[Insn], path: Path) -> int:
    """Opcodes of our mnemonics in their table that we do not have."""
    have: dict[str, set[tuple[object, ...]]] = defaultdict(set)
    for i in insns:
        e: Prefixed = i.encoding
        for name in (e.intel, *(a for a, _ in e.aliases)):
            digit = str(e.reg) if e.reg >= 0 else ""
            for d in {digit, ""}:
                have[name.replace("{p}", "")].add((e.space.value, e.map, slots(i)[0][2], d))
    bad = checked = 0
    for group in json.loads(path.read_text())["instructions"]:
        for row in group["instructions"]:
            text = next(iter(row.values()))  # by mode
            m = _ASMDB.match(text)
            if not m:
                continue
            names = re.sub(r"\{\w+\}", "", m[1]).split("|")
            key = asmdb_key(row["op"])
            if key is None or not any(n in have for n in names):
                continue
            checked += 1
            space, om, opcode, _, digit = key
            if not any((space, om, opcode, d) in have[n] for n in names if n in have
                       for d in (digit, "")) \
                    and not any(re.search(w, f"{text} {row['op']}") for w in ASMDB_OMITTED):
                print(f"asmdb's {text}  {row['op']} is not stated")
                bad += 1
    print(f"asmdb: {checked} rows, {bad} differences")
    return bad


def main() -> int:
    errors = Errors()
    try:
        enc = ISAS["x86"].encodings(TOP / "spec", errors, False)
    except Stop:
        print("\n".join(errors.lines()), file=sys.stderr)
        return 1
    bad = compare_xed(list(enc.insns), Path(sys.argv[1]) / "x86-xed" / "xed-isa-flat.csv")
    bad += compare_asmdb(list(enc.insns), Path(sys.argv[1]) / "x86-asmdb" / "isa_x86.json")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
