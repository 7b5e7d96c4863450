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
    brackets = 0                # entries that are no slice

    def drop() -> None:
        while stack and stack[-1][0] == "slice":
            stack.pop()

    def close(t: Token) -> None:
        nonlocal brackets
        kind, opener, colons = stack.pop()
        if kind == "slice":
            out[opener].type = "SLT"
        else:
            brackets -= 1
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
            brackets += 1
        elif kind in _CLOSE:
            drop()
            if stack and stack[-1][0] != "DOTLT":
                stack.pop()
                brackets -= 1
        elif kind == "COLON":
            if stack and stack[-1][0] == "slice":
                stack[-1][2].append(len(out))
        elif kind in _STOP:
            drop()
            if kind == "SEMI":
                stack.clear()
                brackets = 0
        elif t.text == "<":
            if prev is not None and t.tight and (
                    prev.type in _BASES or prev.type == "SGT"):
                stack.append(("slice", len(out), []))
            else:
                drop()
        elif t.text == ">>":
            fields = bool(stack) and stack[-1][0] == "DOTLT"
            two = len(stack) > 1 and stack[-1][0] == stack[-2][0] == "slice"
            if fields or two and _may_follow(t, work):
                first, second = _split(t, 1)
                first.type = second.type = "CMP"
                work.append(second)
                close(first)
                continue
        elif kind == "CMP":
            if stack and t.text in (">", ">=", ">=="):
                fields = stack[-1][0] == "DOTLT"
                if fields or stack[-1][0] == "slice" and (
                        _may_follow(t, work) if t.text == ">" else
                        t.text == ">==" or brackets == 0):
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
    """Behind mark_slices: the colon of ``lane T: x = e;`` becomes LANECOLON.
    Nothing else tells a type's name from a variable's soon enough."""
    depth = -1                      # of brackets, -1 outside of a lane's head
    for t in tokens:
        if t.type == "LANE":
            depth = 0
        elif t.type in ("EQ", "SEMI") or depth < 0:
            depth = -1
        elif t.type in _OPEN or t.type == "SLT":
            depth += 1
        elif t.type in _CLOSE or t.type == "SGT":
            depth -= 1
        elif t.type == "COLON" and depth == 0:
            t.type = "LANECOLON"
            depth = -1


def _may_follow(close: Token, rest: list[Token]) -> bool:
    """Can the token behind ``close`` follow a slice?"""
    if not rest or rest[-1].span.line > close.span.line:
        return True
    return rest[-1].type not in _OPERAND
