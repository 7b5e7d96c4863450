/* group.h - lifting of groups: effects wait for the group's end. SPDX-License-Identifier: MIT
 *
 * While a group (core/group.h) is lifted, its members' lifters read registers
 * as they were before it (or as it leaves them), and what they write, store and
 * branch to is kept here as values. The end emits it: stores, then puts, then
 * exits. So a fault of any member undoes the group, and nothing is a shadow in
 * the guest's state.
 *
 * cond: the condition of an effect, an i1; 0: it is there always. A member's
 * control flow is made of such conditions; only accesses to memory branch.
 */
#ifndef RX_SMIR_GROUP_H
#define RX_SMIR_GROUP_H

#include "smir/build.h"

/* What several writes of a group leave, and who sees them. */
enum rx_smir_how {
	RX_SMIR_LAST,	/* the last one */
	RX_SMIR_AND,	/* all of them, combined */
	RX_SMIR_OR,
	RX_SMIR_CUR,	/* likewise the last, which members read at once */
	RX_SMIR_TMP,	/* likewise, and the group's end forgets it */
};

/* A register as members see it: old, or what it will be. */
rx_sv rx_smir_group_old(struct rx_smir_fn *f, enum rx_smir_type type, size_t offset);
rx_sv rx_smir_group_new(struct rx_smir_fn *f, enum rx_smir_type type, size_t offset);
void rx_smir_group_put(struct rx_smir_fn *f, enum rx_smir_type type, size_t offset,
		       rx_sv v, rx_sv cond, enum rx_smir_how how);
/* Sees the stores of members that were lifted before. 0 where cond is false. */
rx_sv rx_smir_group_load(struct rx_smir_fn *f, enum rx_smir_type type, rx_sv addr,
			 unsigned flags, rx_sv cond);
void rx_smir_group_store(struct rx_smir_fn *f, enum rx_smir_type type, rx_sv addr,
			 rx_sv v, unsigned flags, rx_sv cond);
/* n values that follow each other, RX_SMIR_PARTS at most; their addresses do not wrap. */
void rx_smir_group_stores(struct rx_smir_fn *f, enum rx_smir_type type, rx_sv addr,
			  unsigned n, const rx_sv *v, unsigned flags, rx_sv cond);
#define RX_SMIR_PARTS 4
/* The first one that is taken counts. */
void rx_smir_group_exit(struct rx_smir_fn *f, rx_sv target, rx_sv cond);
/* Is a member with this condition behind another one? */
rx_sv rx_smir_both(struct rx_smir_fn *f, rx_sv a, rx_sv b);

/*
 * Lifts a whole group. lifters: of members, by id; NULL: it has none, and the
 * group is a call of its executor, as it is where members do what cannot be put
 * together here.
 */
void rx_smir_lift_group(struct rx_smir_fn *f, const struct rx_insn *i,
			void (*const *lifters)(struct rx_smir_fn *f,
					       const struct rx_insn *i));

#endif
