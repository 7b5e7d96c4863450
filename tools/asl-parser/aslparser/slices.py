"""Tell slices from comparisons. SPDX-License-Identifier: MIT

``x<7:0>`` and ``a < b`` begin alike. A ``<`` opens a slice when

- nothing stands between it and a name, ``)``, ``]`` or a slice's ``>``; and
- a ``>`` of the same statement and bracket closes it; and
- no comparison, ``&&``, ``||`` or ``IN`` stands between them outside of
  brackets (a slice's indices are integers); and
- what follows that ``>`` on its line cannot begin an operand.

Everything else is a comparison. One pass over the tokens, linear time.
"""
from __future__ import annotations

from .lexer import Token
from .span import Span

_BASES = {"IDENT", "RPAREN", "RBRACK"}
_OPEN = {"LPAREN", "LBRACK", "LBRACE", "DOTLT"}
_CLOSE = {"RPAREN", "RBRACK", "RBRACE"}
# Outside of brackets these end every slice that might have been open.
_STOP = {"LOGOP", "IN", "SEMI", "EQ", "THEN", "ELSE", "ELSIF", "OF", "DO",
         "TO", "DOWNTO", "ARROW", "IF", "LANE", "RETURN", "CASE", "WHEN",
         "FOR", "WHILE", "UNTIL", "DOTDOT", "WHERE"}
# These begin an operand, so a '>' in front of one is a comparison.
_OPERAND = {"IDENT", "INT", "STRING", "BITSLIT", "LIT", "LPAREN", "LBRACK",
            "LBRACE", "NOT", "IF", "BITS", "TYPEOF", "UNKNOWN", "UNDEFINED"}


def _split(t: Token, n: int) -> list[Token]:
    """Cut a token behind its first ``n`` characters."""
    s = t.span
    mid = s.col + n
    return [Token(t.type, t.text[:n],
                  Span(s.file, s.line, s.col, s.line, mid), t.tight),
            Token(t.type, t.text[n:],
                  Span(s.file, s.line, mid, s.end_line, s.end_col), True)]


def mark_slices(tokens: list[Token]) -> list[Token]:
    """Give slice brackets and the colons of bit ranges types of their own:
    SLT, SGT and BITCOLON."""
    out: list[Token] = []
    # Each entry: [kind, index in out of the opener, indices of its colons].
    stack: list[tuple[str, int, list[int]]] = []

    def tentative() -> int:
        n = 0
        while n < len(stack) and stack[-1 - n][0] == "slice":
            n += 1
        return n

    def drop() -> None:
        while stack and stack[-1][0] == "slice":
            stack.pop()

    def close(t: Token) -> None:
        kind, opener, colons = stack.pop()
        if kind == "slice":
            out[opener].type = "SLT"
        t.type = "SGT"
        for i in colons:
            out[i].type = "BITCOLON"
        out.append(t)

    work = list(reversed(tokens))
    while work:
        t = work.pop()
        prev = out[-1] if out else None
        kind = t.type
        if kind in _OPEN:
            stack.append((kind, len(out), []))
        elif kind in _CLOSE:
            drop()
            if stack and stack[-1][0] != "DOTLT":
                stack.pop()
        elif kind == "COLON":
            if stack and stack[-1][0] == "slice":
                stack[-1][2].append(len(out))
        elif kind in _STOP:
            drop()
            if kind == "SEMI":
                stack.clear()
        elif t.text == "<":
            if prev is not None and t.tight and (
                    prev.type in _BASES or prev.type == "SGT"):
                stack.append(("slice", len(out), []))
            else:
                drop()
        elif t.text == ">>":
            if tentative() >= 2 and _may_follow(t, work):
                first, second = _split(t, 1)
                first.type = second.type = "CMP"
                work.append(second)
                close(first)
                continue
        elif kind == "CMP":
            if stack and t.text in (">", ">=", ">=="):
                fields = stack[-1][0] == "DOTLT"
                slice_ = stack[-1][0] == "slice"
                if fields or slice_ and (
                        t.text != ">" or _may_follow(t, work)):
                    if t.text != ">":       # x<1>= y, x<1>== y
                        t, rest = _split(t, 1)
                        rest.type = "EQ" if rest.text == "=" else "CMP"
                        work.append(rest)
                    close(t)
                    continue
            drop()
            if t.text == ">==":             # only ever meant as '>' '=='
                t, rest = _split(t, 1)
                work.append(rest)
        out.append(t)
    return out


def mark_lanes(tokens: list[Token]) -> None:
    """The colon of ``lane T: x = e;`` becomes LANECOLON: nothing else tells
    a type's name from a variable's without looking further ahead."""
    depth = -1                      # of brackets, -1 outside of a lane's head
    for t in tokens:
        if t.type == "LANE":
            depth = 0
        elif t.type in ("EQ", "SEMI") or depth < 0:
            depth = -1
        elif t.type in _OPEN:
            depth += 1
        elif t.type in _CLOSE:
            depth -= 1
        elif t.type == "COLON" and depth == 0:
            t.type = "LANECOLON"
            depth = -1


def _may_follow(close: Token, rest: list[Token]) -> bool:
    """Can the token behind ``close`` follow a slice?"""
    if not rest or rest[-1].span.line > close.span.line:
        return True
    return rest[-1].type not in _OPERAND
