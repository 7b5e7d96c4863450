# SPDX-License-Identifier: MIT
"""Operands of x86 opcode tables: kinds to operands of the model."""
from __future__ import annotations

import re
from dataclasses import dataclass, replace

from gen.front.x86_table import EncDecl, Line, OpDecl
from gen.model.encoding import Span, Syntax, SyntaxKind
from gen.model.prefixed import Mem, Src, XOperand, place_of
from gen.support.errors import SpecError

VECTOR = {"x": 128, "y": 256, "z": 512}
VECTOR_NAMES = {128: "xmm", 256: "ymm", 512: "zmm"}
_FIXED = {name + suffix: (n, bits)
          for n, name in enumerate(("a", "c", "d", "b"))
          for suffix, bits in (("l", 8), ("x", 16))}
_FIXED |= {p + n + "x": (_FIXED[n + "x"][0], b) for n in "acdb" for p, b in (("e", 32), ("r", 64))}
_SEGMENTS = {"es": 0, "cs": 1, "ss": 2, "ds": 3, "fs": 4, "gs": 5}
_STACK = {"st": 0, "st1": 1, "stp": 7}  # stp: what a push makes st
_BYTES = {"ib": 1, "iw": 2, "id": 4, "iq": 8, "cb": 1, "cw": 2, "cd": 4}


@dataclass(frozen=True, slots=True)
class Alternative:
    """One thing that a kind can be: a register, memory, or neither (imm)."""

    what: str  # reg rm mem imm uimm rel fixed moffs string one
    cls: str = ""
    names: str = ""
    width: int = 0
    mem: Mem | None = None
    fixed: int = -1


def gpr(what: str, bits: int, fixed: int = -1) -> Alternative:
    return Alternative(what, "gpr8" if bits == 8 else "gpr", f"gpr{bits}", bits, None, fixed)


def memory(bits: int) -> Alternative:
    return Alternative("mem", width=bits, mem=Mem(bits))


def vector(what: str, bits: int, fixed: int = -1) -> Alternative:
    return Alternative(what, "vec", VECTOR_NAMES[bits], bits, None, fixed)


_PLAIN = {"seg": ("seg", "seg", 16), "cr": ("cr", "cr", 64), "dr": ("dr", "dr", 64),
          "k": ("k", "k", 64), "mm": ("mmx", "mmx", 64), "sti": ("st", "st", 80)}


def _sized(o: OpDecl, text: str, default: int, what: str) -> int:
    """The number behind a kind, or the operand size (vector length)."""
    bits = int(text) if text else default
    if not bits:
        raise SpecError(o.span, f"'{o.kind}' needs {what}")
    return bits


def _vector_kind(o: OpDecl, vl: int) -> tuple[Alternative, ...]:
    if m := re.fullmatch(r"vm(32|64)([xyzv])", o.kind):
        bits = VECTOR.get(m[2]) or _sized(o, "", vl, "vl=")
        return (Alternative("mem", width=int(m[1]),
                            mem=Mem(int(m[1]), index=VECTOR_NAMES[bits])),)
    if o.kind in ("xr", "yr"):
        return (vector("rm", VECTOR[o.kind[0]]),)
    if m := re.fullmatch(r"([xyzv])(h)?(m)?(\d{1,4})?", o.kind):
        length = (VECTOR.get(m[1]) or _sized(o, "", vl, "vl="))
        part = length // 2 if m[2] else length
        reg = vector("rm" if m[3] else "reg", max(part, 128))
        if not m[3]:
            return (reg,)
        bits = int(m[4]) if m[4] else part
        return reg, memory(bits)
    return ()


def alternatives(o: OpDecl, sz: int, vl: int) -> tuple[Alternative, ...]:
    """What the operand can be at this operand size and vector length."""
    k = o.kind
    if m := re.fullmatch(r"r(8|16|32|64)?", k):
        return (gpr("reg", _sized(o, m[1], sz, "sz=")),)
    if m := re.fullmatch(r"rm(8|16|32|64)?(?:/m(\d{1,4}))?", k):
        bits = _sized(o, m[1], sz, "sz=")
        return gpr("rm", bits), memory(int(m[2] or bits))
    if m := re.fullmatch(r"rr(8|16|32|64)?", k):
        return (gpr("rm", _sized(o, m[1], sz, "sz=")),)
    if m := re.fullmatch(r"m(\d{1,4})?", k):
        return (memory(_sized(o, m[1], sz, "sz=")),)
    if k == "mem":
        return (Alternative("mem", width=64, mem=Mem(0)),)
    if m := re.fullmatch(r"(k|mm)m(\d{1,4})", k):
        cls, names, width = _PLAIN[m[1]]
        return Alternative("rm", cls, names, width), memory(int(m[2]))
    if k in _PLAIN:
        cls, names, width = _PLAIN[k]
        return (Alternative("rm" if k == "sti" else "reg", cls, names, width),)
    if k in _STACK:
        return (Alternative("fixed", "st", "st0" if k == "st" else "st", 80, None, _STACK[k]),)
    if k == "acc":
        return (gpr("fixed", _sized(o, "", sz, "sz="), 0),)
    if k in _FIXED:
        n, bits = _FIXED[k]
        return (gpr("fixed", bits, n),)
    if k in _SEGMENTS:
        return (Alternative("fixed", "seg", "seg", 16, None, _SEGMENTS[k]),)
    if k == "xmm0":
        return (vector("fixed", 128, 0),)
    if k == "1":
        return (Alternative("one", width=8, fixed=1),)
    if k in ("imm", "uimm", "rel"):
        return (Alternative(k),)
    if k == "moffs":
        return (Alternative(k, width=_sized(o, "", sz, "sz="), mem=Mem(sz)),)
    if k in ("si", "di"):
        bits = _sized(o, "", sz, "sz=")
        return (Alternative("string", width=bits,
                            mem=Mem(bits, base=6 if k == "si" else 7, seg=k == "si")),)
    found = _vector_kind(o, vl)
    if not found:
        raise SpecError(o.span, f"there is no kind of operand '{k}'")
    return found


def imm_bytes(word: str, sz: int, at: Span) -> int:
    """Bytes of an immediate; moffs: 0, the address size decides."""
    if word == "is4":
        return 1
    if word in _BYTES:
        return _BYTES[word]
    if word == "mo":
        return 0
    if not sz:
        raise SpecError(at, f"{word} needs sz=")
    return sz // 8 if word == "iv" else min(sz // 8, 4)


def _register_sources(enc: EncDecl, count: int, rm_free: bool, at: Span,
                      into_rm: bool) -> list[Src]:
    """Where plain register operands come from, in order."""
    if "r" in enc.plus:
        order = [Src.OPCODE]
    elif enc.slash == "r":
        order = [Src.REG]
    elif enc.slash and rm_free and enc.space == "legacy":
        order = []
    else:
        order = []
    if enc.space != "legacy":
        first = enc.nd == 1 or enc.slash != "r" or into_rm and count > 1
        order = [Src.VVVV, *order] if first else [*order, Src.VVVV]
    if "is4" in enc.imms:
        order.append(Src.IS4)
    if rm_free and enc.slash and count:
        at_end = count - 1 - ("is4" in enc.imms)
        order.insert(min(at_end, len(order)), Src.RM)
    if count > len(order):
        raise SpecError(at, f"{count} register operands, and the encoding has room for "
                            f"{len(order)}")
    return order[:count]


def _value(name: str, width: int, source: Src, at: Span, shown: bool = True,
           fixed: int = -1) -> XOperand:
    """An operand that is a small unsigned number."""
    return XOperand(name, name, "", "r", width, False, (), Syntax(SyntaxKind.INT), span=at,
                    source=source, shown=shown, fixed=fixed)


def build(line: Line, sz: int, chosen: list[Alternative], broadcast: bool,
          number: int) -> tuple[XOperand, ...]:
    """Operands of one form. chosen: an alternative for each operand."""
    enc = line.enc
    plain = [a for a in chosen if a.what == "reg"]
    rm_free = not any(a.what in ("rm", "mem") for a in chosen) and enc.modrm < 0
    into_rm = bool(chosen) and chosen[0].what == "rm"
    sources = iter(_register_sources(enc, len(plain), rm_free, line.span, into_rm))
    imms = [w for w in enc.imms if w != "is4"]
    memory_form = any(a.what == "mem" for a in chosen)
    low = memory_form or enc.space != "legacy"
    used = 0
    out: list[XOperand] = []
    names = operand_names(line)
    for o, a, name in zip(line.operands, chosen, names):
        nbytes = 0
        signed = False
        width, fixed, mem = a.width, a.fixed, a.mem
        match a.what:
            case "reg":
                source = next(sources)
            case "rm":
                source = Src.RM
            case "mem":
                source = Src.MEM
                if broadcast and o.broadcast:
                    mem = replace(mem, bits=o.broadcast, broadcast=mem.bits // o.broadcast)
            case "fixed" | "one":
                source = Src.FIXED
            case "string":
                source = Src.STRING
            case _:
                if used == len(imms):
                    raise SpecError(o.span, f"the encoding has no bytes for '{o.kind}'")
                nbytes = imm_bytes(imms[used], sz, line.span)
                source = {"rel": Src.REL, "moffs": Src.MOFFS}.get(
                    a.what, Src.IMM2 if used else Src.IMM)
                signed = a.what in ("imm", "rel")
                width = width or (sz if a.what == "imm" and sz > 8 * nbytes else 8 * nbytes)
                used += 1
        kind = SyntaxKind.REG if a.cls else SyntaxKind.INT
        x = XOperand(name, name, a.cls, o.access, width, signed, (), Syntax(kind, a.names),
                     span=o.span, source=source, mem=mem, names=a.names, shown=o.shown,
                     fixed=fixed, nbytes=nbytes)
        out.append(replace(x, place=place_of(x, low, memory_form, len(imms) > 1)))
        if o.mask:
            gathers = any(b.mem is not None and b.mem.index for b in chosen)
            out += _mask(o, low, memory_form, a.what == "mem", "rw" if gathers else "r")
    if used != len(imms):
        raise SpecError(line.span, f"the encoding has an immediate '{imms[used]}' and there is "
                                   "no operand for it")
    if "{cc}" in line.mnemonic:
        out.append(_value("cc", 8, Src.STATIC, line.span, shown=False, fixed=number))
    return tuple(out)


def _mask(o: OpDecl, low: bool, memory_form: bool, in_memory: bool,
          access: str) -> list[XOperand]:
    """Operands of {k} and {z}; nothing in memory is zeroed. access: a gather clears
    its mask."""
    reg = Syntax(SyntaxKind.REG, "k")
    mask = XOperand("mask", "mask", "k", access, 64, False, (), reg, span=o.span, source=Src.MASK,
                    names="k")
    zero = _value("zeroing", 1, Src.ZEROING, o.span)
    both = [mask] if o.mask == "k" or in_memory else [mask, zero]
    return [replace(x, place=place_of(x, low, memory_form, False)) for x in both]


def embedded(ops: tuple[XOperand, ...], kind: str, at: Span) -> tuple[XOperand, ...]:
    """With the operand of embedded rounding (er) or of none (sae), in front of
    immediates and of general registers that are read."""
    source, name, width = (Src.ROUND, "rounding", 2) if kind == "er" else (Src.SAE, "sae", 1)
    x = _value(name, width, source, at)
    x = replace(x, place=place_of(x, True, False, False))
    k = next((k for k, o in enumerate(ops) if o.source in (Src.IMM, Src.STATIC)
              or o.regclass == "gpr" and "w" not in o.access), len(ops))
    return (*ops[:k], x, *ops[k:])


def operand_names(line: Line) -> list[str]:
    """Names of the operands for bodies: dst, src or src1, src2, ..."""
    out = [o.name for o in line.operands]
    if out and not out[0] and "w" in line.operands[0].access:
        out[0] = "dst"
    rest = [k for k, name in enumerate(out) if not name]
    for n, k in enumerate(rest, 1):
        out[k] = f"src{n}" if len(rest) > 1 else "src"
    seen: set[str] = set()
    for name, o in zip(out, line.operands):
        if name in seen:
            raise SpecError(o.span, f"two operands are called {name}")
        seen.add(name)
    return out
