/* verify.c - does a SMIR function make sense? SPDX-License-Identifier: MIT */
#include "smir/verify.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "core/isa.h"

#define NONE UINT32_MAX

/* What is known where a block begins. */
struct entry {
	uint32_t insn;		/* current instruction, NONE: before the first */
	uint32_t idom;		/* position of the immediate dominator */
	bool reached, wrote, left;
	bool env;		/* IEEE operations have an environment */
};

struct verifier {
	const struct rx_smir_fn *f;
	rax_error *err;
	struct entry *entry;	/* by position in the text */
	uint32_t *position;	/* of a block, by number */
	uint32_t *home;		/* position of the block that defines a value */
	uint32_t at;		/* position of the block being looked at */
	uint32_t op;		/* in it */
	struct entry now;
};

#define FAIL(v, ...) \
	return complain(v, rx_err((v)->err, RAX_EFORMAT, __VA_ARGS__))

static rax_status complain(struct verifier *v, rax_status status)
{
	rx_err_prefix(v->err, "block %u, operation %u", v->at, v->op);
	return status;
}

static const struct rx_smir_block *block_at(const struct verifier *v,
					    uint32_t position)
{
	return &v->f->blocks.at[v->f->order.at[position]];
}

static bool dominates(const struct verifier *v, uint32_t a, uint32_t b)
{
	while (b > a)
		b = v->entry[b].idom;
	return a == b;
}

/* The value's number in the text. */
static unsigned shown(const struct verifier *v, rx_sv value)
{
	const struct rx_smir_fn *f = v->f;
	unsigned n = 1;

	for (uint32_t k = 0; k < f->order.n; k++) {
		const struct rx_smir_block *b = block_at(v, k);

		if (value - b->param < b->nparams)
			return n + (value - b->param);
		n += b->nparams;
		for (uint32_t j = 0; j < b->nops; j++) {
			const rx_sv result = f->ops.at[b->first + j].result;

			if (result == value)
				return n;
			n += result != 0;
		}
	}
	return value;
}

static rax_status check_value(struct verifier *v, rx_sv value)
{
	if (!value || value >= v->f->values.n)
		FAIL(v, "there is no value %u", value);
	if (v->home[value] == NONE)
		FAIL(v, "%%%u is used above its definition", shown(v, value));
	if (!dominates(v, v->home[value], v->at))
		FAIL(v, "%%%u is not defined on every way here",
		     shown(v, value));
	return RAX_OK;
}

static rax_status check_args(struct verifier *v, const struct rx_smir_op *op,
			     const struct rx_smir_info *info)
{
	for (unsigned k = 0; k < 4; k++) {
		const rx_sv a = op->arg[k];
		rax_status status;

		if (k >= info->nargs) {
			if (a)
				FAIL(v, "%s takes %u values", info->name,
				     info->nargs);
			continue;
		}
		status = check_value(v, a);
		if (status)
			return status;
		if (!rx_smir_kind_takes(info->arg[k], op->type,
					v->f->values.at[a]))
			FAIL(v, "value %u of %s cannot be %s", k + 1,
			     info->name,
			     rx_smir_type_names[v->f->values.at[a]]);
	}
	return RAX_OK;
}

static bool is_lane(uint64_t bits)
{
	return bits == 8 || bits == 16 || bits == 32 || bits == 64;
}

/* Lanes of another width: as many, and each wider or narrower as the name says;
 * numbers may have any that IEEE operations take */
static rax_status check_resized(struct verifier *v, const struct rx_smir_op *op)
{
	const unsigned from = rx_smir_bits[v->f->values.at[op->arg[0]]];
	const unsigned n = rx_smir_bits[op->type] / (unsigned)op->imm;

	if (rx_smir_ops[op->code].effect == RX_SE_FP ? from / n != 32 && from / n != 64 :
	    from / n < 8 || from / n > 64 || (op->code == RX_S_VTRUNC ?
	    from / n <= op->imm : from / n >= op->imm))
		FAIL(v, "%s of %u lanes of %u bits to %u", rx_smir_ops[op->code].name, n,
		     from / n, (unsigned)op->imm);
	return RAX_OK;
}

static rax_status check_imm(struct verifier *v, const struct rx_smir_op *op,
			    const struct rx_smir_info *info)
{
	const struct rx_smir_fn *f = v->f;
	const unsigned bytes = (rx_smir_bits[op->type] + 7) / 8;

	switch (info->imm) {
	case RX_SMIR_STATE:
		if (f->isa && (op->imm > f->isa->state_size ||
			       f->isa->state_size - op->imm < bytes))
			FAIL(v, "offset %llu is outside the guest's state",
			     (unsigned long long)op->imm);
		if (op->imm > UINT32_MAX - 8)
			FAIL(v, "the offset is too large");
		break;
	case RX_SMIR_TABLE:
		if (op->imm >= f->tables.n)
			FAIL(v, "there is no table %llu",
			     (unsigned long long)op->imm);
		if (f->tables.at[op->imm].type != op->type)
			FAIL(v, "table %u is of %s", (unsigned)op->imm,
			     rx_smir_type_names[f->tables.at[op->imm].type]);
		break;
	case RX_SMIR_RMW:
		if ((op->imm & 0xff) >= RX_SMIR_NRMW || op->imm >> 32)
			FAIL(v, "there is no such read-modify-write");
		break;
	case RX_SMIR_LANE:
		if (!is_lane(op->imm) || (op->imm == 8 && info->effect == RX_SE_FP))
			FAIL(v, "%s has no lanes of %llu bits", info->name,
			     (unsigned long long)op->imm);
		if (info->arg[0] == RX_SK_VEC && op->code != RX_S_VPERM)
			return check_resized(v, op);
		break;
	case RX_SMIR_PART:
		if (!is_lane(op->imm & 255) || op->imm >> 32)
			FAIL(v, "%s has no lanes of %u bits", info->name,
			     (unsigned)(op->imm & 255));
		break;
	case RX_SMIR_INSN:
		if (op->imm >= f->insns.n)
			FAIL(v, "there is no instruction %llu",
			     (unsigned long long)op->imm);
		if (v->now.insn != NONE && op->imm <= v->now.insn)
			FAIL(v, "instructions must go forward");
		break;
	case RX_SMIR_IMM:
		if (op->code == RX_S_CONST && op->imm & ~rx_smir_mask(op->type))
			FAIL(v, "the number does not fit %s",
			     rx_smir_type_names[op->type]);
		if (op->code != RX_S_CONST && op->imm >> 32)
			FAIL(v, "the number does not fit 32 bits");
		if (op->code == RX_S_CHECKIF && f->isa && (op->imm & 255) >= f->isa->nchecks)
			FAIL(v, "the ISA has no check %u", (unsigned)op->imm & 255);
		if (op->type == RX_I128 && f->isa && info->effect == RX_SE_MEM &&
		    !f->isa->load_wide)
			FAIL(v, "the ISA has no accesses of 16 bytes");
		if (op->code == RX_S_FPENV && f->isa && op->imm >= f->isa->nfpenvs)
			FAIL(v, "the ISA has no environment %u", (unsigned)op->imm);
		break;
	default:
		break;
	}
	return RAX_OK;
}

/* The order of effects inside one instruction. */
static rax_status check_effect(struct verifier *v, const struct rx_smir_op *op,
			       const struct rx_smir_info *info)
{
	struct entry *now = &v->now;
	const bool faults = info->effect == RX_SE_MEM ||
			    info->effect == RX_SE_FAULT ||
			    info->effect == RX_SE_CALL;
	const bool writes = (info->effect == RX_SE_PUT && op->code != RX_S_EARLY) ||
			    info->effect == RX_SE_COMMIT;

	if (info->effect == RX_SE_INSN) {
		now->insn = (uint32_t)op->imm;
		now->wrote = now->left = now->env = false;
		return RAX_OK;
	}
	if (op->code == RX_S_FPENV)
		now->env = true;
	/* imm, which is no argument of single numbers': who compiles has settled it */
	if (info->effect == RX_SE_FP && !now->env && !op->imm && v->f->isa && !v->f->isa->fp_check)
		FAIL(v, "%s without an environment", info->name);
	if (op->code == RX_S_FPTRAP && v->f->isa && !v->f->isa->fp_trap)
		FAIL(v, "the ISA has no %s", info->name);
	if ((op->code == RX_S_FPREAD || op->code == RX_S_FPWRITE) && v->f->isa &&
	    !v->f->isa->fp_read)
		FAIL(v, "the ISA has no %s", info->name);
	if ((faults || info->effect == RX_SE_EXIT || op->code == RX_S_EXIT) &&
	    now->insn == NONE)
		FAIL(v, "%s without a guest instruction", info->name);
	if (faults && now->wrote)
		FAIL(v, "%s may fault behind a write of its instruction",
		     info->name);
	if ((faults || writes) && now->left)
		FAIL(v, "%s behind the exit of its instruction", info->name);
	if (writes)
		now->wrote = true;
	if (info->effect == RX_SE_EXIT)
		now->left = true;
	return RAX_OK;
}

/* Dominators, Cooper, Harvey and Kennedy: "A Simple, Fast Dominance Algorithm". */
static uint32_t common_dominator(const struct verifier *v, uint32_t a,
				 uint32_t b)
{
	while (a != b) {
		if (a > b)
			a = v->entry[a].idom;
		else
			b = v->entry[b].idom;
	}
	return a;
}

static rax_status check_edge(struct verifier *v,
			     const struct rx_smir_edge *e)
{
	const struct rx_smir_fn *f = v->f;
	const struct rx_smir_block *to;
	struct entry *entry;
	uint32_t idom;

	if (e->block >= f->blocks.n)
		FAIL(v, "there is no block %u", e->block);
	if (!e->block)
		FAIL(v, "nothing may go to the entry block");
	to = &f->blocks.at[e->block];
	if (e->nargs != to->nparams)
		FAIL(v, "the target has %u parameters, not %u", to->nparams,
		     e->nargs);
	for (uint32_t k = 0; k < e->nargs; k++) {
		const rx_sv a = f->extra.at[e->args + k];
		const rax_status status = check_value(v, a);

		if (status)
			return status;
		if (f->values.at[a] != f->values.at[to->param + k])
			FAIL(v, "parameter %u of the target is %s", k + 1,
			     rx_smir_type_names[f->values.at[to->param + k]]);
	}
	entry = &v->entry[v->position[e->block]];
	if (entry->reached && entry->insn != v->now.insn)
		FAIL(v, "the target is reached in different instructions");
	idom = entry->reached ? common_dominator(v, entry->idom, v->at) : v->at;
	if (v->position[e->block] <= v->at) {	/* that block was looked at */
		if (idom != entry->idom)
			FAIL(v, "a jump back to where not all came from");
		if ((v->now.wrote && !entry->wrote) ||
		    (v->now.left && !entry->left))
			FAIL(v, "a write or an exit inside a loop of its instruction");
	}
	entry->idom = idom;
	entry->insn = v->now.insn;
	entry->wrote |= v->now.wrote;
	entry->left |= v->now.left;
	entry->env = v->now.env && (entry->env || !entry->reached);
	entry->reached = true;
	return RAX_OK;
}

/* What the ISA has no function for */
static rax_status check_isa(struct verifier *v, const struct rx_smir_op *op)
{
	if (op->code == RX_S_PROBE && v->f->isa && !v->f->isa->probe)
		FAIL(v, "%s has no %s", v->f->isa->name, rx_smir_ops[op->code].name);
	return RAX_OK;
}

static rax_status check_op(struct verifier *v, const struct rx_smir_op *op,
			   bool last)
{
	const struct rx_smir_info *info = &rx_smir_ops[op->code];
	rax_status status;

	if ((info->effect == RX_SE_END) != last)
		FAIL(v, last ? "the block has no end"
			     : "%s inside a block", info->name);
	if (info->types ? op->type >= RX_SMIR_NTYPES ||
			  !(info->types >> op->type & 1)
			: op->type != RX_VOID)
		FAIL(v, "%s cannot be of %s", info->name,
		     op->type < RX_SMIR_NTYPES ? rx_smir_type_names[op->type]
					       : "that type");
	status = check_args(v, op, info);
	if (!status)
		status = check_isa(v, op);
	if (!status)
		status = check_imm(v, op, info);
	if (!status)
		status = check_effect(v, op, info);
	for (unsigned k = 0; !status && k < info->nblocks; k++)
		status = check_edge(v, &v->f->edges.at[op->imm + k]);
	if (status)
		return status;
	if (info->result != RX_VOID) {
		if (!op->result || op->result >= v->f->values.n ||
		    v->home[op->result] != NONE ||
		    v->f->values.at[op->result] !=
		    rx_smir_result_type(info, op->type))
			FAIL(v, "the result of %s is wrong", info->name);
		v->home[op->result] = v->at;
	}
	return RAX_OK;
}

static rax_status check_block(struct verifier *v)
{
	const struct rx_smir_block *b = block_at(v, v->at);

	v->op = 0;
	v->now = v->entry[v->at];
	if (v->at && !v->now.reached)
		FAIL(v, "nothing above goes to this block");
	if (!b->nops)
		FAIL(v, "the block has no end");
	for (uint32_t k = 0; k < b->nparams; k++)
		v->home[b->param + k] = v->at;
	for (v->op = 0; v->op < b->nops; v->op++) {
		const rax_status status =
			check_op(v, &v->f->ops.at[b->first + v->op],
				 v->op + 1 == b->nops);

		if (status)
			return status;
	}
	return RAX_OK;
}

static rax_status check(struct verifier *v)
{
	const struct rx_smir_fn *f = v->f;

	memset(v->position, 0xff, f->blocks.n * sizeof(*v->position));
	memset(v->home, 0xff, f->values.n * sizeof(*v->home));
	for (uint32_t k = 0; k < f->order.n; k++)
		v->position[f->order.at[k]] = k;
	for (uint32_t k = 0; k < f->blocks.n; k++)
		if (v->position[k] == NONE)
			return rx_err(v->err, RAX_EFORMAT,
				      "block %u is missing", k);
	v->entry[0].insn = NONE;
	for (v->at = 0; v->at < f->order.n; v->at++) {
		const rax_status status = check_block(v);

		if (status)
			return status;
	}
	return RAX_OK;
}

rax_status rx_smir_verify(const struct rx_smir_fn *f, rax_error *err)
{
	struct verifier v = { .f = f, .err = err };
	rax_status status;

	if (f->error)
		return rx_err(err, RAX_EFORMAT, "%s", f->error);
	if (f->open)
		return rx_err(err, RAX_EFORMAT, "the last block has no end");
	v.entry = calloc(f->blocks.n, sizeof(*v.entry));
	v.position = calloc(f->blocks.n, sizeof(*v.position));
	v.home = calloc(f->values.n, sizeof(*v.home));
	status = v.entry && v.position && v.home
		? check(&v) : rx_err(err, RAX_ENOMEM, "verifying");
	free(v.entry);
	free(v.position);
	free(v.home);
	return status;
}
