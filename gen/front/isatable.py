# SPDX-License-Identifier: MIT
"""Reader of isa.tbl: what bodies of an ISA may name, and the fusion table.

Lines: a keyword, a name, then KEY=VALUE pairs; values with blanks are in double
quotes. `#` begins a comment.

    isa NAME prefix= state= header= bits= [wide=yes] [after=]
        [fpenv= fp_class= fp_done= fp_flags= fma_key=] [fp_static=] [fp_trap=] [fp_sticky=]
    class NAME field= width= [requires= key=] [vector=yes [stride=] [group=]] [done=] [at=] [names=]
          [pair=yes] [aligned=NUMBER:MULTIPLE]
    view NAME class= width= [box=yes | above=keep | above=zero]
    scalar NAME field= width= [max=]   a field of the state that is one value
    lanes rules=                what holds for all vector instructions
    lane NAME width=            a type of elements: lane NAME: vd = vs2 + vs1;
    rounding OPERAND dynamic= key= resolve=
    fpenv NAME c= [use=] [flags=none] [host=]  an IEEE environment that the state has (C,
        of c); host: C function of a mode key that knows it, see rx_isa.fp_known;
                                flags=none: its flags go nowhere
    fpflags SCALAR by=          where the flags of operations in these go
    exception NAME code=
    access NAME c=              a flag of memory accesses, and its C text
    address NAME c= lift=       how a memory operand becomes an address
    decoded NAME width= c=      a static fact of the decoded instruction i
    hook NAME(TYPE, ...) [-> TYPE] c="call with {0}" [ends=yes] [lift=]
        [check=yes]
    set NAME INSN ...
    fuse WORD WORD ...          instructions or sets: every combination is fused

A hook's lift= is C that emits the operation of SMIR that it is; check=yes: bodies
use it as a check, of two numbers and one that the encoding says.
wide=yes: bodies may access 16 bytes of memory at once. The five fp attributes
stand together. above= is the write policy of a view that
is narrower than its class: what becomes of the bits above it. at= names a
macro (model.isa.RegClass). names= is the class of the
registers' names, where it is called otherwise. A scalar's field may be NAME[K].

aligned=13:4: what is written to register 13 loses its low bits: it holds multiples of 4.

pair=yes: two neighbouring elements of the state, the first one the lower half.

vector=yes: registers are blocks of bytes (model.lanes). stride= names the
register of the state that says how many bytes they lie apart, where that is
not width / 8; group= how many at most one operand stands for; used= a scalar:
bytes behind so many are zero in all of them.
"""
from __future__ import annotations

import re
import string
from itertools import product

from gen.front.lane_rules import RULES
from gen.front.primitives import RESERVED
from gen.front.text import Cursor, Source, integer, rows
from gen.model.encoding import Span
from gen.model.isa import (Above, AddressDecl, DecodedDecl, FpRules, HookDecl, IsaInfo, LaneInfo,
                           RegClass, Rounding, Scalar, View)
from gen.model.lanes import ELEMENT_WIDTHS
from gen.model.pure import PURE
from gen.model.sem import BOOL, Bits, Type
from gen.support.errors import Errors, SpecError

_FP = ("fpenv", "fp_class", "fp_done", "fp_flags", "fma_key")
_KEYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {  # needed, possible
    "isa": (("prefix", "state", "header", "bits"),
            (*_FP, "fp_static", "fp_sticky", "fp_trap", "wide", "after")),
    "class": (("field", "width"), ("requires", "key", "vector", "stride", "group", "done", "at",
                                  "names", "used", "pair", "aligned")),
    "view": (("class", "width"), ("box", "above")),
    "scalar": (("field", "width"), ("max",)),
    "lanes": (("rules",), ()),
    "lane": (("width",), ()),
    "rounding": (("dynamic", "key", "resolve"), ()),
    "fpenv": (("c",), ("use", "flags", "host")),
    "fpflags": (("by",), ()),
    "exception": (("code",), ()),
    "access": (("c",), ()),
    "address": (("c", "lift"), ()),
    "decoded": (("width", "c"), ()),
    "hook": (("c",), ("ends", "lift", "check")),
}
_PAIR = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s"]*))(?!\S)')
_CLASS_WIDTHS = (8, 16, 32, 64, 80)
MAX_VECTOR = 16384
FP_USES = ("any", "half", "widen", "narrow")


class IsaTable:
    """Result of read(): info() and the names of the fused instructions."""

    def __init__(self) -> None:
        self.isa: dict[str, str] | None = None
        self.bits = 0
        self.span = Span("", 0)
        self.classes: dict[str, RegClass] = {}
        self.views: dict[str, View] = {}
        self.scalars: dict[str, Scalar] = {}
        self.lanes: LaneInfo | None = None
        self.lane_types: dict[str, int] = {}
        self.hooks: dict[str, HookDecl] = {}
        self.exceptions: dict[str, int] = {}
        self.accesses: dict[str, str] = {}
        self.addresses: dict[str, AddressDecl] = {}
        self.decoded: dict[str, DecodedDecl] = {}
        self.fpenvs: dict[str, str] = {}
        self.fp_hosts: dict[str, str] = {}  # of fpenvs
        self.uses: dict[str, str] = {}  # likewise
        self.quiet: set[str] = set()
        self.fpflags: tuple[str, str] | None = None
        self.rounding: Rounding | None = None
        self.sets: dict[str, tuple[str, ...]] = {}
        self.fusions: dict[tuple[str, ...], Span] = {}

    def info(self) -> IsaInfo:
        """Of a table without errors."""
        i = self.isa
        return IsaInfo(i["name"], i["prefix"], i["state"], i["header"], self.bits,
                       self.classes, self.views, self.scalars, self.hooks, self.exceptions,
                       self.rounding,
                       *(i.get(k, "") for k in _FP), self.span, self.accesses,
                       self.addresses, self.decoded, self.lanes, self.lane_types,
                       fpenvs=self.fpenvs, fp_hosts=self.fp_hosts, wide="wide" in i,
                       after=i.get("after", ""),
                       fp_static=i.get("fp_static", ""), fp_trap=i.get("fp_trap", ""),
                       fp_sticky=i.get("fp_sticky", ""),
                       fp_rules=FpRules(self.uses, *self.fpflags) if self.fpflags else None,
                       quiet=frozenset(self.quiet))

    # ---- lines -------------------------------------------------------------

    def isa_line(self, c: Cursor, at: Span) -> None:
        if self.isa is not None:
            raise SpecError(at, "there is an 'isa' line already")
        self.isa, self.span = {"name": c.identifier("a name")}, at
        a = _pairs(c, "isa")
        given = [k for k in _FP if k in a]
        if given and len(given) != len(_FP):
            raise SpecError(at, f"{', '.join(_FP)} stand together")
        self.isa |= {k: v for k, (v, _) in a.items()}
        _yes(a, "wide")
        self.bits = _width(a["bits"], (32, 64))

    def class_line(self, c: Cursor, at: Span) -> None:
        name = self.new(self.classes, c, "a register class")
        a = _pairs(c, "class")
        vector = _yes(a, "vector")
        for k in ("stride", "group"):
            if k in a and not vector:
                raise SpecError(a[k][1], f"{k}= is for vector=yes")
        widths = range(16, MAX_VECTOR + 1) if vector else _CLASS_WIDTHS
        self.classes[name] = RegClass(name, a["field"][0], _width(a["width"], widths),
                                      _text(a, "requires"), _text(a, "key"), at, vector,
                                      _text(a, "stride"), _text(a, "done"),
                                      group=integer(*a["group"], 64) if "group" in a else 1,
                                      at=_text(a, "at"), names=_text(a, "names"),
                                      pair=_yes(a, "pair"), used=_text(a, "used"),
                                      aligned=_aligned(*a["aligned"]) if "aligned" in a else None)

    def view_line(self, c: Cursor, at: Span) -> None:
        name = self.new(self.views, c, "a view")
        a = _pairs(c, "view")
        cls = self.classes.get(a["class"][0])
        if cls is None:
            raise SpecError(a["class"][1], f"there is no class '{a['class'][0]}' above")
        width = _width(a["width"], range(1, cls.width + 1))
        above = Above.ONES if _yes(a, "box") else None
        if "above" in a:
            text, where = a["above"]
            if text not in ("keep", "zero") or above:
                raise SpecError(where, "expected one of box=yes, above=keep and above=zero")
            above = Above(text)
        if above is None and width < cls.width:
            raise SpecError(at, f"view {name} is narrower than {cls.name}: box=yes, above=keep "
                                "or above=zero says what a write does to the bits above")
        if above is not None and width == cls.width:
            raise SpecError(at, f"view {name} is as wide as {cls.name}: nothing is above it")
        self.views[name] = View(name, cls.name, width, above or Above.KEEP, at)

    def scalar_line(self, c: Cursor, at: Span) -> None:
        name = self.new(self.scalars, c, "a scalar")
        a = _pairs(c, "scalar")
        width = _width(a["width"], range(1, 65))
        most = integer(*a["max"]) if "max" in a else (1 << width) - 1
        self.scalars[name] = Scalar(name, a["field"][0], width, most, at)

    def lanes_line(self, c: Cursor, at: Span) -> None:
        if self.lanes is not None:
            raise SpecError(at, "there is a 'lanes' line already")
        rules, where = _pairs(c, "lanes")["rules"]
        if rules not in RULES:
            raise SpecError(where, f"no rules are called {rules}; there are {', '.join(RULES)}")
        self.lanes = LaneInfo(rules, at)

    def lane_line(self, c: Cursor, at: Span) -> None:
        name = self.new(self.lane_types, c, "a lane type")
        self.lane_types[name] = _width(_pairs(c, "lane")["width"], ELEMENT_WIDTHS)

    def rounding_line(self, c: Cursor, at: Span) -> None:
        if self.rounding is not None:
            raise SpecError(at, "there is a 'rounding' line already")
        name = c.identifier("an operand")
        a = _pairs(c, "rounding")
        self.rounding = Rounding(name, integer(*a["dynamic"], 255), a["key"][0], a["resolve"][0])

    def fpenv_line(self, c: Cursor, at: Span) -> None:
        name = self.new(self.fpenvs, c, "an environment")
        a = _pairs(c, "fpenv")
        self.fpenvs[name] = a["c"][0]
        if "host" in a:
            self.fp_hosts[name] = a["host"][0]
        if "flags" in a:
            if a["flags"][0] != "none" or "use" in a:
                raise SpecError(a["flags"][1], "expected flags=none, and no use= beside it")
            self.quiet.add(name)
        if "use" in a:
            use, where = a["use"]
            if use not in FP_USES or use in self.uses:
                raise SpecError(where, f"use={use}: expected each of {', '.join(FP_USES)} once")
            self.uses[use] = name

    def fpflags_line(self, c: Cursor, at: Span) -> None:
        if self.fpflags is not None:
            raise SpecError(at, "there is an 'fpflags' line already")
        name = c.identifier("a scalar")
        if name not in self.scalars:
            raise SpecError(at, f"there is no scalar '{name}' above")
        by, where = _pairs(c, "fpflags")["by"]
        if by not in PURE or len(PURE[by].args) != 1:
            raise SpecError(where, f"'{by}' is no primitive of one value")
        if set(self.uses) != set(FP_USES):
            raise SpecError(at, f"fpenv lines with use={', use='.join(FP_USES)} come before it")
        self.fpflags = name, by

    def exception_line(self, c: Cursor, at: Span) -> None:
        name = self.new(self.exceptions, c, "an exception")
        self.exceptions[name] = integer(*_pairs(c, "exception")["code"])

    def access_line(self, c: Cursor, at: Span) -> None:
        name = self.new(self.accesses, c, "an access")
        self.accesses[name] = _pairs(c, "access")["c"][0]

    def address_line(self, c: Cursor, at: Span) -> None:
        name = self.new(self.addresses, c, "an address")
        a = _pairs(c, "address")
        self.addresses[name] = AddressDecl(a["c"][0], a["lift"][0])

    def decoded_line(self, c: Cursor, at: Span) -> None:
        name = self.new(self.decoded, c, "a fact")
        a = _pairs(c, "decoded")
        self.decoded[name] = DecodedDecl(_width(a["width"], range(1, 65)), a["c"][0])

    def hook_line(self, c: Cursor, at: Span) -> None:
        name = self.new(self.hooks, c, "a hook")
        c.expect("(")
        params: list[Type] = []
        while not c.accept(")"):
            if params:
                c.expect(",")
            params.append(_type(c))
        here = c.here()
        result = _type(c) if c.accept("->") else None
        if isinstance(result, Bits) and result.width > 64:
            raise SpecError(here, "a result has at most 64 bits")
        a = _pairs(c, "hook")
        _pattern(*a["c"], len(params))
        if result is not None and "check" in a:
            raise SpecError(a["check"][1], "a check has no result")
        self.hooks[name] = HookDecl(name, tuple(params), result, a["c"][0], _yes(a, "ends"), at,
                                    _text(a, "lift"), _yes(a, "check"))

    def set_line(self, c: Cursor, at: Span) -> None:
        name = c.raw("a name")
        if name in self.sets:
            raise SpecError(at, f"set '{name}' is defined already")
        members = c.rest().split()
        if not members:
            raise SpecError(at, f"set '{name}' has no members")
        self.sets[name] = tuple(x for m in members for x in self.sets.get(m, (m,)))

    def fuse_line(self, c: Cursor, at: Span) -> None:
        words = [self.sets.get(w, (w,)) for w in c.rest().split()]
        if len(words) < 2:
            raise SpecError(at, "fuse needs two instructions or more")
        for steps in product(*words):
            self.fusions.setdefault(steps, at)

    def new(self, table: dict, c: Cursor, what: str) -> str:
        """A name that means nothing yet."""
        at = c.here()
        name = c.identifier(f"the name of {what}")
        if name in RESERVED:
            raise SpecError(at, f"'{name}' is a word of the language")
        if name in table or table is self.hooks and name in self.exceptions \
                or table is self.exceptions and name in self.hooks:
            raise SpecError(at, f"'{name}' is defined already")
        return name

    def line(self, c: Cursor) -> None:
        at = c.here()
        kind = c.word("a keyword")
        read = getattr(self, f"{kind}_line", None) if kind in (*_KEYS, "set", "fuse") else None
        if read is None:
            raise SpecError(at, f"'{kind}' is not known; {', '.join(_KEYS)}, set and fuse are")
        read(c, at)
        c.end()


def _pairs(c: Cursor, kind: str) -> dict[str, tuple[str, Span]]:
    """The rest of the line: values by key, with where the pair stands."""
    need, may = _KEYS[kind]
    start = c.here()
    out: dict[str, tuple[str, Span]] = {}
    while not c.at_end():
        at = c.here()
        skip = len(c.text) - len(c.text[c.pos:].lstrip())
        m = _PAIR.match(c.text, skip)
        if not m or m[1] not in (*need, *may):
            raise c.fail(f"one of {', '.join(k + '=' for k in (*need, *may))}")
        if m[1] in out:
            raise SpecError(at, f"{m[1]}= is given twice")
        value = m[2] if m[2] is not None else m[3]
        if not value:
            raise SpecError(at, f"{m[1]}= is empty")
        out[m[1]] = value, at
        c.pos = m.end()
    for k in need:
        if k not in out:
            raise SpecError(start, f"{k}= is missing")
    return out


def _aligned(text: str, at: Span) -> tuple[int, int]:
    m = re.fullmatch(r"(\d+):(\d+)", text)
    if not m or int(m[2]) not in (2, 4, 8, 16):
        raise SpecError(at, "expected aligned=NUMBER:MULTIPLE, a multiple of 2, 4, 8 or 16")
    return int(m[1]), int(m[2])


def _text(a: dict[str, tuple[str, Span]], key: str) -> str:
    return a[key][0] if key in a else ""


def _yes(a: dict[str, tuple[str, Span]], key: str) -> bool:
    if key in a and a[key][0] != "yes":
        raise SpecError(a[key][1], f"expected {key}=yes or nothing")
    return key in a


def _width(value: tuple[str, Span], allowed: range | tuple[int, ...]) -> int:
    n = integer(*value)
    if n not in allowed:
        text = f"{allowed[0]} to {allowed[-1]}" if isinstance(allowed, range) \
            else ", ".join(map(str, allowed))
        raise SpecError(value[1], f"{n} bits: expected {text}")
    return n


def _type(c: Cursor) -> Type:
    at = c.here()
    if c.accept("boolean"):
        return BOOL
    if not c.accept("bits"):
        raise c.fail("boolean or bits(N)")
    c.expect("(")
    n = c.number("a width")
    c.expect(")")
    if not 1 <= n <= 64:
        raise SpecError(at, f"bits({n}): expected 1 to 64")
    return Bits(n)


def _pattern(text: str, at: Span, n: int) -> None:
    """The call must use the arguments {0} .. {n-1}, each of them."""
    try:
        used = {f for _, f, spec, conv in string.Formatter().parse(text) if f is not None
                and not spec and not conv}
        text.format(*("x" * n))
    except (ValueError, LookupError, AttributeError):
        used = {"?"}
    if used != {str(k) for k in range(n)}:
        raise SpecError(at, f"c=: the call must have each of {{0}} .. {{{n - 1}}}" if n
                        else "c=: the call has no arguments")


def read(source: Source, errors: Errors) -> IsaTable:
    """Reads one table; faults go to errors."""
    t = IsaTable()
    try:
        for c in rows(source):
            try:
                t.line(c)
            except SpecError as e:
                errors.take(e)
    except SpecError as e:  # the file cannot be read
        errors.take(e)
        return t
    if t.isa is None:
        errors.add(Span(source.shown, 1), "there is no 'isa' line")
        return t
    fp = t.isa.get("fp_class")
    if fp and fp not in t.classes:
        errors.add(t.span, f"fp_class={fp}: there is no such class")
    elif fp and not (t.classes[fp].requires and t.classes[fp].key and t.rounding):
        errors.add(t.span, f"class {fp} needs requires= and key=, and there must be a "
                           "'rounding' line")
    return t
