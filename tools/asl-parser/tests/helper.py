"""What several tests need. SPDX-License-Identifier: MIT"""
from __future__ import annotations

from pathlib import Path
from typing import Any

import aslparser

HERE = Path(__file__).parent
KINDS = {"body": aslparser.parse_body, "expr": aslparser.parse_expr,
         "file": aslparser.parse_source}


def read(folder: str) -> list[tuple[Path, str]]:
    """The inputs of a folder with their kind: NAME.KIND.asl."""
    found = sorted((HERE / folder).glob("*.asl"))
    assert found, folder
    return [(p, p.suffixes[-2][1:]) for p in found]


def errors(kind: str, text: str, **how: Any) -> list[str]:
    """The messages for a text, as 'line:col: message'."""
    try:
        KINDS[kind](text, "f", **how)
    except aslparser.AslErrors as e:
        return [f"{x.span.line}:{x.span.col}: {x.message}" for x in e.errors]
    return []


def full(e: aslparser.ast.Expr) -> str:
    """An expression with every parenthesis written."""
    ast = aslparser.ast
    if isinstance(e, ast.Binary):
        return f"({full(e.left)} {e.op} {full(e.right)})"
    if isinstance(e, ast.Unary):
        return f"({e.op} {full(e.operand)})"
    if isinstance(e, ast.IfExpr):
        arms = " ".join(f"{full(a.cond)} ? {full(a.value)}" for a in e.arms)
        return f"({arms} : {full(e.otherwise)})"
    return aslparser.dump(e)
