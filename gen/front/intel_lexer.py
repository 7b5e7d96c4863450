# SPDX-License-Identifier: MIT
"""Tokens of Intel's operation language (PLY's lex).

A line end separates statements, except in brackets, after an operator or comma,
and behind a backslash. Words that end a block (FI, ENDFOR ...) separate, too.
"""
from __future__ import annotations

from typing import Callable

from aslparser.errors import ErrorList
from aslparser.lexer import Token
from aslparser.plytools import LexRules, lexer_of
from aslparser.span import Span

Place = Callable[[int], tuple[int, int]]  # offset in the text -> line, column

WORDS = ("FOR", "TO", "DOWNTO", "ENDFOR", "IF", "ELSE", "FI", "CASE", "OF", "ESAC", "DEFAULT",
         "DO", "WHILE", "OD", "DEFINE", "RETURN", "BREAK", "ENUM")
LOWER = {"to": "TO", "downto": "DOWNTO", "enum": "ENUM"}  # as they are written beside the above
OPERATORS = {"AND": "&", "OR": "|", "XOR": "^", "NOT": "~", "and": "&", "or": "|", "xor": "^",
             "not": "~"}
CLOSING = {"ENDFOR", "ELSE", "FI", "ESAC", "OD", "RBRACE"}
ALONE = {"FOR", "IF", "CASE", "DO", "DEFINE", "RETURN", "BREAK", *CLOSING} - {"RBRACE"}
SIGNS = {"||": "LOR", "&&": "LAND", "|": "OR", "^": "XOR", "&": "AND", "==": "EQ", "!=": "EQ",
         "<": "REL", "<=": "REL", ">": "REL", ">=": "REL", "<<": "SHIFT", ">>": "SHIFT",
         "<<<": "SHIFT", ">>>": "SHIFT", "+": "ADD", "-": "ADD", "*": "MUL", "/": "MUL",
         "%": "MUL", "~": "NOT", "!": "NOT", "?": "QUESTION", ":": "COLON", ":=": "ASSIGN",
         "=": "IS", "(": "LPAREN", ")": "RPAREN", "[": "LBRACK", "]": "RBRACK", "{": "LBRACE",
         "}": "RBRACE", ",": "COMMA", ".": "DOT", ";": "SEP"}
UPDATES = ("+=", "-=", "*=", "|=", "&=", "^=", ">>=", "<<=")
GOES_ON = {"LOR", "LAND", "OR", "XOR", "AND", "EQ", "REL", "SHIFT", "ADD", "MUL", "NOT",
           "QUESTION", "ASSIGN", "IS", "COMMA", "DOT", "UPDATE", "LBRACE", "OF"}
ENDS = {"IDENT", "INT", "REAL", "RPAREN", "RBRACK"}


class Rules(LexRules):
    """PLY's rules, in the order tried."""

    tokens = sorted({*WORDS, *SIGNS.values(), "ELSEIF", "IDENT", "LABEL", "INT", "REAL", "STRING",
                     "FAULT", "UPDATE"})
    t_ignore = " \t\r\f"

    def __init__(self) -> None:
        self.error: Callable[[int, int, str], None] = lambda pos, end, message: None

    def t_comment(self, t):
        r"//[^\n]*"

    def t_go_on(self, t):
        r"\\[ \t\r]*(\n|$)"

    def t_NEWLINE(self, t):
        r"\n+"
        t.type = "SEP"
        return t

    def t_REAL(self, t):
        r"[0-9]+\.[0-9]+"
        return self.number(t)

    def t_INT(self, t):
        r"0[xX][0-9A-Fa-f]*|[0-9]+"
        return self.number(t)

    def t_FAULT(self, t):
        r"\#[A-Z]+"
        return t

    def t_IDENT(self, t):
        r"[A-Za-z_][A-Za-z0-9_]*"
        if t.value in OPERATORS:
            t.value = OPERATORS[t.value]
            t.type = SIGNS[t.value]
        elif t.value in WORDS:
            t.type = t.value
        else:
            t.type = LOWER.get(t.value, "IDENT")
        return t

    def t_SIGN(self, t):
        r"<<=|>>=|[-+*|&^]=|<<<|>>>|<<|>>|:=|==|!=|<=|>=|\|\||&&|[-+*/%<>=:,;.()\[\]{}&|^~!?]"
        t.type = "UPDATE" if t.value in UPDATES else SIGNS[t.value]
        return t


def _mark_labels(out: list[Token]) -> None:
    """The names or numbers of a line's beginning, before a colon, are labels."""
    k = len(out)
    while k and out[k - 1].type in ("INT", "IDENT", "COMMA"):
        k -= 1
    if not k or out[k - 1].type in ("SEP", "OF"):
        for t in out[k:]:
            t.type = "LABEL" if t.type != "COMMA" else t.type


def tokenize(text: str, file: str, place: Place, errors: ErrorList) -> list[Token]:
    """All tokens; the last one is a SEP."""
    def span(pos: int, end: int) -> Span:
        return Span(file, *place(pos), *place(end))

    rules = Rules()
    rules.error = lambda p, e, message: errors.add_lexical(span(p, e), message)
    lexer = lexer_of(rules, text)
    out: list[Token] = []
    depth = end = 0
    while (t := lexer.token()) is not None:
        kind, value, end = t.type, t.value, lexer.lexpos
        last = out[-1].type if out else "SEP"
        if kind == "SEP" and value[0] == "\n":
            if depth or last == "SEP" or last in GOES_ON:
                continue
            value = ""
        if last == "DOT" and value.isidentifier():
            kind = "IDENT"  # a member may have any name
        elif value == "OP" and last in ENDS:
            kind = "EQ"  # the operator that a CASE has chosen
        elif value == "OF" and last not in ENDS:
            kind = "IDENT"  # the flag
        depth = max(0, depth + (kind in ("LPAREN", "LBRACK")) - (kind in ("RPAREN", "RBRACK")))
        where = span(t.lexpos, end)
        if kind == "COLON" and not depth:
            _mark_labels(out)
        if kind in ALONE and depth or kind in CLOSING and last not in ("SEP", *GOES_ON):
            depth = 0  # no bracket holds such a word: one was not closed
            out.append(Token("SEP", "", where.start()))
        if kind == "IF" and last == "ELSE":
            out[-1] = Token("ELSEIF", "ELSE IF", out[-1].span.to(where))
        else:
            out.append(Token(kind, value, where))
    if out and out[-1].type != "SEP":
        out.append(Token("SEP", "", span(end, end)))
    return out
