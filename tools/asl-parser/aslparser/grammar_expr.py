"""Grammar of expressions and types. SPDX-License-Identifier: MIT

PLY grammar functions: the docstring is the production. ``p.lexer`` is the
``parser.Stream`` of the run, which builds nodes and takes errors.

Precedence, loosest first. Where the Arm manuals ask for parentheses, so does
this grammar, rather than guess:

    if .. then .. else         everything behind the else; no operand
    && ||                      left; not mixed with each other
    == != < <= > >= IN         not chained
    + -  AND  OR  EOR  :       left; + and - mix, the others with nothing
    * / DIV MOD REM << >>      left
    ^                          not chained; a prefixed left side in brackets
    - ! NOT                    prefix
    call, index, slice, field  postfix
"""
from __future__ import annotations

from . import ast

precedence = (
    ("left", "LOGOP"),
    ("left", "CMP", "IN"),
    ("left", "ADD", "MINUS", "COLON"),
    ("left", "MUL"),
    ("right", "POW"),
    ("right", "NOT"),
)

# ---- lists -----------------------------------------------------------------


def p_exprs(p):
    """exprs : exprs COMMA expr"""
    p[1].append(p[3])
    p[0] = p[1]


def p_exprs_first(p):
    """exprs : expr"""
    p[0] = [p[1]]


def p_args(p):
    """args : exprs
            | """
    p[0] = p[1] if len(p) == 2 else []


def p_names(p):
    """names : names COMMA IDENT"""
    p[1].append(p[3])
    p[0] = p[1]


def p_names_first(p):
    """names : IDENT"""
    p[0] = [p[1]]


# ---- expressions -----------------------------------------------------------


def p_expr(p):
    """expr : oexpr"""
    p[0] = p[1]


def p_expr_if(p):
    """expr : IF ifarms ELSE expr"""
    p[0] = p.lexer.make(ast.IfExpr, (p[1], p[4]), tuple(p[2]), p[4],
                        parts=p[2] + [p[4]])


def p_ifarms_more(p):
    """ifarms : ifarms ELSIF ifarm"""
    p[1].append(p[3])
    p[0] = p[1]


def p_ifarms_first(p):
    """ifarms : ifarm"""
    p[0] = [p[1]]


def p_ifarm(p):
    """ifarm : expr THEN expr"""
    p[0] = p.lexer.make(ast.IfArm, (p[1], p[3]), p[1], p[3])


def p_binary(p):
    """oexpr : oexpr LOGOP oexpr
             | oexpr CMP oexpr
             | oexpr IN oexpr
             | oexpr ADD oexpr
             | oexpr MINUS oexpr
             | oexpr COLON oexpr
             | oexpr MUL oexpr
             | oexpr POW oexpr"""
    p[0] = p.lexer.binary(p[1], p[2], p[3])


def p_unary(p):
    """oexpr : NOT oexpr
             | MINUS oexpr %prec NOT"""
    p[0] = p.lexer.make(ast.Unary, (p[1], p[2]), p[1].text, p[2])


def p_oexpr(p):
    """oexpr : postfix"""
    p[0] = p[1]


def p_int(p):
    """oexpr : int"""
    p[0] = p[1]


def p_int_token(p):
    """int : INT"""
    text = p[1].text.replace("_", "").lower()
    p[0] = ast.IntLit(p[1].span, int(text, 16 if text[:2] == "0x" else 10),
                      text[:2] == "0x")


def p_lit(p):
    """oexpr : lit"""
    p[0] = p[1]


def p_lit_token(p):
    """lit : LIT"""
    text = p[1].text
    if text in ("TRUE", "FALSE"):
        p[0] = ast.BoolLit(p[1].span, text == "TRUE")
    else:
        p[0] = ast.RealLit(p[1].span, text)


def p_bitslit(p):
    """lit : BITSLIT"""
    bits = p[1].text[1:-1].replace(" ", "")
    p[0] = (ast.MaskLit if "x" in bits else ast.BitsLit)(p[1].span, bits)


def p_string(p):
    """lit : STRING"""
    p[0] = ast.StrLit(p[1].span, p[1].text[1:-1])


def p_set(p):
    """oexpr : set"""
    p[0] = p[1]


def p_set_items(p):
    """set : LBRACE setitems RBRACE"""
    p[0] = p.lexer.make(ast.SetExpr, (p[1], p[3]), tuple(p[2]), parts=p[2])


def p_setitems(p):
    """setitems : setitems COMMA setitem"""
    p[1].append(p[3])
    p[0] = p[1]


def p_setitems_first(p):
    """setitems : setitem"""
    p[0] = [p[1]]


def p_setitem(p):
    """setitem : expr
               | range"""
    p[0] = p[1]


def p_range(p):
    """range : expr DOTDOT expr"""
    p[0] = p.lexer.make(ast.Range, (p[1], p[3]), p[1], p[3])


def p_unknown(p):
    """oexpr : type UNKNOWN"""
    p[0] = p.lexer.make(ast.Unknown, (p[1], p[2]), p[1])


def p_unknown_bare(p):
    """oexpr : UNKNOWN"""
    p.lexer.extension(p[1], "UNKNOWN without a type")
    p[0] = ast.Unknown(p[1].span, None)


def p_undefined(p):
    """oexpr : UNDEFINED"""
    p.lexer.extension(p[1], "UNDEFINED as a value")
    p[0] = ast.Undefined(p[1].span)


def p_impdef(p):
    """oexpr : type IMPLEMENTATION_DEFINED
             | type IMPLEMENTATION_DEFINED STRING"""
    text = p[3].text[1:-1] if len(p) == 4 else None
    p[0] = p.lexer.make(ast.ImplDefExpr, (p[1], p[len(p) - 1]), p[1], text)


# ---- names and what stands behind them -------------------------------------


def p_name(p):
    """postfix : IDENT"""
    p[0] = ast.Name(p[1].span, p[1].text)


def p_call(p):
    """postfix : postfix LPAREN args RPAREN"""
    name = p.lexer.dotted(p[1])
    p[0] = p.lexer.make(ast.Call, (p[1], p[4]), name, tuple(p[3]),
                        parts=p[3])


def p_index(p):
    """postfix : postfix LBRACK args RBRACK"""
    p[0] = p.lexer.make(ast.Index, (p[1], p[4]), p[1], tuple(p[3]),
                        parts=[p[1]] + p[3])


def p_slice(p):
    """postfix : postfix SLT slices SGT"""
    p[0] = p.lexer.make(ast.Slice, (p[1], p[4]), p[1], tuple(p[3]),
                        parts=[p[1]] + p[3])


def p_slices(p):
    """slices : slices COMMA slice"""
    p[1].append(p[3])
    p[0] = p[1]


def p_slices_first(p):
    """slices : slice"""
    p[0] = [p[1]]


def p_slice_bit(p):
    """slice : expr"""
    p[0] = p[1]


def p_slice_range(p):
    """slice : expr BITCOLON expr"""
    p[0] = p.lexer.make(ast.BitRange, (p[1], p[3]), p[1], p[3])


def p_slice_width(p):
    """slice : expr PLUSCOLON expr"""
    p[0] = p.lexer.make(ast.BitWidth, (p[1], p[3]), p[1], p[3])


def p_field(p):
    """postfix : postfix DOT IDENT"""
    p[0] = p.lexer.make(ast.Field, (p[1], p[3]), p[1], p[3].text)


def p_fields(p):
    """postfix : postfix DOTLT names SGT"""
    p[0] = p.lexer.make(ast.Fields, (p[1], p[4]), p[1],
                        tuple(n.text for n in p[3]))


def p_concat(p):
    """postfix : LBRACK items RBRACK"""
    p[0] = p.lexer.group(ast.Concat, p[1], p[2], p[3])


def p_parens(p):
    """postfix : LPAREN items RPAREN"""
    if len(p[2]) == 1:
        p[0] = p.lexer.parens(p[1], p[2][0], p[3])
    else:
        p[0] = p.lexer.group(ast.Tuple, p[1], p[2], p[3])


def p_items(p):
    """items : items COMMA item"""
    p[1].append(p[3])
    p[0] = p[1]


def p_items_first(p):
    """items : item"""
    p[0] = [p[1]]


def p_item(p):
    """item : expr"""
    p[0] = p[1]


def p_item_hole(p):
    """item : MINUS"""
    p[0] = p.lexer.hole(p[1])


# ---- types -----------------------------------------------------------------


def p_type_named(p):
    """type : IDENT"""
    p[0] = ast.NamedType(p[1].span, p[1].text)


def p_type_bits(p):
    """type : BITS LPAREN expr RPAREN"""
    p[0] = p.lexer.make(ast.BitsType, (p[1], p[4]), p[3])


def p_type_of(p):
    """type : TYPEOF LPAREN expr RPAREN"""
    p[0] = p.lexer.make(ast.TypeOf, (p[1], p[4]), p[3])


def p_type_array(p):
    """type : ARRAY LBRACK index RBRACK OF type"""
    p[0] = p.lexer.make(ast.ArrayType, (p[1], p[6]), p[3], p[6])


def p_index_type(p):
    """index : range"""
    p[0] = p[1]


def p_index_type_name(p):
    """index : IDENT"""
    p[0] = ast.Name(p[1].span, p[1].text)


def p_type_register(p):
    """type : REGISTER INT LBRACE regfields RBRACE"""
    p[0] = p.lexer.register(p[1], p[2], p[4], p[5])


def p_regfields(p):
    """regfields : regfields COMMA regfield"""
    p[1].append(p[3])
    p[0] = p[1]


def p_regfields_first(p):
    """regfields : regfield"""
    p[0] = [p[1]]


def p_regfield(p):
    """regfield : INT COLON INT IDENT
                | INT IDENT"""
    hi, lo = p[1], p[len(p) - 2]
    p[0] = ast.RegField(p[1].span.to(p[len(p) - 1].span), p.lexer.small(hi),
                        p.lexer.small(lo), p[len(p) - 1].text)
