"""From text to tokens: PLY's lex, without layout. SPDX-License-Identifier: MIT

The tokens of one operator class share a type (`ADD` is `+`, `AND`, `OR` and
`EOR`), which keeps the LALR tables small; the spelling is in `text`.
"""
from __future__ import annotations

from .errors import ErrorList
from .plytools import LexRules, lexer_of, places
from .span import Span

# Words that are a token type of their own.
KEYWORDS = {w: w.upper() for w in (
    "array assert bits case catch constant do downto else elsif enumeration "
    "for if is of otherwise repeat return then throw to try type typeof until "
    "when where while IMPLEMENTATION_DEFINED IN NOT UNDEFINED UNKNOWN "
    "UNPREDICTABLE").split()}
KEYWORDS |= {w: w.lstrip("_").upper() for w in (
    "__builtin __conditional __decode __encoding __execute __field __guard "
    "__instruction __instruction_set __opcode __postdecode __register "
    "__unpredictable_unless").split()}
# Words that are one spelling of an operator or literal class.
KEYWORDS |= {"AND": "ADD", "OR": "ADD", "EOR": "ADD", "DIV": "MUL",
             "MOD": "MUL", "REM": "MUL", "QUOT": "MUL",
             "TRUE": "LIT", "FALSE": "LIT"}
# Words of the project's own extension.
EXTENSION_KEYWORDS = {"lane": "LANE", "__layout": "LAYOUT"}
BLOCK_TYPES = ("INDENT", "DEDENT", "EOL")


_SIGNS = {"&&": "LOGOP", "||": "LOGOP", "=>": "ARROW", "..": "DOTDOT",
          ".<": "DOTLT", "+:": "PLUSCOLON", "+": "ADD", "-": "MINUS",
          "*": "MUL", "/": "MUL", "<<": "MUL", ">>": "MUL", "^": "POW",
          "!": "NOT", "=": "EQ", ":": "COLON", ",": "COMMA", ";": "SEMI",
          ".": "DOT", "(": "LPAREN", ")": "RPAREN", "[": "LBRACK",
          "]": "RBRACK", "{": "LBRACE", "}": "RBRACE", "&": "AMP",
          "==": "CMP", "!=": "CMP", "<": "CMP", "<=": "CMP", ">": "CMP",
          ">=": "CMP", ">==": "CMP"}     # see slices.py for the last one


class Token:
    """A token: ``type`` for the grammar, ``text`` as written, and its span.

    ``value`` is what PLY hands to the grammar's functions: the token itself.
    """

    __slots__ = ("type", "text", "span", "tight")
    lexer = None            # PLY sets this on tokens that lack it

    def __init__(self, type_: str, text: str, span: Span,
                 tight: bool = False) -> None:
        self.type = type_
        self.text = text
        self.span = span
        self.tight = tight  # no white space between the last token and this

    @property
    def value(self) -> Token:
        """The grammar sees tokens whole."""
        return self

    def __repr__(self) -> str:
        return f"{self.type}({self.text!r})@{self.span.line}:{self.span.col}"


class _Rules(LexRules):
    """PLY's lexer rules. The order of the functions is the order tried."""

    tokens = sorted(set(KEYWORDS.values()) | set(_SIGNS.values())
                    | set(EXTENSION_KEYWORDS.values())) + [
        "IDENT", "INT", "STRING", "BITSLIT", "SEE"]

    t_ignore = " \t\r\f\n"

    def __init__(self) -> None:
        self.error = lambda pos, end, message: None
        self.extensions = True

    def t_comment(self, t):
        r"//[^\n]*|/\*(.|\n)*?\*/"

    def t_open_comment(self, t):
        r"/\*(.|\n)*"
        self.error(t.lexpos, t.lexpos + 2,
                   "this comment has no end (expected '*/')")

    def t_BITSLIT(self, t):
        r"'[^'\n;]*'"
        bad = set(t.value[1:-1]) - set("01x ")
        if bad:
            self.error(t.lexpos, t.lexpos + len(t.value),
                       "a bit literal holds only 0, 1, x and blanks, found "
                       + repr(min(bad)))
            t.value = "'0'"
        return t

    def t_open_bits(self, t):
        r"'[01x ]*"
        self.error(t.lexpos, t.lexpos + 1,
                   "this bit literal has no end (expected \"'\")")
        t.type, t.value = "BITSLIT", "'0'"
        return t

    def t_REAL(self, t):
        r"[0-9]+\.[0-9]+"
        t.type = "LIT"
        return self.number(t)

    def t_INT(self, t):
        r"0[xX][0-9A-Fa-f_]+|[0-9][0-9_]*"
        return self.number(t)

    def t_SEE(self, t):
        r'SEE(?![A-Za-z0-9_])[ \t]*("[^"\n]*"|[^;"\n]*)'
        return t

    def t_IDENT(self, t):
        r"(AArch(32|64)\.)?[A-Za-z_][A-Za-z0-9_]*"
        t.type = KEYWORDS.get(t.value, "IDENT")
        if self.extensions and t.value in EXTENSION_KEYWORDS:
            t.type = EXTENSION_KEYWORDS[t.value]
        return t

    def t_CMP(self, t):
        r"==|!=|<=|>==|>=|=>|&&|\|\||\.\.|\+:|<<|>>|\.<|[-+*/^!=<>:,;.()[\]{}&]"
        t.type = _SIGNS[t.value]
        return t


def tokenize(text: str, file: str, line: int, col: int, errors: ErrorList,
             extensions: bool = True) -> list[Token]:
    """All tokens of ``text``, whose first character stands at line:col."""
    place = places(text, line, col)

    def span(pos: int, end: int) -> Span:
        return Span(file, *place(pos), *place(end))

    rules = _Rules()
    rules.extensions = extensions
    rules.error = lambda p, e, message: errors.add_lexical(span(p, e),
                                                           message)
    lexer = lexer_of(rules, text)
    out: list[Token] = []
    last_end = -1
    while True:
        t = lexer.token()
        if t is None:
            return out
        end = lexer.lexpos
        if out and out[-1].type == "DOT" and t.value.isidentifier():
            t.type = "IDENT"        # a field may have any name
        if t.type == "IDENT" and t.lexpos == last_end and out[-1].type in (
                "INT", "LIT"):
            errors.add_lexical(out[-1].span, "a name cannot begin with a "
                               f"digit: found '{out[-1].text}{t.value}'")
        out.append(Token(t.type, t.value, span(t.lexpos, end),
                         t.lexpos == last_end))
        last_end = end


def check_tabs(text: str, line: int, col: int, tokens: list[Token],
               errors: ErrorList) -> None:
    """Refuse a tab in front of a line's first token: its width is a matter of
    taste, and layout is not."""
    if "\t" not in text:
        return
    rows = text.split("\n")
    seen = line if col > 1 else 0   # a text may begin in the middle of a line
    for t in tokens:
        s = t.span
        if s.line != seen:
            blank = rows[s.line - line][:s.col - 1]
            if "\t" in blank and blank.isspace():
                c = blank.index("\t") + 1
                errors.add(Span(s.file, s.line, c, s.line, c + 1),
                           "tab in the indentation; write blanks")
                return
        seen = s.end_line
