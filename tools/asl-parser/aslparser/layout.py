"""Layout: indentation and line ends become tokens. SPDX-License-Identifier: MIT

The grammar sees every block as ``INDENT stmts DEDENT``, however it was laid
out.  Three kinds of places produce them:

- *Opening words* (``then else do repeat try otherwise of =>`` and so on): the
  block is the deeper lines that follow or, with more text on the same line,
  the rest of that line (an inline block).
- A line that does not end in ``;`` or an opening word, followed by deeper
  lines (``for i = a to b``, ``when p``, a function's head).
- The end of a ``when``'s patterns when a statement follows on the line.

An inline block ends with its line, or before an ``else``, ``elsif``,
``when``, ``otherwise``, ``until`` or ``catch`` of the construct around it. A
further line that begins in exactly the column of the inline block's first
statement belongs to it as well.

A line end counts only outside of brackets and of an unfinished ``if``
expression, and not next to a token that cannot end or begin a line, such as
an operator. A line that ends without ``;`` where no block follows gets EOL.
"""
from __future__ import annotations

from dataclasses import dataclass

from .errors import ErrorList
from .lexer import Token
from .span import Span

MAX_BLOCKS = 48
MAX_BRACKETS = 200

_OPENERS = {"REPEAT": "repeat", "TRY": "try", "OTHERWISE": "when",
            "ARROW": "when", "DO": "do", "DECODE": "decode",
            "POSTDECODE": "decode", "EXECUTE": "decode",
            "CONDITIONAL": "decode"}
# `otherwise =>` and `__execute __conditional`: the second one opens.
_REOPEN = {("OTHERWISE", "ARROW"), ("EXECUTE", "CONDITIONAL")}
_BRACKETS = {"LPAREN": "RPAREN", "LBRACK": "RBRACK", "LBRACE": "RBRACE",
             "SLT": "SGT", "DOTLT": "SGT"}
_CLOSERS = set(_BRACKETS.values())
# No line ends behind these ...
_CANNOT_END = {"ADD", "MINUS", "MUL", "POW", "CMP", "LOGOP", "NOT", "IN",
               "COLON", "BITCOLON", "LANECOLON", "COMMA", "DOT", "EQ",
               "DOTDOT", "AMP", "PLUSCOLON", "IF", "ELSIF", "WHILE", "UNTIL", "FOR", "TO",
               "DOWNTO", "CASE", "ASSERT", "CONSTANT", "WHERE",
               "ENUMERATION", "TYPE", "IS", "LANE", "THROW"}
# ... and none begins with these, unless the last one ended in ';'.
_CANNOT_BEGIN = {"ADD", "MINUS", "MUL", "POW", "CMP", "LOGOP", "IN", "COLON",
                 "COMMA", "DOT", "EQ", "DOTDOT", "PLUSCOLON", "RPAREN",
                 "RBRACK", "RBRACE", "THEN", "OF", "DO", "TO", "DOWNTO",
                 "ARROW", "IS", "WHERE"}
# Words that stand in no bracket: one at the start of a line ends them all.
_NEVER_INSIDE = {"FOR", "WHILE", "REPEAT", "CASE", "WHEN", "OTHERWISE",
                 "RETURN", "ASSERT", "THROW", "TRY", "CATCH", "SEE", "LANE",
                 "CONSTANT", "ENUMERATION", "TYPE", "BUILTIN", "INSTRUCTION",
                 "ENCODING", "INSTRUCTION_SET", "FIELD", "OPCODE", "GUARD",
                 "UNPREDICTABLE_UNLESS", "LAYOUT", "DECODE", "POSTDECODE", "EXECUTE",
                 "UNPREDICTABLE"}
# Which inline blocks a word ends: up to and with this kind.
_ENDS = {"ELSE": "then", "ELSIF": "then", "UNTIL": "repeat", "CATCH": "try"}


@dataclass(slots=True)
class _Block:
    """An open block: why it was opened and the column of its statements."""

    kind: str
    col: int
    inline: bool
    soft: bool = False      # the first line began in the middle of a line


class Layout:
    """One run over the tokens of a text."""

    def __init__(self, tokens: list[Token], errors: ErrorList,
                 soft: bool) -> None:
        self.tokens = tokens
        self.at = 0
        self.errors = errors
        self.out: list[Token] = []
        first = tokens[0].span.col if tokens else 1
        self.blocks = [_Block("base", first, False, soft)]
        self.opened: str | None = None  # an opening word was the last token
        self.closed = ""                # the block that a new line ended last
        self.ifs: list[int] = []        # unfinished if expressions
        self.brackets: list[tuple[str, int]] = []   # closer, len(ifs)
        self.case = False               # between 'case' and its 'of'
        self.arrays = 0                 # 'array's in front of their 'of'
        self.header = ""                # "catch" between it and its block
        self.when = ""                  # part of a when: "", atom, done, guard
        self.start = True               # at the start of a statement

    # -- output

    def emit(self, kind: str, at: Span) -> None:
        self.out.append(Token(kind, "", at))

    def push(self, kind: str, t: Token, inline: bool) -> None:
        if len(self.blocks) > MAX_BLOCKS:
            self.errors.fatal(t.span, "blocks nested too deeply (more than "
                              f"{MAX_BLOCKS} levels)")
        self.blocks.append(_Block(kind, t.span.col, inline))
        self.emit("INDENT", t.span.start())
        self.opened = None
        self.when = ""
        self.header = ""
        self.start = True

    def pop(self, at: Span) -> _Block:
        self.emit("DEDENT", at)
        return self.blocks.pop()

    def reset(self) -> None:
        """Behind a ';': nothing is unfinished."""
        self.ifs.clear()
        self.brackets.clear()
        self.case = False
        self.arrays = 0
        self.header = ""
        self.when = ""
        self.start = True

    # -- lines

    def line_counts(self, prev: Token, t: Token) -> bool:
        """Does the line end between these two tokens mean anything?"""
        if prev.type == "SEMI" or (self.opened and not self.brackets):
            return True
        if t.type in _NEVER_INSIDE:
            self.brackets.clear()
            self.ifs.clear()
            return True
        if self.brackets or self.ifs or prev.type in ("THEN", "ELSE"):
            return False            # these words did not open a block
        if prev.type in _CANNOT_END and not (
                prev.type == "MINUS" and self.when == "hole"):
            return False
        if t.type == "MINUS":           # '- = f();' does begin a line
            after = self.tokens[self.at + 1:self.at + 2]
            return bool(after) and after[0].type == "EQ"
        return t.type not in _CANNOT_BEGIN

    def new_line(self, prev: Token, t: Token) -> None:
        """A line begins with ``t``: open and close blocks."""
        col = t.span.col
        if col > self.blocks[-1].col:
            if self.opened or prev.type != "SEMI":
                self.push(self.opened or self.header or "head", t, False)
            else:
                self.errors.add(t.span, "unexpected indentation: the block "
                                "around this line begins in column "
                                f"{self.blocks[-1].col}")
            self.reset()
            return
        if not self.opened and prev.type != "SEMI":
            self.emit("EOL", prev.span.end())
        self.opened = None
        while len(self.blocks) > 1 and self.blocks[-1].col > col:
            self.closed = self.pop(t.span.start()).kind
        block = self.blocks[-1]
        if block.col > col and block.soft:
            block.col, block.soft = col, False
        if block.col != col:
            self.errors.add(t.span, f"this line begins in column {col}, which "
                            "no open block does (the next one begins in "
                            f"column {block.col})")
        self.reset()

    def end_inline(self, t: Token) -> None:
        """``else`` and the like end the inline blocks in front of them."""
        kind = _ENDS.get(t.type)
        at = t.span.start()
        closed, self.closed = self.closed, ""
        if kind is not None and kind != closed:
            if any(b.kind == kind for b in self._inline()):
                while self.pop(at).kind != kind:
                    pass
        elif t.type in ("WHEN", "OTHERWISE"):
            if any(b.kind in ("of", "catch") for b in self.blocks):
                while (self.blocks[-1].inline
                       and self.blocks[-1].kind not in ("of", "catch")):
                    self.pop(at)

    def _inline(self) -> list[_Block]:
        """The inline blocks on top."""
        n = len(self.blocks)
        while n and self.blocks[n - 1].inline:
            n -= 1
        return self.blocks[n:]

    # -- tokens

    def run(self) -> list[Token]:
        """The tokens with INDENT, DEDENT and EOL added."""
        prev: Token | None = None
        for self.at, t in enumerate(self.tokens):
            if prev is not None:
                self.between(prev, t)
            if not self.brackets and not self.ifs:
                self.end_inline(t)
            self.out.append(t)
            self.follow(t)
            prev = t
        if prev is not None:
            end = prev.span.end()
            if prev.type != "SEMI" and not self.opened:
                self.emit("EOL", end)
            while len(self.blocks) > 1:
                self.pop(end)
        return self.out

    def between(self, prev: Token, t: Token) -> None:
        """What stands between two tokens: a new line or an inline block."""
        if t.span.line > prev.span.end_line:
            if self.line_counts(prev, t):
                self.new_line(prev, t)
            return
        if self.opened:
            if (prev.type, t.type) not in _REOPEN:
                self.push(self.opened, t, True)
            self.opened = None
        elif self.brackets or t.type in ("COMMA", "DOTDOT", "WHERE", "LOGOP",
                                         "ARROW"):
            pass
        elif self.when == "done" or self.when == "hole" and t.type != "INT":
            self.push("when", t, True)

    def follow(self, t: Token) -> None:
        """Update what is known, now that ``t`` has been passed on."""
        kind = t.type
        start, self.start = self.start, False
        if kind == "SEMI":
            self.reset()
        elif kind in _BRACKETS:
            if len(self.brackets) >= MAX_BRACKETS:
                self.errors.fatal(t.span, "brackets nested too deeply (more "
                                  f"than {MAX_BRACKETS} levels)")
            self.brackets.append((_BRACKETS[kind], len(self.ifs)))
        elif kind in _CLOSERS:
            if self.brackets and self.brackets[-1][0] == kind:
                del self.ifs[self.brackets.pop()[1]:]
            if not self.brackets and self.when in ("atom", "hole"):
                self.when = "done"
        elif kind == "IF":
            if not start:
                self.ifs.append(1)
        elif kind == "ELSE":
            if self.ifs:
                self.ifs.pop()
            else:
                self.open("else")
        elif kind == "THEN":
            if not self.ifs:
                self.open("then")
        elif kind == "CASE":
            self.case = True
        elif kind == "OF":
            if self.arrays:
                self.arrays -= 1
            elif self.case:
                self.open("of")
                self.case = False
        elif kind == "ARRAY":
            self.arrays += 1
        elif kind in _OPENERS:
            self.open(_OPENERS[kind])
        elif kind == "CATCH":
            self.header = "catch"
        if kind == "WHEN":
            self.when = "" if self.blocks[-1].kind == "catch" else "atom"
        elif self.when and not self.brackets:
            self.follow_when(kind)

    def open(self, kind: str) -> None:
        """An opening word: a block begins with what follows."""
        if not self.brackets:
            self.opened = kind

    def follow_when(self, kind: str) -> None:
        """Find the end of a when's patterns."""
        if kind in ("WHERE", "LOGOP"):
            self.when = ""              # a guard needs '=>' or a new line
        elif kind in ("COMMA", "DOTDOT"):
            self.when = "atom"
        elif self.when == "atom":
            self.when = "hole" if kind == "MINUS" else "done"
        elif self.when == "hole":
            self.when = "done"
