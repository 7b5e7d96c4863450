# SPDX-License-Identifier: MIT
"""C text of vectors: elements, loops over lanes; core/lanes.h helps.

A loop is one C loop whatever the number of lanes, over pointers that are set
up at the head of the function. What it says twice (count, start) is bound to
locals, because a store to a vector might otherwise change it.
"""
from __future__ import annotations

from gen.model.encoding import Operand
from gen.model.isa import IsaInfo
from gen.model.lanes import (Elem, Lanes, SetElem, TryLoad, Vec, VecCopy, VecLocal, VecOp, VecState,
                             VecVar, ZeroAbove)
from gen.model.sem import Const, Expr, Stmt, walk_stmts


class NotFast(Exception):
    """This body has no fast form."""


class LaneText:
    """The part of cstmt.Emitter that knows vectors."""

    isa: IsaInfo
    fast: str | None
    depth: int
    sfx: str
    pointers: dict[str, str]  # declarations at the head: name -> value
    faulting: list[tuple[Stmt, ...]]  # what loops with progress do when something faults

    looping = 0  # loops around this statement

    # of Emitter
    def put(self, text: str) -> None: ...
    def e(self, e: Expr) -> str: ...
    def operand(self, name: str) -> Operand: ...
    def regnum(self, op: Operand) -> str: ...
    def nested(self, stmts: tuple[Stmt, ...]) -> None: ...
    def condition(self, e: Expr) -> str: ...

    # ---- places ------------------------------------------------------------

    def vec(self, v: Vec, target: bool = False) -> str:
        """C of a pointer to its first byte."""
        if self.fast is not None:
            raise NotFast
        match v:
            case VecOp(operand=o, plus=None) if self.isa.classes[self.operand(o).regclass].commit:
                return self.shadowed(o, target)
            case VecVar(name=n):
                return f"{n}{self.sfx}"
            case VecOp(operand=o, plus=None):
                op = self.operand(o)
                return self.pointer(f"p_{o}", self.element(self.isa.classes[op.regclass],
                                                           f"{self.regnum(op)}"))
            case VecOp(operand=o, plus=p):
                op = self.operand(o)
                cls = self.isa.classes[op.regclass]
                return self.element(cls, f"(({self.regnum(op)} + {self.e(p)}) % {cls.count})")
            case VecState(name=n, index=None):
                return f"(uint8_t *)c->{n}"
            case VecState(name=n, index=x):
                cls = next(k for k in self.isa.classes.values() if k.state == n)
                text = self.element(cls, f"({self.e(x)})")
                return self.pointer(f"p_{n}_{x.value}", text) if isinstance(x, Const) else text
        raise TypeError(v)

    def shadowed(self, o: str, target: bool) -> str:
        """A vector that commits with its group: what is written, or the old value
        (of a fresh operand, or where a member says so, the new one)."""
        op = self.operand(o)
        cls, n = self.isa.classes[op.regclass], self.regnum(op)
        if target:
            return self.pointer(f"p_{o}_new", f"(uint8_t *)c->{cls.state}_new[{n}]")
        seen = "set" if op.fresh else "cur"
        if cls.group > 1:
            s = f"c->{cls.state}"
            return self.pointer(f"p_{o}", "rx_group_vectors(&(struct rx_group_vectors){ { 0 } }, "
                                f"(uint8_t *){s}, (uint8_t *){s}_new, {s}_{seen}, {n}, "
                                f"{cls.group}, sizeof({s}[0]))")
        return self.pointer(f"p_{o}", f"(uint8_t *)(c->{cls.state}_{seen} >> {n} & 1 ? "
                            f"c->{cls.state}_new[{n}] : c->{cls.state}[{n}])")

    def mark(self, s: Stmt) -> None:
        """Notes that a statement's vectors are written in the group."""
        names = {x.target.operand for x in walk_stmts((s,))
                 if isinstance(x, (SetElem, VecCopy)) and isinstance(x.target, VecOp)}
        for o in sorted(names):
            op = self.operand(o)
            cls = self.isa.classes[op.regclass]
            if cls.commit:
                bits = f"UINT64_C({(1 << cls.group) - 1}) << {self.regnum(op)}"
                also = ("set", "cur", "tmp")[:1 + ("", "cur", "tmp").index(self.insn.first)]
                for kind in also:
                    self.put(f"c->{cls.state}_{kind} |= {bits};")

    @staticmethod
    def element(cls, number: str) -> str:
        stride = f"c->{cls.stride}" if cls.stride else str(cls.width // 8)
        return f"((uint8_t *)c->{cls.state} + (size_t){number} * {stride})"

    def pointer(self, name: str, value: str) -> str:
        self.pointers[name] = value
        return name

    def elem(self, e: Elem) -> str:
        at, x, w = self.vec(e.source), self.e(e.index), e.type.width
        return f"rx_lane_bit({at}, {x})" if w == 1 else f"RX_LANE({w}, {at}, {x})"

    # ---- statements --------------------------------------------------------

    def lane_stmt(self, s: Stmt) -> None:
        if self.fast is not None:
            raise NotFast
        if self.isa.group and not self.looping:
            self.mark(s)
        match s:
            case VecLocal(name=n, bytes=size, zero=zero):
                self.put(f"RX_VECTOR uint8_t {n}[{size}]{' = { 0 }' if zero else ''};")
            case SetElem(target=t, index=x, value=v):
                at, x, v, w = self.vec(t, True), self.e(x), self.e(v), v_width(s.value)
                self.put(f"rx_lane_set_bit({at}, {x}, {v});" if w == 1 else
                         f"RX_LANE({w}, {at}, {x}) = {cut(v, w)};")
            case VecCopy(target=t, source=v, bytes=n):
                self.put(f"rx_lanes_copy({self.vec(t, True)}, {self.vec(v)}, {self.e(n)});")
            case ZeroAbove(target=t, start=a, end=b):
                self.put(f"rx_lanes_zero({self.vec(t)}, {self.e(a)}, {self.e(b)});")
            case TryLoad(name=n, ok=ok, addr=a, access=acc):
                self.put(f"const struct rx_val {n}_v = {self.isa.prefix}_load(cpu, {self.e(a)}, "
                         f"{acc.size}, 0);")
                self.put(f"const bool {ok} = {n}_v.status == RX_NEXT;")
                self.put(f"const uint64_t {n} = {ok} ? {n}_v.v : 0;")
            case Lanes():
                self.lanes(s)
            case _:
                raise TypeError(s)

    def bound(self, name: str, e: Expr) -> str:
        """C of a value that does not change while the loop runs."""
        if isinstance(e, Const):
            return self.e(e)
        self.put(f"const uint64_t {name} = {self.e(e)};")
        return name

    def lanes(self, s: Lanes) -> None:
        count = self.bound(f"n_{s.var}", s.count)
        start = self.bound(f"s_{s.var}", s.start) if s.start is not None else "0"
        self.put("{")
        self.depth += 1
        self.looping += 1
        if s.parallel:
            self.put("RX_PARALLEL")
        self.put(f"for (uint64_t {s.var} = {start}; {s.var} < {count}; {s.var}++) {{")
        if s.progress:
            self.faulting.append(s.on_fault)
        if s.active is None:
            self.nested(s.body)
        else:
            self.depth += 1
            self.put(f"if {self.condition(s.active)} {{")
            self.nested(s.body)
            if s.inactive:
                self.put("} else {")
                self.nested(s.inactive)
            self.put("}")
            self.depth -= 1
        if s.progress:
            self.faulting.pop()
        self.put("}")
        self.depth -= 1
        self.looping -= 1
        self.put("}")


def v_width(e: Expr) -> int:
    return e.type.width


def cut(text: str, width: int) -> str:
    """Without a warning that the store is narrower."""
    return text if width >= 64 else f"(uint{width}_t)({text})"
