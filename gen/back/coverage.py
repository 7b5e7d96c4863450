# SPDX-License-Identifier: MIT
"""What is generated for each encoding, and which oracle verified it: a page, and
the table behind `rax coverage`. Decoder and executor exist for all of them:
the generator refuses an encoding without a meaning."""
from __future__ import annotations

from dataclasses import dataclass

from gen.back.lift import lifters
from gen.back.threaded import Builder
from gen.model.checked import Isa


@dataclass(frozen=True, slots=True)
class Row:
    """One encoding."""

    name: str
    extension: str
    fast: bool  # has a handler of its own in the threaded engine
    native: bool  # lifted to operations, not to a call of its executor
    cases: int
    oracle: str
    missing: str  # what the oracles did not judge, or why none did

    @property
    def verified(self) -> str:
        return f"{self.oracle} ({self.cases} cases)" if self.cases else "-"


@dataclass(frozen=True, slots=True)
class Sum:
    """The encodings of one extension, counted."""

    extension: str
    rows: tuple[Row, ...]

    @property
    def encodings(self) -> int:
        return len(self.rows)

    @property
    def fast(self) -> int:
        return sum(r.fast for r in self.rows)

    @property
    def native(self) -> int:
        return sum(r.native for r in self.rows)

    @property
    def verified(self) -> int:
        return sum(r.cases > 0 for r in self.rows)


def collect(isa: Isa) -> list[Row]:
    """One row an encoding, in the order of their ids."""
    threaded = Builder(isa)
    if isa.fast:
        threaded.build()
    native = lifters(isa)[1]
    verified = {v.insn: v for t in (isa.tests, *(t for _, t in isa.suites)) for v in t.verified}
    out = []
    for m in isa.meanings:
        name = m.insn.name
        v = verified.get(name)
        out.append(Row(name, m.insn.encoding.extension, name in threaded.canon, name in native,
                       v.cases if v else 0, v.oracle if v else "",
                       isa.tests.skip(name) or isa.tests.missing(name)
                       or ("" if v else "not recorded")))
    return out


def generate(isa: Isa, env) -> dict[str, str]:
    rows = collect(isa)
    by_extension: dict[str, list[Row]] = {}
    for r in rows:
        by_extension.setdefault(r.extension, []).append(r)
    sums = [Sum(e, tuple(part)) for e, part in by_extension.items()]
    name = isa.info.name
    values = dict(isa=name, rows=rows, sums=sums, total=Sum("all", tuple(rows)))
    return {f"{name}/coverage.md": env.get_template("coverage/coverage.md.j2").render(**values),
            f"{name}/coverage.c": env.get_template("coverage/coverage.c.j2").render(**values)}
