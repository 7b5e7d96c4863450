# SPDX-License-Identifier: MIT
"""One encoding of an instruction file becomes its specialisations.

An attempt runs the decode and execute sections with some bits of the word
known. Where a decision needs more of them it is given up, and each value of
these bits is tried. So it is the pseudocode that says which fields are static.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import Callable

from aslparser import ast as A

from gen.front.asl.fold import Need, Trouble, Undefined
from gen.front.asl.prune import prune
from gen.front.asl.statements import Ended, Statements
from gen.front.asl.values import (Bool, Dyn, FieldBits, FieldInt, Int, NextRegister, Val, Vec,
                                  describe, pack, shape, type_of)
from gen.model.encoding import BitSrc, Constraint, Encoding, Field, Span
from gen.model.isa import IsaInfo
from gen.model.opfuncs import OpFunc
from gen.model.sem import BOOL, Bits

MAX_SPECIAL = 4096  # of one encoding


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """X[n, width] is a register of the class; SP[] has a fixed number."""

    name: str
    regclass: str
    fixed: int  # -1: none


@dataclass(slots=True)
class Library:
    """Everything that instruction files may name."""

    info: IsaInfo
    functions: dict[tuple[str, int], A.FuncDecl] = field(default_factory=dict)
    symbols: set[str] = field(default_factory=set)
    files: dict[str, RegisterFile] = field(default_factory=dict)
    parts: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)  # fields that are register numbers
    dynamic: set[str] = field(default_factory=set)  # fields that no specialisation is for
    when: str = ""  # function: what an instruction executes under
    behind: list["Behind"] = field(default_factory=list)
    plain: set[str] = field(default_factory=set)  # instructions without these
    arrays: dict[str, str] = field(default_factory=dict)  # ZA[k]: the class


@dataclass(frozen=True, slots=True)
class Behind:
    """The scalar has the function's value behind instructions of the feature, ""
    all, that do not write it themselves; it is of the state before them."""

    scalar: str
    function: str
    feature: str


@dataclass(slots=True)
class Use:
    """An operand that the body asks for. names: how a register is printed."""

    name: str
    token: str
    bits: tuple[BitSrc, ...]
    regclass: str = ""
    access: str = ""
    names: str = ""
    width: int = 8
    signed: bool = False
    function: str = ""  # of model.opfuncs


@dataclass(frozen=True, slots=True)
class Special:
    """A specialisation: its encoding, what its body asks for, the body."""

    encoding: Encoding
    source: A.Encoding
    known: dict[int, int]
    uses: tuple[Use, ...]
    body: tuple[A.Stmt, ...]


def span(node: A.Node) -> Span:
    return Span(node.span.file, node.span.line, node.span.col)


class Attempt(Statements):
    """One run with some bits known."""

    def __init__(self, lib: Library, enc: A.Encoding, known: dict[int, int]) -> None:
        super().__init__()
        self.lib, self.known = lib, known
        self.functions, self.symbols = lib.functions, frozenset(lib.symbols)
        self.fpenvs = lib.info.fpenvs
        self.parts, self.arrays = lib.parts, lib.arrays
        self.scalar_files = {n for n, f in lib.files.items()
                             if not lib.info.classes[f.regclass].vector}
        info = lib.info
        self.hooks, self.exceptions, self.bits = info.hooks, info.exceptions, info.bits
        self.scalars = {n: s.width for n, s in info.scalars.items()}
        self.fields = {f.name: f for f in enc.fields}
        self.registers = frozenset(b for f in enc.fields if f.name in lib.numbers
                                   for b in range(f.lo, f.lo + f.width))
        self.never = self.registers | frozenset(
            b for f in enc.fields if f.name in lib.dynamic for b in range(f.lo, f.lo + f.width))
        self.accesses = frozenset(info.accesses)
        self.uses: dict[tuple, Use] = {}
        self.constraints: list[Constraint] = []
        self.deciding = False  # whether the word is this encoding

    # ---- fields and operands -----------------------------------------------

    def word_field(self, name: str) -> Val | None:
        f = self.fields.get(name)
        if f is None:
            return None
        return pack([BitSrc(1, const=self.known[b]) if b in self.known else BitSrc(1, b)
                     for b in reversed(range(f.lo, f.lo + f.width))])

    def called(self, bits: tuple[BitSrc, ...]) -> str:
        """A name for these bits: the field that they are, or the fields in them."""
        names = []
        for b in bits:
            names += [f.name for f in self.fields.values() if not b.is_const
                      and f.lo < b.lo + b.width and b.lo < f.lo + f.width and f.name not in names]
        return "_".join(names) or f"r{bits[0].const}"

    def unique(self, base: str) -> str:
        taken = {u.name for u in self.uses.values()}
        name, k = base, 1
        while name in taken:
            k += 1
            name = f"{base}_{k}"
        return name

    def value(self, bits: tuple[BitSrc, ...], signed: bool, width: int) -> str:
        key = ("value", bits, signed, width)
        if key not in self.uses:
            base = self.called(bits)
            self.uses[key] = Use(self.unique(base), base, bits, width=width, signed=signed)
        return self.uses[key].name

    def operand(self, v: FieldBits, at: A.Node) -> A.Expr:
        if v.width > 64:
            raise Trouble(at, f"an operand of {v.width} bits")
        bits, signed = shape(v)
        name = A.Name(at.span, self.value(bits, signed, v.width))
        return A.Call(at.span, "ZeroExtend", (name, A.IntLit(at.span, v.width)))

    def computed(self, f: OpFunc, v: FieldBits, at: A.Node) -> Val:
        """An operand that is computed when the instruction is decoded."""
        if v.width != f.raw:
            raise Trouble(at, f"{f.name} takes {f.raw} bits, not {v.width}")
        key = (f.name, v.bits)
        if key not in self.uses:
            base = self.called(v.bits)
            self.uses[key] = Use(self.unique(base), base, v.bits, width=f.width, function=f.name)
        name = A.Name(at.span, self.uses[key].name)
        return Dyn(A.Call(at.span, "ZeroExtend", (name, A.IntLit(at.span, f.width))),
                   Bits(f.width), v.word, v.word)

    def number(self, v: FieldBits, at: A.Node) -> A.Expr | None:
        if v.word <= self.registers and len(v.bits) == 1:
            use = self.register("", v.bits, "")
            return A.Call(at.span, "RegisterNumber", (A.Name(at.span, use.name),))
        bits, _ = shape(v)
        if len(bits) == 1 and bits[0].width > 16:
            return None
        return A.Name(at.span, self.value(bits, False, min(64, max(8, v.width))))

    # ---- registers ---------------------------------------------------------

    def register(self, cls: str, bits: tuple[BitSrc, ...], access: str) -> Use:
        """The operand: one for reading, which may also be asked for its number,
        and one for writing. The class may be known later."""
        write = access == "w"
        if cls and self.lib.info.classes[cls].vector:
            return self.vector_register(cls, bits, access)
        old = self.uses.get(("register", bits, write))
        if old is not None and (not cls or old.regclass in ("", cls)):
            old.regclass, old.access = cls or old.regclass, access or old.access
            return old
        key = ("register", bits, write) if old is None else ("register", bits, write, cls)
        if key not in self.uses:
            base = self.called(bits)
            name = self.unique(base + "_w" * write)
            self.uses[key] = Use(name, base, bits, cls, access)
        return self.uses[key]

    def vector_register(self, cls: str, bits: tuple[BitSrc, ...], access: str) -> Use:
        """A vector is a place: one operand for reading and writing."""
        use = self.uses.get(("register", bits, False))
        if use is None:
            base = self.called(bits)
            use = self.uses["register", bits, False] = Use(self.unique(base), base, bits, cls)
        use.regclass, use.access = cls, "".join(sorted({*use.access, access}))
        return use

    def register_at(self, e: A.Index, args: list[Val], access: str
                    ) -> tuple[Use, int, int, int] | None:
        """The operand, the width that is asked for and that of the class, and how
        many registers further than the operand it is."""
        file = self.lib.files.get(e.base.name)
        if file is None:
            return None
        cls = self.lib.info.classes[file.regclass]
        if file.fixed >= 0:
            args = [Int(file.fixed), *args]
        if not 1 <= len(args) <= 2:
            raise Trouble(e, f"{file.name} takes a number and a width")
        more = 0
        match args[0]:
            case Int(value=n) if not 0 <= n < 32:
                raise Trouble(e, f"there is no register {n} of {file.name}")
            case Int(value=n):
                bits: tuple[BitSrc, ...] = (BitSrc(5, const=n),)
            case FieldInt(of=f, signed=False):
                bits = f.bits
            case NextRegister(of=f, plus=more):
                bits = f.bits
            case _:
                raise Trouble(e, f"the number of a register of {file.name} must be fields")
        width = cls.width
        if len(args) == 2:
            if not isinstance(args[1], Int):
                raise Trouble(e, "the width of a register must be known")
            width = args[1].value
        return self.register(cls.name, bits, access), width, cls.width, more

    def view(self, use: Use, width: int, whole: int, more: int,
             e: A.Index) -> tuple[A.Expr, int]:
        """The register, or the narrowest view of it that has the width."""
        name: A.Expr = A.Name(e.span, use.name)
        if more:
            name = A.Binary(e.span, "+", name, A.IntLit(e.span, more))
        vector = self.lib.info.classes[use.regclass].vector
        fit = sorted((v.width, v.name) for v in self.lib.info.views.values()
                     if v.regclass == use.regclass and width <= v.width
                     and (v.width < whole or vector))
        use.names = use.names or (fit[0][1] if fit else use.regclass)
        if not fit:
            if width > whole:
                raise Trouble(e, f"{width} bits of a register of {whole}")
            return name, whole
        return A.Index(e.span, A.Name(e.span, fit[0][1]), (name,)), fit[0][0]

    def read_register(self, e: A.Index, args: list[Val]) -> Val | None:
        found = self.register_at(e, args, "r")
        if found is None:
            return None
        use, width, whole, more = found
        node, have = self.view(use, width, whole, more, e)
        return self.cut(Dyn(node, Bits(have)), width - 1, 0, e)

    def write_register(self, e: A.Index, args: list[Val], v: Val) -> bool:
        file = self.lib.files.get(e.base.name)
        if file is not None and len(args) == (file.fixed < 0):  # the value says the width
            args = [*args, Int(self.bits_width(v, e))]
        found = self.register_at(e, args, "w")
        if found is None:
            return False
        use, width, whole, more = found
        if self.bits_width(v, e) != width:
            raise Trouble(e, f"bits({self.bits_width(v, e)}) into {width} bits of a register")
        node, have = self.view(use, width, whole, more, e)
        if have != width:
            v = self.primitive(A.Call(e.span, "ZeroExtend", ()), [v, Int(have)])
        self.effects += 1
        self.emit(A.Assign(e.span, node, self.tree(v, e)))
        return True

    # ---- words that are others ---------------------------------------------

    def excludes(self, s: A.If) -> bool:
        """`if FIELD IN {...} then UNDEFINED;` of bits that are never known makes a
        constraint of the encoding."""
        if not self.deciding or self.nested or len(s.arms) != 1 or s.otherwise \
                or len(s.arms[0].body) != 1 \
                or not isinstance(s.arms[0].body[0], (A.UndefinedStmt, A.Unpredictable, A.See)):
            return False
        cond = s.arms[0].cond
        while isinstance(cond, A.Binary) and cond.op == "&&":
            left = self.settle(self.expr(cond.left), cond.left)
            if not isinstance(left, Bool):
                return False
            if not left.value:
                return True
            cond = cond.right
        match cond:
            case A.Binary(op="==", left=left, right=A.BitsLit() as p):
                patterns: tuple[A.Expr, ...] = (p,)
            case A.Binary(op="IN", left=left, right=A.SetExpr(items=patterns)):
                pass
            case _:
                return False
        v = self.expr(left)
        if not isinstance(v, FieldBits) or not v.word <= self.never \
                or not all(isinstance(p, (A.BitsLit, A.MaskLit)) for p in patterns):
            return False
        places = [b.lo for b in v.single()]
        values = []
        for p in patterns:
            if len(p.bits) != len(places):
                raise Trouble(p, f"{len(places)} bits are compared with {len(p.bits)}")
            for bits in product(*("01" if c == "x" else c for c in p.bits)):
                values.append(sum(int(b) << k for b, k in zip(bits, places)))
        text = ":".join(dict.fromkeys(self.called((BitSrc(1, k),)) for k in places))
        self.constraints.append(Constraint(f"{text} != {', '.join(p.bits for p in patterns)}",
                                           sum(1 << k for k in places), tuple(values), span(s)))
        return True

    # ---- the whole ---------------------------------------------------------

    def around(self, inst: A.Instruction, enc: A.Encoding) -> list[A.Assign]:
        """What all instructions have in common comes in front; the statements that
        come behind."""
        if inst.name in self.lib.plain:
            return []
        behind: dict[Behind, A.Assign] = {}
        for b in self.lib.behind:
            if b.feature in ("", extension(enc.guard)):
                decl = self.functions[b.function, 0]
                v = self.let(self.inline(inst, decl, []), "next", inst)
                if self.bits_width(v, decl) != self.scalars[b.scalar]:
                    raise Trouble(decl, f"{b.scalar} has {self.scalars[b.scalar]} bits, "
                                        f"found {describe(v)}")
                behind[b] = A.Assign(inst.span, A.Name(inst.span, b.scalar), self.tree(v, inst))
        if self.lib.when:
            decl = self.functions[self.lib.when, 0]
            v = self.inline(inst, decl, [])
            if type_of(v) != BOOL:
                raise Trouble(decl, f"{self.lib.when}: expected a condition, found {describe(v)}")
            holds = self.tree(v, inst)
            skip = (*(s for b, s in behind.items() if not b.feature), A.Return(inst.span, None))
            arm = A.Arm(inst.span, A.Unary(inst.span, "!", holds), skip)
            self.emit(A.If(inst.span, (arm,), ()))
        return list(behind.values())

    def run(self, inst: A.Instruction, enc: A.Encoding) -> tuple[A.Stmt, ...]:
        try:
            self.deciding = True
            for part in (enc.decode, inst.postdecode):
                self.block(part)
            self.deciding = False
            behind = self.around(inst, enc)
            self.block(inst.execute)
            own = {n for s in self.out for n in _assigns(s)}
            behind = [s for s in behind if s.target.name not in own]
            k = len(self.out)
            if behind and self.out and _branches(self.out[-1]):
                k -= 1
            self.out[k:k] = behind
        except Ended:
            pass
        body = prune(tuple(self.out))
        read = {x.name for x in A.walk(body) if isinstance(x, A.Name)}
        self.uses = {k: u for k, u in self.uses.items() if k[0] == "register" or u.name in read}
        for key, u in self.uses.items():
            if not u.regclass and not u.access and key[0] == "register" and len(u.bits) == 1 \
                    and u.width == 8 and set(_word(u.bits)) <= self.registers:
                u.regclass = next(iter(self.lib.files.values())).regclass
        return body


def _assigns(s: A.Stmt) -> set[str]:
    """Names to which the statement gives a value, whatever happens."""
    return {s.target.name} if isinstance(s, A.Assign) and isinstance(s.target, A.Name) else set()


def _branches(s: A.Stmt) -> bool:
    match s:
        case A.CallStmt(call=A.Call(func="Branch")):
            return True
        case A.If(arms=arms, otherwise=other):
            return any(_branches(x) for b in (other, *(a.body for a in arms)) for x in b)
    return False


def _word(bits: tuple[BitSrc, ...]) -> list[int]:
    return [b.lo + k for b in bits if not b.is_const for k in range(b.width)]


def specialise(lib: Library, inst: A.Instruction, enc: A.Encoding,
               asks: Callable[[dict[int, int]], frozenset[int]]) -> list[Special]:
    """All specialisations, in the order of the bits that tell them apart. asks:
    bits that the assembly text needs, given those that are known."""
    fixed = {len(enc.opcode) - 1 - k: int(c) for k, c in enumerate(enc.opcode) if c != "x"}
    work: list[dict[int, int]] = [{}]
    found: list[tuple[dict[int, int], Attempt, tuple[A.Stmt, ...]]] = []
    while work:
        asked = work.pop()
        attempt = Attempt(lib, enc, fixed | asked)
        try:
            body = attempt.run(inst, enc)
            more = asks(fixed | asked)
            if more:
                raise Need(more, enc)
            found.append((asked, attempt, body))
        except Undefined:
            continue
        except Need as e:
            bits = sorted(e.bits - asked.keys() - fixed.keys(), reverse=True)
            if not bits:
                raise Trouble(e.node, "the value of these bits does not decide it") from None
            for values in reversed(list(product((0, 1), repeat=len(bits)))):
                work.append(asked | dict(zip(bits, values)))
        if len(found) + len(work) > MAX_SPECIAL:
            raise Trouble(enc, f"{enc.name} has more than {MAX_SPECIAL} specialisations")
    names = _names(enc, [a for a, _, _ in found])
    return [Special(_encoding(enc, name, fixed | asked, tuple(attempt.constraints)), enc,
                    fixed | asked, tuple(attempt.uses.values()), body)
            for name, (asked, attempt, body) in zip(names, found)]


def _names(enc: A.Encoding, all_asked: list[dict[int, int]]) -> list[str]:
    """The encoding's name with the values of the fields that differ."""
    out = [enc.name] * len(all_asked)
    for f in enc.fields:
        own = range(f.lo, f.lo + f.width)
        texts = ["".join(str(a.get(b, "x")) for b in reversed(own)) for a in all_asked]
        whole = [t for t in texts if set(t) != {"x"}]
        if len(set(texts)) > 1 and any("x" not in t for t in whole) or len(set(whole)) > 1:
            out = [n if set(t) == {"x"} else f"{n}_{f.name}{t}" for n, t in zip(out, texts)]
    return out


def _encoding(enc: A.Encoding, name: str, known: dict[int, int],
              constraints: tuple[Constraint, ...]) -> Encoding:
    mask = sum(1 << b for b in known)
    match = sum(v << b for b, v in known.items())
    should = known.keys() | {u.bit for u in enc.unpredictable_unless}
    fields = tuple(Field(f.name, f.lo + f.width - 1, f.lo) for f in enc.fields
                   if any(b not in should for b in range(f.lo, f.lo + f.width)))
    return Encoding(name, mask, match, len(enc.opcode) // 8, fields, constraints,
                    extension(enc.guard), (), span(enc),
                    sum(int(u.value) << u.bit for u in enc.unpredictable_unless
                        if u.bit not in known))


def extension(guard: A.Expr) -> str:
    """The feature that the guard asks for."""
    match guard:
        case A.BoolLit(value=True):
            return "base"
        case A.Call(func="IsFeatureImplemented", args=(A.Name(name=n),)):
            return n
        case A.Call(func=f, args=()):
            return f
    raise Trouble(guard, "a guard is TRUE, IsFeatureImplemented(FEAT_...) or Have...()")


__all__ = ["Attempt", "Library", "RegisterFile", "Special", "Use", "Vec", "specialise"]
