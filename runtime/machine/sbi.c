/* sbi.c - the built-in supervisor binary interface. SPDX-License-Identifier: MIT
 *
 * Section numbers are those of the RISC-V SBI specification 2.0.
 */
#include "cpu/riscv/rv64.h"
#include "machine/sbi.h"

enum {
	SBI_OK = 0, SBI_FAILED = -1, SBI_NOT_SUPPORTED = -2,
	SBI_INVALID_PARAM = -3, SBI_INVALID_ADDRESS = -5,
	SBI_ALREADY_AVAILABLE = -6,
};

enum {
	EXT_BASE = 0x10, EXT_TIME = 0x54494d45, EXT_IPI = 0x735049,
	EXT_RFENCE = 0x52464e43, EXT_HSM = 0x48534d, EXT_SRST = 0x53525354,
	EXT_DBCN = 0x4442434e, EXT_LEGACY_LAST = 8,
};

enum { HART_STARTED = 0, HART_STOPPED = 1, HART_SUSPENDED = 4 };
enum { SUSPEND_RETENTIVE = 0 };
#define SUSPEND_NON_RETENTIVE UINT32_C(0x80000000)

/* 4.3: an implementation id that the specification has not given away */
#define IMPL_ID 0x524158
#define IMPL_VERSION 1
#define SPEC_VERSION (2 << 24)

#define PAGE UINT64_C(4096)
#define FENCE_PAGES 64

enum { A0 = 10, A1 = 11, A2 = 12, A3 = 13, A4 = 14, A6 = 16, A7 = 17 };

struct sbi_ret {
	int64_t error;
	uint64_t value;
};

static struct sbi_ret ret(int64_t error, uint64_t value)
{
	return (struct sbi_ret){ error, value };
}

static struct rx_cpu *hart(const struct rx_sbi *sbi, uint64_t id)
{
	return id < sbi->vm->ncpus ? sbi->vm->cpu[id] : NULL;
}

/* What a remote fence covers. */
struct span {
	uint64_t start, size;	/* size 0: all addresses */
	uint64_t asid;
	bool has_asid;
};

typedef void hart_fn(struct rx_cpu *cpu, const struct span *span);

/* 3.1: hart mask; base of all ones means all of them. */
static int64_t each_hart(struct rx_sbi *sbi, uint64_t mask, uint64_t base, hart_fn *fn,
			 const struct span *span)
{
	unsigned k;

	if (base == UINT64_MAX) {
		for (k = 0; k < sbi->vm->ncpus; k++)
			fn(sbi->vm->cpu[k], span);
		return SBI_OK;
	}
	for (k = 0; k < 64; k++)
		if (mask >> k & 1 && (base > sbi->vm->ncpus || !hart(sbi, base + k)))
			return SBI_INVALID_PARAM;
	for (k = 0; k < 64; k++)
		if (mask >> k & 1)
			fn(hart(sbi, base + k), span);
	return SBI_OK;
}

static void send_ipi(struct rx_cpu *cpu, const struct span *span)
{
	(void)span;
	if (!cpu->stopped)
		rx_rv64_pend(cpu, RX_RV64_IRQ_SSI);
}

/* 8: translations of a range. Of many pages, all go: that is quicker. */
static void fence(struct rx_cpu *cpu, const struct span *span)
{
	uint64_t va = span->start & ~(PAGE - 1);

	if (!span->size || span->size > FENCE_PAGES * PAGE) {
		rx_rv64_flush(cpu, 0, span->asid, false, span->has_asid);
		return;
	}
	for (; va - span->start + PAGE - 1 < span->size + PAGE - 1; va += PAGE)
		rx_rv64_flush(cpu, va, span->asid, true, span->has_asid);
}

static void fence_i(struct rx_cpu *cpu, const struct span *span)
{
	(void)cpu;	/* stores invalidate translated code by themselves */
	(void)span;
}

/* 8: function 0 is fence.i, 3 to 6 are for guests of a hypervisor. */
static int64_t rfence(struct rx_sbi *sbi, uint64_t fid, const uint64_t *x)
{
	/* 8, table 6: both 0, or a size of all ones: all addresses */
	struct span span = { .start = x[A2], .size = x[A3], .has_asid = fid == 2,
			     .asid = x[A4] };

	if (fid > 2)
		return SBI_NOT_SUPPORTED;
	if (span.size == UINT64_MAX || (!span.start && !span.size))
		span.size = 0;
	else if (fid && !span.size)
		return each_hart(sbi, x[A0], x[A1], fence_i, &span);	/* nothing */
	if (fid && span.size && span.start + span.size - 1 < span.start)
		return SBI_INVALID_ADDRESS;
	return each_hart(sbi, x[A0], x[A1], fid ? fence : fence_i, &span);
}

/* With Sstc the supervisor's own comparator serves the call, too. */
static void set_timer(struct rx_cpu *cpu, uint64_t when)
{
	rx_rv64_csr_put(cpu, RG_RV64_CSR_STIMECMP, when);
}

static struct sbi_ret base(struct rx_cpu *cpu, uint64_t fid, uint64_t a0)
{
	uint64_t v = 0;

	switch (fid) {
	case 0:
		return ret(SBI_OK, SPEC_VERSION);
	case 1:
		return ret(SBI_OK, IMPL_ID);
	case 2:
		return ret(SBI_OK, IMPL_VERSION);
	case 3:
		return ret(SBI_OK, a0 == EXT_BASE || a0 == EXT_TIME || a0 == EXT_IPI ||
				   a0 == EXT_RFENCE || a0 == EXT_HSM || a0 == EXT_SRST ||
				   a0 == EXT_DBCN || a0 <= EXT_LEGACY_LAST);
	case 4:
	case 5:
	case 6:
		rx_rv64_csr_get(cpu, fid == 4 ? RG_RV64_CSR_MVENDORID :
				fid == 5 ? RG_RV64_CSR_MARCHID : RG_RV64_CSR_MIMPID, &v);
		return ret(SBI_OK, v);
	default:
		return ret(SBI_NOT_SUPPORTED, 0);
	}
}

/* Registers of a hart that starts or resumes in S-mode (9.1, table 7). */
static void enter_supervisor(struct rx_cpu *cpu, uint64_t pc, uint64_t opaque)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);
	uint64_t mstatus;

	rx_rv64_csr_put(cpu, RG_RV64_CSR_SATP, 0);
	if (rx_rv64_csr_get(cpu, RG_RV64_CSR_MSTATUS, &mstatus))
		rx_rv64_csr_put(cpu, RG_RV64_CSR_MSTATUS, mstatus & ~RG_RV64_MSTATUS_SIE);
	rx_rv64_set_priv(cpu, RX_RV64_S);
	c->x[A0] = cpu->id;
	c->x[A1] = opaque;
	cpu->pc = pc;
	cpu->stopped = cpu->halted = false;
}

/* What firmware sets up before it leaves M-mode. */
static void firmware_state(struct rx_cpu *cpu)
{
	static const struct { unsigned csr; uint64_t value; } setup[] = {
		/* there is no M-mode code: all but calls of S and M go to S */
		{ RG_RV64_CSR_MEDELEG, 0xffff & ~(UINT64_C(1) << RX_RV64_CAUSE_ECALL_S |
						  UINT64_C(1) << RX_RV64_CAUSE_ECALL_M) },
		{ RG_RV64_CSR_MIDELEG, RG_RV64_MIDELEG_SSI | RG_RV64_MIDELEG_STI |
				       RG_RV64_MIDELEG_SEI },
		{ RG_RV64_CSR_MCOUNTEREN, UINT32_MAX },
		{ RG_RV64_CSR_MENVCFG, RG_RV64_MENVCFG_STCE | RG_RV64_MENVCFG_PBMTE |
				       RG_RV64_MENVCFG_CBIE | RG_RV64_MENVCFG_CBCFE |
				       RG_RV64_MENVCFG_CBZE },
		{ RG_RV64_CSR_STIMECMP, UINT64_MAX },
		/* one NAPOT entry over everything, with all rights */
		{ RG_RV64_CSR_PMPADDR0, UINT64_MAX },
		{ RG_RV64_CSR_PMPCFG0, 0x1f },
	};
	size_t k;

	for (k = 0; k < sizeof(setup) / sizeof(setup[0]); k++)
		rx_rv64_csr_put(cpu, setup[k].csr, setup[k].value);
}

static bool is_code(const struct rx_sbi *sbi, uint64_t pa)
{
	return !(pa & 1) && rx_mem_find(&sbi->vm->mem, pa, 2);
}

static int64_t hart_start(struct rx_sbi *sbi, const uint64_t *x)
{
	struct rx_cpu *target = hart(sbi, x[A0]);

	if (!target)
		return SBI_INVALID_PARAM;
	if (!target->stopped)
		return SBI_ALREADY_AVAILABLE;
	if (!is_code(sbi, x[A1]))
		return SBI_INVALID_ADDRESS;
	rx_rv64_csr_put(target, RG_RV64_CSR_SIE, 0);
	rx_rv64_csr_put(target, RG_RV64_CSR_SIP, 0);
	enter_supervisor(target, x[A1], x[A2]);
	return SBI_OK;
}

/*
 * 9.3. A hart that waits in wfi counts as started: suspended is one that waits
 * where its suspension left it.
 */
static struct sbi_ret hart_status(const struct rx_sbi *sbi, uint64_t id)
{
	const struct rx_cpu *cpu = hart(sbi, id);

	if (!cpu)
		return ret(SBI_INVALID_PARAM, 0);
	if (cpu->stopped)
		return ret(SBI_OK, HART_STOPPED);
	return ret(SBI_OK, cpu->halted && sbi->suspended_at[id] == cpu->pc ?
		   HART_SUSPENDED : HART_STARTED);
}

/* 9.4: retentive (0) goes on behind the call, the other one at resume. */
static int64_t hart_suspend(struct rx_sbi *sbi, struct rx_cpu *cpu, const uint64_t *x)
{
	const uint32_t type = (uint32_t)x[A0];

	if (type != SUSPEND_RETENTIVE && type != SUSPEND_NON_RETENTIVE)
		/* 9, table 8: what platforms may define, else reserved */
		return type >> 28 == 1 || type >> 28 == 9 ? SBI_NOT_SUPPORTED :
							     SBI_INVALID_PARAM;
	if (type && !is_code(sbi, x[A1]))
		return SBI_INVALID_ADDRESS;
	if (type)	/* the ecall's 4 bytes are added to pc */
		enter_supervisor(cpu, x[A1] - 4, x[A2]);
	sbi->suspended_at[cpu->id] = cpu->pc + 4;
	cpu->halted = true;
	rx_cpu_poll(cpu, RX_POLL_HALT);
	return SBI_OK;
}

/* 9: hart state management; *gone: the registers are not the caller's any more */
static struct sbi_ret hsm(struct rx_sbi *sbi, struct rx_cpu *cpu, uint64_t fid,
			  const uint64_t *x, bool *gone)
{
	const uint32_t type = (uint32_t)x[A0];
	int64_t error;

	switch (fid) {
	case 0:
		return ret(hart_start(sbi, x), 0);
	case 1:
		cpu->stopped = true;
		rx_cpu_poll(cpu, RX_POLL_HALT);
		*gone = true;
		return ret(SBI_OK, 0);
	case 2:
		return hart_status(sbi, x[A0]);
	case 3:
		error = hart_suspend(sbi, cpu, x);
		*gone = !error && type == SUSPEND_NON_RETENTIVE;
		return ret(error, 0);
	default:
		return ret(SBI_NOT_SUPPORTED, 0);
	}
}

/* 10: system reset */
static struct sbi_ret srst(struct rx_sbi *sbi, uint64_t fid, uint64_t a0, uint64_t a1)
{
	const uint32_t type = (uint32_t)a0, reason = (uint32_t)a1;

	if (fid)
		return ret(SBI_NOT_SUPPORTED, 0);
	if ((type > 2 && type < UINT32_C(0xf0000000)) ||
	    (reason > 1 && reason < UINT32_C(0xe0000000)))
		return ret(SBI_INVALID_PARAM, 0);	/* 10, tables 10 and 11: reserved */
	if (type > 2 || reason > 1)
		return ret(SBI_NOT_SUPPORTED, 0);
	if (type == 0)
		rx_vm_stop(sbi->vm, RX_STOP_EXIT, reason ? 1 : 0);
	else
		rx_vm_stop(sbi->vm, RX_STOP_RESET, 0);
	return ret(SBI_OK, 0);
}

#define CONSOLE_CHUNK 256
/* A call may do less than it is asked for; nor shall it take for ever. */
#define CONSOLE_MAX 65536

/* 12.1, 12.2: buffers in memory */
static struct sbi_ret dbcn_buffer(struct rx_sbi *sbi, bool writes, uint64_t len, uint64_t pa)
{
	uint8_t buf[CONSOLE_CHUNK];
	uint64_t done = 0;

	if (len && !rx_mem_find(&sbi->vm->mem, pa, len))
		return ret(SBI_INVALID_PARAM, 0);
	if (len > CONSOLE_MAX)
		len = CONSOLE_MAX;
	while (done < len) {
		size_t n = len - done < sizeof(buf) ? (size_t)(len - done) : sizeof(buf);

		if (writes) {
			if (rx_mem_read(&sbi->vm->mem, pa + done, buf, n))
				return ret(SBI_FAILED, done);
			rx_char_write(sbi->chr, &sbi->user, buf, n);
		} else {
			n = rx_char_read(sbi->chr, &sbi->user, buf, n);
			if (!n)
				break;
			if (rx_mem_write(&sbi->vm->mem, pa + done, buf, n))
				return ret(SBI_FAILED, done);
		}
		done += n;
	}
	return ret(SBI_OK, done);
}

/* 12: debug console */
static struct sbi_ret dbcn(struct rx_sbi *sbi, uint64_t fid, const uint64_t *x)
{
	const uint8_t byte = (uint8_t)x[A0];

	switch (fid) {
	case 0:
	case 1:
		/* x[A2] is the high half of the address: of 128 bits */
		return x[A2] ? ret(SBI_INVALID_PARAM, 0) :
			       dbcn_buffer(sbi, fid == 0, x[A0], x[A1]);
	case 2:
		rx_char_write(sbi->chr, &sbi->user, &byte, 1);
		return ret(SBI_OK, 0);
	default:
		return ret(SBI_NOT_SUPPORTED, 0);
	}
}

/* 5.5 to 5.8: the hart mask is in memory, at a virtual address; 0: all harts */
static int64_t legacy_harts(struct rx_sbi *sbi, struct rx_cpu *cpu, uint64_t eid,
			    const uint64_t *x)
{
	const struct span span = { .start = x[A1], .has_asid = eid == 7, .asid = x[A3],
				   .size = x[A2] == UINT64_MAX ? 0 : x[A2] };
	hart_fn *const fn = eid == 4 ? send_ipi : eid == 5 ? fence_i : fence;
	const uint64_t all = (UINT64_C(1) << sbi->vm->ncpus) - 1;
	uint64_t mask = all, pa;

	if (x[A0] && (!rx_rv64_probe(cpu, x[A0], RX_ACC_R, &pa) ||
		      rx_mem_read(&sbi->vm->mem, pa, &mask, sizeof(mask))))
		return SBI_INVALID_ADDRESS;
	return each_hart(sbi, mask & all, 0, fn, &span);
}

/* 5: legacy calls return one value, in a0. */
static int64_t legacy(struct rx_sbi *sbi, struct rx_cpu *cpu, uint64_t eid, const uint64_t *x)
{
	uint8_t ch = (uint8_t)x[A0];

	switch (eid) {
	case 0:
		set_timer(cpu, x[A0]);
		return SBI_OK;
	case 1:
		rx_char_write(sbi->chr, &sbi->user, &ch, 1);
		return SBI_OK;
	case 2:
		return rx_char_read(sbi->chr, &sbi->user, &ch, 1) ? ch : -1;
	case 3:
		/* the only bit of sip that can be written is SSIP */
		rx_rv64_csr_put(cpu, RG_RV64_CSR_SIP, 0);
		return SBI_OK;
	case 8:
		rx_vm_stop(sbi->vm, RX_STOP_EXIT, 0);
		return SBI_OK;
	default:
		return legacy_harts(sbi, cpu, eid, x);
	}
}

static bool on_ecall(struct rx_cpu *cpu)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);
	struct rx_sbi *sbi = c->p.ecall_opaque;
	const uint64_t eid = c->x[A7], fid = c->x[A6];
	struct sbi_ret r = ret(SBI_NOT_SUPPORTED, 0);
	bool gone = false;

	if (eid <= EXT_LEGACY_LAST) {
		c->x[A0] = (uint64_t)legacy(sbi, cpu, eid, c->x);
		return true;
	}
	switch (eid) {
	case EXT_BASE:
		r = base(cpu, fid, c->x[A0]);
		break;
	case EXT_TIME:
		if (fid)
			break;
		set_timer(cpu, c->x[A0]);
		r.error = SBI_OK;
		break;
	case EXT_IPI:
		if (!fid)
			r.error = each_hart(sbi, c->x[A0], c->x[A1], send_ipi, NULL);
		break;
	case EXT_RFENCE:
		r.error = rfence(sbi, fid, c->x);
		break;
	case EXT_HSM:
		r = hsm(sbi, cpu, fid, c->x, &gone);
		break;
	case EXT_SRST:
		r = srst(sbi, fid, c->x[A0], c->x[A1]);
		break;
	case EXT_DBCN:
		r = dbcn(sbi, fid, c->x);
		break;
	}
	if (!gone) {
		c->x[A0] = (uint64_t)r.error;
		c->x[A1] = r.value;
	}
	return true;
}

void rx_sbi_start(struct rx_sbi *sbi, struct rx_vm *vm, struct rx_char *chr,
		  uint64_t entry, uint64_t fdt)
{
	unsigned k;

	if (!sbi->vm) {
		sbi->vm = vm;
		sbi->chr = chr;
		rx_char_attach(chr, &sbi->user);
	}
	for (k = 0; k < vm->ncpus; k++) {
		firmware_state(vm->cpu[k]);
		rx_rv64_set_ecall_hook(vm->cpu[k], on_ecall, sbi);
		rx_rv64_set_priv(vm->cpu[k], RX_RV64_S);
		vm->cpu[k]->stopped = true;
		sbi->suspended_at[k] = 0;
	}
	enter_supervisor(vm->cpu[0], entry, fdt);
}
