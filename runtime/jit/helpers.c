/* helpers.c - C functions that compiled code calls. SPDX-License-Identifier: MIT
 *
 * An operation that has no host code of its own is done by the function that the
 * interpreter has for it. Values are in the cpu's slots (core/native.h), the
 * operation itself comes in two registers.
 */
#include <string.h>

#include "core/native.h"
#include "core/run.h"
#include "core/thr.h"
#include "jit/frame.h"

static struct rx_smir_rop operation(uint64_t low, uint64_t high)
{
	const uint64_t words[2] = { low, high };
	struct rx_smir_rop o;

	_Static_assert(sizeof(o) == sizeof(words), "an operation fits two registers");
	memcpy(&o, words, sizeof(o));
	return o;
}

static struct rx_val value(const struct rx_smir_rop *o, const uint64_t *v, enum rx_exec status)
{
	return (struct rx_val){ v[o->d], status };
}

struct rx_val rx_jit_do_eval(RX_JIT_HELPER_ARGS)
{
	const struct rx_smir_rop o = operation(low, high);
	struct rx_native *n = rx_native(cpu);

	rx_smir_eval(&o, n->slot, &n->env);
	return value(&o, n->slot, RX_NEXT);
}

/* As executors see it at an instruction. */
static void make_canonical(struct rx_cpu *cpu, const struct rx_insn *i, int64_t budget)
{
	cpu->pc = i->pc;
	cpu->budget = budget + i->left + 1;
}

struct rx_val rx_jit_do_access(RX_JIT_HELPER_ARGS)
{
	const struct rx_smir_rop o = operation(low, high);
	uint64_t *v = rx_native(cpu)->slot;
	enum rx_exec status;

	make_canonical(cpu, i, budget);
	status = rx_smir_access(cpu, i, &o, v);
	rx_sites_renew(cpu, rx_sites_at(cpu, sites));
	return value(&o, v, status);
}

struct rx_val rx_jit_do_begin_fp(RX_JIT_HELPER_ARGS)
{
	rx_native(cpu)->env = cpu->isa->fpenv;
	return rx_val(0);
}

struct rx_val rx_jit_do_exact(RX_JIT_HELPER_ARGS)
{
	struct rx_smir_rop o = operation(low, high);
	const unsigned number = o.x >> RX_JIT_EXACT_ENV;
	const struct rx_isa *isa = cpu->isa;
	struct rx_fpenv env = number ? isa->fp_envs[number - 1](cpu) : isa->fpenv;
	struct rx_native *n = rx_native(cpu);

	o.x &= (1u << RX_JIT_EXACT_ENV) - 1;
	rx_smir_eval(&o, n->slot, &env);
	if (isa->fp_flags)
		isa->fp_flags(cpu, env.flags);
	else	/* none is that is not masked */
		(void)isa->fp_trap(cpu, env.flags);
	return value(&o, n->slot, RX_NEXT);
}

struct rx_val rx_jit_do_fpenv(RX_JIT_HELPER_ARGS)
{
	const struct rx_smir_rop o = operation(low, high);
	struct rx_fpenv *env = &rx_native(cpu)->env;

	*env = cpu->isa->fp_envs[o.x](cpu);
	return rx_val(env->round);
}

struct rx_val rx_jit_do_flags(RX_JIT_HELPER_ARGS)
{
	const struct rx_smir_rop o = operation(low, high);
	struct rx_fpenv *env = &rx_native(cpu)->env;
	const unsigned flags = env->flags;

	env->flags = 0;
	make_canonical(cpu, i, budget);
	switch (RX_SMIR_K_CODE(o.code)) {
	case RX_S_FPTRAP:
		return (struct rx_val){ 0, cpu->isa->fp_trap(cpu, flags) };
	case RX_S_FPDONE:
		cpu->isa->fp_done(cpu, flags);
		break;
	default:
		cpu->isa->fp_flags(cpu, flags);
	}
	return rx_val(0);
}

struct rx_val rx_jit_do_zero(RX_JIT_HELPER_ARGS)
{
	const struct rx_smir_rop o = operation(low, high);

	rx_smir_zero(cpu, &o, rx_native(cpu)->slot);
	return rx_val(0);
}

struct rx_val rx_jit_do_raise(RX_JIT_HELPER_ARGS)
{
	const struct rx_smir_rop o = operation(low, high);

	make_canonical(cpu, i, budget);
	return (struct rx_val){ 0, cpu->isa->raise_as(cpu, o.x, rx_native(cpu)->slot[o.b]) };
}

/* The fault that a helper recorded in record i is delivered. */
RX_THR_DEF(rx_jit_fault)
{
#if RX_HAVE_TAILCALL
	make_canonical(cpu, i, budget);
	rx_cpu_trap(cpu);
#else
	rx_cpu_trap(cpu);
	return NULL;
#endif
}
