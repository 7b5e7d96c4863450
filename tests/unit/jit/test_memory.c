/* test_memory.c - code is writable or executable, never both. SPDX-License-Identifier: MIT */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1	/* mmap's flags */
#endif
#include "core/vm.h"
#if RX_HAVE_JIT
#include <errno.h>
#include <inttypes.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "suites.h"
#include "tests/lib/tap.h"
#include "tests/unit/core/toy.h"

/* At a place in RAM: r1 counts down from 1000, r2 up; on to r3. */
static void put_loop(struct toy_vm *t, uint64_t at)
{
	toy_put(t, &at, TOY_ADDI, 1, 0, 1000);
	toy_put(t, &at, TOY_INC, 2, 0, 0);
	toy_put(t, &at, TOY_ADDI, 1, 1, -1);
	toy_put(t, &at, TOY_BNE, 1, 0, -6);
	toy_put(t, &at, TOY_JR, 3, 0, 0);
}

static uint64_t regions(struct toy_vm *t)
{
	const char *name;
	uint64_t value;

	for (unsigned k = 0; (name = rx_vm_stat(&t->vm, k, &value)) != NULL; k++)
		if (!strcmp(name, "regions compiled"))
			return value;
	return 0;
}

/* What /proc/self/maps says of code, and of all that is both writable and executable. */
struct maps {
	unsigned both, writable, executable;
	uint64_t inode[2];
};

static void read_maps(struct maps *m, const char *name)
{
	FILE *f = fopen("/proc/self/maps", "r");
	char line[512];

	memset(m, 0, sizeof(*m));
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	while (fgets(line, sizeof(line), f)) {
		char flags[5] = "";
		uint64_t inode = 0;

		CU_ASSERT_EQUAL(sscanf(line, "%*s %4s %*s %*s %" SCNu64, flags, &inode), 2);
		m->both += flags[1] == 'w' && flags[2] == 'x';
		if (!strstr(line, name))
			continue;
		m->writable += flags[1] == 'w';
		m->executable += flags[2] == 'x';
		m->inode[flags[2] == 'x'] = inode;
	}
	fclose(f);
}

/* One file, seen twice, whatever was compiled. */
static void check_views(const char *name, bool nameless)
{
	struct toy_vm t;
	struct maps m;

	read_maps(&m, name);
	CU_ASSERT_EQUAL(m.both, 0);
	CU_ASSERT_EQUAL(m.writable + m.executable, 0);
	toy_init(&t, &rx_engine_step, 1);
	t.vm.jit.nameless = nameless;
	CU_ASSERT_EQUAL_FATAL(rx_vm_set_engine(&t.vm, &rx_engine_jit, NULL), 0);
	for (unsigned k = 0; k < 3; k++) {
		read_maps(&m, name);
		CU_ASSERT_EQUAL(m.both, 0);
		CU_ASSERT_EQUAL(m.writable, 1);
		CU_ASSERT_EQUAL(m.executable, 1);
		CU_ASSERT_EQUAL(m.inode[0], m.inode[1]);
		CU_ASSERT_NOT_EQUAL(m.inode[0], 0);
		put_loop(&t, k * 0x1000);
		toy_cpu(&t, 0)->cpu.pc = k * 0x1000;
		rx_vm_run(&t.vm, 3001);
		CU_ASSERT_EQUAL(regions(&t), k + 1);
	}
	CU_ASSERT_EQUAL(toy_cpu(&t, 0)->r[2], 3000);
	toy_fini(&t);
	read_maps(&m, name);
	CU_ASSERT_EQUAL(m.writable + m.executable, 0);
}

static void two_views(void)
{
	check_views("memfd:rax-jit", false);
}

/* The name that Linux gives to shared memory without a file */
static void nameless(void)
{
	check_views("/dev/zero", true);
}

#define LOAD(what) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, what))
#define IS(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), (yes), (no))

/* From here on no memory becomes executable. */
static bool deny_exec(void)
{
	struct sock_filter code[] = {
		LOAD(nr),
		IS(__NR_mmap, 2, 0),
		IS(__NR_mprotect, 1, 0),
		IS(__NR_pkey_mprotect, 0, 3),
		LOAD(args[2]),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	return !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
	       !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

enum { ALL_RIGHT, NO_FILTER, NO_DENIAL, NOT_COMPILED, WRONG_RESULT };

static int under_filter(void)
{
	struct toy_vm t;
	void *page;

	toy_init(&t, &rx_engine_jit, 1);
	put_loop(&t, 0);
	rx_vm_run(&t.vm, 3001);
	if (!deny_exec())
		return NO_FILTER;
	page = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page != MAP_FAILED || errno != EPERM)
		return NO_DENIAL;
	for (unsigned k = 1; k < 3; k++) {
		const uint64_t before = regions(&t);

		put_loop(&t, k * 0x1000);
		toy_cpu(&t, 0)->cpu.pc = k * 0x1000;
		rx_vm_run(&t.vm, 3001);
		if (regions(&t) != before + 1)
			return NOT_COMPILED;
	}
	return toy_cpu(&t, 0)->r[2] == 3000 ? ALL_RIGHT : WRONG_RESULT;
}

static void no_new_exec(void)
{
	const pid_t child = fork();
	int status = -1;

	CU_ASSERT_FATAL(child >= 0);
	if (!child)
		_exit(under_filter());
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == NO_FILTER) {
		rx_tap_skip("seccomp filters are not allowed here");
		return;
	}
	CU_ASSERT_EQUAL(status, ALL_RIGHT);
}

CU_TestInfo memory_tests[] = {
	{ "two_views", two_views },
	{ "nameless", nameless },
	{ "no_new_exec", no_new_exec },
	CU_TEST_INFO_NULL,
};
#endif
