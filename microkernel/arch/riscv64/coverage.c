/* coverage.c - runs every routine of coverage.S over many operands. SPDX-License-Identifier: MIT */
#include "core/mk.h"
#include "traps.h"

struct cover {
	const char *name;
	void (*routine)(void);
};

extern const struct cover cover_int_start[], cover_int_end[];
extern const struct cover cover_mem_start[], cover_mem_end[];
extern const struct cover cover_amo_start[], cover_amo_end[];
extern const struct cover cover_single_start[], cover_single_end[];
extern const struct cover cover_double_start[], cover_double_end[];

uint64_t cover_call(void (*routine)(void), uint64_t a, uint64_t b);
uint64_t cover_call_fp(void (*routine)(void), uint64_t a, uint64_t b,
		       uint64_t c, uint64_t rounding, uint64_t *flags);

static const uint64_t integers[] = {
	0, 1, 2, 31, 63, 64, 0x7f, 0x80, 0xffff, 0x7fffffff, 0x80000000,
	0xffffffff, 0x100000000, 0x123456789abcdef0, 0x7fffffffffffffff,
	0x8000000000000000, 0xffffffff80000000, 0xfffffffffffffffe,
	0xffffffffffffffff,
};

#define BOX(bits) (0xffffffff00000000 | (bits))

static const uint64_t singles[] = {
	BOX(0x00000000), BOX(0x80000000), /* zeros */
	BOX(0x00000001), BOX(0x807fffff), /* subnormal */
	BOX(0x00800000), BOX(0x3f800000), /* least normal, 1 */
	BOX(0xbf800001), BOX(0x40490fdb), /* below -1, pi */
	BOX(0xc2f6e979), BOX(0x4b7fffff), /* -123.456, 2^24 - 1 */
	BOX(0x4f000000), BOX(0xdf000000), /* 2^31, -2^63 */
	BOX(0x7f7fffff), BOX(0x7f800000), /* greatest, infinity */
	BOX(0xff800000), BOX(0x7fc00000), /* -infinity, quiet NaN */
	BOX(0xff800001), BOX(0x40200000), /* signalling NaN, 2.5 */
	0x000000003f800000,		  /* not boxed: taken as NaN */
};

static const uint64_t doubles[] = {
	0x0000000000000000, 0x8000000000000000, /* zeros */
	0x0000000000000001, 0x800fffffffffffff, /* subnormal */
	0x0010000000000000, 0x3ff0000000000000, /* least normal, 1 */
	0xbff0000000000001, 0x400921fb54442d18, /* below -1, pi */
	0xc05edd2f1a9fbe77, 0x4340000000000000, /* -123.456, 2^53 */
	0x41dfffffffe00000, 0xc3e0000000000000, /* 2^31 - 0.5, -2^63 */
	0x36a0000000000000, 0x47efffffe0000000, /* limits of single */
	0x7fefffffffffffff, 0x7ff0000000000000, /* greatest, infinity */
	0xfff0000000000000, 0x7ff8000000000000, /* -infinity, quiet NaN */
	0xfff0000000000001, 0x4004000000000000, /* signalling NaN, 2.5 */
};

enum {
	INTEGERS = sizeof(integers) / sizeof(*integers),
	SINGLES = sizeof(singles) / sizeof(*singles),
	DOUBLES = sizeof(doubles) / sizeof(*doubles),
	BUFFER = 64,
};

static void cover_integers(void)
{
	const struct cover *c;
	unsigned i, j;

	for (c = cover_int_start; c < cover_int_end; c++) {
		uint64_t sum = 1;

		for (i = 0; i < INTEGERS; i++)
			for (j = 0; j < INTEGERS; j++)
				sum = mk_mix(sum, cover_call(c->routine, integers[i],
							     integers[j]));
		mk_result(c->name, sum);
	}
}

/* Two pages, so that accesses cross from one into the other. */
static uint8_t pages[8192] __attribute__((aligned(4096)));

/* Runs one routine at an address and folds its result and the buffer. */
static uint64_t cover_at(const struct cover *c, uint8_t *buffer,
			 unsigned offset, uint64_t value, uint64_t sum)
{
	unsigned i;

	for (i = 0; i < BUFFER; i++)
		buffer[i] = (uint8_t)(i * 37 + 0x85);
	sum = mk_mix(sum, cover_call(c->routine, (uint64_t)(buffer + offset),
				     value));
	for (i = 0; i < BUFFER; i++)
		sum = mk_mix(sum, buffer[i]);
	return sum;
}

static void cover_memory(const struct cover *start, const struct cover *end,
			 unsigned step)
{
	const struct cover *c;
	unsigned offset, j;

	for (c = start; c < end; c++) {
		uint64_t sum = 1;

		for (offset = 16; offset < 40; offset += step)
			for (j = 0; j < INTEGERS; j += 3)
				sum = cover_at(c, pages + 4096 - 32, offset,
					       integers[j], sum);
		mk_result(c->name, sum);
	}
}

static void cover_floating(const struct cover *start, const struct cover *end,
			   const uint64_t *values, unsigned count)
{
	const struct cover *c;
	unsigned i, j, rounding;

	for (c = start; c < end; c++) {
		uint64_t sum = 1, flags = 0;

		for (i = 0; i < count; i++) {
			for (j = 0; j < count; j++) {
				for (rounding = 0; rounding < 5; rounding++) {
					uint64_t got = cover_call_fp(
						c->routine, values[i], values[j],
						values[(3 * i + 5 * j + 1) % count],
						rounding, &flags);

					sum = mk_mix(mk_mix(sum, got), flags);
				}
			}
		}
		mk_result(c->name, sum);
	}
}

unsigned arch_coverage(void)
{
	mk_puts("\n[integer]\n");
	cover_integers();
	mk_puts("\n[memory]\n");
	cover_memory(cover_mem_start, cover_mem_end, 1);
	mk_puts("\n[atomic]\n");
	cover_memory(cover_amo_start, cover_amo_end, 8);
	mk_puts("\n[single]\n");
	cover_floating(cover_single_start, cover_single_end, singles, SINGLES);
	mk_puts("\n[double]\n");
	cover_floating(cover_double_start, cover_double_end, doubles, DOUBLES);
	return traps_test();
}
