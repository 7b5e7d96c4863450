/* describe.h - what tests of single instructions know of an ISA. SPDX-License-Identifier: MIT
 *
 * Tables of constants, generated (generated/<isa>/harness.c) from the state
 * table, difftest.tbl and the meanings. A *file* is an array of registers; an
 * *image* is all registers that tests load and compare, one file after the
 * other, as bytes in the guest's order (little-endian). Oracles find a file
 * in an image by its name.
 */
#ifndef TESTS_CONF_DESCRIBE_H
#define TESTS_CONF_DESCRIBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/insn.h"

struct rx_isa;

/* What cases put into the registers of a file */
enum conf_fill {
	CONF_GENERAL,		/* integers */
	CONF_FLOAT,		/* IEEE values, boxed */
	CONF_VECTOR,		/* lanes of integers or IEEE values */
	CONF_PREDICATE,		/* a bit per byte or lane */
	CONF_BITS,		/* random ones of `values` */
	CONF_CHOICE,		/* one of choices */
	CONF_TARGET,		/* addresses of code */
	CONF_EXTENDED,		/* values of the x87, 10 bytes of 16 */
};

struct conf_file {
	const char *name;
	uint8_t fill;		/* enum conf_fill */
	uint8_t nchoices;
	uint16_t bytes;		/* of an element */
	uint16_t stride;	/* of an element in the state struct */
	uint16_t count, first;	/* elements: how many, from which of its array on */
	uint8_t array;		/* number of that; files may be parts of one */
	uint32_t at;		/* of element 0 in an image */
	uint32_t offset;	/* of element 0 in the state struct */
	uint64_t fixed;		/* elements (below 64) that are no registers: 0 */
	uint64_t values;	/* CONF_BITS */
	uint8_t aligned, alignment;	/* an element that holds multiples when aimed with */
	const uint64_t *choices;
};

/* Bits of an instruction word, for those that have one */
struct conf_field {
	uint8_t hi, lo;
};

/* `width` bits of an operand: word bit `lo` up, or constant (lo < 0) */
struct conf_part {
	uint8_t width;
	int8_t lo;
	uint32_t value;
};

/* Where an operand is in struct rx_insn, and what it is for. */
struct conf_operand {
	const char *name;
	int8_t array;		/* of a register, -1: a value */
	/* of r[]; -1: in imm ...; -2: nowhere, the register is number `shift` */
	int8_t slot;
	uint8_t shift, width;	/* ... there; width 64: all of it */
	bool read, written;
	uint8_t plus;		/* highest number added to it, for pairs */
	uint8_t format;		/* IEEE format of what is read: 16, 32, 64; 0: none */
	uint64_t unknown;	/* bits of the result that may be anything */
};

/*
 * One part of an address: a register or value, its low `width` bits extended,
 * shifted left, added or subtracted.
 */
struct conf_term {
	int8_t operand;		/* -1: the register is fixed: */
	int8_t array;
	uint8_t element;
	uint8_t width;
	bool is_signed, minus;
	uint8_t shift;
	int8_t shift_by;	/* operand that is added to shift, -1: none */
};

/*
 * A memory access. Its address is the sum of all terms and the constant; the
 * first term is the register that tests aim with.
 */
struct conf_access {
	uint16_t size;		/* bytes */
	bool stores, atomic;
	bool loose;		/* the address is not certain to be this sum */
	uint8_t nterms;
	int64_t constant;
	const struct conf_term *terms;
	const char *part;	/* of an operand of several parts: how it is made; or NULL */
};

/* Bits of a scalar register that may be anything afterwards */
struct conf_unknown {
	uint8_t array, element;
	uint64_t bits;
};

enum conf_flow { CONF_NEXT, CONF_DIRECT, CONF_INDIRECT };

struct conf_insn {
	const char *name, *extension;
	const char *skip;	/* why no oracle can judge it, or NULL */
	const char *partly;	/* what the cases leave out, or NULL */
	const char *vendor;	/* the meaning is a choice of theirs, or NULL */
	const char *choice;	/* which */
	const char *after;	/* instruction that half of its cases put before it */
	uint8_t flow;		/* enum conf_flow */
	int8_t target;		/* CONF_DIRECT: operand that says how far it jumps ... */
	int8_t bias;		/* ... and what is added to that */
	bool fp;		/* has IEEE operations */
	bool alone;		/* in groups: has no companions in tests */
	/* words only; length 0: no word, the ISA's own function makes codes */
	uint8_t length;
	uint32_t mask, match;
	uint8_t nfields, noperands, naccesses;
	uint8_t nchoices, nparts;
	const struct conf_field *fields;
	const struct conf_operand *operands;
	const struct conf_access *accesses;
	uint8_t nunknowns;
	bool unknown_memory;	/* what is stored may be anything */
	const struct conf_unknown *unknowns;
	/* some operand's only values, and where it is in the word */
	const uint64_t *choices;
	const struct conf_part *parts;
};

/* An exception of the ISA (rx_fault.code), as oracles see it: enum conf_cause */
struct conf_fault {
	uint32_t code, mask;	/* of the bits that say which it is */
	uint8_t cause;
	bool address;		/* its value is the address of an access */
};

struct conf_case;

/*
 * Gives registers of a case values for which the access is at ea, if that can
 * be, and other registers those that the instruction needs. Returns where it is.
 */
typedef uint64_t conf_aim(struct conf_case *c, const struct rx_insn *i,
			  const struct conf_access *a, uint64_t ea, uint64_t *s);

/* Makes registers, and memory that the case has its own values for, fit each
 * other and the instruction; comes last. */
typedef void conf_settle(struct conf_case *c, const struct rx_insn *i, uint64_t *s);

struct conf_isa {
	const char *name;
	const struct rx_isa *isa;
	unsigned nfiles, ninsns;
	const struct conf_file *files;
	const struct conf_insn *insns;	/* insns[k] has id k + 1 */
	uint32_t image;			/* bytes, a multiple of 8 */
	uint32_t base;			/* address of what cases use (tests/conf/case.h) */
	uint32_t page;			/* bytes, of what oracles can leave out of memory */
	uint32_t mode_key;		/* that cases are decoded under */
	bool lenient;			/* oracles do misaligned accesses that fault */
	bool valid;			/* all words of cases are instructions */
	bool grouped;			/* instructions come in groups (core/group.h) */
	bool wide;			/* addresses have 64 bits */
	conf_aim *aim;			/* accesses with a part, or NULL */
	conf_settle *settle;		/* or NULL */
	uint32_t fill;			/* four bytes, in the page of code before a case's */
	unsigned nfaults;
	const struct conf_fault *faults;
};

extern const struct conf_isa rg_a64_conf,
	rg_a64_sme_conf, rg_a64_streaming_conf, rg_a64_sve_conf, rg_hexagon_conf, rg_rv64_conf,
	rg_t32_conf, rg_x86_conf, rg_x86_32_conf, rg_x86_16_conf;

/* NULL: there is no such file. */
const struct conf_file *conf_file(const struct conf_isa *isa, const char *name);

#endif
