# SPDX-License-Identifier: MIT
"""Talk to a guest's console: start an emulator, expect text, type lines."""

from __future__ import annotations

import os
import re
import select
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
FETCH = TOP / "tools" / "guest" / "fetch.py"
QEMU = "qemu-system-riscv64"
PROMPT = "~ # "


class ConsoleError(Exception):
    """The guest did not do what was expected of it."""


class Lost(ConsoleError):
    """The guest does not answer any more; further commands are in vain."""


class NoGuest(Exception):
    """No Linux guest can be had here; the text says why."""


def find_guest() -> Path:
    """The folder of the Linux guest, fetched if it is not there yet."""
    done = subprocess.run([sys.executable, str(FETCH)], text=True,
                          stdin=subprocess.DEVNULL, capture_output=True,
                          check=False)
    if done.returncode == 0:
        return Path(done.stdout.strip())
    lines = done.stderr.strip().splitlines() or ["no reason given"]
    if done.returncode == 3:
        raise NoGuest(lines[-1])
    raise ConsoleError(lines[-1])


def rax_program() -> str:
    """The rax to test: $RAX, else ./rax of the build folder."""
    return os.environ.get("RAX") or "./rax"


def linux_command(emulator: str, guest: Path, initrd: Path | None = None,
                  options: str = "") -> list[str]:
    """The command that boots `guest` on rax or on qemu."""
    files = ["--kernel", str(guest / "Image"),
             "--initrd", str(initrd or guest / "initramfs.cpio")]
    if emulator == "qemu":
        files = [word.replace("--", "-") for word in files]
        return [QEMU, "-M", "virt", "-nographic", *files,
                *shlex.split(options)]
    return [rax_program(), *files, *shlex.split(options)]


class Console:
    """One running emulator, its console at the two ends of pipes."""

    def __init__(self, argv: list[str]) -> None:
        self.argv = argv
        self.text = ""
        self.mark = 0
        self.started = time.monotonic()
        self.usage: tuple[float, float] = (0.0, 0.0)
        self.status: int | None = None
        try:
            self.child = subprocess.Popen(
                argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, start_new_session=True,
            )
        except OSError as error:
            raise ConsoleError(f"{argv[0]}: {error.strerror}") from None
        assert self.child.stdin and self.child.stdout and self.child.stderr
        self.input = self.child.stdin
        self.out = self.child.stdout.fileno()
        self.err = self.child.stderr.fileno()
        self.open = {self.out, self.err}
        self.errors = ""

    def __enter__(self) -> "Console":
        return self

    def __exit__(self, *_: object) -> None:
        if self.status is None:
            # not Popen.kill(): it would take the status of a dead child
            os.killpg(self.child.pid, signal.SIGKILL)
            self._reap()
        for stream in (self.child.stdin, self.child.stdout,
                       self.child.stderr):
            try:
                if stream:
                    stream.close()
            except BrokenPipeError:
                pass

    def cpu(self) -> float:
        """CPU seconds (user and system) that the emulator used so far."""
        if self.status is not None:
            return sum(self.usage)
        with open(f"/proc/{self.child.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rpartition(")")[2].split()
        ticks = os.sysconf("SC_CLK_TCK")
        return (int(fields[11]) + int(fields[12])) / ticks

    def tail(self, lines: int = 12) -> str:
        """The last lines of the console, for a report."""
        return "\n".join(self.text.splitlines()[-lines:])

    def _read(self, seconds: float) -> bool:
        """Take in what comes within `seconds`; false at the end."""
        if not self.open:
            return False
        ready, _, _ = select.select(list(self.open), [], [],
                                    max(0.0, seconds))
        for fd in ready:
            data = os.read(fd, 65536)
            if not data:
                self.open.discard(fd)
            elif fd == self.out:
                self.text += data.decode("utf-8", "replace")
            else:
                self.errors += data.decode("utf-8", "replace")
        return True

    def expect(self, pattern: str, seconds: float) -> re.Match[str]:
        """Wait for `pattern` after the last match."""
        limit = time.monotonic() + seconds
        compiled = re.compile(pattern)
        while True:
            hit = compiled.search(self.text, self.mark)
            if hit:
                self.mark = hit.end()
                return hit
            left = limit - time.monotonic()
            if left <= 0:
                raise Lost(
                    f"no {pattern!r} within {seconds:g} s\n{self.tail()}"
                )
            if not self._read(left):
                raise Lost(
                    f"the emulator ended before {pattern!r}\n"
                    f"{self.errors}{self.tail()}"
                )

    def type(self, text: str) -> None:
        """Type `text` as it is."""
        try:
            self.input.write(text.encode())
            self.input.flush()
        except BrokenPipeError:
            raise Lost("the emulator ended\n"
                       + self.errors + self.tail()) from None

    def command(self, line: str, seconds: float) -> str:
        """Run `line` in the guest's shell; its output, line ends as \\n.

        Start and end of the output are told from the echo of the line by
        sums that the guest's shell has to work out.
        """
        self.type(f"echo BEG$((6*7)); {line}; echo END$((6*7))=$?\r")
        self.expect(r"BEG42\r*\n", seconds)
        start = self.mark
        end = self.expect(r"END42=(\d+)\r*\n", seconds)
        output = self.text[start:end.start()].replace("\r", "")
        self.expect(re.escape(PROMPT), seconds)
        if end[1] != "0":
            raise ConsoleError(f"{line!r} ended with {end[1]}:\n{output}")
        return output

    def _reap(self) -> None:
        _, status, usage = os.wait4(self.child.pid, 0)
        self.child.returncode = self.status = os.waitstatus_to_exitcode(status)
        self.usage = (usage.ru_utime, usage.ru_stime)

    def wait(self, seconds: float) -> int:
        """Wait for the emulator's end; its exit status."""
        limit = time.monotonic() + seconds
        while self._read(limit - time.monotonic()):
            if time.monotonic() >= limit:
                os.killpg(self.child.pid, signal.SIGKILL)
                self._reap()
                raise Lost(
                    f"not ended within {seconds:g} s\n{self.tail()}"
                )
        self._reap()
        assert self.status is not None
        return self.status
