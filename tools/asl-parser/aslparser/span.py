"""Source positions. SPDX-License-Identifier: MIT"""
from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of source text.

    Lines and columns count from 1; ``end_col`` is the column just after the
    last character, so an empty span has ``end == start``.
    """

    file: str
    line: int
    col: int
    end_line: int
    end_col: int

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of ``other``."""
        return Span(self.file, self.line, self.col,
                    other.end_line, other.end_col)

    def start(self) -> Span:
        """The empty span in front of this one."""
        return Span(self.file, self.line, self.col, self.line, self.col)

    def end(self) -> Span:
        """The empty span behind this one."""
        return Span(self.file, self.end_line, self.end_col,
                    self.end_line, self.end_col)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.col}"


NOWHERE = Span("<none>", 0, 0, 0, 0)
