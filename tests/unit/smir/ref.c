/* ref.c - what SMIR operations mean, bit by bit. SPDX-License-Identifier: MIT
 *
 * Slow and plain, from the words of ops.def: 128-bit numbers, loops over bits,
 * and no code of the interpreter.
 */
#include <stdlib.h>
#include <string.h>

#include "core/prims.h"
#include "fake.h"
#include "fp/fp.h"
#include "smir/prims.h"

typedef unsigned __int128 u128;

struct ref {
	const struct rx_smir_fn *f;
	struct rx_cpu *cpu;
	u128 *v;
	struct rx_fpenv env;
	int64_t budget;
	uint32_t insn;
};

static u128 ones(unsigned bits)
{
	return bits == 128 ? ~(u128)0 : ((u128)1 << bits) - 1;
}

static __int128 as_signed(u128 v, unsigned bits)
{
	return v >> (bits - 1) & 1 ? (__int128)(v | ~ones(bits)) : (__int128)v;
}

static bool bit(u128 v, unsigned n)
{
	return v >> n & 1;
}

static u128 count(unsigned code, u128 a, unsigned bits)
{
	unsigned n = 0;

	switch (code) {
	case RX_S_CLZ:
		while (n < bits && !bit(a, bits - 1 - n))
			n++;
		break;
	case RX_S_CTZ:
		while (n < bits && !bit(a, n))
			n++;
		break;
	default:
		for (unsigned k = 0; k < bits; k++)
			n += bit(a, k);
	}
	return n;
}

static u128 bytes(unsigned code, u128 a, unsigned bits)
{
	u128 r = 0;

	for (unsigned k = 0; k < bits; k += 8) {
		const u128 byte = a >> k & 0xff;

		if (code == RX_S_BSWAP)
			r |= byte << (bits - 8 - k);
		else
			r |= (u128)(byte ? 0xff : 0) << k;
	}
	return r;
}

static u128 carryless(unsigned code, u128 a, u128 b, unsigned bits)
{
	u128 r = 0;

	for (unsigned k = 0; k < bits; k++)
		if (bit(b, k))
			r ^= a << k;
	return code == RX_S_CLMUL ? r : r >> bits;
}

static u128 divide(unsigned code, u128 a, u128 b, unsigned bits)
{
	const __int128 x = as_signed(a, bits), y = as_signed(b, bits);

	if (!b)
		return code == RX_S_UDIV || code == RX_S_SDIV ? ~(u128)0 : a;
	switch (code) {
	case RX_S_UDIV:
		return a / b;
	case RX_S_UREM:
		return a % b;
	case RX_S_SDIV:
		return (u128)(x / y);
	default:
		return (u128)(x % y);
	}
}

static u128 integer(const struct rx_smir_op *op, unsigned from, const u128 *v)
{
	const unsigned bits = rx_smir_bits[op->type], n = (unsigned)(v[1] % bits);
	const u128 a = v[0], b = v[1];
	const __int128 x = as_signed(a, bits), y = as_signed(b, bits);

	switch (op->code) {
	case RX_S_ADD: return a + b;
	case RX_S_SUB: return a - b;
	case RX_S_MUL: return a * b;
	case RX_S_UDIV: case RX_S_SDIV: case RX_S_UREM: case RX_S_SREM:
		return divide(op->code, a, b, bits);
	case RX_S_AND: return a & b;
	case RX_S_OR: return a | b;
	case RX_S_XOR: return a ^ b;
	case RX_S_SHL: return a << n;
	case RX_S_LSHR: return a >> n;
	case RX_S_ASHR: return (u128)(x >> n);
	case RX_S_ROTR: return a >> n | a << (bits - n) % bits;
	case RX_S_NOT: return ~a;
	case RX_S_NEG: return 0 - a;
	case RX_S_CLZ: case RX_S_CTZ: case RX_S_POPCOUNT:
		return count(op->code, a, bits);
	case RX_S_BSWAP: case RX_S_ORCB:
		return bytes(op->code, a, bits);
	case RX_S_CLMUL: case RX_S_CLMULH:
		return carryless(op->code, a, b, bits);
	case RX_S_EQ: return a == b;
	case RX_S_NE: return a != b;
	case RX_S_ULT: return a < b;
	case RX_S_ULE: return a <= b;
	case RX_S_SLT: return x < y;
	case RX_S_SLE: return x <= y;
	case RX_S_SEXT: return (u128)as_signed(a, rx_smir_bits[from]);
	case RX_S_SELECT: return a ? b : v[2];
	default: return a;	/* zext, trunc */
	}
}

/* Primitives are their C functions, which the generator's tests hold against Python. */
static bool primitive(const struct rx_smir_op *op, const u128 *v, u128 *result)
{
#define ARGS_1 (uint64_t)v[0]
#define ARGS_2 ARGS_1, (uint64_t)v[1]
#define ARGS_3 ARGS_2, (uint64_t)v[2]
#define ARGS_4 ARGS_3, (uint64_t)v[3]
#define SIZED_1 rx_smir_bits[op->type],
#define SIZED_0
#define X(CODE, FN, SIZED, N) \
	case RX_S_##CODE: \
		*result = FN(SIZED_##SIZED ARGS_##N); \
		return true;
	switch (op->code) {
	default:
		return false;
	RX_SMIR_PRIMS(X)
	}
}

/* An operation of format F; r: its rounding direction */
#define FORMAT(F) \
static u128 fp##F(const struct rx_smir_op *op, unsigned from, const u128 *v, \
		  struct rx_fpenv *e) \
{ \
	const uint##F##_t a = (uint##F##_t)v[0], b = (uint##F##_t)v[1]; \
	const uint##F##_t c = (uint##F##_t)v[2]; \
	const bool i32 = from == RX_I32; \
\
	switch (op->code) { \
	case RX_S_FADD: return rx_f##F##_add(a, b, e); \
	case RX_S_FSUB: return rx_f##F##_sub(a, b, e); \
	case RX_S_FMUL: return rx_f##F##_mul(a, b, e); \
	case RX_S_FDIV: return rx_f##F##_div(a, b, e); \
	case RX_S_FSQRT: return rx_f##F##_sqrt(a, e); \
	case RX_S_FMULADD: return rx_f##F##_muladd(a, b, c, e); \
	case RX_S_FRINT: return rx_f##F##_rint(a, false, e); \
	case RX_S_FRINTX: return rx_f##F##_rint(a, true, e); \
	case RX_S_FMINNUM: return rx_f##F##_min(a, b, RX_MM_NUMBER, e); \
	case RX_S_FMAXNUM: return rx_f##F##_max(a, b, RX_MM_NUMBER, e); \
	case RX_S_FMIN: return rx_f##F##_min(a, b, RX_MM_NAN, e); \
	case RX_S_FMAX: return rx_f##F##_max(a, b, RX_MM_NAN, e); \
	case RX_S_FMINNUM08: return rx_f##F##_min(a, b, RX_MM_NUM2008, e); \
	case RX_S_FMAXNUM08: return rx_f##F##_max(a, b, RX_MM_NUM2008, e); \
	case RX_S_FMINX86: return rx_f##F##_min(a, b, RX_MM_X86, e); \
	case RX_S_FMAXX86: return rx_f##F##_max(a, b, RX_MM_X86, e); \
	case RX_S_FORDER: return rx_fp_order(rx_f##F##_compare(a, b, true, e)); \
	case RX_S_FORDERQ: return rx_fp_order(rx_f##F##_compare(a, b, false, e)); \
	case RX_S_FEQ: return rx_f##F##_eq(a, b, e); \
	case RX_S_FLT: return rx_f##F##_lt(a, b, e); \
	case RX_S_FLE: return rx_f##F##_le(a, b, e); \
	case RX_S_FLTQ: return rx_f##F##_ltq(a, b, e); \
	case RX_S_FLEQ: return rx_f##F##_leq(a, b, e); \
	case RX_S_FCLASS: return rx_f##F##_class(a); \
	case RX_S_FTOSIMOD: return (uint32_t)rx_f##F##_to_i32_mod(a, e); \
	case RX_S_SITOF: \
		return i32 ? rx_f##F##_from_i32((int32_t)v[0], e) \
			   : rx_f##F##_from_i64((int64_t)v[0], e); \
	default: \
		return i32 ? rx_f##F##_from_u32((uint32_t)v[0], e) \
			   : rx_f##F##_from_u64((uint64_t)v[0], e); \
	} \
}
FORMAT(16)
FORMAT(32)
FORMAT(64)

#define TO_INT(F) \
	(op->code == RX_S_FTOSI \
	 ? op->type == RX_I32 ? (u128)(uint32_t)rx_f##F##_to_i32((uint##F##_t)v[0], e) \
			      : (u128)(uint64_t)rx_f##F##_to_i64((uint##F##_t)v[0], e) \
	 : op->type == RX_I32 ? (u128)rx_f##F##_to_u32((uint##F##_t)v[0], e) \
			      : (u128)rx_f##F##_to_u64((uint##F##_t)v[0], e))

#define FIXED(F) \
	(to ? rx_f##F##_to_fixed((uint##F##_t)v[0], point, width, is_signed, e) \
	    : rx_f##F##_from_fixed((uint64_t)v[0], point, width, is_signed, e))

static u128 fixed(const struct rx_smir_op *op, unsigned from, const u128 *v, struct rx_fpenv *e)
{
	const bool to = op->code == RX_S_FTOSFIX || op->code == RX_S_FTOUFIX;
	const bool is_signed = op->code == RX_S_FTOSFIX || op->code == RX_S_SFIXTOF;
	const unsigned width = rx_smir_bits[to ? op->type : from];
	const unsigned format = rx_smir_bits[to ? from : op->type];
	const uint64_t point = v[1] > 64 ? 64 : (uint64_t)v[1];

	return format == 16 ? FIXED(16) : format == 32 ? FIXED(32) : FIXED(64);
}

static u128 fp(const struct rx_smir_op *op, unsigned from, const u128 *v,
	       struct rx_fpenv *e)
{
	const struct rx_smir_info *info = &rx_smir_ops[op->code];

	if (info->nargs && info->arg[info->nargs - 1] == RX_I8)
		e->round = (uint8_t)v[info->nargs - 1];
	if (op->code >= RX_S_FTOSFIX && op->code <= RX_S_UFIXTOF)
		return fixed(op, from, v, e);
	if (op->code == RX_S_FTOSI || op->code == RX_S_FTOUI)
		return from == RX_I16 ? TO_INT(16)
		     : from == RX_I32 ? TO_INT(32) : TO_INT(64);
	if (op->code == RX_S_FCVT) {
		if (from == op->type)
			return v[0];
		if (from == RX_I16)
			return op->type == RX_I32 ? rx_f16_to_f32((uint16_t)v[0], e)
						  : rx_f16_to_f64((uint16_t)v[0], e);
		if (from == RX_I32)
			return op->type == RX_I16 ? rx_f32_to_f16((uint32_t)v[0], e)
						  : rx_f32_to_f64((uint32_t)v[0], e);
		return op->type == RX_I16 ? rx_f64_to_f16((uint64_t)v[0], e)
					  : rx_f64_to_f32((uint64_t)v[0], e);
	}
	return op->type == RX_I16 ? fp16(op, from, v, e)
	     : op->type == RX_I32 ? fp32(op, from, v, e) : fp64(op, from, v, e);
}

static u128 lookup(struct ref *r, const struct rx_smir_op *op, u128 index)
{
	const struct rx_smir_table *t = &r->f->tables.at[op->imm];

	return index < t->count ? r->f->pool.at[t->first + (uint64_t)index] : 0;
}

/* What touches the guest; *result where there is one. */
static enum rx_exec guest(struct ref *r, const struct rx_smir_op *op,
			  const u128 *v, u128 *result)
{
	const struct rx_isa *isa = r->cpu->isa;
	const unsigned size = (rx_smir_bits[op->type] + 7) / 8;
	struct rx_val x = { 0, RX_NEXT };
	uint64_t word = (uint64_t)v[0];

	switch (op->code) {
	case RX_S_GET:
		memcpy(result, (char *)r->cpu + op->imm, size);
		return RX_NEXT;
	case RX_S_PUT:
	case RX_S_EARLY:
		memcpy((char *)r->cpu + op->imm, v, size);
		return RX_NEXT;
	case RX_S_ZERO:
		for (uint64_t k = word; k < (uint64_t)v[1] &&
		     (uint64_t)v[1] <= isa->state_size - op->imm; k++)
			((char *)r->cpu)[op->imm + k] = 0;
		return RX_NEXT;
	case RX_S_LOAD:
		if (size == 16)
			return isa->load_wide(r->cpu, word, size, (unsigned)op->imm, result);
		x = isa->load(r->cpu, word, size, (unsigned)op->imm);
		break;
	case RX_S_STORE:
		if (size == 16)
			return isa->store_wide(r->cpu, word, size, v[1], (unsigned)op->imm);
		return isa->store(r->cpu, word, size, (uint64_t)v[1],
				  (unsigned)op->imm);
	case RX_S_PROBE:
		return isa->probe(r->cpu, word, size, (unsigned)op->imm);
	case RX_S_RMW:
		x = isa->rmw(r->cpu, word, size, (enum rx_rmw)(op->imm & 255),
			     (uint64_t)v[1], (unsigned)(op->imm >> 8));
		break;
	case RX_S_FPCHECK:
		return isa->fp_check(r->cpu);
	case RX_S_FPROUND:
		x = isa->fp_round(r->cpu, (unsigned)op->imm);
		break;
	case RX_S_CHECKIF:
		return v[0] ? isa->checks[op->imm & 255](r->cpu, &r->f->insns.at[r->insn],
				(uint64_t)v[1], (uint64_t)v[2], op->imm >> 8) : RX_NEXT;
	case RX_S_RAISEIF:
		return v[0] ? isa->raise_as(r->cpu, (uint32_t)op->imm, (uint64_t)v[1]) : RX_NEXT;
	case RX_S_FPENV:
		r->env = isa->fp_envs[op->imm](r->cpu);
		*result = r->env.round;
		return RX_NEXT;
	case RX_S_FPTRAP:
		word = r->env.flags;
		r->env.flags = 0;
		return isa->fp_trap(r->cpu, word);
	case RX_S_FPREAD:
		*result = isa->fp_read(r->cpu);
		return RX_NEXT;
	case RX_S_FPWRITE:
		isa->fp_write(r->cpu, (unsigned)v[0]);
		return RX_NEXT;
	case RX_S_FPDONE:
		isa->fp_done(r->cpu, r->env.flags);
		r->env.flags = 0;
		return RX_NEXT;
	case RX_S_FPFLAGS:
		isa->fp_flags(r->cpu, r->env.flags);
		r->env.flags = 0;
		return RX_NEXT;
	default:
		return isa->exec[r->f->insns.at[r->insn].id]
			(r->cpu, &r->f->insns.at[r->insn]);
	}
	*result = x.v;
	return x.status;
}

static void leave(struct ref *r, uint64_t pc)
{
	r->cpu->pc = pc;
	r->cpu->budget = r->budget - (int64_t)r->insn - 1;
}

static uint32_t follow(struct ref *r, const struct rx_smir_edge *e)
{
	const struct rx_smir_block *b = &r->f->blocks.at[e->block];
	u128 copy[64];

	for (uint32_t k = 0; k < e->nargs; k++)
		copy[k] = r->v[r->f->extra.at[e->args + k]];
	for (uint32_t k = 0; k < e->nargs; k++)
		r->v[b->param + k] = copy[k];
	return e->block;
}

/* One operation; RX_NEXT: on to the next. *block changes with br, brcond. */
static enum rx_exec step(struct ref *r, const struct rx_smir_op *op,
			 uint32_t *block)
{
	const struct rx_smir_info *info = &rx_smir_ops[op->code];
	const struct rx_smir_edge *e = info->nblocks
		? &r->f->edges.at[op->imm] : NULL;
	const unsigned from = r->f->values.at[op->arg[0]];
	u128 v[4] = { r->v[op->arg[0]], r->v[op->arg[1]], r->v[op->arg[2]],
		      r->v[op->arg[3]] };
	enum rx_exec status = RX_NEXT;
	u128 result = 0;

	switch (op->code) {
	case RX_S_CONST:
		result = op->imm;
		break;
	case RX_S_LOOKUP:
		result = lookup(r, op, v[0]);
		break;
	case RX_S_INSN:
		r->insn = (uint32_t)op->imm;
		r->cpu->pc = r->f->insns.at[r->insn].pc;
		r->cpu->budget = r->budget - (int64_t)r->insn;
		break;
	case RX_S_EXIT:
		leave(r, (uint64_t)v[0]);
		return RX_JUMP;
	case RX_S_EXITIF:
		if (!v[0])
			break;
		leave(r, (uint64_t)v[1]);
		return RX_JUMP;
	case RX_S_BR:
		*block = follow(r, e);
		break;
	case RX_S_BRCOND:
		*block = follow(r, v[0] ? e : e + 1);
		break;
	default:
		if (info->effect == RX_SE_FP || op->code == RX_S_FCLASS)
			result = fp(op, from, v, &r->env);
		else if (primitive(op, v, &result))
			break;
		else if (info->effect == RX_SE_PURE)
			result = integer(op, from, v);
		else
			status = guest(r, op, v, &result);
	}
	if (status == RX_JUMP)
		r->cpu->budget--;
	r->v[op->result] = result &
		ones(op->result ? rx_smir_bits[r->f->values.at[op->result]] : 1);
	return status;
}

enum rx_exec ref_run(const struct rx_smir_fn *f, struct rx_cpu *cpu)
{
	struct ref r = { .f = f, .cpu = cpu, .budget = cpu->budget,
			 .env = cpu->isa->fpenv };
	uint32_t block = 0, k = 0;
	enum rx_exec status;

	r.v = calloc(f->values.n, sizeof(*r.v));
	if (!r.v)
		return RX_NEXT;
	do {
		const struct rx_smir_block *b = &f->blocks.at[block];
		const struct rx_smir_op *op = &f->ops.at[b->first + k++];

		status = step(&r, op, &block);
		if (op->code == RX_S_BR || op->code == RX_S_BRCOND)
			k = 0;
	} while (status == RX_NEXT);
	free(r.v);
	return status;
}
