#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Random cases against running oracles.

    live.py [--cases N] [--seed N] CONF_RV64 [INSN...]

N cases of each instruction (default 1000) go through each oracle and then all
engines of CONF_RV64 (the test program). Differences are printed, each with the
command that shows it again. Exit code 1 when there is one, 3 without an oracle.
"""
from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
from fnmatch import fnmatch
from pathlib import Path

from qemu import OLD_LACKS, OLD_WRONG, Qemu, Unavailable, all_oracles, build, extensions

BEYOND = 1_000_000  # indices from here on are random cases of every instruction


def judged_by(qemu: Qemu, names: list[str], newest: bool) -> list[str]:
    """The instructions that this oracle can judge."""
    where = extensions()
    names = names or [n for n in where if n not in ("illegal", "ecall")]
    if newest:
        return names
    return [n for n in names if where[n] not in OLD_LACKS and
            not any(fnmatch(n, p) for p in OLD_WRONG)]


def main() -> int:
    p = argparse.ArgumentParser(description="Random cases against running oracles.")
    p.add_argument("--cases", type=int, default=1000)
    p.add_argument("--seed", type=int, default=None)
    p.add_argument("conf")
    p.add_argument("insn", nargs="*")
    args = p.parse_args()
    seed = random.SystemRandom().randrange(1, 1 << 32) if args.seed is None else args.seed
    status = 0
    with tempfile.TemporaryDirectory() as tmp:
        program = build(Path(tmp))
        for k, qemu in enumerate(all_oracles()):
            names = judged_by(qemu, args.insn, k == 0 and qemu.major >= 9)
            oracle = subprocess.Popen(
                [*qemu.command, str(program), "-s", str(seed), "-f", str(BEYOND),
                 "-n", str(args.cases), *names], stdout=subprocess.PIPE)
            done = subprocess.run([args.conf, "--vectors", "-"], stdin=oracle.stdout,
                                  capture_output=True, text=True)
            if oracle.wait():
                print(f"{qemu.name}: exit status {oracle.returncode}")
                status = 1
            print(f"{qemu.name}, seed {seed}, {len(names)} instructions: "
                  f"{(done.stdout + done.stderr).strip()}", flush=True)
            if done.returncode:
                print(f"again: tests/diff/live.py --cases {args.cases} --seed {seed} {args.conf}")
                status = 1
    return status


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Unavailable as e:
        print(f"live.py: {e}", file=sys.stderr)
        sys.exit(3)
