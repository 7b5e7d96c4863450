# SPDX-License-Identifier: MIT
"""Reader of spec/smir/ops.def; the file describes its own format."""
from __future__ import annotations

from gen.front.text import Cursor, Source, rows
from gen.model.encoding import Span
from gen.model.smir import IMMEDIATES, SmirEffect, SmirOp, SmirTable, SmirType
from gen.support.errors import Errors, SpecError

_MAX_VALUES = 4
_RELATIVE = ("T", "N", "W")


class _Reader:
    def __init__(self) -> None:
        self.types: dict[str, SmirType] = {}
        self.sets: dict[str, tuple[str, ...]] = {}
        self.effects: dict[str, SmirEffect] = {}
        self.ops: dict[str, SmirOp] = {}

    def line(self, c: Cursor) -> None:
        span = c.here()
        kind = c.word("type, set, effect or op")
        name_span = c.here()
        name = c.raw("a name")
        known = {"type": self.types, "set": self.sets, "effect": self.effects, "op": self.ops}
        if kind not in known:
            raise SpecError(span, f"expected type, set, effect or op, found '{kind}'")
        if name in known[kind] or (kind in ("type", "set") and
                                   (name in self.types or name in self.sets)):
            raise SpecError(name_span, f"'{name}' is there already")
        if kind == "type":
            self.types[name] = SmirType(name, c.number("the number of bits"), span)
            c.end()
        elif kind == "set":
            self.sets[name] = tuple(self.type(c) for _ in c.text[c.pos:].split())
        elif kind == "effect":
            self.effects[name] = SmirEffect(name, c.rest(), span)
        else:
            self.ops[name] = self.op(c, name, name_span)

    def type(self, c: Cursor) -> str:
        span, t = c.here(), c.raw("a type")
        if t not in self.types:
            raise SpecError(span, f"there is no type '{t}'")
        return t

    def op(self, c: Cursor, name: str, name_span: Span) -> SmirOp:
        span, own = c.here(), c.raw("the set of types")
        if own == "-":
            types: tuple[str, ...] = ()
        elif own in self.types or own in self.sets:
            types = self.sets.get(own, (own,))
        else:
            raise SpecError(span, f"there is no set or type '{own}'")
        span, result = c.here(), c.raw("the result's type")
        if result not in self.types and result != "-" and not (result == "T" and types):
            raise SpecError(span, f"result '{result}' is neither a type nor T of "
                                  "an operation with one")
        span, text = c.here(), c.raw("the arguments")
        args = () if text == "-" else tuple(text.split(","))
        for a in args:
            if not (a in self.types or a in self.sets or a in IMMEDIATES or a == "block"
                    or (a in _RELATIVE and types)):
                raise SpecError(span, f"argument '{a}' is no type, set, immediate or block")
        op_span, effect = c.here(), c.raw("the effect")
        if effect not in self.effects:
            raise SpecError(op_span, f"there is no effect '{effect}'")
        out = SmirOp(name, types, result, args, effect, c.rest(), name_span)
        if sum(a in IMMEDIATES for a in args) > 1 or len(out.values) > _MAX_VALUES:
            raise SpecError(span, f"at most {_MAX_VALUES} values and one immediate")
        return out


def read(source: Source, errors: Errors) -> SmirTable:
    """Faults go to errors; what could be read is returned."""
    r = _Reader()
    try:
        for c in rows(source):
            try:
                r.line(c)
            except SpecError as e:
                errors.take(e)
    except SpecError as e:  # the file itself
        errors.take(e)
    return SmirTable(tuple(r.types.values()), r.sets, tuple(r.effects.values()),
                     tuple(r.ops.values()))


def check_primitives(table: SmirTable, names: set[str], source: Source, errors: Errors) -> None:
    """Every primitive of bodies has its operation."""
    missing = sorted(names - {o.name for o in table.ops})
    if missing:
        errors.add(Span(source.shown, 1), f"no operation for the primitives {', '.join(missing)}")
