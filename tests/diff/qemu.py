# SPDX-License-Identifier: MIT
"""The oracles: the installed QEMU and a newer one beside it, and the program
that runs cases on them (oracle.c)."""
from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tools" / "guest"))

from aptroot import AptRoot, FetchError, debian_mirrors, read_sources  # noqa: E402

SUITE = "bookworm-backports"
SOURCES = ("tests/diff/oracle.c", "tests/conf/cases.c", "tests/conf/result.c",
           "generated/rv64/difftest.c")
# Extensions that ours has and QEMU leaves out unless asked; those of ours that
# change what an instruction of another does are turned off.
CPU_OLD = "rv64,Zfh=true"
CPU_NEW = "max,v=off,zama16b=off"

# The older QEMU does not know these; the newer one alone judges them.
OLD_LACKS = {"rv_f_zfa", "rv_d_zfa", "rv_zfh_zfa", "rv_zicond", "rv_zcb", "rv64_zcb",
             "rv_zawrs", "rv_zicbo"}
# Where they disagree and the specification decides: the newer one is right.
OLD_WRONG = {
    "ctzw": "7.2 counts the zeros of all 64 bits when the low half is zero",
    "lr.*": "7.2 executes misaligned ones",
    "amo*": "7.2 executes misaligned ones",
}


class Unavailable(Exception):
    """What is missing, and what to install."""


@dataclass(frozen=True, slots=True)
class Qemu:
    """An emulator: name and version, its command."""

    name: str
    command: tuple[str, ...]

    @property
    def major(self) -> int:
        return int(re.search(r"(\d+)\.", self.name)[1])


def _describe(path: str) -> Qemu:
    text = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    version = re.search(r"version (\S+)", text)[1]
    cpu = CPU_NEW if int(version.split(".")[0]) >= 9 else CPU_OLD
    return Qemu(f"QEMU {version}", (path, "-cpu", cpu))


def installed() -> Qemu | None:
    path = os.environ.get("QEMU_RISCV64") or shutil.which("qemu-riscv64")
    return _describe(path) if path else None


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "rax" / "qemu"


def newer() -> Qemu | None:
    """A QEMU that knows all of our extensions, fetched once through apt into a
    private folder; None: no mirror."""
    if os.environ.get("QEMU_RISCV64_NEW"):
        return _describe(os.environ["QEMU_RISCV64_NEW"])
    folder = _cache()
    program = folder / "usr" / "bin" / "qemu-riscv64"
    if not program.exists():
        for source in debian_mirrors(read_sources(Path("/etc/apt"))):
            try:
                root = AptRoot(folder / "apt", source, SUITE, "amd64")
                root.update()
                deb = root.download(["qemu-user"])[-1]
            except FetchError as e:
                print(f"qemu.py: {e}", file=sys.stderr)
                continue
            subprocess.run(["dpkg-deb", "-x", str(deb), str(folder)], check=True)
            break
    return _describe(str(program)) if program.exists() else None


def build(out: Path) -> Path:
    """The program that runs cases, for riscv64."""
    compiler = os.environ.get("RISCV_CC", "riscv64-linux-gnu-gcc")
    if not shutil.which(compiler):
        raise Unavailable(f"no {compiler}: install gcc-riscv64-linux-gnu and"
                          " libc6-dev-riscv64-cross")
    program = out / "oracle"
    subprocess.run([compiler, "-std=gnu11", "-O2", "-static", f"-I{TOP}", "-o", str(program),
                    *(str(TOP / s) for s in SOURCES)], check=True)
    return program


def all_oracles() -> list[Qemu]:
    """Newest first."""
    found = [q for q in (newer(), installed()) if q]
    if not found:
        raise Unavailable("no qemu-riscv64: install qemu-user")
    return sorted(found, key=lambda q: -q.major)


def extensions() -> dict[str, str]:
    """Extension of each instruction, from the generated table."""
    out = {}
    for line in (TOP / "generated" / "rv64" / "info.c").read_text().split("\n"):
        words = line.split('"')
        if len(words) == 7:
            out[words[1]] = words[5]
    return out
