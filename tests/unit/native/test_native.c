/* test_native.c - what every x86-64 processor answers. SPDX-License-Identifier: MIT */
#include "tests/diff/native.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/native/suites.h"

#define CF 0x001u
#define PF 0x004u
#define AF 0x010u
#define ZF 0x040u
#define SF 0x080u
#define TF 0x100u
#define DF 0x400u
#define OF 0x800u
#define AC 0x40000u
#define STATUS (CF | PF | AF | ZF | SF | OF)

static struct rx_native *oracle;

/* One worker for all tests; false: skipped. */
static bool ready(void)
{
	const char *why;

	if (!oracle)
		oracle = rx_native_new(&why);
	if (!oracle)
		rx_tap_skip("%s", why);
	return oracle;
}

static struct rx_native_case make(const char *code, unsigned len)
{
	struct rx_native_case c = { .len = (uint8_t)len, .mode = 64 };

	memcpy(c.code, code, len);
	rx_native_init(&c.in);
	for (unsigned k = 0; k < 16; k++)
		c.in.gpr[k] = UINT64_C(0x0101010101010101) * (k + 1);
	c.in.gpr[RX_NATIVE_SP] = RX_NATIVE_HIGH + 0x1000;
	return c;
}
#define CASE(code) make(code, sizeof(code) - 1)

static struct rx_native_result run(const struct rx_native_case *c)
{
	static struct rx_native_result r;

	memset(&r, 0xaa, sizeof(r));
	CU_ASSERT_TRUE(rx_native_run(oracle, c, 1, &r));
	return r;
}

static void put(struct rx_native_case *c, uint64_t at, const void *bytes, uint32_t n)
{
	uint32_t used = 0;

	for (unsigned k = 0; k < c->npatches; k++)
		used += c->patch[k].size;
	c->patch[c->npatches++] = (struct rx_native_mem){ at, n, used };
	memcpy(c->data + used, bytes, n);
}

static void test_add(void)
{
	struct rx_native_case c = CASE("\x48\x01\xd8");	/* add rax, rbx */
	struct rx_native_result r;

	if (!ready())
		return;
	c.in.gpr[RX_NATIVE_AX] = UINT64_C(0x7fffffffffffffff);
	c.in.gpr[RX_NATIVE_BX] = 1;
	c.in.rflags |= CF | ZF | DF;
	r = run(&c);
	CU_ASSERT_EQUAL(r.outcome, RX_NATIVE_NEXT);
	CU_ASSERT_EQUAL(r.out.rip, RX_NATIVE_CODE_END);
	CU_ASSERT_EQUAL(r.out.gpr[RX_NATIVE_AX], UINT64_C(0x8000000000000000));
	CU_ASSERT_EQUAL(r.out.rflags, 0x202u | OF | SF | AF | PF | DF);
	CU_ASSERT_EQUAL(r.nchanges, 0);
	for (unsigned k = 1; k < 16; k++)
		CU_ASSERT_EQUAL(r.out.gpr[k], c.in.gpr[k]);
}

static void test_memory(void)
{
	struct rx_native_case c = CASE("\x67\x01\x18");	/* add [eax], ebx */
	struct rx_native_result r;

	if (!ready())
		return;
	c.in.gpr[RX_NATIVE_AX] = UINT64_C(0xdead000000000000) | (RX_NATIVE_LOW + 0xffe);
	c.in.gpr[RX_NATIVE_BX] = 0x01020304;
	put(&c, RX_NATIVE_LOW + 0xffe, "\x01\x01\x01\x81", 4);
	r = run(&c);
	CU_ASSERT_EQUAL(r.outcome, RX_NATIVE_NEXT);
	CU_ASSERT_EQUAL(r.nchanges, 1);
	CU_ASSERT_EQUAL(r.change[0].at, RX_NATIVE_LOW + 0xffe);
	CU_ASSERT_EQUAL(r.change[0].size, 4);
	CU_ASSERT_EQUAL(memcmp(r.data, "\x05\x04\x03\x82", 4), 0);
	CU_ASSERT_EQUAL(r.out.rflags & STATUS, SF | PF);
	c.npatches = 0;	/* and all is zeros again */
	r = run(&c);
	CU_ASSERT_EQUAL(memcmp(r.data, "\x04\x03\x02\x01", 4), 0);
}

static void test_divide_error(void)
{
	struct rx_native_case c = CASE("\x48\xf7\xf3");	/* div rbx */
	struct rx_native_result r;

	if (!ready())
		return;
	c.in.gpr[RX_NATIVE_BX] = 0;
	r = run(&c);
	CU_ASSERT_EQUAL(r.outcome, RX_NATIVE_FAULT);
	CU_ASSERT_EQUAL(r.vector, 0);
	CU_ASSERT_EQUAL(r.out.rip, RX_NATIVE_CODE_END - 3);
	CU_ASSERT_EQUAL(r.out.gpr[RX_NATIVE_AX], c.in.gpr[RX_NATIVE_AX]);
}

static void page_fault(struct rx_native_case *c, uint64_t at, unsigned error)
{
	struct rx_native_result r;

	c->in.gpr[RX_NATIVE_AX] = at;
	r = run(c);
	CU_ASSERT_EQUAL(r.outcome, RX_NATIVE_FAULT);
	CU_ASSERT_EQUAL(r.vector, 14);
	CU_ASSERT_EQUAL(r.error, error);
	CU_ASSERT_EQUAL(r.out.rip, RX_NATIVE_CODE_END - c->len);
	CU_ASSERT_EQUAL(r.out.rflags, c->in.rflags);
}

static void test_page_fault(void)
{
	struct rx_native_case load = CASE("\x48\x8b\x18");	/* mov rbx, [rax] */
	struct rx_native_case add = CASE("\x48\x01\x18");	/* add [rax], rbx */
	struct rx_native_result r;

	if (!ready())
		return;
	page_fault(&load, RX_NATIVE_HOLE + 5, 4);	/* user */
	page_fault(&add, RX_NATIVE_HOLE + 5, 6);	/* a write from the start */
	page_fault(&add, RX_NATIVE_CONST + 8, 7);	/* present */
	/* the address is that of the second page */
	load.in.gpr[RX_NATIVE_AX] = RX_NATIVE_LOW + RX_NATIVE_LOW_SIZE - 3;
	r = run(&load);
	CU_ASSERT_EQUAL(r.cr2, RX_NATIVE_LOW + RX_NATIVE_LOW_SIZE);
	add.in.gpr[RX_NATIVE_AX] = RX_NATIVE_LOW + RX_NATIVE_LOW_SIZE - 3;
	r = run(&add);
	CU_ASSERT_EQUAL(r.cr2, RX_NATIVE_LOW + RX_NATIVE_LOW_SIZE);
	CU_ASSERT_EQUAL(r.nchanges, 0);
	/* not canonical */
	load.in.gpr[RX_NATIVE_AX] = UINT64_C(1) << 62;
	r = run(&load);
	CU_ASSERT_EQUAL(r.vector, 13);
	CU_ASSERT_EQUAL(r.error, 0);
}

static void faults(const struct rx_native_case *c, unsigned vector, unsigned after)
{
	const struct rx_native_result r = run(c);

	CU_ASSERT_EQUAL(r.outcome, RX_NATIVE_FAULT);
	CU_ASSERT_EQUAL(r.vector, vector);
	CU_ASSERT_EQUAL(r.out.rip, RX_NATIVE_CODE_END - c->len + after);
}

static void test_faults(void)
{
	struct rx_native_case c;

	if (!ready())
		return;
	c = CASE("\x0f\x0b");		/* ud2 */
	faults(&c, 6, 0);
	c = CASE("\xcc");		/* int3: a trap */
	faults(&c, 3, 1);
	c = CASE("\xf4");		/* hlt: of the system */
	faults(&c, 13, 0);
	c = CASE("\x66\x0f\x6f\x40\x01");	/* movdqa xmm0, [rax+1] */
	c.in.gpr[RX_NATIVE_AX] = RX_NATIVE_LOW;
	faults(&c, 13, 0);
	c = CASE("\x8b\x40\x01");	/* mov eax, [rax+1] under AC */
	c.in.gpr[RX_NATIVE_AX] = RX_NATIVE_LOW;
	c.in.rflags |= AC;
	faults(&c, 17, 0);
	c = CASE("\x48");		/* cut off by the end of the page */
	faults(&c, 14, 0);
	CU_ASSERT_EQUAL(run(&c).cr2, RX_NATIVE_CODE_END);
	CU_ASSERT_EQUAL(run(&c).error & 0x14, 0x14);
	c = CASE("\x90");		/* single step */
	c.in.rflags |= TF;
	faults(&c, 1, 1);
	c = CASE("\x8e\xd0\x90");	/* mov ss, eax; nop: one step */
	c.in.gpr[RX_NATIVE_AX] = 0x2b;
	c.in.rflags |= TF;
	faults(&c, 1, 3);
}

static void test_branch(void)
{
	struct rx_native_case c = CASE("\xff\xe0");	/* jmp rax */
	struct rx_native_result r;

	if (!ready())
		return;
	c.in.gpr[RX_NATIVE_AX] = RX_NATIVE_HIGH + 0x123;
	r = run(&c);
	CU_ASSERT_EQUAL(r.outcome, RX_NATIVE_JUMP);
	CU_ASSERT_EQUAL(r.out.rip, RX_NATIVE_HIGH + 0x123);
	c = CASE("\xe8\x00\xff\xff\xff");	/* call -256 */
	r = run(&c);
	CU_ASSERT_EQUAL(r.outcome, RX_NATIVE_JUMP);
	CU_ASSERT_EQUAL(r.out.rip, RX_NATIVE_CODE_END - 256);
	CU_ASSERT_EQUAL(r.out.gpr[RX_NATIVE_SP], RX_NATIVE_HIGH + 0xff8);
	CU_ASSERT_EQUAL(r.nchanges, 1);
	/* 0x80001000 on zeros */
	CU_ASSERT_EQUAL(r.change[0].at, RX_NATIVE_HIGH + 0xff9);
	CU_ASSERT_EQUAL(memcmp(r.data, "\x10\x00\x80", 3), 0);
	c = CASE("\xc3");			/* ret, to nowhere */
	r = run(&c);
	CU_ASSERT_EQUAL(r.outcome, RX_NATIVE_JUMP);
	CU_ASSERT_EQUAL(r.out.rip, 0);
}

static void test_hostile(void)
{
	struct rx_native_case c[3] = {
		CASE("\xeb\xfe"),	/* jmp self */
		CASE("\x0f\x05"),	/* syscall: exit */
		CASE("\x90"),
	};
	struct rx_native_result r[3];

	if (!ready())
		return;
	c[1].in.gpr[RX_NATIVE_AX] = 231;
	CU_ASSERT_TRUE(rx_native_run(oracle, c, 3, r));
	CU_ASSERT_EQUAL(r[0].outcome, RX_NATIVE_TIMEOUT);
	CU_ASSERT_TRUE(r[1].outcome == RX_NATIVE_SYSCALL ||
		       r[1].outcome == RX_NATIVE_REFUSED);
	CU_ASSERT_EQUAL(r[2].outcome, RX_NATIVE_NEXT);
	c[0].mode = 8;
	c[2].in.mxcsr = 0x80000000;
	CU_ASSERT_TRUE(rx_native_run(oracle, c, 3, r));
	CU_ASSERT_EQUAL(r[0].outcome, RX_NATIVE_REFUSED);
	CU_ASSERT_EQUAL(r[2].outcome, RX_NATIVE_REFUSED);
}

static void test_x87(void)
{
	struct rx_native_case c = CASE("\xd9\xfa");	/* fsqrt */
	struct rx_native_result r;
	const long double want = sqrtl(2.0L);

	if (!ready())
		return;
	memcpy(c.in.st[0], &(long double){ 2.0L }, 10);
	memcpy(c.in.st[1], &(long double){ 7.0L }, 10);
	c.in.fsw = 6 << 11;
	c.in.ftw = 0xc0;
	r = run(&c);
	CU_ASSERT_EQUAL(r.outcome, RX_NATIVE_NEXT);
	CU_ASSERT_EQUAL(memcmp(r.out.st[0], &want, 10), 0);
	CU_ASSERT_EQUAL(memcmp(r.out.st[1], c.in.st[1], 10), 0);
	CU_ASSERT_EQUAL(r.out.fsw & 0x3820, 0x3020);	/* TOP 6, inexact */
	CU_ASSERT_EQUAL(r.out.ftw, 0xc0);
	c.in.fcw = 0x37b;	/* zero divide is not masked */
	memcpy(c.code, "\xdc\xf9\x9b", c.len = 3);	/* fdiv st1, st0; fwait */
	memset(c.in.st[0], 0, 10);
	r = run(&c);
	CU_ASSERT_EQUAL(r.vector, 16);
	CU_ASSERT_EQUAL(r.out.rip, RX_NATIVE_CODE_END - 1);
}

static void test_vectors(void)
{
	struct rx_native_case c = CASE("\xc5\xf4\x58\xc2");	/* vaddps ymm0, ymm1, ymm2 */
	struct rx_native_result r;
	float a[8], b[8];

	if (!ready())
		return;
	for (unsigned k = 0; k < 8; k++) {
		a[k] = (float)k;
		b[k] = 0.5f;
	}
	for (unsigned k = 0; k < 32; k++)
		memset(c.in.zmm[k], (int)k + 1, 64);
	memcpy(c.in.zmm[1], a, 32);
	memcpy(c.in.zmm[2], b, 32);
	r = run(&c);
	if (!rx_native_has("AVX")) {
		CU_ASSERT_EQUAL(r.vector, 6);
		return;
	}
	memcpy(a, r.out.zmm[0], 32);
	for (unsigned k = 0; k < 8; k++)
		CU_ASSERT_EQUAL(a[k], (float)k + 0.5f);
	if (!rx_native_has("AVX512F"))
		return;
	for (unsigned k = 32; k < 64; k++)
		CU_ASSERT_EQUAL(r.out.zmm[0][k], 0);
	CU_ASSERT_EQUAL(memcmp(r.out.zmm[31], c.in.zmm[31], 64), 0);
	memcpy(c.code, "\x62\x61\x74\x4a\x58\xfa", c.len = 6);	/* vaddps zmm31{k2}, zmm1, zmm2 */
	c.in.k[2] = 5;
	r = run(&c);
	CU_ASSERT_EQUAL(memcmp(r.out.zmm[31] + 4, c.in.zmm[31], 4), 0);
	CU_ASSERT_NOT_EQUAL(memcmp(r.out.zmm[31] + 8, c.in.zmm[31], 4), 0);
	CU_ASSERT_EQUAL(r.out.k[2], 5);
}

static void test_unmasked(void)
{
	struct rx_native_case c = CASE("\x0f\x5e\xc1");	/* divps xmm0, xmm1 */

	if (!ready())
		return;
	memset(c.in.zmm[0], 0x3f, 16);
	c.in.mxcsr = 0x1f80 & ~0x200u;
	faults(&c, 19, 0);
}

static void test_bases(void)
{
	struct rx_native_case c = CASE("\x64\x48\x8b\x00\x65\x48\x8b\x19");
	struct rx_native_result r;	/* mov rax, fs:[rax]; mov rbx, gs:[rcx] */

	if (!ready())
		return;
	c.in.fs_base = RX_NATIVE_HIGH;
	c.in.gs_base = RX_NATIVE_LOW;
	c.in.gpr[RX_NATIVE_AX] = 8;
	c.in.gpr[RX_NATIVE_CX] = 16;
	put(&c, RX_NATIVE_HIGH + 8, "fs_base!", 8);
	put(&c, RX_NATIVE_LOW + 16, "gs_base!", 8);
	r = run(&c);
	CU_ASSERT_EQUAL(r.outcome, RX_NATIVE_NEXT);
	CU_ASSERT_EQUAL(memcmp(&r.out.gpr[RX_NATIVE_AX], "fs_base!", 8), 0);
	CU_ASSERT_EQUAL(memcmp(&r.out.gpr[RX_NATIVE_BX], "gs_base!", 8), 0);
	CU_ASSERT_EQUAL(r.out.fs_base, RX_NATIVE_HIGH);
	CU_ASSERT_EQUAL(r.out.gs_base, RX_NATIVE_LOW);
}

static void test_mode32(void)
{
	struct rx_native_case c = CASE("\x40\x03\x03");	/* inc eax; add eax, [ebx] */
	struct rx_native_result r;

	if (!ready())
		return;
	c.mode = 32;
	c.in.gpr[RX_NATIVE_AX] = 1;
	c.in.gpr[RX_NATIVE_BX] = RX_NATIVE_LOW;
	put(&c, RX_NATIVE_LOW, "\x05", 1);
	r = run(&c);
	if (r.outcome != RX_NATIVE_NEXT) {
		rx_tap_skip("the system has no 32-bit code segment");
		return;
	}
	CU_ASSERT_EQUAL(r.out.gpr[RX_NATIVE_AX], 7);
}

/* 16-bit code: sizes are the other ones, near jumps cut EIP. */
static void test_mode16(void)
{
	struct rx_native_case c[2] = { CASE("\x40\x67\x03\x03"),	/* inc ax; add ax, [ebx] */
				       CASE("\xeb\x00") };		/* jmp: to the hole, cut */
	struct rx_native_result r[2];

	if (!ready())
		return;
	if (!rx_native_has_mode(oracle, 16)) {
		rx_tap_skip("the system lets no process run 16-bit code");
		return;
	}
	c[0].mode = c[1].mode = 16;
	c[0].in.gpr[RX_NATIVE_AX] = 0x1ffff;
	c[0].in.gpr[RX_NATIVE_BX] = RX_NATIVE_LOW;
	put(&c[0], RX_NATIVE_LOW, "\x05\x01", 2);
	CU_ASSERT_TRUE(rx_native_run(oracle, c, 2, r));
	CU_ASSERT_EQUAL(r[0].outcome, RX_NATIVE_NEXT);
	CU_ASSERT_EQUAL(r[0].out.gpr[RX_NATIVE_AX], 0x10105);
	CU_ASSERT_EQUAL(r[1].outcome, RX_NATIVE_JUMP);
	CU_ASSERT_EQUAL(r[1].out.rip, RX_NATIVE_CODE_END & 0xffff);
}

/* A fault in the middle leaves the registers of the iteration. */
static void test_rep(void)
{
	struct rx_native_case c = CASE("\xf3\xaa");	/* rep stosb */
	struct rx_native_result r;

	if (!ready())
		return;
	c.in.gpr[RX_NATIVE_CX] = 100;
	c.in.gpr[RX_NATIVE_DI] = RX_NATIVE_LOW + RX_NATIVE_LOW_SIZE - 10;
	r = run(&c);
	CU_ASSERT_EQUAL(r.outcome, RX_NATIVE_FAULT);
	CU_ASSERT_EQUAL(r.vector, 14);
	CU_ASSERT_EQUAL(r.cr2, RX_NATIVE_LOW + RX_NATIVE_LOW_SIZE);
	CU_ASSERT_EQUAL(r.out.gpr[RX_NATIVE_CX], 90);
	CU_ASSERT_EQUAL(r.out.gpr[RX_NATIVE_DI], r.cr2);
	CU_ASSERT_EQUAL(r.change[0].size, 10);
}

/* Many of them at once, each with its own state. */
static void test_many(void)
{
	enum { N = 1000 };
	struct rx_native_case *c = calloc(N, sizeof(*c));
	struct rx_native_result *r = calloc(N, sizeof(*r));

	if (ready() && c && r) {
		for (unsigned k = 0; k < N; k++) {
			c[k] = CASE("\x48\x8d\x04\x58");	/* lea rax, [rax+2*rbx] */
			c[k].in.gpr[RX_NATIVE_BX] = k;
		}
		CU_ASSERT_TRUE(rx_native_run(oracle, c, N, r));
		for (unsigned k = 0; k < N; k++)
			CU_ASSERT_EQUAL(r[k].out.gpr[RX_NATIVE_AX],
					c[k].in.gpr[RX_NATIVE_AX] + 2 * k);
	}
	free(c);
	free(r);
}

static void test_processor(void)
{
	struct rx_native_cpu cpu;
	unsigned known = 0, there = 0;

	if (!rx_native_cpu(&cpu)) {
		rx_tap_skip("the host is no x86-64 processor");
		return;
	}
	for (const char *f; (f = rx_native_feature(known)); known++)
		there += rx_native_has(f);
	CU_ASSERT_TRUE(rx_native_has("SSE2"));
	CU_ASSERT_FALSE(rx_native_has("no such thing"));
	CU_ASSERT_TRUE(there > 5 && there < known);
	CU_ASSERT_TRUE(strlen(cpu.vendor) > 0 && strstr(cpu.name, "family"));
}

/* The last one. */
static void test_end(void)
{
	rx_native_free(oracle);
	oracle = NULL;
	CU_PASS("");
}

CU_TestInfo native_tests[] = {
	{ "processor", test_processor },
	{ "add", test_add },
	{ "memory", test_memory },
	{ "divide-error", test_divide_error },
	{ "page-fault", test_page_fault },
	{ "faults", test_faults },
	{ "branch", test_branch },
	{ "hostile", test_hostile },
	{ "x87", test_x87 },
	{ "vectors", test_vectors },
	{ "unmasked", test_unmasked },
	{ "bases", test_bases },
	{ "mode32", test_mode32 },
	{ "mode16", test_mode16 },
	{ "rep", test_rep },
	{ "many", test_many },
	{ "end", test_end },
	CU_TEST_INFO_NULL,
};
