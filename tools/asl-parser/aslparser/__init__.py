"""aslparser - a parser for classic ASL. SPDX-License-Identifier: MIT

Classic ASL is the Arm Specification Language whose blocks are indented. Every
function raises AslErrors, which lists all that was wrong with the input.
"""
from __future__ import annotations

from pathlib import Path

from . import ast
from .errors import AslError, AslErrors
from .parser import parse
from .printer import dump
from .span import Span

__version__ = "1.0"
__all__ = ["AslError", "AslErrors", "Span", "ast", "dump", "parse_body",
           "parse_decls", "parse_expr", "parse_file", "parse_instructions",
           "parse_source"]


def parse_body(text: str, file: str, line: int = 1, col: int = 1, *,
               extensions: bool = True) -> tuple[ast.Stmt, ...]:
    """Parse statements. ``line`` and ``col`` say where ``text`` begins in
    ``file`` (``col`` is of its first line only)."""
    return parse("body", text, file, line, col, extensions)


def parse_expr(text: str, file: str, line: int = 1, col: int = 1, *,
               extensions: bool = True) -> ast.Expr:
    """Parse one expression; line ends mean nothing in it."""
    return parse("expr", text, file, line, col, extensions)


def parse_source(text: str, file: str, *,
                 extensions: bool = True) -> ast.SourceFile:
    """Parse declarations and instructions, in any order."""
    items = parse("file", text, file, 1, 1, extensions)
    lines = text.split("\n")
    span = Span(file, 1, 1, len(lines), len(lines[-1]) + 1)
    return ast.SourceFile(span, tuple(items))


def parse_decls(text: str, file: str, *,
                extensions: bool = True) -> tuple[ast.Decl, ...]:
    """Parse a text of declarations only."""
    items = parse_source(text, file, extensions=extensions).items
    _only(items, ast.Decl, "an instruction", "a declaration")
    return items


def parse_instructions(text: str, file: str, *,
                       extensions: bool = True
                       ) -> tuple[ast.Instruction, ...]:
    """Parse a text of instructions only."""
    items = parse_source(text, file, extensions=extensions).items
    _only(items, ast.Instruction, "a declaration", "an instruction")
    return items


def _only(items: tuple[ast.Node, ...], kind: type, found: str,
          expected: str) -> None:
    bad = [AslError(i.span.start(), f"expected {expected}, found {found}")
           for i in items if not isinstance(i, kind)]
    if bad:
        raise AslErrors(bad)


def read_text(path: str | Path) -> str:
    """A file as text; AslErrors when it is not UTF-8, OSError as usual."""
    data = Path(path).read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as e:
        line = data.count(b"\n", 0, e.start) + 1
        col = e.start - data.rfind(b"\n", 0, e.start)
        raise AslErrors([AslError(
            Span(str(path), line, col, line, col + 1),
            f"this is no UTF-8 text (byte 0x{data[e.start]:02X})")]) from None


def parse_file(path: str | Path, *,
               extensions: bool = True) -> ast.SourceFile:
    """Parse a file of declarations and instructions."""
    return parse_source(read_text(path), str(path), extensions=extensions)
