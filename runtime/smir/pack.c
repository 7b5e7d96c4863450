/* pack.c - functions of one block in few bytes. SPDX-License-Identifier: MIT
 *
 * An operation is its code, its type, the numbers of its arguments in 16 bits each, its
 * environment if it is of IEEE, and its immediate in as many bytes as it needs. Results
 * need no numbers.
 */
#include "smir/pack.h"

#include <string.h>

#include "smir/build.h"

struct head {
	uint16_t ops, values, insns;
};

/* Bytes of the immediate, by what stands above the type. */
enum { IMM_0, IMM_2, IMM_4, IMM_8 };
static const uint8_t imm_bytes[] = { 0, 2, 4, 8 };
#define TYPE_BITS 4
#define TYPE ((1u << TYPE_BITS) - 1)
_Static_assert(RX_SMIR_NTYPES <= 1 << TYPE_BITS, "a type takes four bits");
_Static_assert(RX_SMIR_NOPS <= 256, "a code is a byte");

#define MOST (2 + 4 * 2 + 2 + 8)	/* bytes of an operation */

static unsigned size_of_imm(uint64_t imm)
{
	if (imm <= UINT16_MAX)
		return imm ? IMM_2 : IMM_0;
	return (int64_t)imm == (int32_t)imm ? IMM_4 : IMM_8;
}

static uint8_t *pack(uint8_t *to, const struct rx_smir_op *op)
{
	const unsigned size = size_of_imm(op->imm);

	*to++ = op->code;
	*to++ = (uint8_t)(op->type | size << TYPE_BITS);
	for (unsigned k = 0; k < rx_smir_ops[op->code].nargs; k++, to += 2) {
		const uint16_t v = (uint16_t)op->arg[k];

		memcpy(to, &v, 2);
	}
	if (rx_smir_ops[op->code].effect == RX_SE_FP) {
		memcpy(to, &op->env, 2);
		to += 2;
	}
	memcpy(to, &op->imm, imm_bytes[size]);	/* little-endian: the low ones */
	return to + imm_bytes[size];
}

size_t rx_smir_pack(const struct rx_smir_fn *f, uint8_t *to, size_t room)
{
	const struct head h = { (uint16_t)f->ops.n, (uint16_t)f->values.n,
				(uint16_t)f->insns.n };
	uint8_t *at = to + sizeof(h), *const end = to + room;
	rx_sv next = 1;

	if (f->error || f->open || f->order.n != 1 || f->tables.n || f->ops.n > UINT16_MAX ||
	    f->values.n > UINT16_MAX || room < sizeof(h))
		return 0;
	memcpy(to, &h, sizeof(h));
	for (uint32_t k = 0; k < f->ops.n; k++) {
		const struct rx_smir_op *op = &f->ops.at[k];

		if ((op->result && op->result != next) || end - at < MOST)
			return 0;
		next += op->result != 0;
		at = pack(at, op);
	}
	return next == f->values.n ? (size_t)(at - to) : 0;
}

static uint64_t unpack_imm(const uint8_t *from, unsigned size)
{
	uint64_t imm = 0;
	int32_t word;

	if (size != IMM_4) {
		memcpy(&imm, from, imm_bytes[size]);
		return imm;
	}
	memcpy(&word, from, 4);
	return (uint64_t)(int64_t)word;
}

static const uint8_t *unpack(const uint8_t *from, struct rx_smir_op *op)
{
	const unsigned size = from[1] >> TYPE_BITS;

	*op = (struct rx_smir_op){ .code = from[0], .type = from[1] & TYPE };
	from += 2;
	for (unsigned k = 0; k < rx_smir_ops[op->code].nargs; k++, from += 2) {
		uint16_t v;

		memcpy(&v, from, 2);
		op->arg[k] = v;
	}
	if (rx_smir_ops[op->code].effect == RX_SE_FP) {
		memcpy(&op->env, from, 2);
		from += 2;
	}
	op->imm = unpack_imm(from, size);
	return from + imm_bytes[size];
}

void rx_smir_unpack(struct rx_smir_fn *f, const struct rx_isa *isa, const uint8_t *from,
		    const struct rx_insn *insns)
{
	struct head h;

	memcpy(&h, from, sizeof(h));
	from += sizeof(h);
	rx_smir_reset(f, isa);
	if (!rx_smir_reserve(f, h.ops, h.values, h.insns))
		return;
	for (uint32_t k = 0; k < h.ops; k++) {
		struct rx_smir_op *op = &f->ops.at[k];
		const struct rx_smir_info *info;

		from = unpack(from, op);
		info = &rx_smir_ops[op->code];
		if (info->result == RX_VOID)
			continue;
		op->result = f->values.n;
		f->values.at[f->values.n++] = (uint8_t)rx_smir_result_type(info, op->type);
	}
	f->ops.n = f->blocks.at[0].nops = h.ops;
	memcpy(f->insns.at, insns, h.insns * sizeof(*insns));
	for (f->insns.n = 0; f->insns.n < h.insns; f->insns.n++)
		f->insns.at[f->insns.n].handler = NULL;
	f->open = false;
}
