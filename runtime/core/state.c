/* state.c - the hash of a machine's state. SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/vm.h"

/* FNV-1a over 64-bit words, with a final mix of each section. */
#define PRIME UINT64_C(0x100000001b3)
#define BASIS UINT64_C(0xcbf29ce484222325)

static uint64_t mix(uint64_t h)
{
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	return h ^ h >> 32;
}

static uint64_t add_word(uint64_t h, uint64_t v)
{
	h = (h ^ v) * PRIME;
	return h ^ h >> 29;
}

static uint64_t add_bytes(uint64_t h, const void *data, size_t len)
{
	const uint8_t *p = data;
	uint64_t v;

	for (; len >= 8; p += 8, len -= 8) {
		memcpy(&v, p, 8);
		h = add_word(h, v);
	}
	if (len) {
		v = 0;
		memcpy(&v, p, len);
		h = add_word(h, v ^ (uint64_t)len << 56);
	}
	return h;
}

static uint64_t hash_cpu(uint64_t h, const struct rx_cpu *cpu)
{
	const struct rx_isa *isa = cpu->isa;

	h = add_word(h, cpu->pc);
	h = add_word(h, rx_cpu_icount(cpu));
	h = add_word(h, cpu->traps);
	h = add_word(h, (uint64_t)cpu->halted | (uint64_t)cpu->stopped << 1);
	h = add_word(h, cpu->res_granule);
	for (unsigned k = 0; k < isa->nregs; k++)
		h = add_bytes(h, (const uint8_t *)cpu + isa->regs[k].offset,
			      isa->regs[k].bytes);
	return h;
}

static uint64_t hash_dev(uint64_t h, const struct rx_dev *dev)
{
	h = add_bytes(h, dev->cls->name, strlen(dev->cls->name));
	h = add_word(h, dev->base);
	h = add_word(h, dev->irq.level);
	for (unsigned k = 0; k < dev->cls->nfields; k++) {
		const struct rx_field *f = &dev->cls->fields[k];

		h = add_bytes(h, (const uint8_t *)dev->state + f->offset,
			      (size_t)f->size * f->count);
	}
	return h;
}

uint64_t rx_vm_hash_state(struct rx_vm *vm)
{
	const struct rx_dev *dev;
	uint64_t h = BASIS;

	for (unsigned k = 0; k < vm->ncpus; k++)
		h = hash_cpu(h, vm->cpu[k]);
	for (dev = vm->devs; dev; dev = dev->next)
		h = hash_dev(h, dev);
	return mix(h);
}

/* Four lanes, since one is bound by the latency of its multiplication; a
 * page of zeros (most of them) counts as nothing. */
static uint64_t hash_page(const uint8_t *page)
{
	uint64_t lane[4] = { 1, 2, 3, 4 }, any = 0, v[4];

	for (unsigned at = 0; at < RX_PAGE_SIZE; at += sizeof(v)) {
		memcpy(v, page + at, sizeof(v));
		any |= v[0] | v[1] | v[2] | v[3];
		for (unsigned k = 0; k < 4; k++)
			lane[k] = add_word(lane[k], v[k]);
	}
	return any ? mix(lane[0] ^ mix(lane[1] ^ mix(lane[2] ^ mix(lane[3]))))
		   : 0;
}

uint64_t rx_vm_hash(struct rx_vm *vm)
{
	uint64_t h = rx_vm_hash_state(vm);

	for (unsigned k = 0; k < vm->mem.nregions; k++) {
		const struct rx_ram *r = &vm->mem.region[k];

		h = add_word(add_word(h, r->base), r->size);
		for (uint64_t at = 0; at < r->size; at += RX_PAGE_SIZE) {
			const uint64_t page = hash_page(r->host + at);

			if (page)
				h = add_word(add_word(h, at), page);
		}
	}
	return mix(h);
}
