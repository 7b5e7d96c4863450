# SPDX-License-Identifier: MIT
"""Reader of isa.tbl: what bodies of an ISA may name, and the fusion table.

Lines: a keyword, a name, then KEY=VALUE pairs; values with spaces are in double
quotes. `#` begins a comment.

    isa NAME prefix= state= header= bits= [fpenv= fp_class= fp_done= fp_flags= fma_key=]
    class NAME field= width= [requires= key=]
    view NAME class= width= [box=yes]
    rounding OPERAND dynamic= key= resolve=
    exception NAME code=
    hook NAME(TYPE, ...) [-> TYPE] c="call with {0}" [ends=yes]
    set NAME INSN ...
    fuse WORD WORD ...          instructions or sets: every combination is fused
"""
from __future__ import annotations

import re
import shlex
from itertools import product
from pathlib import Path

from gen.model.encoding import Span
from gen.model.isa import HookDecl, IsaInfo, RegClass, Rounding, View
from gen.model.sem import BOOL, Bits, Type
from gen.support.errors import Errors, SpecError

_KEYS = {
    "isa": ({"prefix", "state", "header", "bits"},
            {"fpenv", "fp_class", "fp_done", "fp_flags", "fma_key"}),
    "class": ({"field", "width"}, {"requires", "key"}),
    "view": ({"class", "width"}, {"box"}),
    "rounding": ({"dynamic", "key", "resolve"}, set()),
    "exception": ({"code"}, set()),
    "hook": ({"c"}, {"ends"}),
}
_HOOK = re.compile(r"(\w+)\(((?:[^()]|\([^()]*\))*)\)(?:\s*->\s*(\S+))?\s*(.*)")


class IsaTable:
    """Result of read(): info and the names of the fused instructions."""

    def __init__(self) -> None:
        self.isa: dict[str, str] | None = None
        self.span = Span("", 0)
        self.classes: dict[str, RegClass] = {}
        self.views: dict[str, View] = {}
        self.hooks: dict[str, HookDecl] = {}
        self.exceptions: dict[str, int] = {}
        self.rounding: Rounding | None = None
        self.sets: dict[str, tuple[str, ...]] = {}
        self.fusions: dict[tuple[str, ...], Span] = {}

    def info(self) -> IsaInfo:
        i = self.isa
        return IsaInfo(i["name"], i["prefix"], i["state"], i["header"], int(i["bits"]),
                       self.classes, self.views, self.hooks, self.exceptions, self.rounding,
                       i.get("fpenv", ""), i.get("fp_class", ""), i.get("fp_done", ""),
                       i.get("fp_flags", ""), i.get("fma_key", ""), self.span)


def _type(text: str, span: Span) -> Type:
    if text == "boolean":
        return BOOL
    m = re.fullmatch(r"bits\((\d+)\)", text)
    if not m or not 1 <= int(m[1]) <= 128:
        raise SpecError(span, f"expected boolean or bits(1..128), found '{text}'")
    return Bits(int(m[1]))


def _pairs(words: list[str], kind: str, span: Span) -> dict[str, str]:
    need, may = _KEYS[kind]
    out: dict[str, str] = {}
    for w in words:
        key, eq, value = w.partition("=")
        if not eq or key not in need | may:
            raise SpecError(span, f"{kind}: unknown attribute '{w}'")
        out[key] = value
    for k in sorted(need - out.keys()):
        raise SpecError(span, f"{kind}: attribute '{k}=' is missing")
    return out


def _number(text: str, span: Span) -> int:
    try:
        return int(text, 0)
    except ValueError:
        raise SpecError(span, f"expected a number, found '{text}'") from None


def _line(t: IsaTable, line: str, span: Span) -> None:
    kind, _, rest = line.partition(" ")
    rest = rest.strip()
    if kind == "fuse":
        words = [t.sets.get(w, (w,)) for w in rest.split()]
        if len(words) < 2:
            raise SpecError(span, "fuse needs two instructions or more")
        for steps in product(*words):
            t.fusions.setdefault(steps, span)
        return
    if kind == "set":
        name, *members = rest.split()
        t.sets[name] = tuple(x for m in members for x in t.sets.get(m, (m,)))
        return
    if kind not in _KEYS:
        raise SpecError(span, f"unknown keyword '{kind}'")
    if kind == "hook":
        m = _HOOK.fullmatch(rest)
        if not m:
            raise SpecError(span, "expected NAME(TYPE, ...) [-> TYPE] c=\"...\"")
        a = _pairs(shlex.split(m[4]), kind, span)
        params = tuple(_type(x.strip(), span) for x in m[2].split(",") if x.strip())
        result = _type(m[3], span) if m[3] else None
        t.hooks[m[1]] = HookDecl(m[1], params, result, a["c"], a.get("ends") == "yes")
        return
    name, *words = shlex.split(rest)
    a = _pairs(words, kind, span)
    if kind == "isa":
        t.isa, t.span = {"name": name, **a}, span
    elif kind == "class":
        t.classes[name] = RegClass(name, a["field"], _number(a["width"], span),
                                   a.get("requires", ""), a.get("key", ""))
    elif kind == "view":
        if a["class"] not in t.classes:
            raise SpecError(span, f"view of an unknown class '{a['class']}'")
        t.views[name] = View(name, a["class"], _number(a["width"], span), a.get("box") == "yes")
    elif kind == "rounding":
        t.rounding = Rounding(name, _number(a["dynamic"], span), a["key"], a["resolve"])
    else:
        t.exceptions[name] = _number(a["code"], span)


def read(path: Path, shown: str, errors: Errors) -> IsaTable:
    """Reads one table; faults go to errors, `shown` is the file's name in them."""
    t = IsaTable()
    for n, line in enumerate(path.read_text().splitlines(), 1):
        text = line.split("#", 1)[0].strip()
        if not text:
            continue
        span = Span(shown, n)
        try:
            _line(t, text, span)
        except SpecError as e:
            errors.take(e)
        except ValueError as e:
            errors.add(span, str(e))
    if t.isa is None:
        errors.add(Span(shown, 1), "there is no 'isa' line")
    return t
