# SPDX-License-Identifier: MIT
"""The instruction sets: which front end, passes, back ends and files each has.

This is the only place that lists them. A back end is a module with
`generate(isa, environment) -> {path: text}`; it sees the whole model and takes
the part it needs.
"""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from gen.back import decode, disasm, encode, exec, ids, info, regs, threaded
from gen.front import bodies, isafile, isatable, registers
from gen.model.checked import Isa
from gen.passes.layout import check_layout, layout
from gen.passes.overlap import check_overlap
from gen.support.errors import Errors
from gen.support.render import environment


@dataclass(frozen=True, slots=True)
class Target:
    """An ISA: folder of its tables below spec/, their names, its outputs."""

    name: str
    folder: str
    backs: tuple[ModuleType, ...]
    outputs: tuple[str, ...]

    def load(self, spec: Path, errors: Errors, verify: bool) -> Isa:
        """Front ends and passes."""
        def path(file: str) -> tuple[Path, str]:
            return spec / self.folder / file, f"spec/{self.folder}/{file}"

        enc = isafile.load(*path(f"{self.name}.isa"), errors)
        enc = layout(enc, errors)
        if verify:
            check_layout(enc, errors)
        check_overlap(enc, errors)
        errors.check()
        table = isatable.read(*path("isa.tbl"), errors)
        regmodel = registers.load(*path("state.tbl"), errors)
        errors.check()
        meanings = bodies.meanings(enc, table.info(), errors)
        names = {m.insn.name for m in meanings}
        for span, steps in table.fusions:
            for s in steps:
                if s.name not in names:
                    errors.add(span, f"fuse: there is no instruction '{s.name}'")
        errors.check()
        return Isa(table.info(), enc, meanings, tuple(s for _, s in table.fusions), regmodel)

    def run(self, back: ModuleType, isa: Isa) -> dict[str, str]:
        return back.generate(isa, environment())

    def summary(self, isa: Isa, files: int) -> str:
        n = len(isa.meanings)
        return f"{self.name}: {n} encodings, {n} generated, 0 overridden, 0 skipped; {files} files"


def _shards(name: str, stem: str, n: int) -> tuple[str, ...]:
    return tuple(f"{name}/{stem}_{k}.c" for k in range(n))


def _outputs(name: str) -> tuple[str, ...]:
    files = ("ids.h", "isa.h", "isa.c", "info.c", "exec.h", "exec_table.c", "thr.h", "select.c",
             "decode.h", "decode.c", "disasm.h", "disasm.c", "encode.h", "encode.c",
             "regs.h", "regs.c", "csr.c")
    return tuple(f"{name}/{f}" for f in files) + _shards(name, "exec", exec.SHARDS) \
        + _shards(name, "thr", threaded.SHARDS)


ISAS = {t.name: t for t in (
    Target("rv64", "riscv", (ids, decode, disasm, encode, exec, threaded, info, regs),
           _outputs("rv64")),
)}
