"""Say what was found and what was expected. SPDX-License-Identifier: MIT

What can follow is found by trying tokens on the parser's tables and stack,
so it is exact: LALR's merged look-ahead does not blur it.
"""
from __future__ import annotations

from ply import yacc

from . import grammar_decl, grammar_stmt
from .errors import ErrorList
from .lexer import KEYWORDS, Token
from .span import Span

_AFTER = {**grammar_decl.AFTER, **grammar_stmt.AFTER}
_WORDS = {kind: word for word, kind in KEYWORDS.items()
          if kind not in ("ADD", "MUL", "LIT", "NOT", "IN")} | {"LANE": "lane"}
_SIGNS = {"ARROW": "=>", "DOTDOT": "..", "PLUSCOLON": "+:", "EQ": "=",
          "BITCOLON": ":", "LANECOLON": ":", "COMMA": ",", "SEMI": ";", "RPAREN": ")",
          "RBRACK": "]", "RBRACE": "}", "SGT": ">", "LPAREN": "(",
          "LBRACK": "[", "LBRACE": "{", "AMP": "&", "SEE": "SEE"}
# What begins an expression, a statement, or goes on with an expression.
_EXPR = {"IDENT", "INT", "STRING", "BITSLIT", "LIT", "LPAREN", "LBRACK",
         "LBRACE", "MINUS", "NOT", "IF", "BITS", "TYPEOF", "ARRAY",
         "REGISTER", "UNKNOWN", "UNDEFINED"}
_STMT = {"FOR", "WHILE", "REPEAT", "CASE", "RETURN", "ASSERT", "THROW", "TRY",
         "LANE", "SEE", "CONSTANT", "UNPREDICTABLE"} | _EXPR | {
             "IMPLEMENTATION_DEFINED", "SEMI"}
_TYPE = {"IDENT", "BITS", "TYPEOF", "ARRAY", "REGISTER"}
_MORE = {"LPAREN", "LBRACK", "SLT", "DOT", "DOTLT", "LOGOP", "CMP", "IN",
         "ADD", "MINUS", "COLON", "LANECOLON", "MUL", "POW", "UNKNOWN",
         "IMPLEMENTATION_DEFINED"}
_DECL = {"TYPE", "ENUMERATION", "BUILTIN", "INSTRUCTION", "CONSTANT"} | _TYPE \
    | {"LPAREN"}


def _try(lr: yacc.LRParser, stack: list[int], kind: str) -> int | None:
    """The state after shifting ``kind``, or None when it does not fit."""
    stack = list(stack)
    for _ in range(10000):
        act = lr.defaulted_states.get(stack[-1])
        if act is None:
            act = lr.action[stack[-1]].get(kind)
        if act is None or act == 0:
            return None
        if act > 0:
            return act
        rule = lr.productions[-act]
        if rule.len:
            del stack[-rule.len:]
        stack.append(lr.goto[stack[-1]][rule.name])
    return None


def _after(lr: yacc.LRParser, state: int) -> str:
    """' after ...' for the statement that ends in ``state``."""
    act = lr.defaulted_states.get(state)
    name = lr.productions[-act].func if act else None
    label = _AFTER.get(name) if name else None
    return f" after {label}" if label else ""


def _expected(lr: yacc.LRParser) -> str:
    """What fits at the place of the error, in words."""
    stack = lr.statestack
    kinds = set(lr.action[stack[-1]])
    for state in stack:
        kinds.update(lr.action[state])
    fits = {}
    for kind in kinds - {"error", "$end", "RECOVERED"}:
        state = _try(lr, stack, kind)
        if state is not None:
            fits[kind] = state
    names: list[str] = []
    rest = set(fits)
    if {"FOR", "RETURN"} <= rest:
        rest -= _STMT
        names.append("a statement")
    elif {"BUILTIN", "INSTRUCTION"} <= rest:
        rest -= _DECL
        names.append("a declaration")
    elif {"INT", "NOT"} <= rest:
        rest -= _EXPR
        names.append("an expression")
    elif {"BITS", "TYPEOF"} <= rest:
        rest -= _TYPE
        names.append("a type")
    elif {"INT", "BITSLIT", "MINUS"} <= rest:
        rest -= _EXPR
        names.append("a pattern")
    if rest - _MORE:
        rest -= _MORE
    tail = ""
    if "SEMI" in rest:
        tail = _after(lr, fits["SEMI"])
        if tail:
            rest = {"SEMI"}
    if "INDENT" in rest:
        rest.discard("INDENT")
        names.append("an indented block (';' is an empty one)")
    if "EOL" in rest:
        rest.discard("EOL")
        names.append("the end of the line")
    if "IDENT" in rest:
        rest.discard("IDENT")
        names.append("a name")
    if "INT" in rest:
        rest.discard("INT")
        names.append("an integer")
    if "BITSLIT" in rest:
        rest.discard("BITSLIT")
        names.append("a bit literal")
    if "STRING" in rest:
        rest.discard("STRING")
        names.append("a string")
    if "DEDENT" in rest:
        rest.discard("DEDENT")
        if not names and not rest:
            names.append("the end of the block")
    order = list(_SIGNS) + sorted(_WORDS)
    for kind in order:
        if kind in rest:
            names.append(f"'{_SIGNS.get(kind) or _WORDS[kind]}'")
    if rest & _MORE:
        names.append("an operator")
    if len(names) > 5:
        names = names[:5] + ["..."]
    if not names:
        return "the end of the input"
    if len(names) == 1:
        return names[0] + tail
    return ", ".join(names[:-1]) + " or " + names[-1] + tail


def _found(tokens: list[Token], at: int, prev: Token | None,
           end: Span) -> tuple[Span, str]:
    """Where the error is and what stands there."""
    token = tokens[at] if at < len(tokens) else None
    if token is not None and token.type == "INDENT":
        return token.span, "a deeper line" if _on_new_line(
            tokens, at) else _quote(tokens, at + 1)
    i = at
    while i < len(tokens) and tokens[i].type in ("DEDENT", "EOL", "INDENT"):
        i += 1
    if i == len(tokens):
        return end, "the end of the input"
    there = tokens[i]
    if token is not None and token.type in ("DEDENT", "EOL") or (
            prev is not None and prev.text and prev.type != "SEMI"
            and there.span.line > prev.span.end_line):
        before = _before(tokens, at)
        if before is not None and there.span.line > before.span.end_line:
            return before.span.end(), "the end of the line"
    return there.span, _quote(tokens, i)


def _before(tokens: list[Token], at: int) -> Token | None:
    """The last written token in front of ``at``."""
    for i in range(at - 1, 0, -1):
        if tokens[i].text:
            return tokens[i]
    return None


def _on_new_line(tokens: list[Token], at: int) -> bool:
    before = _before(tokens, at)
    return before is None or tokens[at].span.line > before.span.end_line


def _quote(tokens: list[Token], i: int) -> str:
    """A token as the reader sees it."""
    if i >= len(tokens):
        return "the end of the input"
    text = tokens[i].text
    if len(text) > 40:
        text = text[:37] + "..."
    return text if text[:1] in "'\"" and len(text) > 1 else f"'{text}'"


def report(lr: yacc.LRParser, tokens: list[Token], at: int,
           prev: Token | None, end: Span, errors: ErrorList) -> None:
    """Record the error that token ``at`` does not fit."""
    span, found = _found(tokens, at, prev, end)
    text = f"expected {_expected(lr)}, found {found}"
    token = tokens[at] if at < len(tokens) else None
    if token is not None and token.text == ">" and token.type == "CMP":
        text += " (the '<' of a slice directly follows what it slices)"
    errors.add(span, text)
