# SPDX-License-Identifier: MIT
"""Proof that encodings are unambiguous and that each of them can be met.

Two encodings may share words only if one of them declares that it takes
precedence over the other, and then it must be a special case of it. Every
encoding must own at least one word that nothing with precedence takes.

The question "is there a word that ..." is a small satisfiability problem: a
clause is a list of (bit, value), one of which must hold.
"""
from __future__ import annotations

from gen.model.encoding import Encoding, IsaEncodings
from gen.support.errors import Errors

Clause = tuple[tuple[int, int], ...]


def _bits(mask: int) -> list[int]:
    return [b for b in range(mask.bit_length()) if mask >> b & 1]


def _rules(enc: Encoding) -> list[Clause]:
    """The constraints as clauses: some bit differs from each forbidden value."""
    return [tuple((b, 1 - (v >> b & 1)) for b in _bits(c.mask))
            for c in enc.constraints for v in c.values]


def _solve(mask: int, word: int, clauses: list[Clause]) -> int | None:
    """A word with these fixed bits that satisfies the clauses, None if none."""
    while True:
        rest: list[Clause] = []
        forced = False
        for c in clauses:
            if any(mask >> b & 1 and word >> b & 1 == v for b, v in c):
                continue
            free = tuple((b, v) for b, v in c if not mask >> b & 1)
            if not free:
                return None
            if len(free) == 1:
                b, v = free[0]
                mask |= 1 << b
                word |= v << b
                forced = True
            else:
                rest.append(free)
        clauses = rest
        if not clauses:
            return word
        if not forced:
            break
    b, v = clauses[0][0]
    for value in (v, 1 - v):
        found = _solve(mask | 1 << b, word | value << b, clauses)
        if found is not None:
            return found
    return None


def _outside(enc: Encoding) -> list[list[Clause]]:
    """Ways for a word not to match: some fixed bit differs, or a rule is broken."""
    ways: list[list[Clause]] = [[tuple((b, 1 - (enc.match >> b & 1)) for b in _bits(enc.mask))]]
    for c in enc.constraints:
        for v in c.values:
            ways.append([((b, v >> b & 1),) for b in _bits(c.mask)])
    return ways


def _search(mask: int, match: int, clauses: list[Clause], avoid: list[Encoding]) -> int | None:
    if not avoid:
        return _solve(mask, match, clauses)
    for way in _outside(avoid[0]):
        found = _search(mask, match, clauses + way, avoid[1:])
        if found is not None:
            return found
    return None


def word_of(enc: Encoding, avoid: list[Encoding]) -> int | None:
    """A word that matches enc and none of avoid; None if there is none."""
    near = [a for a in avoid if not (enc.mask & a.mask) & (enc.match ^ a.match)]
    return _search(enc.mask, enc.match, _rules(enc), near)


def common_word(a: Encoding, b: Encoding) -> int | None:
    """A word that matches both."""
    if (a.mask & b.mask) & (a.match ^ b.match):
        return None
    return _solve(a.mask | b.mask, a.match | b.match, _rules(a) + _rules(b))


def check_overlap(isa: IsaEncodings, errors: Errors) -> None:
    """Adds an error for every ambiguity, contradiction and dead encoding."""
    over = isa.precedence()
    encs = [i.encoding for i in isa.insns]
    winners: dict[str, list[Encoding]] = {e.name: [] for e in encs}
    for e in encs:
        if e.name in over[e.name]:
            errors.add(e.span, f"{e.name} takes precedence over itself")
            return
    for k, a in enumerate(encs):
        for b in encs[k + 1:]:
            if a.length != b.length or (a.mask & b.mask) & (a.match ^ b.match):
                continue
            word = common_word(a, b)
            if word is None:
                continue
            text = f"{word:#0{2 + 2 * a.length}x}"
            if b.name not in over[a.name] and a.name not in over[b.name]:
                errors.add(b.span, f"{text} is both {a.name} and {b.name}, "
                           "and neither takes precedence", (a.span, f"{a.name} is here"))
                continue
            first, second = (a, b) if b.name in over[a.name] else (b, a)
            stray = word_of(first, [second])
            if stray is not None:
                errors.add(first.span, f"{first.name} is no special case of {second.name}: "
                           f"{stray:#0{2 + 2 * a.length}x} is only the former",
                           (second.span, f"{second.name} is here"))
            winners[second.name].append(first)
    _check_precedence(isa, errors)
    for e in encs:
        if word_of(e, winners[e.name]) is None:
            names = ", ".join(w.name for w in winners[e.name])
            errors.add(e.span, f"no word is {e.name}"
                       + (f": {names} takes all of them" if names else ""))


def _check_precedence(isa: IsaEncodings, errors: Errors) -> None:
    """A declared precedence must be over something that shares words."""
    encs = {i.name: i.encoding for i in isa.insns}
    for e in encs.values():
        for name in e.over:
            if name in encs and common_word(e, encs[name]) is None:
                errors.add(e.span, f"{e.name} takes precedence over {name} "
                           "and has no word in common with it", (encs[name].span, "it is here"))
