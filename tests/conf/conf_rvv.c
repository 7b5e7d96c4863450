/* conf_rvv.c - vectors against recorded results, at every VLEN. SPDX-License-Identifier: MIT
 *
 *	conf_rvv				TAP
 *	conf_rvv --show VLEN CASE ENGINE	one case and its result
 *
 * tests/conf/rvv.vec.zst is what tests/diff/guest/rvv.c writes for VLEN 128,
 * 256, 512 and 1024, one behind the other.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "core/vm.h"
#include "cpu/riscv/rv64.h"
#include "rv64/isa.h"
#include "tests/conf/rvv.h"
#include "tests/lib/tap.h"

#define CODE 0x80000000u
#define SHOWN 4

static const unsigned vlens[] = { 128, 256, 512, 1024 };
#define NVLENS (sizeof(vlens) / sizeof(vlens[0]))

static const struct rx_engine *const engines[] = {
	&rx_engine_step, &rx_engine_threaded, &rx_engine_smir,
};
#define NENGINES (sizeof(engines) / sizeof(engines[0]))

static uint64_t want[NVLENS][RVV_CASES];
static bool recorded;

struct bench {
	struct rx_vm vm;
	struct rx_cpu *cpu;
	struct rx_rv64 *c;
	unsigned vlen;
	uint8_t data[RVV_DATA_SIZE];
};

static bool bench_init(struct bench *b, unsigned vlen, unsigned engine)
{
	struct rx_mem *mem = &b->vm.mem;

	memset(b, 0, sizeof(*b));
	b->vlen = vlen;
	rvv_data(b->data);
	if (rx_vm_init(&b->vm, &rg_rv64, 1, NULL))
		return false;
	b->cpu = b->vm.cpu[0];
	b->c = rx_rv64_of(b->cpu);
	rx_clock_init(&b->vm, RX_CLOCK_ICOUNT, 0);
	return rx_rv64_set_vlen(b->cpu, vlen) &&
	       !rx_mem_add_ram(mem, CODE, 0x1000, NULL) &&
	       !rx_mem_add_ram(mem, RVV_DATA, RVV_DATA_SIZE, NULL) &&
	       !rx_mem_write(mem, RVV_DATA, b->data, sizeof(b->data)) &&
	       rx_rv64_csr_put(b->cpu, RG_RV64_CSR_PMPADDR0, UINT64_MAX) &&
	       rx_rv64_csr_put(b->cpu, RG_RV64_CSR_PMPCFG0, 0x1f) &&
	       rx_rv64_csr_put(b->cpu, RG_RV64_CSR_MTVEC, CODE + 0x800) &&
	       !rx_vm_set_engine(&b->vm, engines[engine], NULL);
}

/* NULL, or what is wrong whatever the oracle says */
static const char *run(struct bench *b, const struct rvv_case *c,
		       struct rvv_result *r)
{
	struct rx_rv64 *s = b->c;
	const uint64_t traps = b->cpu->traps;
	bool trapped;

	memset(r, 0, sizeof(*r));
	if (rx_mem_write(&b->vm.mem, CODE, &c->word, 4) ||
	    !rx_rv64_csr_put(b->cpu, RG_RV64_CSR_MSTATUS,
			     RG_RV64_MSTATUS_FS | RG_RV64_MSTATUS_VS))
		return "the case could not be loaded";
	rx_rv64_set_priv(b->cpu, RX_RV64_U);
	if (rx_rv64_vset(b->cpu, c->avl, RX_RV64_AVL_GIVEN, c->vtype).status)
		return "vsetvl failed";
	memcpy(s->v, c->v, 32 * b->vlen / 8);
	s->vstart = (uint16_t)c->vstart;
	s->frm = (uint8_t)(c->fcsr >> 5);
	s->fflags = c->fcsr & 31;
	memset(s->x, 0, sizeof(s->x));
	s->x[10] = c->x10;
	s->x[11] = c->x11;
	s->x[12] = RVV_X12;
	/* Initial, so that executors have to make it Dirty */
	s->mstatus &= ~(UINT64_C(2) << RG_RV64_MSTATUS_VS_SHIFT);
	b->cpu->pc = CODE;
	rx_rv64_resync(b->cpu);
	if (rx_vm_run(&b->vm, 1) != RX_STOP_LIMIT)
		return "the run did not stop at its limit";
	trapped = b->cpu->traps != traps;
	if (b->cpu->pc != (trapped ? CODE + 0x800u : CODE + 4u))
		return "pc is wrong";
	if (trapped) {
		r->outcome = s->mcause == RX_RV64_CAUSE_ILLEGAL ? RVV_ILLEGAL :
			     RVV_FAULT;
		r->addr = r->outcome == RVV_FAULT ? s->mtval : 0;
	}
	r->vl = s->vl;
	r->vtype = rx_rv64_read_vtype(s, 0);
	r->vstart = s->vstart;
	r->fcsr = (uint64_t)s->frm << 5 | s->fflags;
	r->x12 = s->x[12];
	memcpy(r->v, s->v, 32 * b->vlen / 8);
	if (memcmp(r->v, c->v, 32 * b->vlen / 8) &&
	    (s->mstatus & RG_RV64_MSTATUS_VS) != RG_RV64_MSTATUS_VS)
		return "mstatus.VS is not Dirty";
	return NULL;
}

static void test(const void *arg)
{
	const unsigned n = (unsigned)(uintptr_t)arg, vlen = vlens[n / NENGINES];
	struct bench *b = calloc(1, sizeof(*b));
	static struct rvv_case c;
	static struct rvv_result r;
	unsigned failed = 0;

	RX_TAP_CHECK(recorded, "tests/conf/rvv.vec.zst cannot be read");
	if (!recorded || !b)
		return;
	RX_TAP_CHECK(bench_init(b, vlen, n % NENGINES), "no machine");
	for (unsigned k = 0; k < RVV_CASES; k++) {
		const char *wrong;

		rvv_case(&c, vlen, k);
		wrong = run(b, &c, &r);
		if (!wrong && rvv_hash(&r, vlen) == want[n / NENGINES][k])
			continue;
		if (failed++ < SHOWN)
			rx_tap_fail("tests/conf", 0, "%s: case %u: %s (conf_rvv --show %u %u %u)",
				    c.insn, k, wrong ? wrong : "another result", vlen, k,
				    n % (unsigned)NENGINES);
	}
	RX_TAP_CHECK(!failed, "%u of %u cases failed", failed, RVV_CASES);
	rx_vm_fini(&b->vm);
	free(b);
}

/* Without V, and with mstatus.VS Off, there is no such instruction. */
static void test_off(const void *arg)
{
	struct bench *b = calloc(1, sizeof(*b));
	static struct rvv_case c;
	static struct rvv_result r;
	uint64_t misa = 0;

	(void)arg;
	RX_TAP_CHECK(b && bench_init(b, 0, 0), "no machine");
	if (!b)
		return;
	rvv_case(&c, 128, 0);
	RX_TAP_CHECK(run(b, &c, &r) != NULL, "vsetvl without V");
	RX_TAP_CHECK(rx_rv64_csr_get(b->cpu, RG_RV64_CSR_MISA, &misa) &&
		     !(misa >> 21 & 1), "misa %#llx", (unsigned long long)misa);
	RX_TAP_CHECK(!(b->c->mstatus & RG_RV64_MSTATUS_VS), "VS is writable");
	RX_TAP_CHECK(!rx_rv64_set_vlen(b->cpu, 64) && !rx_rv64_set_vlen(b->cpu, 2048) &&
		     !rx_rv64_set_vlen(b->cpu, 384), "a wrong VLEN is accepted");
	rx_vm_fini(&b->vm);
	free(b);
}

/*
 * vle32.v and vlseg2e32.v over the end of what may be read: the fault leaves
 * vstart and the lanes before it; executed again, with the rest allowed, it
 * ends as if nothing had happened. Every lane is the faulting one once.
 */
static void test_restart(const void *arg)
{
	const unsigned engine = (unsigned)(uintptr_t)arg % NENGINES;
	const unsigned nf = (unsigned)(uintptr_t)arg / NENGINES + 1;
	struct bench *b = calloc(1, sizeof(*b));
	static struct rvv_case c;
	static struct rvv_result r;

	RX_TAP_CHECK(b && bench_init(b, 256, engine) &&
		     !rx_mem_add_ram(&b->vm.mem, RVV_DATA + 0x1000, 0x1000, NULL) &&
		     !rx_mem_fill(&b->vm.mem, RVV_DATA + 0x1000, 0x5a, 0x1000), "no machine");
	memset(&c, 0, sizeof(c));
	c.word = (nf == 1 ? 0x02056407u : 0x22056407u);	/* v8, (a0) */
	c.avl = 16;
	c.vtype = 2 << 3 | 1;	/* e32, m2 */
	for (unsigned k = 0; b && k < 16; k++) {
		uint32_t lane;
		const char *wrong;

		c.x10 = RVV_DATA + 0x1000 - 4 * nf * k;
		/* nothing of the second page, then all of it: entries 0 and 1 */
		rx_rv64_csr_put(b->cpu, RG_RV64_CSR_PMPADDR0, (RVV_DATA + 0x1000) >> 2);
		rx_rv64_csr_put(b->cpu, RG_RV64_CSR_PMPADDR0 + 1, (RVV_DATA + 0x2000) >> 2);
		rx_rv64_csr_put(b->cpu, RG_RV64_CSR_PMPADDR0 + 2, UINT64_MAX);
		rx_rv64_csr_put(b->cpu, RG_RV64_CSR_PMPCFG0, 0x0f080f);
		wrong = run(b, &c, &r);
		RX_TAP_CHECK(!wrong && r.outcome == RVV_FAULT && r.vstart == k &&
			     r.addr == RVV_DATA + 0x1000, "lane %u: %s", k, wrong ? wrong : "");
		rx_rv64_csr_put(b->cpu, RG_RV64_CSR_PMPCFG0, 0x0f0f0f);
		rx_rv64_set_priv(b->cpu, RX_RV64_U);
		b->cpu->pc = CODE;
		RX_TAP_CHECK(rx_vm_run(&b->vm, 1) == RX_STOP_LIMIT &&
			     b->cpu->pc == CODE + 4 && !b->c->vstart, "lane %u again", k);
		for (unsigned e = 0; e < 16 * nf; e++) {
			const unsigned at = 4 * (e % 16) + 64 * (e / 16);
			const uint64_t from = c.x10 + 4 * (e % 16 * nf + e / 16) - RVV_DATA;
			uint32_t wanted = 0x5a5a5a5a;

			memcpy(&lane, (uint8_t *)b->c->v + 8 * 32 + at, 4);
			if (from < RVV_DATA_SIZE)
				memcpy(&wanted, b->data + from, 4);
			RX_TAP_CHECK(lane == wanted, "lane %u of %u", e, k);
		}
	}
	if (b)
		rx_vm_fini(&b->vm);
	free(b);
}

static void read_recording(void)
{
	const char *dir = getenv("srcdir");
	static uint8_t packed[sizeof(want) + 4096];
	char path[4096];
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/tests/conf/rvv.vec.zst", dir ? dir : ".");
	f = fopen(path, "rb");
	if (f) {
		n = fread(packed, 1, sizeof(packed), f);
		fclose(f);
	}
	recorded = n && ZSTD_decompress(want, sizeof(want), packed, n) == sizeof(want);
}

static int show(unsigned vlen, unsigned k, unsigned engine)
{
	static struct bench b;
	static struct rvv_case c;
	static struct rvv_result r;
	static char text[20000];
	const char *wrong;

	if (engine >= NENGINES || !bench_init(&b, vlen, engine))
		return 2;
	rvv_case(&c, vlen, k);
	wrong = run(&b, &c, &r);
	rvv_print(text, sizeof(text), &c, &r, vlen);
	printf("%s%s%s", text, wrong ? wrong : "", wrong ? "\n" : "");
	rx_vm_fini(&b.vm);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "--show"))
		return show((unsigned)atoi(argv[2]), (unsigned)atoi(argv[3]),
			    (unsigned)atoi(argv[4]));
	read_recording();
	for (unsigned k = 0; k < NVLENS * NENGINES; k++) {
		char suite[40];

		snprintf(suite, sizeof(suite), "vlen%u", vlens[k / NENGINES]);
		rx_tap_add(suite, engines[k % NENGINES]->name, test, (void *)(uintptr_t)k);
	}
	for (unsigned k = 0; k < 2 * NENGINES; k++) {
		char name[40];

		snprintf(name, sizeof(name), "%s-%u", engines[k % NENGINES]->name,
			 k / (unsigned)NENGINES + 1);
		rx_tap_add("restart", name, test_restart, (void *)(uintptr_t)k);
	}
	rx_tap_add("off", "refused", test_off, NULL);
	return rx_tap_main(argc, argv, NULL);
}
