/* result.c - results as bytes, and back. SPDX-License-Identifier: MIT */
#include "tests/conf/cases.h"

#include <string.h>

static void put8(uint8_t **p, uint64_t v)
{
	memcpy(*p, &v, 8);
	*p += 8;
}

static void put_registers(uint8_t **p, const struct rx_case *c,
			  const struct rx_result *r)
{
	uint8_t *count = (*p)++;

	*count = 0;
	for (unsigned k = 0; k < 64; k++) {
		const uint64_t was = k < 32 ? c->x[k] : c->f[k - 32];
		const uint64_t is = k < 32 ? r->x[k] : r->f[k - 32];

		if (was == is)
			continue;
		++*count;
		*(*p)++ = (uint8_t)k;
		put8(p, is);
	}
}

static void put_memory(uint8_t **p, const struct rx_case *c,
		       const struct rx_result *r)
{
	uint8_t *count = (*p)++;

	*count = 0;
	for (unsigned k = 0; c->mem_at && k < RX_CASE_MEM; ) {
		unsigned n = 0;

		while (k + n < RX_CASE_MEM && c->mem[k + n] != r->mem[k + n])
			n++;
		if (n) {
			++*count;
			*(*p)++ = (uint8_t)k;
			*(*p)++ = (uint8_t)n;
			memcpy(*p, r->mem + k, n);
			*p += n;
		}
		k += n + 1;
	}
}

size_t rx_result_pack(const struct rx_case *c, const struct rx_result *r,
		      uint8_t out[RX_RESULT_MAX])
{
	const bool flags = c->fcsr != r->fcsr;
	uint8_t *p = out + 2;

	*p++ = (uint8_t)((unsigned)r->outcome | (flags ? 0x80u : 0));
	if (r->outcome == RX_OUT_FAULT)
		*p++ = (uint8_t)r->cause;
	if (r->outcome != RX_OUT_NEXT)
		put8(&p, r->value);
	put_registers(&p, c, r);
	put_memory(&p, c, r);
	if (flags)
		*p++ = r->fcsr;
	out[0] = (uint8_t)(p - out - 2);
	out[1] = (uint8_t)((p - out - 2) >> 8);
	return (size_t)(p - out);
}

struct reader {
	const uint8_t *p, *end;
	bool bad;
};

static unsigned get1(struct reader *r)
{
	if (r->p < r->end)
		return *r->p++;
	r->bad = true;
	return 0;
}

static void get(struct reader *r, void *to, size_t n)
{
	if ((size_t)(r->end - r->p) < n) {
		r->bad = true;
		return;
	}
	memcpy(to, r->p, n);
	r->p += n;
}

static void get_changes(struct reader *in, struct rx_result *r)
{
	for (unsigned n = get1(in); n && !in->bad; n--) {
		const unsigned k = get1(in) & 63;

		get(in, k < 32 ? &r->x[k] : &r->f[k - 32], 8);
	}
	for (unsigned n = get1(in); n && !in->bad; n--) {
		const unsigned at = get1(in), len = get1(in);

		if (at + len > RX_CASE_MEM)
			in->bad = true;
		else
			get(in, r->mem + at, len);
	}
}

size_t rx_result_unpack(const struct rx_case *c, const uint8_t *in, size_t size,
			struct rx_result *r)
{
	size_t n;
	struct reader rd = { in + 2, in + size, false };
	unsigned head;

	if (size < 2)
		return 0;
	n = in[0] | (size_t)in[1] << 8;
	if (n > size - 2)
		return 0;
	rd.end = in + 2 + n;
	memset(r, 0, sizeof(*r));
	memcpy(r->x, c->x, sizeof(r->x));
	memcpy(r->f, c->f, sizeof(r->f));
	memcpy(r->mem, c->mem, sizeof(r->mem));
	r->fcsr = c->fcsr;
	head = get1(&rd);
	r->outcome = (enum rx_outcome)(head & 0x7f);
	if (r->outcome == RX_OUT_FAULT)
		r->cause = get1(&rd);
	if (r->outcome != RX_OUT_NEXT)
		get(&rd, &r->value, 8);
	get_changes(&rd, r);
	if (head & 0x80)
		r->fcsr = (uint8_t)get1(&rd);
	return rd.bad || rd.p != rd.end ? 0 : n + 2;
}
