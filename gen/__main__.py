# SPDX-License-Identifier: MIT
"""python3 -m gen: from spec/ to generated/.

The pipeline of an ISA is generate(); each step is a module that can be read
alone: front ends build the model, passes check and refine it, back ends return
texts. Exit codes: 0 done, 1 the specification has errors or a file cannot be
written, 2 usage, 70 a bug of the generator.
"""
from __future__ import annotations

import argparse
import sys
import time
import traceback
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
for _folder in (ROOT / "tools" / "asl-parser", ROOT):  # wherever it is started
    if str(_folder) not in sys.path:
        sys.path.insert(0, str(_folder))

from gen.armasl import UserFront  # noqa: E402
from gen.isas import ISAS, SmirTarget, Target  # noqa: E402
from gen.support.errors import Errors, SpecError, Stop  # noqa: E402
from gen.support.write import write_if_changed  # noqa: E402


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
    p.add_argument("--verify-each", action="store_true",
                   help="run the model's verifiers before and after each pass")
    p.add_argument("--intel-xml", type=Path, metavar="FILE",
                   help="compare spec/x86 with Intel's intrinsics guide (XML, or packed with xz) "
                        "instead of writing anything")
    p.add_argument("--arm-asl", type=Path, metavar="DIR",
                   help="a64 with the meanings of your instruction files in Arm's public ASL; "
                        "reports what cannot be translated")
    p.add_argument("--quiet", action="store_true", help="errors only")
    return p


class Progress:
    """One line a back end on a terminal, plain lines elsewhere."""

    def __init__(self, quiet: bool) -> None:
        self.quiet, self.tty = quiet, sys.stderr.isatty()
        self.start = time.monotonic()

    def step(self, isa: str, what: str, k: int, n: int) -> None:
        if self.tty and not self.quiet:
            print(f"\r\033[K[{100 * k // n:3d}%] {isa} {what}", end="", file=sys.stderr,
                  flush=True)

    def clear(self) -> None:
        """Takes the line away, before something else is printed."""
        if self.tty and not self.quiet:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def done(self, line: str) -> None:
        self.clear()
        if not self.quiet:
            print(f"{line} in {time.monotonic() - self.start:.1f} s", file=sys.stderr)


def generate(target: Target | SmirTarget, args: argparse.Namespace,
             errors: Errors) -> dict[str, str]:
    """All files of one ISA by their path below generated/."""
    progress = Progress(args.quiet)
    try:
        isa = target.load(args.spec, errors, args.verify_each)
        errors.check()
        out: dict[str, str] = {}
        for k, back in enumerate(target.backs):
            progress.step(target.name, back.__name__.rsplit(".", 1)[-1], k, len(target.backs))
            out.update(target.run(back, isa))
        errors.check()
    except SpecError as e:  # of a step that finds one fault only
        progress.clear()
        errors.take(e)
        raise Stop from None
    except BaseException:
        progress.clear()
        raise
    unexpected = out.keys() ^ set(target.outputs)
    if unexpected:
        raise AssertionError(f"{target.name}: outputs and gen/isas.py differ: "
                             f"{sorted(unexpected)}")
    progress.done(target.summary(isa, len(out)))
    return out


def intel_xml(args: argparse.Namespace) -> int:
    """The official guide beside our meanings."""
    from gen import intelxml
    errors = Errors()
    try:
        isa = ISAS["x86"].load(args.spec, errors, args.verify_each)
        errors.check()
        lines, good = intelxml.check(isa, args.intel_xml, args.spec)
    except SpecError as e:
        print(e, file=sys.stderr)
        return 1
    except Stop:
        print("\n".join(errors.lines()), file=sys.stderr)
        return 1
    print("\n".join(lines))
    return 0 if good else 1


def main(argv: list[str]) -> int:
    args = arguments().parse_args(argv)
    if args.intel_xml is not None:
        return intel_xml(args)
    names, user, isas = args.isa or sorted(ISAS), None, dict(ISAS)
    if args.arm_asl is not None:
        if not args.arm_asl.is_dir():
            print(f"--arm-asl: {args.arm_asl} is no folder", file=sys.stderr)
            return 2
        user = UserFront(args.arm_asl)
        names, isas["a64"] = args.isa or ["a64"], replace(ISAS["a64"], front=user)
    if args.print_outputs:
        for name in names:
            print("\n".join(f"generated/{o}" for o in ISAS[name].outputs))
        return 0
    files: dict[str, str] = {}
    for name in dict.fromkeys(names):
        errors = Errors()
        try:
            files |= generate(isas[name], args, errors)
        except Stop:
            print("\n".join(errors.lines()), file=sys.stderr)
            return 1
    if user is not None:
        print("\n".join(user.report.text()))
    for path, text in files.items():
        try:
            write_if_changed(args.out / path, text)
        except OSError as e:
            print(f"{args.out / path}: cannot write: {e.strerror}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Exception:  # a bug of the generator, not of its input
        traceback.print_exc()
        sys.exit(70)
