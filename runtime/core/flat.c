/* flat.c - memory without an MMU. SPDX-License-Identifier: MIT */
#include "core/flat.h"

#include <string.h>

#include "core/mem.h"
#include "core/tlb.h"
#include "core/vm.h"

/* The first address from pa on, below pa + len, that is not RAM. */
static uint64_t first_bad(const struct rx_mem *mem, uint64_t pa, uint64_t len)
{
	while (len) {
		const struct rx_ram *ram = rx_mem_find(mem, pa, 1);
		uint64_t rest;

		if (!ram)
			return pa;
		rest = ram->base + ram->size - pa;
		if (rest >= len)
			break;
		pa += rest;
		len -= rest;
	}
	return pa;
}

/* len > 0. A range that wraps around is in no region. */
static uint8_t *find(struct rx_cpu *cpu, uint64_t pa, uint64_t len, uint64_t *bad)
{
	const struct rx_mem *mem = &cpu->vm->mem;
	const struct rx_ram *ram = rx_mem_find(mem, pa, len);

	if (RX_LIKELY(ram != NULL))
		return ram->host + (pa - ram->base);
	*bad = first_bad(mem, pa, len);
	return NULL;
}

bool rx_flat_probe(struct rx_cpu *cpu, uint64_t pa, uint64_t len, uint64_t *bad)
{
	return !len || find(cpu, pa, len, bad);
}

bool rx_flat_read(struct rx_cpu *cpu, uint64_t pa, void *buf, uint64_t len, uint64_t *bad)
{
	const uint8_t *host = len ? find(cpu, pa, len, bad) : NULL;

	if (host)
		memcpy(buf, host, len);
	return host || !len;
}

bool rx_flat_write(struct rx_cpu *cpu, uint64_t pa, const void *buf, uint64_t len,
		   uint64_t *bad)
{
	uint8_t *host = len ? find(cpu, pa, len, bad) : NULL;

	if (host) {
		rx_mem_code_write(&cpu->vm->mem, pa, len);
		memcpy(host, buf, len);
	}
	return host || !len;
}

bool rx_flat_load(struct rx_cpu *cpu, uint64_t pa, unsigned size,
		  unsigned __int128 *value, uint64_t *bad)
{
	uint64_t v;

	*value = 0;
	if (RX_LIKELY(rx_flat_read(cpu, pa, value, size, bad)))
		return true;
	if (*bad != pa || size > 8 || !rx_bus_read(&cpu->vm->bus, pa, size, &v))
		return false;
	*value = v;
	return true;
}

bool rx_flat_store(struct rx_cpu *cpu, uint64_t pa, unsigned size,
		   unsigned __int128 value, uint64_t *bad)
{
	if (RX_LIKELY(rx_flat_write(cpu, pa, &value, size, bad)))
		return true;
	return *bad == pa && size <= 8 &&
	       rx_bus_write(&cpu->vm->bus, pa, size, (uint64_t)value);
}

bool rx_flat_fetch(struct rx_cpu *cpu, uint64_t pa, const uint8_t **host, unsigned *avail)
{
	uint64_t bad;

	*host = find(cpu, pa, 1, &bad);
	/* regions are whole pages */
	*avail = (unsigned)(RX_PAGE_SIZE - (pa & ~RX_PAGE_MASK));
	if (!*host)
		return false;
	rx_tlb_fill(cpu, pa, (void *)((uintptr_t)*host & RX_PAGE_MASK), 1u << RX_ACC_X,
		    RX_PAGE_SIZE);
	return true;
}

void *rx_flat_host_rw(struct rx_cpu *cpu, uint64_t pa, unsigned size, uint64_t *bad)
{
	uint8_t *host = find(cpu, pa, size, bad);

	if (host)
		rx_mem_code_write(&cpu->vm->mem, pa, size);
	return host;
}
