#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Random cases against running oracles.

    live.py --isa ISA [--cases N] [--seed N] [--builddir DIR] [INSN...]

N cases of each instruction (default 1000) go through each oracle (x86: the host's
processor) and then all engines of tests/conf/conf. Differences are printed, each
with the command that shows it again. Exit code 1 when there is one, 3 without an
oracle. INSN may be a pattern.
"""
from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from fnmatch import fnmatch
from pathlib import Path

from qemu import GUESTS, Guest, Qemu, Unavailable, all_oracles, build, extensions
from silicon import SUITES

BEYOND = 1_000_000  # indices from here on are random cases of every instruction


def judged_by(where: dict[str, str], guest: Guest, names: list[str], newest: bool) -> list[str]:
    """The instructions that this oracle can judge."""
    found = [n for n in where if not names or any(fnmatch(n, p) for p in names)]
    if newest:
        return found
    return [n for n in found if guest.judged_by_old(n, where[n]) and not guest.wrong_in_old(n)]


def run(args: argparse.Namespace, seed: int, qemu: Qemu, command: list[str],
        insns: list[str]) -> bool:
    """True: no differences. command: the oracle's, none for the host."""
    conf = str(Path(args.builddir) / "tests" / "conf" / "conf")
    oracle = subprocess.Popen(
        [args.judge, "--isa", args.isa, "--seed", str(seed), "--first", str(BEYOND), "--count",
         str(args.cases), "--insns", ",".join(insns),
         *(("--oracle", qemu.name, "--") if command else ()), *command], stdout=subprocess.PIPE)
    done = subprocess.run([conf, "--isa", args.isa, "--vectors", "-"], stdin=oracle.stdout,
                          capture_output=True, text=True)
    good = done.returncode == 0
    if oracle.wait():
        print(f"{qemu.name}: exit status {oracle.returncode}")
        good = False
    print(f"{args.isa}, {qemu.name}, seed {seed}, {len(insns)} instructions: "
          f"{(done.stdout + done.stderr).strip()}", flush=True)
    return good


def main() -> int:
    p = argparse.ArgumentParser(description="Random cases against running oracles.")
    p.add_argument("--isa", required=True, choices=sorted((*GUESTS, *SUITES)))
    p.add_argument("--cases", type=int, default=1000)
    p.add_argument("--seed", type=int, default=None)
    p.add_argument("--builddir", default=os.environ.get("builddir", "."))
    p.add_argument("insn", nargs="*")
    args = p.parse_args()
    args.judge = str(Path(args.builddir) / "tests" / "diff" / "judge")
    where = extensions(args.judge, args.isa)
    seed = random.SystemRandom().randrange(1, 1 << 32) if args.seed is None else args.seed
    status = 0
    if args.isa in SUITES:
        insns = [n for n in where if not args.insn or any(fnmatch(n, p) for p in args.insn)]
        return 0 if run(args, seed, Qemu("the host's processor", ()), [], insns) else 1
    guest = GUESTS[args.isa]
    with tempfile.TemporaryDirectory() as tmp:
        program = build(guest, Path(tmp))
        for k, qemu in enumerate(all_oracles(guest)):
            insns = judged_by(where, guest, args.insn, k == 0 and qemu.major >= 9)
            if insns and not run(args, seed, qemu, [*qemu.command, str(program)], insns):
                print(f"again: tests/diff/live.py --isa {args.isa} --cases {args.cases}"
                      f" --seed {seed}")
                status = 1
    return status


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Unavailable as e:
        print(f"live.py: {e}", file=sys.stderr)
        sys.exit(3)
