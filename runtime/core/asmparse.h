/* asmparse.h - the parts of the assembler for words. SPDX-License-Identifier: MIT */
#ifndef RX_CORE_ASMPARSE_H
#define RX_CORE_ASMPARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/asmtext.h"

#define RX_ASM_MOST_OPERANDS 8

/* One attempt to read the text as one spelling. */
struct rx_asm_attempt {
	const struct rx_asm_parser *parser;
	const char *name;	/* mnemonic, for messages */
	const char *p;		/* what is left of the text */
	const struct rx_asm_operand *ops[RX_ASM_MOST_OPERANDS];
	uint64_t values[RX_ASM_MOST_OPERANDS];
	unsigned n;
	bool free;	/* no mnemonic: words end where they must */
	bool plain, forced;	/* there is no extender, there is one */
	unsigned keeps;
	struct rx_asm_member *member;
	rax_error *err;
};

/* asmwords.c */
const char *rx_asm_skip_space(const char *p);
/* Length of the word at p: up to white space, a comma or a bracket. */
size_t rx_asm_word_len(const char *p);
char rx_asm_lower(char c);
bool rx_asm_is_word(const char *p, size_t n, const char *word);	/* in any case */
/*
 * Length of the register name at s->p: that of `name` if it is there, and not the
 * start of a longer word; 0: it is not.
 */
size_t rx_asm_register_len(const struct rx_asm_attempt *s, const char *name);
size_t rx_asm_number_len(const char *p);	/* in free text */
int rx_asm_digit(char c);			/* 99: none */
/* A whole word as a number; what is over 63 bits wraps as an address would. */
bool rx_asm_number(const char *p, size_t n, bool *negative, uint64_t *value);
/* "expected WHAT, found ..." */
RX_CHECK rax_status rx_asm_expected(struct rx_asm_attempt *s, const char *what);

/* asmoperand.c: the next operand, which is this one */
RX_CHECK rax_status rx_asm_take(struct rx_asm_attempt *s, const struct rx_asm_operand *op);

#endif
