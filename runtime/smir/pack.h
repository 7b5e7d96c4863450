/* pack.h - functions of one block in few bytes. SPDX-License-Identifier: MIT */
#ifndef RX_SMIR_PACK_H
#define RX_SMIR_PACK_H

#include "smir/smir.h"

/*
 * Writes at most `room` bytes and returns how many; 0: that is too few, or it is no
 * such function. It is one if it has one block and no tables, and if its values are
 * numbered as its operations stand, which is how a lifter and the pass "dead" leave them.
 * Its guest instructions are not written.
 */
size_t rx_smir_pack(const struct rx_smir_fn *f, uint8_t *to, size_t room);
/* The function again, of these instructions; f->error: no memory. */
void rx_smir_unpack(struct rx_smir_fn *f, const struct rx_isa *isa, const uint8_t *from,
		    const struct rx_insn *insns);

#endif
