# SPDX-License-Identifier: MIT
"""python3 -m gen --intel-xml FILE: the official intrinsics guide beside spec/x86.

Every operation text is parsed; each entry that names an instruction of ours is
executed beside our own meaning. What does not parse and what differs is listed.
Differences that are known are in spec/x86/intel-waivers.tbl, each with the
processor's verdict:

    ENTRY  ours|theirs|open  PROCESSOR  reason

Exit code 1: a difference is not waived, or a waiver of an entry that the file has
is not needed.
"""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from aslparser import AslErrors

from gen.front.intel_compare import Difference, Finder, NoMatch, compare
from gen.front.intel_nodes import Stmt
from gen.front.intel_parser import parse
from gen.front.intel_values import EvalError
from gen.front.intel_xml import Form, Intrinsic, read_bytes, read_guide
from gen.front.text import Source
from gen.model.checked import Isa, Meaning
from gen.model.encoding import Span
from gen.support.errors import Errors, SpecError

ROUNDS = 8
VERDICTS = ("ours", "theirs", "open")


@dataclass(frozen=True, slots=True)
class Waiver:
    entry: str
    verdict: str
    processor: str
    reason: str
    span: Span


def read_waivers(source: Source, errors: Errors) -> dict[str, Waiver]:
    out: dict[str, Waiver] = {}
    for number, line in enumerate(source.lines(), 1):
        words = line.split("#", 1)[0].split(None, 3)
        if not words:
            continue
        at = Span(source.shown, number)
        if len(words) != 4 or words[1] not in VERDICTS:
            errors.add(at, "expected ENTRY, ours, theirs or open, PROCESSOR and the reason")
        elif words[0] in out:
            errors.add(at, f"{words[0]} is waived twice")
        else:
            out[words[0]] = Waiver(*words, at)
    return out


def _hex(v: int | None) -> str:
    return "nothing" if v is None else f"{v:#x}"


def _show(e: Intrinsic, form: Form, d: Difference) -> str:
    values = ", ".join(f"{k}={v:#x}" for k, v in d.values.items())
    memory = "; memory differs" if d.memory else ""
    return f"{e.span}: {e.name} ({form.name} {form.form}): the text gives {_hex(d.theirs)}, we " \
           f"have {_hex(d.ours)}{memory}, for {values}"


class Report:
    """Lines to print, and what is wrong."""

    def __init__(self, waivers: dict[str, Waiver]) -> None:
        self.waivers = waivers
        self.lines: list[str] = []
        self.failures = 0
        self.waived: set[str] = set()
        self.agree: set[str] = set()
        self.why: Counter[str] = Counter()
        self.texts = self.parsed = self.named = self.compared = self.equal = 0

    def fail(self, line: str) -> None:
        self.lines.append(line)
        self.failures += 1

    def entry(self, isa: Isa, finder: Finder, e: Intrinsic) -> None:
        bodies = []
        for op in e.operations:
            self.texts += 1
            try:
                bodies.append(parse(op.text, e.span.file, place=op.place))
                self.parsed += 1
            except AslErrors as x:
                self.lines.append(f"{x.errors[0].span}: {e.name} does not parse: "
                                  f"{x.errors[0].message}")
        mine = [f for f in e.forms if f.name in finder.by_name]
        if not mine:
            return
        self.named += 1
        if not bodies:
            self.why["the text does not parse" if e.operations else "no text"] += 1
            return
        found = [(f, m) for f in mine if (m := finder.find(f, e.tech == "AVX-512")) is not None]
        if not found:
            self.why[f"no encoding of ours has the form: {mine[0].form}"] += 1
            return
        for form, m in found:
            self.compare(isa, e, bodies[0], form, m)

    def compare(self, isa: Isa, e: Intrinsic, body: tuple[Stmt, ...], form: Form,
                m: Meaning) -> None:
        """Both meanings of one instruction that the entry names."""
        try:
            d = compare(isa, e, body, m, form, ROUNDS)
        except (EvalError, NoMatch) as x:
            self.why[str(x)] += 1
            return
        self.compared += 1
        if d is None:
            self.equal += 1
            self.agree.add(e.name)
        elif e.name in self.waivers:
            self.waived.add(e.name)
        else:
            self.fail(_show(e, form, d))

    def finish(self) -> None:
        for name in sorted(self.waivers.keys() & self.agree - self.waived):
            w = self.waivers[name]
            self.fail(f"{w.span}: error: {name} does not differ: the waiver is not needed")
        self.lines += [f"not compared, {count}: {why}" for why, count in self.why.most_common()]
        self.lines.append(
            f"{self.parsed} of {self.texts} texts parse; {self.named} entries name an instruction "
            f"of ours, {self.compared} meanings are compared on {ROUNDS} inputs each: "
            f"{self.equal} agree, "
            f"{len(self.waived)} differences are waived, {self.failures} are not")


def check(isa: Isa, file: Path, spec: Path) -> tuple[list[str], bool]:
    """The report, and whether all is well. SpecError: the file cannot be read."""
    errors = Errors()
    shown = "spec/x86/intel-waivers.tbl"
    waivers = read_waivers(Source(spec / "x86" / "intel-waivers.tbl", shown), errors)
    if len(errors):
        return errors.lines(), False
    entries = read_guide(read_bytes(file), str(file), errors, strict=False)
    if len(errors):
        return errors.lines(), False
    report = Report(waivers)
    finder = Finder(isa)
    for e in entries:
        report.entry(isa, finder, e)
    report.finish()
    return report.lines, report.failures == 0


__all__ = ["SpecError", "check"]
