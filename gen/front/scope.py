# SPDX-License-Identifier: MIT
"""What is known while a body is checked: operands, locals, statements so far."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Final

from aslparser import ast as A

from gen.front.intval import IntVal, Value
from gen.model.encoding import Insn, Operand, Span
from gen.model.isa import IsaInfo, RegClass, View
from gen.model.sem import BOOL, Bits, Stmt, Type
from gen.support.errors import Errors, SpecError

INTEGER: Final = "integer"  # type of a local that is an exact integer
Place = Callable[[A.Node], Span]  # where a node of the body's tree stands


@dataclass(slots=True)
class Local:
    """value: what reading it gives."""

    name: str  # in the model
    value: Value
    type: Type | str
    mutable: bool
    at: A.Node
    used: bool = False


class Scope:
    """Names, errors and the statements that the body has become so far."""

    def __init__(self, insn: Insn, isa: IsaInfo, errors: Errors, place: Place,
                 rename: dict[str, str] | None = None) -> None:
        self.insn = insn
        self.isa = isa
        self.errors = errors
        self.before = len(errors)
        self.place = place
        self.rename = rename or {}
        self.renamed: set[str] = set()  # names of rename that the body uses
        self.operands: dict[str, Operand] = {o.name: o for o in insn.operands}
        self.scopes: list[dict[str, Local]] = [{}]
        self.assigned: set[str] = set()  # locals that have a value here
        self.out: list[Stmt] = []
        self.temps = 0

    def fail(self, node: A.Node, message: str) -> SpecError:
        return SpecError(self.place(node), f"{self.insn.name}: {message}")

    def temp(self) -> str:
        """A name for a result. Names of the body's own locals begin with l_,
        those of passes with w_: they never meet each other or C's."""
        self.temps += 1
        return f"t{self.temps}"

    def view(self, name: str) -> View | None:
        """The register view of this name, under the body's renaming."""
        if name in self.rename:
            self.renamed.add(name)
        return self.isa.views.get(self.rename.get(name, name))

    # ---- locals ------------------------------------------------------------

    def find(self, name: str) -> Local | None:
        return next((s[name] for s in reversed(self.scopes) if name in s), None)

    def add_local(self, at: A.Name, value: Value, typ: Type | str, mutable: bool,
                  assigned: bool) -> None:
        local = Local(f"l_{at.name}", value, typ, mutable, at)
        self.scopes[-1][at.name] = local
        if assigned:
            self.assigned.add(local.name)

    def read_local(self, e: A.Name, local: Local) -> Value:
        local.used = True
        if local.name not in self.assigned:
            raise self.fail(e, f"'{e.name}' may be read before it has a value")
        return local.value

    def leave(self) -> None:
        """Ends the innermost scope."""
        clean = len(self.errors) == self.before  # a fault may have hidden the use
        for name, local in self.scopes.pop().items():
            self.assigned.discard(local.name)
            if clean and not local.used:
                self.errors.take(self.fail(local.at, f"'{name}' is never read"))

    # ---- operands ----------------------------------------------------------

    def regclass(self, node: A.Node, name: str) -> RegClass:
        cls = self.isa.classes.get(self.operands[name].regclass)
        if cls is None:
            raise self.fail(node, f"operand '{name}' is no register")
        return cls

    def accessed(self, node: A.Node, name: str, access: str) -> None:
        if access not in self.operands[name].access:
            word = "written" if access == "w" else "read"
            raise self.fail(node, f"operand '{name}' is not declared as {word}")

    def view_operand(self, node: A.Node, view: View, name: str, access: str) -> None:
        if name not in self.operands:
            raise self.fail(node, f"'{name}' is not an operand of this instruction")
        if self.operands[name].regclass != view.regclass:
            raise self.fail(node, f"'{view.name}' sees {view.regclass} registers, "
                                  f"'{name}' is none")
        self.accessed(node, name, access)


def describe(v: Value) -> str:
    if isinstance(v, IntVal):
        return "an integer"
    return str(v.type) if v.type is not None else "UNKNOWN without a type"


def is_bits(v: Value) -> bool:
    return not isinstance(v, IntVal) and isinstance(v.type, Bits)


def is_bool(v: Value) -> bool:
    return not isinstance(v, IntVal) and v.type == BOOL


