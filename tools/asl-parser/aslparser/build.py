"""Node building and checks for the grammar's functions. SPDX-License-Identifier: MIT"""
from __future__ import annotations

from typing import Any, Iterable, Sequence

from . import ast
from .errors import ErrorList
from .lexer import Token
from .span import Span

MAX_DEPTH = 128
MAX_SMALL = 4095

# Binary operators by the groups that may follow each other unbracketed:
# operators of one level but different groups need parentheses.
_LEVEL = {"LOGOP": 1, "CMP": 2, "IN": 2, "ADD": 3, "MINUS": 3, "COLON": 3,
          "MUL": 4, "POW": 5}
OPERATOR_TYPE = {"&&": "LOGOP", "||": "LOGOP", "==": "CMP", "!=": "CMP",
                 "<": "CMP", "<=": "CMP", ">": "CMP", ">=": "CMP",
                 "IN": "IN", "+": "ADD", "-": "MINUS", "AND": "ADD",
                 "OR": "ADD", "EOR": "ADD", ":": "COLON", "*": "MUL",
                 "/": "MUL", "DIV": "MUL", "MOD": "MUL", "REM": "MUL",
                 "QUOT": "MUL", "<<": "MUL", ">>": "MUL", "^": "POW"}


def level(op: str) -> int:
    """How tightly an infix operator binds; 1 is the loosest."""
    return _LEVEL[OPERATOR_TYPE[op]]


def may_follow(left: str, op: str) -> bool:
    """May ``a left b op c`` be written without parentheses, when both
    operators are of one level?"""
    lev = level(op)
    if lev == 3 and {left, op} <= {"+", "-"} or lev == 4:
        return True
    return left == op and lev in (1, 3)


class Builder:
    """What the grammar's functions call; one per run."""

    def __init__(self, errors: ErrorList, extensions: bool) -> None:
        self.errors = errors
        self.extensions = extensions
        # Facts about live nodes by identity; the node keeps the id taken.
        self._height: dict[int, tuple[int, Any]] = {}
        self._parens: dict[int, tuple[Span, Any]] = {}
        self._holes: dict[int, ast.Hole] = {}

    def forget(self) -> None:
        """A top-level item is complete: no node of it is built upon."""
        self._height.clear()
        self._parens.clear()

    def finish(self) -> None:
        """The end of the text: report what stayed in no valid place."""
        for hole in self._holes.values():
            self.errors.add(hole.span, "'-' without an operand is allowed "
                            "only on the left of '=' and in patterns")

    def complain(self, at: Token | ast.Node, message: str) -> None:
        """Record an error at a token or node."""
        self.errors.add(at.span, message)

    # -- nodes

    def outer(self, x: Any) -> Span:
        """The span of a token or node with the parentheses around it."""
        found = self._parens.get(id(x))
        return found[0] if found else x.span

    def make(self, cls: type, ends: tuple[Any, Any], *fields: Any,
             parts: Iterable[Any] | None = None) -> Any:
        """A node from one end to the other; limits the depth of trees."""
        made = cls(self.outer(ends[0]).to(self.outer(ends[1])), *fields)
        high = 1
        heights = self._height
        for part in fields if parts is None else parts:
            found = heights.get(id(part))
            if found is not None and found[0] >= high:
                high = found[0] + 1
            elif high == 1 and isinstance(part, ast.Node):
                high = 2
        if high > MAX_DEPTH:
            self.errors.fatal(made.span, "nested too deeply (more than "
                              f"{MAX_DEPTH} levels)")
        heights[id(made)] = high, made
        return made

    def parens(self, left: Token, inner: ast.Expr, right: Token) -> ast.Expr:
        """``( inner )`` is inner itself; remembers where it stood."""
        self._parens[id(inner)] = left.span.to(right.span), inner
        return inner

    def group(self, cls: type, left: Token, items: list[ast.Expr],
              right: Token) -> ast.Expr:
        """A tuple or a bracketed concatenation."""
        return self.make(cls, (left, right), tuple(items), parts=items)

    def hole(self, minus: Token) -> ast.Hole:
        """A ``-`` that must turn out to be in an lvalue."""
        made = ast.Hole(minus.span)
        self._holes[id(made)] = made
        return made

    def binary(self, left: ast.Expr, op: Token, right: ast.Expr) -> ast.Expr:
        """An infix operation, when it is clear without parentheses."""
        text = op.text
        bare = id(left) not in self._parens
        if bare and isinstance(left, ast.Binary):
            if level(left.op) == level(text) and not may_follow(left.op, text):
                if left.op == text or level(text) == 2:
                    why = f"'{left.op}' and '{text}' cannot be chained"
                else:
                    why = f"'{left.op}' and '{text}' bind equally tightly"
                self.errors.add(op.span, why + "; write parentheses")
        elif bare and text == "^" and isinstance(left, ast.Unary):
            self.errors.add(op.span, f"'{left.op}' before '^' needs "
                            f"parentheses: ({left.op} a) ^ b or "
                            f"{left.op} (a ^ b)")
        if op.type == "POW" and isinstance(right, ast.Binary) and (
                right.op == "^" and id(right) not in self._parens):
            self.errors.add(op.span, "'^' and '^' cannot be chained; write "
                            "parentheses")
        return self.make(ast.Binary, (left, right), text, left, right)

    def extension(self, at: Token, what: str) -> None:
        """Refuse what is no classic ASL when extensions are off."""
        if not self.extensions:
            self.complain(at, f"{what} is an extension, and extensions are "
                          "switched off")

    def last(self, otherwise: Any, body: Sequence[Any] | None) -> Any:
        """The last node of a body, for the end of a span."""
        return body[-1] if body else otherwise

    # -- statements

    def lvalue(self, e: ast.Expr) -> ast.Expr:
        """Check that ``e`` can be assigned to."""
        match e:
            case ast.Name():
                pass
            case ast.Hole():
                self._holes.pop(id(e), None)
            case ast.Field(base=b) | ast.Fields(base=b) | ast.Index(base=b) \
                    | ast.Slice(base=b):
                self.lvalue(b)
            case ast.Tuple(items=items) | ast.Concat(parts=items):
                for item in items:
                    self.lvalue(item)
            case _:
                self.complain(e, "this cannot be assigned to; expected a "
                              "variable, field, element, slice or tuple")
        return e

    def dotted(self, e: ast.Expr) -> str:
        """The name of the function in a call."""
        names: list[str] = []
        base = e
        while isinstance(base, ast.Field):
            names.append(base.name)
            base = base.base
        if not isinstance(base, ast.Name):
            self.complain(e, "this cannot be called; expected a function's "
                          "name before '('")
            return "?"
        return ".".join([base.name] + names[::-1])

    def call_stmt(self, e: ast.Expr, semi: Token) -> ast.CallStmt | None:
        """An expression as a statement: only a call is one."""
        if not isinstance(e, ast.Call) or id(e) in self._parens:
            self.complain(semi, "expected '=' or a call's arguments, "
                          "found ';'")
            return None
        return self.make(ast.CallStmt, (e, semi), e)

    def see(self, word: Token, semi: Token) -> ast.See:
        """``SEE`` with the text behind it."""
        text = word.text[3:].strip()
        quoted = text.startswith('"')
        if not text:
            self.complain(semi, "expected a reference after 'SEE', found ';'")
        return self.make(ast.See, (word, semi),
                         text[1:-1] if quoted else text, quoted)

    # -- declarations

    def small(self, t: Token) -> int:
        """The value of an integer that counts bits."""
        text = t.text.replace("_", "")
        value = int(text, 16 if text[:2] in ("0x", "0X") else 10)
        if value > MAX_SMALL:
            self.complain(t, f"{t.text} is too large here (at most "
                          f"{MAX_SMALL})")
            return 0
        return value

    def unique(self, items: Sequence[Any], what: str) -> None:
        """Complain about names that occur twice."""
        seen: set[str] = set()
        for item in items:
            if item.name in seen:
                self.complain(item, f"the {what} '{item.name}' is there "
                              "twice")
            seen.add(item.name)

    def register(self, word: Token, width: Token, fields: list[ast.RegField],
                 end: Token) -> ast.RegisterType:
        """A register type whose fields lie inside of it."""
        bits = self.small(width)
        self.unique(fields, "field")
        for f in fields:
            if not bits > f.hi >= f.lo:
                self.complain(f, f"field '{f.name}' does not lie in bits "
                              f"{bits - 1}:0")
        return self.make(ast.RegisterType, (word, end), bits, tuple(fields))

    def routine(self, cls: type, start: Any, body: tuple[Any, Any],
                *fields: Any) -> Any:
        """A function, getter or setter; ``body`` is (its end, statements)."""
        end, stmts = body
        params = [f for f in fields if isinstance(f, tuple)]
        if params:
            self.unique(params[0], "parameter")
        return self.make(cls, (start, end or start), *fields, stmts)

    # -- instructions

    def unless(self, word: Token, bit: Token, op: Token,
               value: Token) -> ast.UnpredictableUnless:
        """``__unpredictable_unless bit == 'value'``"""
        bits = value.text[1:-1].replace(" ", "")
        if op.text != "==":
            self.complain(op, f"expected '==', found '{op.text}'")
        if bits not in ("0", "1"):
            self.complain(value, f"expected '0' or '1', found {value.text}")
        return self.make(ast.UnpredictableUnless, (word, value),
                         self.small(bit), bits)

    def layout(self, word: Token, isa: Token,
               parts: list[tuple[Token | None, Token | None, Token | None]]
               ) -> tuple[Token, str, str, list[ast.EncField],
                          list[ast.UnpredictableUnless]]:
        """``__layout SET field:width '01' field:width='11'``: the last token,
        set, opcode, fields, should-be bits."""
        widths = [self.small(w) if w is not None else len(_bits(bits))
                  for _, w, bits in parts]
        at, opcode = sum(widths), ""
        fields, unless = [], []
        last = isa
        for (name, size, bits), width in zip(parts, widths):
            at -= width
            last = bits or size
            text = _bits(bits) if bits is not None else ""
            if name is None:
                opcode += text
                continue
            opcode += "x" * width
            fields.append(ast.EncField(name.span.to(last.span), name.text, at, width))
            if bits is not None and (len(text) != width or "x" in text):
                self.complain(bits, f"expected {width} bits of 0 and 1, found {bits.text}")
            elif bits is not None:
                unless += [ast.UnpredictableUnless(bits.span, at + k, b)
                           for k, b in enumerate(reversed(text))]
        return last, isa.text, opcode, fields, unless

    def encoding(self, word: Token, name: Token,
                 lines: list[tuple[Token, Any] | None]) -> ast.Encoding:
        """An encoding from its lines, in any order."""
        bad = None in lines
        found: dict[str, list[tuple[Token, Any]]] = {}
        for line in lines:
            if line is not None:
                found.setdefault(line[0].type, []).append(line)
        single: dict[str, Any] = {}
        short = "LAYOUT" in found
        for kind, need in (("LAYOUT", False), ("INSTRUCTION_SET", not short),
                           ("OPCODE", not short), ("GUARD", False), ("DECODE", False)):
            here = found.get(kind, [])
            if short and kind in ("INSTRUCTION_SET", "OPCODE"):
                for again, _ in here:
                    self.complain(again, f"'{again.text}' beside '__layout'")
                continue
            for again, _ in here[1:]:
                self.complain(again, f"'{again.text}' is there twice")
            if here:
                single[kind] = here[0][1]
            elif need and not bad:
                self.complain(name, f"encoding '{name.text}' has no "
                              f"'__{kind.lower()}'")
        literal, opcode = single.get("OPCODE", (name, ""))
        fields = [f for _, f in found.get("FIELD", [])]
        unless = [u for _, u in found.get("UNPREDICTABLE_UNLESS", [])]
        if "LAYOUT" in single:
            literal, isa, opcode, more, should = single["LAYOUT"]
            single["INSTRUCTION_SET"] = isa
            fields, unless = more + fields, should + unless
        self.unique(fields, "field")
        if "OPCODE" in single or "LAYOUT" in single:
            self._check_opcode(literal, opcode, fields, unless)
        guard = single.get("GUARD") or ast.BoolLit(name.span, True)
        ends = [x for line in lines if line is not None
                for x in (line[0], self._end(line[1]))]
        end = max(ends, default=name,
                  key=lambda x: (x.span.end_line, x.span.end_col))
        return self.make(ast.Encoding, (word, end), name.text,
                         single.get("INSTRUCTION_SET", ""), tuple(fields),
                         opcode, guard, tuple(unless),
                         single.get("DECODE", ()))

    @staticmethod
    def _end(value: Any) -> Any:
        """The last thing with a span in a line's value."""
        if isinstance(value, tuple):
            value = next((v for v in value if hasattr(v, "span")), None) \
                if value and isinstance(value[0], Token) else \
                next((v for v in reversed(value) if hasattr(v, "span")), None)
        return value if hasattr(value, "span") else _NOTHING

    def _check_opcode(self, literal: Token, opcode: str,
                      fields: list[ast.EncField],
                      unless: list[ast.UnpredictableUnless]) -> None:
        size = len(opcode)
        if size == 0 or size % 8:
            self.complain(literal, "an opcode has a multiple of 8 bits, "
                          f"found {size}")
            return
        for f in fields:
            if f.width == 0 or f.lo + f.width > size:
                self.complain(f, f"field '{f.name}' does not lie in the "
                              f"opcode's bits {size - 1}:0")
        for u in unless:
            if u.bit >= size:
                self.complain(u, f"bit {u.bit} does not lie in the opcode's "
                              f"bits {size - 1}:0")

    def instruction(self, word: Token, name: Token,
                    parts: list[tuple[Token, Any] | None]
                    ) -> ast.Instruction:
        """An instruction from its parts."""
        bad = None in parts
        good = [x for x in parts if x is not None]
        encodings = [x for t, x in good if t.type == "ENCODING"]
        bodies: dict[str, tuple[tuple[ast.Stmt, ...], bool]] = {}
        for t, x in good:
            if t.type == "ENCODING":
                continue
            if t.type in bodies:
                self.complain(t, f"'{t.text}' is there twice")
            bodies[t.type] = x
        if not encodings and not bad:
            self.complain(name, f"instruction '{name.text}' has no "
                          "'__encoding'")
        if "EXECUTE" not in bodies and not bad:
            self.complain(name, f"instruction '{name.text}' has no "
                          "'__execute'")
        self.unique(encodings, "encoding")
        execute, conditional = bodies.get("EXECUTE", ((), False))
        end: Any = name
        if good:
            t, x = good[-1]
            end = x if t.type == "ENCODING" else self.last(t, x[0])
        return self.make(ast.Instruction, (word, end), name.text,
                         tuple(encodings), bodies.get(
                             "POSTDECODE", ((), False))[0],
                         execute, conditional)


def _bits(literal: Token) -> str:
    """The digits of a bit literal."""
    return literal.text[1:-1].replace(" ", "")


_NOTHING = Token("", "", Span("", 0, 0, 0, 0))
