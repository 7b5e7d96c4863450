# SPDX-License-Identifier: MIT
"""Instructions whose executor is written by hand."""
from __future__ import annotations

from dataclasses import dataclass

from .encoding import Span
from .sem import Native


@dataclass(frozen=True, slots=True)
class Override:
    """why: what the specification cannot say; ref: where the manual says it."""

    insn: str
    native: Native
    why: str
    ref: str
    span: Span
