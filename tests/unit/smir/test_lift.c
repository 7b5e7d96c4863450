/* test_lift.c - every encoding: lifted against its executor. SPDX-License-Identifier: MIT
 *
 * Both run from the same random state and must leave the same registers,
 * memory, fault and requests. Works from the generated tables of an ISA.
 */
#include <rax/lift.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/vm.h"
#include "cpu/riscv/rv64.h"
#include "fake.h"
#include "rv64/encode.h"
#include "rv64/isa.h"
#include "smir/text.h"
#include "tests/lib/tap.h"

#define RAM UINT64_C(0x80000000)
#define RAM_SIZE 0x4000
#define PC (RAM + 0x800)
#define ROUNDS 60
#define TRIES 100	/* for a word that is this instruction */

struct target {
	const struct rx_isa *isa;
	const struct rx_asm_parser *parser;
	/* System state: random, but such that instructions get somewhere. */
	void (*prepare)(struct rx_cpu *cpu);
};

struct item {
	const struct target *target;
	unsigned id;
};

static void prepare_rv64(struct rx_cpu *cpu)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);

	c->x[0] = 0;
	/* FS: mostly on; frm: mostly a mode */
	CU_ASSERT(rx_rv64_csr_put(cpu, RG_RV64_CSR_MSTATUS,
				  (rnd() % 8 ? 1 + rnd() % 3 : 0) << 13));
	CU_ASSERT(rx_rv64_csr_put(cpu, RG_RV64_CSR_FRM,
				  rnd() % 8 ? rnd() % 5 : rnd() % 8));
	CU_ASSERT(rx_rv64_csr_put(cpu, RG_RV64_CSR_FFLAGS, rnd() % 32));
}

static const struct target rv64 = { &rg_rv64, &rg_rv64_parser, prepare_rv64 };

/* NaN-boxed ones among them, and addresses in memory, mostly aligned. */
static uint64_t register_value(bool is_float)
{
	if (is_float && rnd() % 2)
		return UINT64_C(0xffffffff00000000) |
		       (rnd() % 2 ? rnd_value(32)
				  : 0xffff0000 | rnd_value(16));
	if (!is_float && rnd() % 2)
		return RAM + (rnd() % (RAM_SIZE - 0x1000) + 0x800) / 8 * 8 +
		       (rnd() % 4 ? 0 : rnd() % 8);
	return rnd_value(64);
}

static void fill(struct rx_vm *vm, const struct target *t, uint64_t seed)
{
	struct rx_cpu *cpu = vm->cpu[0];

	rnd_seed(seed);
	t->isa->reset(cpu, PC);
	for (unsigned k = 0; k < t->isa->nregs; k++) {
		const struct rx_reg_info *r = &t->isa->regs[k];
		uint64_t v;

		if (!(r->flags & (RX_REG_GENERAL | RX_REG_FLOAT)))
			continue;
		v = register_value(r->flags & RX_REG_FLOAT);
		memcpy((char *)cpu + r->offset, &v, r->bytes < 8 ? r->bytes : 8);
	}
	for (unsigned k = 0; k < RAM_SIZE; k += 8) {
		const uint64_t v = rnd();

		memcpy(vm->mem.region[0].host + k, &v, 8);
	}
	t->prepare(cpu);
	cpu->poll = 0;
	cpu->fault.code = 0;
	cpu->fault.value = 0;
	cpu->budget = 1000;
	cpu->icount_end = 5000;
}

/* A word that is instruction id, with random fields; false: found none. */
static bool draw_insn(const struct item *it, struct rx_insn *i, uint8_t *code)
{
	const struct rx_asm_code *c = &it->target->parser->codes[it->id];

	for (unsigned k = 0; k < TRIES; k++) {
		const uint64_t word = c->match | (rnd() & ~(uint64_t)c->mask);

		memcpy(code, &word, 8);
		memset(i, 0, sizeof(*i));
		i->pc = PC;
		i->len = (uint8_t)it->target->isa->decode(0, code, c->length, i);
		if (i->len == c->length && i->id == it->id)
			return true;
	}
	return false;
}

static enum rx_exec run_executor(struct rx_cpu *cpu, const struct rx_insn *i)
{
	const enum rx_exec done = cpu->isa->exec[i->id](cpu, i);

	if (done == RX_FAULT)
		return done;
	if (done == RX_NEXT)
		cpu->pc = i->pc + i->len;
	cpu->budget--;
	return RX_JUMP;
}

/* Name of what differs, or NULL. */
static const char *difference(const struct rx_vm *a, const struct rx_vm *b,
			      enum rx_exec ra, enum rx_exec rb)
{
	const struct rx_cpu *ca = a->cpu[0], *cb = b->cpu[0];

	if (ra != rb)
		return "the outcome";
	if (ra == RX_FAULT && (ca->fault.code != cb->fault.code ||
			       ca->fault.value != cb->fault.value))
		return "the fault";
	for (unsigned k = 0; k < a->isa->nregs; k++) {
		const struct rx_reg_info *r = &a->isa->regs[k];

		if (memcmp((const char *)ca + r->offset,
			   (const char *)cb + r->offset, r->bytes))
			return r->name;
	}
	if (ca->pc != cb->pc || ca->budget != cb->budget)
		return "pc or budget";
	if (ca->poll != cb->poll || ca->mode_key != cb->mode_key)
		return "poll or mode";
	if (memcmp(a->mem.region[0].host, b->mem.region[0].host, RAM_SIZE))
		return "memory";
	return NULL;
}

static bool make(struct rx_vm *vm, const struct target *t)
{
	if (rx_vm_init(vm, t->isa, 1, NULL))
		return false;
	rx_clock_init(vm, RX_CLOCK_ICOUNT, 0);
	return !rx_mem_add_ram(&vm->mem, RAM, RAM_SIZE, NULL);
}

static bool one(struct rx_vm *vm, const struct item *it, struct rx_smir_fn *f,
		uint64_t seed)
{
	const struct rx_isa *isa = it->target->isa;
	enum rx_exec done[2];
	const char *differs;
	struct rx_insn i;
	uint8_t code[8];
	char text[6000], dis[80];

	rnd_seed(seed);
	if (!draw_insn(it, &i, code)) {
		RX_TAP_CHECK(false, "no word found");
		return false;
	}
	for (unsigned k = 0; k < 2; k++) {
		fill(&vm[k], it->target, seed);
		memcpy(vm[k].mem.region[0].host + (PC - RAM), code, i.len);
	}
	rx_smir_reset(f, isa);
	rx_smir_insn(f, &i);
	isa->lift(f, &i);
	rx_smir_finish(f, i.pc + i.len);
	done[0] = run_executor(vm[0].cpu[0], &i);
	done[1] = run_fn(f, vm[1].cpu[0]);
	differs = difference(&vm[0], &vm[1], done[0], done[1]);
	if (!differs)
		return true;
	isa->disasm(&i, dis, sizeof(dis));
	rx_smir_print(f, text, sizeof(text));
	RX_TAP_CHECK(false, "%s (seed %llu): %s differs\n%s", dis,
		     (unsigned long long)seed, differs, text);
	return false;
}

static void encoding(const void *arg)
{
	const struct item *it = arg;
	struct rx_vm *vm = calloc(2, sizeof(*vm));
	struct rx_smir_fn f;
	bool ok;

	CU_ASSERT_PTR_NOT_NULL_FATAL(vm);
	rx_smir_init(&f, it->target->isa);
	ok = make(&vm[0], it->target) && make(&vm[1], it->target);
	CU_ASSERT(ok);
	for (unsigned k = 0; ok && k < ROUNDS; k++)
		ok = one(vm, it, &f, it->id * ROUNDS + k);
	rx_smir_fini(&f);
	rx_vm_fini(&vm[0]);
	rx_vm_fini(&vm[1]);
	free(vm);
}

/* The public way to lifted text. */
static void public_api(const void *arg)
{
	/* addi ra, zero, 1; c.jr ra; zeros */
	static const uint8_t code[] = { 0x93, 0, 0x10, 0, 0x82, 0x80, 0, 0 };
	char text[2000], start[20];
	size_t length = 0, used = 0, cut = 0;
	rax_error err = { 0 };

	(void)arg;
	CU_ASSERT_EQUAL(rax_lift("rv64", code, sizeof(code), PC, text,
				 sizeof(text), &length, &used, &err), RAX_OK);
	CU_ASSERT_EQUAL(used, 6);	/* a block ends there */
	CU_ASSERT_EQUAL(length, strlen(text));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\tinsn addi pc=0x80000800 len=4"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\tput.i64 ra, %3\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\texit %"));
	CU_ASSERT_EQUAL(rax_lift("rv64", code, 4, PC, start, sizeof(start),
				 &cut, &used, &err), RAX_OK);
	CU_ASSERT_EQUAL(used, 4);
	CU_ASSERT(cut > sizeof(start));
	CU_ASSERT_EQUAL(strlen(start), sizeof(start) - 1);
	CU_ASSERT_EQUAL(rax_lift("rv64", code, 3, 0, text, sizeof(text),
				 &length, &used, &err), RAX_EFORMAT);
	CU_ASSERT_STRING_EQUAL(err.message,
			       "the instruction is cut off after 3 bytes");
	CU_ASSERT_EQUAL(rax_lift("rv64", code, 0, 0, text, sizeof(text),
				 &length, &used, &err), RAX_EFORMAT);
	CU_ASSERT_EQUAL(rax_lift("z80", code, 4, 0, text, sizeof(text),
				 &length, &used, &err), RAX_EINVAL);
}

static struct item *add_target(const struct target *t)
{
	struct item *items = calloc(t->isa->ninsns, sizeof(*items));
	char suite[80];

	for (unsigned id = 1; items && id < t->isa->ninsns; id++) {
		const struct rx_insn_info *info = &t->isa->info[id];

		items[id] = (struct item){ t, id };
		strcpy(suite, "smir/lift/");
		strncat(suite, info->extension, 40);
		rx_tap_add(suite, info->name, encoding, &items[id]);
	}
	return items;
}

int main(int argc, char **argv)
{
	struct item *items = add_target(&rv64);
	int status;

	rx_tap_add("smir/rax_lift", "public_api", public_api, NULL);
	status = items ? rx_tap_main(argc, argv, NULL) : 1;
	free(items);
	return status;
}
