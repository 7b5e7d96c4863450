/* group.h - instructions that commit together: packets. SPDX-License-Identifier: MIT */
#ifndef RX_CORE_GROUP_H
#define RX_CORE_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/asmtext.h"
#include "core/insn.h"

struct rx_smir_fn;

/*
 * To the engines a group is one instruction: its decoder fills a header record
 * (RX_GROUP_HEAD) and behind it one record a member, RX_INSN_RECORDS at most.
 * The header's r[0] is the number of members, imm their order of execution:
 * four bits each, lowest first, 1 is the first member. r[1] and r[2] (the high
 * byte) say how many records behind the header that one is: 1 as decoded; in a
 * block headers follow each other. Members have the pc and len of their group,
 * and RX_GROUP_EXTENDED in `left`.
 *
 * Members read the state as it was before the group, and write to shadows (the
 * fields F_new and F_set of a state register F, see gen/back/regs), which the
 * group's end commits. A branch is taken at the end; the first one counts.
 */
enum { RX_GROUP_EXTENDED = 1 };

/* Member k, in the order of the words. */
static inline const struct rx_insn *rx_group_member(const struct rx_insn *i, unsigned k)
{
	return i + (i->r[1] | (unsigned)i->r[2] << 8) + k;
}

/* Its members are so many records behind the header at i. */
static inline void rx_group_place(struct rx_insn *i, unsigned records)
{
	i->r[1] = (uint8_t)records;
	i->r[2] = (uint8_t)(records >> 8);
}

/* What a group has done so far; member `group` of the state struct. */
struct rx_group {
	bool taken;
	uint64_t target;
};

static inline void rx_group_branch(struct rx_group *g, uint64_t target)
{
	if (g->taken)
		return;
	g->taken = true;
	g->target = target;
}

/*
 * Reads and writes of register n of state register f, which is a name: the
 * old value, the new one, a write that is the last, one that is combined with
 * others of the group. A pair is elements n (its lower half) and n + 1.
 */
#define RX_GROUP_OLD(c, f, n) ((c)->f[n])
#define RX_GROUP_NEW(c, f, n) \
	((c)->f##_set >> (n) & 1 ? (c)->f##_new[n] : (c)->f[n])
#define RX_GROUP_OLD_PAIR(c, f, n) \
	((uint64_t)(c)->f[(n) + 1] << 8 * sizeof((c)->f[0]) | (c)->f[n])
#define RX_GROUP_NEW_PAIR(c, f, n) \
	((uint64_t)RX_GROUP_NEW(c, f, (n) + 1) << 8 * sizeof((c)->f[0]) | \
	 RX_GROUP_NEW(c, f, n))
#define RX_GROUP_LAST(c, f, n, v) \
	((c)->f##_new[n] = (__typeof__((c)->f[0]))(v), \
	 (void)((c)->f##_set |= UINT64_C(1) << (n)))
#define RX_GROUP_MERGE(c, f, n, v, op) \
	((c)->f##_new[n] = (__typeof__((c)->f[0]))((c)->f##_set >> (n) & 1 ? \
	 (c)->f##_new[n] op (v) : (v)), (void)((c)->f##_set |= UINT64_C(1) << (n)))
#define RX_GROUP_AND(c, f, n, v) RX_GROUP_MERGE(c, f, n, v, &)
#define RX_GROUP_OR(c, f, n, v) RX_GROUP_MERGE(c, f, n, v, |)
#define RX_GROUP_LAST_PAIR(c, f, n, v) \
	do { \
		const uint64_t pair_ = (v); \
		RX_GROUP_LAST(c, f, n, pair_); \
		RX_GROUP_LAST(c, f, (n) + 1, pair_ >> 8 * sizeof((c)->f[0])); \
	} while (0)

/* A pair of vectors of which one is read as its group writes it, the other as it was:
 * they do not lie together, and are put together here. */
struct rx_group_vectors {
	_Alignas(64) uint8_t b[256];
};

/* Registers n .. n + count - 1 of a file; seen: those that are read from `now`. */
static inline uint8_t *rx_group_vectors(struct rx_group_vectors *to, uint8_t *old,
					uint8_t *now, uint64_t seen, unsigned n,
					unsigned count, size_t bytes)
{
	const uint64_t all = (UINT64_C(1) << count) - 1, bits = seen >> n & all;

	if (!bits || bits == all)
		return (bits ? now : old) + n * bytes;
	for (unsigned k = 0; k < count && (k + 1) * bytes <= sizeof(to->b); k++)
		memcpy(to->b + k * bytes, (bits >> k & 1 ? now : old) + (n + k) * bytes, bytes);
	return to->b;
}

/* Registers of a member, `count` of a state register: the r[] slot that names the
 * first, or its number (slot RX_MEMBER_FIXED). */
struct rx_member_reg {
	uint8_t cls, slot, number, count;
	bool maybe;		/* it is written under a condition */
	bool once;		/* no other member writes it, but under another one */
};
#define RX_MEMBER_FIXED 254
#define RX_MEMBER_NONE 255

enum {
	RX_MEMBER_MEMORY = 1,	/* keeps its place among accesses to memory */
	RX_MEMBER_BRANCH = 2,	/* keeps its place among branches */
	RX_MEMBER_SHORT = 4,	/* has no word of its own */
	RX_MEMBER_MUST = 8,	/* there is always an extender */
	RX_MEMBER_SIGNED = 16,	/* of the extended operand */
	RX_MEMBER_STORE = 32,
	RX_MEMBER_SOLO = 64,	/* nothing else is in its group */
	RX_MEMBER_FIRST = 128,	/* runs before the others */
	RX_MEMBER_LATE = 256,	/* nobody reads what it writes as a new value */
	RX_MEMBER_VECTOR = 512,	/* it has vectors: new ones count among such members only */
	RX_MEMBER_NOT = 1024,	/* its guard is a register without bit 0 */
	RX_MEMBER_MAYBE = 2048,	/* it branches under a condition */
};

#define RX_MEMBER_WRITES 8
#define RX_MEMBER_FRESH 3

/* What a group has to know of an instruction, by id; generated. */
struct rx_member {
	uint16_t flags;
	uint8_t slots;		/* mask of places that it may take; 0: any */
	/* the operand that an extender replaces: bits of imm, low bits that
	 * the field does not hold; width 0: none */
	uint8_t shift, width, scale;
	/* r[] slot that names the producer of a register of state cls */
	uint8_t producer, cls;
	uint16_t is, apart;	/* kinds of members: its own, that do not stand beside it */
	uint8_t empty;		/* mask of places that nobody takes beside it */
	uint8_t units[4];	/* it needs one of these sets for itself; 0: none */
	struct rx_member_reg guard;	/* no slot: none */
	struct rx_member_reg writes[RX_MEMBER_WRITES];	/* the main one first */
	struct rx_member_reg fresh[RX_MEMBER_FRESH];	/* read as the group leaves them */
};

struct rx_group_bits {
	uint8_t lo, width;
};

/* Words of a kind of pair: what stands above the halves, for the word decoder. */
struct rx_group_pair {
	bool known;
	uint32_t above[2];
};

/* Appends a member that has no word; second < 0: any. */
struct rx_group_tail {
	uint32_t word;
	uint8_t first;
	int8_t second;
};

/* All that tells groups from words; generated from the packet rules. */
struct rx_group_rules {
	unsigned unit, most;			/* bytes of a word, words */
	struct rx_group_bits parse;
	unsigned end, pair;			/* values of the parse bits */
	unsigned extender, keeps;		/* id; low bits that stay */
	unsigned branches;			/* at most so many members */
	struct rx_group_bits kind[2], halves[2];
	const struct rx_group_pair *pairs;	/* by kind */
	const struct rx_group_tail *tails;
	unsigned ntails;
	unsigned head;				/* id of groups */
	const struct rx_member *members;	/* by id */
	unsigned (*decode)(uint32_t mode_key, const uint8_t *code,
			   unsigned avail, struct rx_insn *i);
	const struct rx_asm_parser *parser;
};

/*
 * Decodes a group into i[0..RX_INSN_RECORDS-1]; i->pc is set. Like struct
 * rx_isa's decode. A group with anything wrong is one illegal instruction.
 */
unsigned rx_group_decode(const struct rx_group_rules *r, uint32_t mode_key,
			 const uint8_t *code, unsigned avail, struct rx_insn *i);
/*
 * Do n members in this order fit slots that go down from the first to the last,
 * and is there a unit for each?
 * The last one that accesses memory is in slot 0, another one in slot 1; the
 * halves of a pair, if there is one, are the last two.
 */
bool rx_group_fits(const struct rx_group_rules *r, const uint16_t *id, unsigned n,
		   bool paired);
/*
 * Runs the members at i; RX_FAULT: one of them faulted, and the caller drops
 * what waits.
 */
RX_CHECK enum rx_exec rx_group_run(struct rx_cpu *cpu, const struct rx_insn *i,
				   rx_executor *const *exec);
/* Text of a group, one member behind the other in braces; like rx_asm_print(). */
int rx_group_print(const struct rx_group_rules *r, const struct rx_insn *i,
		   char *buf, size_t size);
/*
 * Assembles a group, `{ a; b }`, or one instruction without braces. Members
 * are put into an order that their slots allow. See rx_asm_parse().
 */
RAX_MUST_CHECK rax_status rx_group_parse(const struct rx_group_rules *r,
					 const char *text, uint8_t *out,
					 unsigned *len, rax_error *err);

#endif
