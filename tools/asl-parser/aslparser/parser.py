"""The parser proper: tables, token stream, recovery. SPDX-License-Identifier: MIT

PLY's LALR tables are made once, on first use, and never written to disk.
"""
from __future__ import annotations

import copy
import threading
import types
from typing import Any

from ply import yacc

from . import grammar_decl, grammar_expr, grammar_stmt, messages
from .build import Builder
from .errors import ErrorList, TooManyErrors
from .layout import Layout
from .lexer import Token, _Rules, check_tabs, tokenize
from .plytools import Supply, tables_of
from .slices import mark_lanes, mark_slices
from .span import Span

STARTS = {"body": "START_BODY", "expr": "START_EXPR", "file": "START_FILE"}
_EXTRA = ["INDENT", "DEDENT", "EOL", "RECOVERED", "SLT", "SGT", "BITCOLON",
          "LANECOLON"]
_GRAMMAR = (grammar_decl, grammar_expr, grammar_stmt)

_lock = threading.Lock()
_tables: list[yacc.LRParser] = []


def grammar_module() -> types.ModuleType:
    """One module with the functions of all grammar files, for PLY."""
    module = types.ModuleType("aslparser_grammar")
    module.__file__ = __file__
    for part in _GRAMMAR:
        for name, value in vars(part).items():
            if name.startswith("p_"):
                if hasattr(module, name):
                    raise TypeError(f"{name} is defined twice")
                setattr(module, name, value)
    words = set(_Rules.tokens)
    module.tokens = sorted(words) + _EXTRA + list(STARTS.values())
    module.precedence = grammar_expr.precedence
    module.start = "start"
    module.p_error = lambda t: None
    return module


def build_tables(log: Any = None, details: Any = None) -> yacc.LRParser:
    """Make the LALR tables; see plytools.tables_of."""
    return tables_of(grammar_module(), log, details)


def tables() -> yacc.LRParser:
    """A parser of our own around the shared tables."""
    with _lock:
        if not _tables:
            _tables.append(build_tables())
    return copy.copy(_tables[0])


class Stream(Supply, Builder):
    """Hands tokens to PLY, builds nodes for it and recovers from errors."""

    def __init__(self, tokens: list[Token], errors: ErrorList,
                 extensions: bool, lr: yacc.LRParser, end: Span) -> None:
        Supply.__init__(self, tokens, lr)
        Builder.__init__(self, errors, extensions)
        self.end = end

    def on_error(self, t: Token | None) -> None:
        """PLY met a token that does not fit: report it and skip to a place
        where the block that was being read can go on."""
        at = self.pos - 1 if t is not None else self.pos
        messages.report(self.lr, self.tokens, at, self.end, self.errors)
        if t is None or self.tokens[0].type == "START_EXPR":
            raise TooManyErrors     # nothing is left to go on with
        self.pos = self._sync(at)
        self.after = Token("RECOVERED", "", t.span)

    def _sync(self, at: int) -> int:
        """The index of the token to go on with: behind the statement that
        holds token ``at``, in the same block."""
        depth = 0
        tokens = self.tokens
        i = at
        while i < len(tokens):
            kind = tokens[i].type
            if kind == "INDENT":
                depth += 1
            elif kind == "DEDENT":
                if depth == 0:
                    return i
                depth -= 1
                if depth == 0 and (i + 1 == len(tokens) or tokens[
                        i + 1].type not in _CONTINUE):
                    return i + 1
            elif depth == 0 and kind in ("SEMI", "EOL"):
                return i + 1
            i += 1
        return i


# Words that go on with the construct whose block has just ended.
_CONTINUE = {"ELSE", "ELSIF", "UNTIL", "CATCH"}


def parse(kind: str, text: str, file: str, line: int = 1, col: int = 1,
          extensions: bool = True) -> Any:
    """Parse ``text`` as a "body", "expr" or "file"; raise AslErrors."""
    errors = ErrorList()
    result = None
    try:
        tokens = mark_slices(
            tokenize(text, file, line, col, errors, extensions))
        mark_lanes(tokens)
        end = tokens[-1].span.end() if tokens else Span(
            file, line, col, line, col)
        if kind != "expr":
            check_tabs(text, line, col, tokens, errors)
            tokens = Layout(tokens, errors, col > 1).run()
        start = Token(STARTS[kind], "", end)
        lr = tables()
        stream = Stream([start] + tokens, errors, extensions, lr, end)
        lr.errorfunc = stream.on_error
        result = lr.parse(input="", lexer=stream)
        stream.finish()
    except TooManyErrors:
        pass
    errors.check()
    return result
