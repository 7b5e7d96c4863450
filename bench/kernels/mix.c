/* mix.c - records, strings, lists, small matrices, a state machine, in the
 * manner of Dhrystone and CoreMark. SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <string.h>

#include "bench.h"

enum { ITEMS = 48, SIDE = 10, TEXT = 64 };

struct item {
	struct item *next;
	int32_t key;
	int32_t kind;
	char name[24];
};

static struct item pool[ITEMS];
static int16_t ma[SIDE][SIDE], mb[SIDE][SIDE];
static int32_t mc[SIDE][SIDE];

static __attribute__((noinline)) struct item *list_reverse(struct item *list)
{
	struct item *out = NULL;

	while (list != NULL) {
		struct item *next = list->next;

		list->next = out;
		out = list;
		list = next;
	}
	return out;
}

static __attribute__((noinline)) struct item *list_merge(struct item *a,
							 struct item *b)
{
	struct item head = { NULL }, *tail = &head;

	while (a != NULL && b != NULL) {
		struct item **least = a->key <= b->key ? &a : &b;

		tail->next = *least;
		tail = *least;
		*least = tail->next;
	}
	tail->next = a != NULL ? a : b;
	return head.next;
}

static struct item *list_sort(struct item *list)
{
	struct item *half = list, *end;

	if (list == NULL || list->next == NULL)
		return list;
	for (end = list->next; end != NULL && end->next != NULL;
	     end = end->next->next)
		half = half->next;
	end = half->next;
	half->next = NULL;
	return list_merge(list_sort(list), list_sort(end));
}

static const struct item *list_find(const struct item *list, const char *name)
{
	while (list != NULL && strcmp(list->name, name) != 0)
		list = list->next;
	return list;
}

static __attribute__((noinline)) void matrix_multiply(void)
{
	int i, j, k;

	for (i = 0; i < SIDE; i++) {
		for (j = 0; j < SIDE; j++) {
			int32_t sum = 0;

			for (k = 0; k < SIDE; k++)
				sum += ma[i][k] * mb[k][j];
			mc[i][j] = sum;
		}
	}
}

/* Counts the numbers in a text: integers, decimals and what is neither. */
static __attribute__((noinline)) uint64_t scan(const char *text)
{
	enum { START, SIGN, INTEGER, FRACTION, INVALID } state = START;
	uint64_t counts[5] = { 0 };

	for (;; text++) {
		char c = *text;

		if (c == ',' || c == '\0') {
			counts[state]++;
			state = START;
			if (c == '\0')
				break;
		} else if (c >= '0' && c <= '9') {
			if (state < INTEGER)
				state = INTEGER;
		} else if (c == '+' || c == '-') {
			state = state == START ? SIGN : INVALID;
		} else if (c == '.') {
			state = state <= INTEGER ? FRACTION : INVALID;
		} else {
			state = INVALID;
		}
	}
	return counts[INTEGER] | counts[FRACTION] << 8 | counts[INVALID] << 16;
}

static uint16_t crc16(uint16_t crc, uint32_t value)
{
	int i;

	for (i = 0; i < 16; i++, value >>= 1)
		crc = (uint16_t)((crc ^ value) & 1 ? crc >> 1 ^ 0xa001 :
						     crc >> 1);
	return crc;
}

static void make_name(char *out, uint32_t number)
{
	static const char prefix[] = "item number ";
	char digits[12];
	unsigned n = 0;

	strcpy(out, prefix);
	out += sizeof(prefix) - 1;
	do {
		digits[n++] = (char)('0' + number % 10);
		number /= 10;
	} while (number != 0);
	while (n > 0)
		*out++ = digits[--n];
	*out = '\0';
}

uint64_t bench_run(uint64_t work)
{
	static const char *const words[] = { "12", "-7.5", "+99", "1e5",
					     ".25", "x9", "4096", "--3" };
	uint64_t state = 88172645463325252u, sum = 0, i;
	uint16_t crc = 0;
	unsigned k;

	for (i = 0; i < work; i++) {
		uint64_t r = bench_random(&state);
		struct item *list = NULL;
		char name[24], text[TEXT] = "";

		for (k = 0; k < ITEMS; k++) {
			pool[k].next = list;
			pool[k].key = (int32_t)((r >> k % 16) * 40503u >> 7 & 1023);
			pool[k].kind = (int32_t)(k & 3);
			make_name(pool[k].name, k);
			list = &pool[k];
		}
		list = list_sort(list_reverse(list));
		make_name(name, (uint32_t)(r & 31));
		sum += (uint64_t)list_find(list, name)->key;
		for (k = 0; k < SIDE * SIDE; k++) {
			ma[k / SIDE][k % SIDE] = (int16_t)(r >> k % 48);
			mb[k % SIDE][k / SIDE] = (int16_t)(r >> k % 44);
		}
		matrix_multiply();
		for (k = 0; k < 8; k++) {
			strcat(text, words[r >> 3 * k & 7]);
			strcat(text, ",");
		}
		sum = bench_mix(sum, scan(text));
		for (k = 0; k < SIDE; k++)
			crc = crc16(crc, (uint32_t)mc[k][SIDE - 1 - k]);
	}
	return bench_mix(sum, crc);
}
