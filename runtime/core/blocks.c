/* blocks.c - making, finding, linking and dropping blocks. SPDX-License-Identifier: MIT */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1	/* MAP_ANONYMOUS */
#endif
#include "core/blocks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/error.h"
#include "base/limits.h"
#include "core/group.h"
#include "core/isa.h"
#include "core/mem.h"
#include "core/vm.h"

#define JUMP_BYTES (RX_JUMP_ENTRIES * sizeof(struct rx_jump))

rax_status rx_blocks_init(struct rx_cpu *cpu, rax_error *err)
{
	struct rx_blocks *b = calloc(1, sizeof(*b));

	if (!b)
		return rx_err(err, RAX_ENOMEM, "translated code");
	b->code = mmap(NULL, RX_LIMIT_BLOCK_BYTES, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (b->code == MAP_FAILED) {
		rx_err_errno(err, RAX_ENOMEM, errno, "translated code");
		free(b);
		return RAX_ENOMEM;
	}
#ifdef MADV_HUGEPAGE
	/* blocks that follow each other lie far apart: saves the host's TLB */
	(void)madvise(b->code, RX_LIMIT_BLOCK_BYTES, MADV_HUGEPAGE);
#endif
	cpu->jumps = mmap(NULL, JUMP_BYTES, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (cpu->jumps == MAP_FAILED) {
		rx_err_errno(err, RAX_ENOMEM, errno, "jump cache");
		cpu->jumps = NULL;
		munmap(b->code, RX_LIMIT_BLOCK_BYTES);
		free(b);
		return RAX_ENOMEM;
	}
	b->at = b->code;
	b->end = b->code + RX_LIMIT_BLOCK_BYTES;
	cpu->blocks = b;	/* what is zero is empty: short runs touch little */
	return RAX_OK;
}

void rx_blocks_fini(struct rx_cpu *cpu)
{
	if (!cpu->blocks)
		return;
	munmap(cpu->blocks->code, RX_LIMIT_BLOCK_BYTES);
	munmap(cpu->jumps, JUMP_BYTES);
	free(cpu->blocks);
	cpu->blocks = NULL;
	cpu->jumps = NULL;
}

void rx_blocks_drop(struct rx_cpu *cpu)
{
	struct rx_blocks *b = cpu->blocks;

	memset(cpu->jumps, 0, JUMP_BYTES);
	memset(b->hash, 0, sizeof(b->hash));
	memset(b->page, 0, sizeof(b->page));
	memset(b->free, 0, sizeof(b->free));
	b->dead = NULL;
	b->at = b->code;
	b->full = false;
	b->kills++;
	b->drops++;
	if (b->dropped)
		b->dropped(cpu);
}

static unsigned records(const struct rx_block *b)
{
	return b->n + b->nlinks * RX_LINK_RECORDS + b->nmembers;
}

const char *rx_blocks_stat(const struct rx_cpu *cpu, unsigned index, uint64_t *value)
{
	const struct rx_blocks *b = cpu->blocks;
	const struct {
		const char *name;
		uint64_t value;
	} stats[RX_BLOCKS_STATS] = {
		{ "blocks made", b ? b->made : 0 },
		{ "times that all blocks were dropped", b ? b->drops : 0 },
	};

	if (index >= RX_BLOCKS_STATS)
		return NULL;
	*value = stats[index].value;
	return stats[index].name;
}

void rx_blocks_tidy(struct rx_cpu *cpu)
{
	struct rx_blocks *bs = cpu->blocks;
	struct rx_block *b, *next;

	if (RX_UNLIKELY(bs->full)) {
		rx_blocks_drop(cpu);
		rx_mem_code_dropped(&cpu->vm->mem);
	}
	for (b = bs->dead; RX_UNLIKELY(b != NULL); b = next) {
		struct rx_block **list = &bs->free[records(b)];

		next = b->next;
		b->next = *list;
		*list = b;
	}
	bs->dead = NULL;
}

static struct rx_block *allocate(struct rx_blocks *bs, unsigned n)
{
	const size_t size = sizeof(struct rx_block) +
			    n * sizeof(struct rx_insn);
	struct rx_block *b = bs->free[n];

	if (b) {
		bs->free[n] = b->next;
		return b;
	}
	if (size > (size_t)(bs->end - bs->at)) {
		bs->full = true;
		return NULL;
	}
	b = (struct rx_block *)(void *)bs->at;
	bs->at += size;
	return b;
}

static struct rx_block **hash_chain(struct rx_blocks *bs, uint64_t pc,
				    const uint8_t *host)
{
	const uint64_t h = (pc ^ (uintptr_t)host << 16) *
			   UINT64_C(0x9e3779b97f4a7c15);

	return &bs->hash[h >> (64 - RX_BLOCK_HASH_BITS)];
}

static struct rx_block **page_chain(struct rx_blocks *bs, const uint8_t *host)
{
	const uint64_t h = ((uintptr_t)host >> RX_PAGE_BITS) *
			   UINT64_C(0x9e3779b97f4a7c15);

	return &bs->page[h >> (64 - RX_BLOCK_PAGE_BITS)];
}

static void make_link(struct rx_link *link, struct rx_block *owner,
		      uint64_t pc, bool direct)
{
	const bool near = !((pc ^ owner->pc) & RX_PAGE_MASK);

	memset(link, 0, sizeof(*link));
	link->handler = !direct ? rx_thr_any
		      : near ? rx_thr_near_resolve : rx_thr_far_resolve;
	link->first = (const struct rx_insn *)link;
	link->pc = pc;
	link->to = direct && near ? owner : NULL;
}

void rx_blocks_link(struct rx_link *link, struct rx_block *to,
		    uintptr_t addend)
{
	if (link->handler == rx_thr_near_resolve) {
		link->handler = rx_thr_near;
		link->first = to->insn;
		link->cost = to->n;
	} else {
		link->handler = rx_thr_far;
		link->to = to;
		link->addend = addend;
	}
	link->next = to->incoming;
	link->prev = &to->incoming;
	if (link->next)
		link->next->prev = &link->next;
	to->incoming = link;
}

/* Takes a resolved link back. A near one's `to` has stayed its owner. */
static void unlink_link(struct rx_link *link)
{
	*link->prev = link->next;
	if (link->next)
		link->next->prev = link->prev;
	link->prev = NULL;
	link->next = NULL;
	link->handler = link->handler == rx_thr_near ? rx_thr_near_resolve
						     : rx_thr_far_resolve;
	link->first = (const struct rx_insn *)link;
	link->cost = 0;
}

static void kill_block(struct rx_cpu *cpu, struct rx_block *b)
{
	struct rx_blocks *bs = cpu->blocks;
	struct rx_link *links = (struct rx_link *)(b->insn + b->n);
	struct rx_jump *j = rx_jump_slot(cpu, b->pc);

	*b->prev = b->next;
	if (b->next)
		b->next->prev = b->prev;
	*b->page_prev = b->page_next;
	if (b->page_next)
		b->page_next->page_prev = b->page_prev;
	while (b->incoming)
		unlink_link(b->incoming);
	for (unsigned k = 0; k < b->nlinks; k++)
		if (links[k].prev)
			unlink_link(&links[k]);
	if (j->first == b->insn)
		memset(j, 0, sizeof(*j));
	if (b->native)
		bs->died(cpu, b);
	b->next = bs->dead;
	bs->dead = b;
	bs->kills++;
}

void rx_blocks_invalidate(struct rx_cpu *cpu, const uint8_t *host, unsigned len)
{
	struct rx_block *b, *next;
	const uint8_t *end = host + len;
	bool any = false;

	for (b = *page_chain(cpu->blocks, host); b; b = next) {
		next = b->page_next;
		if (b->host < end && host < b->host + b->bytes) {
			kill_block(cpu, b);
			any = true;
		}
	}
	if (any)	/* a run inside of one must not go on in it */
		rx_cpu_poll(cpu, RX_POLL_MODE);
}

uint64_t rx_blocks_granules(struct rx_cpu *cpu, const uint8_t *host_page)
{
	const struct rx_block *b;
	uint64_t sum = 0;

	for (b = *page_chain(cpu->blocks, host_page); b; b = b->page_next)
		if (((uintptr_t)b->host & RX_PAGE_MASK) ==
		    (uintptr_t)host_page)
			sum |= rx_mem_granules((uintptr_t)b->host &
					       ~RX_PAGE_MASK, b->bytes);
	return sum;
}

/* Instructions of a block that is being made. */
struct decoded {
	unsigned n, bytes, flags;	/* RX_INSN_* of the last one */
	unsigned nmembers;
	struct rx_insn insn[RX_LIMIT_BLOCK_INSNS];
	struct rx_insn member[RX_LIMIT_BLOCK_INSNS];
};

unsigned rx_blocks_flags(const struct rx_isa *isa, const struct rx_insn *i)
{
	unsigned flags = 0;

	if (!isa->groups)
		return isa->info[i->id].flags;
	if (!i->id)
		return RX_INSN_ENDS_BLOCK;
	for (unsigned k = 0; k < i->r[0]; k++)
		flags |= isa->info[rx_group_member(i, k)->id].flags & RX_INSN_ENDS_BLOCK;
	return flags;
}

/* Takes an instruction, the first of its records; false: there is no room. */
static bool take(struct decoded *d, const struct rx_isa *isa, const struct rx_insn *i)
{
	const unsigned members = isa->groups && i->id ? i->r[0] : 0;

	if (d->n + members + d->nmembers >= RX_LIMIT_BLOCK_INSNS)
		return false;
	d->flags = rx_blocks_flags(isa, i);
	d->insn[d->n] = *i;
	if (members)
		memcpy(&d->member[d->nmembers], rx_group_member(i, 0), members * sizeof(*i));
	d->nmembers += members;
	d->n++;
	d->bytes += i->len;
	return true;
}

/*
 * Decodes until the block ends. n is 0 when the first instruction goes over the
 * end of the page.
 */
static void decode(struct rx_cpu *cpu, const uint8_t *host, unsigned avail,
		   struct decoded *d)
{
	const struct rx_isa *isa = cpu->isa;
	struct rx_insn i[RX_INSN_RECORDS];

	d->n = d->bytes = d->flags = d->nmembers = 0;
	while (d->bytes < avail && !(d->flags & RX_INSN_ENDS_BLOCK)) {
		unsigned len;

		memset(i, 0, isa->groups ? sizeof(i) : sizeof(*i));
		i->pc = cpu->pc + d->bytes;
		len = isa->decode(cpu->mode_key, host + d->bytes, avail - d->bytes, i);
		if (!len || len > avail - d->bytes)
			break;
		i->len = (uint8_t)len;
		if (!take(d, isa, i))
			break;
	}
	for (unsigned k = 0; k < d->n; k++)
		d->insn[k].left = (uint8_t)(d->n - 1 - k);
}

/* Puts the members behind the links, and tells the headers. */
static void link_members(struct rx_block *b, const struct decoded *d)
{
	const unsigned first = b->n + b->nlinks * RX_LINK_RECORDS;

	for (unsigned k = 0, at = 0; k < b->n && d->nmembers; k++) {
		if (!b->insn[k].id)
			continue;
		rx_group_place(&b->insn[k], first + at - k);
		at += b->insn[k].r[0];
	}
	memcpy(b->insn + first, d->member, d->nmembers * sizeof(d->member[0]));
}

/* The handler of the first of n records; how many it executes. */
static unsigned pick_handler(struct rx_cpu *cpu, struct rx_insn *i,
			     unsigned n)
{
	rx_handler *h = NULL;
	unsigned used = 1;

	if (cpu->isa->select)
		h = cpu->isa->select(i, n, cpu->mode_key, &used);
	i->handler = h ? h : rx_thr_slow;
	return h && used && used <= n ? used : 1;
}

/* A fused handler's other records are for going on behind a slow one. */
static void pick_handlers(struct rx_cpu *cpu, struct rx_insn *insn,
			  unsigned n)
{
	for (unsigned k = 0; k < n;) {
		const unsigned used = pick_handler(cpu, &insn[k], n - k);

		for (unsigned j = 1; j < used; j++)
			(void)pick_handler(cpu, &insn[k + j], 1);
		k += used;
	}
}

static void insert(struct rx_cpu *cpu, struct rx_block *b)
{
	struct rx_block **chain = hash_chain(cpu->blocks, b->pc, b->host);

	b->next = *chain;
	b->prev = chain;
	if (b->next)
		b->next->prev = &b->next;
	*chain = b;
	chain = page_chain(cpu->blocks, b->host);
	b->page_next = *chain;
	b->page_prev = chain;
	if (b->page_next)
		b->page_next->page_prev = &b->page_next;
	*chain = b;
	rx_mem_code_mark(&cpu->vm->mem, b->host, b->bytes);
}

static void make_links(struct rx_block *b, unsigned flags)
{
	const struct rx_insn *last = &b->insn[b->n - 1];
	struct rx_link *links = (struct rx_link *)(b->insn + b->n);
	const bool direct = !(flags & RX_INSN_ENDS_BLOCK) ||
			    (flags & RX_INSN_BRANCH);

	make_link(&links[0], b, last->pc + last->len, direct);
	if (b->nlinks > 1)
		make_link(&links[1], b, last->pc + last->imm, true);
}

/* Bytes of code from there on that a block may have. */
static unsigned available(const struct rx_cpu *cpu, const uint8_t *host)
{
	const unsigned page = (unsigned)(RX_PAGE_SIZE - (cpu->pc & ~RX_PAGE_MASK));
	const uint8_t *limit = cpu->blocks->limit;

	return limit && (uintptr_t)limit - (uintptr_t)host < page ? (unsigned)(limit - host) : page;
}

static struct rx_block *make(struct rx_cpu *cpu, const uint8_t *host)
{
	const unsigned avail = available(cpu, host);
	struct decoded d;
	unsigned nlinks;
	struct rx_block *b;

	decode(cpu, host, avail, &d);
	if (d.n) {
		pick_handlers(cpu, d.insn, d.n);
	} else {		/* one record that steps */
		memset(&d.insn[0], 0, sizeof(d.insn[0]));
		d.insn[0].handler = rx_thr_step;
		d.insn[0].pc = cpu->pc;
		d.flags = RX_INSN_ENDS_BLOCK;
		d.bytes = avail;
		d.n = 1;
	}
	nlinks = d.flags & (RX_INSN_BRANCH | RX_INSN_JUMP) ? 2 : 1;
	b = allocate(cpu->blocks, d.n + nlinks * RX_LINK_RECORDS + d.nmembers);
	if (!b)
		return NULL;
	memset(b, 0, sizeof(*b));
	b->host = host;
	b->pc = cpu->pc;
	b->mode_key = cpu->mode_key;
	b->bytes = (uint16_t)d.bytes;
	b->n = (uint8_t)d.n;
	b->nlinks = (uint8_t)nlinks;
	b->nmembers = d.nmembers;
	memcpy(b->insn, d.insn, d.n * sizeof(d.insn[0]));
	link_members(b, &d);
	b->plain = b->insn[0].handler;
	if (cpu->blocks->counter && b->plain != rx_thr_step) {
		b->heat = cpu->blocks->heat;
		b->insn[0].handler = cpu->blocks->counter;
	}
	make_links(b, d.flags);
	insert(cpu, b);
	cpu->blocks->made++;
	return b;
}

static void remember(struct rx_cpu *cpu, const struct rx_block *b)
{
	struct rx_jump *j = rx_jump_slot(cpu, b->pc);

	j->pc = b->pc;
	j->gen = cpu->fetch_gen;
	j->first = b->insn;
	j->cost = b->n;
}

struct rx_block *rx_blocks_peek(const struct rx_cpu *cpu, uint64_t pc, const uint8_t *host,
				uint32_t mode_key)
{
	struct rx_block *b = *hash_chain(cpu->blocks, pc, host);

	while (b && (b->pc != pc || b->host != host || b->mode_key != mode_key))
		b = b->next;
	return b;
}

struct rx_block *rx_blocks_of_page(const struct rx_cpu *cpu, const uint8_t *host)
{
	return *page_chain(cpu->blocks, host);
}

enum rx_found rx_blocks_find(struct rx_cpu *cpu, struct rx_block **block)
{
	const uint64_t pc = cpu->pc;
	struct rx_jump *j = rx_jump_slot(cpu, pc);
	const uint8_t *host;
	struct rx_block *b;
	unsigned avail;

	if (rx_jump_current(cpu, j, pc) || rx_jump_hit(cpu, cpu->tlb, j, pc)) {
		j->gen = cpu->fetch_gen;
		*block = rx_block_of(j->first);
		return RX_FOUND;
	}
	if (!rx_tlb_hit(rx_tlb_slot(cpu->tlb, pc), RX_ACC_X, pc, 1) ||
	    rx_pc_misaligned(cpu->isa, pc)) {
		if (cpu->isa->fetch(cpu, pc, &host, &avail) != RX_NEXT)
			return RX_FOUND_FAULT;
		/* protection finer than a page is looked at each time */
		if (!rx_tlb_hit(rx_tlb_slot(cpu->tlb, pc), RX_ACC_X, pc, 1))
			return RX_FOUND_STEP;
		if (rx_jump_hit(cpu, cpu->tlb, j, pc)) {	/* only the TLB had lost it */
			j->gen = cpu->fetch_gen;
			*block = rx_block_of(j->first);
			return RX_FOUND;
		}
	}
	host = (const uint8_t *)(uintptr_t)
		(pc + rx_tlb_slot(cpu->tlb, pc)->addend);
	b = rx_blocks_peek(cpu, pc, host, cpu->mode_key);
	if (!b) {
		b = make(cpu, host);
		if (!b)
			return RX_FOUND_FULL;
	}
	remember(cpu, b);
	*block = b;
	return RX_FOUND;
}
