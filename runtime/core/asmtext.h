/* asmtext.h - assembly text by tables, both ways. SPDX-License-Identifier: MIT */
#ifndef RX_CORE_ASMTEXT_H
#define RX_CORE_ASMTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/insn.h"
#include "rax/error.h"

/*
 * The generator prints these tables from the assembly templates of an ISA
 * (gen/back/disasm, encode); the two functions below walk them. Everything is
 * constant and shared between threads.
 *
 * A template is a string: a character stands for itself (a space for any
 * white space, also none), and
 *	RX_ASM_OP lo hi	the operand with index lo - 1 + 255 * (hi - 1)
 *	RX_ASM_OPT	start of what may be left out and then means the
 *			operands' `missing` values. It is there if the text goes
 *			on with its first character, where that is no operand
 *	RX_ASM_SHOWN	the same, but always printed
 *	RX_ASM_PLAIN	start of text that stands there only without an extender
 *	RX_ASM_END	end of any of these
 */
#define RX_ASM_OP '\1'
#define RX_ASM_OPT '\2'
#define RX_ASM_SHOWN '\3'
#define RX_ASM_END '\4'
#define RX_ASM_PLAIN '\5'

enum rx_asm_kind {
	RX_ASM_REG,	/* a register of class `table` */
	RX_ASM_INT,	/* a decimal number */
	RX_ASM_WORD,	/* a word of word table `table` */
	RX_ASM_LIST,	/* words of it for all bits that are set, with commas */
	RX_ASM_FRACTION,	/* a number of 128ths, with a decimal point */
	RX_ASM_REGISTERS,	/* of class `table`, those whose bits are set */
	RX_ASM_SET,	/* letters of letter table `table`; "0" is the empty set */
	RX_ASM_CONST,	/* a number behind '#', or '##' when an extender brings bits of it */
	RX_ASM_TARGET,	/* an address, relative to pc */
};

enum {
	RX_ASM_SIGNED = 1,
	RX_ASM_NUMBERS = 2,	/* RX_ASM_WORD: numbers do as well */
	RX_ASM_HEX = 4,		/* numbers are printed as 0xff */
	RX_ASM_EXTENDS = 16,	/* an extender may bring the upper bits of 32 */
	RX_ASM_MUST = 32,	/* and always does */
	RX_ASM_PRODUCER = 64,	/* a register; the field says who of its group writes it */
};

/* A function of core/opfuncs.h: has these bits a value, which, and the inverse. */
struct rx_asm_function {
	bool (*valid)(uint32_t raw);
	uint64_t (*decode)(uint32_t raw);
	bool (*encode)(uint64_t value, uint32_t *raw);
};

/* `width` bits of a value: from bit lo of the word up, or constant (lo < 0). */
struct rx_asm_bits {
	int8_t lo;
	uint8_t width;
	uint16_t value;
};

struct rx_asm_operand {
	const char *name;
	uint8_t kind, flags, table;
	uint8_t encoded;	/* bits of the value */
	/* place: r[slot]; RX_ASM_IN_IMM: bits of imm; RX_ASM_IN_WORD: none */
	uint8_t slot;
	uint8_t shift, width;
	uint8_t nbits;		/* parts of the value, most significant first: */
	uint16_t bits;		/* index of the first */
	int16_t missing;
	const struct rx_asm_function *function;	/* NULL: the bits are the value */
};
#define RX_ASM_IN_IMM 255
#define RX_ASM_IN_WORD 254

struct rx_asm_word {
	uint32_t value;
	const char *word;
};

struct rx_asm_class {
	const char *const *names;
	unsigned count;
	const struct rx_asm_word *aliases;
	unsigned naliases;
	int drop_index, drop_slot;	/* -1: no write is dropped */
};

struct rx_asm_words {
	const struct rx_asm_word *words;	/* by value */
	unsigned count;
	const struct rx_asm_word *aliases;
	unsigned naliases;
};

/* What an alias asks of the word. */
enum rx_asm_cond_kind {
	RX_ASM_IS,	/* word & mask == value */
	RX_ASM_NOT,	/* word & mask != value */
	RX_ASM_SAME,	/* the mask's bits at value are those at other */
};

struct rx_asm_cond {
	uint32_t mask, value;
	uint8_t other;
	uint8_t kind;
};

/*
 * A spelling. suffix: its operand behind the mnemonic + 1, or where RX_ASM_OP
 * stands in it. An alias applies
 * where its conditions hold and its operands' functions have values.
 */
struct rx_asm_form {
	const char *mnemonic;
	const char *text;
	uint16_t suffix;
	uint16_t conds, nconds;
};

/*
 * An instruction's spelling, and its aliases, the first of which that applies
 * is printed. all: a template's operands that say the word, or NULL where
 * nothing asks for the word.
 */
struct rx_asm_main {
	const char *mnemonic;
	const char *text;
	uint16_t suffix;
	uint16_t conds, nconds;
	uint32_t match;
	const char *all;
	uint16_t aliases, naliases;
};

struct rx_asm_text {
	unsigned ninsns;
	unsigned bits_of_pc;
	const struct rx_asm_main *forms;	/* [ninsns]; 0: illegal, unused */
	const struct rx_asm_form *aliases;
	const struct rx_asm_cond *conds;
	const struct rx_asm_operand *operands;
	const struct rx_asm_bits *bits;
	const struct rx_asm_class *classes;
	const struct rx_asm_words *words;
	const char *const *letters;
};

/* A spelling that is accepted, with the suffix's value spelled out. */
struct rx_asm_entry {
	const char *mnemonic;
	const char *text;
	uint16_t id;
	uint16_t suffix;
	uint32_t suffix_value;
	uint16_t conds, nconds;
};

struct rx_asm_code {
	uint64_t mask, match;
	uint8_t length;
	uint16_t over;		/* takes precedence over this instruction; 0: none */
};

struct rx_asm_parser {
	const struct rx_asm_text *text;
	const struct rx_asm_entry *entries;	/* by mnemonic */
	unsigned nentries;
	const struct rx_asm_code *codes;	/* [ninsns] */
	unsigned high_unit;			/* see rx_word_byte() */
	unsigned (*decode)(uint32_t mode_key, const uint8_t *code,
			   unsigned avail, struct rx_insn *i);
};

/* Does the word satisfy n conditions from c on? */
bool rx_asm_holds(const struct rx_asm_cond *c, unsigned n, uint64_t word);

/*
 * Writes the text of a decoded instruction, cut to size - 1 characters and
 * terminated (nothing if size is 0), and returns its whole length. What is no
 * instruction becomes a directive: ".2byte 0x0000".
 */
int rx_asm_print(const struct rx_asm_text *t, const struct rx_insn *i,
		 char *buf, size_t size);

/*
 * Field number k of a decoded instruction as text, "rd = a0, bits 11..7", cut
 * and terminated likewise; returns its whole length, 0 if there are not so many.
 */
int rx_asm_explain(const struct rx_asm_text *t, const struct rx_insn *i, unsigned k,
		   char *buf, size_t size);

/* Longest instruction that rx_asm_parse() writes, in bytes. */
#define RX_ASM_MAX_LEN 16

/*
 * Assembles one instruction into out[RX_ASM_MAX_LEN] and *len. On failure
 * (RAX_EINVAL) both are untouched and err says what is wrong.
 */
RAX_MUST_CHECK rax_status rx_asm_parse(const struct rx_asm_parser *p,
				       const char *text, uint8_t *out,
				       unsigned *len, rax_error *err);

/*
 * One instruction of a group (core/group.h), whose text has no mnemonic: where
 * an extender is needed, upper is what it brings. A register that is named by
 * its producer is left out of the word: producer is its operand (NULL: none)
 * and reg its number.
 */
struct rx_asm_member {
	uint16_t id;
	uint32_t word;
	bool extended;
	uint32_t upper;
	const struct rx_asm_operand *producer;
	uint8_t reg;
};
/* keeps: low bits that an extender leaves; RAX_EINVAL as above. */
RAX_MUST_CHECK rax_status rx_asm_parse_member(const struct rx_asm_parser *p, unsigned keeps,
					      const char *text, struct rx_asm_member *m,
					      rax_error *err);
/* The first operand of an instruction's text; it has one. */
const struct rx_asm_operand *rx_asm_first_operand(const struct rx_asm_text *t, unsigned id);
/* Puts a value into the operand's bits of a word, from shift 0 up. */
uint32_t rx_asm_insert(const struct rx_asm_text *t, const struct rx_asm_operand *op,
		       uint64_t value, uint32_t word);

#endif
