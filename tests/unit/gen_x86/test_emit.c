/* test_emit.c - encoders in line write what the tables say. SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>

#include "base/bits.h"
#include "x86/emit.h"
#include "x86/emitters.h"

#define FUNCTION(name, id, memory, ...) \
static unsigned call_##name(uint8_t *out, const struct rx_px_values *v) \
{ \
	(void)v; \
	return rg_x86_emit_##name(__VA_ARGS__); \
}
RG_X86_EMITTERS(FUNCTION)

struct emitter {
	const char *name;
	unsigned id;
	bool memory;
	unsigned (*call)(uint8_t *out, const struct rx_px_values *v);
};
#define ROW(name, id, memory, ...) { #name, id, memory, call_##name },
static const struct emitter emitters[] = { RG_X86_EMITTERS(ROW) };

static uint64_t state;

/* One of n numbers. */
#define PICK(list) ((list)[rx_sweep_next(&state) % RX_ARRAY_LEN(list)])

/* Registers of each kind, none, and numbers that no register has. */
static uint8_t any_register(void)
{
	static const uint8_t odd[] = { 16, 17, 31, 32, 33, 34, 35, 36, 63, 64, 128, 255 };
	const uint64_t r = rx_sweep_next(&state);

	return r % 8 ? (uint8_t)(r >> 8 & 15) : PICK(odd);
}

static void any_values(struct rx_px_values *v, bool memory)
{
	static const int32_t disps[] = { 0, 1, -1, 127, -128, 128, -129, INT32_MAX, INT32_MIN,
					 0x12345678 };
	static const uint64_t imms[] = { 0, 1, 0x7f, 0x80, 0xff, 0x1234, 0xffff, 0x89abcdef,
					 UINT64_C(0x123456789abcdef0), ~UINT64_C(0) };
	const uint64_t r = rx_sweep_next(&state);

	memset(v, 0, sizeof(*v));
	v->reg = any_register();
	v->rm = any_register();
	v->vvvv = any_register();
	v->is4 = any_register();
	v->imm = PICK(imms);
	v->imm2 = PICK(imms);
	v->base = v->index = RX_PX_NO_REG;
	if (!memory)
		return;
	v->base = any_register();
	v->index = r & 1 ? RX_PX_NO_REG : any_register();
	v->scale = r >> 1 & 3;
	v->seg = r >> 3 & 15 ? 0 : r >> 7 & 7;
	v->asz = r >> 10 & 15 ? 0 : (r >> 14 & 3) % 3;
	v->disp = PICK(disps);
}

static void show(char *to, const uint8_t *code, unsigned n)
{
	rx_to_hex(code, n <= RX_PX_MAX_LEN ? n : 0, to);
}

/* How often they agreed on bytes, and on that there are none. */
static void check_one(const struct emitter *e, unsigned *some, unsigned *none)
{
	uint8_t got[RX_PX_MAX_LEN + 1], want[RX_PX_MAX_LEN + 1];
	char got_text[40], want_text[40];
	struct rx_px_values v;
	unsigned n, m;

	any_values(&v, e->memory);
	n = rx_px_encode(&rg_x86_tables, 0, e->id, &v, want);
	m = e->call(got, &v);
	*(n ? some : none) += 1;
	if (n == m && !memcmp(got, want, n))
		return;
	show(got_text, got, m);
	show(want_text, want, n);
	RX_TAP_CHECK(false, "%s: %s, not %s (reg %u rm %u vvvv %u base %u index %u disp %d)",
		     e->name, got_text, want_text, v.reg, v.rm, v.vvvv, v.base, v.index, v.disp);
}

static void test_equal(void)
{
	const unsigned long rounds = rx_sweep_count(300);
	unsigned without = 0, none = 0;

	CU_ASSERT(RX_ARRAY_LEN(emitters) > 1500);
	for (size_t k = 0; k < RX_ARRAY_LEN(emitters); k++) {
		unsigned some = 0;

		state = rx_sweep_start(k);
		for (unsigned long r = 0; r < rounds; r++)
			check_one(&emitters[k], &some, &none);
		without += !some;
	}
	CU_ASSERT(without == 0);
	CU_ASSERT(none > 1000);		/* bad operands were among them */
}

/* Bytes that other assemblers write, so that both are not wrong together. */
static void test_known(void)
{
	static const struct {
		unsigned (*call)(uint8_t *out, const struct rx_px_values *v);
		struct rx_px_values v;
		const char *bytes;
	} rows[] = {
		{ call_add_r64_r64, { .reg = 1, .rm = 0 }, "4801c8" },
		{ call_add_m64_r64, { .reg = 15, .base = 4, .index = 32, .disp = 8 },
		  "4c017c2408" },
		{ call_mov_r64_m64, { .reg = 0, .base = 13, .index = 32 }, "498b4500" },
		{ call_mov_r64_m64, { .reg = 9, .base = 7, .index = 14, .scale = 3,
		  .disp = -129 }, "4e8b8cf77fffffff" },
		{ call_setb_r8, { .rm = 6 }, "400f92c6" },
		{ call_setb_r8, { .rm = 3 }, "0f92c3" },
		{ call_movabs_r64_i64, { .rm = 8, .imm = UINT64_C(0x1122334455667788) },
		  "49b88877665544332211" },
		{ call_vaddsd_xmm_xmm_xmm, { .reg = 1, .vvvv = 2, .rm = 3 }, "c5eb58cb" },
		{ call_vaddsd_xmm_xmm_xmm, { .reg = 1, .vvvv = 2, .rm = 11 }, "c4c16b58cb" },
		{ call_push_r64, { .rm = 12 }, "4154" },
		{ call_ret_64, { .rm = 0 }, "c3" },
	};

	for (size_t k = 0; k < RX_ARRAY_LEN(rows); k++) {
		uint8_t out[RX_PX_MAX_LEN + 1];
		char got[40];

		show(got, out, rows[k].call(out, &rows[k].v));
		RX_TAP_CHECK(!strcmp(got, rows[k].bytes), "%s, not %s", got, rows[k].bytes);
	}
}

CU_TestInfo x86_emit_tests[] = {
	{ "in line as by tables", test_equal },
	{ "known bytes", test_known },
	CU_TEST_INFO_NULL,
};
