/* guest.c - what the oracle programs share. SPDX-License-Identifier: MIT */
#include "tests/diff/guest/guest.h"

uint8_t guest_in[GUEST_IMAGE] __attribute__((aligned(64)));
uint8_t guest_out[GUEST_IMAGE] __attribute__((aligned(64)));

static struct wire_hello hello;
static struct wire_file files[GUEST_FILES];
static uint64_t background[8192];	/* of the window */
static uint64_t was[8192];		/* what a case begins with there */
static struct wire_piece patches[16];
static uint8_t out[2 * GUEST_IMAGE] __attribute__((aligned(8)));

/* ---- what compilers call */

void *memcpy(void *to, const void *from, size_t n);
void *memset(void *to, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memmove(void *to, const void *from, size_t n);

void *memcpy(void *to, const void *from, size_t n)
{
	uint8_t *t = to;
	const uint8_t *f = from;

	if (!(((uintptr_t)t | (uintptr_t)f) & 7))
		for (; n >= 8; n -= 8, t += 8, f += 8)
			*(volatile uint64_t *)t = *(const uint64_t *)f;
	for (; n; n--)
		*(volatile uint8_t *)t++ = *f++;
	return to;
}

void *memmove(void *to, const void *from, size_t n)
{
	uint8_t *t = to;
	const uint8_t *f = from;

	if (t <= f || t >= f + n)
		return memcpy(to, from, n);
	while (n--)
		((volatile uint8_t *)t)[n] = f[n];
	return to;
}

void *memset(void *to, int c, size_t n)
{
	for (volatile uint8_t *t = to; n; n--)
		*t++ = (uint8_t)c;
	return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *p = a, *q = b;

	for (; n; n--, p++, q++)
		if (*p != *q)
			return *p - *q;
	return 0;
}

/* ---- talking */

static void put_all(const void *data, size_t size)
{
	const uint8_t *p = data;

	while (size) {
		const long n = guest_syscall(GUEST_WRITE, 1, (long)p, (long)size, 0, 0, 0);

		if (n <= 0)
			guest_syscall(GUEST_EXIT, 3, 0, 0, 0, 0, 0);
		p += n;
		size -= (size_t)n;
	}
}

void guest_catch(uintptr_t handler)
{
	static const int signals[] = { 4, 5, 7, 8, 11 };
	const uintptr_t alt[3] = { GUEST_STACK, 0, GUEST_STACK_SIZE };
	/* flags: SIGINFO, ONSTACK, NODEFER; no restorer, an empty mask */
	const uintptr_t action[5] = { handler, 0x48000004, 0, 0, 0 };

	guest_syscall(GUEST_SIGALTSTACK, (long)alt, 0, 0, 0, 0, 0);
	for (unsigned k = 0; k < sizeof(signals) / sizeof(signals[0]); k++)
		if (guest_syscall(GUEST_SIGACTION, signals[k], (long)action, 0, 8, 0, 0))
			guest_fail("cannot catch signals");
}

void guest_fail(const char *what)
{
	size_t n = 0;

	while (what[n])
		n++;
	guest_syscall(GUEST_WRITE, 2, (long)"oracle: ", 8, 0, 0, 0);
	guest_syscall(GUEST_WRITE, 2, (long)what, (long)n, 0, 0, 0);
	guest_syscall(GUEST_WRITE, 2, (long)"\n", 1, 0, 0, 0);
	for (;;)
		guest_syscall(GUEST_EXIT, 2, 0, 0, 0, 0, 0);
}

/* The host is gone at the start of a message: the end. */
static void get_all(void *data, size_t size)
{
	static uint8_t buf[65536];
	static size_t at, left;
	uint8_t *p = data;

	while (size) {
		size_t n = left < size ? left : size;

		memcpy(p, buf + at, n);
		at += n;
		left -= n;
		p += n;
		size -= n;
		if (size) {
			const long got = guest_syscall(GUEST_READ, 0, (long)buf,
						       sizeof(buf), 0, 0, 0);

			if (got <= 0)
				guest_syscall(GUEST_EXIT, 0, 0, 0, 0, 0, 0);
			at = 0;
			left = (size_t)got;
		}
	}
}

/* ---- registers */

uint64_t guest_get(const struct guest_reg *r, unsigned n)
{
	uint64_t v = 0;

	guest_take(&v, r, n, 8);
	return v;
}

void guest_put(const struct guest_reg *r, unsigned n, uint64_t v)
{
	guest_give(r, n, &v, 8);
}

void guest_take(void *to, const struct guest_reg *r, unsigned n, size_t size)
{
	const size_t has = !r->file || n >= r->file->count ? 0 : r->file->bytes;

	memset(to, 0, size);
	memcpy(to, has ? guest_at(guest_in, r, n) : guest_in, has < size ? has : size);
}

void guest_give(const struct guest_reg *r, unsigned n, const void *from, size_t size)
{
	const size_t has = !r->file || n >= r->file->count ? 0 : r->file->bytes;

	if (!has)
		return;
	memset(guest_at(guest_out, r, n), 0, has);
	memcpy(guest_at(guest_out, r, n), from, has < size ? has : size);
}

static int same(const char *a, const char *b)
{
	for (; *a && *a == *b; a++, b++)
		;
	return *a == *b;
}

static uint32_t know_files(void)
{
	uint32_t known = 0;

	for (unsigned k = 0; k < hello.nfiles; k++) {
		for (struct guest_reg *r = guest_regs; r->name; r++) {
			if (!same(r->name, files[k].name))
				continue;
			r->file = &files[k];
			known |= 1u << k;
		}
	}
	return known;
}

/* ---- memory */

static void map(uint64_t at, size_t size, int prot)
{
	const long got = guest_syscall(GUEST_MMAP, (long)at, (long)size, prot,
				       0x32 /* private, fixed, anonymous */, -1, 0);

	if ((unsigned long)got != (unsigned long)at)
		guest_fail("cannot map the test's memory where it has to be");
}

static void protect(int prot)
{
	guest_syscall(GUEST_MPROTECT, (long)(hello.code_end - hello.page), hello.page, prot,
		      0, 0, 0);
}

static void begin(void)
{
	struct wire_ready ready = { WIRE_MAGIC, 0 };
	uint8_t *page;

	get_all(&hello, sizeof(hello));
	if (hello.magic != WIRE_MAGIC || hello.nfiles > GUEST_FILES ||
	    hello.image > GUEST_IMAGE || hello.data_size > sizeof(background))
		guest_fail("the host does not speak as this program does");
	get_all(files, hello.nfiles * sizeof(files[0]));
	get_all(background, hello.data_size);
	ready.known = know_files();
	page = (uint8_t *)(uintptr_t)(hello.code_end - hello.page);
	map((uintptr_t)page, hello.page, 7);
	map(hello.data, hello.data_size, 3);
	map(GUEST_STACK, GUEST_STACK_SIZE, 3);
	memcpy((void *)(uintptr_t)hello.data, background, hello.data_size);
	memcpy(was, background, hello.data_size);
	for (unsigned k = 0; k < hello.page; k += 4)
		memcpy(page + k, &hello.fill, 4);
	guest_prepare();
	put_all(&ready, sizeof(ready));
}

/* Window and code of a case. Between cases the window is the background. */
static void set_up(const struct wire_ask *ask)
{
	uint8_t *window = (uint8_t *)(uintptr_t)hello.data;
	uint8_t *end = (uint8_t *)(uintptr_t)hello.code_end;

	get_all(guest_in, WIRE_PAD(hello.image));
	for (unsigned k = 0; k < ask->npatches; k++) {
		struct wire_piece *p = &patches[k];

		get_all(p, sizeof(*p));
		if (k == sizeof(patches) / sizeof(*p) || p->at > hello.data_size ||
		    p->size > hello.data_size - p->at || p->at % 8 || p->size % 8)
			guest_fail("a patch is outside of the window");
		get_all(window + p->at, p->size);
		memcpy((uint8_t *)was + p->at, window + p->at, p->size);
	}
	memcpy(end - ask->length, ask->code, ask->length);
	memcpy(guest_out, guest_in, WIRE_PAD(hello.image));
}

/* Changed words of the window, in runs; they are as before then. */
static uint32_t changes(size_t *used)
{
	uint64_t *is = (uint64_t *)(uintptr_t)hello.data;
	const unsigned words = hello.data_size / 8;
	uint32_t n = 0;

	for (unsigned k = 0; k < words; ) {
		struct wire_piece p = { k * 8, 0 };

		if (k % 8 == 0 && !((is[k] ^ was[k]) | (is[k + 1] ^ was[k + 1]) |
				    (is[k + 2] ^ was[k + 2]) | (is[k + 3] ^ was[k + 3]) |
				    (is[k + 4] ^ was[k + 4]) | (is[k + 5] ^ was[k + 5]) |
				    (is[k + 6] ^ was[k + 6]) | (is[k + 7] ^ was[k + 7]))) {
			k += 8;
			continue;
		}
		if (is[k] == was[k]) {
			k++;
			continue;
		}
		for (; k < words && is[k] != was[k]; k++)
			p.size += 8;
		memcpy(out + *used, &p, sizeof(p));
		memcpy(out + *used + sizeof(p), &is[p.at / 8], p.size);
		memcpy(&is[p.at / 8], &background[p.at / 8], p.size);
		*used += sizeof(p) + p.size;
		n++;
	}
	return n;
}

static void clean_up(const struct wire_ask *ask)
{
	uint8_t *window = (uint8_t *)(uintptr_t)hello.data;
	uint8_t *code = (uint8_t *)(uintptr_t)hello.code_end - ask->length;

	for (unsigned k = 0; k < ask->npatches; k++) {
		const struct wire_piece *p = &patches[k];

		memcpy(window + p->at, (uint8_t *)background + p->at, p->size);
		memcpy((uint8_t *)was + p->at, (uint8_t *)background + p->at, p->size);
	}
	for (unsigned k = 0; k < ask->length; k++)
		code[k] = (uint8_t)(hello.fill >> 8 * ((0x1000 - ask->length + k) % 4));
}

void guest_main(void)
{
	begin();
	for (;;) {
		struct wire_ask ask;
		struct wire_tell tell;
		struct guest_end end;
		size_t used = sizeof(tell);
		uint8_t *code;

		get_all(&ask, sizeof(ask));
		set_up(&ask);
		code = (uint8_t *)(uintptr_t)hello.code_end - ask.length;
		protect(5);	/* a case does not change code, nor what stands before it */
		memset(&end, 0, sizeof(end));
		guest_run((uintptr_t)code, ask.length, &end);
		protect(7);
		memset(&tell, 0, sizeof(tell));
		tell.signal = end.signal;
		tell.code = end.code;
		tell.pc = end.pc;
		tell.address = end.address;
		memcpy(out + used, guest_out, WIRE_PAD(hello.image));
		used += WIRE_PAD(hello.image);
		tell.npieces = changes(&used);
		clean_up(&ask);
		tell.bytes = (uint32_t)(used - sizeof(tell));
		memcpy(out, &tell, sizeof(tell));
		put_all(out, used);
	}
}
