/* ahead.c - compiles code that is not run, to be looked at. SPDX-License-Identifier: MIT
 *
 * A run makes the blocks that it meets, links them where it goes, and compiles
 * what is hot. Here blocks are made where code begins and where their links
 * lead, all links are taken, and every block becomes part of a region.
 */
#include "base/error.h"
#include "core/isa.h"
#include "core/vm.h"
#include "jit/region.h"

#if RX_HAVE_JIT
struct range {
	struct rx_cpu *cpu;
	uint64_t from, to;
	const uint8_t *host;	/* of from */
};

static struct rx_block *find(const struct range *r, uint64_t pc)
{
	struct rx_block *b;

	r->cpu->pc = pc;
	return rx_blocks_find(r->cpu, &b) == RX_FOUND && b->plain != rx_thr_step ? b : NULL;
}

/* Takes the links of a block that lead into the range; true: one was new. */
static bool take_links(const struct range *r, struct rx_block *b)
{
	struct rx_link *links = (struct rx_link *)(b->insn + b->n);
	bool any = false;

	for (unsigned k = 0; k < b->nlinks; k++) {
		struct rx_block *to;

		if ((links[k].handler != rx_thr_near_resolve &&
		     links[k].handler != rx_thr_far_resolve) ||
		    links[k].pc < r->from || links[k].pc >= r->to)
			continue;
		to = find(r, links[k].pc);
		if (!to)
			continue;
		rx_blocks_link(&links[k], to, rx_jit_addend(to));
		any = true;
	}
	return any;
}

/* All links of all blocks of the range, also of those that are found on the way. */
static void take_all(const struct range *r)
{
	bool any;

	do {
		any = false;
		for (uint64_t pc = r->from & RX_PAGE_MASK; pc < r->to; pc += RX_PAGE_SIZE) {
			struct rx_block *b = rx_blocks_of_page(r->cpu, r->host + (pc - r->from));

			for (; b; b = b->page_next)
				any = take_links(r, b) || any;
		}
	} while (any);
}

static rax_status compile(const struct range *r, struct rx_block *b, rax_error *err)
{
	struct rx_jit *j = r->cpu->engine_data;
	struct rx_jit_made made;

	if (b->native)
		return RAX_OK;
	if (!rx_jit_has_room(j))
		return rx_err(err, RAX_ERANGE, "there is no room for more compiled code");
	if (!rx_jit_compile(j, b, &made)) {
		rx_jit_say(j, "  nothing of it is compiled: it is left to the threaded engine");
		return RAX_OK;
	}
	for (unsigned k = 0; k < made.n; k++)
		made.block[k]->native++;
	return RAX_OK;
}

rax_status rx_jit_compile_range(struct rx_cpu *cpu, uint64_t from, uint64_t to, rax_error *err)
{
	struct range r = { cpu, from, to, NULL };
	uint64_t at = from;
	unsigned avail;

	if (!cpu->blocks->counter)
		return rx_err(err, RAX_ENOTSUP, "nothing of %s is compiled: all is left to the "
			      "threaded engine", cpu->isa->name);
	if (cpu->isa->fetch(cpu, from, &r.host, &avail) == RX_NEXT)
		cpu->blocks->limit = r.host + (to - from);
	while (at < to) {
		struct rx_block *b = r.host ? find(&r, at) : NULL;
		rax_status status;

		if (!b)
			return rx_err(err, RAX_EFORMAT, "no instruction can be fetched at 0x%llx",
				      (unsigned long long)at);
		take_all(&r);
		status = compile(&r, b, err);
		if (status)
			return status;
		at += b->bytes;
	}
	return RAX_OK;
}
#endif
