# SPDX-License-Identifier: MIT
"""Tests of tools/guest: apt sources, the kernel's Image, the initramfs."""

from __future__ import annotations

import gzip
import lzma
import os
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

GUEST = Path(__file__).resolve().parents[2] / "tools" / "guest"
sys.path.insert(0, str(GUEST))
# pylint: disable=wrong-import-position
import aptroot
import initramfs
import kernel

ONE_LINE = """\
# a comment
deb cdrom:[Debian 12]/ bookworm main
deb [arch=amd64 signed-by=/k.gpg trusted=yes] http://mirror/debian bookworm main contrib
deb-src http://mirror/debian bookworm main
deb http://elsewhere/tool stable-tool main # not Debian's
deb http://mirror/debian-security bookworm-security main
"""

DEB822 = """\
# the usual file
Types: deb deb-src
URIs: http://one/debian http://two/debian
Suites: bookworm
 bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Enabled: no
Types: deb
URIs: http://off/debian
Suites: bookworm
Components: main

Types: deb
URIs: http://contrib/debian
Suites: bookworm
Components: contrib
"""


class Sources(unittest.TestCase):
    """Both formats of apt's sources."""

    def read(self, **files: str) -> list[aptroot.Source]:
        """What apt would read from these files."""
        with tempfile.TemporaryDirectory() as etc:
            for name, text in files.items():
                path = Path(etc) / name.replace("__", "/").replace("_", ".")
                path.parent.mkdir(exist_ok=True)
                path.write_text(text)
            return aptroot.read_sources(Path(etc))

    def test_one_line(self) -> None:
        """Options, comments and several components."""
        found = self.read(sources_list=ONE_LINE)
        self.assertEqual([s.uri for s in found][-3:],
                         ["http://mirror/debian", "http://elsewhere/tool",
                          "http://mirror/debian-security"])
        mirrors = aptroot.debian_mirrors(found)
        self.assertEqual([(s.uri, s.signed_by) for s in mirrors],
                         [("http://mirror/debian", "/k.gpg")])

    def test_deb822(self) -> None:
        """Continued fields, several URIs, disabled stanzas."""
        found = self.read(sources_list__debian_sources="",
                          sources_list_d__debian_sources=DEB822)
        mirrors = aptroot.debian_mirrors(found)
        self.assertEqual([s.uri for s in mirrors],
                         ["http://one/debian", "http://two/debian"])
        self.assertEqual(mirrors[0].suites, ("bookworm", "bookworm-updates"))

    def test_both(self) -> None:
        """sources.list comes first; an address counts once."""
        found = self.read(
            sources_list="deb http://two/debian sid main\n",
            sources_list_d__a_list="deb http://three/debian sid main\n",
            sources_list_d__b_sources=DEB822,
            sources_list_d__c_bak="deb http://four/debian sid main\n")
        self.assertEqual([s.uri for s in aptroot.debian_mirrors(found)],
                         ["http://two/debian", "http://three/debian",
                          "http://one/debian"])

    def test_nothing(self) -> None:
        """An empty folder is no error of the reader."""
        self.assertEqual(self.read(), [])


class Fetch(unittest.TestCase):
    """The command's exit statuses."""

    def run_fetch(self, *options: str) -> subprocess.CompletedProcess[str]:
        """Run fetch.py with a cache of its own."""
        with tempfile.TemporaryDirectory() as work:
            (Path(work) / "etc").mkdir()
            env = dict(os.environ)
            env.pop("RAX_GUEST_SUITE", None)
            return subprocess.run(
                [sys.executable, "-B", str(GUEST / "fetch.py"),
                 "--cache", f"{work}/cache", "--apt-etc", f"{work}/etc",
                 *options], text=True, capture_output=True, check=False,
                env=env)

    def test_offline(self) -> None:
        """Without network and guest: status 3 and one line."""
        done = self.run_fetch("--offline")
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertRegex(done.stderr, r"\Afetch: .*not fetched yet\n\Z")

    def test_no_mirror(self) -> None:
        """No source in apt's files: status 1, what to do."""
        done = self.run_fetch()
        self.assertEqual(done.returncode, 1)
        self.assertIn("give --mirror URL", done.stderr)

    def test_bad_suite(self) -> None:
        """A suite's name cannot be a path."""
        done = self.run_fetch("--suite", "../x")
        self.assertEqual(done.returncode, 1)
        self.assertIn("not the name of a Debian suite", done.stderr)


def fake_image() -> bytes:
    """The least that is taken for a riscv64 Image."""
    return (b"MZ" + bytes(0x36) + b"RSC\x05").ljust(4096, b"\1")


class Image(unittest.TestCase):
    """The Image inside a vmlinuz."""

    def test_plain_and_compressed(self) -> None:
        """As it is, gzip and xz."""
        plain = fake_image()
        for data in (plain, gzip.compress(plain), lzma.compress(plain)):
            self.assertEqual(kernel.image(data, "riscv64"), plain)

    def test_zboot(self) -> None:
        """The payload of an EFI zboot file."""
        packed = gzip.compress(fake_image())
        data = (b"MZ\0\0zimg" + struct.pack("<II", 512, len(packed))
                ).ljust(512, b"\0") + packed + b"tail"
        self.assertEqual(kernel.image(data, "riscv64"), fake_image())

    def test_another(self) -> None:
        """An Image of another architecture is refused."""
        for data in (b"", b"\x7fELF" + bytes(100),
                     fake_image().replace(b"RSC\x05", b"ARM\x64")):
            with self.assertRaisesRegex(aptroot.FetchError,
                                        "holds no riscv64 Image"):
                kernel.image(data, "riscv64")

    def test_module_needs(self) -> None:
        """The modinfo string of a module."""
        self.assertEqual(
            kernel.module_needs(b"x\0license=GPL\0depends=a,b-c\0z"),
            ["a", "b-c"])
        self.assertEqual(kernel.module_needs(b"\0depends=\0"), [])


def unpack(data: bytes) -> dict[str, tuple[int, bytes]]:
    """Name, mode and contents of a newc archive, read independently."""
    found: dict[str, tuple[int, bytes]] = {}
    at = 0
    while True:
        head = data[at:at + 110]
        if head[:6] != b"070701":
            raise AssertionError(f"no header at {at}")
        numbers = [int(head[i:i + 8], 16) for i in range(6, 110, 8)]
        name = data[at + 110:at + 110 + numbers[11] - 1].decode()
        at = (at + 110 + numbers[11] + 3) // 4 * 4
        if name == "TRAILER!!!":
            return found
        found[name] = (numbers[1], data[at:at + numbers[6]])
        at = (at + numbers[6] + 3) // 4 * 4


class Initramfs(unittest.TestCase):
    """The archive."""

    def setUp(self) -> None:
        self.work = tempfile.TemporaryDirectory()
        self.guest = Path(self.work.name)
        (self.guest / "modules").mkdir()
        (self.guest / "modules" / "order").write_text("a.ko\n")
        (self.guest / "modules" / "a.ko").write_bytes(b"module")
        (self.guest / "busybox").write_bytes(b"program")

    def tearDown(self) -> None:
        self.work.cleanup()

    def test_contents(self) -> None:
        """Folders come before what is in them; modes are right."""
        found = unpack(initramfs.build(self.guest))
        self.assertEqual(found["bin/busybox"], (0o100755, b"program"))
        self.assertEqual(found["modules/a.ko"], (0o100644, b"module"))
        self.assertEqual(found["bin/sh"], (0o120777, b"busybox"))
        self.assertEqual(found["dev/console"][0], 0o020600)
        names = list(found)
        for name in names:
            if "/" in name:
                self.assertLess(names.index(name.rpartition("/")[0]),
                                names.index(name))

    def test_reproducible(self) -> None:
        """Times and the order of files change nothing."""
        first = initramfs.build(self.guest)
        os.utime(self.guest / "busybox", (0, 0))
        self.assertEqual(initramfs.build(self.guest), first)

    def test_extra(self) -> None:
        """--add of a file and of a folder; --init."""
        folder = self.guest / "extra"
        (folder / "sub").mkdir(parents=True)
        (folder / "sub" / "x").write_text("x")
        (folder / "link").symlink_to("sub/x")
        found = unpack(initramfs.build(
            self.guest, self.guest / "busybox", [(folder, "/opt/e")]))
        self.assertEqual(found["opt/e/sub/x"], (0o100644, b"x"))
        self.assertEqual(found["opt/e/link"], (0o120777, b"sub/x"))
        self.assertEqual(found["opt"][0], 0o040755)
        self.assertEqual(found["main"], (0o100755, b"program"))

    def test_refused(self) -> None:
        """Paths that lead elsewhere, missing files, a file as a folder."""
        here = self.guest / "busybox"
        for extra, message in (
            ((here, "a/../../b"), "not a path in the guest"),
            ((here, "bin/busybox/x"), "is no folder"),
            ((self.guest / "none", "x"), "no such file"),
        ):
            with self.assertRaisesRegex(initramfs.InitramfsError, message):
                initramfs.build(self.guest, None, [extra])

    def test_unchanged_file_is_kept(self) -> None:
        """Equal contents leave the file alone."""
        path = self.guest / "out"
        initramfs.write_file(path, b"1")
        os.utime(path, (1, 1))
        initramfs.write_file(path, b"1")
        self.assertEqual(path.stat().st_mtime, 1)
        initramfs.write_file(path, b"2")
        self.assertEqual(path.read_bytes(), b"2")
        self.assertEqual(sorted(p.name for p in self.guest.iterdir()),
                         ["busybox", "modules", "out"])


if __name__ == "__main__":
    unittest.main()
