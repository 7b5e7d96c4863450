# SPDX-License-Identifier: MIT
"""What lexers and parsers made with PLY have in common, whatever their language."""
from __future__ import annotations

import bisect
import types
from typing import Any, Callable, Protocol

from ply import lex, yacc

MAX_DIGITS = 1000       # of a number


class LexRules:
    """Rules for strings, numbers and what is none of the language's. error is
    told where (offsets) and what."""

    error: Callable[[int, int, str], None]

    def t_STRING(self, t):
        r'"[^"\n]*("|(?=\n)|$)'
        if len(t.value) < 2 or t.value[-1] != '"':
            self.error(t.lexpos, t.lexpos + 1,
                       "this string has no end (expected '\"' on its line)")
            t.value += '"'
        return t

    def number(self, t):
        """A token of digits."""
        if len(t.value) > MAX_DIGITS:
            self.error(t.lexpos, t.lexpos + 1,
                       f"this number has more than {MAX_DIGITS} digits")
            t.value = "0"
        elif t.value.lower().strip("_") == "0x":
            self.error(t.lexpos, t.lexpos + 2,
                       "expected hexadecimal digits after '0x'")
            t.value = "0"
        return t

    def t_error(self, t):
        ch = t.value[0]
        name = repr(ch) if ch.isprintable() else f"U+{ord(ch):04X}"
        self.error(t.lexpos, t.lexpos + 1, f"unexpected character {name}")
        t.lexer.skip(1)


_masters: dict[type, lex.Lexer] = {}


def lexer_of(rules: LexRules, text: str) -> lex.Lexer:
    """A lexer on the text. Those of one class share their tables."""
    kind = type(rules)
    if kind not in _masters:
        _masters[kind] = lex.lex(object=kind(), errorlog=lex.NullLogger(), optimize=False)
    lexer = _masters[kind].clone(object=rules)
    lexer.begin("INITIAL")          # take over the new object's functions
    lexer.input(text)
    return lexer


def places(text: str, line: int, col: int) -> Callable[[int], tuple[int, int]]:
    """Line and column of an offset in a text that begins at line:col."""
    starts = [0]
    nl = text.find("\n")
    while nl >= 0:
        starts.append(nl + 1)
        nl = text.find("\n", nl + 1)

    def place(pos: int) -> tuple[int, int]:
        r = bisect.bisect_right(starts, pos) - 1
        return line + r, pos - starts[r] + (1 if r else col)
    return place


def tables_of(module: types.ModuleType, log: Any, details: Any) -> yacc.LRParser:
    """The LALR tables of a grammar. log takes PLY's warnings; conflicts are among
    them when details is a log as well."""
    null = yacc.NullLogger()
    # PLY looks for a stored table first; there is none of this name.
    return yacc.yacc(module=module, outputdir="", tabmodule="aslparser.no_stored_table",
                     write_tables=False, debug=details is not None,
                     check_recursion=False, debuglog=details or null,
                     errorlog=log or null)


class Typed(Protocol):
    type: str


class Supply:
    """Hands tokens to PLY; after: one that error recovery puts in between."""

    def __init__(self, tokens: list, lr: yacc.LRParser) -> None:
        self.tokens = tokens
        self.lr = lr
        self.pos = 0
        self.after: Typed | None = None

    def input(self, text: str) -> None:
        """PLY calls this with its input; there is nothing to do."""

    def token(self) -> Typed | None:
        """PLY asks for the next token."""
        if self.after is not None:
            t, self.after = self.after, None
            self.lr.errok()         # from here on, errors are new ones
            return t
        if self.pos == len(self.tokens):
            return None
        self.pos += 1
        return self.tokens[self.pos - 1]
