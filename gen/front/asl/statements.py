# SPDX-License-Identifier: MIT
"""Statements: executed as far as the encoding decides them, the rest becomes a
flat body for front.check. Functions of the library are inlined.

Variables are values (values.Val), renamed at each assignment. One that is
assigned under a condition that only a running instruction knows becomes a
variable of the body (a cell) for the length of that statement.
"""
from __future__ import annotations

from dataclasses import dataclass, field

from aslparser import ast as A

from gen.front.asl.fold import Trouble, Undefined
from gen.front.asl.lanes import Vectors, elem_targets
from gen.front.asl.values import (INTEGER, PLAIN, Bool, Dyn, FieldBits, FieldInt, Int, Many, Sym,
                                  Unset, Val, describe, known, type_of)
from gen.model.sem import BOOL, Bits, STATIC_STATE, Type

MAX_DEPTH = 24
MAX_TURNS = 64


class Ended(Exception):
    """Nothing is executed behind this: a fault."""


@dataclass(slots=True)
class Frame:
    """One invocation of a function, or the instruction itself."""

    env: dict[str, Val] = field(default_factory=dict)
    types: dict[str, Type | str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)


class Statements(Vectors):
    """What the library, the registers and the operands are, says the subclass."""

    functions: dict[tuple[str, int], A.FuncDecl]
    symbols: frozenset[str]
    accesses: frozenset[str] = frozenset()  # flags of memory accesses
    scalars: dict[str, int]  # name, width
    parts: dict[str, tuple[str, int, int]]  # PSTATE.C: scalar, hi, lo
    bits: int  # width of addresses

    def __init__(self) -> None:
        self.out: list[A.Stmt] = []
        self.frames = [Frame()]
        self.nested = 0  # conditions that only the running instruction knows
        self.names = 0
        self.cell_names: set[str] = set()

    def word_field(self, name: str) -> Val | None:
        raise NotImplementedError

    def read_register(self, e: A.Index, args: list[Val]) -> Val | None:
        raise NotImplementedError

    def write_register(self, e: A.Index, args: list[Val], v: Val) -> bool:
        raise NotImplementedError

    def excludes(self, s: A.If) -> bool:
        raise NotImplementedError  # does it only say which words are not this encoding?

    # ---- names -------------------------------------------------------------

    @property
    def frame(self) -> Frame:
        return self.frames[-1]

    def fresh(self, base: str) -> str:
        self.names += 1
        return f"{base}_{self.names}"

    def name(self, e: A.Name) -> Val:
        v = self.frame.env.get(e.name)
        if isinstance(v, Unset):
            raise Trouble(e, f"'{e.name}' has no value yet")
        if v is None and len(self.frames) == 1:
            v = self.word_field(e.name)
        if v is None and (e.name in self.symbols or e.name in self.fpenvs
                          or e.name in self.accesses):
            v = Sym(e.name)
        if v is None and e.name in self.scalars:
            v = Dyn(e, Bits(self.scalars[e.name]))
        if v is None and e.name in STATIC_STATE:
            v = Dyn(e, Bits(self.bits))
        if v is None and (e.name, -1) in self.functions:
            v = self.inline(e, self.functions[e.name, -1], [])
        if v is None:
            raise Trouble(e, f"'{e.name}' is not declared")
        return v

    def field(self, e: A.Field | A.Fields) -> Val:
        names = e.names if isinstance(e, A.Fields) else (e.name,)
        return self.concat([self.part(e, n) for n in names], e)

    def part(self, e: A.Field | A.Fields, name: str) -> Val:
        scalar, hi, lo = self.place_of(e, name)
        whole = Dyn(A.Name(e.span, scalar), Bits(self.scalars[scalar]))
        return self.slice(A.Slice(e.span, e, ()), whole,
                          (A.BitRange(e.span, A.IntLit(e.span, hi), A.IntLit(e.span, lo)),))

    def place_of(self, e: A.Field | A.Fields, name: str) -> tuple[str, int, int]:
        base = e.base.name if isinstance(e.base, A.Name) else "?"
        if f"{base}.{name}" not in self.parts:
            raise Trouble(e, f"'{base}.{name}' is not part of the state")
        return self.parts[f"{base}.{name}"]

    # ---- things with an index ----------------------------------------------

    def index(self, e: A.Index) -> Val:
        if not isinstance(e.base, A.Name):
            raise Trouble(e, "expected a name before '['")
        f = e.base.name
        if f in STATIC_STATE and not e.args:
            return Dyn(A.Name(e.span, f), Bits(self.bits))
        if f == "Elem":
            return self.elem(e)
        args = self.indices(e)
        if f == "Mem":
            args = self.plain(args, e)
        if f == "MemTry":
            node = A.Index(e.span, e.base, tuple(self.tree(a, e) for a in args))
            return self.bind(node, Bits(8 * self.size_of(args, e) + 1))
        if f == "Mem":
            return self.bind(self.memory(e, args), Bits(8 * self.size_of(args, e)))
        v = self.read_register(e, args)
        if v is not None:
            return v
        decl = self.functions.get((f, len(args)))
        if decl is not None:
            return self.inline(e, decl, args)
        raise Trouble(e, f"'{f}' is no register file, memory or getter")

    def indices(self, e: A.Index) -> list[Val]:
        """A number or address, then widths, which must be known."""
        return [self.settle(self.expr(a), a) if k else self.expr(a) for k, a in enumerate(e.args)]

    def plain(self, args: list[Val], e: A.Index) -> list[Val]:
        """Address, size, the access's flags; public files say a kind of access, too."""
        flags = [a for a in args[2:] if isinstance(a, Sym) and a.name in self.accesses]
        if len(args) == 3 and not flags and args[2] != Sym(PLAIN):
            raise Trouble(e, "an ordered or atomic access by Mem is not supported")
        return args[:2] + flags

    def memory(self, e: A.Index, args: list[Val]) -> A.Index:
        more = [A.Name(e.span, v.name) for v in args[2:] if isinstance(v, Sym)]
        return A.Index(e.span, A.Name(e.span, "Mem"), (*(self.tree(a, e) for a in args[:2]), *more))

    @staticmethod
    def size_of(args: list[Val], e: A.Index) -> int:
        if len(args) < 2 or not isinstance(args[1], Int):
            raise Trouble(e, "Mem takes an address and a constant size in bytes")
        return args[1].value

    # ---- results that are named --------------------------------------------

    def emit(self, s: A.Stmt) -> None:
        self.out.append(s)

    def bind(self, node: A.Expr, typ: Type | str) -> Dyn:
        self.effects += 1
        return self.declare(node, typ, "r")

    def declare(self, node: A.Expr, typ: Type | str, base: str) -> Dyn:
        name = A.Name(node.span, self.fresh(base))
        self.emit(A.VarDecl(node.span, self.type_tree(typ, node), (name,), node, True))
        return Dyn(A.Name(node.span, name.name), typ)

    def let(self, v: Val, base: str, at: A.Node) -> Val:
        """The value by a name, unless it is as simple as one."""
        if isinstance(v, Many):
            return Many(tuple(self.let(x, base, at) for x in v.items))
        if not isinstance(v, Dyn) or isinstance(v.node, (A.Unknown, A.BitsLit)):
            return v
        if isinstance(v.node, A.Name) and v.node.name not in self.cell_names \
                and v.node.name not in self.scalars:
            return v
        d = self.declare(v.node, v.type, base)
        return Dyn(d.node, d.type, v.word, v.first)

    # ---- calls -------------------------------------------------------------

    def call(self, e: A.Call) -> Val:
        args = [self.expr(a) for a in e.args]
        decl = self.functions.get((e.func, len(args)))
        if decl is not None:
            return self.inline(e, decl, args)
        return self.primitive(e, args)

    def inline(self, e: A.Node, decl: A.FuncDecl, args: list[Val]) -> Val:
        if len(self.frames) > MAX_DEPTH:
            raise Trouble(e, f"{decl.name}: functions call each other too deeply")
        if decl.body is None:
            raise Trouble(e, f"{decl.name} has no body")
        frame = Frame()
        for p, v in zip(decl.params or (), args):
            self.parameter(e, decl, frame, p, v)
        self.frames.append(frame)
        try:
            v = self.block(decl.body)
        finally:
            self.frames.pop()
        return Many(()) if v is None else v

    def parameter(self, e: A.Node, decl: A.FuncDecl, frame: Frame, p: A.Param, v: Val) -> None:
        """Binds an argument; the width of bits(N) binds N where that is new."""
        if isinstance(p.type, A.BitsType):
            width = self.bits_width(v, e)
            if isinstance(p.type.width, A.Name) and p.type.width.name not in frame.env:
                frame.env[p.type.width.name] = Int(width)
            elif isinstance(p.type.width, A.IntLit) and p.type.width.value != width:
                raise Trouble(e, f"{decl.name} takes bits({p.type.width.value}), found "
                                 f"bits({width})")
        frame.env[p.name] = self.let(v, p.name, e)

    # ---- blocks ------------------------------------------------------------

    def block(self, body: tuple[A.Stmt, ...]) -> Val | None:
        """What the block returns; None where its end is reached."""
        for k, s in enumerate(body):
            v = self.stmt(s, body[k + 1:])
            if v is not None:
                return v
        return None

    def branch(self, body: tuple[A.Stmt, ...]) -> tuple[list[A.Stmt], Val | None, bool]:
        """Statements of a block under a condition, what it returns, whether it ends
        in a fault."""
        saved, self.out = self.out, []
        env, self.frame.env = self.frame.env, dict(self.frame.env)
        self.nested += 1
        ended, v = False, None
        try:
            v = self.block(body)
        except Ended:
            ended = True
        finally:
            self.nested -= 1
            out, self.out = self.out, saved
            self.frame.env = env
        return out, v, ended

    def stmt(self, s: A.Stmt, rest: tuple[A.Stmt, ...]) -> Val | None:
        match s:
            case A.VarDecl():
                self.variable(s)
            case A.Assign(target=t, value=v):
                self.assign(t, self.expr(v))
            case A.If() if self.excludes(s):
                pass
            case A.If(arms=arms, otherwise=other):
                later = (A.If(s.span, arms[1:], other),) if len(arms) > 1 else other
                cond = self.settle(self.expr(arms[0].cond), arms[0].cond)
                return self.conditional(s, cond, arms[0].body, later, rest)
            case A.Case():
                return self.case(s, rest)
            case A.For():
                return self.loop(s)
            case A.Return(value=v):
                return Many(()) if v is None else self.let(self.expr(v), "r", s)
            case A.CallStmt(call=c):
                self.procedure(c)
            case A.Assert(cond=c):
                v = self.expr(c)
                if isinstance(v, Bool) and not v.value:
                    raise Trouble(s, "the assertion is false")
            case A.UndefinedStmt() | A.Unpredictable() | A.See():
                if not self.nested:
                    raise Undefined
                self.emit(A.UndefinedStmt(s.span))
                raise Ended
            case A.Pass():
                pass
            case _:
                raise Trouble(s, f"{type(s).__name__} is not supported")
        return None

    def procedure(self, c: A.Call) -> None:
        args = [self.expr(a) for a in c.args]
        decl = self.functions.get((c.func, len(args)))
        if decl is not None:
            self.inline(c, decl, args)
            return
        if c.func not in self.hooks and c.func not in self.exceptions \
                and c.func not in ("Branch", "RaiseFlags"):
            raise Trouble(c, f"there is no procedure '{c.func}'")
        self.effects += 1
        self.emit(A.CallStmt(c.span, A.Call(c.span, c.func,
                                            tuple(self.tree(a, c) for a in args))))
        if c.func in self.exceptions:
            raise Ended

    # ---- variables ---------------------------------------------------------

    def variable(self, s: A.VarDecl) -> None:
        typ = self.resolve(s.type)
        for n in s.names:
            self.frame.types[n.name] = typ
            self.frame.cells.pop(n.name, None)
            if s.value is None:
                self.frame.env[n.name] = Unset(typ)
            else:
                self.set(n, self.expr(s.value))

    def set(self, n: A.Name, v: Val) -> None:
        if n.name in STATIC_STATE or n.name in self.scalars and n.name not in self.frame.env:
            self.effects += 1
            self.emit(A.Assign(n.span, n, self.tree(v, n)))
            return
        want, have = self.frame.types.get(n.name), type_of(v)
        if isinstance(want, Bits) and want != have:
            raise Trouble(n, f"'{n.name}' is {want}, found {describe(v)}")
        cell = self.frame.cells.get(n.name)
        if cell is None:
            self.frame.env[n.name] = self.let(v, n.name, n)
            return
        self.emit(A.Assign(n.span, A.Name(n.span, cell), self.tree(v, n)))
        self.frame.env[n.name] = Dyn(A.Name(n.span, cell), have)

    def assign(self, t: A.Expr, v: Val) -> None:
        match t:
            case A.Name():
                self.set(t, v)
            case A.Hole():
                pass
            case A.Tuple(items=items):
                if not isinstance(v, Many) or len(v.items) != len(items):
                    raise Trouble(t, f"{len(items)} values are expected, found {describe(v)}")
                for x, y in zip(items, v.items):
                    self.assign(x, y)
            case A.Field() | A.Fields():
                self.assign_parts(t, v)
            case A.Slice(base=A.Name() as n, parts=(p,)):
                self.assign_slice(t, n, p, v)
            case A.Concat(parts=parts):
                self.assign_concat(t, parts, v)
            case A.Index(base=A.Name(name="Elem")):
                self.set_elem(t, v)
            case A.Index(base=A.Name(name="Mem")):
                args = self.plain(self.indices(t), t)
                self.effects += 1
                self.emit(A.Assign(t.span, self.memory(t, args), self.tree(v, t)))
            case A.Index(base=A.Name()):
                args = self.indices(t)
                if not self.write_register(t, args, v):
                    raise Trouble(t, f"'{t.base.name}' is no register file or memory")
            case _:
                raise Trouble(t, "this cannot be assigned")

    def assign_concat(self, t: A.Expr, parts: tuple[A.Expr, ...], v: Val) -> None:
        at = self.bits_width(v, t)
        v = self.let(v, "c", t)
        for p in parts:
            width = self.bits_width(self.expr(p), p)
            at -= width
            self.assign(p, self.cut(v, at + width - 1, at, t))

    def cut(self, v: Val, hi: int, lo: int, at: A.Node) -> Val:
        return self.slice(A.Slice(at.span, at, ()), v,
                          (A.BitRange(at.span, A.IntLit(at.span, hi), A.IntLit(at.span, lo)),))

    def assign_parts(self, t: A.Field | A.Fields, v: Val) -> None:
        """PSTATE.<N, Z> = v: into the scalar, whose other bits stay."""
        names = t.names if isinstance(t, A.Fields) else (t.name,)
        at = self.bits_width(v, t)
        new: dict[str, dict[int, tuple[int, Val]]] = {}
        for n in names:
            scalar, hi, lo = self.place_of(t, n)
            at -= hi - lo + 1
            if at < 0:
                raise Trouble(t, f"{describe(v)} is too narrow")
            new.setdefault(scalar, {})[lo] = hi, self.cut(v, at + hi - lo, at, t)
        for scalar, pieces in new.items():
            width, parts, low = self.scalars[scalar], [], 0
            if isinstance(t, (A.Field, A.Fields)) and len(new) == 1 \
                    and self.bits_width(v, t) == width and _falling(pieces, width):
                self.set(A.Name(t.span, scalar), v)
                continue
            old = Dyn(A.Name(t.span, scalar), Bits(width))
            while low < width:
                if low in pieces:
                    hi, x = pieces[low]
                else:
                    hi = min((p for p in pieces if p > low), default=width) - 1
                    x = self.cut(old, hi, low, t)
                parts.insert(0, x)
                low = hi + 1
            self.set(A.Name(t.span, scalar), self.concat(parts, t))

    def assign_slice(self, t: A.Slice, n: A.Name, p: A.SlicePart, v: Val) -> None:
        place = self.slice_range(p)
        if place is None:
            raise Trouble(t, "a slice that is assigned needs constant bounds")
        hi, lo = place
        old = self.frame.env.get(n.name)
        if isinstance(old, Unset) and isinstance(old.type, Bits):
            old = self.expr(A.Call(t.span, "Zeros", (A.IntLit(t.span, old.type.width),)))
        if old is None:
            raise Trouble(t, f"'{n.name}' is not declared")
        width = self.bits_width(old, t)
        if not 0 <= lo <= hi < width or self.bits_width(v, t) != hi - lo + 1:
            raise Trouble(t, f"{describe(v)} into <{hi}:{lo}> of bits({width})")
        parts = [self.cut(old, width - 1, hi + 1, t)] if hi + 1 < width else []
        parts.append(v)
        if lo:
            parts.append(self.cut(old, lo - 1, 0, t))
        self.set(n, self.concat(parts, t))

    # ---- conditions --------------------------------------------------------

    def conditional(self, s: A.Stmt, cond: Val, then: tuple[A.Stmt, ...],
                    other: tuple[A.Stmt, ...], rest: tuple[A.Stmt, ...]) -> Val | None:
        """if cond then .. else .. in front of `rest`."""
        if isinstance(cond, Bool):
            return self.block(then if cond.value else other)
        if type_of(cond) != BOOL:
            raise Trouble(s, f"expected a condition, found {describe(cond)}")
        tree = self.tree(cond, s)
        if _returns(then) or _returns(other):
            return self.split(s, tree, then + rest, other + rest)
        opened = self.open_cells(s, then + other)
        a, _, ends_a = self.branch(then)
        b, _, ends_b = self.branch(other)
        self.emit_if(s, tree, a, b)
        for n in opened:
            del self.frame.cells[n]
        if ends_a and ends_b:
            raise Ended
        return None

    def emit_if(self, s: A.Stmt, cond: A.Expr, a: list[A.Stmt], b: list[A.Stmt]) -> None:
        if not a and b:
            cond, a, b = A.Unary(s.span, "!", cond), b, a
        if a:
            self.emit(A.If(s.span, (A.Arm(s.span, cond, tuple(a)),), tuple(b)))

    def open_cells(self, s: A.Stmt, body: tuple[A.Stmt, ...]) -> list[str]:
        """Makes cells of the variables that a conditional body assigns."""
        opened = []
        for n in sorted(_assigned(body)):
            old = self.frame.env.get(n)
            if old is None or n in self.frame.cells:
                continue
            typ = old.type if isinstance(old, Unset) else type_of(old)
            if typ is None or typ == INTEGER:
                raise Trouble(s, f"'{n}' is assigned under a condition that only the running "
                                 "instruction knows")
            cell = self.fresh(n)
            self.cell_names.add(cell)
            value = None if isinstance(old, Unset) else self.tree(old, s)
            self.emit(A.VarDecl(s.span, self.type_tree(typ, s), (A.Name(s.span, cell),), value,
                                False))
            self.frame.cells[n] = cell
            self.frame.env[n] = Dyn(A.Name(s.span, cell), typ)
            opened.append(n)
        return opened

    def split(self, s: A.Stmt, cond: A.Expr, then: tuple[A.Stmt, ...],
              other: tuple[A.Stmt, ...]) -> Val | None:
        """A condition one of whose sides returns: the rest belongs to the sides."""
        a, x, ends_a = self.branch(then)
        b, y, ends_b = self.branch(other)
        if ends_a or ends_b:
            if ends_a and ends_b:
                self.emit_if(s, cond, a, b)
                raise Ended
            self.emit_if(s, cond, a if ends_a else [], b if ends_b else [])
            self.out += b if ends_a else a
            return y if ends_a else x
        if x is None or y is None:
            if x is None and y is None or Many(()) in (x, y):
                self.emit_if(s, cond, a, b)
                return Many(())
            raise Trouble(s, "a function must return on every way")
        if not a and not b:
            return self.choose(s, Dyn(cond, BOOL), x, y)
        return self.merge(s, cond, (a, x), (b, y))

    def merge(self, s: A.Stmt, cond: A.Expr, left: tuple[list[A.Stmt], Val],
              right: tuple[list[A.Stmt], Val]) -> Val:
        """The results of two sides in variables."""
        pairs = zip(*(v.items if isinstance(v, Many) else (v,) for _, v in (left, right)))
        out: list[Val] = []
        for x, y in pairs:
            typ = type_of(x)
            if known(x) and x == y:
                out.append(x)
                continue
            if typ is None or typ == INTEGER or typ != type_of(y):
                raise Trouble(s, f"the sides give {describe(x)} and {describe(y)}")
            cell = A.Name(s.span, self.fresh("r"))
            self.emit(A.VarDecl(s.span, self.type_tree(typ, s), (cell,), None, False))
            for stmts, v in ((left[0], x), (right[0], y)):
                stmts.append(A.Assign(s.span, cell, self.tree(v, s)))
            out.append(Dyn(cell, typ))
        self.emit_if(s, cond, left[0], right[0])
        return Many(tuple(out)) if isinstance(left[1], Many) else out[0]

    def case(self, s: A.Case, rest: tuple[A.Stmt, ...]) -> Val | None:
        v = self.settle(self.expr(s.subject), s.subject)
        for k, alt in enumerate(s.alts):
            hit: Val = Bool(False)
            for p in alt.patterns:
                h = self.settle(self.pattern(v, p), p)
                if isinstance(h, Bool):
                    hit = h if h.value else hit
                else:
                    hit = h if isinstance(hit, Bool) else self.dyn(
                        A.Binary(p.span, "||", self.tree(hit, p), self.tree(h, p)), BOOL, hit, h)
                if isinstance(hit, Bool) and hit.value:
                    break
            if alt.guard is not None and not (isinstance(hit, Bool) and not hit.value):
                g = self.settle(self.expr(alt.guard), alt.guard)
                if isinstance(hit, Bool):
                    hit = g
                elif not isinstance(g, Bool) or not g.value:
                    raise Trouble(alt, "a guard beside a pattern that is not known")
            if isinstance(hit, Bool):
                if hit.value:
                    return self.block(alt.body)
                continue
            later = (A.Case(s.span, s.subject, s.alts[k + 1:], s.otherwise),)
            return self.conditional(s, hit, alt.body, later, rest)
        return self.block(s.otherwise or ())

    def loop(self, s: A.For) -> Val | None:
        if self.over_lanes(s):
            return self.lane_loop(s)
        first, last = self.static(s.first), self.static(s.last)
        turns = range(first, last - 1, -1) if s.down else range(first, last + 1)
        if len(turns) > MAX_TURNS:
            raise Trouble(s, f"a loop of {len(turns)} turns: up to {MAX_TURNS} are unrolled")
        for k in turns:
            self.frame.env[s.var.name] = Int(k)
            v = self.block(s.body)
            if v is not None:
                return v
        return None


def _falling(pieces: dict[int, tuple[int, Val]], width: int) -> bool:
    """Do the pieces, as they stand, fill the whole from the top down?"""
    at = width
    for lo, (hi, _) in pieces.items():
        if hi != at - 1:
            return False
        at = lo
    return at == 0


def _walk(body: tuple[A.Stmt, ...]):
    for s in body:
        yield s
        match s:
            case A.If(arms=arms, otherwise=other):
                for arm in arms:
                    yield from _walk(arm.body)
                yield from _walk(other)
            case A.Case(alts=alts, otherwise=other):
                for alt in alts:
                    yield from _walk(alt.body)
                yield from _walk(other or ())
            case A.For(body=inner):
                yield from _walk(inner)


def _returns(body: tuple[A.Stmt, ...]) -> bool:
    return any(isinstance(s, A.Return) for s in _walk(body))


def _targets(t: A.Expr):
    match t:
        case A.Name(name=n):
            yield n
        case A.Slice(base=b):
            yield from _targets(b)
        case A.Index():
            yield from elem_targets(t)
        case A.Tuple(items=xs) | A.Concat(parts=xs):
            for x in xs:
                yield from _targets(x)


def _assigned(body: tuple[A.Stmt, ...]) -> set[str]:
    """Names of variables that the body assigns and does not declare itself."""
    out: set[str] = set()
    own: set[str] = set()
    for s in _walk(body):
        if isinstance(s, A.Assign):
            out |= set(_targets(s.target))
        elif isinstance(s, A.VarDecl):
            own |= {n.name for n in s.names}
    return out - own


__all__ = ["Ended", "Frame", "Statements", "FieldBits", "FieldInt"]
