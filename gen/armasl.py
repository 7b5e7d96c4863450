# SPDX-License-Identifier: MIT
"""python3 -m gen --arm-asl DIR: a user's instruction files in place of our meanings.

Every .asl file below DIR is read: its instructions, and its functions where we
have none of that name. An encoding is joined to ours by mask and value; what our
syntax needs to be known (mnemonic, operand classes) is known then, so each of our
instructions keeps its name, text and operands and takes the user's meaning. What
cannot be translated is reported and keeps our meaning.
"""
from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from aslparser import AslErrors, ast as A, parse_source

from gen.front.asl import public
from gen.front.asl.fold import Need, Trouble, Undefined
from gen.front.asl.insns import Builder
from gen.front.asl.load import Loader, read
from gen.front.asl.specialise import Attempt, Library, Special, extension, span
from gen.front.asl.values import ORDERED, PLAIN
from gen.front.bodies import check_bodies
from gen.front.text import Source
from gen.model.encoding import Insn, IsaEncodings, Span
from gen.passes.layout import layout
from gen.passes.refine import refine
from gen.support.errors import Errors, SpecError, Stop


@dataclass(slots=True)
class Report:
    """What became of the encodings."""

    lines: list[tuple[Span, str]] = field(default_factory=list)
    read: int = 0
    others: Counter[str] = field(default_factory=Counter)  # of other instruction sets
    whole: int = 0  # encodings all of whose instructions are translated
    part: int = 0
    taken: set[str] = field(default_factory=set)  # names of ours
    ours: int = 0

    def add(self, at: Span, text: str) -> None:
        if (at, text) not in self.lines:
            self.lines.append((at, text))

    def text(self) -> list[str]:
        out = [f"{at}: {text}" for at, text in
               sorted(self.lines, key=lambda x: (x[0].file, x[0].line, x[0].col, x[1]))]
        left = self.read - self.whole - self.part
        out.append(f"{self.read} encodings: {self.whole} translated, {self.part} in part, {left} "
                   f"not; {len(self.taken)} of our {self.ours} instructions have their meaning")
        out += [f"{n} encodings of {name} are of no concern" for name, n in
                sorted(self.others.items())]
        return out


class UserFiles:
    """The files of a folder."""

    def __init__(self, folder: Path, loader: Loader, report: Report) -> None:
        self.report, lib = report, loader.lib
        self.instructions: list[A.Instruction] = []
        self.functions: list[A.FuncDecl | A.GetterDecl] = []
        self.lib = Library(lib.info, dict(lib.functions), set(lib.symbols), lib.files, lib.parts,
                           lib.numbers, lib.arrays)
        for s in loader.sources("public"):
            self.file(s)
        self.lib.functions |= {(f.name, len(f.params or ())): f for f in self.functions}
        self.lib.symbols |= {PLAIN, ORDERED}
        self.functions = []
        for path in sorted(folder.rglob("*.asl")):
            try:
                self.file(Source(path, str(path)))
            except SpecError as e:
                report.add(e.span, e.message)
        self.implied = {(f.name, len(f.params)) for f in self.functions
                        if isinstance(f, A.FuncDecl) and public.implied_width(f)}
        self.implied |= {(n, k - 1) for n, k in self.lib.functions
                         if (n, k - 1) not in self.lib.functions and self.width_last(n, k)}
        for f in self.functions:
            self.function(f)

    def width_last(self, name: str, count: int) -> bool:
        """Ours whose last parameter is the width of the result."""
        f = self.lib.functions[name, count]
        match getattr(f, "result", None):
            case A.BitsType(width=A.Name(name=n)) \
                    | A.TupleType(items=(A.BitsType(width=A.Name(name=n)), *_)):
                return bool(f.params) and f.params[-1].name == n
        return False

    def function(self, f: A.FuncDecl | A.GetterDecl) -> None:
        if isinstance(f, A.FuncDecl):
            f = public.function(self.lib, self.implied, f)
        n = -1 if f.params is None else len(f.params)
        if not any(name == f.name and kinds(g)[:len(kinds(f))] == kinds(f)[:len(kinds(g))]
                   for (name, _), g in self.lib.functions.items()):
            self.lib.functions[f.name, n] = f

    def file(self, s: Source) -> None:
        """Each instruction is parsed alone, so that a fault costs only one."""
        lines = s.lines()
        starts = [k for k, line in enumerate(lines) if line.startswith("__instruction ")]
        for a, b in zip([0, *starts], [*starts, len(lines)]):
            text = "\n" * a + "\n".join(lines[a:b]) + "\n"
            try:
                items = parse_source(text, s.shown).items
            except AslErrors as e:
                self.refused(s, lines[a:b], e)
                continue
            for item in items:
                match item:
                    case A.Instruction():
                        self.instructions.append(item)
                    case A.FuncDecl() | A.GetterDecl() if item.body is not None:
                        self.functions.append(item)
                    case A.EnumDecl(values=values):
                        self.lib.symbols |= set(values)

    def refused(self, s: Source, lines: list[str], e: AslErrors) -> None:
        first = e.errors[0]
        at = Span(s.shown, first.span.line, first.span.col)
        names = re.findall(r"^\s*__encoding\s+(\w+)", "\n".join(lines), re.M)
        self.report.read += len(names)
        for name in names or ["these functions"]:
            self.report.add(at, f"{name}: {first.message}")


def kinds(f: A.FuncDecl | A.GetterDecl) -> list[str]:
    """What a function takes: bits, or a named type."""
    return [p.type.name if isinstance(p.type, A.NamedType) else "bits" for p in f.params or ()]


def _fixed(opcode: str) -> dict[int, int]:
    return {len(opcode) - 1 - k: int(c) for k, c in enumerate(opcode) if c != "x"}


class Joiner:
    """Our instructions, some of which get the meaning of a user's encoding."""

    def __init__(self, loader: Loader, specials: list[Special], insns: list[Insn],
                 report: Report) -> None:
        self.loader, self.report = loader, report
        self.specials, self.insns = specials, list(insns)
        self.sets = {s.source.instruction_set for s in specials}
        report.ours = len(insns)

    def join(self, files: UserFiles) -> None:
        for inst in files.instructions:
            for enc in inst.encodings:
                if enc.instruction_set not in self.sets:
                    self.report.others[enc.instruction_set] += 1
                    continue
                self.report.read += 1
                self.encoding(files, *public.instruction(files.lib, files.implied, enc, inst))

    def encoding(self, files: UserFiles, enc: A.Encoding, inst: A.Instruction) -> None:
        fixed = _fixed(enc.opcode)
        try:
            extension(enc.guard)
        except Trouble as e:
            self.report.add(span(e.node), f"{enc.name}: {e.message}")
            return
        good, faults = 0, Counter[tuple[Span, str]]()
        for k, s in enumerate(self.specials):
            if len(s.source.opcode) != len(enc.opcode) \
                    or any(s.known.get(b, v) != v for b, v in fixed.items()):
                continue
            try:
                self.take(k, self.translate(files.lib, enc, inst, fixed, s))
                good += 1
            except Undefined:
                faults[span(enc), f"{s.encoding.name} is UNDEFINED here and not with us"] += 1
            except Need as e:
                faults[span(e.node), "this decides about what our instructions do not tell apart, "
                                     f"bits {_list(e.bits)}"] += 1
            except Trouble as e:
                faults[span(e.node), e.message] += 1
            except SpecError as e:
                at = e.span if e.span.file == enc.span.file else span(enc)
                faults[at, e.message.removeprefix(f"{s.encoding.name}: ")] += 1
        if not good and not faults:
            faults[span(enc), "no instruction of ours has this encoding, so it has no text"] += 1
        self.report.whole += good and not faults
        self.report.part += bool(good and faults)
        for (at, why), n in faults.items():
            many = f" ({n} instructions)" if n > 1 else ""
            self.report.add(at, f"{enc.name}: {why}{many}")

    def translate(self, lib: Library, enc: A.Encoding, inst: A.Instruction,
                  fixed: dict[int, int], s: Special) -> Insn:
        if s.encoding.name in self.report.taken:
            raise Trouble(enc, f"{s.encoding.name} has a meaning from these files already")
        more = fixed.keys() - s.known.keys()
        if more:
            raise Trouble(enc, f"our {s.encoding.name} has more words, bits {_list(more)} differ")
        lib = replace(lib, numbers=self.numbers(lib, enc, s))
        attempt = Attempt(lib, enc, s.known)
        body = attempt.run(inst, enc)
        use = Special(s.encoding, s.source, s.known, tuple(attempt.uses.values()), body)
        entry = self.loader.syntax.entries[s.source.name]
        return Builder(use, self.loader.ops).build(entry, 0)

    @staticmethod
    def numbers(lib: Library, enc: A.Encoding, s: Special) -> set[str]:
        """Fields at the place of our register numbers, by the user's names."""
        places = {(f.lo, f.width) for f in s.source.fields if f.name in lib.numbers}
        return {f.name for f in enc.fields if (f.lo, f.width) in places}

    def take(self, k: int, insn: Insn) -> None:
        """The instruction, if its meaning passes what all meanings pass."""
        errors, info = Errors(), self.loader.lib.info
        insn = replace(insn, id=self.insns[k].id)
        try:
            one = layout(self.loader.encodings([insn]), errors)
            refine(check_bodies(one, info, {}, errors), info, errors, True)
            errors.check()
        except Stop:
            raise SpecError(*errors.first()) from None
        self.insns[k] = insn
        self.report.taken.add(insn.name)


def _list(bits) -> str:
    return ", ".join(str(b) for b in sorted(bits, reverse=True))


class UserFront:
    """A front end like load.py that a folder of the user comes after."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.report = folder, Report()

    def load(self, path: Path, shown: str, errors: Errors) -> IsaEncodings:
        loader, specials, insns = read(path, shown, errors)
        joiner = Joiner(loader, specials, insns, self.report)
        joiner.join(UserFiles(self.folder, loader, self.report))
        return loader.encodings(joiner.insns)
