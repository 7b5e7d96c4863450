# SPDX-License-Identifier: MIT
"""An entry of the guide beside our own meaning of the instruction that it names.

Both are executed in Python on the same inputs. What has to be found out first is
which encoding the entry means (its mnemonic, and the form: "xmm {k}, xmm, m128"),
and which operand each parameter is.
"""
from __future__ import annotations

import random
import re
from dataclasses import dataclass

from gen.front import intel_nodes as n
from gen.front.intel_entry import elements, evaluate, is_pointer, vector, width_of
from gen.front.intel_eval import Memory
from gen.front.x86_simd import named_operands
from gen.front.intel_xml import Form, Intrinsic, Parameter
from gen.model import ieee
from gen.model.checked import Isa, Meaning
from gen.model.encoding import Insn
from gen.model.execute import Fault, State, execute
from gen.model.prefixed import Prefixed, Space, Src, XOperand
from gen.model.sem import Native

BASE = 1 << 20  # of memory, in bits; operands point to its middle
BYTES = 2048
MIDDLE = BYTES // 4
VECTOR_BYTES = {"vec": 64, "mmx": 16}  # of a register, by class
_DIRECTIONS = (ieee.RNE, ieee.RDN, ieee.RUP, ieee.RTZ)  # as MXCSR and EVEX number them
# the relation that COMISS and its like leave in ZF PF CF, by the entry's name
_RELATIONS = {"eq": lambda z, p, c: z and not p, "lt": lambda z, p, c: c and not p,
              "le": lambda z, p, c: (c or z) and not p, "gt": lambda z, p, c: not c and not z,
              "ge": lambda z, p, c: not c, "neq": lambda z, p, c: not z or p}
# comparisons whose predicate the entry's name has
_PREDICATES = {"eq": 0, "lt": 1, "le": 2, "unord": 3, "neq": 4, "nlt": 5, "nle": 6, "ord": 7}


class NoMatch(Exception):
    """The entry and our instruction cannot be brought together; why."""


def place_name(o: XOperand) -> str:
    """An operand as forms write it."""
    if o.mem is not None:
        return f"vm32{'xyz'[('xmm', 'ymm', 'zmm').index(o.mem.index)]}" if o.mem.index else \
            f"m{o.mem.bits}"
    if o.source in (Src.IMM, Src.IMM2):
        return "imm8"
    return {"gpr32": "r32", "gpr64": "r64", "mmx": "mm"}.get(o.names, o.names)


def signature(insn: Insn) -> tuple[str, ...]:
    return tuple(place_name(o) for o in named_operands(insn))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A form taken apart."""

    places: tuple[str, ...]
    mask: str  # "" k z
    rounding: str  # "" er sae


def wanted(form: str) -> Wanted:
    mask = "z" if "{z}" in form else "k" if "{k}" in form else ""
    rounding = "er" if "{er}" in form else "sae" if "{sae}" in form else ""
    bare = re.sub(r"\{\w+\}", "", form)
    return Wanted(tuple(x.strip() for x in bare.split(",")), mask, rounding)


class Finder:
    """Our meanings by mnemonic."""

    def __init__(self, isa: Isa) -> None:
        self.by_name: dict[str, list[Meaning]] = {}
        for m in isa.meanings:
            enc = m.insn.encoding
            if isinstance(enc, Prefixed) and not any(isinstance(s, Native) for s in m.sem.body):
                name = enc.mnemonic.split("/")[0].replace("{p}", "")
                self.by_name.setdefault(name, []).append(m)

    def find(self, form: Form, evex: bool) -> Meaning | None:
        """The encoding that a form means; evex: of those that AVX-512 brought."""
        want = wanted(form.form)
        for m in self.by_name.get(form.name, ()):
            enc: Prefixed = m.insn.encoding
            sources = {o.source for o in m.insn.operands}
            if (enc.space is Space.EVEX) != (evex or bool(want.mask)):
                continue
            if signature(m.insn) != want.places or enc.lock or enc.rep:
                continue
            quiet = enc.space is Space.EVEX and enc.b == 1 and not enc.memory
            if want.mask == "z" and Src.ZEROING not in sources \
                    or want.mask == "k" and Src.MASK not in sources:
                continue
            if (Src.ROUND in sources) != (want.rounding == "er") \
                    or quiet != (want.rounding != ""):
                continue
            if any(o.mem is not None and o.mem.broadcast for o in m.insn.operands):
                continue
            return m
        return None


def is_imm(p: Parameter) -> bool:
    return p.etype == "IMM" or p.type.endswith("_ENUM") or p.type == "const int"


@dataclass(slots=True)
class Binding:
    """Which operand each parameter is."""

    operands: dict[str, XOperand]  # by parameter
    fixed: dict[str, int]  # values of operands that no parameter gives
    mask: str = ""  # parameters
    initial: str = ""  # what the destination holds before
    rounding: str = ""
    scale: str = ""
    index: str = ""
    ones: str = ""  # an operand that is all ones


def bind(e: Intrinsic, m: Meaning, form: Form) -> Binding:
    """NoMatch: the parameters do not fit."""
    if e.attrs.get("sequence", "").upper() == "TRUE":
        raise NoMatch("several instructions")
    want = wanted(form.form)
    ops = named_operands(m.insn)
    b = Binding({}, {})
    params = list(e.params)
    for p in list(params):
        if p.type.startswith("__mmask") and want.mask and p.name.startswith("k"):
            b.mask = p.name
        elif p.name in ("rounding", "sae"):
            b.rounding = p.name
        elif p.name == "scale":
            b.scale = p.name
        elif p.name in ("src", "__W") and want.mask == "k":
            b.initial = p.name
        else:
            continue
        params.remove(p)
    dst = ops[0] if "w" in ops[0].access else None
    sources = ops[1:] if dst is not None else list(ops)
    if dst is not None and dst.mem is not None:
        sources = [dst, *sources]
        if any("index" in p.name for p in params):
            raise NoMatch("scatters are not compared")
    elif dst is not None and "r" in dst.access and not any(o.mem and o.mem.index for o in ops):
        if form.name.startswith("VF") and "231" in form.name:
            if want.mask == "k" and e.name.find("mask3") < 0:
                raise NoMatch("the form that merges into another operand is meant")
            if len(params) != 3:
                raise NoMatch("expected three factors")
            b.initial = params.pop(2).name
        elif m.insn.encoding.space is Space.LEGACY and params:
            if is_pointer(params[0]):
                raise NoMatch("a second result goes to memory")
            b.initial = params.pop(0).name
    if any(o.mem is not None and o.mem.index for o in sources):
        return gather(b, params, sources)
    predicate = re.fullmatch(r"_mm\d*_(?:mask_)?cmp(\w+?)_p[sd]_mask", e.name)
    if predicate and predicate[1] in _PREDICATES and len(params) == len(sources) - 1:
        b.fixed[sources[-1].name] = _PREDICATES[predicate[1]]
        sources = sources[:-1]
    if len(params) != len(sources):
        raise NoMatch(f"{len(params)} parameters are left for {len(sources)} operands")
    for p, o in zip(params, sources):
        if is_pointer(p) != (o.mem is not None) or is_imm(p) != (o.source in (Src.IMM, Src.IMM2)):
            raise NoMatch(f"'{p.name}' is no {place_name(o)}")
        width = width_of(p)
        if o.mem is None and not is_imm(p) and width is not None and o.width < width:
            raise NoMatch(f"'{p.name}' has {width} bits, the operand {o.width}")
        b.operands[p.name] = o
    return b


def gather(b: Binding, params: list[Parameter], sources: list[XOperand]) -> Binding:
    names = {p.name: p for p in params}
    base = next((x for x in names if "base" in x), None)
    index = next((x for x in names if "index" in x), None)
    rest = set(names) - {base, index}
    if base is None or index is None or rest - {"src", "mask"} \
            or "mask" in rest and len(sources) != 2:
        raise NoMatch("expected a base address and a vector of indexes")
    b.operands[base] = sources[0]
    b.index = index
    if rest:  # AVX2's: the mask is a vector
        b.initial = b.initial or "src"
        b.operands["mask"] = sources[1]
    elif len(sources) == 2:
        b.ones = sources[1].name
    return b


def inputs(e: Intrinsic, b: Binding, rng: random.Random) -> dict[str, int]:
    """Random values of all parameters."""
    out: dict[str, int] = {}
    for p in e.params:
        width = width_of(p) or 0
        if is_pointer(p):
            out[p.name] = BASE + 8 * MIDDLE
        elif p.name == b.rounding:
            out[p.name] = 8 | rng.randrange(4) if p.name == "rounding" else 8
        elif p.name == b.scale:
            out[p.name] = rng.choice((1, 2, 4, 8))
        elif p.name == b.index:
            out[p.name] = sum((rng.randrange(-16, 16) % (1 << 32)) << k
                              for k in range(0, width, 32))
        elif is_imm(p):
            out[p.name] = rng.getrandbits(p.immwidth or (3 if p.type.startswith("_MM") else 5))
        else:
            out[p.name] = vector(rng, elements(p), width)
    return out


class Machine:
    """State and memory of one execution of ours."""

    def __init__(self, isa: Isa, m: Meaning, memory: int) -> None:
        self.isa, self.m = isa, m
        self.bytes = bytearray(memory.to_bytes(BYTES, "little"))
        self.env = ieee.sse()
        self.vectors = {cls: bytearray(32 * n) for cls, n in VECTOR_BYTES.items()}
        self.regs = {"gpr": [0] * 32, "k": [0] * 8}
        self.words: dict[str, int] = {}
        self.decoded = {"SCALE": 0, "VINDEX": 31}
        self.scale = 0

    def at(self, address: int, size: int) -> int:
        if not 0 <= address <= BYTES - size:
            raise Fault("PF", address)
        return address

    def load(self, address: int, size: int) -> int:
        k = self.at(address, size)
        return int.from_bytes(self.bytes[k:k + size], "little")

    def store(self, address: int, size: int, value: int) -> None:
        k = self.at(address, size)
        self.bytes[k:k + size] = value.to_bytes(size, "little")

    def address(self, operand: str, part: str, plus: int) -> int:
        return (MIDDLE + plus) % (1 << 64)

    def put(self, number: int, value: int, cls: str = "vec") -> None:
        size = VECTOR_BYTES[cls]
        k = number * size
        self.vectors[cls][k:k + size] = value.to_bytes(size, "little")

    def get(self, number: int, cls: str) -> int:
        size = VECTOR_BYTES[cls]
        k = number * size
        return int.from_bytes(self.vectors[cls][k:k + size], "little")

    def state(self) -> State:
        hooks = {"FpEnd": lambda flags: None,
                 "ProbeWrite": lambda a, size: self.at(a, size) and None,
                 "ProbeAligned": lambda a, size: None,
                 "ProbeMasked": lambda a, b, k: self.at(a, b - a + 1) and None}
        flags = {f: 0 for f in ("CF", "PF", "AF", "ZF", "SF", "OF", "DF", "CR0", "FSW", "FTW")}
        return State(0, self.regs, self.load, self.store, lambda a, s: None, scalars=flags,
                     vectors={c: (v, VECTOR_BYTES[c]) for c, v in self.vectors.items()},
                     fpenvs=dict.fromkeys(self.isa.info.fpenvs, self.env), hooks=hooks,
                     address=self.address, decoded=self.decoded)


def ours(isa: Isa, e: Intrinsic, m: Meaning, b: Binding, values: dict[str, int],
         memory: int, old: int) -> tuple[int | None, int]:
    """Our result and memory. old: what the destination holds above."""
    x = Machine(isa, m, memory)
    number = 1
    first = named_operands(m.insn)[0]
    dst = first if "w" in first.access and first.mem is None else None
    for o in m.insn.operands:
        match o.source:
            case Src.MASK:
                x.words[o.name] = 7 if b.mask or b.index else 0
                x.regs["k"][7] = values.get(b.mask, (1 << 64) - 1)
            case Src.ZEROING:
                x.words[o.name] = int("_maskz_" in e.name)
            case Src.ROUND:
                x.words[o.name] = values.get(b.rounding, 8) & 3
            case _:
                x.words[o.name] = b.fixed.get(o.name, number if o.regclass else 0)
                number += bool(o.regclass)
    if b.index:
        x.put(31, values[b.index])
        x.decoded["SCALE"] = values[b.scale].bit_length() - 1 if b.scale else 0
    for name, o in b.operands.items():
        if o.source in (Src.IMM, Src.IMM2):
            x.words[o.name] = values[name] & 255
        elif o.regclass in VECTOR_BYTES:
            x.put(x.words[o.name], values[name], o.regclass)
        elif o.regclass:
            x.regs[o.regclass][x.words[o.name]] = values[name]
    if b.ones:
        x.put(x.words[b.ones], (1 << 8 * VECTOR_BYTES["vec"]) - 1)
    if dst is not None and b.initial and dst.regclass in x.regs:
        x.regs[dst.regclass][x.words[dst.name]] = values[b.initial]
    if dst is not None and dst.regclass in VECTOR_BYTES:
        low = values.get(b.initial, 0)
        old &= (1 << 8 * VECTOR_BYTES[dst.regclass]) - 1
        x.put(x.words[dst.name], low | old >> dst.width << dst.width, dst.regclass)
    state = x.state()
    execute(isa, m, x.words, state, length=0)
    after = int.from_bytes(x.bytes, "little")
    width = width_of(e.result)
    if width is None:
        return None, after
    mask = (1 << width) - 1
    if dst is None:
        relation = re.fullmatch(r"_mm_u?comi(\w+?)_s[sdh]", e.name)
        if not relation or relation[1] not in _RELATIONS:
            raise NoMatch("the result is in flags")
        s = state.scalars
        return int(_RELATIONS[relation[1]](s["ZF"], s["PF"], s["CF"])), after
    if dst.regclass not in VECTOR_BYTES:
        return x.regs[dst.regclass][x.words[dst.name]] & mask, after
    full = x.get(x.words[dst.name], dst.regclass)
    above = full >> dst.width
    keeps = old >> dst.width if m.insn.encoding.space is Space.LEGACY else 0
    if dst.regclass == "mmx":
        keeps |= 0xFFFF
    if above != keeps:
        raise NoMatch("bits above the destination are wrong")
    return full & mask, after


@dataclass(frozen=True, slots=True)
class Difference:
    values: dict[str, int]
    theirs: int | None
    ours: int | None
    memory: bool  # memory differs as well


def compare(isa: Isa, e: Intrinsic, body: tuple[n.Stmt, ...], m: Meaning, form: Form,
            rounds: int) -> Difference | None:
    """Runs both. NoMatch, intel_values.EvalError: they cannot be compared."""
    b = bind(e, m, form)
    rng = random.Random(e.name + form.name)
    for _ in range(rounds):
        values = inputs(e, b, rng)
        memory = rng.getrandbits(8 * BYTES)
        env = ieee.sse(_DIRECTIONS[values.get(b.rounding, 8) & 3])
        store = Memory(memory, 8 * BYTES, BASE)
        theirs = evaluate(e, body, dict(values), store, env)
        try:
            result, after = ours(isa, e, m, b, values, memory, rng.getrandbits(512))
        except Fault as x:
            raise NoMatch(f"our meaning raises {x.exc}") from None
        if result != theirs.result or after != theirs.memory:
            return Difference(values, theirs.result, result, after != theirs.memory)
    return None
