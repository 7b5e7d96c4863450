# SPDX-License-Identifier: MIT
"""Small RISC-V guests for tests, assembled by the rax under test.

No cross compiler is needed: every instruction is one `rax asm` line of four
bytes, so that labels are known before anything is assembled.
"""

from __future__ import annotations

import os
import re
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

BASE = 0x80000000
UART = 0x10000000
TEST = 0x100000
PASS, FAIL, RESET = 0x5555, 0x3333, 0x7777
LIMIT = 60.0	# seconds that a guest gets; a hang is a failure


def rax_program() -> str:
    """The rax to test: $RAX, else the one of the build folder."""
    found = os.environ.get("RAX") or os.path.join(
        os.environ.get("builddir", "."), "rax")
    return os.path.abspath(found)


def rax(*args: str | Path, data: bytes = b"",
        limit: float = LIMIT) -> subprocess.CompletedProcess[bytes]:
    """Run rax with `data` as its standard input."""
    return subprocess.run([rax_program(), *map(str, args)], input=data,
                          capture_output=True, timeout=limit, check=False)


def load(reg: str, value: int) -> list[str]:
    """Instructions that put a 64-bit constant into a register."""
    value &= (1 << 64) - 1
    signed = value - (1 << 64) if value >> 63 else value
    if -2048 <= signed < 2048:
        return [f"addi {reg}, zero, {signed}"]
    if -(1 << 31) <= signed < (1 << 31) - 2048:
        high = (signed + 0x800) >> 12
        low = signed - (high << 12)
        return [f"lui {reg}, {high & 0xfffff}", f"addiw {reg}, {reg}, {low}"]
    low = ((value & 0xfff) ^ 0x800) - 0x800
    return [*load(reg, ((signed - low) >> 12)), f"slli {reg}, {reg}, 12",
            f"addi {reg}, {reg}, {low}"]


def finish(code: int = PASS) -> list[str]:
    """Instructions that end or reset the machine through SiFive's device."""
    return [*load("t0", TEST), *load("t1", code), "sw t1, 0(t0)",
            "jal zero, 0"]


def put(text: str) -> list[str]:
    """Instructions that write text to the UART."""
    lines = load("t0", UART)
    for char in text.encode():
        lines += [*load("t1", char), "sb t1, 0(t0)"]
    return lines


def assemble(source: list[str], base: int = BASE) -> tuple[bytes,
                                                           dict[str, int]]:
    """Machine code and the addresses of its labels.

    "name:" is a label; "@name" in an operand the distance to it, "la rd, name"
    its address, ".word N" and ".zero N" are data.
    """
    labels: dict[str, int] = {}
    pc = base
    for line in source:
        if line.endswith(":"):
            labels[line[:-1]] = pc
        elif line.startswith(".zero"):
            pc += int(line.split()[1], 0)
        else:
            pc += 8 if line.startswith("la ") else 4
    pc = base
    asm: list[str] = []
    pieces: list[bytes | None] = []
    for line in source:
        if line.endswith(":"):
            continue
        if line.startswith(".zero"):
            pieces.append(bytes(int(line.split()[1], 0)))
            pc += len(pieces[-1] or b"")
            continue
        if line.startswith(".word"):
            pieces.append(struct.pack("<I", int(line.split()[1], 0)))
            pc += 4
            continue
        if line.startswith("la "):
            reg, name = line[3:].replace(",", " ").split()
            far = labels[name] - pc
            asm += [f"auipc {reg}, {((far + 0x800) >> 12) & 0xfffff}",
                    f"addi {reg}, {reg}, {((far & 0xfff) ^ 0x800) - 0x800}"]
            pieces += [None, None]
            pc += 8
            continue
        here = pc
        asm.append(re.sub(r"@(\w+)",
                          lambda m, h=here: str(labels[m[1]] - h), line))
        pieces.append(None)
        pc += 4
    done = rax("asm", "--isa", "rv64", "-", data="\n".join(asm).encode())
    words = done.stdout.decode().splitlines()
    assert len(words) == len(asm), (len(words), len(asm), done.stderr)
    for text, word in zip(asm, words):
        assert re.fullmatch("[0-9a-f]{8}", word), f"{text!r}: {word}"
    left = iter(words)
    return b"".join(bytes.fromhex(next(left)) if piece is None else piece
                    for piece in pieces), labels


def elf(code: bytes, symbols: dict[str, int] | None = None,
        base: int = BASE, entry: int | None = None, machine: int = 243,
        physical: int | None = None, kind: int = 2) -> bytes:
    """A statically linked program with one segment."""
    strings = b"\0"
    table = bytes(24)
    for name, value in (symbols or {}).items():
        table += struct.pack("<IBBHQQ", len(strings), 0x10, 0, 0xfff1, value,
                             0)
        strings += name.encode() + b"\0"
    at = 64 + 56
    sections = at + len(code)
    sections += -sections % 8
    table_at = sections
    strings_at = table_at + len(table)
    head_at = strings_at + len(strings)
    head_at += -head_at % 8
    out = bytearray(head_at)
    out[:64] = struct.pack(
        "<4sBBBBQHHIQQQIHHHHHH", b"\x7fELF", 2, 1, 1, 0, 0, kind, machine, 1,
        base if entry is None else entry, 64, head_at, 0, 64, 56, 1, 64, 3, 2)
    out[64:at] = struct.pack("<IIQQQQQQ", 1, 7, at, base,
                             base if physical is None else physical,
                             len(code), len(code), 4096)
    out[at:at + len(code)] = code
    out[table_at:strings_at] = table
    out[strings_at:strings_at + len(strings)] = strings
    out += bytes(64)
    out += struct.pack("<IIQQQQIIQQ", 0, 2, 0, 0, table_at, len(table), 2, 1,
                       8, 24)
    out += struct.pack("<IIQQQQIIQQ", 0, 3, 0, 0, strings_at, len(strings), 0,
                       0, 1, 0)
    return bytes(out)


def image(source: list[str], offset: int = 0x200000) -> bytes:
    """A Linux Image, whose code starts behind its header in S-mode."""
    code, _ = assemble(["jal zero, 64", *[".word 0"] * 15, *source],
                       BASE + offset)
    size = (len(code) + 0xfff) & ~0xfff
    head = bytearray(code)
    head[8:32] = struct.pack("<QQQ", offset, size, 0)
    head[32:36] = struct.pack("<I", 2)
    head[48:60] = b"RISCV\0\0\0RSC\x05"
    return bytes(head)


class GuestTest(unittest.TestCase):
    """A test case with a folder of its own."""

    def setUp(self) -> None:
        # pylint: disable=consider-using-with
        self._folder = tempfile.TemporaryDirectory(prefix="rax-test.")
        self.addCleanup(self._folder.cleanup)
        self.tmp = Path(self._folder.name)

    def file(self, name: str, data: bytes | str) -> Path:
        """A file in this test's folder."""
        path = self.tmp / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    def program(self, source: list[str], name: str = "guest.elf",
                symbols: tuple[str, ...] = ()) -> Path:
        """An M-mode program as a file."""
        code, labels = assemble(source)
        return self.file(name, elf(code, {s: labels[s] for s in symbols}))

    def refused(self, code: int, pattern: str, *args: str | Path,
                data: bytes = b"") -> None:
        """rax must end with `code` and one line that matches."""
        done = rax(*args, data=data)
        said = done.stderr.decode()
        what = f"{args}: {said!r}"
        self.assertEqual(done.returncode, code, what)
        self.assertEqual(done.stdout, b"", what)
        self.assertEqual(said.count("\n"), 1, what)
        self.assertTrue(said.startswith("rax: "), what)
        self.assertRegex(said, pattern)
