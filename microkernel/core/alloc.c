/* alloc.c - a first-fit allocator and its test. SPDX-License-Identifier: MIT
 *
 * Blocks lie one after the other in the arena; a head holds the block's size
 * and whether it is in use. Free neighbours are joined while searching.
 */
#include "mk.h"

enum { ARENA = 256 * 1024, UNIT = 16, SLOTS = 256, ROUNDS = 20000 };

struct head {
	uint64_t size; /* with the head, a multiple of UNIT */
	uint64_t used;
};

static uint8_t arena[ARENA] __attribute__((aligned(UNIT)));

static struct head *head_at(size_t at)
{
	return (struct head *)(void *)(arena + at);
}

static void alloc_reset(void)
{
	head_at(0)->size = ARENA;
	head_at(0)->used = 0;
}

/* Joins the free blocks that follow the free block at `at`. */
static void join(size_t at)
{
	struct head *h = head_at(at);

	while (at + h->size < ARENA && !head_at(at + h->size)->used)
		h->size += head_at(at + h->size)->size;
}

static void *alloc(size_t size)
{
	size_t need = (size + sizeof(struct head) + UNIT - 1) / UNIT * UNIT;
	size_t at;

	for (at = 0; at < ARENA; at += head_at(at)->size) {
		struct head *h = head_at(at);

		if (h->used)
			continue;
		join(at);
		if (h->size < need)
			continue;
		if (h->size > need) {
			head_at(at + need)->size = h->size - need;
			head_at(at + need)->used = 0;
			h->size = need;
		}
		h->used = 1;
		return h + 1;
	}
	return NULL;
}

static void release(void *p)
{
	((struct head *)p - 1)->used = 0;
}

struct slot {
	uint8_t *p;
	uint64_t size;
	uint8_t fill;
};

/* Bytes of a slot that do not hold what was written. */
static unsigned spoiled(const struct slot *s)
{
	unsigned bad = 0;
	uint64_t i;

	for (i = 0; i < s->size; i++)
		bad += s->p[i] != (uint8_t)(s->fill + i);
	return bad;
}

static void fill(struct slot *s, uint64_t number)
{
	uint64_t i;

	s->size = 1 + number % (number & 64 ? 6000 : 300);
	s->fill = (uint8_t)(number >> 32);
	s->p = alloc(s->size);
	if (s->p == NULL)
		return;
	for (i = 0; i < s->size; i++)
		s->p[i] = (uint8_t)(s->fill + i);
}

unsigned mk_alloc_test(void)
{
	static struct slot slots[SLOTS];
	uint64_t state = UINT64_C(88172645463325252), sum = 0;
	uint64_t made = 0, refused = 0;
	unsigned wrong = 0, i;

	alloc_reset();
	for (i = 0; i < ROUNDS; i++) {
		uint64_t number = mk_random(&state);
		struct slot *s = &slots[number >> 48 & (SLOTS - 1)];

		if (s->p != NULL) {
			wrong += spoiled(s);
			release(s->p);
			s->p = NULL;
			continue;
		}
		fill(s, number);
		if (s->p == NULL) {
			refused++;
			continue;
		}
		made++;
		sum = mk_mix(sum, (uint64_t)(s->p - arena));
	}
	for (i = 0; i < SLOTS; i++) {
		if (slots[i].p != NULL) {
			wrong += spoiled(&slots[i]);
			release(slots[i].p);
		}
	}
	mk_puts("allocated ");
	mk_decimal(made);
	mk_puts(", refused ");
	mk_decimal(refused);
	mk_result("\nplaces", sum);
	join(0);
	mk_puts("one free block at the end: ");
	mk_puts(head_at(0)->size == ARENA ? "yes\n" : "no\n");
	return wrong + (head_at(0)->size != ARENA);
}
