/* vm.h - virtual machines. SPDX-License-Identifier: MIT */
#ifndef RAX_VM_H
#define RAX_VM_H

#include <stddef.h>
#include <stdint.h>

#include <rax/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A machine with its memory, devices and processors. A VM belongs to one
 * thread at a time, unless a function says otherwise; there may be any number
 * of them in a process.
 */
typedef struct rax_vm rax_vm;

typedef enum rax_clock {
	RAX_CLOCK_HOST = 0,	/* guest time follows the host's */
	RAX_CLOCK_ICOUNT,	/* guest time is counted in instructions: runs repeat */
} rax_clock;

/*
 * What a machine is made of. Call rax_config_init() first. Strings and files
 * are read by rax_vm_create() and need not outlive it.
 */
typedef struct rax_config {
	uint32_t struct_size;
	const char *machine;	/* NULL: found from the kernel ("riscv-virt") */
	const char *engine;	/* NULL: the default ("threaded") */
	const char *kernel;	/* ELF program or Linux Image; or firmware instead */
	const char *firmware;	/* M-mode firmware; NULL: built-in SBI */
	const char *initrd;
	const char *dtb;	/* NULL: made by the machine */
	const char *cmdline;	/* NULL: none */
	const char *const *disks;	/* raw images */
	size_t ndisks;
	uint64_t memory;	/* bytes */
	uint32_t smp;		/* processors */
	rax_clock clock;
	uint32_t icount_shift;	/* an instruction takes 2^shift ns */
	uint64_t rtc_epoch;	/* icount: seconds since 1970 at the start */
	uint64_t seed;		/* icount: random numbers handed to the guest */
	/*
	 * Guest console. output gets what the guest writes; input is asked
	 * for at most size bytes and returns how many there are, 0 for none
	 * now. input_fd (-1: none) becomes readable when input should be
	 * asked. All NULL: output is dropped and there is no input.
	 */
	void (*console_output)(void *opaque, const void *data, size_t size);
	size_t (*console_input)(void *opaque, void *data, size_t size);
	int console_fd;
	void *console_opaque;
} rax_config;

void rax_config_init(rax_config *config);

/* Why rax_vm_run() came back. */
typedef enum rax_stop {
	RAX_STOP_EXIT = 1,	/* the guest ended: rax_vm_exit_code() */
	RAX_STOP_RESET,		/* the guest asked for a reset: rax_vm_reset(), run again */
	RAX_STOP_USER,		/* rax_vm_stop() */
	RAX_STOP_LIMIT,		/* max instructions are done */
	RAX_STOP_DEADLOCK,	/* icount: every processor waits for ever */
	RAX_STOP_ERROR,		/* the VM is dead: rax_vm_error() */
} rax_stop;

/* Builds a machine and loads it; on failure *vm is NULL and *err says why. */
RAX_MUST_CHECK rax_status rax_vm_create(const rax_config *config, rax_vm **vm,
					rax_error *err);
void rax_vm_free(rax_vm *vm);	/* NULL is allowed */

/* Runs at most max instructions, UINT64_MAX for no limit. */
rax_stop rax_vm_run(rax_vm *vm, uint64_t max);
/* Ends the run soon. Any thread; async-signal-safe. */
void rax_vm_stop(rax_vm *vm);
/* Puts the machine back to its start: RAM loaded again, all devices reset. */
RAX_MUST_CHECK rax_status rax_vm_reset(rax_vm *vm, rax_error *err);
int rax_vm_exit_code(const rax_vm *vm);		/* 0..255 */
void rax_vm_error(const rax_vm *vm, rax_error *err);
uint64_t rax_vm_icount(const rax_vm *vm);	/* instructions retired, all processors */
/* Hash of registers, devices and RAM; equal states have equal hashes. */
uint64_t rax_vm_state_hash(rax_vm *vm);

/* Two engines in lock-step. */
typedef struct rax_divergence {
	uint64_t icount;	/* instructions that both agree on */
	uint32_t cpu;
	uint64_t pc;		/* of the instruction that differs */
	char insn[96];		/* its disassembly */
	char what[32];		/* register, or "memory" */
	uint64_t a, b;		/* the values of the two engines */
} rax_divergence;

/*
 * Runs config's machine on its engine and on engine_b side by side, under
 * RAX_CLOCK_ICOUNT, until the guest ends or max instructions. RAX_EDIVERGED:
 * they differ, *div and *err say where. *exit_code: of the guest.
 */
RAX_MUST_CHECK rax_status rax_verify(const rax_config *config,
				     const char *engine_b, uint64_t max,
				     int *exit_code, rax_divergence *div,
				     rax_error *err);

#ifdef __cplusplus
}
#endif
#endif
