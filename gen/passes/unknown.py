# SPDX-License-Identifier: MIT
"""Where UNKNOWN bits end up: the mask that tests leave out of a comparison.

UNKNOWN may reach registers and stored values, nothing else: an address, a
condition, a hook or a branch that depends on it would make the whole machine
unknown.
"""
from __future__ import annotations

from gen.model.encoding import Insn
from gen.model.effects import MEMORY
from gen.model.sem import (Assign, Atomic, Binary, Bits, Const, Expr, Ext, Let, Op, RegWrite,
                           Select, Sem, Slice, StateWrite, Stmt, Store, Unary, Unknown, Var,
                           bodies, children, stmt_exprs)
from gen.support.errors import SpecError

_BITWISE = {Op.AND, Op.OR, Op.XOR}


def _all(e: Expr) -> int:
    return (1 << e.type.width) - 1 if isinstance(e.type, Bits) else 1


def unknown_bits(e: Expr, known: dict[str, int]) -> int:
    """Mask of the bits of e that may be anything; known: masks of locals."""
    match e:
        case Unknown():
            return _all(e)
        case Var(name=n):
            return known.get(n, 0)
        case Slice(lo=lo, a=a):
            return unknown_bits(a, known) >> lo & _all(e)
        case Ext(a=a, signed=signed):
            m = unknown_bits(a, known)
            top = signed and m >> (_all(a).bit_length() - 1)
            return (m | (_all(e) & ~_all(a) if top else 0)) & _all(e)
        case Unary(op=Op.NOT | Op.LNOT, a=a):
            return unknown_bits(a, known)
        case Binary(op=Op.SHL, a=a, b=Const(value=n)):
            return unknown_bits(a, known) << n & _all(e)
        case Binary(op=Op.LSHR, a=a, b=Const(value=n)):
            return unknown_bits(a, known) >> n
        case Binary(op=op, a=a, b=b) if op in _BITWISE:
            m = unknown_bits(a, known) | unknown_bits(b, known)
            for x in (a, b):  # a constant's bits may decide the result
                if isinstance(x, Const) and op is not Op.XOR:
                    m &= x.value if op is Op.AND else ~x.value
            return m
        case Select(cond=c, a=a, b=b):
            return _all(e) if unknown_bits(c, known) else \
                unknown_bits(a, known) | unknown_bits(b, known)
    return _all(e) if any(unknown_bits(x, known) for x in children(e)) else 0


def unknown(insn: Insn, sem: Sem) -> tuple[tuple[str, int], ...]:
    """For each register operand or scalar that may be left with UNKNOWN bits,
    their mask; MEMORY stands for what is stored."""
    found: dict[str, int] = {}
    _walk(insn, sem.body, {}, found)
    return tuple(sorted((k, v) for k, v in found.items() if v))


def _walk(insn: Insn, body: tuple[Stmt, ...], known: dict[str, int],
          found: dict[str, int]) -> None:
    for s in body:
        match s:
            case Let(name=n, value=v):
                known[n] = unknown_bits(v, known)
            case Assign(name=n, value=v):
                known[n] = known.get(n, 0) | unknown_bits(v, known)
            case RegWrite(operand=o, value=v):
                found[o] = found.get(o, 0) | unknown_bits(v, known)
            case StateWrite(name=n, value=v):
                found[n] = found.get(n, 0) | unknown_bits(v, known)
            case Store(value=v) | Atomic(value=v):
                _walk(insn, s.body if isinstance(s, Atomic) else (), known, found)
                found[MEMORY] = found.get(MEMORY, 0) | unknown_bits(v, known)
                if unknown_bits(s.addr, known):
                    raise SpecError(insn.span, f"{insn.name}: an UNKNOWN address")
            case _:
                if any(unknown_bits(e, known) for e in stmt_exprs(s)):
                    raise SpecError(insn.span, f"{insn.name}: an UNKNOWN value may reach "
                                               "registers and memory only")
        for inner in bodies(s):
            _walk(insn, inner, known, found)
