/* isa.h - the facade through which engines see an ISA. SPDX-License-Identifier: MIT */
#ifndef RX_CORE_ISA_H
#define RX_CORE_ISA_H

#include <stddef.h>
#include <stdint.h>

#include "core/asmtext.h"
#include "core/cpu.h"
#include "core/insn.h"
#include "core/val.h"
#include "fp/fp.h"

/* Static properties of an encoding, generated. */
enum {
	RX_INSN_ENDS_BLOCK = 1,	/* jumps, traps or may change its own translation */
	RX_INSN_BRANCH = 2,	/* conditional, direct: its target is pc + (int64_t)imm */
	RX_INSN_JUMP = 4,	/* unconditional, direct: likewise */
	RX_INSN_INDIRECT = 8,
	RX_INSN_MEMORY = 16,
};

struct rx_insn_info {
	const char *name;	/* "addi" */
	const char *origin;	/* "spec/riscv/rv_i:12" */
	const char *extension;	/* "rv_i" */
	uint8_t flags;		/* RX_INSN_* */
};

/* One architectural register or field, generated; drives names, dumps, hashes and lock-step. */
struct rx_reg_info {
	const char *name;
	uint32_t offset;	/* in the state struct */
	uint16_t bytes;
	uint16_t flags;
};

/* rx_reg_info.flags: what kind of register */
enum {
	RX_REG_PC = 1,
	RX_REG_GENERAL = 2,
	RX_REG_FLOAT = 4,
	RX_REG_SYSTEM = 8,
	RX_REG_HIDDEN = 16,	/* state (hashed, compared, saved), but not shown */
	RX_REG_VECTOR = 32,	/* bytes, lowest first */
};

/* What there is for an encoding beyond decoder and executor, generated. */
struct rx_coverage {
	bool fast;		/* a handler of its own */
	bool lifted;		/* to operations, not to a call */
	uint32_t cases;		/* recorded results that it agrees with */
	const char *oracle;	/* who gave them */
	const char *missing;	/* what they leave out */
};

/* Another spelling of an ISA's instructions, as disasm and assemble of struct rx_isa. */
struct rx_syntax {
	const char *name;	/* "att" */
	int (*disasm)(const struct rx_insn *i, char *buf, size_t size);
	rax_status (*assemble)(uint32_t mode_key, const char *text, uint8_t *out,
			       unsigned *len, rax_error *err);
};

struct rx_smir_fn;

#define RX_EXC_UNDEFINED UINT32_MAX	/* no exception's code */

/*
 * Everything an engine needs. The tables are generated; fetch, raise,
 * interrupt and mode are in cpu/<isa>.
 */
struct rx_isa {
	const char *name;			/* "rv64" */
	size_t state_size;			/* of the state struct, rx_cpu first */
	unsigned ninsns;
	const struct rx_insn_info *info;	/* [ninsns] */
	const struct rx_coverage *coverage;	/* [ninsns] */
	rx_executor *const *exec;		/* [ninsns] */
	/*
	 * Fast handler for the first of the n records at i under mode_key, or
	 * NULL when only the executor will do (rx_thr_slow). *used is how
	 * many records it executes: 1, or more when fused (a fused handler
	 * reads i[0..used-1], which keep their own handlers for entry in the
	 * middle and for exact faults).
	 */
	rx_handler *(*select)(const struct rx_insn *i, unsigned n,
			      uint32_t mode_key, unsigned *used);
	unsigned nregs;
	const struct rx_reg_info *regs;
	unsigned min_len, max_len;		/* bytes of an instruction */
	unsigned high_unit;			/* see rx_word_byte() */
	bool groups;				/* an instruction is several records */
	/*
	 * Decodes the bytes at code (avail of them, little-endian) into *i
	 * (pc set by the caller). Returns the length in bytes; 0 when more
	 * bytes are needed. What is no instruction gets the ISA's illegal id.
	 * i is the first of RX_INSN_RECORDS records where there are groups.
	 */
	unsigned (*decode)(uint32_t mode_key, const uint8_t *code,
			   unsigned avail, struct rx_insn *i);
	/*
	 * Translates pc for fetching. RX_NEXT: *host points at the byte and
	 * *avail bytes follow in its page (RAM only; an exec tag was entered
	 * into the TLB unless protection is finer than a page, then
	 * *avail is what may be fetched). RX_FAULT: recorded.
	 */
	enum rx_exec (*fetch)(struct rx_cpu *cpu, uint64_t va,
			      const uint8_t **host, unsigned *avail);
	/* Delivers cpu->fault: updates system state and cpu->pc. */
	void (*raise)(struct rx_cpu *cpu);
	/* Takes a pending, enabled interrupt if there is one; true when taken. */
	bool (*interrupt)(struct rx_cpu *cpu);
	/* Is a wake-up condition of a halted cpu present? */
	bool (*wake)(struct rx_cpu *cpu);
	void (*reset)(struct rx_cpu *cpu, uint64_t pc);
	enum rax_status (*init)(struct rx_cpu *cpu);	/* after allocation */
	void (*fini)(struct rx_cpu *cpu);
	/* Text of a decoded instruction, NUL-terminated; returns its length. */
	int (*disasm)(const struct rx_insn *i, char *buf, size_t size);
	/* Assembles one instruction into out[RX_ASM_MAX_LEN], see rx_asm_parse(). */
	rax_status (*assemble)(uint32_t mode_key, const char *text, uint8_t *out, unsigned *len,
			       rax_error *err);
	/* Spellings by name, the first is disasm's; NULL ends them, NULL: there is one. */
	const struct rx_syntax *syntaxes;
	/* Field number k as text, see rx_asm_explain(). */
	int (*explain)(const struct rx_insn *i, unsigned k, char *buf, size_t size);
	/* Emits SMIR of one instruction into a function under construction. */
	void (*lift)(struct rx_smir_fn *fn, const struct rx_insn *i);
	/*
	 * What SMIR operations do in this ISA, exactly; called like executors.
	 * load and rmw return the (old) value zero-extended. fp_round: the
	 * direction that an instruction's operand means. fp_done: flags are
	 * raised and a register of the class was written; fp_flags: none was.
	 */
	struct rx_val (*load)(struct rx_cpu *cpu, uint64_t va, unsigned size,
			      unsigned flags);
	enum rx_exec (*store)(struct rx_cpu *cpu, uint64_t va, unsigned size,
			      uint64_t value, unsigned flags);
	/* Where instructions come in groups: a fault if a store there would. */
	enum rx_exec (*probe)(struct rx_cpu *cpu, uint64_t va, unsigned size,
			      unsigned flags);
	struct rx_val (*rmw)(struct rx_cpu *cpu, uint64_t va, unsigned size,
			     enum rx_rmw op, uint64_t value, unsigned flags);
	/*
	 * raise_as: records an exception of the ISA's table, or that there is
	 * no such instruction (RX_EXC_UNDEFINED), and returns RX_FAULT.
	 * checks: of memory and the like, with two numbers and what the
	 * encoding says. load_wide, store_wide: of 16 bytes; NULL: there are
	 * no such accesses. fp_envs: environments that the state asks for, by
	 * number. fp_trap: fp_flags, but RX_FAULT where one is not masked.
	 */
	enum rx_exec (*raise_as)(struct rx_cpu *cpu, uint32_t code, uint64_t value);
	unsigned nchecks;
	enum rx_exec (*const *checks)(struct rx_cpu *cpu, const struct rx_insn *i,
				      uint64_t a, uint64_t b, uint64_t n);
	enum rx_exec (*load_wide)(struct rx_cpu *cpu, uint64_t va, unsigned size,
				  unsigned flags, unsigned __int128 *value);
	enum rx_exec (*store_wide)(struct rx_cpu *cpu, uint64_t va, unsigned size,
				   unsigned __int128 value, unsigned flags);
	unsigned nfpenvs;
	struct rx_fpenv (*const *fp_envs)(const struct rx_cpu *cpu);
	enum rx_exec (*fp_trap)(struct rx_cpu *cpu, uint64_t flags);
	struct rx_fpenv fpenv;			/* before any operation */
	enum rx_exec (*fp_check)(struct rx_cpu *cpu);
	struct rx_val (*fp_round)(struct rx_cpu *cpu, unsigned operand);
	void (*fp_done)(struct rx_cpu *cpu, unsigned flags);
	void (*fp_flags)(struct rx_cpu *cpu, unsigned flags);
	/*
	 * The flags collected so far (RX_FP_*), and setting them, where the
	 * guest may; NULL: not as an operation. fp_sticky: the byte of the
	 * state with those that the host's FPU does not hold.
	 */
	uint8_t (*fp_read)(struct rx_cpu *cpu);
	void (*fp_write)(struct rx_cpu *cpu, unsigned flags);
	size_t fp_sticky;
	/*
	 * Called behind each instruction that did not fault and before which
	 * cpu->single was set; pc is the next one's. True: it recorded a trap.
	 * NULL where nobody sets cpu->single. Who sets it polls RX_POLL_MODE.
	 */
	bool (*after)(struct rx_cpu *cpu);
	/*
	 * Under this mode key, are checks before and notes behind IEEE
	 * operations superfluous while the host's FPU works for the guest
	 * (its sticky flags are the guest's, NaNs are canonical), and in which
	 * direction does an instruction with this operand round? NULL: never.
	 */
	bool (*fp_static)(uint32_t mode_key, unsigned operand, unsigned *round);
	/*
	 * Under this mode key, what is environment `number` of fp_envs, where the
	 * host's FPU may work in it: its sticky flags are the guest's, nothing is
	 * flushed or trapped? NULL, false: nothing is known.
	 */
	bool (*fp_known)(uint32_t mode_key, unsigned number, struct rx_fpenv *env);
	/* Enter/leave guest code: host FP state and the like. */
	void (*enter)(struct rx_cpu *cpu);
	void (*leave)(struct rx_cpu *cpu);
};

/* No instruction begins there, whatever the TLB says: fetch() knows why. */
static inline bool rx_pc_misaligned(const struct rx_isa *isa, uint64_t pc)
{
	return (pc & (isa->min_len - 1)) != 0;
}

#endif
