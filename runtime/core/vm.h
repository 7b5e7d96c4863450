/* vm.h - one virtual machine. SPDX-License-Identifier: MIT */
#ifndef RX_CORE_VM_H
#define RX_CORE_VM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/host.h"
#include "base/log.h"
#include "core/bus.h"
#include "core/clock.h"
#include "core/cpu.h"
#include "core/hooks.h"
#include "core/isa.h"
#include "core/mem.h"
#include "rax/error.h"

#define RX_MAX_CPUS 16
#define RX_QUANTUM 10000	/* default of vm->quantum */

enum rx_stop {
	RX_STOP_NONE = 0,
	RX_STOP_EXIT,		/* the guest ended the machine; exit_code */
	RX_STOP_RESET,		/* the guest asked for a reset */
	RX_STOP_USER,		/* rax_vm_stop */
	RX_STOP_LIMIT,		/* the instruction limit of this run */
	RX_STOP_ERROR,		/* vm->error says why; the vm is dead */
	RX_STOP_DEADLOCK,	/* icount: every cpu waits and nothing can wake one */
};

/* An engine: runs one cpu. */
struct rx_engine {
	const char *name;
	/* Runs until cpu->budget is 0 or cpu->poll asks to leave. */
	void (*run)(struct rx_cpu *cpu);
	rax_status (*attach)(struct rx_cpu *cpu, rax_error *err);
	void (*detach)(struct rx_cpu *cpu);
	/*
	 * For engines that keep translated code, else NULL. invalidate: drops
	 * all that touches [host, host + len), whole granules of one page.
	 * granules: which of a page's granules still hold code.
	 */
	void (*invalidate)(struct rx_cpu *cpu, const uint8_t *host, unsigned len);
	uint64_t (*granules)(struct rx_cpu *cpu, const uint8_t *host_page);
	/* What it counts: name and value of figure number `index`, NULL behind the last. */
	const char *(*stat)(const struct rx_cpu *cpu, unsigned index, uint64_t *value);
	/* What was made of the code at pc, as text, line by line. Not while it runs. */
	void (*explain)(struct rx_cpu *cpu, uint64_t pc,
			void (*line)(void *opaque, const char *line), void *opaque);
};
extern const struct rx_engine rx_engine_step, rx_engine_threaded, rx_engine_smir;
/* Compiles hot code of the threaded engine's; for its calls it needs tail calls. */
#if RX_HAVE_TAILCALL && defined(__x86_64__)
#define RX_HAVE_JIT 1
extern const struct rx_engine rx_engine_jit;
bool rx_jit_host_will_do(unsigned host);	/* is RX_HOST_* what it needs? */
#else
#define RX_HAVE_JIT 0
#endif

/* How rx_engine_jit compiles; to be set before it is attached. */
struct rx_jit_settings {
	unsigned level;		/* of the optimiser, 0 .. RX_SMIR_LEVELS - 1 */
	uint32_t heat;		/* entries of a block before it is compiled, > 0 */
	uint64_t cache;		/* bytes for compiled code, RX_JIT_CACHE_LEAST or more */
	bool check;		/* verify operations behind each pass */
	bool counts;		/* compiled code counts what it does */
	bool nameless;		/* code lies in memory that no file is behind */
	bool compared;		/* all that it does is compared with another engine */
	/* Where to tell, line by line, what is compiled to what; NULL: nowhere. */
	void (*line)(void *opaque, const char *line);
	void *opaque;
	/*
	 * Told of each piece of code that is made: of the block at pc, or ways
	 * into and out of the region that begins there. NULL: nobody.
	 */
	void (*code)(void *opaque, uint64_t pc, bool block, const void *code, size_t size);
	void *code_opaque;
};
#define RX_JIT_LEVEL 2
#define RX_JIT_HEAT 2000
#define RX_JIT_CACHE (UINT64_C(64) << 20)
#define RX_JIT_CACHE_LEAST (UINT64_C(1) << 20)

/* A host event source polled by the run loop (console input ...). */
struct rx_source {
	int fd;			/* poll()ed for input; -1 = none */
	void (*ready)(void *opaque);	/* called on the vm's thread */
	void *opaque;
	bool enabled;
	struct rx_source *next;
};

struct rx_vm {
	const struct rx_isa *isa;
	const struct rx_engine *engine;
	unsigned ncpus;
	struct rx_cpu *cpu[RX_MAX_CPUS];
	struct rx_cpu *current;	/* whose slice is running, else NULL */
	struct rx_mem mem;
	struct rx_bus bus;
	struct rx_clock clock;
	struct rx_dev *devs;	/* all devices, for reset and checkpoint */
	struct rx_source *sources;
	uint64_t quantum;	/* units per turn of the deterministic schedule */
	unsigned turn;		/* whose turn it is ... */
	uint64_t turn_left;	/* ... and what is left of it */
	uint64_t icount;	/* units of all cpus before the current slice */
	uint64_t slice_start;	/* the current cpu's icount then */
	uint64_t sources_due;	/* host: ns; icount: units of the next poll */
	uint64_t reset_pc;	/* given to isa->reset */
	uint32_t stop_request;	/* enum rx_stop, atomic */
	bool dead;		/* rx_vm_die() */
	int exit_code;
	rax_error error;
	struct rx_log log;
	struct rx_hooks hooks;
	struct rx_jit_settings jit;
	unsigned host;		/* RX_HOST_*: features of the host that may be used */
	int wake_fd[2];		/* eventfd-like pipe: rax_vm_stop wakes an idle loop */
	void *machine;		/* owned by machine/ */
};

RAX_MUST_CHECK rax_status rx_vm_init(struct rx_vm *vm, const struct rx_isa *isa,
				     unsigned ncpus, rax_error *err);
void rx_vm_fini(struct rx_vm *vm);
/* Does without these features (RX_HOST_*) of the host. Before an engine is chosen. */
void rx_vm_mask_host(struct rx_vm *vm, unsigned without);
/*
 * Creates a device of the class with zeroed state, and adds it to vm->devs
 * (not to the bus); NULL: no memory.
 */
struct rx_dev *rx_vm_new_dev(struct rx_vm *vm, const struct rx_dev_class *cls);
/* Not while it runs. On failure the machine has no engine. */
RAX_MUST_CHECK rax_status rx_vm_set_engine(struct rx_vm *vm,
					   const struct rx_engine *engine,
					   rax_error *err);
/*
 * Runs at most max units (rx_cpu_icount(), UINT64_MAX: no limit) of all cpus
 * together; returns why it stopped. How a run is cut into calls makes no
 * difference to the guest under RX_CLOCK_ICOUNT.
 */
enum rx_stop rx_vm_run(struct rx_vm *vm, uint64_t max);
/*
 * Ends the run: behind the current instruction when the guest asks (a
 * device, an executor), else within a slice. The first request counts. Any
 * thread; async-signal-safe.
 */
void rx_vm_stop(struct rx_vm *vm, enum rx_stop why, int exit_code);
/* An invariant is broken: marks the vm dead with file:line. */
void rx_vm_die(struct rx_vm *vm, const char *file, int line, const char *what);
#define RX_DIE(vm, what) rx_vm_die(vm, __FILE__, __LINE__, what)
/* Adds a source; it stays the caller's, and in the list for good. */
void rx_vm_add_source(struct rx_vm *vm, struct rx_source *source);
/* Units of all cpus; exact at any time on the vm's thread. */
uint64_t rx_vm_icount(const struct rx_vm *vm);
/* Resets devices and cpus to their power-on state (RAM is kept). */
void rx_vm_reset(struct rx_vm *vm);
/* The figures of the engine, all cpus together; see struct rx_engine. */
const char *rx_vm_stat(const struct rx_vm *vm, unsigned index, uint64_t *value);
/* 64-bit hash of all registers, devices' fields and RAM (state.c). */
uint64_t rx_vm_hash(struct rx_vm *vm);
/* The same without RAM. */
uint64_t rx_vm_hash_state(struct rx_vm *vm);

#endif
