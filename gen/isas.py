# SPDX-License-Identifier: MIT
"""The instruction sets: which front end, passes, back ends and files each has.

This is the only place that lists them. A back end is a module with
`generate(isa, environment) -> {path: text}`; it sees the whole model and takes
the part it needs.
"""
from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

from gen.back import (coverage, csr, decode, disasm, encode, exec, group, harness, ids,
                      info, lift, prefixed, regs, smir_ops, threaded)
from gen.front import isafile, isatable, packetisa, smirdef, testtable, x86_file
from gen.front.asl import load as aslfile
from gen.front.bodies import check_bodies
from gen.front.overrides import read_overrides
from gen.front.registers import read_registers
from gen.front.text import Source
from gen.front.simd_family import read_families
from gen.front.x86_asl import read_entries
from gen.front.x86_bodies import check_x86
from gen.front.x86_simd import CLASSES, SimdBodies
from gen.front.x86_x87 import X87Checker
from gen.model import prims
from gen.model.checked import Isa
from gen.model.encoding import Body, Insn, IsaEncodings
from gen.model.isa import IsaInfo
from gen.model.override import Override
from gen.model.pure import PURE
from gen.model.registers import Reg, Registers
from gen.model.sem import Sem
from gen.model.smir import SmirTable
from gen.model.tests import Tests
from gen.passes.layout import check_layout, layout
from gen.passes.overlap import check_overlap
from gen.passes.prefixed_overlap import check_prefixed
from gen.passes.refine import refine
from gen.support.errors import Errors
from gen.support.render import environment


@dataclass(frozen=True, slots=True)
class Target:
    """An ISA: folder of its tables below spec/, their names, its outputs. front:
    reader of its .isa file."""

    name: str
    folder: str
    registers: tuple[str, ...]
    backs: tuple[ModuleType, ...]
    front: ModuleType = isafile
    suites: tuple[str, ...] = ()  # further tests: tables difftest_NAME.tbl

    @property
    def outputs(self) -> tuple[str, ...]:
        return tuple(f"{self.name}/{f}" for b in self.backs for f in FILES[b]) \
            + tuple(f"{self.name}/harness_{s}.c" for s in self.suites)

    def encodings(self, spec: Path, errors: Errors, verify: bool) -> IsaEncodings:
        """Front end of the encodings; an ISA with tables of another format has
        a target class of its own."""
        file = f"{self.folder}/{self.name}.isa"
        enc = layout(self.front.load(spec / file, f"spec/{file}", errors), errors)
        if verify:
            check_layout(enc, errors)
        check_overlap(enc, errors)
        errors.check()
        return enc

    def load(self, spec: Path, errors: Errors, verify: bool) -> Isa:
        """Front ends and passes."""
        def path(file: str) -> tuple[Path, str]:
            return spec / self.folder / file, f"spec/{self.folder}/{file}"

        enc = self.encodings(spec, errors, verify)
        table = isatable.read(Source(*path("isa.tbl")), errors)
        regnames = {r.name: r.names for r in enc.regs}
        regmodel = read_registers([Source(*path(f)) for f in self.registers], regnames, errors)
        errors.check()
        names = {i.name for i in enc.insns}
        for name, span in {n: s for steps, s in table.fusions.items() for n in steps}.items():
            if name not in names:
                errors.add(span, f"fuse: there is no instruction or set '{name}'")
        for name, cls in table.classes.items():  # how many there are, the state says
            state = next((r for r in regmodel.regs if r.name == cls.state), None)
            if cls.vector and state is not None:
                cls = replace(cls, count=state.count)
            if state is not None:
                table.classes[name] = replace(cls, commit=state.commit)
        info = replace(table.info(), group=enc.group is not None)
        check_classes(info, enc, regmodel, errors)
        check_scalars(info, regmodel, errors)
        overrides = read_overrides(spec / "overrides" / self.name, f"spec/overrides/{self.name}",
                                   names, errors)
        errors.check()
        meanings = refine(self.checked(spec, enc, info, overrides, errors), info, errors, verify)
        errors.check()
        tests = testtable.read(Source(*path("difftest.tbl")), Source(*path("verified.tbl")),
                               {i.name: i.encoding.extension for i in enc.insns},
                               set(info.hooks), errors)
        testtable.check(tests, {r.name: r.count for r in regmodel.regs}, info.exceptions, errors)
        errors.check()
        suites = tuple((s, self.suite(s, path, enc, info, regmodel, errors)) for s in self.suites)
        errors.check()
        return Isa(info, enc, meanings, tuple(table.fusions), regmodel, tests,
                   tuple(overrides.values()), suites, fast=threaded in self.backs)

    def suite(self, name: str, path, enc: IsaEncodings, info: IsaInfo, regs: Registers,
              errors: Errors) -> Tests:
        """Further tests, of some instructions."""
        tests = testtable.read(Source(*path(f"difftest_{name}.tbl")),
                               Source(*path(f"verified_{name}.tbl")),
                               {i.name: i.encoding.extension for i in enc.insns},
                               set(info.hooks), errors)
        testtable.check(tests, {r.name: r.count for r in regs.regs}, info.exceptions, errors)
        return tests

    def checked(self, spec: Path, enc: IsaEncodings, info: IsaInfo,
                overrides: dict[str, Override], errors: Errors) -> list[tuple[Insn, Sem]]:
        """Every instruction with its meaning."""
        return check_bodies(enc, info, overrides, errors)

    def run(self, back: ModuleType, isa: Isa) -> dict[str, str]:
        return back.generate(isa.regs if back in (regs, csr) else isa, environment())

    def summary(self, isa: Isa, files: int) -> str:
        n, meant, by_hand = len(isa.enc.insns), len(isa.meanings), len(isa.overrides)
        return f"{self.name}: {n} encodings, {meant - by_hand} generated, {by_hand} overridden, " \
               f"{n - meant} skipped; {files} files"


@dataclass(frozen=True, slots=True)
class X86Target(Target):
    """Opcode tables, and bodies for all forms of a mnemonic."""

    tables: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    families: tuple[str, ...] = ()

    def encodings(self, spec: Path, errors: Errors, verify: bool) -> IsaEncodings:
        enc = x86_file.load(spec / self.folder, f"spec/{self.folder}", self.tables, self.name,
                            errors)
        check_prefixed(enc, errors)
        errors.check()
        return enc

    def checked(self, spec: Path, enc: IsaEncodings, info: IsaInfo,
                overrides: dict[str, Override], errors: Errors) -> list[tuple[Insn, Sem]]:
        bodies: dict[str, Body] = {}
        for file in self.entries:
            read_entries(Source(spec / self.folder / file, f"spec/{self.folder}/{file}"), errors,
                         bodies)
        lanes = [f for file in self.families
                 for f in read_families(spec / self.folder / file, f"spec/{self.folder}/{file}",
                                        frozenset(CLASSES), errors)]
        errors.check()
        return check_x86(enc.insns, bodies, info, overrides, SimdBodies(lanes, info, errors),
                         errors, {"X87": X87Checker, "MMX": X87Checker})


def check_classes(info: IsaInfo, enc: IsaEncodings, regs: Registers, errors: Errors) -> None:
    """Register classes are arrays of the state, of the width that bodies see."""
    arrays = {r.name: r for r in regs.regs}
    for cls in info.classes.values():
        reg = arrays.get(cls.state)
        if cls.at and reg is not None and reg.width > cls.width:
            continue  # parts of its elements
        if reg is None or reg.width << cls.pair != cls.width or reg.block != cls.vector:
            errors.add(cls.span, f"class {cls.name}: the state has no register {cls.state} of "
                                 f"{cls.width} bits")
        elif not any(r.name in (cls.name, cls.names) for r in enc.regs):
            if any(o.regclass == cls.name for i in enc.insns for o in i.operands):
                errors.add(cls.span, f"class {cls.name} has no register names")
        elif reg.count < max(len(r.names) for r in enc.regs
                             if r.name in (cls.name, cls.names)):
            errors.add(cls.span, f"class {cls.name}: {cls.state} has {reg.count} elements only")


def check_scalars(info: IsaInfo, regs: Registers, errors: Errors) -> None:
    """Scalars are fields of the state, wide enough for their values."""
    fields = {_place(r, k): r for r in regs.regs for k in range(r.count)}
    for s in info.scalars.values():
        reg = fields.get(s.field)
        if reg is None or reg.width < s.width:
            errors.add(s.span, f"scalar {s.name}: the state has no register {s.field} of "
                               f"{s.width} bits or more")


def _place(reg: Reg, k: int) -> str:
    return f"{reg.name}[{k}]" if reg.array else reg.name


def _shards(stem: str, n: int) -> tuple[str, ...]:
    return tuple(f"{stem}_{k}.c" for k in range(n))


FILES: dict[ModuleType, tuple[str, ...]] = {  # that each back end writes, for every ISA
    ids: ("ids.h",),
    decode: ("decode.h", "decode.c"),
    disasm: ("disasm.h", "disasm.c"),
    prefixed: ("decode.h", "disasm.h", "encode.h", "emit.h", "emitters.h", "tables.h", "decode.c",
               "prefixed.c"),
    encode: ("encode.h", "encode.c"),
    exec: ("exec.h", "exec_table.c", *_shards("exec", exec.SHARDS)),
    threaded: ("thr.h", "select.c", *_shards("thr", threaded.SHARDS)),
    info: ("isa.h", "isa.c", "info.c"),
    lift: ("lift.h", "lift_table.c", *_shards("lift", lift.SHARDS)),
    group: ("group.h", "group.c"),
    regs: ("regs.h", "regs.c"),
    csr: ("csr.c",),
    harness: ("harness.c",),
    coverage: ("coverage.c", "coverage.md"),
}


@dataclass(frozen=True, slots=True)
class SmirTarget:
    """The intermediate representation: no instruction set, but a table and its outputs."""

    name: str = "smir"
    backs: tuple[ModuleType, ...] = (smir_ops,)
    outputs: tuple[str, ...] = ("smir/ops.h", "smir/prims.h", "smir/smir.md")

    def load(self, spec: Path, errors: Errors, verify: bool) -> SmirTable:
        source = Source(spec / "smir" / "ops.def", "spec/smir/ops.def")
        table = smirdef.read(source, errors)
        errors.check()
        smirdef.check_primitives(table, {name for p in prims.FP.values() if p.smir
                                                for name in p.smir.split("/")}
                                  | {p.smir for p in PURE.values() if p.lifts}, source, errors)
        return table

    def run(self, back: ModuleType, table: SmirTable) -> dict[str, str]:
        return back.generate(table, environment())

    def summary(self, table: SmirTable, files: int) -> str:
        return f"smir: {len(table.ops)} operations; {files} files"


ISAS = {t.name: t for t in (
    SmirTarget(),
    Target("rv64", "riscv", ("state.tbl", "fields.tbl", "csrs.tbl"),
           (ids, decode, disasm, encode, exec, threaded, info, lift, regs, csr, harness,
            coverage)),
    X86Target("x86", "x86", ("state.tbl",),
              (ids, prefixed, exec, lift, regs, info, coverage, harness),
              tables=("integer.opc", "apx.opc", "x87.opc", "sse.opc", "avx.opc"),
              suites=("32", "16"), entries=("integer.asl", "x87.asl"), families=("simd.xml",)),
    Target("a64", "arm/a64", ("state.tbl",),
           (ids, decode, disasm, encode, exec, info, lift, regs, harness, coverage), aslfile,
           suites=("sve", "sme", "streaming")),
    Target("t32", "arm/t32", ("state.tbl",),
           (ids, decode, disasm, encode, exec, info, lift, regs, harness, coverage), aslfile),
    Target("hexagon", "hexagon", ("state.tbl",),
           (ids, decode, disasm, encode, exec, info, lift, regs, group, harness, coverage),
           packetisa),
)}
