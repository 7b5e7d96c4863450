/* select.c - choosing fast handlers from generated tables. SPDX-License-Identifier: MIT */
#include "core/select.h"

#include <stdbool.h>
#include <stddef.h>

static bool holds(const struct rx_select_table *t, const struct rx_select_row *row,
		  const struct rx_insn *i, uint32_t mode_key)
{
	if ((mode_key & row->keys) != row->keys)
		return false;
	for (unsigned k = 2; k < row->used; k++)
		if (t->canon[i[k].id] != row->more[k - 2])
			return false;
	for (unsigned k = 1; k < row->used; k++) {
		const struct rx_select_link *l = &row->link[k - 1];

		if (l->to && i[k].r[l->to - 1] != i[k - 1].r[l->from])
			return false;
	}
	for (unsigned k = 0; k < row->used; k++) {
		const struct rx_select_test *s = &row->test[k];

		if (s->value != RX_SELECT_ANY &&
		    (s->place == RX_SELECT_IMM ? i[k].imm : i[k].r[s->place]) != s->value)
			return false;
	}
	return true;
}

/* The first of rows [lo, hi) that has this second id or a greater one. */
static uint32_t lower(const struct rx_select_row *rows, uint32_t lo, uint32_t hi,
		      uint16_t second)
{
	while (lo < hi) {
		const uint32_t mid = lo + (hi - lo) / 2;

		if (rows[mid].second < second)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static rx_handler *among(const struct rx_select_table *t, const struct rx_insn *i,
			 unsigned n, uint32_t mode_key, uint16_t second, unsigned *used)
{
	const uint16_t id = t->canon[i[0].id];
	const uint32_t end = t->first[id + 1];

	for (uint32_t k = lower(t->rows, t->first[id], end, second);
	     k < end && t->rows[k].second == second; k++)
		if (t->rows[k].used <= n && holds(t, &t->rows[k], i, mode_key)) {
			*used = t->rows[k].used;
			return t->rows[k].handler;
		}
	return NULL;
}

rx_handler *rx_select(const struct rx_select_table *t, const struct rx_insn *i,
		      unsigned n, uint32_t mode_key, unsigned *used)
{
	rx_handler *found = NULL;

	if (!t->canon[i[0].id])
		return NULL;
	if (n > 1 && t->canon[i[1].id])
		found = among(t, i, n, mode_key, t->canon[i[1].id], used);
	return found ? found : among(t, i, n, mode_key, 0, used);
}
