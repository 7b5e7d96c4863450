# SPDX-License-Identifier: MIT
"""From checked bodies to meanings: the list of passes, in order."""
from __future__ import annotations

from gen.model.checked import Meaning
from gen.model.encoding import Insn
from gen.model.isa import IsaInfo
from gen.model.sem import Sem
from gen.passes.commit import commit
from gen.passes.dead import dead
from gen.passes.effects import effects
from gen.passes.lanes import lanes
from gen.passes.verify import verify
from gen.support.errors import Errors, SpecError

PASSES = (lanes, dead, commit)  # each: (instruction, meaning, names of the ISA) -> meaning


def refine(checked: list[tuple[Insn, Sem]], info: IsaInfo, errors: Errors,
           verify_each: bool) -> tuple[Meaning, ...]:
    """Every instruction's meaning after all passes; what is wrong goes to errors.
    verify_each: the verifier runs before the first pass and after each."""
    out = []
    for insn, sem in checked:
        try:
            if verify_each:
                verify(insn, sem, info, committed=False)
            for p in PASSES:
                sem = p(insn, sem, info)
                if verify_each:
                    verify(insn, sem, info, committed=p is commit)
            out.append(Meaning(insn, sem, effects(insn, sem, info)))
        except SpecError as e:
            errors.take(e)
    return tuple(out)
