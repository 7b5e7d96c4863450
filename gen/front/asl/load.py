# SPDX-License-Identifier: MIT
"""An ISA of instruction files in classic ASL (spec/arm/a64/a64.isa).

The list of its parts:

    isa NAME                      names everything generated
    unit N                        bytes that decide the length
    length N [unless HI..LO=V]    the length, unless these bits of the unit are V; the
                                  first that applies counts
    first high                    of a word of several units the first is on top
    instructions FILE ...         __instruction, and functions beside them
    library FILE ...              functions and enumerations only
    public FILE ...               the same, for a user's files (gen/armasl.py)
    syntax FILE ...               assembly templates (see syntax.py)
    registers FILE ...            names of registers (see operands.read_regnames)
    operands FILE ...             operand table (see operands.read_operands)
    file NAME CLASS [NUMBER]      NAME[n, width] is a register of the class;
                                  with a number, NAME[] is that one
    array NAME CLASS              Elem[NAME[k], e, size]: register k of a vector class
    numbers FIELD ...             fields that are register numbers
    dynamic FIELD ...             fields that no specialisation is made for
    when FUNCTION                 where it is false an instruction does nothing but
    behind SCALAR FUNCTION [FEATURE]   what the scalar is behind every instruction
                                  (of the feature) that does not assign it, from the
                                  state before
    plain INSTRUCTION ...         those that neither applies to
    part NAME SCALAR HI LO        PSTATE.C: bits of a scalar of isa.tbl

How the modules of this folder depend on each other: values, fold, calls,
statements, specialise; syntax; insns; load.
"""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from aslparser import AslErrors, ast as A, parse_source

from gen.front import isatable
from gen.front.asl.fold import Trouble
from gen.front.asl.insns import Builder
from gen.front.asl.specialise import Behind, Library, RegisterFile, Special, span, specialise
from gen.front.asl.syntax import Ask, Fields, SyntaxFiles
from gen.front.isafile import length_row
from gen.front.operands import Operands, read_operands, read_regnames
from gen.front.text import Cursor, Source, rows
from gen.model.encoding import Insn, IsaEncodings, LengthRule, Span
from gen.support.errors import Errors, SpecError, Stop

_LISTS = ("instructions", "library", "public", "syntax", "registers", "operands", "numbers",
          "dynamic", "plain")


class Loader:
    def __init__(self, source: Source, errors: Errors) -> None:
        self.errors, self.source = errors, source
        self.name, self.unit, self.first_high = "", 0, False
        self.lengths: list[LengthRule] = []
        self.common: list[tuple[str, Span]] = []  # functions of when and behind
        self.span = Span(source.shown, 1)
        self.lists: dict[str, list[tuple[str, Span]]] = {k: [] for k in _LISTS}
        info = isatable.read(source.beside("isa.tbl"), errors)
        errors.check()
        self.lib = Library(info.info())
        self.ops = Operands()
        self.syntax = SyntaxFiles(errors)
        self.instructions: list[A.Instruction] = []

    # ---- the list ----------------------------------------------------------

    def parts(self) -> None:
        for c in rows(self.source):
            try:
                self.row(c, c.here(), c.word("a keyword"))
                c.end()
            except SpecError as e:
                self.errors.take(e)
        if not (self.name and self.unit and self.lengths):
            self.errors.add(self.span, "isa, unit and length are needed")
        for key in ("numbers", "dynamic", "plain"):
            setattr(self.lib, key, {n for n, _ in self.lists[key]})
        self.errors.check()

    def row(self, c: Cursor, at: Span, key: str) -> None:
        if key == "isa":
            self.name, self.span = c.identifier("a name"), at
        elif key == "unit":
            self.unit = c.number("a number of bytes", 4)
        elif key == "length":
            self.lengths.append(length_row(c, 4))
        elif key == "first":
            self.first_high = c.accept("high")
            if not self.first_high:
                raise c.fail("'high'")
        elif key == "when":
            self.lib.when = self.function(c)
        elif key == "behind":
            scalar = self.scalar(c, at)
            function = self.function(c)
            self.lib.behind.append(Behind(scalar, function, "" if c.at_end()
                                          else c.identifier("a feature")))
        elif key == "file":
            name, cls = c.identifier("a name"), c.identifier("a register class")
            if cls not in self.lib.info.classes:
                raise SpecError(at, f"isa.tbl has no class {cls}")
            fixed = -1 if c.at_end() else c.number("a register number", 255)
            self.lib.files[name] = RegisterFile(name, cls, fixed)
        elif key == "array":
            name, cls = c.identifier("a name"), c.identifier("a register class")
            if cls not in self.lib.info.classes or not self.lib.info.classes[cls].vector:
                raise SpecError(at, f"isa.tbl has no vector class {cls}")
            self.lib.arrays[name] = cls
        elif key == "part":
            name, scalar = c.raw("a name such as PSTATE.C"), self.scalar(c, at)
            hi, lo = c.bit(), c.bit()
            if not lo <= hi < self.lib.info.scalars[scalar].width:
                raise SpecError(at, f"{scalar} has {self.lib.info.scalars[scalar].width} bits")
            self.lib.parts[name] = (scalar, hi, lo)
        elif key in _LISTS:
            while not c.at_end():
                at = c.here()
                self.lists[key].append((c.raw("a name"), at))
        else:
            raise SpecError(at, f"'{key}' is not known; isa, unit, length, first, file, array, "
                                f"part, when, behind and {', '.join(_LISTS)} are")

    def scalar(self, c: Cursor, at: Span) -> str:
        name = c.identifier("a scalar")
        if name not in self.lib.info.scalars:
            raise SpecError(at, f"isa.tbl has no scalar {name}")
        return name

    def function(self, c: Cursor) -> str:
        at = c.here()
        self.common.append((c.identifier("a function"), at))
        return self.common[-1][0]

    def sources(self, key: str):
        for name, at in self.lists[key]:
            source = self.source.beside(name)
            if source.path.is_file():
                yield source
            else:
                self.errors.add(at, f"there is no file {name[:70]}")

    # ---- files -------------------------------------------------------------

    def tables(self) -> None:
        for s in self.sources("registers"):
            read_regnames(s, self.ops, self.errors)
        for s in self.sources("operands"):
            read_operands(s, self.ops, self.errors)
        for s in self.sources("syntax"):
            self.syntax.read(s)
        views = self.lib.info.views
        for name, r in self.ops.regs.items():  # the names of a view go with its class
            if name in views and views[name].regclass in self.ops.regs:
                own = self.ops.regs[views[name].regclass]
                self.ops.regs[name] = replace(r, drop=own.drop, moved=own.moved)
        for key in ("library", "instructions"):
            for s in self.sources(key):
                self.asl(s, key == "instructions")
        self.errors.check()
        for name, at in self.common:
            if (name, 0) not in self.lib.functions:
                self.errors.add(at, f"there is no function {name}()")
        known = {i.name for i in self.instructions}
        for name, at in self.lists["plain"]:
            if name not in known:
                self.errors.add(at, f"there is no instruction {name}")
        self.errors.check()

    def asl(self, s: Source, instructions: bool) -> None:
        try:
            items = parse_source("\n".join(s.lines()), s.shown).items
        except AslErrors as e:
            for err in e.errors:
                self.errors.add(Span(err.span.file, err.span.line, err.span.col), err.message)
            return
        for item in items:
            match item:
                case A.Instruction() if instructions:
                    self.instructions.append(item)
                case A.FuncDecl() | A.GetterDecl():
                    n = -1 if item.params is None else len(item.params)
                    if (item.name, n) in self.lib.functions:
                        self.errors.add(span(item), f"{item.name} is defined already")
                    self.lib.functions[item.name, n] = item
                case A.EnumDecl(values=values):
                    self.lib.symbols |= set(values)
                case _:
                    self.errors.add(span(item), f"{type(item).__name__} does not belong here")

    # ---- instructions ------------------------------------------------------

    def specials(self, inst: A.Instruction, enc: A.Encoding) -> list[Special]:
        entry = self.syntax.entries.get(enc.name)
        if entry is None:
            raise SpecError(span(enc), f"{enc.name} has no assembly template")

        def asks(known: dict[int, int]) -> frozenset[int]:
            try:
                for line in (entry.main, *entry.aliases):
                    fields = Fields(enc, known)
                    if fields.conditions(line) is not None:
                        fields.choose(line.text, line.span)
            except Ask as a:
                return a.bits
            return frozenset()

        return specialise(self.lib, inst, enc, asks)

    def insns(self) -> tuple[list[Special], list[Insn]]:
        specials: list[Special] = []
        out: list[Insn] = []
        for inst in self.instructions:
            for enc in inst.encodings:
                try:
                    for s in self.specials(inst, enc):
                        entry = self.syntax.entries[enc.name]
                        out.append(Builder(s, self.ops).build(entry, len(out) + 1))
                        specials.append(s)
                except SpecError as e:
                    self.errors.take(e)
                except Trouble as e:
                    self.errors.add(span(e.node), f"{enc.name}: {e.message}")
        used = {e.name for i in self.instructions for e in i.encodings}
        for name in self.syntax.entries.keys() - used:
            self.errors.add(self.syntax.entries[name].main.span,
                            f"{name} has a template and no encoding")
        return specials, out

    def encodings(self, insns: list[Insn]) -> IsaEncodings:
        return IsaEncodings(self.name, self.unit, tuple(self.lengths), tuple(insns),
                            tuple(self.ops.regs.values()), tuple(self.ops.tables.values()),
                            self.span, first_high=self.first_high)


def read(path: Path, shown: str, errors: Errors) -> tuple[Loader, list[Special], list[Insn]]:
    """What the list describes, and the specialisations that the instructions are of;
    raises errors.Stop when something is wrong."""
    try:
        loader = Loader(Source(path, shown), errors)
        loader.parts()
        loader.tables()
        specials, insns = loader.insns()
        errors.check()
    except SpecError as e:
        errors.take(e)
        raise Stop from None
    return loader, specials, insns


def load(path: Path, shown: str, errors: Errors) -> IsaEncodings:
    """The ISA of the list."""
    loader, _, insns = read(path, shown, errors)
    return loader.encodings(insns)
