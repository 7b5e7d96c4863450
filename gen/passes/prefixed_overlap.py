# SPDX-License-Identifier: MIT
"""Proof that prefixed encodings are unambiguous and that each can be met.

Rows of a slot are cubes over the fields of the key (model.prefixed.KEY). Two
encodings may share keys only if one declares that it takes precedence; what is
left of an encoding, when all that take precedence over it are cut away, must
not be empty.
"""
from __future__ import annotations

from gen.model.encoding import Insn, IsaEncodings
from gen.model.prefixed import KEY, Cube, Space, meet, slots
from gen.support.errors import Errors


def describe(cube: Cube) -> str:
    """The key's fields as text."""
    return " ".join(f"{f}={v:#x}" if m == (1 << KEY[f]) - 1 else f"{f}={v:#x}/{m:#x}"
                    for f, (m, v) in sorted(cube.items()))


def join(a: Cube, b: Cube) -> Cube:
    """Keys of both; they meet."""
    out = dict(a)
    for f, (m, v) in b.items():
        n, w = out.get(f, (0, 0))
        out[f] = (m | n, v | w)
    return out


def without(a: Cube, b: Cube) -> list[Cube]:
    """Keys of a that are none of b, as cubes that share nothing."""
    if not meet(a, b):
        return [a]
    out = []
    for f, (m, v) in b.items():
        for k in range(KEY[f]):
            n, w = a.get(f, (0, 0))
            if not m >> k & 1 or n >> k & 1:
                continue
            out.append({**a, f: (n | 1 << k, w | (~v & 1 << k))})
            a = {**a, f: (n | 1 << k, w | (v & 1 << k))}
    return out


def left_over(own: tuple[Cube, ...], taken: list[Cube]) -> Cube | None:
    """A cube of what is left of own, None if taken is all of it."""
    rest = list(own)
    for t in taken:
        rest = [piece for cube in rest for piece in without(cube, t)]
        if not rest:
            return None
    return rest[0]


def check_prefixed(isa: IsaEncodings, errors: Errors) -> None:
    """Adds an error for every ambiguity and dead encoding."""
    over = isa.precedence()
    by_slot: dict[tuple[Space, int, int], list[Insn]] = {}
    for i in isa.insns:
        if i.name in over[i.name]:
            errors.add(i.span, f"{i.name} takes precedence over itself")
            return
        for s in slots(i):
            by_slot.setdefault(s, []).append(i)
    winners: dict[str, list[Cube]] = {i.name: [] for i in isa.insns}
    for slot, insns in by_slot.items():
        if len({i.encoding.modrm for i in insns}) > 1:
            errors.add(insns[-1].span, f"{insns[-1].name}: some of the encodings of this opcode "
                                       "have a ModRM byte and some have none",
                       (insns[0].span, f"{insns[0].name} is here"))
        for k, a in enumerate(insns):
            for b in insns[k + 1:]:
                _pair(a, b, over, winners, slot, errors)
    for i in isa.insns:
        if left_over(i.encoding.cubes, winners[i.name]) is None:
            errors.add(i.span, f"nothing is {i.name}: encodings that take precedence take all of "
                               "it")


def _pair(a: Insn, b: Insn, over: dict[str, set[str]], winners: dict[str, list[Cube]],
          slot: tuple[Space, int, int], errors: Errors) -> None:
    for x in a.encoding.cubes:
        for y in b.encoding.cubes:
            if not meet(x, y):
                continue
            if b.name in over[a.name]:
                if len(slots(a)) >= len(slots(b)):
                    winners[b.name].append(x)
            elif a.name in over[b.name]:
                if len(slots(b)) >= len(slots(a)):
                    winners[a.name].append(y)
            else:
                space, m, opcode = slot
                errors.add(b.span, f"opcode {opcode:02X} of {space.value} map {m} with "
                           f"{describe(join(x, y)) or 'any key'} is both {a.name} and {b.name}, "
                           "and neither takes precedence", (a.span, f"{a.name} is here"))
                return
