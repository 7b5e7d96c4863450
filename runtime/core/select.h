/* select.h - choosing fast handlers from generated tables. SPDX-License-Identifier: MIT
 *
 * The generator emits one row for each fast handler, plain or fused, sorted
 * by the canonical ids of its records: encodings with the same fast handlers
 * count as the first of them. Rows of the same ids are in order of preference.
 */
#ifndef RX_CORE_SELECT_H
#define RX_CORE_SELECT_H

#include <stdint.h>

#include "core/insn.h"

#define RX_SELECT_MAX 4		/* records of a fused handler */
#define RX_SELECT_IMM 4		/* rx_select_test.place: imm, else r[place] */

/* Record k must hold value at place; value RX_SELECT_ANY: no test. */
#define RX_SELECT_ANY 0xff
struct rx_select_test {
	uint8_t place, value;
};

/* r[to - 1] of record k must be r[from] of record k - 1; to 0: no test. */
struct rx_select_link {
	uint8_t to, from;
};

struct rx_select_row {
	rx_handler *handler;
	uint32_t keys;			/* bits that mode_key must have */
	uint16_t second;		/* canonical id of record 1; 0: a plain handler */
	uint16_t more[RX_SELECT_MAX - 2];
	uint8_t used;
	struct rx_select_test test[RX_SELECT_MAX];
	struct rx_select_link link[RX_SELECT_MAX - 1];	/* of records 1.. */
};

struct rx_select_table {
	const uint16_t *canon;		/* [ninsns]; 0: no fast handler */
	const uint32_t *first;		/* [ninsns + 1]: rows of a canonical id */
	const struct rx_select_row *rows;
};

/* isa->select for these tables. */
rx_handler *rx_select(const struct rx_select_table *t, const struct rx_insn *i,
		      unsigned n, uint32_t mode_key, unsigned *used);

#endif
