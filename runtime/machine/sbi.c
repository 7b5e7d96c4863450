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

/* 4.3: an implementation id that the specification has not given away */
#define IMPL_ID 0x524158
#define IMPL_VERSION 1
#define SPEC_VERSION (2 << 24)

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

/* 3.1: hart mask; base of all ones means all of them. */
static int64_t each_hart(struct rx_sbi *sbi, uint64_t mask, uint64_t base,
			 void (*fn)(struct rx_cpu *cpu))
{
	unsigned k;

	if (base == UINT64_MAX) {
		for (k = 0; k < sbi->vm->ncpus; k++)
			fn(sbi->vm->cpu[k]);
		return SBI_OK;
	}
	for (k = 0; k < 64; k++)
		if (mask >> k & 1 && (base > sbi->vm->ncpus || !hart(sbi, base + k)))
			return SBI_INVALID_PARAM;
	for (k = 0; k < 64; k++)
		if (mask >> k & 1)
			fn(hart(sbi, base + k));
	return SBI_OK;
}

static void send_ipi(struct rx_cpu *cpu)
{
	uint64_t mip;

	if (!cpu->stopped && rx_rv64_csr_get(cpu, RG_RV64_CSR_MIP, &mip))
		rx_rv64_csr_put(cpu, RG_RV64_CSR_MIP, mip | RG_RV64_MIP_SSIP);
}

/* Every remote fence forgets all translations: the least one is a subset. */
static void fence(struct rx_cpu *cpu)
{
	rx_rv64_effect_flush(rx_rv64_of(cpu));
}

static void fence_i(struct rx_cpu *cpu)
{
	(void)cpu;	/* stores invalidate translated code by themselves */
}

/* With Sstc the supervisor's own comparator serves the call, too. */
static void set_timer(struct rx_cpu *cpu, uint64_t when)
{
	rx_rv64_csr_put(cpu, RG_RV64_CSR_STIMECMP, when);
}

static struct sbi_ret base(const struct rx_cpu *cpu, uint64_t fid, uint64_t a0)
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
		rx_rv64_csr_get((struct rx_cpu *)cpu, fid == 4 ? RG_RV64_CSR_MVENDORID :
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
	cpu->stopped = false;
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

/* 9: hart state management */
static struct sbi_ret hsm(struct rx_sbi *sbi, struct rx_cpu *cpu, uint64_t fid,
			  const uint64_t *x)
{
	struct rx_cpu *target = hart(sbi, x[A0]);
	const uint32_t type = (uint32_t)x[A0];

	switch (fid) {
	case 0:
		if (!target)
			return ret(SBI_INVALID_PARAM, 0);
		if (!target->stopped)
			return ret(SBI_ALREADY_AVAILABLE, 0);
		if (!rx_mem_find(&sbi->vm->mem, x[A1], 4) || x[A1] & 1)
			return ret(SBI_INVALID_ADDRESS, 0);
		enter_supervisor(target, x[A1], x[A2]);
		return ret(SBI_OK, 0);
	case 1:
		cpu->stopped = true;
		rx_cpu_poll(cpu, RX_POLL_HALT);
		return ret(SBI_FAILED, 0);	/* seen by nobody */
	case 2:
		if (!target)
			return ret(SBI_INVALID_PARAM, 0);
		return ret(SBI_OK, target->stopped ? 1 : target->halted && target != cpu ? 4 : 0);
	case 3:
		if (type != 0 && type != UINT32_C(0x80000000))
			return ret(type < UINT32_C(0x10000000) ||
				   (type > UINT32_C(0x80000000) &&
				    type < UINT32_C(0x90000000)) ?
				   SBI_INVALID_PARAM : SBI_NOT_SUPPORTED, 0);
		if (type && (!rx_mem_find(&sbi->vm->mem, x[A1], 4) || x[A1] & 1))
			return ret(SBI_INVALID_ADDRESS, 0);
		cpu->halted = true;
		rx_cpu_poll(cpu, RX_POLL_HALT);
		return ret(SBI_OK, 0);
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
	if (type > 2 || reason > 1)
		return ret(type >= UINT32_C(0xf0000000) || reason >= UINT32_C(0xe0000000) ?
			   SBI_NOT_SUPPORTED : SBI_INVALID_PARAM, 0);
	if (type == 0)
		rx_vm_stop(sbi->vm, RX_STOP_EXIT, reason ? 1 : 0);
	else
		rx_vm_stop(sbi->vm, RX_STOP_RESET, 0);
	return ret(SBI_OK, 0);
}

#define CONSOLE_CHUNK 256

/* 12: debug console */
static struct sbi_ret dbcn(struct rx_sbi *sbi, uint64_t fid, const uint64_t *x)
{
	uint8_t buf[CONSOLE_CHUNK];
	uint64_t done = 0;
	const uint64_t len = x[A0], pa = x[A1];

	if (fid == 2) {
		buf[0] = (uint8_t)x[A0];
		rx_char_write(sbi->chr, &sbi->user, buf, 1);
		return ret(SBI_OK, 0);
	}
	if (fid > 2)
		return ret(SBI_NOT_SUPPORTED, 0);
	if (x[A2] || (len && !rx_mem_find(&sbi->vm->mem, pa, len)))
		return ret(SBI_INVALID_PARAM, 0);
	while (done < len) {
		size_t n = len - done < sizeof(buf) ? (size_t)(len - done) : sizeof(buf);

		if (fid == 0) {
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

/* 5: legacy calls return one value, in a0; hart masks are in memory. */
static int64_t legacy(struct rx_sbi *sbi, struct rx_cpu *cpu, uint64_t eid, uint64_t a0)
{
	uint64_t mask = UINT64_MAX, pa;
	uint8_t ch = (uint8_t)a0;

	switch (eid) {
	case 0:
		set_timer(cpu, a0);
		return SBI_OK;
	case 1:
		rx_char_write(sbi->chr, &sbi->user, &ch, 1);
		return SBI_OK;
	case 2:
		return rx_char_read(sbi->chr, &sbi->user, &ch, 1) ? ch : -1;
	case 3: {
		uint64_t mip;

		if (rx_rv64_csr_get(cpu, RG_RV64_CSR_MIP, &mip))
			rx_rv64_csr_put(cpu, RG_RV64_CSR_MIP, mip & ~RG_RV64_MIP_SSIP);
		return SBI_OK;
	}
	case 8:
		rx_vm_stop(sbi->vm, RX_STOP_EXIT, 0);
		return SBI_OK;
	default:
		if (a0 && (!rx_rv64_probe(cpu, a0, RX_ACC_R, &pa) ||
			   rx_mem_read(&sbi->vm->mem, pa, &mask, sizeof(mask))))
			return SBI_INVALID_ADDRESS;
		if (!a0 || mask == UINT64_MAX)
			return each_hart(sbi, 0, UINT64_MAX,
					 eid == 4 ? send_ipi : eid == 5 ? fence_i : fence);
		return each_hart(sbi, mask, 0,
				 eid == 4 ? send_ipi : eid == 5 ? fence_i : fence);
	}
}

static bool on_ecall(struct rx_cpu *cpu)
{
	struct rx_rv64 *c = rx_rv64_of(cpu);
	struct rx_sbi *sbi = c->p.ecall_opaque;
	const uint64_t eid = c->x[A7], fid = c->x[A6];
	struct sbi_ret r;

	if (eid <= EXT_LEGACY_LAST) {
		c->x[A0] = (uint64_t)legacy(sbi, cpu, eid, c->x[A0]);
		return true;
	}
	switch (eid) {
	case EXT_BASE:
		r = base(cpu, fid, c->x[A0]);
		break;
	case EXT_TIME:
		r = ret(fid ? SBI_NOT_SUPPORTED : SBI_OK, 0);
		if (!fid)
			set_timer(cpu, c->x[A0]);
		break;
	case EXT_IPI:
		r = ret(fid ? SBI_NOT_SUPPORTED :
			each_hart(sbi, c->x[A0], c->x[A1], send_ipi), 0);
		break;
	case EXT_RFENCE:
		/* 0 is fence.i, 3 to 6 are for guests of a hypervisor */
		r = ret(fid > 2 ? SBI_NOT_SUPPORTED :
			each_hart(sbi, c->x[A0], c->x[A1], fid ? fence : fence_i), 0);
		break;
	case EXT_HSM:
		r = hsm(sbi, cpu, fid, c->x);
		if (fid == 3 && r.error == SBI_OK && c->x[A0]) {
			/* non-retentive: resumes where it was told, pc is 4 bytes before */
			enter_supervisor(cpu, c->x[A1] - 4, c->x[A2]);
			return true;
		}
		break;
	case EXT_SRST:
		r = srst(sbi, fid, c->x[A0], c->x[A1]);
		break;
	case EXT_DBCN:
		r = dbcn(sbi, fid, c->x);
		break;
	default:
		r = ret(SBI_NOT_SUPPORTED, 0);
	}
	c->x[A0] = (uint64_t)r.error;
	c->x[A1] = r.value;
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
	}
	enter_supervisor(vm->cpu[0], entry, fdt);
}
