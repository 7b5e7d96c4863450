/* toy_smir.c - the made-up ISA of the core's tests, lifted. SPDX-License-Identifier: MIT
 *
 * That ISA knows nothing of SMIR; here it gets a lifter for what it computes,
 * loads, stores and branches. The rest is calls.
 */
#define toy_init toy_init_plain
#include "core/blocks.h"
#include "tests/unit/core/toy.c"
#undef toy_init

#include "smir/build.h"

void toy_init(struct toy_vm *t, const struct rx_engine *engine, unsigned ncpus);

static struct rx_val lifted_load(struct rx_cpu *cpu, uint64_t va, unsigned size,
				 unsigned flags)
{
	uint64_t v = 0;

	(void)flags;
	if (access_mem(cpu, va, &v, size, false) != RX_NEXT)
		return rx_val_fault();
	return rx_val(v);
}

static enum rx_exec lifted_store(struct rx_cpu *cpu, uint64_t va, unsigned size,
				 uint64_t value, unsigned flags)
{
	(void)flags;
	return access_mem(cpu, va, &value, size, true);
}

static rx_sv get_r(struct rx_smir_fn *f, unsigned n)
{
	return rx_smir_get(f, RX_I64, offsetof(struct toy, r[0]) + 8 * n);
}

static void put_r(struct rx_smir_fn *f, unsigned n, rx_sv v)
{
	rx_smir_put(f, RX_I64, offsetof(struct toy, r[0]) + 8 * n, v);
}

static rx_sv plus(struct rx_smir_fn *f, rx_sv a, uint64_t imm)
{
	return rx_smir_op2(f, RX_S_ADD, RX_I64, a,
			   rx_smir_const(f, RX_I64, imm));
}

static void lift(struct rx_smir_fn *f, const struct rx_insn *i)
{
	const unsigned a = i->r[0], b = i->r[1];
	rx_sv v, at;

	switch (i->id) {
	case TOY_INC:
		put_r(f, a, plus(f, get_r(f, a), i->imm));
		break;
	case TOY_XOR:
		v = get_r(f, a);
		put_r(f, a, rx_smir_op2(f, RX_S_XOR, RX_I64, v, get_r(f, b)));
		break;
	case TOY_ADDI:
		put_r(f, a, plus(f, get_r(f, b), i->imm));
		break;
	case TOY_ADDW:
		v = rx_smir_op1(f, RX_S_TRUNC, RX_I32, plus(f, get_r(f, b), i->imm));
		put_r(f, a, rx_smir_op1(f, RX_S_SEXT, RX_I64, v));
		break;
	case TOY_LD:
		put_r(f, a, rx_smir_load(f, RX_I64,
					 plus(f, get_r(f, b), i->imm), 0));
		break;
	case TOY_ST:
		at = plus(f, get_r(f, b), i->imm);
		rx_smir_store(f, RX_I64, at, get_r(f, a), 0);
		break;
	case TOY_STH:
		at = plus(f, get_r(f, b), i->imm);
		v = rx_smir_op1(f, RX_S_TRUNC, RX_I16, get_r(f, a));
		rx_smir_store(f, RX_I16, at, v, 0);
		break;
	case TOY_BEQ:
	case TOY_BNE:
		v = get_r(f, a);
		v = rx_smir_op2(f, i->id == TOY_BEQ ? RX_S_EQ : RX_S_NE, RX_I64,
				v, get_r(f, b));
		rx_smir_exit_if(f, v, rx_smir_const(f, RX_I64, i->pc + i->imm));
		break;
	case TOY_JAL:
		put_r(f, a, rx_smir_const(f, RX_I64, i->pc + 4));
		rx_smir_exit(f, rx_smir_const(f, RX_I64, i->pc + i->imm));
		break;
	case TOY_JR:
		rx_smir_exit(f, get_r(f, a));
		break;
	default:
		rx_smir_lift_call(f, i);
	}
}

static struct rx_isa lifted;

void toy_init(struct toy_vm *t, const struct rx_engine *engine, unsigned ncpus)
{
	lifted = toy_isa;
	lifted.lift = lift;
	lifted.load = lifted_load;
	lifted.store = lifted_store;
	toy_init_plain(t, &rx_engine_step, ncpus);
	t->vm.isa = &lifted;
	for (unsigned k = 0; k < ncpus; k++)
		t->vm.cpu[k]->isa = &lifted;
	CU_ASSERT_EQUAL_FATAL(rx_vm_set_engine(&t->vm, engine, NULL), 0);
	/* what would be compiled at all is compiled soon */
	for (unsigned k = 0; k < ncpus; k++)
		if (t->vm.cpu[k]->blocks)
			t->vm.cpu[k]->blocks->heat = 2;
}
