/* devt.c - what the device tests share. SPDX-License-Identifier: MIT */
#include "devt.h"

#include <stdlib.h>
#include <string.h>

static void line(void *sink, unsigned number, bool level)
{
	struct devt *t = sink;

	(void)number;
	t->irq = level;
	t->irq_changes++;
}

void devt_init(struct devt *t)
{
	memset(t, 0, sizeof(*t));
	t->vm.mem.vm = &t->vm;
	t->vm.wake_fd[0] = t->vm.wake_fd[1] = -1;
	t->vm.clock.mode = RX_CLOCK_ICOUNT;
	CU_ASSERT_EQUAL_FATAL(rx_mem_add_ram(&t->vm.mem, DEVT_RAM, DEVT_RAM_SIZE,
					     NULL), RAX_OK);
}

void devt_fini(struct devt *t)
{
	rx_vm_fini(&t->vm);
	CU_ASSERT_PTR_NULL(t->vm.clock.queue);	/* no timer outlives its device */
}

void devt_attach(struct devt *t, struct rx_dev *dev, uint64_t size)
{
	CU_ASSERT_PTR_NOT_NULL_FATAL(dev);
	t->dev = dev;
	dev->base = DEVT_DEV;
	dev->size = size;
	dev->irq = (struct rx_irq){ .set = line, .sink = t };
	CU_ASSERT_EQUAL_FATAL(rx_bus_add(&t->vm.bus, dev, NULL), RAX_OK);
	rx_vm_reset(&t->vm);
}

void devt_pass(struct devt *t, uint64_t ns)
{
	t->vm.clock.skipped += ns;
	rx_clock_run(&t->vm);
}

uint64_t devt_read(struct devt *t, uint64_t offset, unsigned size)
{
	uint64_t v = 0;

	CU_ASSERT_TRUE(rx_bus_read(&t->vm.bus, DEVT_DEV + offset, size, &v));
	return v;
}

void devt_write(struct devt *t, uint64_t offset, unsigned size, uint64_t value)
{
	CU_ASSERT_TRUE(rx_bus_write(&t->vm.bus, DEVT_DEV + offset, size, value));
}

bool devt_refused(struct devt *t, uint64_t offset, unsigned size)
{
	uint64_t v;

	return !rx_bus_read(&t->vm.bus, DEVT_DEV + offset, size, &v) &&
	       !rx_bus_write(&t->vm.bus, DEVT_DEV + offset, size, 0);
}

static uint8_t *field(struct devt *t, const char *name, unsigned i, uint32_t *size)
{
	const struct rx_dev_class *cls = t->dev->cls;

	for (unsigned k = 0; k < cls->nfields; k++) {
		const struct rx_field *f = &cls->fields[k];

		if (!strcmp(f->name, name) && i < f->count) {
			*size = f->size;
			return (uint8_t *)t->dev->state + f->offset + i * f->size;
		}
	}
	rx_tap_fail(__FILE__, __LINE__, "%s has no field %s[%u]", cls->name, name, i);
	return NULL;
}

uint64_t devt_field(struct devt *t, const char *name, unsigned i)
{
	uint64_t v = 0;
	uint32_t size;
	const uint8_t *p = field(t, name, i, &size);

	if (p)
		memcpy(&v, p, size);
	return v;
}

void devt_set_field(struct devt *t, const char *name, unsigned i, uint64_t value)
{
	uint32_t size;
	uint8_t *p = field(t, name, i, &size);

	if (p)
		memcpy(p, &value, size);
}
