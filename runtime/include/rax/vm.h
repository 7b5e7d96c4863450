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
 * What a machine is made of. Call rax_config_init() first: it sets defaults
 * and struct_size, by which programs and libraries of different versions
 * understand each other. Strings and files are read by rax_vm_create() and
 * need not outlive it.
 */
typedef struct rax_config {
	uint32_t struct_size;
	const char *machine;	/* NULL: found from the kernel ("riscv-virt") */
	const char *engine;	/* NULL: "jit", or "threaded" where the host cannot */
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
	 * Guest console. Either descriptors, which stay the caller's: input
	 * is read when the guest can take it, its end ends nothing; with
	 * console_keys Ctrl-A is a prefix (x stops with RAX_STOP_USER, h
	 * calls console_help, Ctrl-A is a literal one). Or console_write,
	 * which gets what the guest writes, and rax_vm_console_input().
	 */
	int console_in, console_out;	/* -1: none */
	int console_keys;
	void (*console_help)(void *opaque);
	void (*console_write)(void *opaque, const void *data, size_t size);
	void *console_opaque;
	/*
	 * NULL, or a second engine: two machines run side by side, one on
	 * engine and one on this, under RAX_CLOCK_ICOUNT, and are compared all
	 * the time. The second one's console goes nowhere, it reads what the
	 * first one reads, and neither writes to the disks' files.
	 */
	const char *verify;
	/*
	 * The engine "jit": its optimiser's level (0 to 2), how often a block
	 * is entered before it is compiled (1 or more), and who is told, line
	 * by line, what was compiled to what (NULL: nobody).
	 */
	uint32_t jit_level, jit_heat;
	void (*jit_text)(void *opaque, const char *line);
	void *jit_opaque;
	/*
	 * jit_counts: compiled code counts what it does, for rax_vm_stat(); that
	 * costs time. jit_code: is told of each piece of executable code when it
	 * is made, so that profilers can be; kind is "block" (the guest's at pc)
	 * or "ways" (into the region of the one at pc, and out). A piece is
	 * there until another one is made in its place.
	 */
	int jit_counts;
	void (*jit_code)(void *opaque, uint64_t pc, const char *kind, const void *code,
			 size_t size);
	void *jit_code_opaque;
	/* Not 0: code is in memory that no file is behind, as maps for perf want it. */
	int jit_nameless;
	/* Features of the host to do without, "fma,bmi1"; NULL: none. */
	const char *host_mask;
	/* Bytes for compiled code, for each processor: 1 MiB to 1 GiB. */
	uint64_t jit_cache;
} rax_config;

void rax_config_init_size(rax_config *config, size_t struct_size);
#define rax_config_init(config) rax_config_init_size((config), sizeof(rax_config))

/* Why rax_vm_run() came back. */
typedef enum rax_stop {
	RAX_STOP_EXIT = 1,	/* the guest ended: rax_vm_exit_code() */
	RAX_STOP_RESET,		/* the guest asked for a reset: rax_vm_reset(), run again */
	RAX_STOP_USER,		/* rax_vm_stop() */
	RAX_STOP_LIMIT,		/* max instructions are done */
	RAX_STOP_DEADLOCK,	/* icount: every processor waits for ever */
	RAX_STOP_ERROR,		/* the VM is dead: rax_vm_error() */
	RAX_STOP_DIVERGED,	/* engines differ: rax_vm_error(), rax_vm_divergence() */
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
/* Types size bytes at the guest's console; returns how many were taken. */
size_t rax_vm_console_input(rax_vm *vm, const void *data, size_t size);
int rax_vm_exit_code(const rax_vm *vm);		/* 0..255 */
void rax_vm_error(const rax_vm *vm, rax_error *err);
/* What the engine counts: name and value of figure number `index`, NULL behind the last. */
const char *rax_vm_stat(const rax_vm *vm, unsigned index, uint64_t *value);
uint64_t rax_vm_icount(const rax_vm *vm);	/* instructions retired, all processors */
/* Hash of registers, devices and RAM; equal states have equal hashes. */
uint64_t rax_vm_state_hash(rax_vm *vm);

/* The first difference of two engines. */
typedef struct rax_divergence {
	uint32_t struct_size;	/* sizeof(rax_divergence), set by the caller */
	uint32_t cpu;
	uint64_t icount;	/* instructions until it was seen */
	uint64_t range;		/* 1: pc's instruction did it; n: one of n from pc on */
	uint64_t pc;
	char insn[96];		/* disassembly, "" where range is not 1 */
	char what[32];		/* register, "memory", device ... */
	uint64_t address;	/* of memory or device */
	uint64_t value[2];	/* on the two engines */
} rax_divergence;

/* After RAX_STOP_DIVERGED, else RAX_EINVAL. */
RAX_MUST_CHECK rax_status rax_vm_divergence(const rax_vm *vm, rax_divergence *div,
					    rax_error *err);

/*
 * After RAX_STOP_DIVERGED: the registers of both machines and the words of
 * memory that differ, and what the first one's engine compiled the code to, if
 * it does; line by line.
 */
void rax_vm_explain(rax_vm *vm, void (*line)(void *opaque, const char *line), void *opaque);

/*
 * Raw mode of a terminal, for console_in. NULL in *term and RAX_OK where fd
 * is no terminal, or this process is in its background. rax_terminal_restore()
 * gives the terminal back; rax_terminal_resume() makes it raw again, unless
 * this process is in its background. Both are async-signal-safe, may be called
 * again, and take NULL; rax_terminal_free() restores as well.
 */
typedef struct rax_terminal rax_terminal;
RAX_MUST_CHECK rax_status rax_terminal_raw(rax_terminal **term, int fd, rax_error *err);
void rax_terminal_restore(rax_terminal *term);
void rax_terminal_resume(rax_terminal *term);
void rax_terminal_free(rax_terminal *term);

/*
 * Reads a configuration file: TOML, flat "name = value" pairs, in file order.
 * value is the text of a string, integer or boolean; an array gives one call
 * an item. The callback returns RAX_OK to go on; its error gets the place in
 * front.
 */
RAX_MUST_CHECK rax_status rax_config_file(const char *path,
		rax_status (*entry)(void *opaque, const char *name, const char *value,
				    rax_error *err),
		void *opaque, rax_error *err);

/* Names of what can be chosen, NULL at the end of the list. */
const char *rax_engine_name(unsigned index);
const char *rax_machine_name(unsigned index);
const char *rax_version(void);

#ifdef __cplusplus
}
#endif
#endif
