#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Write a reproducible initramfs: busybox, modules, an init, extra files.

The archive is cpio in the "newc" format (kernel documentation,
driver-api/early-userspace/buffer-format).  Entries are sorted, owned by
root, of one fixed date, so that equal input gives equal bytes, and device
nodes are entries of the archive, so that no privilege is needed.
"""

from __future__ import annotations

import argparse
import gzip
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

S_DIR, S_REG, S_LNK, S_CHR = 0o040000, 0o100000, 0o120000, 0o020000
HERE = Path(__file__).resolve().parent
FOLDERS = ("bin", "dev", "etc", "modules", "proc", "root", "run", "sbin",
           "sys", "tmp", "usr", "usr/bin", "usr/sbin")


class InitramfsError(Exception):
    """Input that cannot be packed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the archive."""

    name: str
    mode: int
    data: bytes = b""
    rdev: tuple[int, int] = (0, 0)


def _record(entry: Entry, inode: int) -> bytes:
    name = entry.name.encode() + b"\0"
    numbers = (
        inode, entry.mode, 0, 0, 2 if entry.mode & 0o170000 == S_DIR else 1,
        0, len(entry.data), 0, 0, *entry.rdev, len(name), 0,
    )
    head = b"070701" + b"".join(b"%08X" % number for number in numbers)
    head += name
    head += b"\0" * (-len(head) % 4)
    return head + entry.data + b"\0" * (-len(entry.data) % 4)


def pack(entries: list[Entry]) -> bytes:
    """The archive of `entries`; missing parent folders are added."""
    table: dict[str, Entry] = {}
    for entry in entries:
        parts = entry.name.split("/")
        if any(part in ("", ".", "..") for part in parts):
            raise InitramfsError(f"{entry.name!r}: not a path in the guest")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            if table.setdefault(folder, Entry(folder, S_DIR | 0o755)
                                ).mode & 0o170000 != S_DIR:
                raise InitramfsError(f"{entry.name}: {folder} is no folder")
        table[entry.name] = entry
    out = bytearray()
    for inode, name in enumerate(sorted(table), 1):
        out += _record(table[name], inode)
    out += _record(Entry("TRAILER!!!", 0), 0)
    out += b"\0" * (-len(out) % 512)
    return bytes(out)


def base_entries(guest: Path) -> list[Entry]:
    """What every initramfs of a fetched guest holds."""
    entries = [Entry(name, S_DIR | 0o755) for name in FOLDERS]
    entries += [
        Entry("dev/console", S_CHR | 0o600, rdev=(5, 1)),
        Entry("dev/null", S_CHR | 0o666, rdev=(1, 3)),
        Entry("bin/busybox", S_REG | 0o755, _read(guest / "busybox")),
        Entry("bin/sh", S_LNK | 0o777, b"busybox"),
        Entry("init", S_REG | 0o755, _read(HERE / "init")),
    ]
    for module in sorted((guest / "modules").glob("*.ko")):
        entries.append(Entry(f"modules/{module.name}", S_REG | 0o644,
                             _read(module)))
    entries.append(Entry("modules/order", S_REG | 0o644,
                         _read(guest / "modules" / "order")))
    return entries


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InitramfsError(f"{path}: {error.strerror}") from None


def _tree(source: Path, name: str) -> list[Entry]:
    """`source`, a file or a folder, as it appears under `name`."""
    if source.is_symlink():
        return [Entry(name, S_LNK | 0o777, os.readlink(source).encode())]
    if not source.is_dir():
        mode = 0o755 if os.access(source, os.X_OK) else 0o644
        return [Entry(name, S_REG | mode, _read(source))]
    entries = [Entry(name, S_DIR | 0o755)]
    for child in sorted(source.iterdir()):
        entries += _tree(child, f"{name}/{child.name}")
    return entries


def build(guest: Path, main: Path | None = None,
          extra: list[tuple[Path, str]] | None = None) -> bytes:
    """An initramfs of `guest`; `main` runs instead of the shell."""
    entries = base_entries(guest)
    if main is not None:
        entries.append(Entry("main", S_REG | 0o755, _read(main)))
    for source, name in extra or []:
        if not source.exists() and not source.is_symlink():
            raise InitramfsError(f"{source}: no such file")
        entries += _tree(source, name.strip("/"))
    return pack(entries)


def write_file(path: Path, data: bytes) -> None:
    """Write the whole file or nothing; an equal file is left alone."""
    if path.is_file() and path.read_bytes() == data:
        return
    try:
        fd, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise InitramfsError(f"{path}: {error.strerror}") from None
    try:
        with os.fdopen(fd, "wb") as out:
            out.write(data)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _pair(text: str) -> tuple[Path, str]:
    source, _, name = text.partition(":")
    if not source or not name.strip("/"):
        raise argparse.ArgumentTypeError(f"{text!r}: not SOURCE:PATH")
    return Path(source), name


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--guest", type=Path, required=True, metavar="DIR",
                        help="folder that the fetch tool printed")
    parser.add_argument("-o", "--output", type=Path, required=True,
                        metavar="FILE", help="the initramfs to write")
    parser.add_argument("--init", type=Path, metavar="SCRIPT",
                        help="run this instead of the shell, then power off")
    parser.add_argument("--add", type=_pair, action="append", default=[],
                        metavar="SOURCE:PATH",
                        help="add a file or folder as PATH (repeatable)")
    parser.add_argument("--gzip", action="store_true",
                        help="compress the archive")
    args = parser.parse_args()
    try:
        data = build(args.guest, args.init, args.add)
        if args.gzip:
            data = gzip.compress(data, 6, mtime=0)
        write_file(args.output, data)
    except InitramfsError as error:
        print(f"initramfs: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
