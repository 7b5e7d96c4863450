/* hooks.h - callbacks into the run of a machine. SPDX-License-Identifier: MIT */
#ifndef RX_CORE_HOOKS_H
#define RX_CORE_HOOKS_H

struct rx_cpu;
struct rx_insn;
struct rx_vm;

/*
 * Before an instruction executes: it is decoded, cpu's state is canonical.
 * The hook may look at all and change registers, but not pc; it may call
 * rx_vm_stop(), then this instruction is still executed.
 */
typedef void rx_insn_hook(void *opaque, struct rx_cpu *cpu,
			  const struct rx_insn *i);

struct rx_hooks {
	rx_insn_hook *insn;	/* NULL: none */
	void *insn_opaque;
};

/*
 * Installs the instruction hook, or removes it with NULL. While there is
 * one, all cpus run on the step engine. On the vm's thread only.
 */
void rx_vm_hook_insn(struct rx_vm *vm, rx_insn_hook *hook, void *opaque);

#endif
