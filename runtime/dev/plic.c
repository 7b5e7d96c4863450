/* plic.c - platform-level interrupt controller. SPDX-License-Identifier: MIT
 *
 * After the RISC-V PLIC specification 1.0.0. Sources are level-triggered: a
 * source is pending while its line is high and its gateway is open; claiming
 * closes the gateway, completion opens it. A line that falls before it was
 * claimed takes its request back, so that drivers that poll see no spurious interrupts.
 */
#include <libfdt.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "dev/devices.h"
#include "dev/fdt_node.h"

#define SOURCES (RX_PLIC_SOURCES + 1)	/* source 0 does not exist */
#define WORDS ((SOURCES + 31) / 32)
#define CONTEXTS (2 * RX_MAX_CPUS)
#define MAX_PRIORITY 7

enum {
	PRIORITY = 0, PENDING = 0x1000,
	ENABLE = 0x2000, ENABLE_STRIDE = 0x80,
	CONTEXT = 0x200000, CONTEXT_STRIDE = 0x1000,	/* threshold, claim */
};

struct plic {
	uint8_t priority[SOURCES];
	uint32_t level[WORDS];		/* lines */
	uint32_t claimed[WORDS];	/* closed gateways */
	uint32_t enable[CONTEXTS * WORDS];
	uint8_t threshold[CONTEXTS];

	unsigned nharts;
	struct rx_plic_hart hart[RX_MAX_CPUS];
};

static const struct rx_field fields[] = {
	RX_FIELD_ARRAY(struct plic, priority, 0, MAX_PRIORITY, 0),
	/* Lines are the sources' state, and come again with their reset. */
	RX_FIELD_ARRAY(struct plic, level, 0, UINT32_MAX, 0),
	RX_FIELD_ARRAY(struct plic, claimed, 0, UINT32_MAX, 0),
	RX_FIELD_ARRAY(struct plic, enable, 0, UINT32_MAX, 0),
	RX_FIELD_ARRAY(struct plic, threshold, 0, MAX_PRIORITY, 0),
};

/* The enabled pending source with the highest priority above floor; 0: none. */
static unsigned best(const struct plic *p, unsigned ctx, unsigned floor)
{
	unsigned found = 0;

	for (unsigned w = 0; w < WORDS; w++) {
		uint32_t m = p->level[w] & ~p->claimed[w] &
			     p->enable[ctx * WORDS + w];

		for (; m; m &= m - 1) {
			const unsigned s = w * 32 + (unsigned)__builtin_ctz(m);

			/* Ties go to the lowest number. */
			if (p->priority[s] > floor) {
				floor = p->priority[s];
				found = s;
			}
		}
	}
	return found;
}

static void update_context(struct plic *p, unsigned ctx)
{
	struct rx_plic_hart *h = &p->hart[ctx / 2];

	rx_irq_set(ctx & 1 ? &h->sext : &h->mext,
		   best(p, ctx, p->threshold[ctx]) != 0);
}

static void update(struct plic *p)
{
	for (unsigned ctx = 0; ctx < 2 * p->nharts; ctx++)
		update_context(p, ctx);
}

void rx_plic_irq(void *sink, unsigned line, bool level)
{
	struct plic *p = ((struct rx_dev *)sink)->state;
	const uint32_t bit = UINT32_C(1) << line % 32;

	if (!line || line >= SOURCES)
		return;
	if (level)
		p->level[line / 32] |= bit;
	else
		p->level[line / 32] &= ~bit;
	update(p);
}

static uint32_t claim(struct plic *p, unsigned ctx)
{
	/* The threshold masks the notification, not the claim (5.6). */
	const unsigned s = best(p, ctx, 0);

	if (s) {
		p->claimed[s / 32] |= UINT32_C(1) << s % 32;
		update(p);
	}
	return s;
}

static void complete(struct plic *p, unsigned ctx, uint32_t s)
{
	const uint32_t bit = UINT32_C(1) << s % 32;

	/* Ignored unless the source is enabled for this context (5.7). */
	if (s >= SOURCES || !(p->enable[ctx * WORDS + s / 32] & bit))
		return;
	p->claimed[s / 32] &= ~bit;
	update(p);
}

static uint64_t plic_read(struct rx_dev *dev, uint64_t offset, unsigned size)
{
	struct plic *p = dev->state;
	uint64_t i, reg;

	(void)size;
	if (offset < PENDING) {
		i = offset / 4;
		return i < SOURCES ? p->priority[i] : 0;
	}
	if (offset < ENABLE) {
		i = (offset - PENDING) / 4;
		return i < WORDS ? p->level[i] & ~p->claimed[i] : 0;
	}
	if (offset < CONTEXT) {
		i = (offset - ENABLE) / ENABLE_STRIDE;
		reg = (offset - ENABLE) % ENABLE_STRIDE / 4;
		return i < 2 * p->nharts && reg < WORDS ?
		       p->enable[i * WORDS + reg] : 0;
	}
	i = (offset - CONTEXT) / CONTEXT_STRIDE;
	reg = (offset - CONTEXT) % CONTEXT_STRIDE;
	if (i >= 2 * p->nharts || reg > 4)
		return 0;
	return reg == 0 ? p->threshold[i] : claim(p, (unsigned)i);
}

static void plic_write(struct rx_dev *dev, uint64_t offset, unsigned size,
		       uint64_t value64)
{
	struct plic *p = dev->state;
	const uint32_t value = (uint32_t)value64;
	uint64_t i, reg;

	(void)size;
	if (offset < PENDING) {
		i = offset / 4;
		if (!i || i >= SOURCES)
			return;
		p->priority[i] = value & MAX_PRIORITY;
	} else if (offset < ENABLE) {
		return;
	} else if (offset < CONTEXT) {
		i = (offset - ENABLE) / ENABLE_STRIDE;
		reg = (offset - ENABLE) % ENABLE_STRIDE / 4;
		if (i >= 2 * p->nharts || reg >= WORDS)
			return;
		p->enable[i * WORDS + reg] = reg ? value : value & ~UINT32_C(1);
	} else {
		i = (offset - CONTEXT) / CONTEXT_STRIDE;
		reg = (offset - CONTEXT) % CONTEXT_STRIDE;
		if (i >= 2 * p->nharts || reg > 4)
			return;
		if (reg == 4) {
			complete(p, (unsigned)i, value);
			return;
		}
		p->threshold[i] = value & MAX_PRIORITY;
	}
	update(p);
}

static void plic_reset(struct rx_dev *dev)
{
	update(dev->state);
}

static rax_status plic_post_load(struct rx_dev *dev, rax_error *err)
{
	struct plic *p = dev->state;
	uint32_t zero = p->priority[0] | ((p->level[0] | p->claimed[0]) & 1);

	for (unsigned ctx = 0; ctx < CONTEXTS; ctx++)
		zero |= p->enable[ctx * WORDS] & 1;
	if (zero)
		return rx_err(err, RAX_EFORMAT, "plic: state for source 0");
	update(p);
	return RAX_OK;
}

static rax_status plic_fdt(struct rx_dev *dev, void *fdt, int soc)
{
	const struct plic *p = dev->state;
	const int node = RX_FDT_NODE(dev, fdt, soc, "plic",
				     "sifive,plic-1.0.0\0riscv,plic0");
	int e;

	if (node < 0)
		return rx_fdt_status(node);
	e = fdt_setprop(fdt, node, "interrupt-controller", NULL, 0);
	if (!e)
		e = fdt_setprop_u32(fdt, node, "#interrupt-cells", 1);
	if (!e)
		e = fdt_setprop_u32(fdt, node, "#address-cells", 0);
	if (!e)
		e = fdt_setprop_u32(fdt, node, "riscv,ndev", RX_PLIC_SOURCES);
	for (unsigned h = 0; !e && h < p->nharts; h++) {
		const uint32_t cells[4] = {
			cpu_to_fdt32(p->hart[h].intc_phandle),
			cpu_to_fdt32(p->hart[h].mext.line),
			cpu_to_fdt32(p->hart[h].intc_phandle),
			cpu_to_fdt32(p->hart[h].sext.line),
		};

		e = fdt_appendprop(fdt, node, "interrupts-extended", cells,
				   sizeof(cells));
	}
	return rx_fdt_status(e);
}

static const struct rx_dev_class plic_class = {
	.name = "plic", .help = "interrupt controller", .version = 1,
	.state_size = sizeof(struct plic),
	.fields = fields, .nfields = RX_ARRAY_LEN(fields),
	.access_sizes = 4,
	.read = plic_read, .write = plic_write, .reset = plic_reset,
	.fdt = plic_fdt, .post_load = plic_post_load,
};

struct rx_dev *rx_plic_new(struct rx_vm *vm, unsigned nharts,
			   const struct rx_plic_hart *harts)
{
	struct rx_dev *dev = NULL;
	struct plic *p;

	if (nharts && nharts <= RX_MAX_CPUS)
		dev = rx_vm_new_dev(vm, &plic_class);
	if (!dev)
		return NULL;
	p = dev->state;
	p->nharts = nharts;
	memcpy(p->hart, harts, nharts * sizeof(*harts));
	return dev;
}
