# SPDX-License-Identifier: MIT
"""Reader of spec/overrides/<isa>/*.toml: encodings that a hand-written C
function executes, because the specification cannot say what they do.

    ["dc.zva"]
    function = "rx_a64_dc_zva"      an rx_executor that the ISA's header declares
    effects = ["memory", "ends"]    it accesses memory; its block ends behind it
    why = "..."
    ref = "..."                     section of the manual
"""
from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Collection

from gen.front.text import Source
from gen.model.encoding import Span
from gen.model.override import Override
from gen.model.sem import Native
from gen.support.errors import Errors, SpecError

_TEXTS = ("function", "why", "ref")
_EFFECTS = ("memory", "ends")
_AT = re.compile(r"(.*) \(at line (\d+), column (\d+)\)")


def _toml(source: Source) -> tuple[dict[str, object], list[str]]:
    lines = source.lines()
    try:
        return tomllib.loads("\n".join(lines)), lines
    except tomllib.TOMLDecodeError as e:
        m = _AT.fullmatch(str(e))
        at = Span(source.shown, int(m[2]), int(m[3])) if m else Span(source.shown, len(lines))
        raise SpecError(at, m[1] if m else str(e)) from None


def _where(source: Source, lines: list[str], name: str) -> Span:
    """The line of a table's head, or of a key's."""
    head = re.compile(rf"""\s*\[?\s*["']?{re.escape(name)}["']?\s*[\]=]""")
    return Span(source.shown, next((n for n, text in enumerate(lines, 1) if head.match(text)), 1))


def _override(name: str, row: object, span: Span, insns: Collection[str]) -> Override:
    if not isinstance(row, dict):
        raise SpecError(span, f"expected a table [\"{name}\"] of an instruction")
    if name not in insns:
        raise SpecError(span, f"there is no instruction '{name}'")
    for key in row:
        if key not in (*_TEXTS, "effects"):
            raise SpecError(span, f"{name}: '{key}' is not known; {', '.join(_TEXTS)} "
                                  "and effects are")
    for key in _TEXTS:
        if not isinstance(row.get(key), str) or not row[key].strip():
            raise SpecError(span, f"{name}: {key} = \"...\" is missing")
    if not row["function"].isidentifier():
        raise SpecError(span, f"{name}: '{row['function']}' is no name of a C function")
    effects = row.get("effects", [])
    if not isinstance(effects, list) or any(x not in _EFFECTS for x in effects):
        raise SpecError(span, f"{name}: effects are a list of {', '.join(_EFFECTS)}")
    native = Native(row["function"], "memory" in effects, "ends" in effects)
    return Override(name, native, row["why"], row["ref"], span)


def read_overrides(folder: Path, shown: str, insns: Collection[str],
                   errors: Errors) -> dict[str, Override]:
    """All of the folder, which need not exist; insns: names of instructions."""
    out: dict[str, Override] = {}
    for path in sorted(folder.glob("*.toml")):
        source = Source(path, f"{shown}/{path.name}")
        try:
            rows, lines = _toml(source)
        except SpecError as e:
            errors.take(e)
            continue
        for name, row in rows.items():
            span = _where(source, lines, name)
            try:
                if name in out:
                    raise SpecError(span, f"{name} has an override already")
                out[name] = _override(name, row, span, insns)
            except SpecError as e:
                errors.take(e)
    return out
