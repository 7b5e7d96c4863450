# SPDX-License-Identifier: MIT
"""One line of an x86 opcode table to all its encodings.

A line is specialised by group member, operand size, vector length, register or
memory form, and then by what prefixes may add: LOCK, REP, broadcast, embedded
rounding, NF.
"""
from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import Iterator

from gen.front.x86_apx import promoted
from gen.front.x86_operands import Alternative, alternatives, build, embedded, imm_bytes
from gen.front.x86_table import Line, sizes
from gen.model.encoding import Insn
from gen.model.prefixed import PP, Cube, Prefixed, Space, Src, XOperand, bits
from gen.support.errors import Errors, SpecError

_LETTERS = {8: ("B", "b"), 16: ("W", "w"), 32: ("D", "l"), 64: ("Q", "q")}
_SZ = (8, 16, 32, 64)
_VL = (128, 256, 512)


@dataclass(frozen=True, slots=True)
class _Variant:
    """What prefixes add to a form."""

    lock: bool = False
    rep: str = ""
    b: int = 0
    nf: bool = False
    round: str = ""  # er sae


@dataclass(frozen=True, slots=True)
class _Form:
    line: Line
    number: int
    sz: int
    vl: int
    chosen: tuple[Alternative, ...]

    @property
    def memory(self) -> Alternative | None:
        return next((a for a in self.chosen if a.what == "mem"), None)


def _forms(line: Line) -> Iterator[_Form]:
    szs = sizes(line.attrs, "sz", _SZ, line.span) or (0,)
    vls = sizes(line.attrs, "vl", _VL, line.span) or (0,)
    for number, sz, vl in product(range(len(line.names)), szs, vls):
        if not line.names[number]:
            continue
        for chosen in product(*(alternatives(o, sz, vl) for o in line.operands)):
            if sum(a.what in ("rm", "mem") for a in chosen) > 1:
                raise SpecError(line.span, "two operands want ModRM.rm")
            yield _Form(line, number, sz, vl, chosen)


def _variants(f: _Form) -> Iterator[_Variant]:
    attrs = f.line.attrs
    yield _Variant()
    if "nf" in attrs and f.line.names[f.number][0] not in f.line.nonf:
        yield _Variant(nf=True)
    if "lock" in attrs and f.memory:
        yield _Variant(lock=True)
    if "rep" in attrs or "repe" in attrs:
        yield _Variant(rep="repe" if "repe" in attrs else "rep")
        yield _Variant(rep="repne")
    if f.memory and any(o.broadcast for o in f.line.operands):
        yield _Variant(b=1)
    if not f.memory and f.vl in (0, 512):
        for kind in ("er", "sae"):
            if kind in attrs:
                yield _Variant(b=1, round=kind)


def _prefixes(f: _Form, v: _Variant) -> Cube:
    """Mandatory prefix, LOCK and REP."""
    enc = f.line.enc
    cube = bits(LOCK=int(v.lock))
    if v.rep:
        cube |= bits(PF3=int(v.rep != "repne"), PF2=int(v.rep == "repne"))
    elif "rep" in f.line.attrs or "repe" in f.line.attrs or enc.pp == "NFx":
        cube |= bits(PF3=0, PF2=0)
    if enc.space != "legacy":
        pp = enc.pp or ("66" if f.sz == 16 else "NP")
        p66, f3, f2 = PP[pp]
        cube |= bits(P66=p66, PF3=f3, PF2=f2)
        if enc.map == 4 and not enc.pp and f.sz == 64:  # W is stronger than 66
            cube.pop("P66")
    elif enc.pp in ("F3", "F2"):
        cube |= bits(PF3=int(enc.pp == "F3"), PF2=int(enc.pp == "F2"))
    elif enc.pp in ("NP", "66"):
        cube |= bits(P66=int(enc.pp == "66"), PF3=0, PF2=0)
    return cube


def _legacy_size(f: _Form, all_sizes: tuple[int, ...]) -> Cube:
    """How prefixes and mode select this operand size."""
    attrs = f.line.attrs
    if f.sz in (0, 8):
        return {}
    if "f64" in attrs:
        return bits(M64=1) if f.sz == 64 else bits(M64=0, O16=int(f.sz == 16))
    if "d64" in attrs:
        return {16: bits(O16=1), 32: bits(M64=0, O16=0), 64: bits(M64=1, O16=0)}[f.sz]
    if f.line.enc.pp and 16 not in all_sizes:  # 66 is no operand size
        return bits(W=int(f.sz == 64))
    return {16: bits(O16=1, W=0), 32: bits(O16=0, W=0), 64: bits(W=1)}[f.sz]


def _length(f: _Form, v: _Variant) -> int:
    length = f.line.enc.length
    if v.round or length in ("LIG", ""):
        return -1
    if length == "vl":
        if not f.vl:
            raise SpecError(f.line.span, "the length vl needs vl=")
        return {128: 0, 256: 1, 512: 2}[f.vl]
    return int(length)


def _modrm(f: _Form, number: int) -> tuple[bool, int, int, Cube]:
    """Is there a ModRM byte; digits of reg and rm; the cube."""
    enc = f.line.enc
    if enc.modrm >= 0:
        value = enc.modrm + (8 * number if "8n" in enc.plus else number if "n" in enc.plus else 0)
        reg, rm = value >> 3 & 7, -1 if "i" in enc.plus else value & 7
        cube = bits(MOD3=1, REG=reg) | (bits(RM=rm) if rm >= 0 else {})
        return True, reg, rm, cube
    if not enc.slash:
        return False, -1, -1, {}
    reg = -1 if enc.slash == "r" else number if enc.slash == "n" else int(enc.slash)
    mem = f.memory
    cube = (bits(MOD3=int(mem is None)) if "anymod" not in f.line.attrs else {}) \
        | (bits(REG=reg) if reg >= 0 else {})
    if mem and mem.mem.index:
        cube |= bits(RM=4)
    return True, reg, -1, cube


def _evex(f: _Form, v: _Variant, ops: tuple[XOperand, ...]) -> list[Cube]:
    """B, masks and zeroing; zeroing without a mask is none."""
    b = v.b or f.line.enc.b
    sources = {o.source for o in ops}
    if Src.MASK not in sources:
        return [bits(B=b, Z=0, AAA=4 if v.nf else 0)]
    if any(o.mem and o.mem.index for o in ops):
        return [bits(B=b, Z=0, KN=1)]
    out = [bits(B=b, Z=0)]
    return out + [bits(B=b, Z=1, KN=1)] if Src.ZEROING in sources else out


def _cubes(f: _Form, v: _Variant, ops: tuple[XOperand, ...]) -> tuple[Cube, ...]:
    line, enc = f.line, f.line.enc
    all_sizes = sizes(line.attrs, "sz", _SZ, line.span)
    cube = _prefixes(f, v) | _modrm(f, f.number)[3]
    if "o64" in line.attrs:
        cube |= bits(M64=1)
    if "no64" in line.attrs:
        cube |= bits(M64=0)
    if enc.w in ("0", "1"):
        cube |= bits(W=int(enc.w))
    out = [cube]
    if enc.space == "legacy":
        cube |= _legacy_size(f, all_sizes)
        if cube.get("W") == (1, 1):
            cube |= bits(M64=1)
        if not enc.slash and enc.modrm < 0 and line.attrs.get("over") and not v.rep:
            cube |= bits(RXB=0)
        return (cube,)
    length = _length(f, v)
    if length >= 0:
        cube |= bits(L=length)
    if not any(o.source is Src.VVVV for o in ops):
        cube |= bits(V0=1) if any(o.mem and o.mem.index for o in ops) else bits(V0=1, V4=1)
    if not enc.w and f.sz in (32, 64):
        cube |= bits(W=int(f.sz == 64))
        if f.sz == 64:
            cube |= bits(M64=1)
        elif not (enc.space == "evex" and enc.map == 4) and "M64" not in cube:
            out.append(cube | bits(W=1, M64=0))
    if not enc.w and f.sz == 16:
        cube |= bits(W=0)
    out[0] = cube
    if enc.space == "evex":
        if enc.map == 4:
            out = [c | bits(M64=1) for c in out]
        out = [c | e for c in out for e in _evex(f, v, ops)]
    return tuple(out)


def _att(f: _Form, intel: str, letter: str) -> str:
    """AT&T's name, the rules of att= applied."""
    given = f.line.attrs.get("att", "")
    if "," in given:
        given = given.split(",")[f.number] if given.count(",") >= f.number else ""
    stem = given.removesuffix("-")
    name = stem.replace("*", intel) or intel
    if "{s}" in name or "{m}" in name:
        return name.replace("{s}", letter).replace("{m}", letter if f.memory else "")
    return name if given.endswith("-") else name + letter


def _mnemonics(f: _Form, spelling: str) -> tuple[str, str]:
    """Intel's and AT&T's spelling in small letters; {p} stays."""
    upper, letter = _LETTERS.get(f.sz, ("", ""))
    spelling = spelling.replace("{q}", "{s}") if f.sz != 16 or "{q}" not in spelling else \
        spelling.replace("{q}", "")
    if "{s}" in spelling:
        return spelling.replace("{s}", upper).lower(), spelling.replace("{s}", letter).lower()
    return spelling.lower(), _att(f, spelling.lower(), letter)


def _token(o: XOperand) -> str:
    """The operand in the encoding's name."""
    match o.source:
        case Src.MEM:
            if o.mem.index:
                return f"v{o.mem.index}{o.mem.bits}"
            return f"{'b' if o.mem.broadcast else 'm'}{o.mem.bits or ''}"
        case Src.IMM | Src.IMM2:
            return f"i{8 * o.nbytes}"
        case Src.REL:
            return f"rel{8 * o.nbytes}"
        case Src.MOFFS:
            return "moffs"
        case Src.FIXED if not o.regclass:
            return "1"
        case Src.FIXED if o.names.startswith("gpr"):
            return {"gpr8": ("al", "cl", "dl", "bl"), "gpr16": ("ax", "cx", "dx", "bx"),
                    "gpr32": ("eax", "ecx", "edx", "ebx"),
                    "gpr64": ("rax", "rcx", "rdx", "rbx")}[o.names][o.fixed]
        case Src.FIXED if o.regclass == "seg":
            return ("es", "cs", "ss", "ds", "fs", "gs")[o.fixed]
    return o.names.replace("gpr", "r")


def _name(f: _Form, v: _Variant, intel: str, ops: tuple[XOperand, ...]) -> str:
    parts = [v.rep, "lock" if v.lock else "", intel.replace("{p}", "")]
    parts += [_token(o) for o in ops if o.shown and o.source not in
              (Src.MASK, Src.ZEROING, Src.ROUND, Src.SAE, Src.STATIC, Src.STRING)]
    if f.sz and not any(o.width == f.sz and (o.regclass or o.mem) and o.shown or
                        o.source is Src.MEM for o in ops):
        parts.append(str(f.sz))  # nothing else says it
    masked = any(o.source is Src.MASK for o in ops)
    parts += ["k" if masked else "evex" if f.line.enc.space == "evex" else "", v.round,
              "nf" if v.nf else ""]
    return ".".join(filter(None, parts))


def _scale(f: _Form, ops: tuple[XOperand, ...]) -> int:
    """log2 of N: the size of the memory operand, where vectors are operands, or one could
    be in its place."""
    kinds = (alternatives(o, f.sz, f.vl) for o in f.line.operands)
    if f.line.enc.space != "evex" or not any(a.cls in ("vec", "k") for k in kinds for a in k):
        return 0
    size = next((o.mem.bits // 8 for o in ops if o.source is Src.MEM), 1)
    return max(size, 1).bit_length() - 1


def _opcode(f: _Form) -> int:
    enc, n = f.line.enc, f.number
    add = 0
    if enc.modrm < 0:
        add = (int(f.sz != 8) if "w" in enc.plus else 0) + (n if "n" in enc.plus else 0) \
            + (8 * n if "8n" in enc.plus else 0)
    elif "w" in enc.plus:
        add = int(f.sz != 8)
    if enc.opcode + add > 255:
        raise SpecError(f.line.span, "the opcode passes FF")
    return enc.opcode + add


def _entry(f: _Form) -> str:
    """The mnemonic that the meaning is stated under."""
    return f.line.mnemonic.split("/")[0] if "{cc}" in f.line.mnemonic \
        else f.line.names[f.number][0]


def _one(f: _Form, v: _Variant) -> Insn:
    line = f.line
    ops = build(line, f.sz, list(f.chosen), bool(v.b), f.number)
    if v.round:
        ops = embedded(ops, v.round, line.span)
    spellings = [_mnemonics(f, s) for s in line.names[f.number]]
    intel, att = spellings[0]
    cubes = _cubes(f, v, ops)
    modrm, reg, rm, _ = _modrm(f, f.number)
    modes = {64 if c.get("M64") == (1, 1) else 32 if c.get("M64") == (1, 0) else 0 for c in cubes}
    mode_set = frozenset({16, 32, 64} if 0 in modes or len(modes) > 1 else
                         {64} if 64 in modes else {16, 32})
    enc = Prefixed(
        name=_name(f, v, intel, ops), mnemonic=_entry(f), intel=intel, att=att,
        aliases=tuple(spellings[1:]), group=f.number, words=line.words,
        space=Space(line.enc.space), map=line.enc.map, opcode=_opcode(f), cubes=cubes,
        pp=line.enc.pp.replace("NFx", ""), osize=f.sz, l=_length(f, v),
        w={"0": 0, "1": 1}.get(line.enc.w, -1), modrm=modrm, reg=reg, rm=rm, modes=mode_set,
        scale=_scale(f, ops), b=v.b or line.enc.b, nf=v.nf, lock=v.lock, rep=v.rep,
        sz=f.sz, vl=f.vl, extension=line.feature, lacking=line.attrs.get("lacking", ""),
        over=(line.attrs["over"],) if "over" in line.attrs else (),
        flags=frozenset(line.attrs) - {"sz", "vl", "if", "lacking", "over", "att", "words", "apx"},
        memory=f.memory is not None, imms=tuple(imm_bytes(w, f.sz, line.span)
                                                for w in line.enc.imms),
        span=line.span)
    return Insn(0, enc, ops, (), None, line.span)


def _with_promoted(lines: list[Line], errors: Errors) -> list[Line]:
    """The lines, and behind all of them what APX makes of them, those with a new
    destination last: `rcr bl, cl` is no rotation of cl by one."""
    more: list[Line] = []
    for line in lines:
        try:
            more += promoted(line)
        except SpecError as e:
            errors.take(e)
    return lines + sorted(more, key=lambda line: line.enc.nd)


def expand(lines: list[Line], errors: Errors) -> list[Insn]:
    """All encodings, with unique names and ids from 1."""
    out: list[Insn] = []
    taken: dict[str, Insn] = {}
    for line in _with_promoted(lines, errors):
        try:
            for f in _forms(line):
                for v in _variants(f):
                    insn = _one(f, v)
                    e = insn.encoding
                    if e.name in taken:
                        e = replace(e, name=f"{e.name}.{e.opcode:02x}")
                    other = taken.setdefault(e.name, insn)
                    if other is not insn:
                        raise SpecError(line.span, f"{e.name} is encoded twice alike; the other "
                                                   f"one: {other.span}")
                    out.append(replace(insn, id=len(out) + 1, encoding=e))
        except SpecError as e:
            errors.take(e)
    return out
