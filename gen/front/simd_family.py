# SPDX-License-Identifier: MIT
"""Families of vector instructions: spec/x86/*.xml in the guide's schema.

    <intrinsic family="adds_epi8" class="4">
        <return etype="SI8" varname="dst"/>
        <operation>FOR j := 0 TO KL-1 : dst.int8[j] := ...</operation>
        <instruction name="VPADDSB" form="dst, a, b"/>
        <instruction name="PADDSB" form="dst=a, b"/>
    </intrinsic>

etype      of the lanes that masks select; KL is their number. Of a result that has
           no lanes (a mask, flags), a <parameter> says it
form       what the operation calls the operands, in order; dst=a: one that is both;
           a@m: only where it is memory, @r a general register, @v a vector, @i a number,
           @rm ...; @r32: only one of 32 bits
with       what words of the operation mean for this instruction: T=fp32 OP=+ F=MIN
           are an element type (also as etype), the operator OP, a function
class      exception class (x86_simd.CLASSES)
tech       SSE_ALL, AVX_ALL or AVX-512: only encodings of that kind
masking    "own": the operation reads and clears the mask itself
Widths, masks, broadcast and rounding are those of the opcode tables' encodings.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path

from aslparser import AslErrors

from gen.front import intel_nodes as n
from gen.front.intel_eval import ELEMS, elem_of
from gen.front.intel_parser import parse
from gen.front.intel_values import Elem
from gen.front.intel_xml import Form, Intrinsic, read_guide
from gen.model.encoding import Span
from gen.support.errors import Errors, SpecError

_NAMES = re.compile(r"([a-z]\w*(?:=[a-z]\w*)*)(?:@([mrvi]{1,4}(?:32|64)?))?$")
_OPERATORS = {"+", "-", "*", "/", "&", "|", "^", "==", ">", "<<", ">>"}


@dataclass(frozen=True, slots=True)
class FormDecl:
    """A line <instruction>; names: of each operand; kinds: what it may be."""

    mnemonic: str
    names: tuple[tuple[str, ...], ...]
    kinds: tuple[str, ...]
    tech: str
    span: Span


@dataclass(frozen=True, slots=True)
class Family:
    name: str
    cls: str
    elem: Elem
    own_mask: bool
    scalar: bool  # one lane
    body: tuple[n.Stmt, ...]
    forms: tuple[FormDecl, ...]
    span: Span


def _span(at) -> Span:
    return Span(at.file, at.line, at.col)


def _words(f: Form) -> dict[str, str]:
    """with="T=fp32 OP=+" """
    out: dict[str, str] = {}
    for pair in f.words.split():
        name, _, value = pair.partition("=")
        good = value in _OPERATORS if name == "OP" else value.isidentifier()
        if not name.isidentifier() or not good or name in out:
            raise SpecError(_span(f.span), f"{f.name}: with: expected WORD=MEANING, found "
                                           f"'{pair[:30]}'")
        out[name] = value
    return out


def meant(node, words: dict[str, str]):
    """A tree in which words have their meaning."""
    if isinstance(node, tuple):
        return tuple(meant(x, words) for x in node)
    if not is_dataclass(node):
        return node
    changes = {f.name: meant(getattr(node, f.name), words) for f in fields(node) if f.compare}
    match node:
        case n.Member(name=name) | n.Call(name=name):
            changes["name"] = words.get(name, name)
        case n.Binary(op="OP"):
            changes["op"] = words.get("OP", "OP")
    return replace(node, **changes)


def _form(f: Form) -> FormDecl:
    names, kinds = [], []
    for word in f.form.split(","):
        m = _NAMES.match(word.strip())
        if not m:
            raise SpecError(_span(f.span), f"{f.name}: form: expected names of operands, found "
                                           f"'{word.strip()[:30]}'")
        names.append(tuple(m[1].split("=")))
        kinds.append(m[2] or "mrvi")
    flat = [x for group in names for x in group]
    if len(set(flat)) != len(flat):
        raise SpecError(_span(f.span), f"{f.name}: form: a name is there twice")
    return FormDecl(f.name, tuple(names), tuple(kinds), f.tech, _span(f.span))


def _loops(body: tuple[n.Stmt, ...]) -> bool:
    return any(isinstance(s, n.For) for s in body)


def _elem(e: Intrinsic, words: dict[str, str]) -> Elem:
    """What a lane is."""
    for etype in (e.result.etype, *(p.etype for p in e.params)):
        elem = ELEMS.get(words[etype]) if etype in words else elem_of(etype)
        if elem is not None:
            return elem
    raise SpecError(_span(e.span), f"{e.name}: an etype (SI8, FP32 ...) must say what a lane is")


def _families(e: Intrinsic, classes: frozenset[str], errors: Errors) -> list[Family]:
    """One for each meaning of the words."""
    at = _span(e.span)
    cls = e.attrs.get("class", "")
    if cls not in classes:
        raise SpecError(at, f"{e.name}: class=\"{cls}\" is none of {', '.join(sorted(classes))}")
    masking = e.attrs.get("masking", "")
    if masking not in ("", "own"):
        raise SpecError(at, f"{e.name}: masking is \"own\" or is not there")
    if len(e.operations) != 1:
        raise SpecError(at, f"{e.name}: expected one <operation>, found {len(e.operations)}")
    op = e.operations[0]
    try:
        body = parse(op.text, op.span.file, place=op.place)
    except AslErrors as x:
        for err in x.errors:
            errors.add(_span(err.span), err.message)
        body = ()
    if not e.forms:
        raise SpecError(at, f"{e.name}: no <instruction> has this meaning")
    groups: dict[tuple[tuple[str, str], ...], list[FormDecl]] = {}
    for f in e.forms:
        groups.setdefault(tuple(_words(f).items()), []).append(_form(f))
    return [Family(" ".join((e.name, *(f"{k}={v}" for k, v in words))), cls, _elem(e, dict(words)),
                   masking == "own", not _loops(body), meant(body, dict(words)), tuple(forms), at)
            for words, forms in groups.items()]


def read_families(path: Path, shown: str, classes: frozenset[str],
                  errors: Errors) -> list[Family]:
    """All families of a file; what is wrong goes to errors."""
    try:
        data = path.read_bytes()
    except OSError as e:
        errors.add(Span(shown, 1), f"cannot read: {e.strerror}")
        return []
    out: list[Family] = []
    try:
        entries = read_guide(data, shown, errors, strict=True)
    except SpecError as e:
        errors.add(_span(e.span), e.message)
        return []
    for e in entries:
        try:
            out += _families(e, classes, errors)
        except SpecError as x:
            errors.take(x)
    return out
