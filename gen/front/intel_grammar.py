# SPDX-License-Identifier: MIT
"""PLY grammar of Intel's operation language: LALR, without conflicts.

The functions' texts are the grammar; p.lexer is the parser's stream, p.slice
holds the tokens.
"""
from __future__ import annotations

from . import intel_nodes as n

precedence = (
    ("right", "QUESTION", "COLON"),
    ("left", "LOR"),
    ("left", "LAND"),
    ("left", "OR"),
    ("left", "XOR"),
    ("left", "AND"),
    ("left", "EQ"),
    ("left", "REL"),
    ("left", "SHIFT"),
    ("left", "ADD"),
    ("left", "MUL"),
    ("right", "SIGN"),
)


def _at(p, first: int = 1, last: int | None = None):
    """The span from one symbol of the rule to another."""
    def span(k: int):
        v = p[k]
        return v.span
    a, b = span(first), span(last or len(p) - 1)
    return a.to(b)


def p_start(p):
    """start : block"""
    p[0] = p[1]


def p_block_empty(p):
    """block :"""
    p[0] = ()


def p_block_more(p):
    """block : block simple SEP
             | block compound"""
    p[0] = (*p[1], p[2])


def p_block_sep(p):
    """block : block SEP
             | block RECOVERED"""
    p[0] = p[1]


def p_compound(p):
    """compound : for
                | if
                | case
                | while
                | define"""
    p[0] = p[1]


def p_assign(p):
    """simple : target ASSIGN expr
              | target IS expr"""
    p[0] = n.Assign(p[1], "", p[3], span=_at(p))


def p_update(p):
    """simple : target UPDATE expr"""
    p[0] = n.Assign(p[1], p[2].text[:-1], p[3], span=_at(p))


def p_do(p):
    """simple : call"""
    p[0] = n.Do(p[1], span=p[1].span)


def p_target(p):
    """target : IDENT"""
    p[0] = n.Name(p[1].text, span=p[1].span)


def p_return(p):
    """simple : RETURN expr
              | RETURN"""
    p[0] = n.Return(p[2] if len(p) > 2 else None, span=_at(p))


def p_break(p):
    """simple : BREAK"""
    p[0] = n.Break(span=_at(p))


def p_fault(p):
    """simple : FAULT"""
    p[0] = n.Fault(p[1].text[1:], span=_at(p))


def p_enum(p):
    """simple : ENUM IDENT LBRACE members SEP RBRACE"""
    p[0] = n.Enum(p[2].text, tuple(p[4]), span=_at(p))


def p_members(p):
    """members : members COMMA IDENT ASSIGN INT
               | IDENT ASSIGN INT"""
    k = len(p) - 3
    p[0] = (p[1] if k > 1 else []) + [(p[k].text, int(p[k + 2].text, 0))]


def p_table(p):
    """simple : IDENT IDENT LBRACK INT RBRACK IS LBRACE values SEP RBRACE"""
    size = int(p[4].text, 0)
    if len(p[8]) != size:
        p.lexer.errors.add(p[4].span, f"the table has {len(p[8])} values, not {size}")
    p[0] = n.Table(p[1].text, p[2].text, size, tuple(p[8]), span=_at(p))


def p_values(p):
    """values : values COMMA INT
              | INT"""
    p[0] = (p[1] if len(p) > 2 else []) + [int(p[len(p) - 1].text, 0)]


def p_for(p):
    """for : FOR IDENT ASSIGN expr way expr SEP block ENDFOR"""
    p[0] = n.For(p[2].text, p[4], p[6], p[5].type == "DOWNTO", p[8], span=_at(p))


def p_for_short(p):
    """for : FOR IDENT ASSIGN expr way expr COLON simple SEP"""
    p[0] = n.For(p[2].text, p[4], p[6], p[5].type == "DOWNTO", (p[8],), span=_at(p, 1, 8))


def p_way(p):
    """way : TO
           | DOWNTO"""
    p[0] = p[1]


def p_if(p):
    """if : IF expr block elsifs FI
          | IF expr block elsifs ELSE block FI"""
    p[0] = n.If(((p[2], p[3]), *p[4]), p[6] if len(p) > 6 else (), span=_at(p))


def p_elsifs(p):
    """elsifs : elsifs ELSEIF expr block
              |"""
    p[0] = (*p[1], (p[3], p[4])) if len(p) > 1 else ()


def p_case(p):
    """case : CASE expr OF seps arms ESAC"""
    p[0] = n.Case(p[2], tuple(p[5]), span=_at(p))


def p_seps(p):
    """seps : seps SEP
            |"""


def p_arms(p):
    """arms : arms labels COLON block
            | labels COLON block"""
    k = len(p) - 3
    p[0] = (p[1] if k > 1 else []) + [(tuple(p[k]), p[k + 2])]


def p_labels(p):
    """labels : labels COMMA label
              | label"""
    p[0] = (p[1] if len(p) > 2 else []) + [p[len(p) - 1]]


def p_labels_default(p):
    """labels : DEFAULT"""
    p[0] = []


def p_label(p):
    """label : LABEL"""
    number = p[1].text[0].isdigit()
    p[0] = n.Int(int(p[1].text, 0), span=p[1].span) if number else \
        n.Name(p[1].text, span=p[1].span)


def p_while(p):
    """while : DO WHILE expr block OD"""
    p[0] = n.While(p[3], p[4], span=_at(p))


def p_define(p):
    """define : DEFINE IDENT LPAREN params RPAREN LBRACE block RBRACE"""
    p[0] = n.Define(p[2].text, tuple(p[4]), p[7], span=_at(p))


def p_params(p):
    """params : params COMMA target
              | target
              |"""
    p[0] = (p[1] if len(p) > 2 else []) + ([p[len(p) - 1]] if len(p) > 1 else [])


def p_cond(p):
    """expr : expr QUESTION expr COLON expr"""
    p[0] = n.Cond(p[1], p[3], p[5], span=_at(p))


def p_binary(p):
    """expr : expr LOR expr
            | expr LAND expr
            | expr OR expr
            | expr XOR expr
            | expr AND expr
            | expr EQ expr
            | expr REL expr
            | expr SHIFT expr
            | expr ADD expr
            | expr MUL expr"""
    p[0] = n.Binary(p[2].text, p[1], p[3], span=_at(p))


def p_unary(p):
    """expr : ADD expr %prec SIGN
            | NOT expr %prec SIGN"""
    p[0] = n.Unary(p[1].text, p[2], span=_at(p))


def p_expr(p):
    """expr : postfix"""
    p[0] = p[1]


def p_int(p):
    """postfix : INT"""
    p[0] = n.Int(int(p[1].text, 0), span=p[1].span)


def p_real(p):
    """postfix : REAL"""
    p[0] = n.Real(p[1].text, span=p[1].span)


def p_string(p):
    """postfix : STRING"""
    p[0] = n.Str(p[1].text[1:-1], span=p[1].span)


def p_name(p):
    """postfix : IDENT"""
    p[0] = n.Name(p[1].text, span=p[1].span)


def p_call(p):
    """call : IDENT LPAREN args RPAREN"""
    p[0] = n.Call(p[1].text, tuple(p[3]), span=_at(p))


def p_called(p):
    """postfix : call"""
    p[0] = p[1]


def p_args(p):
    """args : args COMMA expr
            | expr
            |"""
    p[0] = (p[1] if len(p) > 2 else []) + ([p[len(p) - 1]] if len(p) > 1 else [])


def p_paren(p):
    """postfix : LPAREN expr RPAREN"""
    p[0] = p[2]


def p_index(p):
    """postfix : postfix LBRACK expr RBRACK
    target : target LBRACK expr RBRACK"""
    p[0] = n.Index(p[1], p[3], span=_at(p))


def p_slice(p):
    """postfix : postfix LBRACK expr COLON expr RBRACK
    target : target LBRACK expr COLON expr RBRACK"""
    p[0] = n.Slice(p[1], p[3], p[5], span=_at(p))


def p_member(p):
    """postfix : postfix DOT IDENT
    target : target DOT IDENT"""
    p[0] = n.Member(p[1], p[3].text, span=_at(p))
