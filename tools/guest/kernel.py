# SPDX-License-Identifier: MIT
"""What is inside Debian's kernel packages: the Image and its modules."""

from __future__ import annotations

import gzip
import lzma
import re
import struct
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

from aptroot import FetchError

# Offset and bytes of the magic in a bootable Image, by architecture
# (kernel documentation, arch/riscv/boot-image-header and arch/arm64/booting).
IMAGE_MAGIC = {"riscv64": (0x38, b"RSC\x05"), "arm64": (0x38, b"ARM\x64")}


@dataclass(frozen=True, slots=True)
class Member:
    """One regular file of a package."""

    name: str
    data: bytes
    executable: bool


def members(deb: Path, wanted: re.Pattern[str]) -> Iterator[Member]:
    """The files of a package whose path matches `wanted`."""
    with subprocess.Popen(
        ["dpkg-deb", "--fsys-tarfile", str(deb)], stdout=subprocess.PIPE
    ) as child:
        try:
            with tarfile.open(fileobj=child.stdout, mode="r|") as tar:
                for info in tar:
                    name = info.name.removeprefix("./")
                    if not info.isfile() or not wanted.search(name):
                        continue
                    stream = tar.extractfile(info)
                    if stream is not None:
                        yield Member(name, stream.read(),
                                     bool(info.mode & 0o111))
        except tarfile.TarError as error:
            raise FetchError(f"{deb.name}: {error}") from None


def _unzstd(data: bytes) -> bytes:
    try:
        return subprocess.run(["zstd", "-dc"], input=data, check=True,
                              stdout=subprocess.PIPE).stdout
    except (OSError, subprocess.CalledProcessError):
        raise FetchError("the kernel is packed with zstd; install zstd"
                         ) from None


def expand(data: bytes) -> bytes:
    """`data`, decompressed if it is a gzip, xz or zstd stream."""
    if data[:2] == b"\x1f\x8b":
        return gzip.decompress(data)
    if data[:6] == b"\xfd7zXZ\0":
        return lzma.decompress(data)
    if data[:4] == b"\x28\xb5\x2f\xfd":
        return _unzstd(data)
    return data


def image(data: bytes, arch: str) -> bytes:
    """The plain Image of a vmlinuz: as it is, compressed, or an EFI zboot.

    An EFI zboot file has "zimg" at offset 4, then offset and size of the
    compressed payload (kernel source, drivers/firmware/efi/libstub).
    """
    data = expand(data)
    if data[:2] == b"MZ" and data[4:8] == b"zimg":
        start, size = struct.unpack_from("<II", data, 8)
        data = expand(data[start:start + size])
    offset, magic = IMAGE_MAGIC[arch]
    if data[offset:offset + len(magic)] != magic:
        raise FetchError(f"the kernel package holds no {arch} Image")
    return data


def module_needs(data: bytes) -> list[str]:
    """The modules that a module says it depends on."""
    hit = re.search(rb"(?:^|\0)depends=([^\0]*)\0", data)
    names = hit[1].decode("ascii", "replace") if hit else ""
    return [name for name in names.split(",") if name]


def modules(debs: list[Path], roots: tuple[str, ...]) -> dict[str, bytes]:
    """The modules `roots` and all they need, each after what it needs.

    A root that no package holds is built into the kernel.
    """
    found: dict[str, bytes] = {}
    missing = {name.replace("-", "_") for name in roots}
    sought: set[str] = set()
    while missing - sought:
        sought |= missing
        names = "|".join(sorted(missing)).replace("_", "[-_]")
        wanted = re.compile(rf"/kernel/.*/({names})\.ko(\.(xz|gz|zst))?$")
        for deb in debs:
            for member in members(deb, wanted):
                stem = Path(member.name).name.split(".ko")[0]
                found[stem.replace("-", "_")] = expand(member.data)
        missing = {
            need.replace("-", "_")
            for data in found.values() for need in module_needs(data)
        } - set(found)
    if missing:
        raise FetchError("modules missing in the kernel packages: "
                         + ", ".join(sorted(missing)))
    ordered: dict[str, bytes] = {}

    def visit(name: str) -> None:
        if name in ordered:
            return
        for need in module_needs(found[name]):
            visit(need.replace("-", "_"))
        ordered[name] = found[name]

    for name in sorted(found):
        visit(name)
    return ordered
