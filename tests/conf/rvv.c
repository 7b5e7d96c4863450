/* rvv.c - cases of RISC-V vector instructions. SPDX-License-Identifier: MIT */
#include "tests/conf/rvv.h"

#include <stdio.h>
#include <string.h>

enum shape { SET_I, SET, SET_II, LOAD, ARITH, COMPRESS };

static const struct form {
	const char *name;
	enum shape shape;
	uint32_t word;
	unsigned up;		/* logarithm of vd's EMUL over LMUL */
} forms[] = {
	{ "vsetvli", SET_I, 0x00007057, 0 },
	{ "vsetvl", SET, 0x80007057, 0 },
	{ "vsetivli", SET_II, 0xc0007057, 0 },
	{ "vle32.v", LOAD, 0x00006007, 0 },
	{ "vlseg2e32.v", LOAD, 0x20006007, 0 },
	{ "vadd.vv", ARITH, 0x00000057, 0 },
	{ "vredsum.vs", ARITH, 0x00002057, 0 },
	{ "vfwmacc.vv", ARITH, 0xf0001057, 1 },
	{ "vslideup.vx", ARITH, 0x38004057, 0 },
	{ "vcompress.vm", COMPRESS, 0x5e002057, 0 },
};
#define NFORMS (sizeof(forms) / sizeof(forms[0]))

static uint64_t next(uint64_t *s)
{
	uint64_t z = *s += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static unsigned below(uint64_t *s, unsigned n)
{
	return (unsigned)(next(s) % n);
}

/* Two draws, in this order whatever the compiler. */
static uint64_t shifted(uint64_t *s, unsigned most)
{
	const uint64_t v = next(s);

	return v >> below(s, most);
}

static uint64_t vtype(uint64_t *s)
{
	uint64_t t = next(s) & 0xff;

	if (below(s, 16) == 0)	/* anything */
		return below(s, 2) ? t : shifted(s, 60);
	t &= ~UINT64_C(0x20);
	if ((t & 7) == 4)
		t ^= 4;
	return t;
}

/* Mostly a multiple of the group's size */
static unsigned group(uint64_t *s, uint64_t type, unsigned up)
{
	unsigned log = (type & 7) < 4 ? (unsigned)(type & 7) : 0, r = below(s, 32);

	log += up;
	if (log > 3)
		log = 3;
	return below(s, 8) ? r & ~((1u << log) - 1) : r;
}

static void fill(struct rvv_case *c, unsigned vlen, uint64_t *s)
{
	static const uint32_t special[] = {
		0, 0x80000000, 0x3f800000, 0xbf800000, 0x7f800000, 0xff800000,
		0x7fc00000, 0x7f800001, 0x00000001, 0x7f7fffff, 0x00800000,
		0x3ff00000, 0x7ff00000, 0x7ff80000,
	};
	uint32_t w;

	for (unsigned k = 0; k < 32 * vlen / 8; k += 4) {
		w = (uint32_t)next(s);
		if (below(s, 3) == 0)
			w = special[below(s, sizeof(special) / sizeof(special[0]))];
		memcpy(c->v + k, &w, 4);
	}
}

static uint32_t load(struct rvv_case *c, uint64_t *s)
{
	unsigned at = below(s, RVV_DATA_SIZE - 2048) + 1024;

	if (below(s, 3) == 0)	/* near the end */
		at = RVV_DATA_SIZE - below(s, 256);
	if (below(s, 4))
		at &= ~3u;
	c->x10 = RVV_DATA + at;
	return (below(s, 32) ? 10u : 0u) << 15;
}

static uint32_t operands(struct rvv_case *c, const struct form *f, uint64_t *s)
{
	uint32_t w = group(s, c->vtype, f->up) << 7;

	w |= group(s, c->vtype, 0) << 20;
	if (strcmp(f->name, "vslideup.vx"))
		return w | (f->shape == COMPRESS || !strcmp(f->name, "vredsum.vs") ?
			    below(s, 32) : group(s, c->vtype, 0)) << 15;
	c->x10 = below(s, 4) ? below(s, 70) : shifted(s, 63);
	return w | 10u << 15;
}

/* Encodings whose vtype has words are instructions of their own. */
static const char *worded(uint32_t word, const struct form *f)
{
	const uint32_t t = word >> 20 & (f->shape == SET_I ? 0x7ff : 0x3ff);

	if (t >> 8 || t & 0x20 || (t & 7) == 4)
		return f->name;
	return f->shape == SET_I ? "vsetvli.w" : "vsetivli.w";
}

void rvv_case(struct rvv_case *c, unsigned vlen, unsigned k)
{
	const struct form *f = &forms[k % NFORMS];
	uint64_t s = (uint64_t)vlen << 32 | k;
	const unsigned masked = below(&s, 2);

	memset(c, 0, sizeof(*c));
	c->insn = f->name;
	c->vtype = vtype(&s);
	if (f->up && below(&s, 2))	/* where it is defined */
		c->vtype = (c->vtype & ~UINT64_C(0x38)) | 2 << 3;
	c->avl = below(&s, 4) ? below(&s, 2 * vlen / 8) : next(&s);
	c->vstart = below(&s, 4) ? 0 : below(&s, below(&s, 2) ? 8 : vlen);
	c->fcsr = below(&s, 16) ? below(&s, 5) << 5 : below(&s, 256);
	c->x10 = below(&s, 4) ? below(&s, vlen / 2) : next(&s);
	c->x11 = vtype(&s);
	fill(c, vlen, &s);
	c->word = f->word;
	switch (f->shape) {
	case SET_I:
		c->word |= (uint32_t)(vtype(&s) & 0x7ff) << 20;
		c->word |= below(&s, 3) ? 10u << 15 : 0;
		break;
	case SET:
		c->word |= 11u << 20 | (below(&s, 3) ? 10u << 15 : 0);
		break;
	case SET_II:
		c->word |= (uint32_t)(vtype(&s) & 0x3ff) << 20;
		c->word |= below(&s, 32) << 15;
		break;
	case LOAD:
		c->word |= load(c, &s) | group(&s, c->vtype, 0) << 7;
		c->word |= masked ? 0 : 1u << 25;
		break;
	case ARITH:
		c->word |= operands(c, f, &s) | (masked ? 0 : 1u << 25);
		break;
	case COMPRESS:
		c->word |= operands(c, f, &s);
		if (below(&s, 2))
			c->vstart = 0;
	}
	if (f->shape <= SET_II)
		c->word |= below(&s, 3) ? 12u << 7 : 0;
	if (f->shape != SET && f->shape <= SET_II)
		c->insn = worded(c->word, f);
	if (!strcmp(f->name, "vredsum.vs") && below(&s, 2))
		c->vstart = 0;
}

void rvv_data(uint8_t page[RVV_DATA_SIZE])
{
	uint64_t s = 1;

	for (unsigned k = 0; k < RVV_DATA_SIZE; k++)
		page[k] = (uint8_t)next(&s);
}

static uint64_t mix(uint64_t h, const void *data, size_t n)
{
	const uint8_t *p = data;

	while (n--)
		h = (h ^ *p++) * UINT64_C(0x100000001b3);
	return h;
}

uint64_t rvv_hash(const struct rvv_result *r, unsigned vlen)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	h = mix(h, r, offsetof(struct rvv_result, v));
	h = mix(h, r->v, 32 * vlen / 8);
	return h ^ h >> 32;
}

size_t rvv_print(char *to, size_t size, const struct rvv_case *c,
		 const struct rvv_result *r, unsigned vlen)
{
	int n = snprintf(to, size, "%s %08x avl=%#llx vtype=%#llx vstart=%llu fcsr=%#llx "
			 "x10=%#llx x11=%#llx\n-> %llu %#llx vl=%llu vtype=%#llx vstart=%llu "
			 "fcsr=%#llx x12=%#llx\n", c->insn, c->word,
			 (unsigned long long)c->avl, (unsigned long long)c->vtype,
			 (unsigned long long)c->vstart, (unsigned long long)c->fcsr,
			 (unsigned long long)c->x10, (unsigned long long)c->x11,
			 (unsigned long long)r->outcome, (unsigned long long)r->addr,
			 (unsigned long long)r->vl, (unsigned long long)r->vtype,
			 (unsigned long long)r->vstart, (unsigned long long)r->fcsr,
			 (unsigned long long)r->x12);
	size_t at = n > 0 ? (size_t)n : 0;

	for (unsigned k = 0; k < 32; k++) {
		if (!memcmp(c->v + k * vlen / 8, r->v + k * vlen / 8, vlen / 8))
			continue;
		at += (size_t)snprintf(to + at, at < size ? size - at : 0, "v%u", k);
		for (unsigned b = 0; b < vlen / 8 && at + 8 < size; b++)
			at += (size_t)snprintf(to + at, size - at, "%s%02x",
					       b % 8 ? "" : " ", r->v[k * vlen / 8 + b]);
		if (at + 2 < size)
			to[at++] = '\n';
	}
	to[at < size ? at : size - 1] = 0;
	return at;
}
