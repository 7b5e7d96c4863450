/* aclint.c - CLINT: software interrupts and timers of harts. SPDX-License-Identifier: MIT
 *
 * Layout of SiFive's CLINT, which the ACLINT specification's MSWI (offset 0)
 * and MTIMER (0x4000, mtime at 0xbff8) keep. Registers of 8 bytes may be
 * accessed as two of 4.
 */
#include <libfdt.h>
#include <string.h>

#include "base/bits.h"
#include "dev/devices.h"
#include "dev/fdt_node.h"

#define NS_PER_TICK (1000000000 / RX_CLINT_HZ)

enum { MSIP = 0, MTIMECMP = 0x4000, MTIME = 0xbff8 };

struct hart_timer {
	struct rx_timer timer;
	struct rx_dev *dev;
	unsigned hart;
};

struct clint {
	uint8_t msip[RX_MAX_CPUS];
	uint64_t mtimecmp[RX_MAX_CPUS];
	uint64_t offset;	/* ticks: mtime minus the machine's clock; wraps */

	unsigned nharts;
	struct rx_clint_hart hart[RX_MAX_CPUS];
	struct hart_timer timer[RX_MAX_CPUS];
	void (*set_offset)(struct rx_cpu *cpu, uint64_t ticks);
};

static const struct rx_field fields[] = {
	RX_FIELD_ARRAY(struct clint, msip, 0, 1, 0),
	/* The reset value is not specified; this one is quiet. */
	RX_FIELD_ARRAY(struct clint, mtimecmp, 0, UINT64_MAX, UINT64_MAX),
	RX_FIELD(struct clint, offset, 0, UINT64_MAX, 0),
};

static uint64_t mtime(struct rx_dev *dev)
{
	return rx_clock_now(dev->vm) / NS_PER_TICK +
	       ((struct clint *)dev->state)->offset;
}

/* MTIP is mtime >= mtimecmp; arms the timer for when that becomes true. */
static void update_timer(struct rx_dev *dev, unsigned h)
{
	struct clint *c = dev->state;
	struct rx_timer *t = &c->timer[h].timer;
	const uint64_t now = mtime(dev), cmp = c->mtimecmp[h];
	const uint64_t clock = rx_clock_now(dev->vm) / NS_PER_TICK;

	rx_irq_set(&c->hart[h].mtip, now >= cmp);
	if (now < cmp && cmp - now <= UINT64_MAX / NS_PER_TICK - clock)
		rx_timer_arm(dev->vm, t, (clock + (cmp - now)) * NS_PER_TICK);
	else if (t->armed)
		rx_timer_cancel(dev->vm, t);
}

static void timer_fired(void *opaque)
{
	const struct hart_timer *t = opaque;

	update_timer(t->dev, t->hart);
}

static void set_mtime(struct rx_dev *dev, uint64_t value)
{
	struct clint *c = dev->state;

	c->offset += value - mtime(dev);
	for (unsigned h = 0; h < c->nharts; h++) {
		if (c->set_offset && h < dev->vm->ncpus)
			c->set_offset(dev->vm->cpu[h], c->offset);
		update_timer(dev, h);
	}
}

/* The 8-byte register at offset (a multiple of 8). */
static uint64_t read8(struct rx_dev *dev, uint64_t offset)
{
	const struct clint *c = dev->state;
	uint64_t i;

	if (offset == MTIME)
		return mtime(dev);
	if (offset >= MTIMECMP) {
		i = (offset - MTIMECMP) / 8;
		return i < c->nharts ? c->mtimecmp[i] : 0;
	}
	i = offset / 4;
	return (i < c->nharts ? c->msip[i] : 0) |
	       (uint64_t)(i + 1 < c->nharts ? c->msip[i + 1] : 0) << 32;
}

static uint64_t clint_read(struct rx_dev *dev, uint64_t offset, unsigned size)
{
	const uint64_t v = read8(dev, offset & ~UINT64_C(7));

	return size == 8 ? v : (uint32_t)(v >> (offset & 4) * 8);
}

static void write_msip(struct clint *c, uint64_t i, uint32_t value)
{
	if (i < c->nharts) {
		c->msip[i] = value & 1;
		rx_irq_set(&c->hart[i].msip, c->msip[i]);
	}
}

static void clint_write(struct rx_dev *dev, uint64_t offset, unsigned size,
			uint64_t value)
{
	struct clint *c = dev->state;
	const uint64_t reg = offset & ~UINT64_C(7);
	uint64_t i;

	if (offset < MTIMECMP) {
		write_msip(c, offset / 4, (uint32_t)value);
		if (size == 8)
			write_msip(c, offset / 4 + 1, (uint32_t)(value >> 32));
		return;
	}
	if (size == 4)
		value = rx_set_bits(read8(dev, reg), (offset & 4) * 8, 32, value);
	if (reg == MTIME) {
		set_mtime(dev, value);
		return;
	}
	i = (reg - MTIMECMP) / 8;
	if (i < c->nharts) {
		c->mtimecmp[i] = value;
		update_timer(dev, (unsigned)i);
	}
}

static void clint_reset(struct rx_dev *dev)
{
	struct clint *c = dev->state;

	for (unsigned h = 0; h < c->nharts; h++) {
		rx_irq_set(&c->hart[h].msip, c->msip[h]);
		if (c->set_offset && h < dev->vm->ncpus)
			c->set_offset(dev->vm->cpu[h], c->offset);
		update_timer(dev, h);
	}
}

static rax_status clint_post_load(struct rx_dev *dev, rax_error *err)
{
	(void)err;
	clint_reset(dev);	/* derives lines and timers from the fields */
	return RAX_OK;
}

static rax_status clint_fdt(struct rx_dev *dev, void *fdt, int soc)
{
	const struct clint *c = dev->state;
	int e, node = RX_FDT_NODE(dev, fdt, soc, "clint",
				  "sifive,clint0\0riscv,clint0");

	for (unsigned h = 0; node >= 0 && h < c->nharts; h++) {
		const uint32_t cells[4] = {
			cpu_to_fdt32(c->hart[h].intc_phandle),
			cpu_to_fdt32(c->hart[h].msip.line),
			cpu_to_fdt32(c->hart[h].intc_phandle),
			cpu_to_fdt32(c->hart[h].mtip.line),
		};

		e = fdt_appendprop(fdt, node, "interrupts-extended", cells,
				   sizeof(cells));
		if (e)
			return rx_fdt_status(e);
	}
	return rx_fdt_status(node);
}

static void clint_fini(struct rx_dev *dev)
{
	struct clint *c = dev->state;

	for (unsigned h = 0; h < c->nharts; h++) {
		if (c->timer[h].timer.armed)
			rx_timer_cancel(dev->vm, &c->timer[h].timer);
	}
}

static const struct rx_dev_class clint_class = {
	.name = "clint", .help = "software interrupts and timers", .version = 1,
	.state_size = sizeof(struct clint),
	.fields = fields, .nfields = RX_ARRAY_LEN(fields),
	.access_sizes = 4 | 8,
	.read = clint_read, .write = clint_write, .reset = clint_reset,
	.fdt = clint_fdt, .post_load = clint_post_load, .fini = clint_fini,
};

struct rx_dev *rx_clint_new(struct rx_vm *vm, unsigned nharts,
			    const struct rx_clint_hart *harts,
			    void (*set_offset)(struct rx_cpu *cpu, uint64_t ticks))
{
	struct rx_dev *dev = NULL;
	struct clint *c;

	if (nharts && nharts <= RX_MAX_CPUS)
		dev = rx_vm_new_dev(vm, &clint_class);
	if (!dev)
		return NULL;
	c = dev->state;
	c->nharts = nharts;
	c->set_offset = set_offset;
	memcpy(c->hart, harts, nharts * sizeof(*harts));
	for (unsigned h = 0; h < nharts; h++) {
		c->timer[h].dev = dev;
		c->timer[h].hart = h;
		c->timer[h].timer.fire = timer_fired;
		c->timer[h].timer.opaque = &c->timer[h];
	}
	return dev;
}
