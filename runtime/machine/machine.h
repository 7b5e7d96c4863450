/* machine.h - machines by name: devices, memory map, device tree. SPDX-License-Identifier: MIT */
#ifndef RX_MACHINE_MACHINE_H
#define RX_MACHINE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/vm.h"
#include "rax/error.h"

struct rx_block;
struct rx_char;
struct rx_fdt_chosen;
struct rx_load;

#define RX_MACHINE_MAX_DISKS 6

/* Back ends stay the caller's: free them before rx_vm_fini(). */
struct rx_machine_config {
	uint64_t ram_size;		/* bytes; 0: the machine's default */
	struct rx_char *console;	/* of the UART; NULL: nobody looks */
	struct rx_block *disk[RX_MACHINE_MAX_DISKS];
	unsigned ndisks;
	bool virtio_console;		/* a second device on the same console */
	bool virtio_rng;
	bool rng_seeded;		/* by rng_seed, else from the host */
	uint64_t rng_seed;
};

struct rx_machine {
	const char *name, *help;
	const char *isa;		/* name of the rx_isa that it needs */
	unsigned max_cpus;
	uint64_t ram_base;
	uint64_t ram_default, ram_min, ram_max;	/* bytes */
	/*
	 * Adds RAM and devices to a fresh vm, and sets vm->machine. The cpus
	 * exist already. After a failure the vm is fit for rx_vm_fini() only.
	 */
	rax_status (*build)(struct rx_vm *vm, const struct rx_machine_config *cfg,
			    rax_error *err);
	/* The machine's device tree; *blob is the caller's to free(). */
	rax_status (*fdt)(struct rx_vm *vm, const struct rx_fdt_chosen *chosen,
			  void **blob, size_t *size, rax_error *err);
	/*
	 * Loads all into the RAM of a freshly reset machine and sets the cpus
	 * to their start (machine/load.h). Messages name the file.
	 */
	rax_status (*start)(struct rx_load *load, struct rx_vm *vm,
			    const struct rx_machine *machine, rax_error *err);
};

/* NULL: no such machine. */
const struct rx_machine *rx_machine_find(const char *name);
/* The first one that runs programs of isa, NULL: whichever. NULL: there is none. */
const struct rx_machine *rx_machine_for(const char *isa);
/* The i-th machine, for lists; NULL behind the last. */
const struct rx_machine *rx_machine_at(unsigned i);

#endif
