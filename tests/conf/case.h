/* case.h - a test case of one instruction, and its result. SPDX-License-Identifier: MIT
 *
 * A case is made from (instruction, index, seed), the same on every machine.
 * Recordings keep its bytes of code and the result; the state before is made
 * again from these. So a recording stays valid when the decoder learns more.
 */
#ifndef TESTS_CONF_CASE_H
#define TESTS_CONF_CASE_H

#include "tests/conf/describe.h"

/* ---- where things are: addresses fit 32 bits, all else is a hole */

#define CONF_CODE(isa) ((uint64_t)(isa)->base)	/* a page; the next is a hole */
#define CONF_DATA(isa) (CONF_CODE(isa) + 0x400000)	/* the window, holes around it */
#define CONF_HOLE(isa) (CONF_CODE(isa) + 0x10000000)	/* more of nothing */
#define CONF_HOLE_SIZE 0x10000000
#define CONF_CODE_MAX 40	/* bytes of a case's code */
#define CONF_PATCHES 4
#define CONF_PATCH_MAX 512

static inline uint64_t conf_code_end(const struct conf_isa *isa)
{
	return CONF_CODE(isa) + isa->page;
}

/* Two pages; one where they are large. */
static inline uint32_t conf_data_size(const struct conf_isa *isa)
{
	return isa->page > 0x2000 ? isa->page : 0x2000;
}

/* Bytes of the window that a case has its own values for */
struct conf_patch {
	uint32_t at, size;	/* offset in the window */
};

struct conf_case {
	const struct conf_isa *isa;
	const struct conf_insn *insn;
	uint64_t index, seed;
	uint8_t code[CONF_CODE_MAX];	/* ends at conf_code_end() */
	uint8_t length;			/* of all of it */
	uint8_t units;			/* instructions, or packets */
	bool valid;			/* false: reserved, illegal */
	uint64_t pc;
	uint64_t ea;			/* of the first access, 0: none */
	bool misaligned;		/* some access is */
	bool loose;			/* some access may be elsewhere */
	bool elsewhere;			/* some access is to neither window nor hole */
	bool changes_code;		/* some access is to the page of code */
	unsigned outside;		/* accesses that the window has not all bytes of */
	unsigned npatches;
	struct conf_patch patch[CONF_PATCHES];
	uint8_t *mem;			/* conf_data_size() bytes */
	uint8_t *state;			/* isa->image bytes */
	uint8_t *background;		/* the window without patches */
};

/* How instructions that are no single word get their bytes: code, length,
 * units and valid. False: there are none for this index. */
typedef bool conf_coder(struct conf_case *c, uint64_t *s);

/* False: no memory. */
bool conf_case_init(struct conf_case *c, const struct conf_isa *isa);
void conf_case_fini(struct conf_case *c);
/* Cases of an instruction that enumerate fields and a fixed number of random
 * ones; indices beyond are random ones, too. */
unsigned conf_case_count(const struct conf_insn *d);
/* All of a case. coder: NULL for words. False: no code was found. */
bool conf_case_make(struct conf_case *c, const struct conf_insn *d,
		    uint64_t index, uint64_t seed, conf_coder *coder);
/* The same of given code. */
void conf_case_remake(struct conf_case *c, const struct conf_insn *d,
		      uint64_t index, uint64_t seed, const uint8_t *code,
		      unsigned length);
/* Mixes a case into a hash. */
uint64_t conf_case_hash(const struct conf_case *c, uint64_t hash);
/* What all windows hold before patches. */
void conf_background(uint8_t *window, uint32_t size);
/*
 * Instructions of the last unit of the code, decoded: one, or the members of a
 * group (core/group.h). Their number; 0: the code is illegal.
 */
unsigned conf_case_members(const struct conf_case *c,
			   struct rx_insn i[RX_INSN_RECORDS]);
/* The one that the case is about, or the first: its id, 0: illegal. */
unsigned conf_case_decode(const struct conf_case *c, struct rx_insn *i);

/* ---- results */

enum conf_outcome {
	CONF_OUT_NEXT,		/* behind all of the code */
	CONF_OUT_JUMP,		/* value is next */
	CONF_OUT_FAULT,		/* cause; value: address of an access (CONF_BEHIND: pc); at */
	CONF_OUT_NONE,		/* the oracle's answer does not count: value is why */
};

#define CONF_BEHIND 255	/* conf_result.at of a trap behind the instruction */

enum conf_cause {
	CONF_ILLEGAL = 1,
	CONF_TRAP,		/* breakpoint, single step */
	CONF_CALL,		/* system call */
	CONF_ACCESS,		/* nothing there */
	CONF_MISALIGNED,
	CONF_ARITHMETIC,	/* integer division, IEEE exception */
	CONF_PROTECTION,	/* x86: #GP and #SS without an address */
	CONF_CAUSES,
};
extern const char *const conf_causes[CONF_CAUSES];

struct conf_result {
	uint8_t outcome;	/* enum conf_outcome */
	uint8_t cause;		/* enum conf_cause */
	uint8_t at;		/* offset in the code of what faults */
	uint64_t value;
	uint8_t *state;		/* isa->image bytes */
	uint8_t *mem;		/* conf_data_size() bytes */
};

bool conf_result_init(struct conf_result *r, const struct conf_isa *isa);
void conf_result_fini(struct conf_result *r);
/* Clears what may be anything: UNKNOWN bits of registers, elements that are
 * no registers. Both sides of a comparison need it. */
void conf_result_mask(const struct conf_case *c, struct conf_result *r);

/*
 * Code and what a result changed, as bytes; equal results have equal bytes.
 *	u16	bytes that follow
 *	u8	length of code, then it
 *	u8	outcome; bit 7: only a hash of the changes follows, as a u64
 *	u8 u8 u64  cause, at, value: of CONF_OUT_FAULT; u64 value: of a jump
 *	runs of changed bytes of the image, then of the window, each run
 *	u8 skipped, u8 count, bytes; skipped 255: 255 and no run; ends by 0 0
 */
#define CONF_PACK_MAX 4096
size_t conf_pack(const struct conf_case *c, const struct conf_result *r,
		 uint8_t out[CONF_PACK_MAX]);
/* The code of a packed result. Bytes of the result, 0: damaged. */
size_t conf_peek(const uint8_t *in, size_t size, const uint8_t **code,
		 unsigned *length);
/* What a packed result says. *hashed: state and memory are not in it. */
bool conf_unpack(const struct conf_case *c, const uint8_t *in, size_t size,
		 struct conf_result *r, bool *hashed);

#endif
