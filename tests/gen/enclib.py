# SPDX-License-Identifier: MIT
"""Small ISAs from text, for tests of the encoding side of the generator."""
from __future__ import annotations

import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
if str(TOP) not in sys.path:
    sys.path.insert(0, str(TOP))

from gen.front.isafile import load  # noqa: E402
from gen.model.encoding import IsaEncodings  # noqa: E402
from gen.passes.layout import check_layout, layout  # noqa: E402
from gen.passes.overlap import check_overlap  # noqa: E402
from gen.support.errors import Errors, Stop  # noqa: E402

CASES = Path(__file__).resolve().parent / "refused" / "enc"


def sections(text: str) -> dict[str, str]:
    """A case file: `--- NAME` starts a part, what stands before is comment."""
    out: dict[str, str] = {}
    name = ""
    for line in text.splitlines(keepends=True):
        if line.startswith("--- "):
            name = line[4:].strip()
            out[name] = ""
        elif name:
            out[name] += line
    return out


def case(name: str) -> dict[str, str]:
    return sections((CASES / f"{name}.case").read_text())


def build(files: dict[str, str]) -> tuple[IsaEncodings | None, list[str]]:
    """The ISA mini.isa of these files after all passes, or what is wrong."""
    errors = Errors()
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text)
        try:
            isa = load(Path(folder) / "mini.isa", "spec/mini/mini.isa", errors)
            isa = layout(isa, errors)
            check_layout(isa, errors)
            check_overlap(isa, errors)
            errors.check()
        except Stop:
            return None, errors.lines()
    return isa, []


def mini(**files: str) -> IsaEncodings:
    """The accepted base ISA with some files replaced (`ext=...`, `mini_asl=...`)."""
    parts = case("base")
    parts.pop("expect")
    parts.update({k.replace("_", "."): v for k, v in files.items()})
    isa, lines = build(parts)
    if isa is None:
        raise AssertionError("\n".join(lines))
    return isa


def rv64() -> IsaEncodings:
    """The real one, laid out."""
    errors = Errors()
    isa = load(TOP / "spec" / "riscv" / "rv64.isa", "spec/riscv/rv64.isa", errors)
    isa = layout(isa, errors)
    errors.check()
    return isa
