# SPDX-License-Identifier: MIT
"""python3 -m gen: from spec/ to generated/.

The pipeline of an ISA is generate(); each step is a module that can be read
alone: front ends build the model, passes check and refine it, back ends return
texts. Exit codes: 0 done, 1 the specification has errors, 2 usage, 70 a bug.
"""
from __future__ import annotations

import argparse
import sys
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

if __package__:
    from gen.isas import ISAS, Target
    from gen.support.errors import Errors, Stop
    from gen.support.write import write_if_changed


def arguments() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(prog="python3 -m gen", description="Generates C from spec/.")
    p.add_argument("--out", type=Path, default=ROOT / "generated", metavar="DIR",
                   help="where the files go (default: generated/)")
    p.add_argument("--spec", type=Path, default=ROOT / "spec", metavar="DIR",
                   help="folder of the specification (default: spec/)")
    p.add_argument("--isa", action="append", choices=sorted(ISAS), metavar="NAME",
                   help="only this ISA (%(choices)s); may be repeated")
    p.add_argument("--print-outputs", action="store_true",
                   help="print the names of all files that would be written")
    p.add_argument("--verify-each", action="store_true", help="run the verifier after each pass")
    p.add_argument("--quiet", action="store_true", help="errors only")
    return p


class Progress:
    """One line a back end on a terminal, plain lines elsewhere."""

    def __init__(self, quiet: bool) -> None:
        self.quiet, self.tty = quiet, sys.stderr.isatty()
        self.start = time.monotonic()

    def step(self, isa: str, what: str, k: int, n: int) -> None:
        if self.tty and not self.quiet:
            print(f"\r\033[K[{100 * k // n:3d}%] {isa} {what}", end="", file=sys.stderr, flush=True)

    def done(self, line: str) -> None:
        if not self.quiet:
            clear = "\r\033[K" if self.tty else ""
            print(f"{clear}{line} in {time.monotonic() - self.start:.1f} s", file=sys.stderr)


def generate(target: Target, args: argparse.Namespace, errors: Errors) -> dict[str, str]:
    """All files of one ISA by their path below generated/."""
    progress = Progress(args.quiet)
    isa = target.load(args.spec, errors, args.verify_each)
    errors.check()
    out: dict[str, str] = {}
    for k, back in enumerate(target.backs):
        progress.step(target.name, back.__name__.rsplit(".", 1)[-1], k, len(target.backs))
        out.update(target.run(back, isa))
    errors.check()
    progress.done(target.summary(isa, len(out)))
    return out


def main(argv: list[str]) -> int:
    args = arguments().parse_args(argv)
    names = args.isa or sorted(ISAS)
    if args.print_outputs:
        for name in names:
            print("\n".join(f"generated/{o}" for o in ISAS[name].outputs))
        return 0
    for name in names:
        errors = Errors()
        try:
            files = generate(ISAS[name], args, errors)
            unexpected = set(files) ^ set(ISAS[name].outputs)
            if unexpected:
                raise AssertionError(f"{name}: outputs and gen/isas.py differ: {sorted(unexpected)}")
        except Stop:
            print("\n".join(errors.lines()), file=sys.stderr)
            return 1
        for path, text in files.items():
            write_if_changed(args.out / path, text)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Exception:  # a bug of the generator, not of its input
        traceback.print_exc()
        sys.exit(70)
