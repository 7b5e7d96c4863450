/* api.h - what is behind the public handles. SPDX-License-Identifier: MIT */
#ifndef RX_MACHINE_API_H
#define RX_MACHINE_API_H

#include "core/verify.h"
#include "io/block.h"
#include "io/char.h"
#include "machine/load.h"
#include "machine/machine.h"
#include "rax/vm.h"

/*
 * One machine with all that it is made of. Of two machines that are compared
 * both read their disks and write to memory, and the second one's console is
 * in memory, too.
 */
struct rx_instance {
	struct rx_vm vm;
	bool vm_valid;
	const struct rx_machine *machine;
	struct rx_load load;
	struct rx_char *console;
	struct rx_block *disk[RX_MACHINE_MAX_DISKS];
	struct rx_block *disk_base[RX_MACHINE_MAX_DISKS];	/* compared: below it */
	char *strings[5];	/* copies of the configuration's */
	/* of the embedder */
	void (*code)(void *opaque, uint64_t pc, const char *kind, const void *code,
		     size_t size);
	void *code_opaque;
	void (*write)(void *opaque, const void *data, size_t size);
	void *opaque;
};

enum rx_role { RX_ROLE_SINGLE, RX_ROLE_FIRST, RX_ROLE_SECOND };

struct rax_vm {
	struct rx_instance m[2];
	unsigned n;		/* 2: they are compared */
	struct rx_verify_report report;
	bool diverged;
};

#define RX_MAX_ICOUNT_SHIFT 20u		/* an instruction takes a millisecond */
/* Nanoseconds since 1970 fit 63 bits: the RTC's registers. */
#define RX_MAX_EPOCH (INT64_MAX / UINT64_C(1000000000))

/* build.c. On failure the instance is fit for rx_instance_fini() only. */
RAX_MUST_CHECK rax_status rx_instance_init(struct rx_instance *m, const rax_config *c,
					   enum rx_role role, rax_error *err);
void rx_instance_fini(struct rx_instance *m);
/* The i-th engine, NULL behind the last. */
const struct rx_engine *rx_engine_at(unsigned i);

#endif
