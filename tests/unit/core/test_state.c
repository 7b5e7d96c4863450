/* test_state.c - the state hash sees everything. SPDX-License-Identifier: MIT */
#include "suites.h"

#include "toy.h"

static void changes(void)
{
	struct toy_vm t;
	struct toy_dev *d;
	uint64_t h, ram = TOY_RAM_PAGES * 4096 - 8;
	unsigned n = 0;

	toy_init(&t, &rx_engine_step, 2);
	d = t.dev->state;
	h = rx_vm_hash(&t.vm);
	CU_ASSERT_EQUAL(rx_vm_hash(&t.vm), h);
#define DIFFERS(change, undo) \
	do { \
		change; \
		CU_ASSERT_NOT_EQUAL(rx_vm_hash(&t.vm), h); \
		undo; \
		CU_ASSERT_EQUAL(rx_vm_hash(&t.vm), h); \
		n++; \
	} while (0)
	DIFFERS(toy_cpu(&t, 0)->r[3] ^= 1, toy_cpu(&t, 0)->r[3] ^= 1);
	DIFFERS(toy_cpu(&t, 1)->r[3] ^= 1, toy_cpu(&t, 1)->r[3] ^= 1);
	DIFFERS(t.vm.cpu[1]->pc ^= 2, t.vm.cpu[1]->pc ^= 2);
	DIFFERS(t.vm.cpu[1]->halted = true, t.vm.cpu[1]->halted = false);
	DIFFERS(t.vm.cpu[1]->traps++, t.vm.cpu[1]->traps--);
	DIFFERS(d->target++, d->target--);
	DIFFERS(t.vm.mem.region[0].host[0] ^= 1, t.vm.mem.region[0].host[0] ^= 1);
	DIFFERS(t.vm.mem.region[0].host[ram] ^= 1,
		t.vm.mem.region[0].host[ram] ^= 1);
#undef DIFFERS
	CU_ASSERT_EQUAL(n, 8);
	/* the same byte elsewhere is another state */
	t.vm.mem.region[0].host[0x1000] = 1;
	h = rx_vm_hash(&t.vm);
	t.vm.mem.region[0].host[0x1000] = 0;
	t.vm.mem.region[0].host[0x2000] = 1;
	CU_ASSERT_NOT_EQUAL(rx_vm_hash(&t.vm), h);
	/* what is not state is not seen */
	h = rx_vm_hash_state(&t.vm);
	t.vm.mem.region[0].host[5] = 1;
	toy_cpu(&t, 0)->fetches++;
	CU_ASSERT_EQUAL(rx_vm_hash_state(&t.vm), h);
	toy_fini(&t);
}

CU_TestInfo state_tests[] = {
	{ "changes", changes },
	CU_TEST_INFO_NULL,
};
