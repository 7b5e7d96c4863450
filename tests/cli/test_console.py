# SPDX-License-Identifier: MIT
"""The console: terminals, keys, signals, output that fails."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import termios
import time
import unittest
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
# pylint: disable=wrong-import-position
from guest import LIMIT, UART, GuestTest, load, put, rax, rax_program

# Prints ">", then writes what it reads; idle in between (no interrupt is
# enabled for long: the timer wakes it every millisecond).
ECHO = [
    *load("s0", UART), *load("s1", 0x2004000), *load("s2", 0x200bff8),
    "addi t0, zero, 128", "csrrs zero, mie, t0", *put(">"),
    "next:", "lbu t0, 5(s0)", "andi t0, t0, 1", "beq t0, zero, @sleep",
    "lbu t1, 0(s0)", "sb t1, 0(s0)", "jal zero, @next",
    "sleep:", "ld t2, 0(s2)", *load("t3", 10000), "add t2, t2, t3",
    "sd t2, 0(s1)", "wfi", "jal zero, @next",
]
SPIN = [*put(">"), "jal zero, 0"]
# Writes for ever.
TALK = [*load("t0", UART), "addi t1, zero, 88", "sb t1, 0(t0)",
        "jal zero, -4"]


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Wait until something is so."""
    limit = time.monotonic() + LIMIT
    while not condition():
        if time.monotonic() > limit:
            raise AssertionError(f"waited in vain: {what}")
        time.sleep(0.01)


def state(pid: int) -> str:
    """A process's state: R, S, T ..."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        return stat.read().rpartition(")")[2].split()[0]


# A shell's part: the terminal's session, in which rax is the foreground job.
# (A job without a parent in its session could not be stopped.)
SHELL = """
import fcntl, os, signal, sys, termios
report = int(sys.argv[1])
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
go_read, go = os.pipe()
pid = os.fork()
if not pid:
    os.close(go)
    os.read(go_read, 1)
    os.close(go_read)
    # who runs tests in the background may ignore these
    for sig in ("TTOU", "HUP", "INT", "QUIT", "TERM", "TSTP"):
        signal.signal(getattr(signal, "SIG" + sig), signal.SIG_DFL)
    os.execv(sys.argv[2], sys.argv[2:])
os.setpgid(pid, pid)
os.tcsetpgrp(0, pid)
os.write(report, b"%d\\n" % pid)
os.close(go_read)
os.close(go)
status = os.waitpid(pid, 0)[1]
os.write(report, b"%d\\n" % os.waitstatus_to_exitcode(status))
"""


class OnTerminal:
    """rax as the foreground job of a terminal of its own."""

    def __init__(self, *args: str | Path) -> None:
        self.master, self.slave = os.openpty()
        self.before = self.modes()
        report, report_write = os.pipe()
        # pylint: disable=consider-using-with
        self.shell = subprocess.Popen(
            [sys.executable, "-c", SHELL, str(report_write), rax_program(),
             *map(str, args)], stdin=self.slave, stdout=self.slave,
            stderr=subprocess.PIPE, start_new_session=True,
            pass_fds=(report_write,))
        os.close(report_write)
        self.report = os.fdopen(report)
        self.pid = int(self.report.readline())
        self.text = b""

    def __enter__(self) -> OnTerminal:
        return self

    def __exit__(self, *_: object) -> None:
        for kill in (lambda: os.kill(self.pid, signal.SIGKILL),
                     self.shell.kill):
            try:
                kill()
            except ProcessLookupError:
                pass
        self.shell.wait()
        self.shell.stderr.close()
        self.report.close()
        os.close(self.master)
        os.close(self.slave)

    def modes(self) -> tuple[int, int, int]:
        """Input, output and local modes of the terminal."""
        found = termios.tcgetattr(self.slave)
        return found[0], found[1], found[3]

    def raw(self) -> bool:
        """Is the terminal raw?"""
        return not self.modes()[2] & (termios.ICANON | termios.ECHO)

    def expect(self, text: bytes) -> None:
        """Wait for text; what stands before it is dropped."""
        limit = time.monotonic() + LIMIT
        while text not in self.text:
            ready, _, _ = select.select([self.master], [], [],
                                        max(0.0, limit - time.monotonic()))
            if not ready:
                raise AssertionError(f"no {text!r} in {self.text!r}")
            self.text += os.read(self.master, 4096)
        self.text = self.text.partition(text)[2]

    def type(self, text: bytes) -> None:
        """Press keys."""
        os.write(self.master, text)

    def end(self) -> int:
        """Wait for the end; its status as in subprocess."""
        limit = time.monotonic() + LIMIT
        while self.shell.poll() is None and time.monotonic() < limit:
            # a terminal that nobody reads would hold it
            if select.select([self.master], [], [], 0.01)[0]:
                self.text += os.read(self.master, 4096)
        if self.shell.poll() is None:
            raise AssertionError("it does not end")
        return int(self.report.readline())

    def errors(self) -> bytes:
        """Standard error, at the end."""
        return self.shell.stderr.read()


class Terminal(GuestTest):
    """Keys, and the terminal's modes on every way out."""

    def setUp(self) -> None:
        super().setUp()
        self.echo = self.program(ECHO)

    def test_keys(self) -> None:
        """Ctrl-A: x quits, h helps, Ctrl-A and a are literal."""
        with OnTerminal(self.echo) as rax_:
            rax_.expect(b">")
            self.assertTrue(rax_.raw())
            rax_.type(b"one\x01\x01two\x01athree\x01?four\x03\x1a\x1c\x04.")
            rax_.expect(b"one\x01two\x01threefour\x03\x1a\x1c\x04.")
            rax_.type(b"\x01h!")
            rax_.expect(b"!")
            rax_.type(b"\x01x")
            self.assertEqual(rax_.end(), 0)
            self.assertEqual(rax_.modes(), rax_.before)
            self.assertRegex(rax_.errors(), rb"Ctrl-A x +quit")

    def test_guest_ends(self) -> None:
        """Restored when the guest ends, or with an error."""
        for args, want in (
            ([self.program([*put("."), *load("t0", 0x100000),
                            *load("t1", 0x73333), "sw t1, 0(t0)",
                            "jal zero, 0"], "end.elf")], 7),
            ([self.echo, "--max-insns", "3000"], 124),
            ([self.program([*put("."), "wfi", "jal zero, -4"], "wfi.elf"),
              "--clock", "icount", "--max-insns", "99"], 124),
        ):
            if want == 124 and "icount" in map(str, args):
                continue  # wfi with a terminal waits for input: by design
            with OnTerminal(*args) as rax_:
                self.assertEqual(rax_.end(), want)
                self.assertEqual(rax_.modes(), rax_.before)

    def test_signals(self) -> None:
        """Signals end it, with the terminal restored: also crashes."""
        for sig in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP,
                    signal.SIGQUIT):
            for source in (ECHO, SPIN):
                path = self.program(source, "sig.elf")
                with OnTerminal(path) as rax_:
                    rax_.expect(b">")
                    os.kill(rax_.pid, sig)
                    self.assertEqual(rax_.end(), 128 + sig)
                    self.assertEqual(rax_.modes(), rax_.before)
                    self.assertEqual(rax_.text, b"")
        for sig in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS):
            with OnTerminal(self.echo) as rax_:
                rax_.expect(b">")
                os.kill(rax_.pid, sig)
                self.assertIn(rax_.end(), (-sig, 1))  # 1: a sanitizer's
                self.assertEqual(rax_.modes(), rax_.before)

    def test_stop(self) -> None:
        """SIGTSTP gives the terminal back, SIGCONT makes it raw again."""
        with OnTerminal(self.echo) as rax_:
            rax_.expect(b">")
            for sig in (signal.SIGTSTP, signal.SIGTSTP, signal.SIGSTOP):
                os.kill(rax_.pid, sig)
                wait_for(lambda: state(rax_.pid) == "T", "it stops")
                if sig == signal.SIGTSTP:
                    self.assertEqual(rax_.modes(), rax_.before)
                else:  # what a shell would do
                    termios.tcsetattr(rax_.slave, termios.TCSANOW,
                                      self.cooked(rax_.slave))
                os.kill(rax_.pid, signal.SIGCONT)
                wait_for(rax_.raw, "raw again")
                rax_.type(b"go")
                rax_.expect(b"go")
            rax_.type(b"\x01x")
            self.assertEqual(rax_.end(), 0)
            self.assertEqual(rax_.modes(), rax_.before)

    @staticmethod
    def cooked(fd: int) -> list:
        """Modes as of a shell's."""
        found = termios.tcgetattr(fd)
        found[3] |= termios.ICANON | termios.ECHO | termios.ISIG
        return found

    def test_verify(self) -> None:
        """Keys work in lock-step, too."""
        with OnTerminal(self.echo, "--verify", "step") as rax_:
            rax_.expect(b">")
            rax_.type(b"ab")
            rax_.expect(b"ab")
            rax_.type(b"\x01x")
            self.assertEqual(rax_.end(), 0)
            self.assertEqual(rax_.modes(), rax_.before)
            self.assertEqual(rax_.text, b"")


class Pipes(GuestTest):
    """Without a terminal."""

    def start(self, path: Path, *args: str, **pipes: object
              ) -> subprocess.Popen[bytes]:
        """rax with pipes; ended with the test."""
        # pylint: disable=consider-using-with
        child = subprocess.Popen([rax_program(), str(path), *args],
                                 stderr=subprocess.PIPE, **pipes)

        def end() -> None:
            child.kill()
            child.communicate()
        self.addCleanup(end)
        return child

    def test_closed_output(self) -> None:
        """A reader that goes away ends it, with a message."""
        for engine in ("threaded", "step"):
            child = self.start(self.program(TALK), "--engine", engine,
                               stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE)
            self.assertEqual(os.read(child.stdout.fileno(), 1), b"X")
            child.stdout.close()
            child.stdout = None
            self.assertEqual(child.wait(LIMIT), 1)
            said = child.stderr.read()
            self.assertRegex(said, rb"\Arax: cannot write the guest's console"
                             rb" output: Broken pipe\n\Z")

    def test_full_output(self) -> None:
        """A full disk likewise."""
        with open("/dev/full", "wb") as full:
            child = self.start(self.program(TALK), stdout=full,
                               stdin=subprocess.DEVNULL)
            self.assertEqual(child.wait(LIMIT), 1)
            self.assertIn(b"No space left", child.stderr.read())
            self.assertEqual(subprocess.run(
                [rax_program(), "--help"], stdout=full, check=False,
                stderr=subprocess.DEVNULL).returncode, 1)

    def test_slow_reader(self) -> None:
        """A reader that does not read holds the guest, not signals."""
        child = self.start(self.program(TALK), stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE)
        wait_for(lambda: state(child.pid) == "S", "it waits for the reader")
        child.send_signal(signal.SIGTERM)
        self.assertEqual(child.wait(LIMIT), 128 + signal.SIGTERM)

    def test_end_of_input(self) -> None:
        """The end of standard input ends nothing; nor has there to be one."""
        for stdin in (subprocess.DEVNULL, subprocess.PIPE):
            child = self.start(self.program(ECHO), stdin=stdin,
                               stdout=subprocess.PIPE)
            if child.stdin:
                child.stdin.write(b"abc")
                child.stdin.close()
                self.assertEqual(child.stdout.read(4), b">abc")
            else:
                self.assertEqual(child.stdout.read(1), b">")
            self.assertIsNone(child.poll())
            child.send_signal(signal.SIGTERM)
            self.assertEqual(child.wait(LIMIT), 143)
            child.stdin = None
        child = self.start(self.program(SPIN), stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE,
                           preexec_fn=lambda: os.close(0))
        self.assertEqual(child.stdout.read(1), b">")
        child.terminate()
        self.assertEqual(child.wait(LIMIT), 143)

    def test_ctrl_a_is_data(self) -> None:
        """Without a terminal Ctrl-A is a character like others."""
        child = self.start(self.program(ECHO), stdin=subprocess.PIPE,
                           stdout=subprocess.PIPE)
        child.stdin.write(b"\x01x\x01h.")
        child.stdin.flush()
        self.assertEqual(child.stdout.read(6), b">\x01x\x01h.")

    def test_ignored_signals(self) -> None:
        """What was ignored at the start (nohup) stays ignored."""
        child = self.start(
            self.program(ECHO), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        self.assertEqual(child.stdout.read(1), b">")
        child.send_signal(signal.SIGHUP)
        child.stdin.write(b"still")
        child.stdin.flush()
        self.assertEqual(child.stdout.read(5), b"still")

    def test_idle(self) -> None:
        """An idle guest sleeps: no system call goes round and round."""
        child = self.start(self.program([*put(">"), "wfi", "jal zero, -4"]),
                           stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.assertEqual(child.stdout.read(1), b">")
        wait_for(lambda: state(child.pid) == "S", "it sleeps")
        before = self.switches(child.pid)
        time.sleep(0.3)
        self.assertLess(self.switches(child.pid) - before, 20)

    @staticmethod
    def switches(pid: int) -> int:
        """How often a process gave up or lost the processor."""
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        return sum(int(line.split()[1]) for line in text.splitlines()
                   if "ctxt_switches" in line)

    def test_output_only(self) -> None:
        """Standard output is the guest's, standard error rax's."""
        done = rax(self.program(put("x")), "--max-insns", "2000")
        self.assertEqual((done.returncode, done.stdout), (124, b"x"))
        self.assertRegex(done.stderr, rb"\Arax: .*\n\Z")


if __name__ == "__main__":
    unittest.main()
