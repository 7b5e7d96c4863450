/* compile.c - regions to host code. SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/isa.h"
#include "core/thr.h"
#include "fp/fp.h"
#include "jit/gen.h"
#include "smir/build.h"
#include "smir/verify.h"

/* How the code of a block ends. */
enum ending {
	END_NEXT,	/* falls through its first link */
	END_BRANCH,	/* by a condition, second link or first */
	END_JUMP,	/* second link */
	END_LEAVE,	/* record `cut` is the threaded engine's */
};

struct unit {
	struct rx_block *block;
	struct rx_smir_fn fn;
	enum ending ending;
	unsigned cut;		/* instructions that are native */
	uint8_t *enter;		/* from a block of the region: takes the budget */
	uint8_t *body;		/* behind that */
	uint8_t *entry;		/* from outside */
	const void *way_in;	/* a link to it, for when the budget is short */
	/* homes, by number: */
	uint32_t puts, reads;	/* written; read before that */
	uint32_t live;		/* have to be right when it is entered */
	uint32_t dirty;		/* may differ from the state then */
};

struct region {
	struct rx_jit_gen g;
	struct unit unit[RX_JIT_BLOCKS];
	unsigned n, at;		/* at: the unit being made */
	uint32_t def[JIT_VALUES], uses[JIT_VALUES];
};

static const struct rx_link *links_of(const struct rx_block *b)
{
	return (const struct rx_link *)(b->insn + b->n);
}

/* The unit that a link leads to, -1: none of the region. */
static int unit_of(const struct region *r, const struct rx_link *link)
{
	if (link->handler != rx_thr_near)
		return -1;
	for (unsigned k = 0; k < r->n; k++)
		if (r->unit[k].cut && link->first == r->unit[k].block->insn)
			return (int)k;
	return -1;
}

/* ---- SMIR of a block ------------------------------------------------------ */

/* The floating-point environment is known: what looks at it goes. */
static bool settle_fp(struct region *r, const struct rx_block *b, struct rx_smir_fn *f,
		      uint32_t first)
{
	const struct rx_isa *isa = r->g.isa;
	uint32_t to = first;

	for (uint32_t k = first; k < f->ops.n; k++) {
		struct rx_smir_op *op = &f->ops.at[k];
		unsigned round = RX_RNE;

		switch (op->code) {
		case RX_S_FPCHECK:
		case RX_S_FPDONE:
		case RX_S_FPFLAGS:
			if (!isa->fp_static || !isa->fp_static(b->mode_key, 0, &round))
				return false;
			continue;
		case RX_S_FPROUND:
			if (!isa->fp_static ||
			    !isa->fp_static(b->mode_key, (unsigned)op->imm, &round))
				return false;
			rx_smir_opt_const(op, RX_I8, round);
			break;
		default:
			break;
		}
		f->ops.at[to++] = *op;
	}
	f->blocks.at[0].nops -= f->ops.n - to;
	f->ops.n = to;
	return true;
}

/* Lifts an instruction; false: it is not native, and nothing was added. */
static bool lift(struct region *r, struct unit *u, const struct rx_insn *i)
{
	const struct rx_isa *isa = r->g.isa;
	struct rx_smir_fn *f = &u->fn;
	const uint32_t ops = f->ops.n, values = f->values.n, insns = f->insns.n;
	const uint32_t nops = f->blocks.at[0].nops;
	bool good, stored = false;

	rx_smir_insn(f, i);
	isa->lift(f, i);
	good = !f->error && f->blocks.n == 1 && settle_fp(r, u->block, f, ops);
	for (uint32_t k = ops; good && k < f->ops.n; k++) {
		stored = stored || f->ops.at[k].code == RX_S_STORE;
		/* a raise does the instruction again, from its start */
		good = rx_jit_lowers(f, &f->ops.at[k]) &&
		       !(stored && f->ops.at[k].code == RX_S_RAISEIF);
	}
	if (good)
		return true;
	f->error = NULL;
	f->ops.n = ops;
	f->values.n = values;
	f->insns.n = insns;
	f->blocks.n = f->order.n = 1;
	f->blocks.at[0].nops = nops;
	f->block = 0;
	f->open = true;
	return false;
}

static void build(struct region *r, struct unit *u)
{
	const struct rx_block *b = u->block;
	const unsigned last = r->g.isa->info[b->insn[b->n - 1].id].flags;
	unsigned k;

	rx_smir_reset(&u->fn, r->g.isa);
	u->ending = last & RX_INSN_BRANCH ? END_BRANCH :
		    last & RX_INSN_JUMP ? END_JUMP : END_NEXT;
	for (k = 0; k < b->n; k++) {
		const unsigned flags = r->g.isa->info[b->insn[k].id].flags;

		if ((flags & RX_INSN_ENDS_BLOCK) && !(flags & (RX_INSN_BRANCH | RX_INSN_JUMP)))
			break;
		if (!lift(r, u, &b->insn[k]))
			break;
	}
	u->cut = k;
	if (k < b->n)
		u->ending = END_LEAVE;
	rx_smir_finish(&u->fn, 0);
	if (!u->fn.error && rx_smir_optimise(&r->g.j->opt, &u->fn, r->g.j->level))
		u->cut = 0;
	if (u->fn.error || u->fn.values.n > JIT_VALUES)
		u->cut = 0;
}

/* ---- homes --------------------------------------------------------------- */

static const struct rx_reg_info *reg_at(const struct rx_isa *isa, uint64_t offset)
{
	for (unsigned k = 0; k < isa->nregs; k++)
		if (isa->regs[k].offset == offset && isa->regs[k].bytes == 8)
			return &isa->regs[k];
	return NULL;
}

#define CANDIDATES 128

struct candidate {
	uint64_t offset;
	uint32_t weight;
	bool fp, bad;
};

static void note(const struct rx_isa *isa, struct candidate *c, unsigned *n,
		 const struct rx_smir_op *op)
{
	const struct rx_reg_info *reg;
	unsigned k;

	for (k = 0; k < *n && c[k].offset != op->imm; k++)
		;
	if (k == *n) {
		reg = reg_at(isa, op->imm);
		if (*n == CANDIDATES)
			return;
		c[(*n)++] = (struct candidate){ .offset = op->imm,
			.fp = reg && reg->flags & RX_REG_FLOAT,
			.bad = !reg || !(reg->flags & (RX_REG_FLOAT | RX_REG_GENERAL)) };
	}
	c[k].weight++;
	if (op->type != RX_I64)
		c[k].bad = true;
}

static void choose_homes(struct region *r)
{
	static const uint8_t gpr[JIT_HOMES] = { RBX, RBP, R10, R11, R12, R13, R14 };
	struct candidate c[CANDIDATES];
	unsigned n = 0, left[2] = { JIT_HOMES, JIT_XHOMES };
	struct rx_jit_gen *g = &r->g;

	for (unsigned k = 0; k < r->n; k++)
		for (uint32_t o = 0; r->unit[k].cut && o < r->unit[k].fn.ops.n; o++) {
			const struct rx_smir_op *op = &r->unit[k].fn.ops.at[o];

			if (op->code == RX_S_GET || op->code == RX_S_PUT)
				note(g->isa, c, &n, op);
		}
	for (;;) {
		struct candidate *best = NULL;
		struct rx_jit_home *h;

		for (unsigned k = 0; k < n; k++)
			if (!c[k].bad && left[c[k].fp] &&
			    (!best || c[k].weight > best->weight))
				best = &c[k];
		if (!best || !best->weight)
			return;
		h = &g->home[g->nhomes++];
		*h = (struct rx_jit_home){ .offset = best->offset, .weight = best->weight,
					.fp = best->fp };
		h->reg = best->fp ? (uint8_t)(16 - left[1]) : gpr[JIT_HOMES - left[0]];
		left[best->fp]--;
		best->bad = true;
	}
}

static void look_at_homes(struct region *r, struct unit *u)
{
	u->puts = u->reads = 0;
	for (uint32_t o = 0; o < u->fn.ops.n; o++) {
		const struct rx_smir_op *op = &u->fn.ops.at[o];

		if (op->code != RX_S_PUT && op->code != RX_S_GET)
			continue;
		for (unsigned h = 0; h < r->g.nhomes; h++) {
			if (r->g.home[h].offset != op->imm)
				continue;
			if (op->code == RX_S_PUT)
				u->puts |= 1u << h;
			else if (!(u->puts >> h & 1))
				u->reads |= 1u << h;
		}
	}
	u->dirty = 0;
}

/* The unit behind a link of this one, NULL: none of the region. */
static struct unit *next_unit(struct region *r, const struct unit *u, unsigned link)
{
	const int to = u->ending == END_LEAVE ? -1 : unit_of(r, links_of(u->block) + link);

	return to < 0 ? NULL : &r->unit[to];
}

/* One round over the edges of the region; did something change? */
static bool spread_dirty(struct region *r)
{
	bool changed = false;

	for (unsigned k = 0; k < r->n; k++) {
		const struct unit *u = &r->unit[k];

		for (unsigned j = 0; u->cut && j < u->block->nlinks; j++) {
			struct unit *to = next_unit(r, u, j);
			const uint32_t more = to ? (u->dirty | u->puts) & ~to->dirty : 0;

			if (more)
				to->dirty |= more;
			changed = changed || more;
		}
	}
	return changed;
}

static bool spread_live(struct region *r)
{
	bool changed = false;

	for (unsigned k = r->n; k-- > 0;) {
		struct unit *u = &r->unit[k];

		for (unsigned j = 0; u->cut && j < u->block->nlinks; j++) {
			const struct unit *to = next_unit(r, u, j);
			const uint32_t more = to ? to->live & ~u->puts & ~u->live : 0;

			u->live |= more;
			changed = changed || more;
		}
	}
	return changed;
}

/*
 * Which homes may differ from the state where a unit is entered, and which
 * have to hold their values: those that are read, and those that a way out
 * would write back.
 */
static void find_dirty(struct region *r)
{
	for (unsigned k = 0; k < r->n; k++)
		if (r->unit[k].cut)
			look_at_homes(r, &r->unit[k]);
	while (spread_dirty(r))
		;
	for (unsigned k = 0; k < r->n; k++)
		r->unit[k].live = r->unit[k].reads | r->unit[k].dirty;
	while (spread_live(r))
		;
}

/* ---- jumps --------------------------------------------------------------- */

void rx_jit_stub(struct rx_jit_gen *g, uint8_t *from, enum rx_jit_tail tail, const void *record)
{
	if (g->nstubs == JIT_STUBS) {
		g->failed = true;
		return;
	}
	g->stub[g->nstubs++] = (struct rx_jit_stub){ .from = from, .kind = JIT_TO_TAIL,
						  .tail = (uint8_t)tail, .record = record,
						  .dirty = g->dirty };
}

void rx_jit_nan_stub(struct rx_jit_gen *g, uint8_t *from, uint8_t xmm, bool single)
{
	if (g->nstubs == JIT_STUBS) {
		g->failed = true;
		return;
	}
	g->stub[g->nstubs++] = (struct rx_jit_stub){ .from = from, .kind = JIT_TO_NAN,
						  .reg = xmm, .single = single,
						  .back = g->at };
}

/* The jump at `from` (NULL: what stands here) goes over a link. */
static void follow(struct region *r, uint8_t *from, const struct rx_link *link)
{
	struct rx_jit_gen *g = &r->g;
	const int k = unit_of(r, link);

	if (k >= 0 && !from && (unsigned)k == r->at + 1) {
		r->unit[k].way_in = link;	/* it comes next */
		return;
	}
	if (!from)
		from = rx_jit_jmp(g);
	if (k < 0) {
		rx_jit_stub(g, from, JIT_EXIT, link);
		return;
	}
	r->unit[k].way_in = link;
	g->jump[g->njumps++] = (struct rx_jit_jump){ from, (unsigned)k };
}

static void end_block(struct region *r, struct unit *u)
{
	struct rx_jit_gen *g = &r->g;
	const struct rx_link *link = links_of(u->block);
	const struct rx_smir_block *b = &u->fn.blocks.at[0];

	switch (u->ending) {
	case END_BRANCH:
		for (uint32_t k = 0; k < b->nops; k++) {
			const struct rx_smir_op *op = &u->fn.ops.at[b->first + k];

			if (op->code == RX_S_EXITIF)
				follow(r, rx_jit_branch_if(g, op->arg[0]), link + 1);
		}
		follow(r, NULL, link);
		break;
	case END_JUMP:
		follow(r, NULL, link + 1);
		break;
	case END_NEXT:
		follow(r, NULL, link);
		break;
	default:
		rx_jit_stub(g, rx_jit_jmp(g), JIT_LEAVE, &u->block->insn[u->cut]);
	}
}

/* ---- code ---------------------------------------------------------------- */

static void start_block(struct region *r, struct unit *u)
{
	struct rx_jit_gen *g = &r->g;

	g->f = &u->fn;
	g->block = u->block;
	g->record = u->block->insn;
	g->def = r->def;
	g->uses = r->uses;
	memset(g->loc, 0, u->fn.values.n * sizeof(g->loc[0]));
	memset(g->gpr, 0, sizeof(g->gpr));
	memset(g->xmm, 0, sizeof(g->xmm));
	memset(g->spill, 0, sizeof(g->spill));
	memset(r->uses, 0, u->fn.values.n * sizeof(r->uses[0]));
	for (uint32_t k = 0; k < u->fn.ops.n; k++) {
		const struct rx_smir_op *op = &u->fn.ops.at[k];
		const unsigned nargs = op->code == RX_S_EXIT ? 0 : op->code == RX_S_EXITIF
			? 1 : rx_smir_ops[op->code].nargs;

		r->def[op->result] = k;
		for (unsigned j = 0; j < nargs; j++)
			r->uses[op->arg[j]]++;
	}
}

static void make_block(struct region *r, struct unit *u)
{
	struct rx_jit_gen *g = &r->g;

	start_block(r, u);
	g->dirty = u->dirty;
	u->enter = g->at;
	E(g, sub_r64_i32, RDX, u->block->n);
	/* the record is known when all jumps are */
	rx_jit_stub(g, rx_jit_jcc(g, 8), JIT_OUT, u);
	u->body = g->at;
	rx_jit_lower(g);
	if (!g->failed)
		end_block(r, u);
}

static void load_homes(struct rx_jit_gen *g, uint32_t live)
{
	for (unsigned k = 0; k < g->nhomes; k++) {
		const struct rx_px_values from = rx_jit_mem(RDI, (int64_t)g->home[k].offset);

		if (!(live >> k & 1))
			continue;
		if (g->home[k].fp)
			E(g, movsd_xmm_m64, g->home[k].reg, &from);
		else
			E(g, mov_r64_m64, g->home[k].reg, &from);
	}
}

static void store_homes(struct rx_jit_gen *g, uint32_t dirty)
{
	for (unsigned k = 0; k < g->nhomes; k++) {
		const struct rx_px_values to = rx_jit_mem(RDI, (int64_t)g->home[k].offset);

		if (!(dirty >> k & 1))
			continue;
		if (g->home[k].fp)
			E(g, movsd_m64_xmm, &to, g->home[k].reg);
		else
			E(g, mov_m64_r64, &to, g->home[k].reg);
	}
}

static void go_to(struct rx_jit_gen *g, rx_handler *handler)
{
	E(g, movabs_r64_i64, RAX, (uint64_t)(uintptr_t)handler);
	E(g, jmp_r64, RAX);
}

/* Ways out; rsi is the record. */
static void make_tails(struct rx_jit_gen *g, uint8_t **tail)
{
	struct rx_px_values m;
	uint8_t *out;

	tail[JIT_SLOW] = g->at;
	go_to(g, rx_thr_slow);
	tail[JIT_OUT] = g->at;
	go_to(g, rx_thr_out);
	tail[JIT_LEAVE] = g->at;
	m = rx_jit_mem(RSI, offsetof(struct rx_insn, handler));
	E(g, jmp_m64, &m);
	tail[JIT_EXIT] = g->at;
	m = rx_jit_mem(RSI, offsetof(struct rx_link, cost));
	E(g, sub_r64_m64, RDX, &m);
	out = rx_jit_jcc(g, 8);
	m = rx_jit_mem(RSI, offsetof(struct rx_link, first));
	E(g, mov_r64_m64, RSI, &m);
	m = rx_jit_mem(RSI, offsetof(struct rx_insn, handler));
	E(g, jmp_m64, &m);
	rx_jit_patch(out, g->at);
	go_to(g, rx_thr_out);
}

static void make_stub(struct region *r, const struct rx_jit_stub *s, uint8_t *const *tail)
{
	struct rx_jit_gen *g = &r->g;
	const void *record = s->record;

	rx_jit_patch(s->from, g->at);
	if (s->kind == JIT_TO_NAN) {
		rx_jit_number(g, RAX, s->single ? UINT64_C(0x7fc00000)
					     : UINT64_C(0x7ff8000000000000));
		E(g, movq_xmm_r64, s->reg, RAX);
		rx_jit_patch(rx_jit_jmp(g), s->back);
		return;
	}
	store_homes(g, s->dirty);
	if (s->tail == JIT_OUT)
		record = ((const struct unit *)record)->way_in;
	E(g, movabs_r64_i64, RSI, (uint64_t)(uintptr_t)record);
	rx_jit_patch(rx_jit_jmp(g), tail[s->tail]);
}

static void make_code(struct region *r)
{
	struct rx_jit_gen *g = &r->g;
	uint8_t *tail[JIT_TAILS];

	for (r->at = 0; r->at < r->n && !g->failed; r->at++)
		if (r->unit[r->at].cut)
			make_block(r, &r->unit[r->at]);
	for (unsigned k = 0; k < r->n && !g->failed; k++) {
		if (!r->unit[k].cut)
			continue;
		r->unit[k].entry = g->at;
		load_homes(g, r->unit[k].live);
		rx_jit_patch(rx_jit_jmp(g), r->unit[k].body);
	}
	make_tails(g, tail);
	for (unsigned k = 0; k < g->njumps && !g->failed; k++)
		rx_jit_patch(g->jump[k].from, r->unit[g->jump[k].block].enter);
	for (unsigned k = 0; k < g->nstubs && !g->failed; k++) {
		if (g->at > g->end)
			g->failed = true;
		else
			make_stub(r, &g->stub[k], tail);
	}
}

bool rx_jit_compile(struct rx_jit *j, struct rx_block *const *block, unsigned n,
		    rx_handler **entry)
{
	struct region *r = j->scratch;
	uint8_t *const start = j->code.rw + j->code.used;

	r->n = n;
	memset(&r->g, 0, sizeof(r->g));
	r->g.j = j;
	r->g.isa = j->cpu->isa;
	r->g.at = start;
	r->g.end = start + RX_JIT_REGION_BYTES - 4096;
	for (unsigned k = 0; k < n; k++) {
		r->unit[k].block = block[k];
		r->unit[k].way_in = NULL;
		build(r, &r->unit[k]);
	}
	if (!r->unit[0].cut)
		return false;
	choose_homes(r);
	find_dirty(r);
	make_code(r);
	if (r->g.failed)
		return false;
	for (unsigned k = 0; k < n; k++) {
		uintptr_t at;

		entry[k] = NULL;
		j->insns += block[k]->n;
		j->native += r->unit[k].cut;
		if (!r->unit[k].cut)
			continue;
		at = (uintptr_t)(j->code.rx + (r->unit[k].entry - j->code.rw));
		memcpy(&entry[k], &at, sizeof(at));
	}
	j->bytes += (uint64_t)(r->g.at - start);
	j->code.used += (size_t)((r->g.at - start + 63) & ~63);
	return true;
}

size_t rx_jit_scratch_size(void)
{
	return sizeof(struct region);
}

void rx_jit_scratch_init(struct rx_jit *j)
{
	struct region *r = j->scratch;

	for (unsigned k = 0; k < RX_JIT_BLOCKS; k++)
		rx_smir_init(&r->unit[k].fn, j->cpu->isa);
}

void rx_jit_scratch_fini(struct rx_jit *j)
{
	struct region *r = j->scratch;

	for (unsigned k = 0; k < RX_JIT_BLOCKS; k++)
		rx_smir_fini(&r->unit[k].fn);
}
