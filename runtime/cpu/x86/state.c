/* state.c - registers of an x86 processor that are several fields. SPDX-License-Identifier: MIT */
#include "core/vm.h"
#include "cpu/x86/x86.h"
#include "fp/host.h"

/* RFLAGS bits that c->rflags holds */
#define REST (RX_X86_TF | RX_X86_IF | RX_X86_IOPL | RX_X86_NT | RX_X86_RF | \
	      RX_X86_VM | RX_X86_AC_ | RX_X86_VIF | RX_X86_VIP | RX_X86_ID)

uint64_t rx_x86_rflags(const struct rx_x86 *c)
{
	return c->rflags | c->cf | (uint64_t)c->pf << 2 | (uint64_t)c->af << 4 |
	       (uint64_t)c->zf << 6 | (uint64_t)c->sf << 7 |
	       (uint64_t)c->df << 10 | (uint64_t)c->of << 11;
}

static void update_align(struct rx_x86 *c)
{
	c->p.check_align = c->cpl == 3 && c->cr0 & RX_X86_CR0_AM && c->rflags & RX_X86_AC_;
}

void rx_x86_put_rflags(struct rx_x86 *c, uint64_t v)
{
	c->cf = v & 1;
	c->pf = v >> 2 & 1;
	c->af = v >> 4 & 1;
	c->zf = v >> 6 & 1;
	c->sf = v >> 7 & 1;
	c->df = v >> 10 & 1;
	c->of = v >> 11 & 1;
	c->rflags = (v & REST) | 2;
	update_align(c);
	/* steps begin behind this instruction; rx_x86_after() comes only if there
	 * was one before it */
	if (!c->cpu.single)
		c->p.stepping = c->cpu.single = c->rflags & RX_X86_TF;
	rx_cpu_poll(&c->cpu, RX_POLL_MODE);
}

/* SDM volume 3, 3.4.5: CS.L and CS.D select the mode; before protection 16 bits */
static unsigned mode_of(const struct rx_x86 *c)
{
	if (c->efer & RX_X86_EFER_LMA && c->seg_attr[RX_X86_CS] & RX_X86_SEG_L)
		return RX_PX_MODE64;
	return c->seg_attr[RX_X86_CS] & RX_X86_SEG_DB ? RX_PX_MODE32 : RX_PX_MODE16;
}

void rx_x86_update_key(struct rx_x86 *c)
{
	const uint32_t ours = RX_PX_MODE | RX_X86_KEY_MXCSR;
	const uint32_t key = (c->cpu.mode_key & ~ours) | mode_of(c) | rx_x86_mxcsr_key(c);

	if (c->cpu.mode_key == key)
		return;
	c->cpu.mode_key = key;
	rx_cpu_poll(&c->cpu, RX_POLL_MODE);
}

void rx_x86_resync(struct rx_cpu *cpu)
{
	struct rx_x86 *c = rx_x86_of(cpu);
	const unsigned bits = c->cr4 & RX_X86_CR4_LA57 ? 57 : 48;

	c->p.mode = (uint8_t)mode_of(c);
	if (c->p.mode == RX_PX_MODE64) {
		c->noncanon = ~UINT64_C(0) << (bits - 1);
		c->sp_mask = c->va_mask = ~UINT64_C(0);
		c->seg_base[RX_X86_ES] = c->seg_base[RX_X86_CS] = 0;
		c->seg_base[RX_X86_SS] = c->seg_base[RX_X86_DS] = 0;
	} else {
		c->noncanon = 0;
		c->va_mask = UINT32_MAX;
		c->sp_mask = c->seg_attr[RX_X86_SS] & RX_X86_SEG_DB ? UINT32_MAX : UINT16_MAX;
	}
	c->p.stepping = c->rflags & RX_X86_TF;
	cpu->single = c->p.stepping || c->shadow;
	update_align(c);
	rx_x86_update_key(c);
}

void rx_x86_flat(struct rx_cpu *cpu, unsigned mode, unsigned cpl)
{
	struct rx_x86 *c = rx_x86_of(cpu);
	const uint16_t size = mode == 16 ? 0 : RX_X86_SEG_DB;

	c->cr0 = RX_X86_CR0_PE | RX_X86_CR0_PG | RX_X86_CR0_AM;
	c->cr4 = RX_X86_CR4_OSFXSR | RX_X86_CR4_OSXMMEXCPT;
	c->efer = mode == 64 ? RX_X86_EFER_LMA : 0;
	c->cpl = (uint8_t)cpl;
	for (unsigned k = 0; k < 6; k++) {
		c->seg_sel[k] = (uint16_t)(0x28 | cpl);
		c->seg_limit[k] = UINT32_MAX;
		c->seg_attr[k] = (uint16_t)(0x8093 | size | cpl << 5);
	}
	c->seg_sel[RX_X86_CS] = (uint16_t)((mode == 64 ? 0x30 : 0x20) | cpl);
	c->seg_attr[RX_X86_CS] = (uint16_t)(0x809b | cpl << 5 |
					    (mode == 64 ? RX_X86_SEG_L : size));
	rx_x86_resync(cpu);
}

enum rx_exec rx_x86_raise(struct rx_cpu *cpu, unsigned vector, uint64_t error)
{
	cpu->fault.code = vector;
	cpu->fault.value = 0;
	rx_x86_of(cpu)->error = (uint32_t)error;
	return RX_FAULT;
}

enum rx_exec rx_x86_illegal(struct rx_cpu *cpu)
{
	return rx_x86_raise(cpu, RX_X86_UD, 0);
}

enum rx_exec rx_x86_unstated(struct rx_cpu *cpu, const struct rx_insn *i)
{
	(void)i;
	RX_DIE(cpu->vm, "an x86 instruction whose meaning is not stated");
	return RX_FAULT;
}

/* There are no descriptor tables to deliver through yet. */
void rx_x86_deliver(struct rx_cpu *cpu)
{
	RX_DIE(cpu->vm, "an x86 exception: delivery needs an IDT, which is not there yet");
}

bool rx_x86_interrupt(struct rx_cpu *cpu)
{
	(void)cpu;
	return false;	/* there is no interrupt controller */
}

bool rx_x86_wake(struct rx_cpu *cpu)
{
	(void)cpu;
	return false;
}

void rx_x86_reset(struct rx_cpu *cpu, uint64_t pc)
{
	struct rx_x86 *c = rx_x86_of(cpu);

	rg_x86_reset_regs(c);
	c->cpl = 0;
	for (unsigned k = 0; k < 6; k++)
		c->seg_attr[k] = 0x93;
	cpu->pc = pc;
	rx_x86_resync(cpu);
}

enum rax_status rx_x86_init(struct rx_cpu *cpu)
{
	(void)cpu;
	return RAX_OK;
}

void rx_x86_fini(struct rx_cpu *cpu)
{
	(void)cpu;
}

/* Between enter and leave the host's MXCSR has flags of the guest's, see fp/host.h. */
void rx_x86_enter(struct rx_cpu *cpu)
{
	struct rx_x86 *c = rx_x86_of(cpu);

	rx_x86_update_key(c);
	c->p.host_fp = rx_fp_host_begin();
	c->p.in_guest = true;
}

void rx_x86_leave(struct rx_cpu *cpu)
{
	struct rx_x86 *c = rx_x86_of(cpu);

	(void)rx_x86_collect(cpu);
	c->p.in_guest = false;
	rx_fp_host_end(c->p.host_fp);
}
