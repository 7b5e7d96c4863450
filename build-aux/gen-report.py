# SPDX-License-Identifier: MIT
"""make gen-report: what the generated code costs.

    gen-report.py SRCDIR [ISA ...]

For each ISA: seconds to generate, then for each kind of output the lines, the
CPU seconds to compile it and the bytes of object code (text and data), in all
and per encoding; and every function over 4 kB of C. CC and CFLAGS are those of
the environment. What is measured is the generator's present output, in a
temporary folder.
"""
from __future__ import annotations

import os
import re
import resource
import shlex
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LARGE = 4096  # bytes of C
_KIND = re.compile(r"([a-z_]+?)(?:_\d+)?\.c$")
_HEAD = re.compile(r"^[a-z][^;{}=]*?([A-Za-z_]\w*)\([^;{}]*\)\n\{\n", re.M)
_SIZE = re.compile(r"^\s*(\d+)\s+(\d+)\s+(\d+)")


@dataclass(slots=True)
class Cost:
    """Of one kind of output."""

    lines: int = 0
    seconds: float = 0.0
    bytes: int = 0


def children_seconds() -> float:
    """CPU time of finished child processes."""
    use = resource.getrusage(resource.RUSAGE_CHILDREN)
    return use.ru_utime + use.ru_stime


def run(command: list[str], **options) -> tuple[str, float]:
    """Output and CPU seconds; a failure ends the report."""
    before = children_seconds()
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        sys.exit(f"gen-report: {' '.join(command)}\n{done.stderr[-2000:]}")
    return done.stdout, children_seconds() - before


def functions(text: str) -> Iterator[tuple[str, int]]:
    """Name and bytes of each function."""
    for m in _HEAD.finditer(text):
        end = text.find("\n}\n", m.end() - 1)
        yield m[1], end + 3 - m.start()


def encodings(folder: Path, isa: str) -> int:
    """Number of encodings, the illegal one left out."""
    m = re.search(r"_COUNT = (\d+)|_COUNT (\d+)", (folder / isa / "ids.h").read_text())
    if m:
        return int(m[1] or m[2]) - 1
    return len(re.findall(r"^\tRG_", (folder / isa / "ids.h").read_text(), re.M)) - 2


def report(top: Path, isa: str) -> None:
    """Prints one ISA."""
    cc = shlex.split(os.environ.get("CC", "cc")) + shlex.split(os.environ.get("CFLAGS", "-O2"))
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        generator = [sys.executable, "-B", "-m", "gen", "--quiet", "--out", name]
        env = os.environ | {"PYTHONPATH": f"{top}:{top / 'tools/asl-parser'}"}
        _, seconds = run([*generator, "--isa", isa], env=env, cwd=top)
        _, _ = run([*generator, "--isa", "smir"], env=env, cwd=top)
        for other in {p.name for p in (top / "generated").iterdir() if p.is_dir()} - {isa, "smir"}:
            (out / other).symlink_to(top / "generated" / other)
        n = encodings(out, isa)
        costs: dict[str, Cost] = defaultdict(Cost)
        large: list[tuple[int, str, str]] = []
        for file in sorted((out / isa).glob("*.c")):
            text = file.read_text()
            include = ["-I", name, "-I", str(top / "runtime"), "-I", str(top / "runtime/include"),
                       "-I", str(top)]
            _, used = run([*cc, "-std=gnu11", "-DRX_HAVE_TAILCALL=1", *include, "-c", "-o",
                           f"{name}/o.o", str(file)])
            sizes, _ = run(["size", f"{name}/o.o"])
            m = _SIZE.match(sizes.splitlines()[1])
            cost = costs[_KIND.match(file.name)[1]]
            cost.lines += text.count("\n")
            cost.seconds += used
            cost.bytes += int(m[1]) + int(m[2]) if m else 0
            large += [(size, f, file.name) for f, size in functions(text) if size > LARGE]
    print(f"{isa}: {n} encodings, generated in {seconds:.1f} s (CPU)")
    print(f"  {'':10} {'lines':>8} {'compile s':>10} {'object B':>10}"
          f" {'lines/enc':>10} {'ms/enc':>8} {'B/enc':>8}")
    total = Cost(sum(c.lines for c in costs.values()), sum(c.seconds for c in costs.values()),
                 sum(c.bytes for c in costs.values()))
    for kind, c in [*sorted(costs.items(), key=lambda item: -item[1].seconds), ("all", total)]:
        print(f"  {kind:10} {c.lines:8} {c.seconds:10.2f} {c.bytes:10}"
              f" {c.lines / n:10.1f} {1000 * c.seconds / n:8.2f} {c.bytes / n:8.0f}")
    for size, function, file in sorted(large, reverse=True):
        print(f"  over {LARGE} bytes of C: {function} in {file}, {size}")


def main() -> int:
    """The ISAs that are named, or all."""
    top = Path(sys.argv[1]).resolve()
    known, _ = run([sys.executable, "-B", "-m", "gen", "--print-outputs"], cwd=top,
                   env=os.environ | {"PYTHONPATH": f"{top}:{top / 'tools/asl-parser'}"})
    isas = sorted({line.split("/")[1] for line in known.splitlines()} - {"smir"})
    for isa in sys.argv[2:] or isas:
        report(top, isa)
    return 0


if __name__ == "__main__":
    sys.exit(main())
