"""The syntax tree: frozen, slotted dataclasses. SPDX-License-Identifier: MIT

Every node begins with its ``span``, which takes no part in comparison: two
trees are equal when they say the same, wherever they stand.  Parentheses are
not kept; the printer puts them where the tree needs them.
"""
from __future__ import annotations

from dataclasses import fields
from typing import Iterator

from .nodes_expr import (
    ArrayType, Binary, BitRange, BitWidth, BitsLit, BitsType, BoolLit, Call,
    Concat, Expr, Field, Fields, Hole, IfArm, IfExpr, ImplDefExpr, Index,
    IntLit, MaskLit, Name, NamedType, Node, Range, RealLit, RegField,
    RegisterType, SetExpr, Slice, SlicePart, StrLit, Tuple, TupleType, Type,
    TypeOf, Unary, Undefined, Unknown)
from .nodes_stmt import (
    Arm, Assert, Assign, CallStmt, Case, Decl, EncField, Encoding, EnumDecl,
    For, FuncDecl, GetterDecl, GlobalDecl, If, ImplDefStmt, Instruction, Lane,
    Param, Pass, RecordDecl, Repeat, Return, See, SetterDecl, SourceFile, Stmt,
    Throw, Try, TypeDecl, UndefinedStmt, Unpredictable, UnpredictableUnless,
    VarDecl, When, While)

__all__ = [
    "Arm", "ArrayType", "Assert", "Assign", "Binary", "BitRange", "BitWidth",
    "BitsLit", "BitsType", "BoolLit", "Call", "CallStmt", "Case", "Concat",
    "Decl", "EncField", "Encoding", "EnumDecl", "Expr", "Field", "Fields",
    "For", "FuncDecl", "GetterDecl", "GlobalDecl", "Hole", "If", "IfArm",
    "IfExpr", "ImplDefExpr", "ImplDefStmt", "Index", "Instruction", "IntLit",
    "Lane", "MaskLit", "Name", "NamedType", "Node", "Param", "Pass", "Range",
    "RealLit", "RecordDecl", "RegField", "RegisterType", "Repeat", "Return",
    "See", "SetExpr", "SetterDecl", "Slice", "SlicePart", "SourceFile", "Stmt",
    "StrLit", "Throw", "Try", "Tuple", "TupleType", "Type", "TypeDecl",
    "TypeOf", "Unary", "Undefined", "UndefinedStmt", "Unknown",
    "Unpredictable", "UnpredictableUnless", "VarDecl", "When", "While", "walk"]


def walk(x: object) -> Iterator[Node]:
    """A node, or all of a tuple, and what is in them, outermost first."""
    if isinstance(x, Node):
        yield x
        for f in fields(x):
            yield from walk(getattr(x, f.name))
    elif isinstance(x, tuple):
        for y in x:
            yield from walk(y)
