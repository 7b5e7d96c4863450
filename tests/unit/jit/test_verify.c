/* test_verify.c - differences that are planted, found and explained. SPDX-License-Identifier: MIT
 *
 * Two machines as --jit verify makes them. The first one's lifter is wrong: it
 * takes one instruction for another, so compiled code does what step does not.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1	/* memfd_create */
#endif
#include "core/vm.h"
#if RX_HAVE_JIT
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <rax/asm.h>

#include "machine/api.h"
#include "rv64/isa.h"
#include "suites.h"
#include "tests/lib/tap.h"

#define BASE 0x80000000u
#define CELL 0x80001000u

/* The sum of 1 to 2000, each time stored to CELL */
static const char *const program[] = {
	"auipc s0, 1", "addi a2, zero, 2000", "addi s1, zero, 1",
	"add a0, a0, s1",	/* +12 */
	"sd a0, 0(s0)",		/* +16 */
	"addi s1, s1, 1",
	"bne s1, a2, -12",
	"lui t0, 256", "lui t1, 5", "addi t1, t1, 1365", "sw t1, 0(t0)", "jal zero, 0",
};
#define LENGTH (sizeof(program) / sizeof(program[0]))

/* An ELF file in memory; its descriptor. */
static int write_program(void)
{
	const Elf64_Ehdr eh = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
			     ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_EXEC, .e_machine = EM_RISCV, .e_version = EV_CURRENT,
		.e_entry = BASE, .e_phoff = sizeof(eh), .e_ehsize = sizeof(eh),
		.e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 1,
	};
	const Elf64_Phdr ph = {
		.p_type = PT_LOAD, .p_flags = PF_R | PF_X,
		.p_offset = sizeof(eh) + sizeof(ph), .p_vaddr = BASE, .p_paddr = BASE,
		.p_filesz = 4 * LENGTH, .p_memsz = 4 * LENGTH, .p_align = 4,
	};
	const int fd = memfd_create("guest", 0);
	uint8_t file[sizeof(eh) + sizeof(ph) + 4 * LENGTH], bytes[RAX_INSN_MAX];
	rax_error err;

	memcpy(file, &eh, sizeof(eh));
	memcpy(file + sizeof(eh), &ph, sizeof(ph));
	for (size_t k = 0, used; k < LENGTH; k++) {
		RX_TAP_CHECK(!rax_assemble("rv64", program[k], bytes, &used, &err) && used == 4,
			     "%s", program[k]);
		memcpy(file + sizeof(eh) + sizeof(ph) + 4 * k, bytes, 4);
	}
	CU_ASSERT_EQUAL_FATAL(write(fd, file, sizeof(file)), sizeof(file));
	return fd;
}

/* ---- the wrong lifter: the instruction at `wrong` is taken for the other ---- */

static struct rx_isa spoiled;
static uint64_t wrong;
static const char *other;

static void lift(struct rx_smir_fn *f, const struct rx_insn *i)
{
	struct rx_insn copy = *i;

	for (unsigned k = 0; i->pc == wrong && k < rg_rv64.ninsns; k++)
		if (!strcmp(rg_rv64.info[k].name, other))
			copy.id = (uint16_t)k;
	rg_rv64.lift(f, &copy);
}

/* ---- what is told ---- */

struct text {
	char *all;
	size_t size;
	FILE *file;
};

static void line(void *opaque, const char *text)
{
	fprintf(((struct text *)opaque)->file, "%s\n", text);
}

static bool has(const struct text *t, const char *part)
{
	RX_TAP_CHECK(strstr(t->all, part) != NULL, "\"%s\" is missing in:\n%s", part, t->all);
	return strstr(t->all, part) != NULL;
}

/* Runs it with that plant; *t is what is told of the difference. */
static void run(uint64_t pc, const char *taken_for, rax_divergence *d, struct text *t)
{
	const int fd = write_program();
	char path[64];
	rax_config c;
	rax_vm *vm;
	rax_error err = { 0 };

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	rax_config_init(&c);
	c.kernel = path;
	c.memory = UINT64_C(16) << 20;
	c.engine = "jit";
	c.verify = "step";
	c.jit_heat = 3;
	c.jit_counts = 1;
	RX_TAP_CHECK(!rax_vm_create(&c, &vm, &err), "%s", err.message);
	spoiled = rg_rv64;
	spoiled.lift = lift;
	wrong = pc;
	other = taken_for;
	vm->m[0].vm.cpu[0]->isa = &spoiled;
	d->struct_size = sizeof(*d);
	t->file = open_memstream(&t->all, &t->size);
	if (taken_for) {
		CU_ASSERT_EQUAL(rax_vm_run(vm, UINT64_MAX), RAX_STOP_DIVERGED);
		CU_ASSERT_EQUAL(rax_vm_divergence(vm, d, &err), 0);
	} else {
		CU_ASSERT_EQUAL(rax_vm_run(vm, UINT64_MAX), RAX_STOP_EXIT);
	}
	rax_vm_explain(vm, line, t);
	fclose(t->file);
	rax_vm_free(vm);
	close(fd);
}

/* The code of the block with the difference, from the guest's to the host's. */
static void check_code(const struct text *t)
{
	const char *const parts[] = {
		"region at 800000", "add a0, a0, s1", "  lifted\n@0:\n", "  after forward\n",
		"  after fold\n", "  after dead\n", ": a0 in r", "  code of 8000000c",
		"jne ", "  entries and exits: ",
	};

	for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++)
		(void)has(t, parts[k]);
}

/* The instruction, the register, both values, and why: or instead of add. */
static void in_a_register(void)
{
	struct text t;
	rax_divergence d;
	char want[80];

	run(BASE + 12, "or", &d, &t);
	CU_ASSERT_STRING_EQUAL(d.what, "a0");
	CU_ASSERT_STRING_EQUAL(d.insn, "add a0, a0, s1");
	CU_ASSERT_EQUAL(d.pc, BASE + 12);
	CU_ASSERT_EQUAL(d.range, 1);
	CU_ASSERT_NOT_EQUAL(d.value[0], d.value[1]);
	(void)snprintf(want, sizeof(want), "* %-12s%016llx  %016llx\n", "a0",
		       (unsigned long long)d.value[0], (unsigned long long)d.value[1]);
	(void)has(&t, "  registers   jit, then step\n");
	(void)has(&t, want);
	(void)has(&t, "\n  a2          00000000000007d0  00000000000007d0\n");
	check_code(&t);
	(void)has(&t, "or.i64");
	(void)has(&t, "  or ");
	free(t.all);
}

/* The address and both words: a byte of them is stored. */
static void in_memory(void)
{
	struct text t;
	rax_divergence d;
	char want[80];

	run(BASE + 16, "sb", &d, &t);
	CU_ASSERT_STRING_EQUAL(d.what, "memory");
	CU_ASSERT_EQUAL(d.address, CELL);
	CU_ASSERT_NOT_EQUAL(d.value[0], d.value[1]);
	(void)snprintf(want, sizeof(want), "* memory at %-16x  %016llx  %016llx\n", CELL,
		       (unsigned long long)d.value[0], (unsigned long long)d.value[1]);
	(void)has(&t, want);
	CU_ASSERT_PTR_NULL(strstr(t.all, "* a0"));
	free(t.all);
}

/* Nothing is told of what does not differ. */
static void nowhere(void)
{
	struct text t;
	rax_divergence d;

	run(0, NULL, &d, &t);
	CU_ASSERT_STRING_EQUAL(t.all, "");
	free(t.all);
}

CU_TestInfo verify_tests[] = {
	{ "in_a_register", in_a_register },
	{ "in_memory", in_memory },
	{ "nowhere", nowhere },
	CU_TEST_INFO_NULL,
};
#endif
