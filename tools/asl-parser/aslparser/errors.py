"""Errors of the parser and the list that collects them. SPDX-License-Identifier: MIT"""
from __future__ import annotations

from dataclasses import dataclass

from .span import Span

MAX_ERRORS = 20


@dataclass(frozen=True, slots=True)
class AslError:
    """One error: where, and what was found and expected."""

    span: Span
    message: str

    def __str__(self) -> str:
        return f"{self.span}: error: {self.message}"


class AslErrors(Exception):
    """Everything that was wrong with one input, in source order."""

    def __init__(self, errors: list[AslError]) -> None:
        super().__init__("\n".join(str(e) for e in errors))
        self.errors = errors


class TooManyErrors(Exception):
    """Internal: stops a parse that has nothing useful left to say."""


class ErrorList:
    """Collects errors; the second one at the same place is dropped."""

    def __init__(self) -> None:
        self.errors: list[AslError] = []
        self._seen: set[tuple[int, int]] = set()
        self._lines: set[int] = set()

    def add(self, span: Span, message: str) -> None:
        """Record an error; raise TooManyErrors when the list is full."""
        place = (span.line, span.col)
        if place in self._seen:
            return
        self._seen.add(place)
        self.errors.append(AslError(span, message))
        if len(self.errors) >= MAX_ERRORS:
            raise TooManyErrors

    def add_lexical(self, span: Span, message: str) -> None:
        """Record an error in a token: what follows from it on the same line
        is not reported."""
        self._lines.add(span.line)
        self.add(span, message)

    def add_syntax(self, span: Span, message: str) -> None:
        """Record an error of the grammar, unless a bad token explains it."""
        if span.line not in self._lines:
            self.add(span, message)

    def fatal(self, span: Span, message: str) -> None:
        """Record an error after which the parse cannot go on."""
        self._seen.discard((span.line, span.col))
        self.add(span, message)
        raise TooManyErrors

    def check(self) -> None:
        """Raise AslErrors when anything was recorded."""
        if self.errors:
            raise AslErrors(sorted(
                self.errors, key=lambda e: (e.span.line, e.span.col)))
