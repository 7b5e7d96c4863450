# SPDX-License-Identifier: MIT
"""What every MMX instruction does beside its own work (SDM volume 1, 9.5 and 9.6.2;
volume 3, 12.1): its registers are the significands of the x87's.

before  #UD where CR0.EM is set, #NM where CR0.TS is, #MF where an exception of the
        x87 is pending
after   TOP is 0, no register is empty, the exponent of a register that was
        written is all ones
"""
from __future__ import annotations

from gen.model.lanes import SetElem, VecOp
from gen.model.prefixed import XOperand
from gen.model.sem import (BOOL, Binary, Bits, Const, If, Op, Raise, StateRead, StateWrite, Stmt)

MMX = "mmx"  # the register class
_LONG, _WORD, _BYTE = Bits(64), Bits(16), Bits(8)
_EM, _TS, _ES, _TOP = 4, 8, 0x80, 0x3800


def _if(name: str, width: Bits, mask: int, vector: str) -> Stmt:
    bits = Binary(width, Op.AND, StateRead(width, name), Const(width, mask))
    return If(Binary(BOOL, Op.NE, bits, Const(width, 0)), (Raise(vector, Const(_LONG, 0)),))


def before() -> list[Stmt]:
    return [_if("CR0", _LONG, _EM, "UD"), _if("CR0", _LONG, _TS, "NM"),
            _if("FSW", _WORD, _ES, "MF")]


def after(operands: tuple[XOperand, ...]) -> list[Stmt]:
    exponent = Const(_LONG, 4), Const(_WORD, 0xFFFF)  # behind the 64 bits
    out: list[Stmt] = [SetElem(VecOp(o.name), *exponent) for o in operands
                       if o.regclass == MMX and "w" in o.access]
    top = Binary(_WORD, Op.AND, StateRead(_WORD, "FSW"), Const(_WORD, 0xFFFF & ~_TOP))
    return [*out, StateWrite("FTW", Const(_BYTE, 0)), StateWrite("FSW", top)]
