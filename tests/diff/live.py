#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Random cases against running oracles.

    live.py --isa ISA [--cases N] [--seed N] [--builddir DIR] [INSN...]

N cases of each instruction (default 1000) go through each oracle and then all
engines of tests/conf/conf. Differences are printed, each with the command that
shows it again. Exit code 1 when there is one, 3 without an oracle. INSN may be
a pattern.
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

BEYOND = 1_000_000  # indices from here on are random cases of every instruction


def judged_by(where: dict[str, str], guest: Guest, names: list[str], newest: bool) -> list[str]:
    """The instructions that this oracle can judge."""
    found = [n for n in where if not names or any(fnmatch(n, p) for p in names)]
    if newest:
        return found
    return [n for n in found if guest.judged_by_old(n, where[n]) and not guest.wrong_in_old(n)]


def run(args: argparse.Namespace, seed: int, qemu: Qemu, program: Path, insns: list[str]) -> bool:
    """True: no differences."""
    conf = str(Path(args.builddir) / "tests" / "conf" / "conf")
    oracle = subprocess.Popen(
        [args.judge, "--isa", args.isa, "--oracle", qemu.name, "--seed", str(seed), "--first",
         str(BEYOND), "--count", str(args.cases), "--insns", ",".join(insns), "--",
         *qemu.command, str(program)], stdout=subprocess.PIPE)
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
    p.add_argument("--isa", required=True, choices=sorted(GUESTS))
    p.add_argument("--cases", type=int, default=1000)
    p.add_argument("--seed", type=int, default=None)
    p.add_argument("--builddir", default=os.environ.get("builddir", "."))
    p.add_argument("insn", nargs="*")
    args = p.parse_args()
    args.judge = str(Path(args.builddir) / "tests" / "diff" / "judge")
    guest = GUESTS[args.isa]
    where = extensions(args.judge, args.isa)
    seed = random.SystemRandom().randrange(1, 1 << 32) if args.seed is None else args.seed
    status = 0
    with tempfile.TemporaryDirectory() as tmp:
        program = build(guest, Path(tmp))
        for k, qemu in enumerate(all_oracles(guest)):
            insns = judged_by(where, guest, args.insn, k == 0 and qemu.major >= 9)
            if not run(args, seed, qemu, program, insns):
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
