# SPDX-License-Identifier: MIT
"""Lines of opcode tables that APX promotes: the same opcode behind EVEX, with
registers 16 to 31 and, where the line says so, a new destination and flags left
alone. `apx=nd,nf` on a line makes these lines of it; apx=- only the first:

    rm:rw, r            {evex}; map 4 for legacy maps, the same map for VEX
    ndd=r:w, dst=rm, r  nd: what dst becomes goes to ndd, and dst stays
    {nf}                nf: another form of each of them
"""
from __future__ import annotations

from dataclasses import replace

from gen.front.x86_operands import operand_names
from gen.front.x86_table import Line, OpDecl
from gen.support.errors import SpecError

FEATURE = "APX_F"
_KEPT = ("sz", "att")


def _attrs(line: Line, words: list[str], legacy: bool, nd: bool) -> dict[str, str]:
    out = {k: v for k, v in line.attrs.items() if k in _KEPT}
    if "nf" in words:
        out["nf"] = ""
    if not legacy:
        out["o64"] = ""
    elif not nd:
        out["evex"] = ""
    return out


def _with_destination(line: Line) -> tuple[OpDecl, ...]:
    named = [replace(o, name=n) for o, n in zip(line.operands, operand_names(line))]
    if not named or named[0].name != "dst" or named[0].access != "rw":
        raise SpecError(line.span, "apx=nd wants a first operand that is read and written")
    ndd = OpDecl("ndd", "r", "w", "", 0, True, named[0].span)
    return ndd, replace(named[0], access="r"), *named[1:]


def promoted(line: Line) -> list[Line]:
    """The lines that apx= adds to a line."""
    if "apx" not in line.attrs:
        return []
    words = line.attrs["apx"].split(",")
    if not set(words) <= {"-", "nd", "nf"}:
        raise SpecError(line.span, "apx is -, nd, nf or nd,nf")
    e = line.enc
    legacy = e.space == "legacy"
    if legacy and e.pp or e.space == "evex" or "nd" in words and not legacy:
        raise SpecError(line.span, "apx= cannot promote this encoding")
    enc = replace(e, space="evex", map=4 if legacy else e.map, length="0", nd=0, b=0)
    out = [replace(line, enc=enc, feature=FEATURE, attrs=_attrs(line, words, legacy, False))]
    if "nd" in words:
        out.append(replace(line, enc=replace(enc, nd=1, b=1), operands=_with_destination(line),
                           feature=FEATURE, attrs=_attrs(line, words, legacy, True)))
    return out
