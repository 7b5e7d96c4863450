/* hart.c - a hart with memory to test on. SPDX-License-Identifier: MIT */
#include "tests/unit/cpu_riscv/hart.h"

#include <stdlib.h>
#include <string.h>

/* Only what the tests need: nothing executes instructions here. */
static const struct rx_isa isa = {
	.name = "rv64",
	.state_size = sizeof(struct rx_rv64),
	.nregs = RG_RV64_NREGS,
	.regs = rg_rv64_regs,
	.min_len = 2,
	.max_len = 4,
	.fetch = rx_rv64_fetch,
	.raise = rx_rv64_deliver,
	.interrupt = rx_rv64_interrupt,
	.wake = rx_rv64_wake,
	.reset = rx_rv64_reset,
	.init = rx_rv64_init,
	.fini = rx_rv64_fini,
	.enter = rx_rv64_enter,
	.leave = rx_rv64_leave,
};

struct dev_state {
	struct hart *hart;
};

static uint64_t dev_read(struct rx_dev *dev, uint64_t offset, unsigned size)
{
	struct hart *h = ((struct dev_state *)dev->state)->hart;

	(void)offset;
	(void)size;
	h->dev_reads++;
	return 0x12345678;
}

static void dev_write(struct rx_dev *dev, uint64_t offset, unsigned size,
		      uint64_t value)
{
	struct hart *h = ((struct dev_state *)dev->state)->hart;

	(void)offset;
	(void)size;
	h->dev_writes++;
	h->dev_value = value;
}

static const struct rx_dev_class dev_class = {
	.name = "probe", .help = "counts accesses", .version = 1,
	.state_size = sizeof(struct dev_state), .access_sizes = 4,
	.read = dev_read, .write = dev_write,
};

static bool build(struct hart *h)
{
	struct rx_dev *dev;

	if (rx_vm_init(&h->vm, &isa, 1, NULL))
		return false;
	h->cpu = h->vm.cpu[0];
	h->c = rx_rv64_of(h->cpu);
	rx_clock_init(&h->vm, RX_CLOCK_ICOUNT, 0);
	if (rx_mem_add_ram(&h->vm.mem, RAM, RAM_SIZE, NULL))
		return false;
	dev = rx_vm_new_dev(&h->vm, &dev_class);
	if (!dev)
		return false;
	((struct dev_state *)dev->state)->hart = h;
	dev->base = DEVICE;
	dev->size = RX_PAGE_SIZE;
	return !rx_bus_add(&h->vm.bus, dev, NULL);
}

struct hart *hart_new(void)
{
	struct hart *h = calloc(1, sizeof(*h));

	CU_ASSERT_PTR_NOT_NULL_FATAL(h);
	CU_ASSERT_FATAL(build(h));
	h->next_table = TABLES;
	put(h, RG_RV64_CSR_PMPADDR0, UINT64_MAX);
	put(h, RG_RV64_CSR_PMPCFG0, 0x1f);
	return h;
}

void hart_free(struct hart *h)
{
	rx_vm_fini(&h->vm);
	free(h);
}

void put(struct hart *h, unsigned csr, uint64_t value)
{
	CU_ASSERT_FATAL(rx_rv64_csr_put(h->cpu, csr, value));
}

uint64_t get(struct hart *h, unsigned csr)
{
	uint64_t v = 0;

	CU_ASSERT_FATAL(rx_rv64_csr_get(h->cpu, csr, &v));
	return v;
}

void status(struct hart *h, uint64_t set, uint64_t clear)
{
	put(h, RG_RV64_CSR_MSTATUS,
	    (get(h, RG_RV64_CSR_MSTATUS) & ~clear) | set);
}

bool csr_ok(struct hart *h, unsigned csr, bool write)
{
	const struct rx_val v = rx_rv64_csr(h->cpu, csr, RX_CSR_SET, 0, true,
					    write);

	if (v.status == RX_FAULT)
		CU_ASSERT_EQUAL(h->cpu->fault.code, RX_RV64_CAUSE_ILLEGAL);
	return v.status != RX_FAULT;
}

uint64_t peek8(struct hart *h, uint64_t pa)
{
	uint64_t v = 0;

	CU_ASSERT_FATAL(!rx_mem_read(&h->vm.mem, pa, &v, 8));
	return v;
}

void poke8(struct hart *h, uint64_t pa, uint64_t value)
{
	CU_ASSERT_FATAL(!rx_mem_write(&h->vm.mem, pa, &value, 8));
}

static uint64_t new_table(struct hart *h)
{
	const uint64_t pa = h->next_table;

	h->next_table += RX_PAGE_SIZE;
	CU_ASSERT_FATAL(!rx_mem_fill(&h->vm.mem, pa, 0, RX_PAGE_SIZE));
	return pa;
}

uint64_t new_space(struct hart *h, unsigned levels, unsigned asid)
{
	h->levels = levels;
	return (uint64_t)(levels + 5) << 60 | (uint64_t)asid << 44 |
	       new_table(h) >> 12;
}

uint64_t map(struct hart *h, uint64_t satp, uint64_t va, uint64_t pa,
	     unsigned level, uint64_t flags)
{
	uint64_t table = (satp & ((UINT64_C(1) << 44) - 1)) << 12;
	unsigned at = (unsigned)(satp >> 60) - 6;

	for (;; at--) {
		const uint64_t pte = table + (va >> (12 + 9 * at) & 511) * 8;
		uint64_t v = peek8(h, pte);

		if (at == level) {
			poke8(h, pte, pa >> 12 << 10 | flags);
			return pte;
		}
		if (!(v & P_V)) {
			v = new_table(h) >> 12 << 10 | P_V;
			poke8(h, pte, v);
		}
		table = (v >> 10 & ((UINT64_C(1) << 44) - 1)) << 12;
	}
}

unsigned access_va(struct hart *h, uint64_t va, enum rx_access acc)
{
	const uint8_t *host;
	unsigned avail;
	enum rx_exec e;

	if (acc == RX_ACC_R)
		e = rx_rv64_load(h->cpu, va, 4, 0).status;
	else if (acc == RX_ACC_W)
		e = rx_rv64_store(h->cpu, va, 4, 0x5a5a5a5a, 0);
	else
		e = rx_rv64_fetch(h->cpu, va, &host, &avail);
	if (e == RX_NEXT)
		return NO_FAULT;
	CU_ASSERT_EQUAL(e, RX_FAULT);
	RX_TAP_CHECK(h->cpu->fault.value == va, "tval %llx of an access at %llx",
		     (unsigned long long)h->cpu->fault.value,
		     (unsigned long long)va);
	return h->cpu->fault.code;
}

unsigned page_cause(enum rx_access acc)
{
	return acc == RX_ACC_R ? 13 : acc == RX_ACC_W ? 15 : 12;
}

unsigned access_cause(enum rx_access acc)
{
	return acc == RX_ACC_R ? 5 : acc == RX_ACC_W ? 7 : 1;
}

const char *access_name(enum rx_access acc)
{
	return acc == RX_ACC_R ? "load" : acc == RX_ACC_W ? "store" : "fetch";
}

uint64_t draw(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}
