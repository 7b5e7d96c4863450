# SPDX-License-Identifier: MIT
"""Collecting what is wrong with the input, with the place of each fault."""
from __future__ import annotations

from typing import Protocol

LIMIT = 20


class Span(Protocol):
    """Where something stands; its text is file:line:col."""

    @property
    def file(self) -> str: ...

    @property
    def line(self) -> int: ...

    @property
    def col(self) -> int: ...


class SpecError(Exception):
    """One fault of the input; raised where there is no way to go on."""

    def __init__(self, span: Span, message: str):
        super().__init__(f"{span}: error: {message}")
        self.span = span
        self.message = message


class Stop(Exception):
    """The input is refused; the messages are in the Errors that raised it."""


class Errors:
    """Faults found so far. Front ends and passes add to it and go on; the
    driver calls check() before it uses what they built."""

    def __init__(self, limit: int = LIMIT):
        self._found: list[tuple[Span, str, tuple[tuple[Span, str], ...]]] = []
        self._limit = limit

    def __len__(self) -> int:
        return len(self._found)

    def add(self, span: Span, message: str, *notes: tuple[Span, str]) -> None:
        """Records a fault; notes point at other places that have to do with it.
        What was said already is not said again."""
        if (span, message, notes) in self._found:
            return
        self._found.append((span, message, notes))
        if len(self._found) >= self._limit:
            raise Stop

    def take(self, error: SpecError) -> None:
        self.add(error.span, error.message)

    def check(self) -> None:
        """Raises Stop if anything is wrong."""
        if self._found:
            raise Stop

    def first(self) -> tuple[Span, str]:
        """The first fault that was found."""
        return self._found[0][:2]

    def lines(self) -> list[str]:
        """The messages by place, `file:line:col: error: ...`."""
        out: list[str] = []
        for span, message, notes in sorted(
                self._found, key=lambda f: (f[0].file, f[0].line, f[0].col)):
            out.append(f"{span}: error: {message}")
            out.extend(f"{s}: note: {m}" for s, m in notes)
        if len(self._found) >= self._limit:
            out.append(f"stopped after {self._limit} errors")
        return out
