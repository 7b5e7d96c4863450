# SPDX-License-Identifier: MIT
"""Files that are missing, cut, corrupt or too large: one line, no crash."""

from __future__ import annotations

import os
import random
import struct
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
# pylint: disable=wrong-import-position
from guest import (BASE, LIMIT, GuestTest, assemble, elf, finish, image, put,
                   rax, rax_program)

# How many mutants of each seed; RAX_FUZZ=N for more.
MUTANTS = int(os.environ.get("RAX_FUZZ", "150"))
# No mutant may run for longer than this many instructions.
ENOUGH = "20000"


def dtb() -> bytes:
    """A small device tree."""
    strings = b"compatible\0#address-cells\0"
    body = struct.pack(">II", 1, 0)
    body += struct.pack(">III", 3, 4, 11) + struct.pack(">I", 2)
    body += struct.pack(">III", 3, 8, 0) + b"a,board\0"
    body += struct.pack(">I", 1) + b"chosen\0\0" + struct.pack(">I", 2)
    body += struct.pack(">II", 2, 9)
    off = 40 + 16
    return struct.pack(">10I", 0xd00dfeed, off + len(body) + len(strings),
                       off, off + len(body), 40, 17, 16, 0, len(strings),
                       len(body)) + bytes(16) + body + strings


class Missing(GuestTest):
    """What is no file, or none that can be used."""

    def setUp(self) -> None:
        super().setUp()
        self.guest = self.program(finish())

    def test_every_file_option(self) -> None:
        """Absent, a folder, empty, unreadable."""
        empty = self.file("empty", "")
        secret = self.file("secret", "x" * 100)
        secret.chmod(0)
        for option in ("--kernel", "--firmware", "--initrd", "--dtb",
                       "--disk"):
            rest = [] if option == "--kernel" else [self.guest]
            self.refused(1, "none: .*No such file", option,
                         self.tmp / "none", *rest)
            self.refused(1, "[Ii]s a directory|directory", option, self.tmp,
                         *rest)
            self.refused(1, "empty: .*empty", option, empty, *rest)
            self.refused(1, "Not a directory", option, self.guest / "x",
                         *rest)
            if os.geteuid():
                self.refused(1, "Permission denied", option, secret, *rest)

    def test_disk(self) -> None:
        """Read-only files, devices that are none, one used twice."""
        self.refused(1, "neither a file nor a block device", "--disk",
                     "/dev/null", self.guest)
        disk = self.file("disk", bytes(512))
        self.refused(1, "in use", "--disk", disk, "--disk", disk, self.guest)
        if os.geteuid():
            disk.chmod(0o444)
            self.refused(1, "Permission denied", "--disk", disk, self.guest)
        self.refused(1, "qcow2", "--disk", self.file("q", b"QFI\xfb" * 99),
                     self.guest)

    def test_too_big(self) -> None:
        """What does not fit the guest's memory."""
        big = self.tmp / "big"
        with open(big, "wb") as file:
            file.truncate(64 << 20)
        kernel = self.file("Image", image(finish()))
        self.refused(1, "big: does not fit .*--memory", kernel, "--initrd",
                     big, "--memory", "32M")
        self.refused(1, "Image: does not fit", kernel, "--memory", "1M")
        self.refused(1, "does not fit", "--firmware", self.guest, "--kernel",
                     big, "--memory", "16M")
        self.refused(1, "larger than the limit", kernel, "--dtb", big)
        with open(big, "wb") as file:
            file.truncate(3 << 30)
        self.refused(1, "larger than the limit", "--kernel", big)
        self.refused(1, "larger than the limit", kernel, "--initrd", big)
        code, _ = assemble(finish())
        self.refused(1, "segment 0 .*does not fit", self.file(
            "end.elf", elf(code + bytes(1 << 20))), "--memory", "1M")
        # RAM that the host does not have: either it starts, or it says so
        done = rax(self.guest, "--memory", "512G")
        self.assertIn(done.returncode, (0, 1))
        self.assertEqual(done.stderr.count(b"\n"), done.returncode)

    def test_kinds(self) -> None:
        """Files that people give and that are something else."""
        for name, data, what in (
            ("gz", b"\x1f\x8b" + bytes(100), "gzip"),
            ("xz", b"\xfd7zXZ\0" + bytes(100), "xz"),
            ("zst", b"\x28\xb5\x2f\xfd" + bytes(100), "zstd"),
            ("text", b"#!/bin/sh\necho hi\n", "neither an ELF"),
            ("one", b"x", "neither an ELF"),
            ("arm64", bytes(56) + b"ARM\x64" + bytes(99), "AArch64"),
        ):
            self.refused(1, f"{name}: .*{what}", self.file(name, data))
        code, _ = assemble(finish())
        for machine, what in ((62, "x86-64"), (183, "AArch64"), (3, "proc"),
                              (164, "proc"), (0xffff, "unknown processor")):
            self.refused(1, f"for {what}|for an {what}|{what}",
                         self.file("e", elf(code, machine=machine)))
        self.refused(1, "for x86-64", "--machine", "riscv-virt",
                     self.file("e", elf(code, machine=62)))
        self.refused(1, "for x86-64", "--firmware", self.guest, "--kernel",
                     self.file("e", elf(code, machine=62)))


class Corrupt(GuestTest):
    """Wrong contents."""

    def setUp(self) -> None:
        super().setUp()
        self.code, self.labels = assemble([*put("x"), *finish()])
        self.good = elf(self.code, {"main": BASE})

    def never_crashes(self, path: Path, *args: str | Path) -> None:
        """An exit code that is documented, one line at most, no hang."""
        done = subprocess.run(
            [rax_program(), *map(str, args), str(path), "--max-insns",
             ENOUGH], stdin=subprocess.DEVNULL, capture_output=True,
            timeout=LIMIT, check=False)
        said = done.stderr.decode("utf-8", "replace")
        what = f"{args} {path.read_bytes().hex()[:4000]}: " \
               f"{done.returncode} {said!r}"
        self.assertIn(done.returncode, (0, 1, 2, 4, 124), what)
        if done.returncode:
            self.assertRegex(said, r"\Arax: [^\n]*\n\Z", what)

    def test_elf_fields(self) -> None:
        """Every header field with every kind of bad value."""
        fields = [(at, size) for base, sizes in (
            (0, (4, 1, 1, 1, 1, 8, 2, 2, 4, 8, 8, 8, 4, 2, 2, 2, 2, 2, 2)),
            (64, (4, 4, 8, 8, 8, 8, 8, 8))) for at, size in
            zip([base + sum(sizes[:n]) for n in range(len(sizes))], sizes)]
        head = struct.unpack_from("<Q", self.good, 40)[0]
        for section in range(1, 3):
            at = head + 64 * section
            fields += [(at, 4), (at + 4, 4), (at + 24, 8), (at + 32, 8),
                       (at + 40, 4), (at + 56, 8)]
        for at, size in fields:
            top = (1 << 8 * size) - 1
            for value in (0, 1, top, top >> 1, (top >> 1) + 1, top - 7,
                          0x80000000 & top):
                data = bytearray(self.good)
                data[at:at + size] = value.to_bytes(size, "little")
                self.never_crashes(self.file("e.elf", data))

    def test_elf_messages(self) -> None:
        """What the message says, by field."""
        for at, fmt, value, pattern in (
            (4, "B", 9, "invalid class"), (5, "B", 2, "big-endian"),
            (5, "B", 0, "byte order"), (6, "B", 0, "version"),
            (16, "<H", 1, "not an executable"), (4, "B", 1, "ELF|32-bit"),
            (24, "<Q", 0x1000, "entry point 0x1000 "),
            (24, "<Q", BASE + 1, "entry point"),
            (32, "<Q", 1 << 40, "program header table"),
            (54, "<H", 55, "entries have 55 bytes"),
            (56, "<H", 0, "nothing to load"),
            (56, "<H", 65535, "program header table"),
            (72, "<Q", 1 << 60, "past the end of the file"),
            (88, "<Q", 0, "does not fit the guest's RAM"),
            (96, "<Q", 1 << 50, "larger in the file"),
            (104, "<Q", 1 << 50, "does not fit"),
        ):
            data = bytearray(self.good)
            struct.pack_into(fmt, data, at, value)
            self.refused(1, f"e.elf.*{pattern}", self.file("e.elf", data))

    def test_cut(self) -> None:
        """Every file, cut at many places."""
        seeds = [(self.good, ()), (image(finish()), ()), (dtb(), ("--dtb",))]
        guest = self.program(finish())
        for data, option in seeds:
            for size in [*range(1, 140, 5), len(data) // 2, len(data) - 1]:
                if size < len(data):
                    path = self.file("cut", data[:size])
                    if option:
                        self.refused(1, "cut: ", *option, path, guest)
                    else:
                        self.never_crashes(path)

    def test_image_messages(self) -> None:
        """Header fields of a Linux Image."""
        for at, value, pattern in (
            (8, 0x1234, "offset 0x1234"), (8, 1 << 60, "offset"),
            (16, 1 << 60, "bytes of memory"), (16, 1, "longer"),
            (24, 1, "big-endian"), (16, 1 << 30, "does not fit"),
        ):
            data = bytearray(image(finish()))
            struct.pack_into("<Q", data, at, value)
            self.refused(1, f"Image: .*{pattern}", self.file("Image", data))

    def test_dtb_messages(self) -> None:
        """Device trees."""
        guest = self.program(finish())
        good = dtb()
        self.assertEqual(rax(guest, "--dtb", self.file("d", good)).returncode,
                         0)
        for data, pattern in (
            (b"x" * 99, "not a device tree"), (good[:39], "not a device"),
            (good[:80], "truncated"), (good[:4] + b"\xff" * 36, "truncated"),
            (good[:24] + struct.pack(">I", 99) + good[28:], "malformed"),
            (good[:8] + struct.pack(">I", 0xfffffff0) + good[12:],
             "malformed"),
        ):
            self.refused(1, f"d: .*{pattern}", "--dtb", self.file("d", data),
                         guest)

    def test_mutants(self) -> None:
        """Random changes: never a crash, a hang or a second line."""
        guest = self.program(finish())
        toml = (f'kernel = "{guest}"\nsmp = 2\n# x\nmemory = "2M"\n'
                'disk = ["a", \'b\']\nstate-hash = false\n').encode()
        rand = random.Random(4)
        for seed, args, last in (
            (self.good, (), ()), (image(finish()), (), ()),
            (dtb(), (guest, "--dtb"), ()), (toml, ("--config",), ()),
            (self.good, (guest, "--firmware"), ()),
        ):
            for _ in range(MUTANTS):
                data = bytearray(seed)
                for _ in range(rand.choice((1, 1, 2, 5, 30))):
                    at = rand.randrange(min(len(data), 4096))
                    kind = rand.randrange(4)
                    if kind == 0:
                        data[at] = rand.getrandbits(8)
                    elif kind == 1:
                        data[at] ^= 1 << rand.randrange(8)
                    elif kind == 2:
                        data[at:at + rand.choice((2, 4, 8))] = rand.choice(
                            (b"\xff", b"\0", b"\x80", b"\x7f")) * rand.choice(
                            (1, 2, 4, 8))
                    else:
                        del data[at:at + rand.randrange(9)]
                    if not data:
                        data = bytearray(b"x")
                self.never_crashes(self.file("mutant", data), *args, *last)


if __name__ == "__main__":
    unittest.main()
