# SPDX-License-Identifier: MIT
"""Readers of difftest.tbl (how instructions are tested) and verified.tbl (what
the recorded results cover). The formats are described at the top of both."""
from __future__ import annotations

import re
from collections.abc import Collection
from fnmatch import fnmatchcase

from gen.front.text import Source, integer
from gen.model.encoding import Span
from gen.model.tests import (CAUSES, After, Align, Cause, Choice, Fill, HookAccess, Note,
                             State, Tests, Verified)
from gen.support.errors import Errors, SpecError


_STATE = re.compile(r"((?P<name>\w+)=)?(?P<reg>\w+)(\[(?P<first>\d+)(\.\.(?P<last>\d+))?\])?"
                    r"(:(?P<bytes>\d+))?")
_CODE = re.compile(r"(\d+|0x[0-9a-f]+)(/0x[0-9a-f]+)?")  # of an exception without a name


def _lines(source: Source, errors: Errors, inner: bool = False):
    """Span, keyword and rest of each line that says something; of the files that
    are included, too."""
    try:
        lines = source.lines()
    except SpecError as e:
        errors.add(e.span, e.message)
        return
    for number, line in enumerate(lines, 1):
        words = line.split("#")[0].split(None, 2)
        if words[:1] == ["include"] and len(words) == 2 and not inner:
            yield from _lines(source.beside(words[1]), errors, True)
        elif words:
            yield Span(source.shown, number), words


def read(source: Source, verified: Source, insns: dict[str, str], hooks: set[str],
         errors: Errors) -> Tests:
    """Both tables; names that do not exist are errors. insns: and their extensions."""
    accesses, choices, causes, afters, aligns, alone = [], [], [], [], [], []
    states: dict[str, State] = {}
    numbers, aim = {"fill": 0, "mode": 0, "page": 0x1000, "strict": 0, "valid": 0,
               "base": 0x80000000}, ""
    settle = ""
    only: list[str] = []
    notes: dict[str, list[Note]] = {"skip": [], "partly": [], "vendor": []}

    def known(kind: str, name: str, names: Collection[str], span: Span) -> None:
        if not any(fnmatchcase(n, name) for n in names):
            errors.add(span, f"there is no {kind} '{name}'")

    for span, words in _lines(source, errors):
        try:
            match words:
                case ["access", hook, rest] if len(rest.split()) == 2:
                    what, size = rest.split()
                    if what not in ("load", "store"):
                        raise SpecError(span, f"expected load or store, found '{what}'")
                    known("hook", hook, hooks, span)
                    accesses.append(HookAccess(hook, what == "store", 0 if size == "arg"
                                               else integer(size, span, 64), span))
                case ["choose", operand, rest]:
                    values = tuple(integer(v, span, (1 << 32) - 1) for v in rest.split())
                    choices.append(Choice(operand, values, span))
                case ["only", pattern, *more]:
                    only += [pattern, *(more[0].split() if more else ())]
                case ["vendor", _, rest] if len(rest.split()) < 2:
                    raise SpecError(span, "expected vendor INSN VENDOR REASON")
                case ["skip" | "partly" | "vendor" as kind, insn, rest]:
                    known("instruction", insn, (*insns, *(f"{e}/{n}" for n, e in insns.items())),
                          span)
                    notes[kind].append(Note(insn, rest.strip(), span))
                case ["state", reg, rest]:
                    state = _state(reg, rest.split(), span)
                    old = states.get(state.name)
                    if old and old.span.file == span.file:
                        raise SpecError(span, f"'{state.name}' stands here twice")
                    states[state.name] = state
                case ["cause", exc, rest] if rest.split()[0] in CAUSES:
                    how = rest.split()
                    causes.append(Cause(exc, how[0], how[1:] == ["address"], span))
                case ["after", insn, first]:
                    known("instruction", insn, insns, span)
                    known("instruction", first.strip(), insns, span)
                    afters.append(After(insn, first.strip(), span))
                case ["align", reg, bytes_] if m := _STATE.fullmatch(reg):
                    aligns.append(Align(m["reg"], int(m["first"] or 0),
                                        integer(bytes_, span, 64), span))
                case ["aim", function]:
                    aim = function
                case ["settle", function]:
                    settle = function
                case ["alone", insn]:
                    known("instruction", insn, insns, span)
                    alone.append(insn)
                case ["fill" | "mode" | "page" | "strict" | "valid" | "base" as kind, value]:
                    numbers[kind] = integer(value, span, (1 << 32) - 1)
                case _:
                    raise SpecError(span, "expected access HOOK load|store SIZE, choose OPERAND"
                                          " VALUES, skip INSN REASON, partly INSN REASON,"
                                          " vendor INSN VENDOR REASON,"
                                          " state REG FILL, cause EXCEPTION CAUSE, after INSN"
                                          " INSN, align REG BYTES, alone INSN, aim FUNCTION, settle"
                                          " FUNCTION, fill WORD, mode KEY, page BYTES, strict 1,"
                                          " valid 1, base ADDRESS,"
                                          " only PATTERN ... or include TABLE")
        except SpecError as e:
            errors.add(e.span, e.message)
    return Tests(tuple(accesses), tuple(choices), tuple(notes["skip"]), tuple(notes["partly"]),
                 tuple(_verified(verified, insns, errors)), tuple(states.values()), tuple(causes),
                 tuple(afters), tuple(aligns), numbers["fill"], numbers["mode"], numbers["page"],
                 tuple(alone), numbers["strict"], aim, settle, tuple(notes["vendor"]), tuple(only),
                 numbers["base"], bool(numbers["valid"]))


def check(tests: Tests, regs: dict[str, int], exceptions: dict[str, int], errors: Errors) -> None:
    """Registers (with their elements) and exceptions that the table names exist."""
    for s in tests.states:
        if s.reg not in regs:
            errors.add(s.span, f"the state has no register '{s.reg}'")
        elif not 0 <= s.first <= s.first + max(s.count, 1) - 1 < regs[s.reg]:
            errors.add(s.span, f"register {s.reg} has {regs[s.reg]} elements only")
    for a in tests.aligns:
        if not 0 <= a.number < regs.get(a.reg, 0):
            errors.add(a.span, f"the state has no register '{a.reg}[{a.number}]'")
    for c in tests.causes:
        if c.exception not in exceptions and not _CODE.fullmatch(c.exception):
            errors.add(c.span, f"there is no exception '{c.exception}'")


def _state(reg: str, how: list[str], span: Span) -> State:
    """state REG general|float|vector|predicate|target, state REG bits MASK, state
    REG choice VALUE... REG: the name of a register, or NAME=REG[FIRST] or
    NAME=REG[FIRST..LAST], a part of it that oracles call NAME. :BYTES behind it: only so many of
    each element."""
    m = _STATE.fullmatch(reg)
    if not m:
        raise SpecError(span, f"expected REG, NAME=REG[N] or NAME=REG[N..N], found '{reg}'")
    first = int(m["first"] or 0)
    count = int(m["last"] or first) - first + 1 if m["first"] else 0
    fills = {f.value: f for f in Fill}
    if how[0] not in fills:
        raise SpecError(span, f"expected one of {', '.join(fills)}, found '{how[0]}'")
    fill = fills[how[0]]
    values = tuple(integer(v, span, (1 << 64) - 1) for v in how[1:])
    if fill is Fill.BITS and len(values) != 1 or fill is Fill.CHOICE and not values \
            or fill not in (Fill.BITS, Fill.CHOICE) and values:
        raise SpecError(span, "bits has one value, choice one or more, the others none")
    return State(m["name"] or m["reg"], m["reg"], first, count, fill, values, span,
                 int(m["bytes"] or 0))


def _verified(source: Source, insns: dict[str, str], errors: Errors):
    seen: set[str] = set()
    for span, words in _lines(source, errors):
        try:
            if len(words) != 3:
                raise SpecError(span, "expected INSN CASES ORACLE")
            insn, cases, oracle = words
            if insn not in insns:
                raise SpecError(span, f"there is no instruction '{insn}'")
            if insn in seen:
                raise SpecError(span, f"'{insn}' stands here twice")
            seen.add(insn)
            yield Verified(insn, integer(cases, span), oracle.strip(), span)
        except SpecError as e:
            errors.add(e.span, e.message)
