/* toy.c - a made-up ISA to test the engines with. SPDX-License-Identifier: MIT */
#include "toy.h"

#include <stdio.h>
#include <string.h>

#include <CUnit/CUnit.h>

#include "core/thr.h"

#define ILLEGAL 63

static struct toy *of(struct rx_cpu *cpu)
{
	return (struct toy *)cpu;
}

static enum rx_exec fault(struct rx_cpu *cpu, uint32_t code, uint64_t value)
{
	cpu->fault.code = code;
	cpu->fault.value = value;
	return RX_FAULT;
}

/* The page table entry for va if it allows `need`, else 0. */
static uint64_t walk(struct toy *c, uint64_t va, uint64_t need)
{
	uint64_t e;

	if (va >> 12 >= TOY_PAGES)
		return 0;
	e = c->table[c->space][va >> 12];
	return e & need ? e : 0;
}

static uint8_t *page_of(struct toy *c, uint64_t e)
{
	return c->cpu.vm->mem.region[0].host + (e % TOY_RAM_PAGES) * 4096;
}

static void fill(struct toy *c, uint64_t va, uint64_t e)
{
	unsigned allow = 0;

	if (e & TOY_DEV)
		return;
	allow |= e & TOY_R ? 1 << RX_ACC_R : 0;
	allow |= e & TOY_W ? 1 << RX_ACC_W : 0;
	allow |= e & TOY_X ? 1 << RX_ACC_X : 0;
	rx_tlb_fill(&c->cpu, va, page_of(c, e), allow, 4096);
}

static enum rx_exec fetch(struct rx_cpu *cpu, uint64_t va, const uint8_t **host,
			  unsigned *avail)
{
	struct toy *c = of(cpu);
	const uint64_t e = walk(c, va, TOY_X);

	c->fetches++;
	if (c->fetch_writes)
		rx_mem_code_write(&cpu->vm->mem, c->fetch_writes, 1);
	c->fetch_writes = 0;
	if (!e || (e & TOY_DEV))
		return fault(cpu, 2, va);
	fill(c, va, e);
	*host = page_of(c, e) + (va & 4095);
	*avail = 4096 - (unsigned)(va & 4095);
	return RX_NEXT;
}

/* One byte more or less is one page at most: byte by byte is simple. */
static enum rx_exec access_mem(struct rx_cpu *cpu, uint64_t va, void *buf,
			       unsigned size, bool write)
{
	struct toy *c = of(cpu);
	uint64_t e[2];

	for (unsigned k = 0; k < 2; k++) {
		e[k] = walk(c, va + k * (size - 1), write ? TOY_W : TOY_R);
		if (!e[k])
			return fault(cpu, write ? 4 : 3, va + k * (size - 1));
	}
	if (e[0] & TOY_DEV) {
		uint64_t v = 0, pa = TOY_DEV_BASE + (va & 4095);
		bool ok;

		memcpy(&v, buf, size);
		ok = write ? rx_bus_write(&cpu->vm->bus, pa, size, v)
			   : rx_bus_read(&cpu->vm->bus, pa, size, &v);
		if (!ok)
			return fault(cpu, 5, va);
		memcpy(buf, &v, size);
		return RX_NEXT;
	}
	if (e[1] & TOY_DEV)
		return fault(cpu, 5, va);
	fill(c, va, e[0]);
	for (unsigned k = 0; k < size; k++) {
		const uint64_t entry = (va + k) >> 12 == va >> 12 ? e[0] : e[1];
		uint8_t *p = page_of(c, entry) + ((va + k) & 4095);

		if (write) {
			rx_mem_code_write(&cpu->vm->mem, TOY_RAM_BASE +
				(uint64_t)(p - cpu->vm->mem.region[0].host), 1);
			*p = ((uint8_t *)buf)[k];
		} else {
			((uint8_t *)buf)[k] = *p;
		}
	}
	return RX_NEXT;
}

/* Executors */

#define A c->r[i->r[0]]
#define B c->r[i->r[1]]
#define EXEC(name) static enum rx_exec name(RX_ARG struct rx_cpu *cpu, \
					    RX_ARG const struct rx_insn *i)
#define C RX_ARG struct toy *c = of(cpu)

EXEC(x_inc) { C; A += i->imm; return RX_NEXT; }
EXEC(x_xor) { C; A ^= B; return RX_NEXT; }
EXEC(x_jr) { C; cpu->pc = A; return RX_JUMP; }
EXEC(x_trap) { C; return fault(cpu, 1, A); }
EXEC(x_illegal) { return fault(cpu, 6, i->pc); }
EXEC(x_addi) { C; A = B + i->imm; return RX_NEXT; }
EXEC(x_addw) { C; A = (uint64_t)(int64_t)(int32_t)(B + i->imm); return RX_NEXT; }
EXEC(x_ei) { C; c->ie = 1; rx_cpu_poll(cpu, RX_POLL_IRQ); return RX_NEXT; }
EXEC(x_count) { C; A = rx_cpu_icount(cpu); return RX_NEXT; }

EXEC(x_rti)
{
	C;
	cpu->pc = c->epc;
	c->ie = 1;
	rx_cpu_poll(cpu, RX_POLL_IRQ);
	return RX_JUMP;
}

EXEC(x_ld)
{
	C;
	uint64_t v = 0;

	if (access_mem(cpu, B + i->imm, &v, 8, false) != RX_NEXT)
		return RX_FAULT;
	A = v;
	return RX_NEXT;
}

EXEC(x_st)
{
	C;
	uint64_t v = A;

	return access_mem(cpu, B + i->imm, &v, 8, true);
}

EXEC(x_sth)
{
	C;
	uint16_t v = (uint16_t)A;

	return access_mem(cpu, B + i->imm, &v, 2, true);
}

static enum rx_exec branch(struct rx_cpu *cpu, const struct rx_insn *i, bool yes)
{
	if (!yes)
		return RX_NEXT;
	cpu->pc = i->pc + i->imm;
	return RX_JUMP;
}

EXEC(x_beq) { C; return branch(cpu, i, A == B); }
EXEC(x_bne) { C; return branch(cpu, i, A != B); }
EXEC(x_jal) { C; A = i->pc + 4; return branch(cpu, i, true); }

EXEC(x_map)
{
	C;
	const uint64_t page = B % TOY_PAGES;

	c->table[c->space][page] = i->imm & 0xfff;
	rx_tlb_flush_page(cpu, page << 12, c->space, ~UINT64_C(0));
	return RX_NEXT;
}

EXEC(x_halt)
{
	cpu->halted = true;
	rx_cpu_poll(cpu, RX_POLL_HALT);
	return RX_NEXT;
}

EXEC(x_mode)
{
	cpu->mode_key = i->imm & 3;
	rx_cpu_poll(cpu, RX_POLL_MODE);
	return RX_NEXT;
}

EXEC(x_space)
{
	C;
	c->space = i->imm & 1;
	rx_tlb_select(cpu, 0, c->space);
	return RX_NEXT;
}

/* Fast handlers */

RX_THR_DECL(t_inc); RX_THR_DECL(t_xor); RX_THR_DECL(t_addi); RX_THR_DECL(t_ld);
RX_THR_DECL(t_st); RX_THR_DECL(t_sth); RX_THR_DECL(t_beq); RX_THR_DECL(t_bne);
RX_THR_DECL(t_jal); RX_THR_DECL(t_jr); RX_THR_DECL(t_addi_bne);
RX_THR_DECL(t_ld_ld);

RX_THR_DEF(t_inc) { C; A += i->imm; RX_THR_NEXT(1); }
RX_THR_DEF(t_xor) { C; A ^= B; RX_THR_NEXT(1); }
RX_THR_DEF(t_addi) { C; A = B + i->imm; RX_THR_NEXT(1); }
RX_THR_DEF(t_jr) { C; RX_THR_GOTO(0, A); }

RX_THR_DEF(t_ld)
{
	C;
	uint64_t v;

	if (!rx_thr_load64(tlb, B + i->imm, &v))
		RX_THR_BAIL();
	A = v;
	RX_THR_NEXT(1);
}

RX_THR_DEF(t_st)
{
	C;

	if (!rx_thr_store64(tlb, B + i->imm, A))
		RX_THR_BAIL();
	RX_THR_NEXT(1);
}

RX_THR_DEF(t_sth)
{
	C;

	if (!rx_thr_store16(tlb, B + i->imm, (uint16_t)A))
		RX_THR_BAIL();
	RX_THR_NEXT(1);
}

RX_THR_DEF(t_beq)
{
	C;

	if (A == B)
		RX_THR_TAKEN(0);
	RX_THR_FALL(0);
}

RX_THR_DEF(t_bne)
{
	C;

	if (A != B)
		RX_THR_TAKEN(0);
	RX_THR_FALL(0);
}

RX_THR_DEF(t_jal)
{
	C;

	A = i->pc + 4;
	RX_THR_TAKEN(0);
}

/* Two records in one: a count-down loop's end, and two loads */
RX_THR_DEF(t_addi_bne)
{
	C;

	A = B + i->imm;
	if (c->r[i[1].r[0]] != c->r[i[1].r[1]])
		RX_THR_TAKEN(1);
	RX_THR_FALL(1);
}

RX_THR_DEF(t_ld_ld)
{
	C;
	uint64_t v, w;

	if (!rx_thr_load64(tlb, B + i->imm, &v))
		RX_THR_BAIL();
	A = v;
	if (!rx_thr_load64(tlb, c->r[i[1].r[1]] + i[1].imm, &w))
		RX_THR_BAIL_AT(1);
	c->r[i[1].r[0]] = w;
	RX_THR_NEXT(2);
}

#define END RX_INSN_ENDS_BLOCK
#define OPS(X) \
	X(TOY_INC, "inc", 0, x_inc, t_inc) \
	X(TOY_XOR, "xor", 0, x_xor, t_xor) \
	X(TOY_JR, "jr", END | RX_INSN_INDIRECT, x_jr, t_jr) \
	X(TOY_TRAP, "trap", END, x_trap, NULL) \
	X(TOY_RTI, "rti", END, x_rti, NULL) \
	X(TOY_ADDI, "addi", 0, x_addi, t_addi) \
	X(TOY_LD, "ld", RX_INSN_MEMORY, x_ld, t_ld) \
	X(TOY_ST, "st", RX_INSN_MEMORY, x_st, t_st) \
	X(TOY_STH, "sth", RX_INSN_MEMORY, x_sth, t_sth) \
	X(TOY_BEQ, "beq", END | RX_INSN_BRANCH, x_beq, t_beq) \
	X(TOY_BNE, "bne", END | RX_INSN_BRANCH, x_bne, t_bne) \
	X(TOY_JAL, "jal", END | RX_INSN_JUMP, x_jal, t_jal) \
	X(TOY_MAP, "map", END, x_map, NULL) \
	X(TOY_HALT, "halt", END, x_halt, NULL) \
	X(TOY_MODE, "mode", END, x_mode, NULL) \
	X(TOY_COUNT, "count", 0, x_count, NULL) \
	X(TOY_SPACE, "space", END, x_space, NULL) \
	X(TOY_EI, "ei", END, x_ei, NULL) \
	X(TOY_ADDW, "addw", 0, x_addw, NULL)

static const struct rx_insn_info info[ILLEGAL + 1] = {
#define X(op, name, flags, x, t) [op] = { name, "toy", "toy", flags },
	OPS(X)
#undef X
	[ILLEGAL] = { "illegal", "toy", "toy", END },
};
static rx_executor *const exec[ILLEGAL + 1] = {
#define X(op, name, flags, x, t) [op] = x,
	OPS(X)
#undef X
	[ILLEGAL] = x_illegal,
};
static rx_handler *const fast[ILLEGAL + 1] = {
#define X(op, name, flags, x, t) [op] = t,
	OPS(X)
#undef X
};

static rx_handler *select_fast(const struct rx_insn *i, unsigned n,
			       uint32_t mode_key, unsigned *used)
{
	*used = 2;
	if (n > 1 && i->id == TOY_ADDI && i[1].id == TOY_BNE)
		return t_addi_bne;
	if (n > 1 && i->id == TOY_LD && i[1].id == TOY_LD)
		return t_ld_ld;
	*used = 1;
	if (i->id == TOY_XOR && mode_key == 3)
		return NULL;	/* no fast handler in this mode */
	return fast[i->id];
}

static unsigned decode(uint32_t mode_key, const uint8_t *code, unsigned avail,
		       struct rx_insn *i)
{
	const unsigned len = avail && (code[0] & 1) ? 4 : 2;

	if (avail < len)
		return 0;
	i->id = code[0] < ILLEGAL && exec[code[0]] ? code[0] : ILLEGAL;
	i->r[0] = code[1] & 15;
	i->r[1] = code[1] >> 4;
	if (i->id == TOY_INC)
		i->imm = 1 + mode_key;
	if (len == 4)
		i->imm = (uint64_t)(int64_t)(int16_t)(code[2] | code[3] << 8);
	return len;
}

static void enter_vector(struct rx_cpu *cpu, uint64_t cause, uint64_t value)
{
	struct toy *c = of(cpu);

	c->epc = cpu->pc;
	c->cause = cause;
	c->value = value;
	c->ie = 0;
	cpu->pc = TOY_VECTOR;
}

static void toy_raise(struct rx_cpu *cpu)
{
	enter_vector(cpu, cpu->fault.code, cpu->fault.value);
}

static bool interrupt(struct rx_cpu *cpu)
{
	struct toy *c = of(cpu);

	if (!c->irq || !c->ie)
		return false;
	enter_vector(cpu, 100, 0);
	return true;
}

static bool wake(struct rx_cpu *cpu)
{
	return of(cpu)->irq;
}

static void reset(struct rx_cpu *cpu, uint64_t pc)
{
	struct toy *c = of(cpu);

	memset(c->r, 0, sizeof(c->r));
	c->epc = c->cause = c->value = c->space = c->irq = c->ie = 0;
	for (unsigned k = 0; k < TOY_PAGES; k++)
		c->table[0][k] = c->table[1][k] = TOY_R | TOY_W | TOY_X | k;
	c->r[15] = cpu->id;
	cpu->pc = pc;
	cpu->mode_key = 0;
	rx_tlb_flush_all(cpu);
	rx_tlb_select(cpu, 0, 0);
}

static int disasm(const struct rx_insn *i, char *buf, size_t size)
{
	return snprintf(buf, size, "%s r%u, r%u, %lld", info[i->id].name,
			i->r[0], i->r[1], (long long)(int64_t)i->imm);
}

#define REG(n) { "r" #n, offsetof(struct toy, r) + 8 * n, 8, RX_REG_GENERAL }
static const struct rx_reg_info regs[] = {
	REG(0), REG(1), REG(2), REG(3), REG(4), REG(5), REG(6), REG(7),
	REG(8), REG(9), REG(10), REG(11), REG(12), REG(13), REG(14), REG(15),
	{ "epc", offsetof(struct toy, epc), 8, 0 },
	{ "cause", offsetof(struct toy, cause), 8, 0 },
	{ "value", offsetof(struct toy, value), 8, 0 },
	{ "space", offsetof(struct toy, space), 8, 0 },
	{ "irq", offsetof(struct toy, irq), 8, 0 },
	{ "ie", offsetof(struct toy, ie), 8, 0 },
	{ "table", offsetof(struct toy, table), sizeof(((struct toy *)0)->table), 0 },
};

const struct rx_isa toy_isa = {
	.name = "toy", .state_size = sizeof(struct toy), .ninsns = ILLEGAL + 1,
	.info = info, .exec = exec, .select = select_fast,
	.nregs = sizeof(regs) / sizeof(regs[0]), .regs = regs,
	.min_len = 2, .max_len = 4, .decode = decode, .fetch = fetch,
	.raise = toy_raise, .interrupt = interrupt, .wake = wake,
	.reset = reset, .disasm = disasm,
};

/* The device */

static void on_irq(void *sink, unsigned line, bool level)
{
	struct rx_vm *vm = sink;
	struct toy *c = of(vm->cpu[line % vm->ncpus]);

	c->irq = level;
	rx_cpu_poll(&c->cpu, RX_POLL_IRQ);
}

static void on_timer(void *opaque)
{
	struct rx_dev *dev = opaque;

	((struct toy_dev *)dev->state)->fired++;
	rx_irq_set(&dev->irq, true);
}

static uint64_t dev_read(struct rx_dev *dev, uint64_t offset, unsigned size)
{
	struct toy_dev *d = dev->state;

	(void)size;
	return offset == 40 ? rx_clock_now(dev->vm) : d->fired;
}

static void dev_write(struct rx_dev *dev, uint64_t offset, unsigned size,
		      uint64_t value)
{
	struct toy_dev *d = dev->state;

	(void)size;
	switch (offset) {
	case 0:
		rx_timer_arm(dev->vm, &d->timer,
			     rx_clock_now(dev->vm) + value % 4096);
		break;
	case 8:
		rx_irq_set(&dev->irq, false);
		break;
	case 16:
		rx_vm_stop(dev->vm, RX_STOP_EXIT, (int)value);
		break;
	case 24:
		CU_ASSERT_EQUAL(rx_mem_write(&dev->vm->mem, TOY_RAM_BASE +
			d->target % (TOY_RAM_PAGES * 4096 - 8), &value, 8),
			RAX_OK);
		break;
	case 32:
		d->target = value;
		break;
	case 48:
		of(dev->vm->current)->table[0][5] = value;
		rx_tlb_flush_all(dev->vm->current);
		break;
	}
}

static const struct rx_field dev_fields[] = {
	RX_FIELD(struct toy_dev, target, 0, UINT64_MAX, 0),
	RX_FIELD(struct toy_dev, fired, 0, UINT64_MAX, 7),
};
static const struct rx_dev_class dev_class = {
	.name = "toy", .help = "toy", .version = 1,
	.state_size = sizeof(struct toy_dev), .fields = dev_fields,
	.nfields = 2, .access_sizes = 8, .read = dev_read, .write = dev_write,
};

void toy_init(struct toy_vm *t, const struct rx_engine *engine, unsigned ncpus)
{
	struct toy_dev *d;

	CU_ASSERT_EQUAL_FATAL(rx_vm_init(&t->vm, &toy_isa, ncpus, NULL), 0);
	t->vm.jit.heat = 2;	/* short programs are to be compiled, too */
	rx_clock_init(&t->vm, RX_CLOCK_ICOUNT, 0);
	CU_ASSERT_EQUAL_FATAL(rx_mem_add_ram(&t->vm.mem, TOY_RAM_BASE,
					     TOY_RAM_PAGES * 4096, NULL), 0);
	t->dev = rx_vm_new_dev(&t->vm, &dev_class);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t->dev);
	t->dev->base = TOY_DEV_BASE;
	t->dev->size = 4096;
	t->dev->irq.set = on_irq;
	t->dev->irq.sink = &t->vm;
	d = t->dev->state;
	d->timer.fire = on_timer;
	d->timer.opaque = t->dev;
	CU_ASSERT_EQUAL_FATAL(rx_bus_add(&t->vm.bus, t->dev, NULL), 0);
	rx_vm_reset(&t->vm);
	CU_ASSERT_EQUAL_FATAL(rx_vm_set_engine(&t->vm, engine, NULL), 0);
}

void toy_fini(struct toy_vm *t)
{
	rx_vm_fini(&t->vm);
}

struct toy *toy_cpu(struct toy_vm *t, unsigned n)
{
	return of(t->vm.cpu[n]);
}

void toy_put(struct toy_vm *t, uint64_t *at, enum toy_op op, unsigned a,
	     unsigned b, int imm)
{
	const uint8_t code[4] = { (uint8_t)op, (uint8_t)(b << 4 | a),
				  (uint8_t)imm, (uint8_t)(imm >> 8) };
	const unsigned len = op & 1 ? 4 : 2;

	CU_ASSERT_EQUAL(rx_mem_write(&t->vm.mem, TOY_RAM_BASE + *at, code, len),
			0);
	*at += len;
}
