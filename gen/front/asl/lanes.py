# SPDX-License-Identifier: MIT
"""Vectors in instruction files: Elem[x, e, size], and loops over elements, which
stay loops. A variable whose elements are assigned is a variable of the body
from then on. Elem[ZA[k], e, size] is an element of register k of an array whose
registers the running instruction chooses (`array` lines, see load.py)."""
from __future__ import annotations

from typing import Container, Iterator

from aslparser import ast as A

from gen.front.asl.calls import Calls
from gen.front.asl.fold import Trouble
from gen.front.asl.values import INTEGER, Dyn, Unset, Val, type_of
from gen.model.sem import Bits


def is_elem(x: A.Node) -> bool:
    return isinstance(x, A.Index) and isinstance(x.base, A.Name) and x.base.name == "Elem"


class Vectors(Calls):
    """The part of statements.Statements that knows them."""

    scalar_files: Container[str] = ()  # of registers that are no vectors

    # of Statements
    def emit(self, s: A.Stmt) -> None: ...
    def fresh(self, base: str) -> str: ...
    def block(self, body: tuple[A.Stmt, ...]) -> Val | None: ...
    def open_cells(self, s: A.Stmt, body: tuple[A.Stmt, ...]) -> list[str]: ...
    def let(self, v: Val, base: str, at: A.Node) -> Val: ...

    def elem_parts(self, e: A.Index) -> tuple[A.Expr, int]:
        """The index and the width of an element."""
        if len(e.args) != 3:
            raise Trouble(e, "Elem takes a vector, an index and a width")
        return self.tree(self.expr(e.args[1]), e), self.static(e.args[2])

    arrays: dict[str, str]  # name, register class

    def array_element(self, x: A.Expr) -> A.Index | None:
        """ZA[k], as bodies have it."""
        match x:
            case A.Index(base=A.Name(name=n), args=(k,)) if n in self.arrays:
                return A.Index(x.span, A.Name(x.span, self.arrays[n]),
                               (self.tree(self.expr(k), k),))
        return None

    def elem(self, e: A.Index) -> Val:
        place = self.array_element(e.args[0]) if e.args else None
        if place is not None:
            index, size = self.elem_parts(e)
            return Dyn(A.Index(e.span, e.base, (place, index, A.IntLit(e.span, size))),
                       Bits(size))
        v = self.expr(e.args[0]) if e.args else None
        if not isinstance(v, Dyn):
            raise Trouble(e, "Elem takes a vector that the running instruction knows")
        if not isinstance(v.node, A.Name):
            v = self.declare(v.node, v.type, "v")
        index, size = self.elem_parts(e)
        return Dyn(A.Index(e.span, e.base, (v.node, index, A.IntLit(e.span, size))), Bits(size))

    def set_elem(self, t: A.Index, v: Val) -> None:
        n = t.args[0] if t.args else None
        place: A.Expr | None = self.array_element(n) if n is not None else None
        if place is None and not isinstance(n, A.Name):
            raise Trouble(t, "expected a variable in Elem on the left side")
        index, size = self.elem_parts(t)
        if self.bits_width(v, t) != size:
            raise Trouble(t, f"bits({self.bits_width(v, t)}) into an element of {size}")
        if place is None:
            place = A.Name(t.span, self.vector_cell(t, n.name))
        else:
            self.effects += 1
        self.emit(A.Assign(t.span, A.Index(t.span, t.base, (place, index,
                                                            A.IntLit(t.span, size))),
                           self.tree(v, t)))

    def vector_cell(self, at: A.Node, name: str) -> str:
        """The body's variable that a variable is; it stays one."""
        cell = self.frame.cells.get(name)
        if cell is not None:
            return cell
        old = self.frame.env.get(name)
        typ = old.type if isinstance(old, Unset) else type_of(old) if old is not None else None
        if not isinstance(typ, Bits):
            raise Trouble(at, f"'{name}' is no variable of bits")
        cell = self.fresh(name)
        self.cell_names.add(cell)
        value = None if isinstance(old, Unset) else self.tree(old, at)
        self.emit(A.VarDecl(at.span, self.type_tree(typ, at), (A.Name(at.span, cell),), value,
                            False))
        self.frame.cells[name] = cell
        self.frame.env[name] = Dyn(A.Name(at.span, cell), typ)
        return cell

    # ---- loops -------------------------------------------------------------

    def over_lanes(self, s: A.For) -> bool:
        """Does the loop go over elements, or as often as the running instruction
        says? Others are unrolled, as are those whose variable numbers scalar registers."""
        nodes = list(A.walk(s.body))
        numbers = [x.args[0] for x in nodes if isinstance(x, A.Index) and x.args
                   and isinstance(x.base, A.Name) and x.base.name in self.scalar_files]
        if any(isinstance(n, A.Name) and n.name == s.var.name for n in numbers):
            return False
        return any(is_elem(x) for x in nodes) or any(
            isinstance(v, Dyn) and v.word is None for v in map(self.expr, (s.first, s.last)))

    def lane_loop(self, s: A.For) -> None:
        if s.down:
            raise Trouble(s, "a loop over elements counts up")
        first, last = (self.tree(self.expr(x), s) for x in (s.first, s.last))
        opened = self.open_cells(s, s.body)
        name = A.Name(s.var.span, self.fresh(s.var.name))
        saved, self.out = self.out, []
        env, self.frame.env = self.frame.env, dict(self.frame.env)
        self.frame.env[s.var.name] = Dyn(name, INTEGER)
        self.nested += 1
        try:
            v = self.block(s.body)
        finally:
            self.nested -= 1
            out, self.out = self.out, saved
            self.frame.env = env
        if v is not None:
            raise Trouble(s, "a loop over elements does not return")
        self.emit(A.For(s.span, name, first, last, False, tuple(out)))
        for n in opened:
            if not any(is_elem(x) and x.args and x.args[0] == A.Name(x.span, n)
                       for x in A.walk(s.body)):
                del self.frame.cells[n]


def elem_targets(t: A.Expr) -> Iterator[str]:
    """The variable that an assignment to an element changes."""
    if is_elem(t) and t.args and isinstance(t.args[0], A.Name):
        yield t.args[0].name

