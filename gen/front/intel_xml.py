# SPDX-License-Identifier: MIT
"""Reads XML in the schema of Intel's intrinsics guide, with places.

The official flat file and the project's own family files have this form. What
is refused: XML that is not well formed, document type declarations (they can
define entities that grow without bound), elements and attributes that the
schema does not have (own files only), missing names.
"""
from __future__ import annotations

import bisect
import codecs
import lzma
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator
from xml.parsers import expat

from aslparser.plytools import places
from aslparser.span import Span

from gen.support.errors import Errors, SpecError

from .intel_lexer import Place

MAX_BYTES = 256 << 20
MAX_DEPTH = 16
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_MARKUP = re.compile(r"&(?P<entity>#x[0-9A-Fa-f]+|#[0-9]+|[a-z]+);|<!--.*?-->|<\?.*?\?>"
                     r"|<!\[CDATA\[(?P<cdata>.*?)\]\]>", re.S)
_XZ = b"\xfd7zXZ\0"
_ENCODING = re.compile(rb"<\?xml[^>]{1,60}?encoding=[\"']([\w.-]{1,30})[\"']")


@dataclass(frozen=True, slots=True)
class Node:
    """An element; text is its own, with the place of each character of it."""

    tag: str
    attrs: dict[str, str]
    nodes: tuple["Node", ...]
    text: str
    place: Place
    span: Span

    def all(self, tag: str) -> Iterator["Node"]:
        return (x for x in self.nodes if x.tag == tag)

    def get(self, name: str, default: str = "") -> str:
        return self.attrs.get(name, default)


def read_bytes(path: Path) -> bytes:
    """The file, unpacked if it is xz. SpecError: it cannot be read."""
    where = Span(str(path), 1, 1, 1, 1)
    try:
        with open(path, "rb") as f:
            packed = f.peek(len(_XZ)).startswith(_XZ)
            data = (lzma.open(f) if packed else f).read(MAX_BYTES + 1)
    except OSError as e:
        raise SpecError(where, f"cannot read: {e.strerror or e}") from None
    except (lzma.LZMAError, EOFError) as e:
        raise SpecError(where, f"not a whole xz file: {e}") from None
    if len(data) > MAX_BYTES:
        raise SpecError(where, f"larger than {MAX_BYTES >> 20} MB")
    return data


def _meaning(m: re.Match[str]) -> tuple[str, int]:
    """The text that markup stands for, and where in it the text itself is (0: it is
    an entity, or stands for nothing)."""
    if m["cdata"] is not None:
        return m["cdata"], m.start("cdata")
    e = m["entity"]
    if e is None:
        return "", 0
    return _ENTITIES.get(e) or chr(int(e[2:], 16) if e[1:2] == "x" else int(e[1:])), 0


def _content(raw: str, start: int, base: Place) -> tuple[str, Place]:
    """Characters of an element's content and their places in the file."""
    out: list[str] = []
    at: list[int] = []  # where a stretch begins in the result, and in raw
    raw_at: list[int] = []
    fixed: list[bool] = []  # all of it is at one place
    n = pos = 0

    def add(text: str, where: int, one: bool) -> None:
        nonlocal n
        out.append(text)
        at.append(n)
        raw_at.append(where)
        fixed.append(one)
        n += len(text)

    for m in _MARKUP.finditer(raw):
        add(raw[pos:m.start()], pos, False)
        text, inside = _meaning(m)
        add(text, inside or m.start(), not inside)
        pos = m.end()
    add(raw[pos:], pos, False)

    def place(k: int) -> tuple[int, int]:
        i = bisect.bisect_right(at, k) - 1
        return base(start + raw_at[i] + (0 if fixed[i] else k - at[i]))
    return "".join(out), place


def _unicode(data: bytes, file: str) -> bytes:
    """The document in UTF-8, whatever it is written in."""
    declared = _ENCODING.match(data.removeprefix(codecs.BOM_UTF8))
    name = "utf-16" if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else \
        declared[1].decode() if declared else "utf-8"
    try:
        if codecs.lookup(name).name != "utf-8":
            return data.decode(name).encode()
    except (LookupError, UnicodeError):
        raise SpecError(Span(file, 1, 1, 1, 1), f"the text is not written in {name}") from None
    return data


class _Reader:
    """Builds the tree from expat's events."""

    def __init__(self, data: bytes, file: str) -> None:
        self.file = file
        data = _unicode(data, file)
        self.raw = data
        self.text = data.decode("utf-8", "replace")
        self.ascii = data.isascii()
        self.base = places(self.text, 1, 1)
        self.stack: list[tuple[str, dict[str, str], Span, list[Node], int]] = []
        self.root: Node | None = None
        self.last = 0, 0  # an offset of the bytes, and of the text
        self.parser = expat.ParserCreate("UTF-8", None)
        p = self.parser
        p.StartElementHandler, p.EndElementHandler = self.start, self.end
        p.StartDoctypeDeclHandler = self.doctype

    def offset(self) -> int:
        k = self.parser.CurrentByteIndex
        if self.ascii:
            return k
        before, n = self.last
        self.last = k, n + len(self.raw[before:k].decode("utf-8", "replace"))
        return self.last[1]

    def span(self) -> Span:
        line, col = self.base(self.offset())
        return Span(self.file, line, col, line, col)

    def doctype(self, *_: object) -> None:
        raise SpecError(self.span(), "a document type is not allowed here; entities are not "
                                     "needed in this format")

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise SpecError(self.span(), f"elements are nested more than {MAX_DEPTH} deep")
        k = self.offset()
        quote = ""
        end = k
        while end < len(self.text):  # the tag's '>' outside of quoted values
            ch = self.text[end]
            if quote:
                quote = "" if ch == quote else quote
            elif ch in "\"'":
                quote = ch
            elif ch == ">":
                break
            end += 1
        self.stack.append((tag, attrs, self.span(), [], end + 1))

    def end(self, tag: str) -> None:
        name, attrs, span, nodes, start = self.stack.pop()
        stop = max(start, self.offset())
        text, place = ("", places("", span.line, span.col)) if nodes else \
            _content(self.text[start:stop], start, self.base)
        node = Node(name, attrs, tuple(nodes), text, place, span)
        if self.stack:
            self.stack[-1][3].append(node)
        else:
            self.root = node

    def run(self) -> Node:
        try:
            self.parser.Parse(self.raw, True)
        except expat.ExpatError as e:
            span = Span(self.file, e.lineno, e.offset + 1, e.lineno, e.offset + 1)
            raise SpecError(span, f"bad XML: {expat.ErrorString(e.code)}") from None
        assert self.root is not None  # expat refuses an empty document
        return self.root


def read_tree(data: bytes, file: str) -> Node:
    """The root of a document. SpecError: it is not well formed or not allowed."""
    return _Reader(data, file).run()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter or the result: its name and the type of its elements."""

    name: str
    type: str  # of C
    etype: str  # FP32, UI8, SI16, MASK, IMM, M128 ..., "" if none
    memwidth: int
    immwidth: int


@dataclass(frozen=True, slots=True)
class Form:
    """An instruction that an entry names."""

    name: str
    form: str
    xed: str
    tech: str
    words: str  # what words of the operation stand for, of own files: "T=fp32 OP=+"
    span: Span


@dataclass(frozen=True, slots=True)
class Intrinsic:
    name: str
    tech: str
    result: Parameter
    params: tuple[Parameter, ...]
    operations: tuple[Node, ...]
    forms: tuple[Form, ...]
    cpuid: tuple[str, ...]
    attrs: dict[str, str]
    span: Span


_ATTRS = {
    "intrinsics_list": {"version", "date"},
    "intrinsic": {"name", "tech", "family", "class", "masking", "vexEq", "sequence"},
    "return": {"etype", "type", "varname", "hint"},
    "parameter": {"etype", "type", "varname", "memwidth", "immwidth", "immtype", "hint"},
    "operation": set(), "description": set(), "CPUID": set(), "header": set(),
    "category": set(), "type": set(),
    "instruction": {"name", "form", "xed", "tech", "with"},
}


def _strict(node: Node, errors: Errors) -> None:
    """Nothing but what the schema has."""
    known = _ATTRS.get(node.tag)
    if known is None:
        errors.add(node.span, f"there is no element <{node.tag}> (known: "
                              f"{', '.join(sorted(_ATTRS))})")
        return
    for name in node.attrs.keys() - known:
        errors.add(node.span, f"<{node.tag}> has no attribute '{name}'")
    for child in node.nodes:
        _strict(child, errors)


def _number(node: Node, name: str, errors: Errors) -> int:
    text = node.get(name, "0")
    if not text.isdigit():
        errors.add(node.span, f"{name} is a number, not '{text}'")
        return 0
    return int(text)


def _parameter(node: Node, errors: Errors) -> Parameter:
    return Parameter(node.get("varname"), node.get("type"), node.get("etype"),
                     _number(node, "memwidth", errors), _number(node, "immwidth", errors))


def read_guide(data: bytes, file: str, errors: Errors, strict: bool) -> list[Intrinsic]:
    """All entries. strict: what the schema does not have is an error."""
    tree = read_tree(data, file)
    if tree.tag != "intrinsics_list":
        raise SpecError(tree.span, f"expected <intrinsics_list>, found <{tree.tag}>")
    if strict:
        _strict(tree, errors)
    out: list[Intrinsic] = []
    names: dict[str, Span] = {}
    void = Parameter("", "void", "", 0, 0)
    for node in tree.all("intrinsic"):
        name = node.get("name") or node.get("family")
        if not name:
            errors.add(node.span, "an <intrinsic> needs a name or a family")
            continue
        if strict and name in names:
            errors.add(node.span, f"'{name}' is there twice", (names[name], "first here"))
        names.setdefault(name, node.span)
        results = [_parameter(r, errors) for r in node.all("return")]
        out.append(Intrinsic(
            name, node.get("tech"), results[0] if results else void,
            tuple(_parameter(p, errors) for p in node.all("parameter")),
            tuple(node.all("operation")),
            tuple(Form(f.get("name").upper(), f.get("form"), f.get("xed"), f.get("tech"),
                       f.get("with"), f.span)
                  for f in node.all("instruction")),
            tuple(c.text.strip() for c in node.all("CPUID")), node.attrs, node.span))
    return out
