"""Print a tree as classic ASL. SPDX-License-Identifier: MIT

``parse(dump(tree)) == tree`` for every tree that a parse can yield: spans
take no part in comparison. Comments and the author's layout are not in the
tree, so they are lost.
"""
from __future__ import annotations

from typing import Any, Callable, Iterable, Sequence

from . import ast
from .build import level, may_follow

_STEP = "    "
_UNARY, _POSTFIX = 6, 7     # behind the levels of build.level()


# ---- expressions -----------------------------------------------------------

def _args(items: Iterable[ast.Expr]) -> str:
    return ", ".join(_expr(e) for e in items)


def _wrap(e: ast.Expr, need: int) -> str:
    """``e`` as an operand of something that binds with ``need``."""
    text = _expr(e)
    return f"({text})" if _strength(e) < need else text


def _strength(e: ast.Expr) -> int:
    match e:
        case ast.IfExpr() | ast.Range():
            return 0
        case ast.Binary(op=op):
            return level(op)
        case ast.Unary():
            return _UNARY
        case ast.Name() | ast.Call() | ast.Index() | ast.Slice() \
                | ast.Field() | ast.Fields() | ast.Concat() | ast.Tuple():
            return _POSTFIX
    return _UNARY           # literals and the like: whole, but take no postfix


def _binary(e: ast.Binary) -> str:
    need = level(e.op)
    left, right = e.left, e.right
    bare_left = need
    if isinstance(left, ast.Binary) and level(left.op) == need:
        bare_left = need if may_follow(left.op, e.op) else need + 1
    elif e.op == "^" and isinstance(left, ast.Unary):
        bare_left = _POSTFIX
    return f"{_wrap(left, bare_left)} {e.op} {_wrap(right, need + 1)}"


def _unary(e: ast.Unary) -> str:
    text = _wrap(e.operand, _UNARY)
    if e.op == "NOT":
        return "NOT" + (text if text.startswith("(") else " " + text)
    return e.op + (" " if text.startswith(e.op) else "") + text


def _if_expr(e: ast.IfExpr) -> str:
    arms = " elsif ".join(f"{_expr(a.cond)} then {_expr(a.value)}"
                          for a in e.arms)
    return f"if {arms} else {_expr(e.otherwise)}"


def _needs_brackets(e: ast.Expr) -> bool:
    """Would a bare ``e`` be misread inside of a slice's ``< >``?"""
    if isinstance(e, ast.Binary):
        return (level(e.op) < 3 or e.op in (":", ">>")
                or _needs_brackets(e.left) or _needs_brackets(e.right))
    if isinstance(e, ast.Unary):
        return _needs_brackets(e.operand)
    if isinstance(e, (ast.Unknown, ast.ImplDefExpr)):
        return isinstance(e.type, ast.ArrayType)    # its 'of' ends a slice
    return isinstance(e, ast.IfExpr)


def _slice_index(e: ast.Expr) -> str:
    return f"({_expr(e)})" if _needs_brackets(e) else _expr(e)


def _slice_part(part: ast.SlicePart) -> str:
    match part:
        case ast.BitRange(hi=hi, lo=lo):
            return f"{_slice_index(hi)}:{_slice_index(lo)}"
        case ast.BitWidth(lo=lo, width=width):
            return f"{_slice_index(lo)} +: {_slice_index(width)}"
    return _slice_index(part)


def _index(e: ast.Index) -> str:
    base = _wrap(e.base, _POSTFIX)
    if isinstance(e.base, ast.Slice):
        base = f"({base})"          # a '[' behind '>' would begin an operand
    return f"{base}[{_args(e.args)}]"


def _impdef(e: ast.ImplDefExpr) -> str:
    text = f"{_type(e.type)} IMPLEMENTATION_DEFINED"
    return text if e.text is None else f'{text} "{e.text}"'


_EXPR: dict[type, Callable[[Any], str]] = {
    ast.IntLit: lambda e: f"0x{e.value:X}" if e.hex else str(e.value),
    ast.RealLit: lambda e: e.text,
    ast.BoolLit: lambda e: "TRUE" if e.value else "FALSE",
    ast.BitsLit: lambda e: f"'{e.bits}'",
    ast.MaskLit: lambda e: f"'{e.bits}'",
    ast.StrLit: lambda e: f'"{e.value}"',
    ast.Name: lambda e: e.name,
    ast.Call: lambda e: f"{e.func}({_args(e.args)})",
    ast.Index: _index,
    ast.BitRange: _slice_part,
    ast.BitWidth: _slice_part,
    ast.Slice: lambda e: f"{_wrap(e.base, _POSTFIX)}<"
                         f"{', '.join(_slice_part(p) for p in e.parts)}>",
    ast.Field: lambda e: f"{_wrap(e.base, _POSTFIX)}.{e.name}",
    ast.Fields: lambda e: f"{_wrap(e.base, _POSTFIX)}.<{', '.join(e.names)}>",
    ast.Concat: lambda e: f"[{_args(e.parts)}]",
    ast.Tuple: lambda e: f"({_args(e.items)})",
    ast.Hole: lambda e: "-",
    ast.Range: lambda e: f"{_expr(e.lo)} .. {_expr(e.hi)}",
    ast.SetExpr: lambda e: f"{{{_args(e.items)}}}",
    ast.Unary: _unary,
    ast.Binary: _binary,
    ast.IfArm: lambda e: f"{_expr(e.cond)} then {_expr(e.value)}",
    ast.IfExpr: _if_expr,
    ast.Unknown: lambda e: f"{_type(e.type)} UNKNOWN" if e.type
                 else "UNKNOWN",
    ast.Undefined: lambda e: "UNDEFINED",
    ast.ImplDefExpr: _impdef,
    # types
    ast.NamedType: lambda t: t.name,
    ast.BitsType: lambda t: f"bits({_expr(t.width)})",
    ast.ArrayType: lambda t: f"array [{_expr(t.index)}] of "
                             f"{_type(t.element)}",
    ast.TypeOf: lambda t: f"typeof({_expr(t.expr)})",
    ast.TupleType: lambda t: f"({', '.join(_type(i) for i in t.items)})",
    ast.RegField: lambda f: f"{f.hi}:{f.lo} {f.name}" if f.hi != f.lo
                  else f"{f.hi} {f.name}",
    ast.RegisterType: lambda t: f"__register {t.width} {{ "
                                f"{_args(t.fields)} }}",
    ast.Param: lambda p: f"{_type(p.type)} {'& ' if p.by_ref else ''}"
                         f"{p.name}",
}


def _expr(e: ast.Node) -> str:
    return _EXPR[type(e)](e)


_type = _expr


# ---- statements ------------------------------------------------------------

class _Printer:
    """Collects the lines of statements and declarations."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def put(self, depth: int, text: str) -> None:
        self.lines.append(_STEP * depth + text)

    def body(self, depth: int, stmts: Sequence[ast.Stmt]) -> None:
        """A block; an empty one needs its ';'."""
        if not stmts:
            self.put(depth, ";")
        for s in stmts:
            self.item(depth, s)

    def item(self, depth: int, n: ast.Node) -> None:
        """Any statement, declaration or part of one."""
        simple = _SIMPLE.get(type(n))
        if simple is not None:
            self.put(depth, simple(n))
        elif type(n) in _EXPR:
            self.put(depth, _expr(n))
        else:
            getattr(self, "do_" + type(n).__name__)(depth, n)

    def do_If(self, depth: int, s: ast.If) -> None:
        word = "if"
        for arm in s.arms:
            self.put(depth, f"{word} {_expr(arm.cond)} then")
            self.body(depth + 1, arm.body)
            word = "elsif"
        self.other(depth, "else", s.otherwise or None)

    def other(self, depth: int, word: str,
              body: Sequence[ast.Stmt] | None) -> None:
        if body is not None:
            self.put(depth, word)
            self.body(depth + 1, body)

    def do_Case(self, depth: int, s: ast.Case) -> None:
        self.put(depth, f"case {_expr(s.subject)} of")
        for alt in s.alts:
            self.do_When(depth + 1, alt)
        self.other(depth + 1, "otherwise", s.otherwise)

    def do_When(self, depth: int, a: ast.When) -> None:
        guard = f" where {_expr(a.guard)}" if a.guard else ""
        self.put(depth, f"when {_args(a.patterns)}{guard}")
        self.body(depth + 1, a.body)

    def do_Arm(self, depth: int, a: ast.Arm) -> None:
        self.put(depth, f"when {_expr(a.cond)}")
        self.body(depth + 1, a.body)

    def do_For(self, depth: int, s: ast.For) -> None:
        way = "downto" if s.down else "to"
        self.put(depth, f"for {s.var.name} = {_expr(s.first)} {way} "
                        f"{_expr(s.last)}")
        self.body(depth + 1, s.body)

    def do_While(self, depth: int, s: ast.While) -> None:
        self.put(depth, f"while {_expr(s.cond)} do")
        self.body(depth + 1, s.body)

    def do_Repeat(self, depth: int, s: ast.Repeat) -> None:
        self.put(depth, "repeat")
        self.body(depth + 1, s.body)
        self.put(depth, f"until {_expr(s.cond)};")

    def do_Try(self, depth: int, s: ast.Try) -> None:
        self.put(depth, "try")
        self.body(depth + 1, s.body)
        self.put(depth, f"catch {s.name.name}")
        for handler in s.handlers:
            self.do_Arm(depth + 1, handler)
        self.other(depth + 1, "otherwise", s.otherwise)

    # -- declarations and instructions

    def routine(self, depth: int, head: str,
                body: Sequence[ast.Stmt] | None) -> None:
        self.put(depth, head + (";" if body is None else ""))
        if body is not None:
            self.body(depth + 1, body)

    def do_FuncDecl(self, depth: int, d: ast.FuncDecl) -> None:
        head = "__builtin " if d.builtin else ""
        head += f"{_type(d.result)} " if d.result else ""
        self.routine(depth, f"{head}{d.name}({_args(d.params)})", d.body)

    def do_GetterDecl(self, depth: int, d: ast.GetterDecl) -> None:
        args = "" if d.params is None else f"[{_args(d.params)}]"
        self.routine(depth, f"{_type(d.result)} {d.name}{args}", d.body)

    def do_SetterDecl(self, depth: int, d: ast.SetterDecl) -> None:
        args = "" if d.params is None else f"[{_args(d.params)}]"
        self.routine(depth, f"{d.name}{args} = {_expr(d.value)}", d.body)

    def do_Encoding(self, depth: int, e: ast.Encoding) -> None:
        self.put(depth, f"__encoding {e.name}")
        depth += 1
        self.put(depth, f"__instruction_set {e.instruction_set}")
        for f in e.fields:
            self.put(depth, f"__field {f.name} {f.lo} +: {f.width}")
        groups = [e.opcode[i:i + 8] for i in range(0, len(e.opcode), 8)]
        self.put(depth, f"__opcode '{' '.join(groups)}'")
        self.put(depth, f"__guard {_expr(e.guard)}")
        for u in e.unpredictable_unless:
            self.put(depth, f"__unpredictable_unless {u.bit} == '{u.value}'")
        self.part(depth, "__decode", e.decode)

    def part(self, depth: int, word: str, body: Sequence[ast.Stmt]) -> None:
        """A body that may be empty."""
        self.put(depth, word)
        if body:
            self.body(depth + 1, body)

    def do_Instruction(self, depth: int, i: ast.Instruction) -> None:
        self.put(depth, f"__instruction {i.name}")
        for e in i.encodings:
            self.do_Encoding(depth + 1, e)
        if i.postdecode:
            self.part(depth + 1, "__postdecode", i.postdecode)
        self.part(depth + 1, "__execute __conditional" if i.conditional
                  else "__execute", i.execute)

    def do_SourceFile(self, depth: int, f: ast.SourceFile) -> None:
        for n, item in enumerate(f.items):
            if n:
                self.lines.append("")
            self.item(depth, item)


def _vardecl(s: ast.VarDecl) -> str:
    names = ", ".join(n.name for n in s.names)
    value = "" if s.value is None else f" = {_expr(s.value)}"
    return f"{'constant ' * s.constant}{_type(s.type)} {names}{value};"


def _globaldecl(d: ast.GlobalDecl) -> str:
    value = "" if d.value is None else f" = {_expr(d.value)}"
    return f"{'constant ' * d.constant}{_type(d.type)} {d.name}{value};"


def _typedecl(d: ast.TypeDecl) -> str:
    same = "" if d.type is None else f" = {_type(d.type)}"
    return f"{'__builtin ' * d.builtin}type {d.name}{same};"


_SIMPLE: dict[type, Callable[[Any], str]] = {
    ast.VarDecl: _vardecl,
    ast.Assign: lambda s: f"{_expr(s.target)} = {_expr(s.value)};",
    ast.Lane: lambda s: "lane "
              + (f"{_type(s.type)}: " if s.type else "")
              + f"{_expr(s.target)} = {_expr(s.value)};",
    ast.CallStmt: lambda s: f"{_expr(s.call)};",
    ast.Return: lambda s: "return;" if s.value is None
                else f"return {_expr(s.value)};",
    ast.Assert: lambda s: f"assert {_expr(s.cond)};",
    ast.Throw: lambda s: f"throw {_expr(s.value)};",
    ast.UndefinedStmt: lambda s: "UNDEFINED;",
    ast.Unpredictable: lambda s: "UNPREDICTABLE;",
    ast.See: lambda s: f'SEE "{s.target}";' if s.quoted
             else f"SEE {s.target};",
    ast.ImplDefStmt: lambda s: "IMPLEMENTATION_DEFINED;" if s.text is None
                     else f'IMPLEMENTATION_DEFINED "{s.text}";',
    ast.Pass: lambda s: ";",
    ast.TypeDecl: _typedecl,
    ast.RecordDecl: lambda d: f"type {d.name} is ({_args(d.fields)})",
    ast.EnumDecl: lambda d: f"enumeration {d.name} {{"
                            f"{', '.join(d.values)}}};",
    ast.GlobalDecl: _globaldecl,
    ast.EncField: lambda f: f"__field {f.name} {f.lo} +: {f.width}",
    ast.UnpredictableUnless:
        lambda u: f"__unpredictable_unless {u.bit} == '{u.value}'",
}


def dump(n: ast.Node | Sequence[ast.Node]) -> str:
    """A node, or a sequence of statements or declarations, as text. Lines of
    statements and declarations end in a line end; expressions have none."""
    if isinstance(n, ast.Node) and type(n) in _EXPR:
        return _expr(n)
    out = _Printer()
    for item in [n] if isinstance(n, ast.Node) else n:
        out.item(0, item)
    return "".join(line + "\n" for line in out.lines)
