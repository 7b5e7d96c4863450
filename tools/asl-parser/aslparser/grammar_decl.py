"""Grammar of declarations and instruction files. SPDX-License-Identifier: MIT"""
from __future__ import annotations

from . import ast

AFTER = {
    "p_typedecl": "type declaration",
    "p_enumdecl": "enumeration",
    "p_globaldecl": "declaration",
    "p_globalarray": "declaration",
    "p_nobody": "declaration",
}


# ---- what a text may be ----------------------------------------------------


def p_start_body(p):
    """start : START_BODY stmts
             | START_BODY"""
    p[0] = tuple(p[2]) if len(p) == 3 else ()


def p_start_expr(p):
    """start : START_EXPR expr"""
    p[0] = p[2]


def p_start_file(p):
    """start : START_FILE toplevels
             | START_FILE"""
    p[0] = p[2] if len(p) == 3 else []


def p_toplevel(p):
    """toplevels : toplevels toplevel"""
    if p[2] is not None:
        p[1].append(p[2])
    p[0] = p[1]


def p_toplevel_first(p):
    """toplevels : toplevel"""
    p[0] = [] if p[1] is None else [p[1]]


def p_toplevel_item(p):
    """toplevel : decl
                | instruction"""
    p.lexer.forget()
    p[0] = p[1]


def p_toplevel_bad(p):
    """toplevel : error RECOVERED"""
    p[0] = None


# ---- declarations ----------------------------------------------------------


def p_typedecl(p):
    """decl : TYPE IDENT EQ type SEMI
            | TYPE IDENT SEMI"""
    p[0] = p.lexer.make(ast.TypeDecl, (p[1], p[len(p) - 1]), p[2].text,
                        p[4] if len(p) == 6 else None)


def p_typedecl_builtin(p):
    """decl : BUILTIN TYPE IDENT SEMI"""
    p[0] = p.lexer.make(ast.TypeDecl, (p[1], p[4]), p[3].text, None, True)


def p_recorddecl(p):
    """decl : TYPE IDENT IS LPAREN params RPAREN EOL
            | TYPE IDENT IS LPAREN params RPAREN SEMI"""
    p.lexer.unique(p[5], "field")
    p[0] = p.lexer.make(ast.RecordDecl, (p[1], p[7]), p[2].text, tuple(p[5]))


def p_enumdecl(p):
    """decl : ENUMERATION IDENT LBRACE names RBRACE SEMI"""
    p[0] = p.lexer.make(ast.EnumDecl, (p[1], p[6]), p[2].text,
                        tuple(n.text for n in p[4]))


def p_globaldecl(p):
    """decl : result IDENT SEMI
            | result IDENT EQ expr SEMI
            | CONSTANT type IDENT EQ expr SEMI"""
    n = len(p)
    const = n == 7
    if isinstance(p[1], ast.TupleType):
        p.lexer.complain(p[1], "a variable has one type; tuples are results "
                         "of functions")
    p[0] = p.lexer.make(ast.GlobalDecl, (p[1], p[n - 1]), p[1 + const],
                        p[2 + const].text, p[n - 2] if n > 4 else None, const)


def p_globalarray(p):
    """decl : ARRAY type IDENT LBRACK index RBRACK SEMI"""
    kind = ast.ArrayType(p[1].span.to(p[6].span), p[5], p[2])
    p[0] = p.lexer.make(ast.GlobalDecl, (p[1], p[7]), kind, p[3].text)


def p_func(p):
    """decl : result IDENT LPAREN params RPAREN body"""
    p[0] = p.lexer.routine(ast.FuncDecl, p[1], p[6], p[2].text, p[1],
                           tuple(p[4]))


def p_proc(p):
    """decl : IDENT LPAREN params RPAREN body"""
    p[0] = p.lexer.routine(ast.FuncDecl, p[1], p[5], p[1].text, None,
                           tuple(p[3]))


def p_func_builtin(p):
    """decl : BUILTIN result IDENT LPAREN params RPAREN SEMI
            | BUILTIN IDENT LPAREN params RPAREN SEMI"""
    n = len(p)
    p[0] = p.lexer.make(ast.FuncDecl, (p[1], p[n - 1]), p[n - 5].text,
                        p[2] if n == 8 else None, tuple(p[n - 3]), None, True)


def p_getter(p):
    """decl : result IDENT LBRACK params RBRACK body"""
    p[0] = p.lexer.routine(ast.GetterDecl, p[1], p[6], p[2].text, p[1],
                           tuple(p[4]))


def p_getter_plain(p):
    """decl : result IDENT block"""
    body = p.lexer.last(p[2], p[3]), p[3]
    p[0] = p.lexer.routine(ast.GetterDecl, p[1], body, p[2].text, p[1], None)


def p_setter(p):
    """decl : IDENT LBRACK params RBRACK EQ param body"""
    p[0] = p.lexer.routine(ast.SetterDecl, p[1], p[7], p[1].text,
                           tuple(p[3]), p[6])


def p_setter_plain(p):
    """decl : IDENT EQ param body"""
    p[0] = p.lexer.routine(ast.SetterDecl, p[1], p[4], p[1].text, None, p[3])


def p_result(p):
    """result : type"""
    p[0] = p[1]


def p_result_tuple(p):
    """result : LPAREN types RPAREN"""
    if len(p[2]) == 1:
        p[0] = p[2][0]
    else:
        p[0] = p.lexer.make(ast.TupleType, (p[1], p[3]), tuple(p[2]),
                            parts=p[2])


def p_types(p):
    """types : types COMMA type"""
    p[1].append(p[3])
    p[0] = p[1]


def p_types_first(p):
    """types : type"""
    p[0] = [p[1]]


def p_params(p):
    """params : paramlist
              | """
    p[0] = p[1] if len(p) == 2 else []


def p_paramlist(p):
    """paramlist : paramlist COMMA param"""
    p[1].append(p[3])
    p[0] = p[1]


def p_paramlist_first(p):
    """paramlist : param"""
    p[0] = [p[1]]


def p_param(p):
    """param : type IDENT
             | type AMP IDENT"""
    name = p[len(p) - 1]
    p[0] = p.lexer.make(ast.Param, (p[1], name), p[1], name.text,
                        len(p) == 4)


def p_body(p):
    """body : block"""
    p[0] = p.lexer.last(None, p[1]), p[1]


def p_nobody(p):
    """body : SEMI"""
    p[0] = p[1], None


# ---- instructions ----------------------------------------------------------


def p_instruction(p):
    """instruction : INSTRUCTION IDENT INDENT parts DEDENT"""
    p[0] = p.lexer.instruction(p[1], p[2], p[4])


def p_parts(p):
    """parts : parts part"""
    p[1].append(p[2])
    p[0] = p[1]


def p_parts_first(p):
    """parts : part"""
    p[0] = [p[1]]


def p_part_bad(p):
    """part : error RECOVERED"""
    p[0] = None


def p_part_encoding(p):
    """part : ENCODING IDENT INDENT lines DEDENT"""
    p[0] = p[1], p.lexer.encoding(p[1], p[2], p[4])


def p_part_body(p):
    """part : POSTDECODE block
            | EXECUTE block
            | EXECUTE CONDITIONAL block"""
    p[0] = p[1], (p[len(p) - 1], len(p) == 4)


def p_part_empty(p):
    """part : POSTDECODE
            | EXECUTE
            | EXECUTE CONDITIONAL"""
    p[0] = p[1], ((), len(p) == 3)


def p_lines(p):
    """lines : lines line"""
    p[1].append(p[2])
    p[0] = p[1]


def p_lines_first(p):
    """lines : line"""
    p[0] = [p[1]]


def p_line_bad(p):
    """line : error RECOVERED"""
    p[0] = None


def p_line_set(p):
    """line : INSTRUCTION_SET IDENT EOL"""
    p[0] = p[1], p[2].text


def p_line_field(p):
    """line : FIELD IDENT INT PLUSCOLON INT EOL"""
    lo, width = p.lexer.small(p[3]), p.lexer.small(p[5])
    p[0] = p[1], ast.EncField(p[1].span.to(p[5].span), p[2].text, lo, width)


def p_line_opcode(p):
    """line : OPCODE BITSLIT EOL"""
    p[0] = p[1], (p[2], p[2].text[1:-1].replace(" ", ""))


def p_line_layout(p):
    """line : LAYOUT IDENT bitparts EOL"""
    p[0] = p[1], p.lexer.layout(p[1], p[2], p[3])


def p_bitparts(p):
    """bitparts : bitparts bitpart"""
    p[1].append(p[2])
    p[0] = p[1]


def p_bitparts_first(p):
    """bitparts : bitpart"""
    p[0] = [p[1]]


def p_bitpart(p):
    """bitpart : BITSLIT
               | IDENT COLON INT
               | IDENT COLON INT EQ BITSLIT"""
    n = len(p)
    p[0] = (None, None, p[1]) if n == 2 else (p[1], p[3], p[5] if n == 6 else None)


def p_line_guard(p):
    """line : GUARD expr EOL"""
    p[0] = p[1], p[2]


def p_line_unless(p):
    """line : UNPREDICTABLE_UNLESS INT CMP BITSLIT EOL"""
    p[0] = p[1], p.lexer.unless(p[1], p[2], p[3], p[4])


def p_line_decode(p):
    """line : DECODE
            | DECODE block"""
    p[0] = p[1], p[2] if len(p) == 3 else ()
