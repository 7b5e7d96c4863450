# SPDX-License-Identifier: MIT
"""Calls: functions of the language on known values and on bits of the encoding,
primitives and hooks of the model on everything else."""
from __future__ import annotations

from typing import Callable

from aslparser import ast as A

from gen.front.asl.fold import MAX_BITS, Fold, Trouble
from gen.front.asl.values import (INTEGER, Bool, Dyn, FieldBits, FieldInt, Int, Sym, Val, Vec,
                                  concat, describe, extend, to_signed, type_of)
from gen.front.primitives import _PURE, _RMW, _SHIFTS
from gen.model import prims
from gen.model.isa import HookDecl
from gen.model.opfuncs import OPFUNCS, OpFunc
from gen.model.pure import PURE
from gen.model.sem import BOOL, Bits, Type


class Calls(Fold):
    """Everything but functions of the library (statements.Statements)."""

    functions: dict[tuple[str, int], A.FuncDecl]
    hooks: dict[str, HookDecl]
    exceptions: dict[str, int]

    def bind(self, node: A.Expr, typ: Type | str) -> Dyn:
        """A name for the result of what must be executed once, in its place."""
        raise NotImplementedError

    def computed(self, f: OpFunc, v: FieldBits, at: A.Node) -> Val:
        raise NotImplementedError

    def primitive(self, e: A.Call, args: list[Val]) -> Val:
        """A call that is no function of the library."""
        fold = _FOLDS.get(e.func)
        if fold is not None:
            v = fold(self, e, args)
            if v is not None:
                return v
        f = OPFUNCS.get(e.func)
        if f is not None:
            if len(args) != 1 or not isinstance(args[0], FieldBits):
                raise Trouble(e, f"{e.func} takes bits of the encoding")
            return self.computed(f, args[0], e)
        typ = self.result(e, args)
        node = A.Call(e.span, e.func, tuple(self.tree(a, e) for a in args))
        if e.func in _RMW or e.func in prims.FP or e.func in self.hooks:
            return self.bind(node, typ)
        return self.dyn(node, typ, *args)

    def result(self, e: A.Call, args: list[Val]) -> Type | str:
        """The type of the result of a function of the model."""
        f = e.func
        types = [type_of(a) for a in args]
        if f in ("UInt", "SInt", "Min", "Max", "RegisterNumber"):
            return INTEGER
        if f in ("SignExtend", "ZeroExtend"):
            return Bits(self.constant(args, 1, e))
        if f in _SHIFTS or f in _PURE or f in ("FPNeg", "FPAbs", "FPCopySign"):
            return Bits(self.bits_width(args[0], e))
        if f in PURE:
            width = PURE[f].result_width([t.width if isinstance(t, Bits) else -1 for t in types])
            if width is None:
                raise Trouble(e, f"{f} does not take {', '.join(describe(a) for a in args)}")
            return Bits(width)
        if f == "Table":
            return Bits(self.constant(args, 1, e))
        if f in _RMW:
            return Bits(self.bits_width(args[1], e))
        if f in prims.FP:
            p = prims.FP[f]
            if p.result == "bool":
                return BOOL
            if p.result == "fmt":
                return Bits(self.bits_width(args[0], e))
            return Bits(p.result if isinstance(p.result, int) else self.constant(args, p.args, e))
        if f in self.hooks:
            h = self.hooks[f]
            if h.result is None:
                raise Trouble(e, f"{f} has no result")
            return h.result
        if any(n == f for n, _ in self.functions):
            raise Trouble(e, f"{f} does not take {len(args)} argument{'s' * (len(args) != 1)}")
        raise Trouble(e, f"there is no function '{f}'")

    def constant(self, args: list[Val], k: int, e: A.Call) -> int:
        v = self.settle(args[k], e) if k < len(args) else None
        if not isinstance(v, Int):
            raise Trouble(e, f"argument {k + 1} of {e.func} must be a constant integer")
        return v.value

    # ---- functions of the language, where arguments are known ---------------

    def to_integer(self, e: A.Call, args: list[Val]) -> Val | None:
        signed = e.func == "SInt"
        match args:
            case [Vec(width=w, value=v)]:
                return Int(to_signed(v, w) if signed else v)
            case [FieldBits() as b]:
                return FieldInt(b, signed)
        return None

    def extend(self, e: A.Call, args: list[Val]) -> Val | None:
        if len(args) != 2:
            raise Trouble(e, f"{e.func} takes bits and a width")
        width = self.constant(args, 1, e)
        have = self.bits_width(args[0], e) if not _empty(args[0]) else 0
        if width > MAX_BITS:
            raise Trouble(e, f"{e.func} to {width} bits: expected up to {MAX_BITS}")
        if width < have:
            raise Trouble(e, f"{e.func} of {have} bits to {width}")
        match args[0]:
            case Vec() | FieldBits():
                return extend(args[0], width, e.func == "SignExtend")
        return args[0] if width == have else None

    def zeros(self, e: A.Call, args: list[Val]) -> Val | None:
        n = self.constant(args, 0, e)
        if not 0 <= n <= MAX_BITS:
            raise Trouble(e, f"{e.func} of {n} bits: expected up to {MAX_BITS}")
        return Vec(n, 0 if e.func == "Zeros" else (1 << n) - 1)

    def is_constant(self, e: A.Call, args: list[Val]) -> Val | None:
        """IsZero and IsOnes."""
        w = self.bits_width(args[0], e)
        want = Vec(w, 0 if e.func == "IsZero" else (1 << w) - 1)
        return self.compare(A.Binary(e.span, "==", e, e), args[0], want)

    def replicate(self, e: A.Call, args: list[Val]) -> Val | None:
        n = self.constant(args, 1, e)
        if not 0 <= n * self.bits_width(args[0], e) <= MAX_BITS:
            raise Trouble(e, f"{e.func} by {n}: expected up to {MAX_BITS} bits")
        if isinstance(args[0], (Vec, FieldBits)):
            return concat([args[0]] * n)
        return self.concat([args[0]] * n, e)

    def shift(self, e: A.Call, args: list[Val]) -> Val | None:
        match args:
            case [_, Int(value=n)] if n < 0:
                raise Trouble(e, f"{e.func} by a negative number")
            case [Vec(width=w, value=v), Int(value=n)] if n <= w or e.func == "ROR":
                return Vec(w, _SHIFT[e.func](v, w, n))
            case [FieldBits() as b, Int(value=n)] if 0 <= n <= b.width and e.func == "LSL":
                low = b.slice(b.width - 1 - n, 0) if n < b.width else Vec(0, 0)
                return concat([low, Vec(n, 0)])
            case [FieldBits() as b, Int(value=n)] if 0 <= n < b.width and e.func == "LSR":
                return extend(b.slice(b.width - 1, n), b.width, False)
            case [_, Int(value=0)]:
                return args[0]
        return None

    def extremum(self, e: A.Call, args: list[Val]) -> Val | None:
        match args:
            case [Int(value=a), Int(value=b)]:
                return Int(min(a, b) if e.func == "Min" else max(a, b))
        return None

    def highest(self, e: A.Call, args: list[Val]) -> Val | None:
        match args:
            case [Vec(value=v)]:
                return Int(v.bit_length() - 1)
        raise Trouble(e, f"{e.func} needs a known value")

    def bit_not(self, e: A.Call, args: list[Val]) -> Val | None:
        return self.unary(A.Unary(e.span, "NOT", e), args[0])

    def to_bits(self, e: A.Call, args: list[Val]) -> Val | None:
        """IntToBits(n, width): the low bits of an integer."""
        return self.slice(A.Slice(e.span, e, ()), args[0],
                          (A.BitRange(e.span, A.IntLit(e.span, self.constant(args, 1, e) - 1),
                                      A.IntLit(e.span, 0)),))

    def text(self, e: A.Call, args: list[Val]) -> Val | None:
        """Features are there: which ones, the guard's words say."""
        if len(args) == 1 and isinstance(args[0], Sym):
            return Bool(True)
        raise Trouble(e, f"{e.func} takes the name of a feature")


def _empty(v: Val) -> bool:
    return isinstance(v, Vec) and v.width == 0


def _ror(v: int, w: int, n: int) -> int:
    n %= w
    return (v >> n | v << (w - n)) & (1 << w) - 1


_SHIFT = {"LSL": lambda v, w, n: v << n & (1 << w) - 1, "LSR": lambda v, w, n: v >> n,
          "ASR": lambda v, w, n: to_signed(v, w) >> n & (1 << w) - 1, "ROR": _ror}
_FOLDS: dict[str, Callable[[Calls, A.Call, list[Val]], Val | None]] = {
    "UInt": Calls.to_integer, "SInt": Calls.to_integer,
    "ZeroExtend": Calls.extend, "SignExtend": Calls.extend,
    "Zeros": Calls.zeros, "Ones": Calls.zeros,
    "IsZero": Calls.is_constant, "IsOnes": Calls.is_constant, "Replicate": Calls.replicate,
    "LSL": Calls.shift, "LSR": Calls.shift, "ASR": Calls.shift, "ROR": Calls.shift,
    "Min": Calls.extremum, "Max": Calls.extremum, "HighestSetBit": Calls.highest,
    "NOT": Calls.bit_not, "IntToBits": Calls.to_bits, "IsFeatureImplemented": Calls.text,
}
