# SPDX-License-Identifier: MIT
"""Instructions of the model from specialisations and assembly templates."""
from __future__ import annotations

import re
from dataclasses import replace

from gen.front.asl.specialise import Special, Use
from gen.front.asl.syntax import Entry, Fields, Line
from gen.front.asl.values import Vec, pack, shape_unsigned
from gen.front.operands import MAX_VALUE, OperandDecl, Operands, operands_of
from gen.front.text import integer
from gen.model.encoding import (SUFFIX_MARK, BitSrc, Body, Field, Insn, Lit, Operand, Opt, Piece,
                                Ref, Span, Syntax, SyntaxKind, Template)
from gen.support.errors import SpecError

_PIECE = re.compile(r"<(?P<tok>\w+)(?:\.(?P<names>\w+))?(?:=(?P<dflt>\d+))?>|(?P<open>\{)"
                    r"|(?P<close>\})|\\(?P<brace>[{}])|(?P<lit>[^<{}\\]+)")


class Builder:
    """One instruction."""

    def __init__(self, special: Special, ops: Operands) -> None:
        self.special, self.ops = special, ops
        self.fields = Fields(special.source, special.known)
        self.operands = [self.from_use(u) for u in special.uses]
        self.extra: list[Operand] = []  # of the spelling at hand
        self.main = True

    def from_use(self, u: Use) -> Operand:
        span = self.special.encoding.span
        if u.regclass:
            names = self.ops.regs.get(u.regclass)
            plain = names is not None and names.drop is None and names.moved is None
            fixed = u.bits[0].const if plain and len(u.bits) == 1 and u.bits[0].is_const else -1
            return Operand(u.name, u.token, u.regclass, u.access, u.width, False, u.bits,
                           Syntax(SyntaxKind.REG, u.names or u.regclass), -1, None, span,
                           fixed=fixed)
        return Operand(u.name, u.token, "", "r", u.width, u.signed, u.bits,
                       Syntax(SyntaxKind.INT), -1, None, span, u.function)

    # ---- operands ----------------------------------------------------------

    def known(self, bits: tuple[BitSrc, ...], signed: bool = False) -> tuple[BitSrc, ...]:
        """The same with known bits of the word as constants, without zeros above."""
        ones = []
        for b in bits:
            for k in reversed(range(b.width)):
                if b.is_const:
                    ones.append(BitSrc(1, const=b.const >> k & 1))
                elif b.lo + k in self.special.known:
                    ones.append(BitSrc(1, const=self.special.known[b.lo + k]))
                else:
                    ones.append(BitSrc(1, b.lo + k))
        v = pack(ones)
        if isinstance(v, Vec):
            return (BitSrc(v.width, const=v.value),)
        return v.bits if signed else shape_unsigned(v)

    def use(self, token: str, names: str, at: Span) -> str:
        """The token under which the operand is found."""
        decl = self.ops.decls.get(token)
        if decl is not None and not (names and not decl.function):
            return self.value(decl, at)
        f = self.fields.by_name.get(token)
        if f is None and decl is None:
            raise SpecError(at, f"<{token}> is no operand of the table and no field of "
                                f"{self.special.source.name}")
        bits = self.known((BitSrc(f.width, f.lo),)) if decl is None else self.known(
            self.declared(decl, at).bits)
        regs = [o for o in self.operands if o.bits == bits and o.regclass]
        if regs or names:
            return self.register(token, names, bits, regs, at)
        return self.value(OperandDecl(token, (), "", f.width, False, (),
                                      Syntax(SyntaxKind.INT), None, False, at), at, bits)

    def register(self, token: str, names: str, bits: tuple[BitSrc, ...], regs: list[Operand],
                 at: Span) -> str:
        if names and names not in self.ops.regs:
            raise SpecError(at, f"no register class is called {names}")
        if not regs:
            self.extra.append(Operand(token, token, names, "", 8, False, bits,
                                      Syntax(SyntaxKind.REG, names), -1, None, at))
            return token
        shown = names or regs[0].syntax.table
        if self.main:
            for o in regs:
                k = self.operands.index(o)
                self.operands[k] = replace(o, token=token, span=at,
                                           syntax=Syntax(SyntaxKind.REG, shown))
        else:
            self.extra.append(replace(regs[0], token=token,
                                      syntax=Syntax(SyntaxKind.REG, shown)))
        return token

    def declared(self, decl: OperandDecl, at: Span) -> Operand:
        """What a row of the operand table means in this encoding."""
        probe = replace(self.special.encoding, fields=_all_fields(self.special))
        return operands_of(replace(decl, binds=decl.binds[:1]), probe, at)[0]

    def value(self, decl: OperandDecl, at: Span, bits: tuple[BitSrc, ...] = ()) -> str:
        if not bits:
            one = self.declared(decl, at)
            bits = one.bits if decl.function else self.known(one.bits, decl.signed)
        new = Operand(decl.token, decl.token, decl.regclass, "r", decl.width, decl.signed, bits,
                      decl.syntax, -1, None, at)
        new = replace(new, function=decl.function)
        if not any(o.token == decl.token for o in self.extra):
            self.extra.append(new)
        return decl.token

    # ---- templates ---------------------------------------------------------

    def template(self, line: Line, main: bool) -> Template | None:
        """The spelling of this specialisation; None for an alias of others."""
        when = self.fields.conditions(line)
        if when is None:
            return None
        self.main, self.extra = main, []
        text = self.fields.choose(line.text, line.span)
        mnemonic, _, rest = text.partition(" ")
        suffix = ""
        m = re.fullmatch(r"([^<]*)<(\w+)>([^<]*)", mnemonic)
        if m:
            mnemonic = m[1] + (SUFFIX_MARK + m[3] if m[3] else "")
            suffix = self.use(m[2], "", line.span)
        pieces = self.pieces(rest.strip(), line.span)
        only = tuple(self.extra)
        if main:
            only = tuple(o for o in self.extra if not self.adopt(o))
        return Template(mnemonic, suffix, tuple(pieces), line.span, not main, tuple(when), only)

    def adopt(self, new: Operand) -> bool:
        """Makes a printed operand one of the instruction: the one of the body that
        has the same bits, or a new one where the body's do not say these bits."""
        said = 0
        for k, o in enumerate(self.operands):
            if o.bits == new.bits and not o.regclass and o.signed == new.signed \
                    and o.function == new.function and o.syntax.kind is SyntaxKind.INT \
                    and (o.width == new.width or not o.signed):
                self.operands[k] = replace(o, token=new.token, syntax=new.syntax, span=new.span)
                return True
            said |= _mask(o)
        if not _mask(new) & ~said:
            return False
        taken = {o.name for o in self.operands}
        name = new.name
        while name in taken:
            name += "_"
        self.operands.append(replace(new, name=name))
        return True

    def pieces(self, text: str, at: Span) -> list[Piece]:
        outer: list[Piece] = []
        group: list[Piece] | None = None
        defaults: list[tuple[str, int]] = []
        pos = 0
        while pos < len(text):
            m = _PIECE.match(text, pos)
            if not m:
                raise SpecError(at, f"'{text[pos:pos + 10]}' has no meaning in a template")
            into = outer if group is None else group
            if m["tok"]:
                token = self.use(m["tok"], m["names"] or "", at)
                if m["dflt"] is not None and group is None:
                    raise SpecError(at, f"<{m['tok']}={m['dflt']}> stands outside of braces")
                if m["dflt"] is not None:
                    defaults.append((token, integer(m["dflt"], at, MAX_VALUE)))
                into.append(Ref(token))
            elif m["open"]:
                if group is not None:
                    raise SpecError(at, "braces inside braces")
                group, defaults = [], []
            elif m["close"]:
                if not group or not defaults:
                    raise SpecError(at, "braces hold an operand with a value: {, #<tok=0>}")
                outer.append(Opt(tuple(group), tuple(defaults), False))
                group = None
            else:
                into.append(Lit(m["brace"] or m["lit"]))
            pos = m.end()
        if group is not None:
            raise SpecError(at, "'}' is missing")
        return outer

    def check_covered(self, at: Span) -> None:
        """The main spelling must say every bit, so that it can be assembled."""
        e = self.special.encoding
        said = 0
        for o in (*self.operands, *self.texts):
            if any(o.token == t for t in self.tokens):
                said |= _mask(o)
        missing = [f.name for f in e.fields if f.mask & ~said & ~e.mask]
        if missing:
            raise SpecError(at, f"{e.name}: the text does not say field {missing[0]}")

    def build(self, entry: Entry, number: int) -> Insn:
        main = self.template(entry.main, True)
        assert main is not None
        self.tokens = [p.token for p in _flat(main.pieces) if isinstance(p, Ref)] + [main.suffix]
        self.texts = main.operands
        self.check_covered(entry.main.span)
        aliases = [t for line in entry.aliases if (t := self.template(line, False))]
        s = self.special
        body = Body("", (s.encoding.span,), s.body)
        return Insn(number, s.encoding, tuple(self.operands), (*aliases, main), body,
                    entry.main.span)


def _mask(o: Operand) -> int:
    """The bits of the word that it takes."""
    return sum(((1 << b.width) - 1) << b.lo for b in set(o.bits) if not b.is_const)


def _flat(pieces: tuple[Piece, ...]):
    for p in pieces:
        if isinstance(p, Opt):
            yield from _flat(p.pieces)
        else:
            yield p


def _all_fields(s: Special):
    return tuple(Field(f.name, f.lo + f.width - 1, f.lo) for f in s.source.fields)


__all__ = ["Builder"]
