/* cases.h - test cases of single instructions, and their results. SPDX-License-Identifier: MIT
 *
 * A case is made from (encoding, index, seed) alone, the same on every machine,
 * so only results are recorded and exchanged. The oracle (tests/diff) and the
 * comparison (conf_rv64) both link this; it needs nothing but libc.
 */
#ifndef TESTS_CONF_CASES_H
#define TESTS_CONF_CASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- descriptions of encodings, generated (generated/<isa>/difftest.c) */

struct rx_diff_field {
	uint8_t hi, lo;
};

/* `width` bits of an operand: word bit `lo` up, or constant (lo < 0) */
struct rx_diff_part {
	uint8_t width;
	int8_t lo;
	uint32_t value;
};

enum { RX_DIFF_VALUE, RX_DIFF_X, RX_DIFF_F };	/* what an operand is */

struct rx_diff_operand {
	uint8_t kind;		/* RX_DIFF_* */
	bool read;		/* a register whose value is used */
	uint8_t format;		/* of an F register that is read: 16, 32, 64 */
	bool is_signed;
	uint8_t nparts;
	const struct rx_diff_part *parts;	/* most significant first */
};

/* The word is not of this encoding if word & mask == match ... */
struct rx_diff_never {
	uint32_t mask, match;
	bool reserved;		/* ... but none at all */
};

enum rx_diff_flow { RX_DIFF_NEXT, RX_DIFF_DIRECT, RX_DIFF_INDIRECT };

struct rx_diff_insn {
	const char *name, *extension;
	const char *skip;	/* why no oracle can judge it, or NULL */
	const char *partly;	/* what the cases leave out, or NULL */
	uint32_t mask, match;
	uint8_t length;		/* bytes */
	uint8_t flow;		/* enum rx_diff_flow */
	uint8_t access;		/* bytes of memory accessed, 0: none */
	bool stores;		/* a fault of the access is a store's */
	bool atomic;
	bool rounds;		/* takes the rounding direction */
	int8_t base, offset;	/* operands whose sum is the address, -1: none */
	uint8_t nfields, noperands, nnever, nchoices;
	int8_t chosen;		/* operand that takes one of choices, -1: none */
	const struct rx_diff_field *fields;
	const struct rx_diff_operand *operands;
	const struct rx_diff_never *never;
	const uint32_t *choices;
};

extern const struct rx_diff_insn rg_rv64_diff[];
extern const unsigned rg_rv64_ndiff;

/* ---- where things are */

#define RX_CASE_CODE UINT64_C(0x80000000)	/* a page; the next is a hole */
#define RX_CASE_CODE_END (RX_CASE_CODE + 0x1000)
#define RX_CASE_FILL 0x9002		/* c.ebreak, in the rest of that page */
#define RX_CASE_DATA UINT64_C(0x80400000)	/* the window, holes around it */
#define RX_CASE_DATA_SIZE 0x2000		/* zeros but for case.mem */
#define RX_CASE_HOLE UINT64_C(0x40000000)	/* more of nothing */
#define RX_CASE_MEM 128

struct rx_case {
	uint32_t word;
	uint8_t length;
	uint8_t fcsr;
	bool valid;		/* false: a reserved word, illegal */
	bool clean;		/* mstatus.FS is Initial (where it can be set) */
	uint64_t pc;
	uint64_t ea;		/* of its access */
	uint64_t x[32], f[32];
	uint64_t mem_at;	/* what mem[] is put at; 0: nowhere */
	uint8_t mem[RX_CASE_MEM];
};

/* Cases that enumerate fields and fixed numbers of random ones; indices
 * beyond are random ones, too. */
unsigned rx_case_count(const struct rx_diff_insn *d);
void rx_case_make(const struct rx_diff_insn *d, uint64_t index, uint64_t seed,
		  struct rx_case *c);
/* Mixes a case into a hash. */
uint64_t rx_case_hash(const struct rx_case *c, uint64_t hash);
/* An operand's value in a word, and the word with another one. */
uint64_t rx_case_operand(const struct rx_diff_operand *o, uint32_t word);
uint32_t rx_case_put(uint32_t word, const struct rx_diff_operand *o, uint32_t v);

/* The parts that random programs are made of, too. s: state of the generator */
uint64_t rx_case_draw(uint64_t *s);
/* Some word of the encoding, and is a word one? */
uint32_t rx_case_word(const struct rx_diff_insn *d, uint64_t *s);
bool rx_case_good(const struct rx_diff_insn *d, uint32_t word);
uint64_t rx_case_int(uint64_t *s);
/* A value of 16, 32 or 64 bits, nearly always boxed */
uint64_t rx_case_fp(unsigned format, uint64_t *s);

/* ---- results */

enum rx_outcome {
	RX_OUT_NEXT,		/* pc + length is next */
	RX_OUT_JUMP,		/* value is next */
	RX_OUT_FAULT,		/* cause, value: address of an access */
	RX_OUT_NONE,		/* the oracle's answer does not count: value is why */
};

struct rx_result {
	enum rx_outcome outcome;
	unsigned cause;		/* as in mcause */
	uint64_t value;
	uint64_t x[32], f[32];
	uint8_t fcsr;
	uint8_t mem[RX_CASE_MEM];
};

/*
 * What a result changed, as bytes; equal results have equal bytes.
 *	u16	bytes that follow
 *	u8	outcome; bit 7: fcsr follows at the end
 *	u8	cause, then u64 value: of RX_OUT_FAULT; u64 value: of RX_OUT_JUMP
 *	u8	number of changed registers: u8 number (f registers + 32), u64
 *	u8	number of runs of changed memory: u8 offset, u8 length, bytes
 *	u8	fcsr if it changed
 */
#define RX_RESULT_MAX 1024
size_t rx_result_pack(const struct rx_case *c, const struct rx_result *r,
		      uint8_t out[RX_RESULT_MAX]);
/* Bytes that were read, 0: damaged. */
size_t rx_result_unpack(const struct rx_case *c, const uint8_t *in, size_t size,
			struct rx_result *r);

/* Causes, as in mcause */
enum {
	RX_CAUSE_ILLEGAL = 2,
	RX_CAUSE_BREAKPOINT = 3,
	RX_CAUSE_LOAD_MISALIGNED = 4,
	RX_CAUSE_LOAD = 5,
	RX_CAUSE_STORE_MISALIGNED = 6,
	RX_CAUSE_STORE = 7,
};

#endif
