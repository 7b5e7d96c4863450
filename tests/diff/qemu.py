# SPDX-License-Identifier: MIT
"""The oracles: QEMU's user mode, the installed one and a newer one beside it,
and the guest program that runs cases on them (guest/)."""
from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tools" / "guest"))

from aptroot import AptRoot, FetchError, debian_mirrors, read_sources  # noqa: E402

SUITE = "bookworm-backports"


class Unavailable(Exception):
    """What is missing, and what to install."""


@dataclass(frozen=True, slots=True)
class Guest:
    """How an ISA's cases are run. cpu: options of QEMU, of 7.2 and of 9 or newer.

    old_lacks: patterns of extensions that the older QEMU does not know;
    old_wrong: instructions that it does wrong, and how: the specification
    decides, the newer one is right. old_broken: why it does not start at all.
    """

    program: str
    source: str  # in guest/
    compile: tuple[str, ...]
    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    spec: str = ""  # folder with its index
    index: str = "verified.tbl"
    old_lacks: tuple[str, ...] = ()
    old_wrong: tuple[tuple[str, str], ...] = ()
    old_broken: str = ""

    def judged_by_old(self, insn: str, extension: str) -> bool:
        return not any(fnmatch(extension, p) for p in self.old_lacks)

    def wrong_in_old(self, insn: str) -> bool:
        return any(fnmatch(insn, p) for p, _ in self.old_wrong)


_PACKET = tuple(f"-Wl,--defsym=hexagon_code{k}={0x80010000 - k}" for k in range(0, 44, 4))

# The program is where hardly ever a case's addresses point.
_HIGH = "-Wl,--image-base=0x2a40000000"

_FIXED_HALF = "FCVT_scalar_fixed_U0_immh001?_way11", "7.2 leaves the sign above a halfword"

GUESTS = {
    "rv64": Guest(
        "qemu-riscv64", "rv64.c",
        ("--target=riscv64-linux-gnu", "-mcmodel=medany", _HIGH, "-march=rv64gc", "-mabi=lp64",
         "-mno-relax"),
        # extensions that ours has and QEMU leaves out unless asked; those of ours
        # that change what an instruction of another does are turned off
        old=("-cpu", "rv64,Zfh=true"), new=("-cpu", "max,v=off,zama16b=off"), spec="riscv",
        old_lacks=("rv_f_zfa", "rv_d_zfa", "rv_zfh_zfa", "rv_zicond", "rv_zcb", "rv64_zcb",
                   "rv_zawrs", "rv_zicbo"),
        old_wrong=(("ctzw", "7.2 counts the zeros of all 64 bits when the low half is zero"),
                   ("lr.*", "7.2 executes misaligned ones"),
                   ("amo*", "7.2 executes misaligned ones"))),
    "a64": Guest(
        "qemu-aarch64", "a64.c",
        ("--target=aarch64-linux-gnu", _HIGH, "-march=armv8-a", "-mgeneral-regs-only"),
        old=("-cpu", "max,pauth=off"), new=("-cpu", "max,pauth=off"), spec="arm/a64",
        old_lacks=("FEAT_XS",),
        old_wrong=(_FIXED_HALF,
                   ("LDP_STP_*_L1", "both registers the same: up to the implementation"),
                   *((f"{p}*", "7.2 has no FEAT_LSE2") for p in (
                       "LDXR", "LDXP", "STXR", "STXP", "LDAR", "LDAPR", "STLR", "CAS", "ATOMIC")))),
    "a64-sve": Guest(
        "qemu-aarch64", "a64.c",
        ("--target=aarch64-linux-gnu", "-march=armv8-a", "-mgeneral-regs-only"),
        old=("-cpu", "max,pauth=off"), new=("-cpu", "max,pauth=off"), spec="arm/a64",
        index="verified_sve.tbl"),
    "a64-sme": Guest(
        "qemu-aarch64", "a64.c",
        ("--target=aarch64-linux-gnu", "-march=armv8-a", "-mgeneral-regs-only"),
        old=("-cpu", "max,pauth=off"), new=("-cpu", "max,pauth=off"), spec="arm/a64",
        index="verified_sme.tbl",
        old_wrong=(("MOPA_integer_byte*", "7.2 multiplies bytes of other numbers"),)),
    "a64-streaming": Guest(
        "qemu-aarch64", "a64.c",
        ("--target=aarch64-linux-gnu", "-march=armv8-a", "-mgeneral-regs-only"),
        old=("-cpu", "max,pauth=off,sme_fa64=off"), new=("-cpu", "max,pauth=off,sme_fa64=off"),
        spec="arm/a64", index="verified_streaming.tbl", old_wrong=(_FIXED_HALF,)),
    "t32": Guest(
        "qemu-arm", "t32.c",
        ("--target=arm-linux-gnueabihf", "-Wl,--image-base=0x62340000", "-mcpu=cortex-m55",
         "-mthumb", "-mfloat-abi=hard", "-DGUEST_STACK=0x6b230000"),
        old=("-cpu", "cortex-m55"), new=("-cpu", "cortex-m55"), spec="arm/t32",
        old_broken="7.2 maps the page of the kernel's helpers where M-profile has none"),
    "hexagon": Guest(
        "qemu-hexagon", "hexagon.c",
        ("--target=hexagon", "-Wl,--image-base=0xd2340000", "-mcpu=hexagonv67", "-mhvx",
         "-mhvx-length=128b", "-G0", *_PACKET),
        spec="hexagon",
        old_wrong=(("*", "7.2 does packets wrong that the newer one does right: targets that are"
                         " not aligned, constants beside gp, new values"),)),
}


@dataclass(frozen=True, slots=True)
class Qemu:
    """An emulator: name and version, its command."""

    name: str
    command: tuple[str, ...]

    @property
    def major(self) -> int:
        return int(re.search(r"(\d+)\.", self.name)[1])


def _describe(guest: Guest, path: str) -> Qemu:
    text = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    version = re.search(r"version (\S+)", text)[1]
    cpu = guest.new if int(version.split(".")[0]) >= 9 else guest.old
    return Qemu(f"QEMU {version}", (path, *cpu))


def _variable(guest: Guest) -> str:
    return guest.program.upper().replace("-", "_")


def installed(guest: Guest) -> Qemu | None:
    path = os.environ.get(_variable(guest)) or shutil.which(guest.program)
    return _describe(guest, path) if path else None


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "rax" / "qemu"


def newer(guest: Guest) -> Qemu | None:
    """A QEMU of backports, fetched once through apt into a private folder; None:
    no mirror."""
    if path := os.environ.get(_variable(guest) + "_NEW"):
        return _describe(guest, path)
    folder = _cache()
    program = folder / "usr" / "bin" / guest.program
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
    return _describe(guest, str(program)) if program.exists() else None


def build(guest: Guest, out: Path) -> Path:
    """The program that runs cases: freestanding, so a compiler and a linker do."""
    compiler = os.environ.get("GUEST_CC") or next(
        filter(shutil.which, ("clang", "clang-14", "clang-16", "clang-19")), None)
    if not compiler:
        raise Unavailable("no clang: install clang and lld, or set GUEST_CC")
    program = out / Path(guest.source).stem
    folder = TOP / "tests" / "diff" / "guest"
    subprocess.run([compiler, *guest.compile, "-std=gnu11", "-O1", "-ffreestanding",
                    "-fno-builtin", "-fno-stack-protector", "-nostdlib", "-static",
                    "-fuse-ld=lld", f"-I{TOP}", "-o", str(program), str(folder / "guest.c"),
                    str(folder / guest.source)], check=True)
    return program


def all_oracles(guest: Guest) -> list[Qemu]:
    """Newest first."""
    found = [q for q in (newer(guest), installed(guest))
             if q and not (guest.old_broken and q.major < 9)]
    if not found:
        raise Unavailable(f"no {guest.program}: install qemu-user")
    return sorted(found, key=lambda q: -q.major)


def extensions(judge: str, isa: str) -> dict[str, str]:
    """Extension of each instruction that oracles are asked about."""
    done = subprocess.run([judge, "--isa", isa, "--list"], capture_output=True, text=True,
                          check=True)
    return dict(line.split() for line in done.stdout.splitlines())
