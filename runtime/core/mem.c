/* mem.c - guest physical memory. SPDX-License-Identifier: MIT */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1	/* MAP_ANONYMOUS, madvise */
#endif
#include "core/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/limits.h"
#include "core/vm.h"

/* Also the alignment that lets the host use its large pages. */
#define GUARD_BYTES (2 * RX_MIB)

rax_status rx_mem_add_ram(struct rx_mem *mem, uint64_t base, uint64_t size,
			  rax_error *err)
{
	const uint64_t total = size + 3 * GUARD_BYTES;
	struct rx_ram *ram = &mem->region[mem->nregions];
	uint8_t *host, *start;

	if (mem->nregions == RX_MEM_MAX_REGIONS)
		return rx_err(err, RAX_ERANGE, "more than %d regions of RAM",
			      RX_MEM_MAX_REGIONS);
	if (!size || size > RX_LIMIT_RAM || base + (size - 1) < base ||
	    ((base | size) & ~RX_PAGE_MASK))
		return rx_err(err, RAX_ERANGE,
			      "0x%llx bytes of RAM at 0x%llx: not a range of "
			      "whole 4 KiB pages", (unsigned long long)size,
			      (unsigned long long)base);
	for (unsigned k = 0; k < mem->nregions; k++) {
		const struct rx_ram *r = &mem->region[k];

		if (r->base <= base + (size - 1) &&
		    base <= r->base + (r->size - 1))
			return rx_err(err, RAX_ERANGE,
				      "RAM at 0x%llx overlaps RAM at 0x%llx",
				      (unsigned long long)base,
				      (unsigned long long)r->base);
	}
	host = mmap(NULL, total, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (host == MAP_FAILED)
		return rx_err_errno(err, RAX_ENOMEM, errno,
				    "%llu MiB of guest RAM",
				    (unsigned long long)(size / RX_MIB));
	start = (uint8_t *)(uintptr_t)
		rx_align_up((uintptr_t)host + GUARD_BYTES, GUARD_BYTES);
	ram->code = calloc(size / RX_PAGE_SIZE, sizeof(*ram->code));
	if (!ram->code || mprotect(start, size, PROT_READ | PROT_WRITE)) {
		free(ram->code);
		munmap(host, total);
		return rx_err(err, RAX_ENOMEM, "%llu MiB of guest RAM",
			      (unsigned long long)(size / RX_MIB));
	}
#ifdef MADV_HUGEPAGE
	(void)madvise(start, size, MADV_HUGEPAGE);	/* a wish, may fail */
#endif
	ram->base = base;
	ram->size = size;
	ram->host = start;
	ram->map = host;
	ram->map_size = total;
	mem->nregions++;
	return RAX_OK;
}

void rx_mem_fini(struct rx_mem *mem)
{
	for (unsigned k = 0; k < mem->nregions; k++) {
		munmap(mem->region[k].map, mem->region[k].map_size);
		free(mem->region[k].code);
	}
	mem->nregions = 0;
}

const struct rx_ram *rx_mem_find(const struct rx_mem *mem, uint64_t pa,
				 uint64_t len)
{
	for (unsigned k = 0; k < mem->nregions; k++)
		if (rx_range_in(mem->region[k].base, mem->region[k].size, pa,
				len))
			return &mem->region[k];
	return NULL;
}

const struct rx_ram *rx_mem_find_host(const struct rx_mem *mem,
				      const void *host)
{
	const uintptr_t at = (uintptr_t)host;

	for (unsigned k = 0; k < mem->nregions; k++)
		if (at - (uintptr_t)mem->region[k].host < mem->region[k].size)
			return &mem->region[k];
	return NULL;
}

/*
 * Goes over [pa, pa + len) region by region: all of it must be RAM, though
 * not of one region.
 */
static bool all_ram(const struct rx_mem *mem, uint64_t pa, uint64_t len)
{
	while (len) {
		const struct rx_ram *r = rx_mem_find(mem, pa, 1);
		uint64_t n;

		if (!r)
			return false;
		n = r->size - (pa - r->base);
		if (n >= len)
			return true;
		pa += n;
		len -= n;
	}
	return true;
}

/* The host memory at pa, and how much of *len it holds. */
static uint8_t *span(const struct rx_mem *mem, uint64_t pa, uint64_t *len)
{
	const struct rx_ram *r = rx_mem_find(mem, pa, 1);
	const uint64_t room = r->size - (pa - r->base);

	if (*len > room)
		*len = room;
	return r->host + (pa - r->base);
}

rax_status rx_mem_read(struct rx_mem *mem, uint64_t pa, void *buf, size_t len)
{
	uint8_t *out = buf;

	if (!all_ram(mem, pa, len))
		return RAX_ERANGE;
	while (len) {
		uint64_t n = len;
		const uint8_t *host = span(mem, pa, &n);

		memcpy(out, host, n);
		out += n;
		pa += n;
		len -= n;
	}
	return RAX_OK;
}

/* Somebody else than a cpu writes: takes away what cpus hold of it. */
static void before_write(struct rx_mem *mem, uint64_t pa, uint64_t len)
{
	rx_mem_code_write(mem, pa, len);
	for (unsigned k = 0; mem->vm && k < mem->vm->ncpus; k++) {
		struct rx_cpu *cpu = mem->vm->cpu[k];
		const uint64_t granule = cpu->res_granule & ~UINT64_C(63);

		if (cpu->res_granule && granule < pa + len &&
		    pa < granule + 64)
			cpu->res_granule = 0;
	}
}

rax_status rx_mem_write(struct rx_mem *mem, uint64_t pa, const void *buf,
			size_t len)
{
	const uint8_t *in = buf;

	if (!all_ram(mem, pa, len))
		return RAX_ERANGE;
	if (len)
		before_write(mem, pa, len);
	while (len) {
		uint64_t n = len;
		uint8_t *host = span(mem, pa, &n);

		memcpy(host, in, n);
		in += n;
		pa += n;
		len -= n;
	}
	return RAX_OK;
}

rax_status rx_mem_fill(struct rx_mem *mem, uint64_t pa, int byte, uint64_t len)
{
	if (!all_ram(mem, pa, len))
		return RAX_ERANGE;
	if (len)
		before_write(mem, pa, len);
	while (len) {
		uint64_t n = len;
		uint8_t *host = span(mem, pa, &n);

		memset(host, byte, n);
		pa += n;
		len -= n;
	}
	return RAX_OK;
}

void rx_mem_clear(struct rx_mem *mem)
{
	for (unsigned k = 0; k < mem->nregions; k++) {
		const struct rx_ram *r = &mem->region[k];

		before_write(mem, r->base, r->size);
		/* gives the host its memory back, too */
		if (madvise(r->host, r->size, MADV_DONTNEED) < 0)
			memset(r->host, 0, r->size);
	}
}

/* Granules of the page that are watched: stores to them go the slow way, too. */
static uint64_t watched_granules(const struct rx_mem *mem, const uint8_t *page)
{
	const struct rx_mem_watch *w = &mem->watch;
	const struct rx_ram *r;

	if (!w->len)
		return 0;
	r = rx_mem_find(mem, w->pa, w->len);
	if (r->host + ((w->pa - r->base) & RX_PAGE_MASK) != page)
		return 0;
	return rx_mem_granules((unsigned)(w->pa & ~RX_PAGE_MASK), (unsigned)w->len);
}

rax_status rx_mem_watch(struct rx_mem *mem, uint64_t pa, uint64_t len,
			void (*fn)(void *opaque, uint64_t pa, uint64_t len),
			void *opaque)
{
	const struct rx_ram *r = rx_mem_find(mem, pa, len);

	if (!r || !len || (pa & ~RX_PAGE_MASK) + len > RX_PAGE_SIZE)
		return RAX_ERANGE;
	mem->watch = (struct rx_mem_watch){ .pa = pa, .len = len, .fn = fn,
					    .opaque = opaque };
	rx_mem_code_mark(mem, r->host + (pa - r->base), (unsigned)len);
	return RAX_OK;
}

void rx_mem_watch_report(struct rx_mem *mem)
{
	const uint64_t len = mem->watch.hit_len;

	if (RX_LIKELY(!len))
		return;
	mem->watch.hit_len = 0;
	mem->watch.fn(mem->watch.opaque, mem->watch.hit_pa, len);
}

/* Which granules of the page hold code of any cpu now? */
static uint64_t granules_in_use(const struct rx_mem *mem, const uint8_t *page)
{
	const struct rx_engine *engine = mem->vm->engine;
	uint64_t sum = watched_granules(mem, page);

	for (unsigned k = 0; k < mem->vm->ncpus; k++)
		sum |= engine->granules(mem->vm->cpu[k], page);
	return sum;
}

static void invalidate_page(struct rx_mem *mem, const struct rx_ram *r,
			    uint64_t offset, unsigned len)
{
	const struct rx_engine *engine = mem->vm->engine;
	const unsigned in_page = (unsigned)(offset & ~RX_PAGE_MASK);
	const uint64_t hit = rx_mem_granules(in_page, len);
	uint64_t *code = &r->code[offset >> RX_PAGE_BITS];
	const uint8_t *page = r->host + (offset & RX_PAGE_MASK);
	unsigned first, last;

	if (RX_LIKELY(!(*code & hit)))
		return;
	first = (unsigned)__builtin_ctzll(hit) << RX_GRANULE_BITS;
	last = (64 - (unsigned)__builtin_clzll(hit)) << RX_GRANULE_BITS;
	for (unsigned k = 0; k < mem->vm->ncpus; k++)
		engine->invalidate(mem->vm->cpu[k], page + first, last - first);
	*code = granules_in_use(mem, page);
}

void rx_mem_code_write(struct rx_mem *mem, uint64_t pa, uint64_t len)
{
	struct rx_mem_watch *w = &mem->watch;

	if (RX_UNLIKELY(w->len) && pa < w->pa + w->len && w->pa < pa + len &&
	    mem->vm->current) {
		w->hit_pa = pa;
		w->hit_len = len;
		rx_cpu_poll(mem->vm->current, RX_POLL_TIME);
	}
	if (!mem->vm || !mem->vm->engine || !mem->vm->engine->invalidate)
		return;
	while (len) {
		const struct rx_ram *r = rx_mem_find(mem, pa, 1);
		uint64_t n = RX_PAGE_SIZE - (pa & ~RX_PAGE_MASK);

		if (n > len)
			n = len;
		if (!r)
			return;
		invalidate_page(mem, r, pa - r->base, (unsigned)n);
		pa += n;
		len -= n;
	}
}

void rx_mem_code_mark(struct rx_mem *mem, const void *host, unsigned len)
{
	const struct rx_ram *r = rx_mem_find_host(mem, host);
	uint64_t offset, *code;

	if (!r || !len)
		return;
	offset = (uint64_t)((const uint8_t *)host - r->host);
	code = &r->code[offset >> RX_PAGE_BITS];
	if (!*code)
		for (unsigned k = 0; k < mem->vm->ncpus; k++)
			rx_tlb_protect_host(mem->vm->cpu[k],
					    r->host + (offset & RX_PAGE_MASK));
	*code |= rx_mem_granules((unsigned)(offset & ~RX_PAGE_MASK), len);
}

void rx_mem_code_dropped(struct rx_mem *mem)
{
	const bool keeps = mem->vm->engine && mem->vm->engine->granules;

	for (unsigned k = 0; k < mem->nregions; k++) {
		const struct rx_ram *r = &mem->region[k];

		for (uint64_t p = 0; p < r->size >> RX_PAGE_BITS; p++)
			if (r->code[p])
				r->code[p] = keeps ? granules_in_use(mem,
					r->host + (p << RX_PAGE_BITS)) :
					watched_granules(mem,
					r->host + (p << RX_PAGE_BITS));
	}
}
