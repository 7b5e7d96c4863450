# SPDX-License-Identifier: MIT
"""Parses Intel's operation language: tables, recovery from errors, messages.

    body = parse("dst.int8[0] := Saturate8(x)", "f.xml", line=7, col=3)

PLY's tables are made on first use and never written to disk. All errors of a
text are reported (20 at most), each with its place and what was expected.
"""
from __future__ import annotations

import copy
import threading
import types
from dataclasses import fields, is_dataclass
from typing import Any

from aslparser.errors import AslErrors, ErrorList, TooManyErrors
from aslparser.lexer import Token
from aslparser.plytools import Supply, places, tables_of
from aslparser.span import Span
from ply import yacc

from . import intel_grammar
from .intel_lexer import Place, Rules, tokenize
from .intel_nodes import Stmt

MAX_DEPTH = 100  # of a tree, so that recursion over it is safe
_lock = threading.Lock()
_tables: list[yacc.LRParser] = []
# What the words of a message say, and which tokens stand for them.
_GROUPS = (({"IF", "FOR", "RETURN"}, {"IF", "FOR", "RETURN", "CASE", "DO", "DEFINE", "BREAK",
                                      "FAULT", "ENUM", "IDENT", "INT", "REAL", "STRING",
                                      "LPAREN"}, "a statement"),
           ({"NOT", "INT", "LPAREN"}, {"NOT", "INT", "LPAREN", "ADD", "IDENT", "REAL",
                                       "STRING"}, "an expression"),
           ({"MUL", "ADD"}, {"LOR", "LAND", "OR", "XOR", "AND", "EQ", "REL", "SHIFT", "ADD", "MUL",
                             "QUESTION", "LBRACK", "DOT", "IS", "UPDATE"}, "an operator"))
_WORDS = {"IDENT": "a name", "INT": "a number", "LABEL": "a case's label",
          "SEP": "the end of the line", "ASSIGN": "':='", "IS": "'='", "COLON": "':'",
          "COMMA": "','",
          "LPAREN": "'('", "RPAREN": "')'",
          "LBRACK": "'['", "RBRACK": "']'", "LBRACE": "'{'", "RBRACE": "'}'", "DOT": "'.'",
          "UPDATE": "'+='", "FAULT": "an exception"}
_OPENS = {"FOR": "ENDFOR", "IF": "FI", "CASE": "ESAC", "DO": "OD", "LBRACE": "RBRACE"}


def _module() -> types.ModuleType:
    module = types.ModuleType("intel_grammar_tables")
    module.__file__ = __file__
    for name, value in vars(intel_grammar).items():
        if name.startswith("p_"):
            setattr(module, name, value)
    module.tokens = sorted({*Rules.tokens, "RECOVERED"})
    module.precedence = intel_grammar.precedence
    module.start = "start"
    module.p_error = lambda t: None
    return module


def build_tables(log: Any = None, details: Any = None) -> yacc.LRParser:
    """The LALR tables; see aslparser.plytools.tables_of."""
    return tables_of(_module(), log, details)


def _shared() -> yacc.LRParser:
    with _lock:
        if not _tables:
            _tables.append(build_tables())
    return copy.copy(_tables[0])


def _fits(lr: yacc.LRParser, kind: str) -> bool:
    """Would the parser take a token of this kind now?"""
    stack = list(lr.statestack)
    for _ in range(10000):
        act = lr.defaulted_states.get(stack[-1])
        if act is None:
            act = lr.action[stack[-1]].get(kind)
        if act is None or act >= 0:
            return act is not None
        rule = lr.productions[-act]
        if rule.len:
            del stack[-rule.len:]
        stack.append(lr.goto[stack[-1]][rule.name])
    return False


def _expected(lr: yacc.LRParser) -> str:
    """What fits here, in words."""
    kinds = {k for state in lr.statestack for k in lr.action[state]} - {"RECOVERED"}
    rest = {k for k in kinds if _fits(lr, k)}
    names: list[str] = []
    for needs, covers, name in _GROUPS:
        if needs <= rest:
            rest -= covers
            names.append(name)
    if "SEP" in rest and "a statement" in names:
        rest.discard("SEP")  # an empty line is no news
    names += [_WORDS.get(k, k) for k in sorted(rest - {"$end"})]
    if not names:
        names = ["the end of the text"]
    if len(names) > 5:
        names = names[:5] + ["the like"]
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


class Stream(Supply):
    """Recovers from errors."""

    def __init__(self, tokens: list[Token], errors: ErrorList, lr: yacc.LRParser,
                 end: Span) -> None:
        super().__init__(tokens, lr)
        self.errors, self.end = errors, end

    def on_error(self, t: Token | None) -> None:
        """A token that does not fit: says so, goes on behind its statement."""
        if t is None:
            self.errors.add_syntax(self.end, f"expected {_expected(self.lr)}, found the end of "
                                             "the text")
            raise TooManyErrors
        found = f"'{t.text}'" if t.text and t.text[0] != "\n" else "the end of the line"
        self.errors.add_syntax(t.span, f"expected {_expected(self.lr)}, found {found}")
        at = self.pos - 1
        self.pos = self._sync(at)
        self.after = Token("RECOVERED", "", t.span)
        self._unwind()

    def _sync(self, at: int) -> int:
        """The token to go on with: behind the statement that holds token `at`."""
        opened: list[str] = []
        for i in range(at, len(self.tokens)):
            kind = self.tokens[i].type
            if kind in _OPENS:
                opened.append(_OPENS[kind])
            elif opened and kind == opened[-1]:
                opened.pop()
            elif not opened and kind == "SEP":
                return i + 1
            elif not opened and kind in ("ENDFOR", "FI", "ESAC", "OD", "RBRACE", "ELSE",
                                         "ELSEIF") and i > at:
                return i
        return len(self.tokens)

    def _unwind(self) -> None:
        """Takes what was read of the statement off the parser's stack."""
        lr = self.lr
        while len(lr.statestack) > 1 and not _fits(lr, "RECOVERED"):
            lr.statestack.pop()
            lr.symstack.pop()
        lr.state = lr.statestack[-1]


def _too_deep(body: tuple[Stmt, ...]) -> Any:
    """A node of a tree that is too deep."""
    todo: list[tuple[Any, int]] = [(s, 0) for s in body]
    while todo:
        node, depth = todo.pop()
        if isinstance(node, tuple):
            todo += [(x, depth) for x in node]
        elif is_dataclass(node):
            if depth > MAX_DEPTH:
                return node
            todo += [(getattr(node, f.name), depth + 1) for f in fields(node) if f.compare]
    return None


def parse(text: str, file: str, line: int = 1, col: int = 1,
          place: Place | None = None) -> tuple[Stmt, ...]:
    """The statements of a text, whose places are counted from line:col or told
    by place(). Raises aslparser's AslErrors."""
    errors = ErrorList()
    result: tuple[Stmt, ...] = ()
    place = place or places(text, line, col)
    try:
        tokens = tokenize(text, file, place, errors)
        end = Span(file, *place(len(text)), *place(len(text)))
        lr = _shared()
        stream = Stream(tokens, errors, lr, end)
        lr.errorfunc = stream.on_error
        result = lr.parse(input="", lexer=stream)
        if not errors.errors and (deep := _too_deep(result)) is not None:
            errors.add(deep.span, f"this is nested too deeply (more than {MAX_DEPTH} levels)")
    except TooManyErrors:
        pass
    errors.check()
    return result


__all__ = ["AslErrors", "build_tables", "parse"]
