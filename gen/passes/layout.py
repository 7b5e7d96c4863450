# SPDX-License-Identifier: MIT
"""Where operands live in the decoded instruction (struct rx_insn).

Registers go to r[0..3], each to the slot its table row asks for or the next
free one; so instructions of one shape agree, whatever their encoding. The
widest value gets all of imm, extended to 64 bits; other values of up to 8
bits get free slots of r[], then what is left is packed into imm together.
"""
from __future__ import annotations

from dataclasses import replace

from gen.model.encoding import (IMM_BITS, SLOT_BITS, SLOTS, Insn, IsaEncodings,
                                Operand, Place)
from gen.support.errors import Errors


def _is_register(o: Operand) -> bool:
    return bool(o.regclass and o.access and o.fixed < 0)


def _place_registers(insn: Insn, isa: IsaEncodings, places: dict[str, Place]) -> str:
    """Where there are more than fit, those that are read and written share slots,
    if their class does not redirect writes."""
    regs = [o for o in insn.operands if _is_register(o)]
    plain = {r.name for r in isa.regs if r.drop is None and r.moved is None}
    first: dict[object, str] = {}
    if len(regs) > SLOTS:
        for o in regs:
            if o.regclass in plain:
                first.setdefault((o.regclass, o.bits), o.name)
    taken: set[int] = set()
    for o in sorted(regs, key=lambda o: o.prefer < 0):
        other = first.get((o.regclass, o.bits), o.name)
        if other in places:
            places[o.name] = places[other]
            continue
        slot = o.prefer
        if slot in taken or not 0 <= slot < SLOTS:
            slot = next((s for s in range(SLOTS) if s not in taken), -1)
        if slot < 0:
            return f"more than {SLOTS} register operands"
        taken.add(slot)
        places[o.name] = Place(slot)
    return ""


def _place_values(insn: Insn, places: dict[str, Place]) -> str:
    values = [o for o in insn.operands if not _is_register(o) and o.fixed < 0]
    values.sort(key=lambda o: -o.held)
    free = [s for s in range(SLOTS) if Place(s) not in places.values()]
    packed = values[:1]
    for o in values[1:]:
        if o.held <= SLOT_BITS and not o.signed and free:
            places[o.name] = Place(free.pop(0))
        else:
            packed.append(o)
    if len(packed) == 1:
        places[packed[0].name] = Place(-1, 0, IMM_BITS)
        return ""
    shift = 0
    for o in packed:
        places[o.name] = Place(-1, shift, o.held)
        shift += o.held
    return f"its values have {shift} bits together" if shift > IMM_BITS else ""


def layout(isa: IsaEncodings, errors: Errors) -> IsaEncodings:
    """The ISA with a place for every operand."""
    insns = []
    for insn in isa.insns:
        places: dict[str, Place] = {}
        fault = _place_registers(insn, isa, places) or _place_values(insn, places)
        if fault:
            errors.add(insn.span, f"{insn.name} does not fit a decoded instruction: {fault}")
            continue
        operands = tuple(replace(o, place=places.get(o.name)) for o in insn.operands)
        insns.append(replace(insn, operands=operands))
    return replace(isa, insns=tuple(insns))


def check_layout(isa: IsaEncodings, errors: Errors) -> None:
    """Verifier: every operand has a place, and no two share bits."""
    for insn in isa.insns:
        slots: dict[int, Operand] = {}
        imm = 0
        for o in insn.operands:
            p = o.place
            if o.fixed >= 0:
                continue
            if p is None:
                errors.add(insn.span, f"{insn.name}: {o.name} has no place")
            elif p.in_imm:
                bits = ((1 << p.width) - 1) << p.shift
                if imm & bits:
                    errors.add(insn.span, f"{insn.name}: {o.name} shares bits of imm")
                imm |= bits
            elif p.slot in slots and slots[p.slot].bits != o.bits:
                errors.add(insn.span, f"{insn.name}: {o.name} shares r[{p.slot}]")
            else:
                slots[p.slot] = o
