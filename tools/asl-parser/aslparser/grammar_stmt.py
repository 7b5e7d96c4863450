"""Grammar of statements. SPDX-License-Identifier: MIT

A block is always ``INDENT stmts DEDENT`` here; see layout.py. A function's
entry in AFTER completes the message "expected ';' after ...".
"""
from __future__ import annotations

from . import ast

AFTER = {
    "p_vardecl": "declaration",
    "p_varinit": "declaration",
    "p_assign": "assignment",
    "p_assign_hole": "assignment",
    "p_lane": "lane assignment",
    "p_call_stmt": "call",
    "p_repeat": "the condition of 'until'",
    "p_return": "return statement",
    "p_assert": "assertion",
    "p_throw": "throw statement",
    "p_word": None,
    "p_impdef_stmt": None,
    "p_see": None,
}


# ---- lists -----------------------------------------------------------------


def p_stmts(p):
    """stmts : stmts stmt"""
    if p[2] is not None:
        p[1].append(p[2])
    p[0] = p[1]


def p_stmts_first(p):
    """stmts : stmt"""
    p[0] = [] if p[1] is None else [p[1]]


def p_stmt_bad(p):
    """stmt : error RECOVERED"""
    p[0] = None


def p_stmt(p):
    """stmt : plain
            | compound"""
    p[0] = p[1]


def p_block(p):
    """block : INDENT stmts DEDENT"""
    p[0] = tuple(p[2])


# ---- simple statements -----------------------------------------------------


def p_vardecl(p):
    """plain : type names SEMI"""
    p[0] = p.lexer.make(ast.VarDecl, (p[1], p[3]), p[1],
                        tuple(ast.Name(n.span, n.text) for n in p[2]))


def p_varinit(p):
    """plain : type IDENT EQ expr SEMI
             | CONSTANT type IDENT EQ expr SEMI"""
    n = len(p)
    name = ast.Name(p[n - 4].span, p[n - 4].text)
    p[0] = p.lexer.make(ast.VarDecl, (p[1], p[n - 1]), p[n - 5], (name,),
                        p[n - 2], n == 7)


def p_assign(p):
    """plain : postfix EQ expr SEMI"""
    p[0] = p.lexer.make(ast.Assign, (p[1], p[4]), p.lexer.lvalue(p[1]), p[3])


def p_assign_hole(p):
    """plain : MINUS EQ expr SEMI"""
    p[0] = p.lexer.make(ast.Assign, (p[1], p[4]), ast.Hole(p[1].span), p[3])


def p_lane(p):
    """plain : LANE postfix EQ expr SEMI
             | LANE type LANECOLON postfix EQ expr SEMI"""
    n = len(p)
    p[0] = p.lexer.make(ast.Lane, (p[1], p[n - 1]),
                        p[2] if n == 8 else None,
                        p.lexer.lvalue(p[n - 4]), p[n - 2])


def p_call_stmt(p):
    """plain : postfix SEMI"""
    p[0] = p.lexer.call_stmt(p[1], p[2])


def p_return(p):
    """plain : RETURN SEMI
             | RETURN expr SEMI"""
    p[0] = p.lexer.make(ast.Return, (p[1], p[len(p) - 1]),
                        p[2] if len(p) == 4 else None)


def p_assert(p):
    """plain : ASSERT expr SEMI"""
    p[0] = p.lexer.make(ast.Assert, (p[1], p[3]), p[2])


def p_throw(p):
    """plain : THROW expr SEMI"""
    p[0] = p.lexer.make(ast.Throw, (p[1], p[3]), p[2])


_WORDS = {"UNDEFINED": ast.UndefinedStmt, "UNPREDICTABLE": ast.Unpredictable}


def p_word(p):
    """plain : UNDEFINED SEMI
             | UNPREDICTABLE SEMI"""
    p[0] = p.lexer.make(_WORDS[p[1].type], (p[1], p[2]))


def p_pass(p):
    """plain : SEMI"""
    p[0] = ast.Pass(p[1].span)


def p_impdef_stmt(p):
    """plain : IMPLEMENTATION_DEFINED SEMI
             | IMPLEMENTATION_DEFINED STRING SEMI"""
    p[0] = p.lexer.make(ast.ImplDefStmt, (p[1], p[len(p) - 1]),
                        p[2].text[1:-1] if len(p) == 4 else None)


def p_see(p):
    """plain : SEE SEMI"""
    p[0] = p.lexer.see(p[1], p[2])


# ---- compound statements ---------------------------------------------------


def p_if(p):
    """compound : IF arms
                | IF arms ELSE block"""
    arms = p[2]
    body = p[4] if len(p) == 5 else ()
    p[0] = p.lexer.make(ast.If, (p[1], p.lexer.last(arms[-1], body)),
                        tuple(arms), body)


def p_arms(p):
    """arms : arms ELSIF arm"""
    p[1].append(p[3])
    p[0] = p[1]


def p_arms_first(p):
    """arms : arm"""
    p[0] = [p[1]]


def p_arm(p):
    """arm : expr THEN block"""
    p[0] = p.lexer.make(ast.Arm, (p[1], p.lexer.last(p[2], p[3])),
                        p[1], p[3])


def p_for(p):
    """compound : FOR IDENT EQ expr direction expr block
                | FOR IDENT EQ expr direction expr DO block"""
    body = p[len(p) - 1]
    p[0] = p.lexer.make(ast.For, (p[1], p.lexer.last(p[6], body)),
                        ast.Name(p[2].span, p[2].text), p[4], p[6],
                        p[5].type == "DOWNTO", body)


def p_direction(p):
    """direction : TO
                 | DOWNTO"""
    p[0] = p[1]


def p_while(p):
    """compound : WHILE expr DO block"""
    p[0] = p.lexer.make(ast.While, (p[1], p.lexer.last(p[3], p[4])),
                        p[2], p[4])


def p_repeat(p):
    """plain : REPEAT block UNTIL expr SEMI"""
    p[0] = p.lexer.make(ast.Repeat, (p[1], p[5]), p[2], p[4])


def p_case(p):
    """compound : CASE expr OF INDENT alts DEDENT
                | CASE expr OF INDENT alts otherwise DEDENT"""
    alts = [a for a in p[5] if a is not None]
    other = p[6] if len(p) == 8 else None
    end = p.lexer.last(alts[-1] if alts else p[3], other)
    p[0] = p.lexer.make(ast.Case, (p[1], end), p[2], tuple(alts), other)


def p_otherwise(p):
    """otherwise : OTHERWISE block
                 | OTHERWISE ARROW block"""
    p[0] = p[len(p) - 1]


def p_alts(p):
    """alts : alts alt"""
    p[1].append(p[2])
    p[0] = p[1]


def p_alts_first(p):
    """alts : alt"""
    p[0] = [p[1]]


def p_alt_bad(p):
    """alt : error RECOVERED"""
    p[0] = None


def p_alt(p):
    """alt : WHEN patterns guard block
           | WHEN patterns guard ARROW block"""
    body = p[len(p) - 1]
    p[0] = p.lexer.make(
        ast.When, (p[1], p.lexer.last(p[3] or p[2][-1], body)),
        tuple(p[2]), p[3], body)


def p_guard(p):
    """guard : WHERE expr
             | LOGOP expr
             | """
    if len(p) == 3 and p[1].text == "||":
        p.lexer.complain(p[1], "expected '&&' or 'where' before the guard, "
                         "found '||'")
    p[0] = p[2] if len(p) == 3 else None


def p_try(p):
    """compound : TRY block CATCH IDENT INDENT handlers DEDENT
                | TRY block CATCH IDENT INDENT handlers otherwise DEDENT"""
    handlers = [h for h in p[6] if h is not None]
    other = p[7] if len(p) == 9 else None
    end = p.lexer.last(handlers[-1] if handlers else p[4], other)
    p[0] = p.lexer.make(ast.Try, (p[1], end), p[2],
                        ast.Name(p[4].span, p[4].text), tuple(handlers),
                        other)


def p_handlers(p):
    """handlers : handlers handler"""
    p[1].append(p[2])
    p[0] = p[1]


def p_handlers_first(p):
    """handlers : handler"""
    p[0] = [p[1]]


def p_handler_bad(p):
    """handler : error RECOVERED"""
    p[0] = None


def p_handler(p):
    """handler : WHEN expr block
               | WHEN expr ARROW block"""
    body = p[len(p) - 1]
    p[0] = p.lexer.make(ast.Arm, (p[1], p.lexer.last(p[2], body)),
                        p[2], body)


# ---- patterns --------------------------------------------------------------


def p_patterns(p):
    """patterns : patterns COMMA pattern"""
    p[1].append(p[3])
    p[0] = p[1]


def p_patterns_first(p):
    """patterns : pattern"""
    p[0] = [p[1]]


def p_pattern(p):
    """pattern : patatom
               | set"""
    p[0] = p[1]


def p_pattern_range(p):
    """pattern : patatom DOTDOT patatom"""
    p[0] = p.lexer.make(ast.Range, (p[1], p[3]), p[1], p[3])


def p_pattern_any(p):
    """pattern : MINUS"""
    p[0] = ast.Hole(p[1].span)


def p_pattern_tuple(p):
    """pattern : LPAREN patterns RPAREN"""
    if len(p[2]) == 1:
        p[0] = p[2][0]
    else:
        p[0] = p.lexer.make(ast.Tuple, (p[1], p[3]), tuple(p[2]), parts=p[2])


def p_patatom(p):
    """patatom : int
               | lit"""
    p[0] = p[1]


def p_patatom_name(p):
    """patatom : IDENT"""
    p[0] = ast.Name(p[1].span, p[1].text)


def p_patatom_negative(p):
    """patatom : MINUS int"""
    p[0] = p.lexer.make(ast.Unary, (p[1], p[2]), "-", p[2])
