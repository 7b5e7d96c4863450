"""Say what was found and what was expected. SPDX-License-Identifier: MIT

What can follow is found by trying tokens on the parser's tables and stack,
so it is exact: LALR's merged look-ahead does not blur it.
"""
from __future__ import annotations

from ply import yacc

from . import grammar_decl, grammar_stmt
from .errors import ErrorList
from .lexer import BLOCK_TYPES, EXTENSION_KEYWORDS, KEYWORDS, Token
from .span import Span

_AFTER = {**grammar_decl.AFTER, **grammar_stmt.AFTER}
# Token types by the way they are named in a message, in this order.
_NAMED = {"EOL": "the end of the line", "IDENT": "a name",
          "INT": "an integer", "BITSLIT": "a bit literal",
          "STRING": "a string"}
_QUOTED = {"ARROW": "=>", "DOTDOT": "..", "PLUSCOLON": "+:", "EQ": "=",
           "COLON": ":", "LANECOLON": ":", "BITCOLON": ":", "COMMA": ",",
           "SEMI": ";",
           "LPAREN": "(", "LBRACK": "[", "LBRACE": "{", "RPAREN": ")",
           "RBRACK": "]", "RBRACE": "}", "SGT": ">", "AMP": "&",
           "CMP": "==", "SEE": "SEE", "LANE": "lane",
           "LAYOUT": "__layout"} | {
    kind: word for word, kind in KEYWORDS.items()
    if kind not in ("ADD", "MUL", "LIT", "NOT", "IN")}
_ENDS = {"DEDENT": "the end of the block", "$end": "the end of the input"}

# What begins a type, expression, statement or declaration.
_TYPE = {"IDENT", "BITS", "TYPEOF", "ARRAY", "REGISTER"}
_EXPR = _TYPE | {"INT", "STRING", "BITSLIT", "LIT", "LPAREN", "LBRACK",
                 "LBRACE", "MINUS", "NOT", "IF", "UNKNOWN", "UNDEFINED"}
_STMT = _EXPR | {"FOR", "WHILE", "REPEAT", "CASE", "RETURN", "ASSERT", "SEMI",
                 "THROW", "TRY", "LANE", "SEE", "CONSTANT", "UNPREDICTABLE",
                 "IMPLEMENTATION_DEFINED"}
_DECL = _TYPE | {"TYPE", "ENUMERATION", "BUILTIN", "INSTRUCTION", "CONSTANT",
                 "LPAREN"}
# (a set which holds all these, may also hold these, and is called so)
_GROUPS = (
    ({"FOR", "RETURN"}, _STMT, "a statement"),
    ({"BUILTIN", "INSTRUCTION"}, _DECL, "a declaration"),
    ({"INT", "NOT"}, _EXPR, "an expression"),
    ({"IDENT", "LPAREN", "LBRACK", "BITS"}, _EXPR, "a variable"),
    ({"BITS", "TYPEOF"}, _TYPE, "a type"),
    ({"INT", "BITSLIT", "MINUS"}, _EXPR, "a pattern"),
)
# What may go on with an expression.
_MORE = {"LPAREN", "LBRACK", "SLT", "DOT", "DOTLT", "LOGOP", "CMP", "IN",
         "ADD", "MINUS", "COLON", "MUL", "POW", "UNKNOWN",
         "IMPLEMENTATION_DEFINED"}


def _try(lr: yacc.LRParser, stack: list[int], kind: str) -> int | None:
    """The state after shifting ``kind``, or None when it does not fit; 0 for
    an accepted end."""
    stack = list(stack)
    for _ in range(10000):
        act = lr.defaulted_states.get(stack[-1])
        if act is None:
            act = lr.action[stack[-1]].get(kind)
        if act is None or act >= 0:
            return act
        rule = lr.productions[-act]
        if rule.len:
            del stack[-rule.len:]
        stack.append(lr.goto[stack[-1]][rule.name])
    return None


def _after(lr: yacc.LRParser, state: int) -> str:
    """' after ...' for the statement that ends in ``state``."""
    acts = set(lr.action[state].values())
    name = lr.productions[-acts.pop()].func if len(acts) == 1 else ""
    label = _AFTER.get(name)
    return f" after {label}" if label else ""


def _fitting(lr: yacc.LRParser) -> dict[str, int]:
    """Every token type that fits, with the state that it leads to."""
    stack = lr.statestack
    kinds: set[str] = set()
    for state in stack:
        kinds.update(lr.action[state])
    tried = {k: _try(lr, stack, k) for k in kinds - {"error", "RECOVERED"}}
    return {k: state for k, state in tried.items() if state is not None}


def _expected(lr: yacc.LRParser, at_line_end: bool) -> str:
    """What fits at the place of the error, in words."""
    fits = _fitting(lr)
    rest = set(fits)
    names: list[str] = []
    for needs, covers, name in _GROUPS:
        if needs <= rest:
            rest -= covers
            names.append(name)
            break
    if "SLT" in rest and rest - _MORE - {"$end"}:
        rest -= _MORE           # what slices and indexes says nothing new
    if rest - _MORE == {"SEMI"} and not names:
        tail = _after(lr, fits["SEMI"])
        if tail:
            return f"';'{tail}"
    if "INDENT" in rest:
        block = "an indented block"
        if "SEMI" in lr.action[fits["INDENT"]]:
            block += " (';' is an empty one)"
        names.append(block)
        rest &= {"SEMI"} if at_line_end else rest - {"INDENT"}
    if {"ADD", "MUL"} <= rest:
        rest -= _MORE
        if not names and not rest - {"$end"}:
            names.append("an operator")
    names += [name for kind, name in _NAMED.items() if kind in rest]
    names += [f"'{word}'" for kind, word in _QUOTED.items() if kind in rest]
    if not names:
        names = [name for kind, name in _ENDS.items() if kind in rest]
    elif "$end" in rest and names == ["an operator"]:
        names.append(_ENDS["$end"])
    if not names:
        return "something else"
    if len(names) > 5:
        names = names[:5] + ["the like"]
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _found(tokens: list[Token], at: int, end: Span) -> tuple[Span, str]:
    """Where the error is and what stands there."""
    before = next((t for t in tokens[at - 1:0:-1] if t.text), None)
    i = at
    while i < len(tokens) and tokens[i].type in BLOCK_TYPES:
        i += 1
    if i == len(tokens):
        return end, "the end of the input"
    t = tokens[i]
    if before is not None and before.type != "SEMI" and (
            t.span.line > before.span.end_line) and (
            i > at or tokens[at - 1].text):
        return before.span.end(), "the end of the line"
    text = t.text if len(t.text) <= 40 else t.text[:37] + "..."
    text = "".join(c if c.isprintable() else "?" for c in text)
    if text[:1] not in "'\"":
        text = f"'{text}'"
    return t.span, text


def _is_word(t: Token) -> bool:
    return t.text in KEYWORDS or t.text in EXTENSION_KEYWORDS


def report(lr: yacc.LRParser, tokens: list[Token], at: int, end: Span,
           errors: ErrorList) -> None:
    """Record the error that token ``at`` does not fit."""
    span, found = _found(tokens, at, end)
    text = (f"expected {_expected(lr, found.startswith('the end'))}, "
            f"found {found}")
    t = tokens[at] if at < len(tokens) else None
    if t is not None and t.text == ">" and t.type == "CMP":
        text += " (the '<' of a slice directly follows what it slices)"
    elif t is not None and _is_word(t) and "a name" in text:
        text += f" ('{t.text}' is a word of the language)"
    errors.add_syntax(span, text)
