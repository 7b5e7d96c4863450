#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Fetch a Linux guest through apt: kernel, busybox, firmware, initramfs.

Prints the folder that holds Image, initramfs.cpio, busybox, modules/ and
firmware/.  A guest that is there already is not fetched again.  Exit status:
0 done, 1 failure, 2 usage, 3 the mirror cannot be used (no network, or it is
being updated).
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import initramfs
import kernel
from aptroot import (UNREACHABLE, AptRoot, FetchError, Source,
                     debian_mirrors, read_sources)


@dataclass(frozen=True, slots=True)
class Guest:
    """What to fetch for one architecture."""

    suite: str  # by preference: the next serves while a mirror updates the first
    kernel: str
    modules: tuple[str, ...]
    firmware: tuple[str, ...]
    firmware_files: str


GUESTS = {
    "riscv64": Guest(
        suite="trixie,forky",
        kernel="linux-image-riscv64",
        modules=("virtio_mmio", "virtio_blk", "virtio_console", "virtio-rng"),
        firmware=("opensbi",),
        firmware_files=r"riscv64[^/]*/opensbi/generic/(fw_(?:dynamic|jump)\.\w+)$",
    ),
}

KERNEL_PARTS = re.compile(r"linux-(image|binary|modules)-\d")


def guests_folder() -> Path:
    """Where fetched guests are kept."""
    if os.environ.get("RAX_GUESTS"):
        return Path(os.environ["RAX_GUESTS"])
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "rax" / "guests"


def sources(args: argparse.Namespace) -> list[Source]:
    """The mirrors to try, in order."""
    found = debian_mirrors(read_sources(args.apt_etc))
    if args.mirror:
        key = found[0].signed_by if found else ""
        return [Source(args.mirror, (), ("main",), key, "--mirror")]
    if not found:
        raise FetchError(
            f"{args.apt_etc}: apt names no Debian mirror; give --mirror URL"
        )
    # Security and update archives do not hold whole suites.
    return sorted(found, key=lambda s: all("-" in x for x in s.suites))


def kernel_packages(apt: AptRoot, meta: str) -> list[str]:
    """The packages behind the meta package that hold files of the kernel."""
    chosen: list[str] = []
    queue = [meta]
    while queue:
        for name in apt.depends(queue.pop(0)):
            if KERNEL_PARTS.match(name) and name not in chosen:
                chosen.append(name)
                queue.append(name)
    if not chosen:
        raise FetchError(f"{apt.what}: {meta} names no kernel package")
    return chosen


def unpack(debs: list[Path], guest: Guest, arch: str, out: Path) -> None:
    """Lay out the guest's files in `out`."""
    def save(name: str, data: bytes, mode: int = 0o644) -> None:
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(mode)

    kernels = [deb for deb in debs if deb.name.startswith("linux-")]
    for deb in kernels:
        for file in kernel.members(
            deb, re.compile(r"^boot/vmlinu[xz]-|/lib/modules/[^/]+/vmlinuz$")
        ):
            save("Image", kernel.image(file.data, arch))
    if not (out / "Image").exists():
        raise FetchError("the kernel packages hold no kernel")
    found = kernel.modules(kernels, guest.modules)
    for name, data in found.items():
        save(f"modules/{name}.ko", data)
    save("modules/order", "".join(f"{n}.ko\n" for n in found).encode())
    for deb in debs:
        if deb.name.startswith("busybox-static_"):
            for file in kernel.members(deb, re.compile(r"bin/busybox$")):
                save("busybox", file.data, 0o755)
        for name in guest.firmware:
            if deb.name.startswith(name + "_"):
                for file in kernel.members(
                    deb, re.compile(guest.firmware_files)
                ):
                    save("firmware/" + Path(file.name).name, file.data)
    for needed in ("busybox", "firmware"):
        if not (out / needed).exists():
            raise FetchError(f"the fetched packages hold no {needed}")


def fetch(apt: AptRoot, guest: Guest, out: Path) -> None:
    """Download and unpack everything; `manifest` comes last."""
    apt.update()
    packages = [*kernel_packages(apt, guest.kernel), "busybox-static",
                *guest.firmware]
    lines = [f"{name} {apt.version(name)}" for name in packages]
    unpack(apt.download(packages), guest, apt.arch, out)
    for path in sorted(out.rglob("*")):
        if path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            lines.append(f"{digest}  {path.relative_to(out)}")
    (out / "manifest").write_text(f"from {apt.what}\n"
                                  + "\n".join(lines) + "\n")


def wanted_suites(args: argparse.Namespace, guest: Guest) -> list[str]:
    """The suites that will do, the preferred one first."""
    text = args.suite or os.environ.get("RAX_GUEST_SUITE") or guest.suite
    suites: list[str] = text.split(",")
    for suite in suites:
        if not re.fullmatch(r"[a-z][a-z0-9.-]*", suite):
            raise FetchError(f"{suite!r}: not the name of a Debian suite")
    return suites


def provide(args: argparse.Namespace) -> Path:
    """The folder of the wanted guest, fetched now if need be."""
    guest = GUESTS[args.arch]
    suites = wanted_suites(args, guest)
    cache: Path = args.cache or guests_folder()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        lock = open(cache / ".lock", "w", encoding="ascii")
    except OSError as error:
        raise FetchError(f"{cache}: {error.strerror}") from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folders = [cache / f"{args.arch}-{suite}" for suite in suites]
        there = [f for f in folders if (f / "manifest").is_file()]
        if there and not args.update:
            folder = there[0]
        elif args.offline:
            raise FetchError(f"{folders[0]}: not fetched yet", UNREACHABLE)
        else:
            folder = fetch_first(folders, suites, guest, args)
        initramfs.write_file(folder / "initramfs.cpio",
                             initramfs.build(folder))
    return folder


def fetch_first(folders: list[Path], suites: list[str], guest: Guest,
                args: argparse.Namespace) -> Path:
    """Fetch the first of the suites that can be had; say when not the first."""
    problems: list[FetchError] = []
    for folder, suite in zip(folders, suites):
        try:
            fetch_into(folder, guest, suite, args)
        except FetchError as error:
            if error.code != UNREACHABLE:
                raise
            problems.append(error)
            continue
        if problems:
            print(f"fetch: {problems[0]}\nfetch: {suite} instead of"
                  f" {suites[0]}", file=sys.stderr)
        return folder
    raise problems[0]


def fetch_into(folder: Path, guest: Guest, suite: str,
               args: argparse.Namespace) -> None:
    """Fetch beside `folder`, then put it in place in one step."""
    problems: list[FetchError] = []
    for source in sources(args):
        with tempfile.TemporaryDirectory(prefix=".new-",
                                         dir=folder.parent) as work:
            try:
                print(f"fetch: {args.arch} guest from {source.uri} {suite}",
                      file=sys.stderr)
                new = Path(work) / "guest"
                new.mkdir()
                root = AptRoot(Path(work) / "apt", source, suite, args.arch)
                fetch(root, guest, new)
            except FetchError as error:
                if error.code != UNREACHABLE:
                    raise
                problems.append(error)
                continue
            if folder.exists():
                old = Path(work) / "old"
                os.replace(folder, old)
            os.replace(new, folder)
            return
    raise problems[0]


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--arch", choices=sorted(GUESTS), default="riscv64")
    parser.add_argument("--suite", metavar="S[,S...]",
                        help="Debian suite, or several in order of preference"
                        "\n(default: $RAX_GUEST_SUITE, or trixie)")
    parser.add_argument("--cache", type=Path, metavar="DIR",
                        help="where guests are kept (default: $RAX_GUESTS,"
                        "\nor rax/guests in the user's cache folder)")
    parser.add_argument("--mirror", metavar="URL",
                        help="Debian mirror instead of the one apt names")
    parser.add_argument("--apt-etc", type=Path, default=Path("/etc/apt"),
                        metavar="DIR", help="where apt's sources are read")
    parser.add_argument("--update", action="store_true",
                        help="fetch again even if there")
    parser.add_argument("--offline", action="store_true",
                        help="never use the network")
    args = parser.parse_args()
    try:
        print(provide(args))
    except (FetchError, initramfs.InitramfsError) as error:
        print(f"fetch: {error}", file=sys.stderr)
        return getattr(error, "code", 1)
    except OSError as error:
        print(f"fetch: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
