# SPDX-License-Identifier: MIT
"""Reading x86 opcode tables (spec/x86/*.opc).

    [FEATURE]                               of the lines below it
    MNEMONIC operand, ... | encoding | attributes

One line is all forms of an encoding: front.x86_expand takes it apart. The
notation of encodings is that of the vendors' manuals.

MNEMONIC  several, comma-separated, are a group: the first is number n = 0, an
          empty one leaves its number out. {cc}: one for each condition, n is
          its number. {s}: letter of the operand size; {q}: the same, none for
          16. {p}: a word for the immediate, see words. A/B: B is accepted too.
operand   [name=]KIND[:ACCESS][{k}|{kz}][/bELEMENT]; ACCESS r (default), w, rw.
          Without a name a first operand that is written is dst, others are
          src, or src1, src2 ... <KIND:ACCESS>: implied by the opcode.
KIND      r rm m imm uimm rel acc of the operand size; r8..r64, rm8.., m8..;
          rm32/m16: a register of 32 or memory of 16 bits;
          x y z xm32.. ym256 zm512 registers of 128 to 512 bits or memory,
          v vm of the vector length, vh vhm of half of it; xr yr: ModRM.rm; mm mmm64; k km8..;
          vm32x vm32y vm32z vm32v: memory with a vector index; mem: an address;
          st st1 stp sti; seg cr dr; al cl ax dx eax ...; 1; moffs; si di: string memory
encoding  [NP|66|F2|F3|NFx] [REX.W|REX.W0] bytes; byte+w +r +i +n +8n; a byte behind
          the opcode is a whole ModRM; /r /0../7 /n; ib iw id iq, iz of the
          operand size up to 4 bytes, iv up to 8; cb cz; mo; is4
          VEX.LENGTH.PREFIX.MAP.W, EVEX...: LENGTH 128 256 512 vl LIG LZ L1;
          W0 W1 WIG, or none where the operand size says it; EVEX .ND0 .ND1 .ZU
attribute sz=8,16,.. vl=128,..; lock rep repe; d64 f64: 64 bits by default, or
          always, in 64-bit mode; o64 no64: not in other modes, or not there;
          er sae: embedded rounding, exceptions; nf: may leave flags alone;
          apx=nd,nf: also promoted by APX, see x86_apx (`nonf MNEMONIC ...`: a
          line above, says which of a group have no nf);
          if=FEATURE; lacking=FEATURE: without it the bytes are what `over` is;
          over=MNEMONIC; star straight: AT&T's * and Intel's order of operands;
          pop pop2 free any control nowait mp mmx: of the x87, see front.x86_x87;
          evex: {evex} is printed; st1: sti may be left out and is
          st(1) then; anymod: ModRM.mod is ignored; att=NAME, or one
          for each number of a group:
          AT&T's name, * for Intel's; the operand size's letter is added, unless
          NAME has it at {s}, or for memory at {m}, or NAME ends in -
          words=NAME: of a line `words NAME = eq lt ...`, which stands above: the
          immediate's values in words, printed at {p}
"""
from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field, replace

from gen.front.text import Source, integer
from gen.model.encoding import Span
from gen.support.errors import Errors, SpecError

CONDITIONS = ("o", "no", "b/c/nae", "ae/nc/nb", "e/z", "ne/nz", "be/na", "a/nbe",
              "s", "ns", "p/pe", "np/po", "l/nge", "ge/nl", "le/ng", "g/nle")


@dataclass(frozen=True, slots=True)
class OpDecl:
    """An operand as written."""

    name: str  # "" none
    kind: str
    access: str
    mask: str  # "" k kz
    broadcast: int  # bits of an element, 0 none
    shown: bool
    span: Span


@dataclass(slots=True)
class EncDecl:
    """The middle part of a line, taken apart."""

    space: str = "legacy"
    pp: str = ""  # NP 66 F2 F3 NFx, "" not said
    w: str = ""  # 0 1 WIG, "" not said
    length: str = ""  # 0 1 2 vl LIG
    map: int = 0
    opcode: int = -1
    plus: set[str] = field(default_factory=set)  # w r i n 8n
    modrm: int = -1  # a whole ModRM byte
    slash: str = ""  # r, a digit, n
    imms: list[str] = field(default_factory=list)
    nd: int = -1  # is the first register operand a new destination, in vvvv
    b: int = 0  # EVEX.b says ND or ZU


@dataclass(frozen=True, slots=True)
class Line:
    """One line; names[n]: mnemonics with their aliases, () leaves n out."""

    mnemonic: str
    names: tuple[tuple[str, ...], ...]
    operands: tuple[OpDecl, ...]
    enc: EncDecl
    attrs: dict[str, str]
    feature: str
    span: Span
    words: tuple[str, ...] = ()
    nonf: frozenset[str] = frozenset()  # mnemonics that have no nf


_NAME = re.compile(r"[A-Z][A-Z0-9]*(\{(cc|s|q|p)\})?[A-Z0-9]*(/[A-Z0-9]+)*$")
_OPERAND = re.compile(r"(?:([a-z]\w*)=)?([a-z0-9][a-z0-9/]*?)(?:/b(16|32|64))?"
                      r"(?::(r|w|rw|n))?(?:\{(k|kz)\})?$")
_BYTE = re.compile(r"([0-9A-F]{2})((?:\+(?:w|r|i|n|8n))*)$")
_IMM = re.compile(r"(ib|iw|id|iq|iz|iv|cb|cw|cd|cz|mo|is4)$")
_MAPS = {"0F": 1, "0F38": 2, "0F3A": 3, **{f"MAP{n}": n for n in range(1, 8)}}
_LENGTHS = {"128": "0", "256": "1", "512": "2", "LZ": "0", "L0": "0", "L1": "1", "LIG": "LIG",
            "vl": "vl"}
_FLAGS = ("lock", "rep", "repe", "d64", "f64", "o64", "no64", "er", "sae", "nf", "star",
          "straight", "evex", "anymod", "pop", "pop2", "free", "any", "control", "nowait", "mp",
          "mmx", "st1")
_VALUES = ("sz", "vl", "if", "lacking", "over", "att", "words", "apx")


def _pieces(text: str, separator: str, at: Span) -> list[tuple[str, Span]]:
    """Parts of a text, stripped, and where each begins."""
    out = []
    pos = 0
    for part in text.split(separator):
        lead = len(part) - len(part.lstrip())
        out.append((part.strip(), Span(at.file, at.line, at.col + pos + lead)))
        pos += len(part) + len(separator)
    return out


def _words(text: str, at: Span) -> list[tuple[str, Span]]:
    return [(m[0], Span(at.file, at.line, at.col + m.start()))
            for m in re.finditer(r"\S+", text)]


def _mnemonics(text: str, at: Span) -> tuple[tuple[str, ...], ...]:
    out: list[tuple[str, ...]] = []
    for part, where in _pieces(text, ",", at):
        if not part:
            out.append(())
            continue
        if not _NAME.match(part):
            raise SpecError(where, f"expected a mnemonic in capitals, found '{part[:40]}'")
        if "{cc}" in part:
            if len(text.split(",")) > 1:
                raise SpecError(where, "{cc} is a group already")
            stem, tail = part.split("{cc}")
            return tuple(tuple(stem + c.upper() + tail for c in cc.split("/"))
                         for cc in CONDITIONS)
        out.append(tuple(part.split("/")))
    return tuple(out)


def _operand(text: str, at: Span) -> OpDecl:
    shown = True
    if text.startswith("<") and text.endswith(">"):
        shown, text = False, text[1:-1]
    m = _OPERAND.match(text)
    if not m:
        raise SpecError(at, f"expected [NAME=]KIND[:ACCESS], found '{text[:40]}'")
    return OpDecl(m[1] or "", m[2], (m[4] or "r").replace("n", ""), m[5] or "", int(m[3] or 0),
                  shown, at)


def _vector(text: str, enc: EncDecl, at: Span) -> None:
    """VEX.vl.66.0F38.W0"""
    space, *parts = text.split(".")
    enc.space = space.lower()
    for part in parts:
        if part in _LENGTHS and not enc.length:
            enc.length = _LENGTHS[part]
        elif part in ("NP", "66", "F2", "F3") and not enc.pp:
            enc.pp = part
        elif part in _MAPS and not enc.map:
            enc.map = _MAPS[part]
        elif part in ("W0", "W1", "WIG") and not enc.w:
            enc.w = part.removeprefix("W") if part != "WIG" else part
        elif part in ("ND0", "ND1", "ZU") and enc.nd < 0:
            enc.nd, enc.b = (1, 1) if part == "ND1" else (0, int(part == "ZU"))
        else:
            raise SpecError(at, f"'{part[:20]}' is no part of {space}, or stands there twice")
    if not enc.map or not enc.length:
        raise SpecError(at, f"{space} needs a length and a map")


def _byte(word: str, m: re.Match[str], enc: EncDecl, at: Span) -> None:
    value, plus = int(m[1], 16), set(filter(None, m[2].split("+")))
    if enc.opcode < 0 and enc.space == "legacy" and not enc.plus:
        escape = {(0, 0x0F): 1, (1, 0x38): 2, (1, 0x3A): 3}.get((enc.map, value))
        if escape and not plus:
            enc.map = escape
            return
    if enc.opcode < 0:
        enc.opcode, enc.plus = value, plus
    elif enc.modrm < 0 and not enc.slash and value >= 0xC0:
        enc.modrm, enc.plus = value, enc.plus | plus
    else:
        raise SpecError(at, f"'{word}' is one byte too many; a whole ModRM is C0 or above")


def _encoding(text: str, at: Span) -> EncDecl:
    enc = EncDecl()
    for word, where in _words(text, at):
        byte = _BYTE.match(word)
        if word in ("NP", "NFx", "66", "F2", "F3") and enc.opcode < 0 and not enc.map:
            if enc.pp:
                raise SpecError(where, "a second mandatory prefix")
            enc.pp = word
        elif word in ("REX.W", "REX.W0") and enc.opcode < 0 and not enc.w:
            enc.w = "0" if word.endswith("0") else "1"
        elif word.startswith(("VEX.", "EVEX.")) and enc.opcode < 0 and not enc.pp:
            _vector(word, enc, where)
        elif byte:
            _byte(word, byte, enc, where)
        elif re.fullmatch(r"/[0-7rn]", word) and not enc.slash and enc.opcode >= 0:
            enc.slash = word[1]
        elif _IMM.match(word) and enc.opcode >= 0 and len(enc.imms) < 2:
            enc.imms.append(word)
        else:
            raise SpecError(where, f"'{word[:40]}' is not understood here")
    if enc.opcode < 0:
        raise SpecError(at, "there is no opcode")
    return enc


def _attributes(text: str, at: Span) -> dict[str, str]:
    out: dict[str, str] = {}
    for word, where in _words(text, at):
        key, eq, value = word.partition("=")
        if key not in (_VALUES if eq else _FLAGS):
            near = difflib.get_close_matches(key, _FLAGS + _VALUES, 1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            raise SpecError(where, f"'{word[:40]}' is no attribute{hint}")
        if key in out:
            raise SpecError(where, f"{key} stands here twice")
        out[key] = value
    return out


def sizes(attrs: dict[str, str], key: str, allowed: tuple[int, ...], at: Span) -> tuple[int, ...]:
    """The numbers of sz= or vl=."""
    if key not in attrs:
        return ()
    out = tuple(integer(x, at) for x in attrs[key].split(","))
    if any(x not in allowed for x in out) or len(set(out)) != len(out):
        raise SpecError(at, f"{key} is some of {', '.join(map(str, allowed))}")
    return out


def _words_line(text: str, words: dict[str, tuple[str, ...]], at: Span) -> None:
    _, name, equals, *values = [*text.split(), "", "", ""][:max(len(text.split()), 3)]
    if not re.fullmatch(r"[a-z]\w*", name) or equals != "=" or name in words or not values \
            or not all(re.fullmatch(r"[a-z_]+", v) for v in values):
        raise SpecError(at, "expected words NAME = WORD ..., NAME only once")
    words[name] = tuple(values)


def _line(text: str, feature: str, words: dict[str, tuple[str, ...]], at: Span) -> Line:
    parts = _pieces(text, "|", at)
    if len(parts) not in (2, 3):
        raise SpecError(at, "expected MNEMONIC operands | encoding [| attributes]")
    head, where = parts[0]
    mnemonic, _, rest = head.partition(" ")
    if not mnemonic:
        raise SpecError(where, "expected a mnemonic")
    names = _mnemonics(mnemonic, where)
    behind = Span(at.file, at.line, where.col + len(head) - len(rest))
    operands = tuple(_operand(*p) for p in _pieces(rest, ",", behind)) if rest.strip() else ()
    attrs = _attributes(*parts[2]) if len(parts) == 3 else {}
    if not feature and "if" not in attrs:
        raise SpecError(at, "a [FEATURE] must stand above")
    if ("words" in attrs) != ("{p}" in mnemonic) or attrs.get("words", "") not in ("", *words):
        raise SpecError(at, "{p} and words=NAME, defined above, belong together")
    return Line(mnemonic, names, operands, _encoding(*parts[1]), attrs, attrs.get("if", feature),
                where, words.get(attrs.get("words", ""), ()))


def read_lines(source: Source, errors: Errors) -> list[Line]:
    """All lines of a table; what is wrong goes to errors."""
    out: list[Line] = []
    feature = ""
    words: dict[str, tuple[str, ...]] = {}
    nonf: frozenset[str] = frozenset()
    for number, raw in enumerate(source.lines(), 1):
        text = raw.split("#", 1)[0].rstrip()
        if not text.strip():
            continue
        at = Span(source.shown, number)
        try:
            section = re.fullmatch(r"\[([A-Z0-9_.]+)\]", text.strip())
            if section:
                feature = section[1]
            elif text.startswith("words "):
                _words_line(text, words, at)
            elif text.startswith("nonf "):
                nonf |= {m[0] for name in text.split()[1:] for m in _mnemonics(name, at)}
            else:
                out.append(replace(_line(text, feature, words, at), nonf=nonf))
        except SpecError as e:
            errors.take(e)
    return out
