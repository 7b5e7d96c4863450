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
                           Var, stmt_exprs, walk_expr, walk_stmts)
from gen.support.errors import SpecError

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

# of an event: the ifs around it, which branch, and whether they are in a loop
_Path = tuple[tuple[int, int, bool], ...]


@dataclass(slots=True)
class _Event:
    """A read or write of a vector register, or a fault, in the order of the text."""

    path: _Path
    vec: Vec | None = None  # None: something may fault
    write: bool = False
    width: int = 0  # 0: bytes
    loop: Lanes | None = None  # the innermost one
    own: bool = False  # at the loop's lane, whatever the instruction

    def excludes(self, other: "_Event", in_lane: bool) -> bool:
        """Are they in different branches of one if? in_lane: also of those that
        each lane decides."""
        mine = {k: branch for k, branch, _ in self.path}
        return any(mine.get(k, branch) != branch and (in_lane or not inside)
                   for k, branch, inside in other.path)


class _Buffers:
    def __init__(self, insn: Insn, isa: IsaInfo) -> None:
        self.insn, self.isa = insn, isa
        self.events: list[_Event] = []

    def cls(self, v: Vec) -> str:
        """The register file that it is in, '' of a local."""
        match v:
            case VecOp(operand=o):
                return self.isa.classes[self.insn.operand(o).regclass].state
            case VecState(name=n):
                return n
        return ""

    def add(self, path: _Path, v: Vec, write: bool, width: int = 0, loop: Lanes | None = None,
            index: Expr | None = None) -> None:
        own = loop is not None and index is not None and _is_var(index, loop.var)
        self.events.append(_Event(path, v, write, width, loop, own))

    def reads(self, x: Expr | None, path: _Path, loop: Lanes | None) -> None:
        for e in walk_expr(x) if x is not None else ():
            if isinstance(e, Elem):
                self.add(path, e.source, False, e.type.width, loop, e.index)

    def scan(self, body: tuple[Stmt, ...], path: _Path = (), loop: Lanes | None = None,
             depth: int = 0) -> None:
        """loop: None in a loop within a loop, whose lanes come several times."""
        for s in body:
            if isinstance(s, Lanes):
                self.lanes(s, path, depth)
                continue
            for x in stmt_exprs(s):
                self.reads(x, path, loop)
            match s:
                case SetElem(target=t, index=x, value=v):
                    self.add(path, t, True, v.type.width, loop, x)
                case VecCopy(target=t, source=v):
                    self.add(path, v, False)
                    self.add(path, t, True)
                case ZeroAbove(target=t):
                    self.add(path, t, True)
                case If():
                    for k, b in enumerate((s.then, s.other)):
                        self.scan(b, (*path, (id(s), k, depth > 0)), loop, depth)
            if isinstance(s, FAULTS) and not (loop is not None and loop.progress):
                self.events.append(_Event(path))

    def lanes(self, s: Lanes, path: _Path, depth: int) -> None:
        self.reads(s.start, path, None)
        self.reads(s.count, path, None)
        if s.apart:
            return
        own = s if not depth else None
        self.reads(s.active, path, own)
        self.scan(s.body, (*path, (id(s), 0, True)), own, depth + 1)
        self.scan(s.inactive, (*path, (id(s), 1, True)), own, depth + 1)
        if not s.progress and any(isinstance(x, FAULTS) for x in walk_stmts(s.body)):
            self.events.append(_Event(path))

    def hazard(self, k: int, w: _Event, j: int, e: _Event) -> bool:
        """Would event j see that event k wrote directly?"""
        if e.write or e.excludes(w, False):
            return False
        if e.vec is None:
            return j > k
        if self.cls(e.vec) != self.cls(w.vec) or e.vec == w.vec and j > k:
            return False
        same = e.loop is not None and e.loop is w.loop
        if j < k and not same:
            return False  # read before anything is written
        return not (same and e.own and w.own and e.width == w.width
                    and (j < k or e.excludes(w, True)))

    def needed(self) -> dict[Vec, None]:
        """Destinations that need a buffer, in order."""
        return {w.vec: None for k, w in enumerate(self.events)
                if w.write and self.cls(w.vec)
                and any(self.hazard(k, w, j, e) for j, e in enumerate(self.events))}


def _extent(body: tuple[Stmt, ...], v: Vec) -> tuple[int | None, bool]:
    """Bytes of v that may be written, None unknown; are all of them written?"""
    most: int | None = 0
    covered = 0
    for s in body:
        size: int | None = 0
        full = False
        match s:
            case Lanes(count=Const(value=n)):
                found = [x for x in walk_stmts((s,)) if getattr(x, "target", None) == v]
                if found and all(isinstance(x, SetElem) and _is_var(x.index, s.var)
                                 for x in found):
                    size = (n * max(x.value.type.width for x in found) + 7) // 8
                    full = s.start is None and any(x in s.body for x in found) \
                        and (s.active is None or any(x in s.inactive for x in found))
                elif found:
                    size = None
            case SetElem(target=t, index=Const(value=n), value=x) if t == v:
                size, full = ((n + 1) * x.type.width + 7) // 8, n == 0
            case ZeroAbove(target=t, start=Const(value=a), end=Const(value=b)) if t == v:
                size, full = b, covered >= a
            case VecCopy(target=t, bytes=Const(value=n)) if t == v:
                size, full = n, True
            case If(then=then, other=other):
                (a, x), (b, y) = _extent(then, v), _extent(other, v)
                size = None if a is None or b is None else max(a, b)
                full = x and y and a == b
            case _ if any(getattr(x, "target", None) == v for x in walk_stmts((s,))):
                size = None
        most = None if most is None or size is None else max(most, size)
        if full and size is not None:
            covered = max(covered, size)
    return most, most is not None and covered >= most


def buffer(insn: Insn, sem: Sem, isa: IsaInfo) -> Sem:
    """The same meaning, with buffers where a direct write would show."""
    if not any(isinstance(s, VECTOR_WRITES) for s in walk_stmts(sem.body)):
        return sem
    b = _Buffers(insn, isa)
    b.scan(sem.body)
    head: list[Stmt] = []
    tail: list[Stmt] = []
    body = sem.body
    for k, v in enumerate(b.needed()):
        cls = next(c for c in isa.classes.values() if c.state == b.cls(v))
        size, full = _extent(body, v)
        if size is None and (cls.stride or cls.group > 1):
            raise SpecError(insn.span, f"{insn.name}: a destination that sources may overlap is "
                                       "written at lanes that are not known: use a local vector")
        size = size if size is not None else cls.width // 8
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
    # members of a group write to shadows: nobody sees a direct write
    return classify(insn, sem if isa.group else buffer(insn, sem, isa), isa)
