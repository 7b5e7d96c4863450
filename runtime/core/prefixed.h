/* prefixed.h - instructions by prefix, opcode map and ModRM. SPDX-License-Identifier: MIT */
#ifndef RX_CORE_PREFIXED_H
#define RX_CORE_PREFIXED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/insn.h"
#include "rax/error.h"

/*
 * What the x86 encodings have in common: legacy prefixes, REX, REX2, VEX, EVEX,
 * ModRM, SIB, displacements, immediates. No instruction is known here: the
 * generator prints the tables (gen/back/prefixed) and gen/model/prefixed.py
 * says how struct rx_insn is laid out. All tables are constant and shared.
 */
#define RX_PX_MAX_LEN 15

/* The mode key of the decoder. */
enum {
	RX_PX_MODE = 3,		/* its low bits: one of */
	RX_PX_MODE64 = 0,
	RX_PX_MODE32 = 1,
	RX_PX_MODE16 = 2,
	RX_PX_NO_REX2 = 4,	/* no registers 16 to 31, no prefix for them */
	RX_PX_LACK_SHIFT = 16,	/* features without which bytes mean something else */
};

/* Fields of the key that rows are compared with: first bit of each. */
enum {
	RX_PX_REG = 0,
	RX_PX_RM = 3,
	RX_PX_MOD3 = 6,
	RX_PX_W = 7,
	RX_PX_P66 = 8,
	RX_PX_PF3 = 9,
	RX_PX_PF2 = 10,
	RX_PX_L = 11,
	RX_PX_B = 13,
	RX_PX_Z = 14,
	RX_PX_AAA = 15,
	RX_PX_KN = 18,
	RX_PX_V0 = 19,
	RX_PX_V4 = 20,
	RX_PX_LOCK = 21,
	RX_PX_M64 = 22,
	RX_PX_O16 = 23,
	RX_PX_ASZ = 24,
	RX_PX_RXB = 26,
	RX_PX_LACK = 32,
};
#define RX_PX_K(field, value) ((uint64_t)(value) << RX_PX_##field)

enum rx_px_space { RX_PX_LEGACY, RX_PX_VEX, RX_PX_EVEX };
#define RX_PX_MAPS 8

/* struct rx_insn, see gen/model/prefixed.py */
enum {
	RX_PX_NO_REG = 32,	/* base or index */
	RX_PX_RIP = 33,
	RX_PX_RIZ = 33,		/* index: none, and the encoding says so needlessly */
	RX_PX_HIGH = 32,	/* ah in the class of bytes */
	RX_PX_ASZ_SHIFT = 6,	/* in r[1] */
	RX_PX_SCALE_SHIFT = 6,	/* in r[3] */
	RX_PX_SEG_SHIFT = 5,	/* in r[2] */
	RX_PX_IMM_SHIFT = 32,	/* in imm, beside a displacement */
	RX_PX_MASK_SHIFT = 40,
	RX_PX_ZEROING_SHIFT = 43,
	RX_PX_ROUND_SHIFT = 44,
	RX_PX_ASZ64 = 0,
	RX_PX_ASZ32 = 1,
	RX_PX_ASZ16 = 2,
};

struct rx_px_row {
	uint64_t mask, match;
	uint16_t id;
};

enum rx_px_source {
	RX_PX_S_REG, RX_PX_S_RM, RX_PX_S_MEM, RX_PX_S_VVVV, RX_PX_S_OPCODE,
	RX_PX_S_IS4, RX_PX_S_IMM, RX_PX_S_IMM2, RX_PX_S_REL, RX_PX_S_MOFFS,
	RX_PX_S_STRING, RX_PX_S_MASK, RX_PX_S_ZEROING, RX_PX_S_ROUND, RX_PX_S_SAE,
	RX_PX_S_FIXED,
};

/* struct rx_px_operand.flags */
enum {
	RX_PX_O_SIGNED = 1,	/* any number that fits, extended by its sign */
	RX_PX_O_MINUS = 2,	/* printed as a signed number */
	RX_PX_O_ES = 4,		/* STRING: always in segment es */
	RX_PX_O_HIDDEN = 8,	/* not in the text */
	RX_PX_O_OPTIONAL = 16,	/* may be left out; RM: with all, and means `value` */
	RX_PX_O_SILENT = 32,	/* and is not printed */
};

struct rx_px_operand {
	uint8_t source;		/* enum rx_px_source */
	uint8_t cls;		/* of a register, of a vector index; 0: none */
	uint8_t value;		/* FIXED, OPTIONAL: number; STRING: base */
	uint8_t flags;
	uint8_t nbytes;		/* of an immediate; 0: as many as addresses have */
	uint8_t broadcast;	/* log2 of the copies of one element, 0: none */
	uint16_t bits;		/* of memory, of the operation with an immediate */
};

/* How numbers of a register class are made of bits. */
enum rx_px_bank {
	RX_PX_B_NONE,
	RX_PX_B_BYTE,		/* 32; without REX 4 to 7 are the second bytes */
	RX_PX_B_GENERAL,	/* 32, by X4 and B4 */
	RX_PX_B_VECTOR,		/* 32, by R', X and V' */
	RX_PX_B_SIXTEEN,	/* 16, more are none */
	RX_PX_B_EIGHT,		/* 8, more are none */
	RX_PX_B_SAME,		/* 8, further bits are ignored */
};

struct rx_px_class {
	const char *const *names;
	uint8_t count;
	uint8_t bank;		/* enum rx_px_bank */
};

/* struct rx_px_code.flags */
enum {
	RX_PX_F_MODRM = 1,
	RX_PX_F_MEMORY = 2,	/* ModRM names memory */
	RX_PX_F_LOCK = 4,
	RX_PX_F_REP = 8,	/* F3 */
	RX_PX_F_REPNE = 16,	/* F2 */
	RX_PX_F_NF = 32,	/* EVEX: leaves flags alone */
	RX_PX_F_STAR = 64,	/* AT&T: an indirect target */
	RX_PX_F_STRAIGHT = 128,	/* AT&T: the same order of operands */
	RX_PX_F_EVEX = 256,	/* printed with {evex} */
	RX_PX_F_REPE = 512,	/* RX_PX_F_REP is called repe */
};

/* One encoding. */
struct rx_px_code {
	uint32_t name[2];	/* Intel's, AT&T's spelling; RX_PX_WORD: a word for the immediate */
	uint16_t operands;	/* first of nops indices in lists */
	uint8_t nops;
	uint8_t space, map, opcode;
	uint8_t pp;		/* 0, or 1 66, 2 F3, 3 F2 */
	int8_t w, l, reg, rm;	/* -1: any */
	uint8_t b;
	uint8_t scale;		/* log2 of N of disp8*N */
	uint8_t osize;		/* selected by 66 in the other mode: 16 or 32; else 0 */
	uint8_t modes;		/* bits 1 << RX_PX_MODE* */
	uint8_t imm[2];		/* bytes of immediates, RX_PX_IMM_* */
	uint8_t words;		/* list of words for the immediate, 0 none */
	uint16_t flags;
};
enum { RX_PX_IMM_NONE = 0, RX_PX_IMM_ADDRESS = 255 };

#define RX_PX_WORD '\1'

/* Words for the values of an immediate, from 0 up. */
struct rx_px_words {
	const char *const *words;
	uint8_t count;
};

/* A spelling that is accepted, by name. */
struct rx_px_entry {
	uint32_t name;
	uint16_t id;
	uint8_t word;	/* the immediate's value plus 1, 0: the name does not say it */
};

struct rx_px_tables {
	unsigned ncodes;
	const struct rx_px_code *codes;		/* [ncodes]; 0: illegal, unused */
	const char *strings;	/* names are offsets in it: no pointers to be relocated */
	const uint16_t *lists;
	const struct rx_px_operand *operands;
	const struct rx_px_class *classes;	/* [nclasses]; 0: none */
	unsigned nclasses;
	const struct rx_px_words *words;
	/* [space][map]: NULL, or indices of the first rows of 257 opcodes;
	 * RX_PX_SLOT_MODRM: there is a ModRM byte */
	const uint32_t *maps[3][RX_PX_MAPS];
	const struct rx_px_row *rows;
	const struct rx_px_entry *entries[2];	/* Intel, AT&T */
	unsigned nentries[2];
	uint8_t cls_address[3];	/* class of base registers by address size */
	uint8_t cls_seg;
	uint8_t cls_mask;
};
#define RX_PX_SLOT_MODRM UINT32_C(0x80000000)

/* Operand number k of an encoding. */
RX_INLINE const struct rx_px_operand *rx_px_operand(const struct rx_px_tables *t,
						    const struct rx_px_code *c, unsigned k)
{
	return &t->operands[t->lists[c->operands + k]];
}

/* As struct rx_isa.decode. */
unsigned rx_px_decode(const struct rx_px_tables *t, uint32_t mode_key,
		      const uint8_t *code, unsigned avail, struct rx_insn *i);

enum rx_px_syntax { RX_PX_INTEL, RX_PX_ATT };

/*
 * Writes the text of a decoded instruction, cut to size - 1 characters and
 * terminated (nothing if size is 0), and returns its whole length. What is no
 * instruction becomes ".byte 0x.., ..".
 */
int rx_px_print(const struct rx_px_tables *t, enum rx_px_syntax syntax,
		const struct rx_insn *i, char *buf, size_t size);

/* As rx_asm_explain(): first the opcode, then the operands, "ModRM.reg = rcx". */
int rx_px_explain(const struct rx_px_tables *t, const struct rx_insn *i, unsigned k,
		  char *buf, size_t size);

/*
 * Assembles one instruction into out[RX_PX_MAX_LEN + 1] and *len. On failure
 * (RAX_EINVAL) both are untouched and err says what is wrong.
 */
RAX_MUST_CHECK rax_status rx_px_assemble(const struct rx_px_tables *t,
					 uint32_t mode_key,
					 enum rx_px_syntax syntax,
					 const char *text, uint8_t *out,
					 unsigned *len, rax_error *err);

/* Operands of an encoding, in struct rx_insn's terms. */
struct rx_px_values {
	uint8_t reg, rm, vvvv, is4;	/* numbers of registers */
	uint8_t base, index;		/* RX_PX_NO_REG none; base RX_PX_RIP; index RX_PX_RIZ */
	uint8_t scale;			/* log2 */
	uint8_t seg;			/* 0 none, 1 es ... 6 gs */
	uint8_t asz;			/* RX_PX_ASZ* */
	uint8_t mask, zeroing, round;
	int32_t disp;
	uint64_t imm, imm2;
};

/*
 * Encodes instruction id into out[RX_PX_MAX_LEN + 1]; returns its length, 0 if
 * there is no such instruction with these operands in this mode. Fields that
 * it has no operand for are ignored; relative targets count from its end.
 */
unsigned rx_px_encode(const struct rx_px_tables *t, uint32_t mode_key, unsigned id,
		      const struct rx_px_values *v, uint8_t *out);

#endif
