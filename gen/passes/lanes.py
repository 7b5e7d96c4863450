# SPDX-License-Identifier: MIT
"""Loops over lanes: what form each has, and buffers where a destination may be
read or undone.

A destination is written directly when nothing of the instruction can tell:
every read of its register class is of the lane that is written next, at the
same width, or the front end guarantees it (``Lanes.apart``). Otherwise what is
written waits in a local, whose bytes go to the destination at the end.
"""
from __future__ import annotations

from dataclasses import dataclass, replace

from gen.model.encoding import Insn
from gen.model.isa import IsaInfo
from gen.model.lanes import (VECTOR_WRITES, Elem, Form, Lanes, SetElem, TryLoad, Vec, VecCopy,
                             VecLocal, VecOp, VecState, VecVar, ZeroAbove)
from gen.model.rewrite import rewrite_body
from gen.model.sem import (FAULTS, Assign, Bits, Const, Expr, If, Let, Load, Rmw, Sem, Stmt, Store,
                           Var, bodies, stmt_exprs, walk_expr, walk_stmts)

_MEMORY = (Load, Store, Rmw, TryLoad)


def _is_var(x: Expr, var: str) -> bool:
    return isinstance(x, Var) and x.name == var


def _elems(stmts: tuple[Stmt, ...]) -> list[Elem]:
    return [e for s in walk_stmts(stmts) for x in stmt_exprs(s) for e in walk_expr(x)
            if isinstance(e, Elem)]


# ---- classification -----------------------------------------------------

def _carried(s: Lanes) -> bool:
    """Does a lane see what an earlier one computed?"""
    inner = list(walk_stmts(s.body + s.inactive))
    own = {x.name for x in inner if isinstance(x, Let)}
    return any(isinstance(x, Assign) and x.name not in own for x in inner)


def form(s: Lanes) -> Form:
    inner = s.body + s.inactive
    if any(isinstance(x, _MEMORY) for x in walk_stmts(inner)):
        return Form.MEMORY
    sets = [x for x in walk_stmts(inner) if isinstance(x, SetElem)]
    elems = [e for e in _elems(inner) if e.type.width > 1]
    own = all(_is_var(x.index, s.var) for x in sets)
    if _carried(s):
        return Form.REDUCE if not sets else Form.SCAN if own else Form.COMPRESS
    if not sets or any(isinstance(x, (Lanes, VecCopy, ZeroAbove)) for x in walk_stmts(inner)):
        return Form.OTHER
    if not own or any(not _is_var(e.index, s.var) for e in elems):
        return Form.PERMUTE
    to = max(x.value.type.width for x in sets)
    widths = {e.type.width for e in elems} or {to}
    if to == 1 or widths == {to}:
        return Form.MAP
    return Form.WIDEN if min(widths) < to else Form.NARROW


def _parallel(s: Lanes, f: Form) -> bool:
    """May lanes be computed in any order, or several at once?"""
    inner = s.body + s.inactive
    sets = [x for x in walk_stmts(inner) if isinstance(x, SetElem)]
    if any(x.value.type.width == 1 for x in sets):
        return False
    if f is Form.MAP:
        return True
    if f not in (Form.WIDEN, Form.NARROW, Form.PERMUTE):
        return False
    targets = {x.target for x in sets}
    return all(isinstance(t, VecVar) for t in targets) \
        and all(_is_var(x.index, s.var) for x in sets) \
        and not any(e.source in targets for e in _elems(inner))


def _map(body: tuple[Stmt, ...], f) -> tuple[Stmt, ...]:
    """The statements with f applied to each, innermost first; f gives several."""
    out: list[Stmt] = []
    for s in body:
        match s:
            case If():
                s = If(s.cond, _map(s.then, f), _map(s.other, f))
            case Lanes():
                s = replace(s, body=_map(s.body, f), inactive=_map(s.inactive, f))
        out += f(s)
    return tuple(out)


def classify(insn: Insn, sem: Sem, isa: IsaInfo) -> Sem:
    """The same meaning; each loop knows its form."""
    def one(s: Stmt) -> tuple[Stmt, ...]:
        if not isinstance(s, Lanes):
            return (s,)
        f = form(s)
        return (replace(s, form=f, parallel=_parallel(s, f)),)

    return Sem(_map(sem.body, one))


# ---- buffers ------------------------------------------------------------

@dataclass(slots=True)
class _Event:
    """A read or write of a vector register, in the order of the text."""

    vec: Vec
    write: bool
    width: int  # 0: bytes
    loop: Lanes | None  # the innermost one
    own: bool  # at the loop's lane, whatever the instruction


class _Buffers:
    def __init__(self, insn: Insn, isa: IsaInfo) -> None:
        self.insn, self.isa = insn, isa
        self.events: list[_Event | None] = []  # None: something may fault
        self.lets: dict[str, str] = {}

    def cls(self, v: Vec) -> str:
        """The register file that it is in, '' of a local."""
        match v:
            case VecOp(operand=o):
                return self.isa.classes[self.insn.operand(o).regclass].state
            case VecState(name=n):
                return n
        return ""

    def read(self, e: Elem, loop: Lanes | None) -> None:
        own = loop is not None and _is_var(e.index, loop.var)
        self.events.append(_Event(e.source, False, e.type.width, loop, own))

    def scan(self, body: tuple[Stmt, ...], loop: Lanes | None, depth: int) -> None:
        for s in body:
            for x in stmt_exprs(s) if not isinstance(s, Lanes) else \
                    [y for y in (s.start, s.count) if y is not None]:
                for e in walk_expr(x):
                    if isinstance(e, Elem):
                        self.read(e, loop if depth < 2 else None)
            match s:
                case SetElem(target=t, index=x, value=v):
                    own = loop is not None and depth < 2 and _is_var(x, loop.var)
                    self.events.append(_Event(t, True, v.type.width, loop, own))
                case VecCopy(target=t, source=v):
                    self.events.append(_Event(v, False, 0, loop, False))
                    self.events.append(_Event(t, True, 0, loop, False))
                case ZeroAbove(target=t):
                    self.events.append(_Event(t, True, 0, loop, False))
                case Lanes() if not s.apart:
                    if s.active is not None:
                        for e in walk_expr(s.active):
                            if isinstance(e, Elem):
                                self.read(e, s if not depth else None)
                    self.scan(s.body, s, depth + 1)
                    self.scan(s.inactive, s, depth + 1)
                    if not s.progress and any(isinstance(x, FAULTS) for x in walk_stmts(s.body)):
                        self.events.append(None)
                case If():
                    self.scan(s.then, loop, depth)
                    self.scan(s.other, loop, depth)
            if isinstance(s, FAULTS) and not isinstance(s, Lanes):
                progress = loop is not None and loop.progress
                if not progress:
                    self.events.append(None)

    def needed(self) -> dict[Vec, None]:
        """Destinations that need a buffer, in order."""
        out: dict[Vec, None] = {}
        for k, w in enumerate(self.events):
            if w is None or not w.write or not self.cls(w.vec):
                continue
            for j, e in enumerate(self.events):
                if e is None:
                    if j > k:
                        out[w.vec] = None
                    continue
                if e.write or self.cls(e.vec) != self.cls(w.vec) or e.vec == w.vec and j > k:
                    continue
                same_loop = e.loop is not None and e.loop is w.loop
                if j < k and not same_loop:
                    continue  # read before anything is written
                lane = same_loop and e.own and w.own and e.width == w.width and j < k
                if not lane:
                    out[w.vec] = None
        return out


def _extent(body: tuple[Stmt, ...], v: Vec) -> tuple[int | None, bool]:
    """Bytes of v that are written, None unknown; are all of them written always?"""
    most: int | None = 0
    covered = 0
    for s in body:
        match s:
            case Lanes(count=Const(value=n), start=None):
                direct = list(s.body) if s.active is None else \
                    [x for x in s.body if any(isinstance(y, SetElem) and y.target == x.target
                                              and y.index == x.index for y in s.inactive)
                     ] if all(isinstance(x, SetElem) for x in s.body) else []
                for x in direct:
                    if isinstance(x, SetElem) and x.target == v and _is_var(x.index, s.var):
                        covered = max(covered, (n * x.value.type.width + 7) // 8)
                for x in walk_stmts((s,)):
                    if isinstance(x, SetElem) and x.target == v:
                        ok = _is_var(x.index, s.var)
                        size = (n * x.value.type.width + 7) // 8
                        most = max(most, size) if ok and most is not None else None
                    elif isinstance(x, VECTOR_WRITES) and x.target == v:
                        most = None
            case SetElem(target=t, index=Const(value=n), value=x) if t == v:
                size = ((n + 1) * x.type.width + 7) // 8
                most = None if most is None else max(most, size)
                covered = max(covered, size) if n == 0 else covered
            case ZeroAbove(target=t, start=Const(value=a), end=Const(value=b)) if t == v:
                most = None if most is None else max(most, b)
                covered = b if covered >= a else covered
            case _:
                if any(isinstance(x, VECTOR_WRITES) and x.target == v
                       for x in walk_stmts((s,))):
                    most = None
    return most, most is not None and covered >= most


def buffer(insn: Insn, sem: Sem, isa: IsaInfo) -> Sem:
    """The same meaning, with buffers where a direct write would show."""
    if not any(isinstance(s, VECTOR_WRITES) for s in walk_stmts(sem.body)):
        return sem
    b = _Buffers(insn, isa)
    b.scan(sem.body, None, 0)
    head: list[Stmt] = []
    tail: list[Stmt] = []
    body = sem.body
    for k, v in enumerate(b.needed()):
        cls = next(c for c in isa.classes.values() if c.state == b.cls(v))
        size, full = _extent(body, v)
        size = size if size is not None else cls.width // 8 * cls.group
        new = VecVar(f"w_v{k}")
        n = Const(Bits(64), size)
        head.append(VecLocal(new.name, size, zero=False))
        read = any(e.source == v for e in _elems(body)) \
            or any(isinstance(s, VecCopy) and s.source == v for s in walk_stmts(body))
        if read or not full:
            head.append(VecCopy(new, v, n))
        body = _redirect(body, v, new)
        tail.append(VecCopy(v, new, n))
    return Sem((*head, *_behind(body, tail)))


def _behind(body: tuple[Stmt, ...], tail: list[Stmt]) -> tuple[Stmt, ...]:
    """tail comes behind all that may fault; scalar writes and branches may
    follow it."""
    k = len(body)
    kinds = (*FAULTS, *VECTOR_WRITES)
    while k and not any(isinstance(s, kinds) for s in walk_stmts((body[k - 1],))):
        k -= 1
    return *body[:k], *tail, *body[k:]


def _redirect(body: tuple[Stmt, ...], old: Vec, new: Vec) -> tuple[Stmt, ...]:
    """Writes of old go to new, as do reads of what was written."""
    def one(s: Stmt) -> tuple[Stmt, ...]:
        if isinstance(s, VECTOR_WRITES) and s.target == old:
            s = replace(s, target=new)
        if isinstance(s, VecCopy) and s.source == old:
            s = replace(s, source=new)
        return (s,)

    def read(e: Expr) -> Expr:
        return replace(e, source=new) if isinstance(e, Elem) and e.source == old else e

    return rewrite_body(_map(body, one), read)


def lanes(insn: Insn, sem: Sem, isa: IsaInfo) -> Sem:
    """Both."""
    if not any(isinstance(s, (Lanes, *VECTOR_WRITES)) for s in walk_stmts(sem.body)):
        return sem
    return classify(insn, buffer(insn, sem, isa), isa)
